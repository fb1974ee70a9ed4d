"""How a local cluster stands: what runs, who owns which partition, how far behind the others are."""

import concurrent.futures

SERVICES = ("issuance", "notice", "card", "hotline")


def standing(cluster):
    """For programs; `is_well` when everything runs and is ready, and every partition has one owner."""
    instances = cluster.instances()
    with concurrent.futures.ThreadPoolExecutor(len(instances)) as pool:
        pages = list(pool.map(lambda each: each.metrics() if each.pid() else None, instances))
    brokers = cluster.brokers.status()["brokers"]
    seen = {
        "instances": [of_instance(each, page) for each, page in zip(instances, pages)],
        "partitions": of_partitions(cluster.made()["settings"]["partitions"], instances, pages),
        "brokers": [{"number": each["number"], "address": each["address"], "pid": each["pid"]} for each in brokers],
        "addresses": cluster.addresses(),
    }
    if (prometheus := cluster.prometheus()) is not None:
        seen["prometheus"] = {"address": prometheus.address, "pid": prometheus.pid()}
    seen["is_well"] = (all(each["ready"] for each in seen["instances"]) and all(each["pid"] for each in brokers) and
                       all(len(each["owners"]) == 1 for each in seen["partitions"]))
    return seen


def of_instance(each, page):
    pid = each.pid()
    ready, why_not = each.readiness() if pid else (False, "does not run")
    of = {"number": each.number, "name": each.name, "pid": pid, "ready": ready, "why_not": why_not,
          "address": each.address, "admin": each.admin, "log": str(each.log)}
    if page is not None:
        for name, metric in (("owns", "mynumber_partition_serving"), ("stopped", "mynumber_partition_stopped"),
                             ("lag_records", "mynumber_lag_records"), ("claims", "mynumber_claims"),
                             ("void_records", "mynumber_void_records"), ("step_downs", "mynumber_step_downs"),
                             ("gaps", "mynumber_gaps"), ("truncations", "mynumber_truncations")):
            of[name] = int(page.sum(metric))
    return of


def of_partitions(count, instances, pages):
    """One for each service and partition; `owners` are the names of those that say they serve it."""
    serving = [page.by_partition("mynumber_partition_serving") if page else {} for page in pages]
    lags = [page.by_partition("mynumber_lag_records") if page else {} for page in pages]
    offsets = [page.by_partition("mynumber_applied_offset") if page else {} for page in pages]
    partitions = []
    for service in SERVICES:
        for number in range(count):
            at = (service, number)
            partitions.append({
                "service": service,
                "partition": number,
                "owners": [each.name for each, one in zip(instances, serving) if one.get(at) == 1],
                "lag_records": {each.name: int(one[at]) for each, one in zip(instances, lags) if at in one},
                "applied_offset": {each.name: int(one[at]) for each, one in zip(instances, offsets) if at in one},
            })
    return partitions


def lines_of(seen):
    """For people."""
    lines = ["INSTANCE    PROCESS  READY  OWNS  LAG  CLAIMS  VOID  ADDRESS"]
    for each in seen["instances"]:
        counts = [str(each.get(name, "-")) for name in ("owns", "lag_records", "claims", "void_records")]
        ready = "yes" if each["ready"] else "no"
        lines.append(f"{each['name']:<11} {each['pid'] or '-':>7}  {ready:<5}  {counts[0]:>4}"
                     f"  {counts[1]:>3}  {counts[2]:>6}  {counts[3]:>4}  {each['address']}")
    lines += [f"            {each['name']}: {each['why_not']}" for each in seen["instances"] if each["why_not"]]
    lines += ["", "OWNERS      " + " ".join(f"{number:>3}" for number in partition_numbers(seen))]
    for service in SERVICES:
        owners = [owner_mark(each) for each in seen["partitions"] if each["service"] == service]
        lines.append(f"{service:<11} " + " ".join(f"{mark:>3}" for mark in owners))
    lines += ["", "BROKER  PROCESS  ADDRESS"]
    lines += [f"{each['number']:<6}  {each['pid'] or '-':>7}  {each['address']}" for each in seen["brokers"]]
    if "prometheus" in seen:
        lines += ["", f"Prometheus  http://{seen['prometheus']['address']}"
                  f"{'' if seen['prometheus']['pid'] else '  does not run'}"]
    return lines


def partition_numbers(seen):
    return sorted({each["partition"] for each in seen["partitions"]})


def owner_mark(partition):
    """The owner's number; "-" for none, and all of them where more than one says so."""
    return "+".join(owner.removeprefix("instance-") for owner in partition["owners"]) or "-"

"""What more instances cost, and how soon one takes over: clusters of 1, 2 and 3 instances on this machine.

All instances, brokers and clients share its cores, so the sum cannot rise with instances: the figure is the processor
time of the instances for each resident, against that of one instance in the same run."""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tests", "tests/fault", "deploy/kafka", "deploy/local_cluster")]
import running_cluster  # noqa: E402
import unlimited_policy  # noqa: E402
from local_cluster import LocalCluster  # noqa: E402
from running_kafka import sample  # noqa: E402

PARTITIONS = 8
WARM_UP_ROWS = 5000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--brokers", type=int, default=1, choices=(1, 3))
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--follow", default="all", choices=("all", "owned"))
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "tests/bench/results.jsonl")
    arguments = parser.parse_args()
    running_cluster.build()
    first = None
    for instances in (1, 2, 3):
        with tempfile.TemporaryDirectory(prefix="mynumber-bench-") as folder:
            figures = measure(pathlib.Path(folder), instances, arguments)
        first = first or figures
        for name, value in figures.items():
            tell(arguments.results, f"cluster.{name}.{instances}", value, first.get(name))


def tell(results, name, value, baseline):
    ratio = value / baseline if baseline else 0
    print(f"{name:44} {value:12,.2f}   {ratio:6.2f} of one instance's", flush=True)
    with open(results, "a") as file:
        file.write(json.dumps({"name": name, "value": value, "unit": name.split("_")[-1].split(".")[0],
                               "baseline": "one instance", "baseline_value": baseline, "ratio": ratio}) + "\n")


def measure(folder, instances, arguments):
    cluster = LocalCluster(folder / "cluster")
    try:
        cluster.up(brokers=arguments.brokers, instances=instances, partitions=PARTITIONS,
                   follow=arguments.follow,
                   policy=unlimited_policy.write(folder))
        await_shares(cluster, instances)
        figures = load(cluster, folder, instances, arguments.rows)
        figures["standby_reads_per_second"] = stale_reads(cluster, folder, instances)
        if instances > 1:
            figures.update(takeovers(cluster, folder, instances, arguments.kills))
        residents = arguments.rows + WARM_UP_ROWS
        figures["disk_bytes_for_each_resident"] = disk_bytes(cluster, folder, instances) / residents
        return figures
    finally:
        cluster.down()


def metric_sum(cluster, instances, pattern):
    total = 0.0
    for number in range(1, instances + 1):
        text = cluster.instance(number).page("metrics")[1]
        total += sum(float(value) for value in re.findall(rf"^{pattern} (\S+)$", text, re.MULTILINE))
    return total


def await_shares(cluster, instances):
    """Each owns its share, and follows what it is to follow."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        shares = []
        for number in range(1, instances + 1):
            text = cluster.instance(number).page("metrics")[1]
            shares.append(len(re.findall(r"^mynumber_partition_serving\{.*\} 1$", text, re.MULTILINE)))
        resting = metric_sum(cluster, instances, r"mynumber_partition_resting\{.*\}")
        to_rest = 0 if cluster.made()["settings"]["follow"] == "all" else 4 * PARTITIONS * (instances - 1)
        if sum(shares) == 4 * PARTITIONS and min(shares) >= 4 * (PARTITIONS // instances) and resting == to_rest:
            return
        time.sleep(0.2)
    raise RuntimeError(f"the partitions are not shared out: {shares}")


def register(cluster, file, *words):
    environment = {**os.environ, "MYNUMBER_SERVER": cluster.addresses(), "MYNUMBER_CLERK": "clerk-7",
                   "MYNUMBER_AUTHORITY": "municipality/131016", "XDG_STATE_HOME": str(file.parent / "state")}
    done = subprocess.run([running_cluster.CLIENT, "resident", "register", "--file", file, *words], env=environment,
                          capture_output=True, text=True, timeout=1800)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)


def load(cluster, folder, instances, rows):
    """Processor time is counted until all four services have taken in what follows from it."""
    warm = folder / "warm.csv"
    sample(WARM_UP_ROWS, warm)
    register(cluster, warm)
    settle(cluster, instances)
    file = folder / "rows.csv"
    subprocess.run([sys.executable, ROOT / "deploy/sample/generate.py", "--count", str(rows), "--seed", "5",
                    "--municipalities", "131016", "--output", file], check=True)
    cpu = metric_sum(cluster, instances, "mynumber_process_cpu_seconds_total")
    began = time.monotonic()
    register(cluster, file)
    seconds = time.monotonic() - began
    settle(cluster, instances)
    spent = metric_sum(cluster, instances, "mynumber_process_cpu_seconds_total") - cpu
    return {"bulk_residents_per_second": rows / seconds, "cpu_micros_for_each_resident": spent * 1e6 / rows}


def disk_bytes(cluster, folder, instances):
    """Of one instance's rows, of all four services; in memory alone until it stops."""
    for number in range(1, instances + 1):
        cluster.stop(number)
    return sum(path.stat().st_size for path in (folder / "cluster" / "instance-1").rglob("*") if path.is_file())


def settle(cluster, instances):
    """Until no row changes any more."""
    last = None
    while True:
        now = metric_sum(cluster, instances, r"mynumber_applied_sequence\{.*\}")
        if now == last:
            return
        last = now
        time.sleep(1)


def stale_reads(cluster, folder, instances, seconds=5):
    """By one client with eight callers, from the last instance."""
    import caller
    import service_protos as protos
    results = folder / "names.jsonl"
    register(cluster, folder / "warm.csv", "--results", str(results))
    names = [line.split('"name":"')[1].split('"')[0] for line in results.read_text().splitlines()][:1000]
    roads = caller.Roads([cluster.instance(instances).address])
    until = time.monotonic() + seconds

    def read(first):
        count = 0
        while time.monotonic() < until:
            request = protos.issuance.GetResidentRequest(name=names[(first * 97 + count) % len(names)], freshness=1)
            request.actor.authority, request.actor.clerk_id = "municipality/131016", "clerk-7"
            roads.stubs(0)["issuance"].GetResident(request, timeout=10)
            count += 1
        return count

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(read, range(8)))
    roads.close()
    return sum(counts) / seconds


def takeovers(cluster, folder, instances, kills):
    """kill -9 of one instance; from then on until another serves all that it owned, as its metrics say."""
    times = []
    for _ in range(kills):
        cluster.kill(instances)
        began = time.monotonic()
        while metric_sum(cluster, instances - 1, r"mynumber_partition_serving\{.*\}") < 4 * PARTITIONS:
            time.sleep(0.005)
            if time.monotonic() - began > 60:
                raise RuntimeError("nobody takes over")
        times.append((time.monotonic() - began) * 1000)
        cluster.start(instances)
        await_shares(cluster, instances)
    return {"takeover_p50_millis": statistics.median(times), "takeover_max_millis": max(times)}


if __name__ == "__main__":
    main()

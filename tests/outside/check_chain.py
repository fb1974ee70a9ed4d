#!/opt/mynumber/python/bin/python
"""Checks the chain of extracts of the log, by SHA-256 and the protos alone: no key, no code of the cluster's.

What is checked, and how far it reaches: docs/log_format.md.

usage: check_chain.py [--noted FILE ...] EXTRACT ...

EXTRACT: of `mynumberctl log export --output protobuf`, one service's. Several are held against each other too: what
one service reacted to must be what the other's log says. --noted: lines of `mynumberctl --output json status`, kept
elsewhere since they were printed; without them nobody can tell a history that was made anew, or cut off at its end.

Prints each partition's counts and final running hash; or the first place where a record was changed, removed, inserted
or moved, as exactly as the chain tells it, and ends with 1.
"""
import argparse
import base64
import collections
import json

from chain_fold import Chain, Witness
from exported_log import items, mapped
from log_protos import Broken


def read_noted(files):
    """Witnesses of each (service, partition)."""
    noted = collections.defaultdict(list)
    for name in files:
        with open(name, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                for row in json.loads(line)["partitions"]:
                    noted[row["service"], row["partition"]].append(Witness(
                        int(row["sequence"]), base64.b64decode(row["running_hash"]), int(row["offset"]), True,
                        f"line {number} of {name}"))
    return noted


def read_extract(path, chains, noted):
    """Follows one file, and puts its chains among `chains`. Broken: the file ends, or cannot be judged further."""
    turns, chain, records = [], None, 0
    try:
        for item, start, _ in items(mapped(path)):
            kind = item.WhichOneof("item")
            told = getattr(item, kind or "trailer")
            if kind == "header" and start == 0 and told.format_version == 1:
                for partition in told.partitions:
                    key = told.service, partition
                    if key in chains:
                        raise Broken(f"{told.service} partition {partition} is there twice")
                    chains[key] = Chain(told, partition, noted[key])
                    turns.append(chains[key])
                chain = turns[0] if turns else None
            elif kind == "record" and turns and told.partition == turns[0].partition:
                records, chain = records + 1, turns[0]
                chain.take(told.offset, told.record)
            elif kind == "partition" and turns and told.partition == turns[0].partition:
                turns.pop(0).end(told)
                chain = turns[0] if turns else chain
            elif kind == "trailer" and chain and not turns and told.records == records:
                return
            else:
                raise Broken(f"what stands at byte {start} may not stand there")
        raise Broken("it was cut off before its trailer")
    except Broken as broken:
        if chain is None:
            raise
        chain.find(chain.offset, chain.offset, f"{path}: {broken}")
        for other in turns:
            other.find(0, 0, f"{path}: not read, since what stands before it is broken")


def check(paths, noted=None):
    """Chains by (service, partition), each with its counts and its finding or None."""
    chains, noted = {}, noted or collections.defaultdict(list)
    for path in paths:
        read_extract(path, chains, noted)
    heard = collections.defaultdict(list, {key: list(told) for key, told in noted.items()})
    for (service, partition), chain in chains.items():
        for offset, cursor in chain.reacted if not chain.finding else ():
            heard[cursor.service, partition].append(Witness(
                cursor.sequence, cursor.running_hash, None, False, f"{service} at offset {offset}"))
    for key, chain in chains.items():
        if not chain.finding:
            chain.hear(heard[key])
    return chains


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extracts", nargs="+", metavar="EXTRACT")
    parser.add_argument("--noted", action="append", default=[])
    arguments = parser.parse_args()
    try:
        chains = check(arguments.extracts, read_noted(arguments.noted))
    except (Broken, OSError, ValueError, KeyError) as broken:
        raise SystemExit(f"check_chain: {broken}") from None
    for (service, partition), chain in chains.items():
        if found := chain.finding:
            where = f"offset {found.first}" + f" to {found.last}" * (found.last > found.first)
            print(f"{service} partition {partition}, {where}, sequence {found.sequence}: {found.what}")
        else:
            print(f"{service} partition {partition}: {chain.offset} records, {chain.claims} claims, "
                  f"{len(chain.voids)} void; sequence {chain.head.sequence}, running hash {chain.head.hash.hex()}")
    wrong = sum(chain.finding is not None for chain in chains.values())
    print(f"NOT OK: {wrong} of {len(chains)} partitions" if wrong else f"OK: {len(chains)} partitions")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()

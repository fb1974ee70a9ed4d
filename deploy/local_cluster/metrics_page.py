"""What a page of metrics says (Prometheus' text format), as far as our own pages use it."""

import re

LINE = re.compile(r"^(?P<name>\w+)(?:\{(?P<labels>.*)\})? (?P<value>\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class MetricsPage:
    def __init__(self, text):
        self.samples = {}  # name -> [(labels, value)]
        for line in text.splitlines():
            if found := LINE.match(line):
                labels = dict(LABEL.findall(found["labels"] or ""))
                self.samples.setdefault(found["name"], []).append((labels, float(found["value"])))

    def values(self, name, **wanted):
        """[(labels, value)] of those that have the wanted labels."""
        return [(labels, value) for labels, value in self.samples.get(name, ())
                if all(labels.get(label) == value for label, value in wanted.items())]

    def sum(self, name, **wanted):
        return sum(value for _, value in self.values(name, **wanted))

    def by_partition(self, name):
        """(service, partition) -> value."""
        return {(labels["service"], int(labels["partition"])): value
                for labels, value in self.samples.get(name, ()) if {"service", "partition"} <= labels.keys()}

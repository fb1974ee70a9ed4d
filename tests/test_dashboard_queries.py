"""A real Prometheus on a real instance: every query of every panel and every rule is answered with data."""

import contextlib
import copy
import csv
import io
import json
import os
import pathlib
import sys
import time
import unittest

import running_cluster
import running_prometheus
from running_cluster import ROOT

sys.path.insert(0, str(ROOT / "deploy"))
import card_way  # noqa: E402
import notice_way  # noqa: E402

COUNTED_SECONDS_MAX = 90
RETURNED = "差出人に返送済み"


class WayCluster(running_cluster.RunningCluster):
    """As deploy/notice_way.py wants one."""

    def client_environment(self):
        return self.environment(MYNUMBER_CLERK="first-run")


def live(cluster, clock):
    """A town's life: 199 notices that nobody posts, one that comes back; one resident with a card that is lost and
    found."""
    answers = cluster.folder / "sample.jsonl"
    cluster.client("resident", "register", "--file", str(ROOT / "deploy/sample/residents.csv"), "--results",
                   str(answers))
    way = notice_way.Way(cluster, clock, cluster.folder)
    other = one_more(way, names_in_town(answers)[0])
    pdf = cluster.folder / "notice.pdf"
    way.play(pdf)
    card_way.CardWay(way).play(pdf)
    # On the fifth day; the clock has gone on since then.
    other.report((5, "12:00", RETURNED))


def names_in_town(answers):
    with open(ROOT / "deploy/sample/residents.csv", encoding="utf-8", newline="") as sample:
        town = {row["request_id"] for row in csv.DictReader(sample)
                if row["municipality_code"] == notice_way.MUNICIPALITY}
    lines = [json.loads(line) for line in answers.read_text().splitlines()]
    return [line["name"] for line in lines if line["request_id"] in town]


def one_more(way, resident):
    """A notice that is printed, and goes on the next manifest."""
    other = copy.copy(way)
    other.name = f"{resident}/notices/1"
    other.await_state("STATE_PREPARED")
    pdf = way.folder / "other.pdf"
    other.ctl("notice", "render", other.name, "--file", pdf, "--mayor-title", "架空市長", "--mayor-name", "見本 市長")
    return other


@unittest.skipIf(os.environ.get("TESTS_FAST"), "takes a minute, and needs Prometheus")
class DashboardQueriesTest(unittest.TestCase):
    def test_every_query_is_answered(self):
        running_cluster.build()
        clock_file = pathlib.Path(self.enterContext(running_cluster.tempfile.TemporaryDirectory()), "clock")
        clock = notice_way.Clock(clock_file)
        cluster = self.enterContext(WayCluster(starts=False))
        cluster.start(f"--manual_clock={clock_file}")
        prometheus = self.enterContext(running_prometheus.RunningPrometheus([cluster.admin]))
        with contextlib.redirect_stdout(io.StringIO()):
            live(cluster, clock)
        self.wait_for(prometheus, "mynumber_residents_registered", 201)
        self.wait_for(prometheus, 'mynumber_notice_work{kind="no_scan"}', 199)
        self.wait_for(prometheus, 'mynumber_notice_work{kind="in_custody"}', 1)
        asked, missing = running_prometheus.unanswered(prometheus.url, is_cluster=False)
        self.assertEqual(missing, [])
        self.assertGreater(asked, 80)
        # The clock has gone on by weeks.
        self.assertGreater(running_prometheus.ask(prometheus.url, "mynumber_notice_oldest_without_scan_days")[0], 7)
        self.assertGreater(running_prometheus.ask(prometheus.url, "mynumber_notice_oldest_return_days")[0], 20)
        self.assertEqual(running_prometheus.ask(prometheus.url, "mynumber_cards_suspended"), [0])
        suspended = 'mynumber_events_total{service="card",type="card_suspended"}'
        self.assertEqual(running_prometheus.ask(prometheus.url, suspended), [1])

    def wait_for(self, prometheus, metric, value):
        """Rows are counted every half minute."""
        deadline = time.monotonic() + COUNTED_SECONDS_MAX
        while (seen := running_prometheus.ask(prometheus.url, metric)) != [value]:
            self.assertLess(time.monotonic(), deadline, f"{metric} is {seen}, and not {value}")
            time.sleep(0.5)


if __name__ == "__main__":
    unittest.main()

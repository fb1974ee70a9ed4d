"""The simulated post office against the real cluster: however badly it tells it, every notice ends where it would have.

Two clusters with one keyring post the same pieces; one hears of them in order, the other one twice, shuffled, weeks
late, and with reports that were wrong at first (P6)."""

import csv
import datetime
import json
import pathlib
import shutil
import sys
import time
import unittest
import zoneinfo

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import running_cluster  # noqa: E402  (beside this file)
from running_cluster import RunningCluster  # noqa: E402
from running_kafka import sample  # noqa: E402

PIECES = 40
SEED = "7"
DAYS = 100
MEANT = ("state", "tracking_number", "reports", "forwarded", "contradictory", "unknown_words")
FAULTS = ("--duplicated", "0.3", "--shuffled", "0.5", "--late", "0.2", "--corrected", "0.2")


def today():
    return datetime.datetime.now(zoneinfo.ZoneInfo("Asia/Tokyo")).date()


class Town:
    """A cluster whose residents' notices are all in the mail."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.clock = cluster.folder / "clock"

    def start(self):
        self.clock.write_text("0\n")
        self.cluster.start(f"--manual_clock={self.clock}")

    def ctl(self, *words):
        asks = ("--authority", "post-office") if words[0] == "post" else ()
        done = self.cluster.client(*asks, *map(str, words))
        if done.returncode != 0:
            raise RuntimeError(f"{words[:4]}: {done.stdout}{done.stderr}")
        return done.stdout

    def post_all(self):
        residents, results = self.cluster.folder / "residents.csv", self.cluster.folder / "results.jsonl"
        sample(PIECES, residents)
        self.ctl("resident", "register", "--file", residents, "--results", results)
        with open(residents, encoding="utf-8", newline="") as rows:
            authority_of = {row["request_id"]: "municipality/" + row["municipality_code"]
                            for row in csv.DictReader(rows)}
        rows = [json.loads(line) for line in results.read_text().splitlines()]
        self.notices = {f"{row['name']}/notices/1": authority_of[row["request_id"]] for row in rows}
        for number, (notice, authority) in enumerate(self.notices.items()):
            self.await_notice(notice, authority)
            self.ctl("--authority", authority, "notice", "render", notice, "--file",
                     self.cluster.folder / f"{number}.pdf", "--mayor-title", "架空市長", "--mayor-name", "見本 市長")
        self.ctl("post", "register-range", "301-00-10000-4", "301-00-10999-2")
        self.ctl("post", "manifest", "--file", self.cluster.folder / "manifest.csv")
        self.posted = today()

    def await_notice(self, notice, authority):
        until = time.monotonic() + 60
        while self.cluster.client("--authority", authority, "notice", "get", notice).returncode != 0:
            if time.monotonic() > until:
                raise RuntimeError("a notice was not prepared")
            time.sleep(0.02)

    def pass_days(self, days):
        self.clock.write_text(f"{days * 24 * 3600}\n")
        time.sleep(1.2)  # it is looked at twice a second

    def simulate(self, *faults):
        return self.ctl("post", "simulate", "--seed", SEED, "--date", self.posted, "--send-until",
                        self.posted + datetime.timedelta(days=DAYS), *faults)

    def seen(self):
        seen = {}
        for notice, authority in self.notices.items():
            read = json.loads(self.ctl("--authority", authority, "--output", "json", "notice", "get", notice))
            seen[notice] = {field: read.get(field) for field in MEANT}
        return seen


class PostOfficeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        running_cluster.build()

    def test_however_badly_it_is_told_every_notice_ends_where_it_would_have(self):
        with RunningCluster(starts=False) as one, RunningCluster(starts=False) as other:
            told_well, told_badly = Town(one), Town(other)
            told_well.start()
            other.data.mkdir(exist_ok=True)
            shutil.copy(one.data / "keyring", other.data / "keyring")
            told_badly.start()
            for town in (told_well, told_badly):
                town.post_all()
                town.pass_days(DAYS)
            told_well.simulate()
            told_badly.simulate(*FAULTS)
            expected = told_well.seen()
            self.assertEqual(told_badly.seen(), expected)
            states = {notice["state"] for notice in expected.values()}
            self.assertGreaterEqual(states, {"STATE_DELIVERED", "STATE_IN_CUSTODY"}, "routes of too few kinds")
            told_badly.simulate(*FAULTS)
            self.assertEqual(told_badly.seen(), expected, "told once more, it is the same")
            self.assertIn("Clean", told_badly.ctl("verify"))

    def test_unknown_words_and_forwarding_are_kept_and_shown(self):
        with RunningCluster(starts=False) as cluster:
            town = Town(cluster)
            town.start()
            town.post_all()
            town.pass_days(DAYS)
            town.simulate("--unknown-word", "0.5", "--forwarded", "0.5")
            seen = town.seen().values()
            self.assertTrue(any(notice["forwarded"] for notice in seen))
            self.assertTrue(any(notice["unknown_words"] for notice in seen))
            self.assertGreater(len(town.ctl("post", "unknown-words").splitlines()), 1)
            work = [town.ctl("--authority", authority, "notice", "work", "list", "--municipality", authority[-6:])
                    for authority in set(town.notices.values())]
            self.assertTrue(any("forwarded" in listed for listed in work), work)


if __name__ == "__main__":
    unittest.main()

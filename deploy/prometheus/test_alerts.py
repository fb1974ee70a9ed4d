"""Every alert fires when it should and not before: `promtool test rules`, on series of each one's trouble.

Texts of alerts are filled in here as Prometheus does, so that promtool compares them, too."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
sys.path.insert(0, str(FOLDER))
import rules  # noqa: E402  (beside this file)

SERVICE = {"service": "issuance"}
PARTITION = {"service": "issuance", "partition": "3"}
INSTANCE = {"instance": "a:7401"}
DAY = "0+0x1000"  # nothing happens, for nearly three hours at 10 s


def of(name, labels, values):
    text = ",".join(f'{key}="{value}"' for key, value in labels.items())
    return {"series": f"{name}{{{text}}}", "values": values}


def histogram(name, labels, slow):
    """With one observation a step, in the bucket up to 0.25 s or, if slow, in that up to 5 s."""
    values = {"0.25": DAY if slow else "0+1x1000", "5": "0+1x1000", "+Inf": "0+1x1000"}
    return [of(name, {**labels, "le": le}, steps) for le, steps in values.items()]


# alert -> (series of the trouble, when it has not fired yet, when it has, its labels besides severity)
TROUBLES = {
    "PartitionWithoutOwner": ([of("mynumber_partition_serving", PARTITION, "1x10 0x100")], "110s", "3m", PARTITION),
    "PartitionWithTwoOwners": ([of("mynumber_partition_serving", {**PARTITION, "instance": name}, "1x100")
                                for name in "ab"], "1m", "5m", PARTITION),
    "PartitionStopped": ([of("mynumber_partition_stopped", PARTITION, "0x10 1x100")], "1m", "3m", PARTITION),
    "ClaimsHigh": ([of("mynumber_claims", PARTITION, "1x60 2+1x200")], "9m", "25m", PARTITION),
    "TakeoverSlow": (histogram("mynumber_takeover_seconds_bucket", SERVICE, slow=True), "0s", "5m", SERVICE),
    "InstanceDown": ([of("up", {"job": "mynumber", **INSTANCE}, "1x10 0x100")], "2m", "4m",
                     {"job": "mynumber", **INSTANCE}),
    "NoInstance": ([of("up", {"job": "mynumber", **INSTANCE}, "1x10 0x100")], "1m", "4m", {}),
    "VoidRecordsRising": ([of("mynumber_void_records", PARTITION, "0x10 1+1x300")], "5m", "30m", PARTITION),
    "RecordsForged": ([of("mynumber_forged_records_total", SERVICE, "0x10 1x300")], "1m", "3m", SERVICE),
    "KeysNotDestroyed": ([of("mynumber_keys_to_destroy", {**PARTITION, **INSTANCE}, "1x900")], "30m", "90m", PARTITION),
    "AcknowledgementGaps": ([of("mynumber_gaps", PARTITION, "0x30 1x100")], "4m", "8m", PARTITION),
    "UnknownOutcomesRising": ([of("mynumber_unknown_outcomes", PARTITION, "0x10 1+1x300")], "3m", "15m", PARTITION),
    "LogTruncated": ([of("mynumber_truncations", PARTITION, "0x10 1x100")], "1m", "3m", PARTITION),
    "ClockOff": ([of("mynumber_clock_off_seconds", {**PARTITION, **INSTANCE}, "0x10 -1.5x100")], "3m", "5m", INSTANCE),
    "ClockStepDown": ([of("mynumber_clock_step_downs", {**PARTITION, **INSTANCE}, "0x30 1x100")], "4m", "8m", INSTANCE),
    "StandbyLag": ([of("mynumber_lag_records", {**PARTITION, **INSTANCE}, "20000x200")], "5m", "12m",
                   {**PARTITION, **INSTANCE}),
    "BrokerLost": ([of("mynumber_kafka_brokers_known", {**PARTITION, **INSTANCE}, "3x100"),
                    of("mynumber_kafka_brokers_up", {**PARTITION, **INSTANCE}, "3x10 2x90")], "2m", "5m", INSTANCE),
    "QueueFilling": ([of("mynumber_waiting_commands", {**PARTITION, **INSTANCE}, "6000x100")], "30s", "3m",
                     {**PARTITION, **INSTANCE}),
    "CommitSlow": (histogram("mynumber_commit_seconds_bucket", SERVICE, slow=True), "3m", "12m", SERVICE),
    "ForwardingFails": ([of("mynumber_forwarded_commands_total", {**SERVICE, "outcome": "given_up"}, "0+50x200")], "3m",
                        "15m", SERVICE),
    "FailedInside": ([of("mynumber_refusals_total", {**SERVICE, "reason": "FAILED_INSIDE"}, "0x30 1x100")], "4m", "8m",
                     SERVICE),
    "DiskFreeLow": ([of("mynumber_disk_free_bytes", INSTANCE, "10x200"),
                     of("mynumber_disk_size_bytes", INSTANCE, "100x200")], "3m", "10m", INSTANCE),
    "DiskFull": ([of("mynumber_disk_free_bytes", INSTANCE, "10x10 4x200"),
                  of("mynumber_disk_size_bytes", INSTANCE, "100x200")], "1m", "4m", INSTANCE),
    "RocksDbErrors": ([of("mynumber_rocksdb_background_errors", {**SERVICE, **INSTANCE}, "0x10 1x100")], "1m", "3m",
                      {**SERVICE, **INSTANCE}),
    "CompactionBehind": ([of("mynumber_rocksdb_pending_compaction_bytes", {**SERVICE, **INSTANCE}, "20000000000x200")],
                         "10m", "20m", {**SERVICE, **INSTANCE}),
    "SnapshotsFail": ([of("mynumber_snapshots_failed_total", {**SERVICE, **INSTANCE}, "0x10 1+1x300")], "2m", "20m",
                      {**SERVICE, **INSTANCE}),
    "CallsNotAllowed": ([of("mynumber_refusals_total", {**SERVICE, "reason": "AUTHORITY_NOT_YOURS"}, "0x10 1+1x300")],
                        "3m", "8m", SERVICE),
    "LimitsReached": ([of("mynumber_refusals_total", {**SERVICE, "reason": "LIMIT_REACHED"}, "0x10 1x100")], "1m", "3m",
                      SERVICE),
    "ConnectionsRefused": ([of("mynumber_connections_refused_total", {**INSTANCE, "reason": "untrusted"},
                               "0x10 1+1x300")], "3m", "8m", INSTANCE),
    "CertificateEnds": ([of("mynumber_certificate_expiry_timestamp_seconds", INSTANCE, "1300000x10 1200000x100")], "1m",
                        "3m", INSTANCE),
    "LogLineMasked": ([of("mynumber_log_redactions", INSTANCE, "0x10 1x100")], "1m", "3m", INSTANCE),
    "SuspensionSlow": (histogram("mynumber_suspension_effect_seconds_bucket", {}, slow=True), "0s", "5m", {}),
    "SuspensionsPending": ([of("mynumber_suspensions_pending", INSTANCE, "0x10 2x100")], "2m", "5m", {}),
    "SuspensionsSpooled": ([of("mynumber_suspensions_spooled", INSTANCE, "0x10 2x100")], "2m", "5m", INSTANCE),
    "ReactionsStopped": ([of("mynumber_reactions_stopped", PARTITION, "0x10 1x100")], "1m", "3m", PARTITION),
    "NoticeNotScanned": ([of("mynumber_notice_oldest_without_scan_days", SERVICE, "8x1000")], "30m", "80m", {}),
    "ReturnUnhandled": ([of("mynumber_notice_oldest_return_days", SERVICE, "80x1000")], "30m", "80m", {}),
    "MailsNotTaken": ([of("mynumber_mails_total", {"outcome": "sent"}, DAY),
                       of("mynumber_mails_total", {"outcome": "failed"}, "0+1x1000")], "10m", "30m", {}),
}
HEALTHY = [
    of("up", {"job": "mynumber", **INSTANCE}, "1x1000"), of("mynumber_partition_serving", PARTITION, "1x1000"),
    # One takeover: a claim, a record of the one before, nothing else.
    of("mynumber_claims", PARTITION, "0x10 1x990"), of("mynumber_void_records", PARTITION, "0x10 1x990"),
    of("mynumber_lag_records", {**PARTITION, **INSTANCE}, "3x1000"),
    of("mynumber_clock_off_seconds", {**PARTITION, **INSTANCE}, "0.02x1000"),
    of("mynumber_kafka_brokers_known", {**PARTITION, **INSTANCE}, "3x1000"),
    of("mynumber_kafka_brokers_up", {**PARTITION, **INSTANCE}, "3x1000"),
    of("mynumber_waiting_commands", {**PARTITION, **INSTANCE}, "900x1000"),
    of("mynumber_disk_free_bytes", INSTANCE, "50x1000"), of("mynumber_disk_size_bytes", INSTANCE, "100x1000"),
    of("mynumber_notice_oldest_without_scan_days", SERVICE, "2x1000"),
    of("mynumber_notice_oldest_return_days", SERVICE, "60x1000"),
    of("mynumber_certificate_expiry_timestamp_seconds", INSTANCE, "1300000x1000"),
    # Somebody asks for another's resident now and then.
    of("mynumber_refusals_total", {**SERVICE, "reason": "MUNICIPALITY_NOT_YOURS"}, "0x10 5x990"),
    of("mynumber_refusals_total", {**SERVICE, "reason": "LIMIT_REACHED"}, "0x1000"),
    of("mynumber_connections_refused_total", {**INSTANCE, "reason": "untrusted"}, "0x10 3x990"),
    of("mynumber_mails_total", {"outcome": "sent"}, "0+1x1000"),
    of("mynumber_mails_total", {"outcome": "failed"}, "0+1x1000"),
    *(of(name, {**PARTITION, **INSTANCE}, DAY) for name in (
        "mynumber_partition_stopped", "mynumber_gaps", "mynumber_unknown_outcomes", "mynumber_truncations",
        "mynumber_clock_step_downs", "mynumber_reactions_stopped", "mynumber_suspensions_pending",
        "mynumber_suspensions_spooled", "mynumber_log_redactions", "mynumber_rocksdb_background_errors")),
    *histogram("mynumber_commit_seconds_bucket", SERVICE, slow=False),
    *histogram("mynumber_takeover_seconds_bucket", SERVICE, slow=False),
    *histogram("mynumber_suspension_effect_seconds_bucket", {}, slow=False),
]


def told(alert, labels):
    """The alert as it must come, its texts filled in."""
    texts = {name: re.sub(r"{{ \$labels\.(\w+) }}", lambda found: labels[found[1]], text)
             for name, text in alert["annotations"].items()}
    return {"exp_labels": {**labels, **alert["labels"]}, "exp_annotations": texts}


def promtool(*words, **options):
    done = subprocess.run(["promtool", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          **options)
    return done.returncode, done.stdout


@unittest.skipIf(os.environ.get("TESTS_FAST") and not shutil.which("promtool"), "needs promtool")
class AlertsTest(unittest.TestCase):
    def test_promtool_takes_the_files(self):
        for words in (("config", FOLDER / "prometheus.yml"), ("rules", *(FOLDER / file for file in rules.RULE_FILES))):
            code, output = promtool("check", *words)
            self.assertEqual(code, 0, output)

    def test_every_alert_fires_when_it_should_and_not_before(self):
        self.assertEqual(sorted(TROUBLES), sorted(rules.alerts()))
        tests = []
        for name, (series, before, after, labels) in TROUBLES.items():
            expected = [(before, []), (after, [told(rules.alerts()[name], labels)])]
            tests.append({"interval": "10s", "input_series": series, "alert_rule_test": [
                {"eval_time": when, "alertname": name, "exp_alerts": alerts} for when, alerts in expected]})
        self.run_tests(tests)

    def test_no_alert_fires_in_health(self):
        self.run_tests([{"interval": "10s", "input_series": HEALTHY, "alert_rule_test": [
            {"eval_time": when, "alertname": name, "exp_alerts": []}
            for name in rules.alerts() for when in ("5m", "30m", "2h")]}])

    def run_tests(self, tests):
        with tempfile.TemporaryDirectory(prefix="mynumber-alerts-") as folder:
            file = pathlib.Path(folder, "tests.yml")
            file.write_text(yaml.safe_dump({"rule_files": [str(FOLDER / name) for name in rules.RULE_FILES],
                                            "evaluation_interval": "10s", "tests": tests}, allow_unicode=True))
            code, output = promtool("test", "rules", file)
        self.assertEqual(code, 0, output)

    def test_every_alert_leads_to_a_page_that_says_what_to_do(self):
        for name, alert in rules.alerts().items():
            with self.subTest(name):
                self.assertIn(alert["labels"]["severity"], ("page", "ticket"))
                self.assertEqual(set(alert["annotations"]), {"summary", "description", "runbook_url"})
                page, _, section = alert["annotations"]["runbook_url"].partition("#")
                text = (ROOT / page).read_text(encoding="utf-8")
                anchors = [heading.lower().replace(" ", "-") for heading in re.findall(r"^## (.*)$", text, re.M)]
                self.assertTrue(not section or section in anchors, f"{page} has no section {section}")

    def test_alerts_ask_for_metrics_that_there_are(self):
        code = "".join(file.read_text(encoding="utf-8") for folder in ("libs", "services")
                       for pattern in ("*.cc", "*.h") for file in (ROOT / folder).rglob(pattern))
        known = set(re.findall(r'"(mynumber_\w+)"', code))
        for rule in rules.rules():
            for name in re.findall(r"\bmynumber_\w+", rule["expr"]):
                plain = re.sub(r"_(bucket|sum|count)$", "", name)
                self.assertTrue(plain in known or rules.is_cluster_metric(name), f"nobody counts {name}")


if __name__ == "__main__":
    unittest.main()

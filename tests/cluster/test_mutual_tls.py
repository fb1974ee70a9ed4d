"""Two instances that speak mutual TLS, with clients and with each other: who is let in, and for what."""

import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tests", "deploy/kafka", "deploy/local_cluster", "deploy/certs")]
import authority  # noqa: E402
import running_cluster  # noqa: E402
from local_cluster import LocalCluster  # noqa: E402

RESIDENTS = 40
SECONDS_MAX = 20
TOKYO, OSAKA = "municipality/131016", "municipality/271004"


@unittest.skipIf(os.environ.get("TESTS_FAST"), "starts real brokers")
class MutualTlsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        running_cluster.build()
        subprocess.run([ROOT / "deploy" / "install", "--kafka"], check=True)
        cls._folder = tempfile.TemporaryDirectory(prefix="mynumber-tls-")
        cls.folder = pathlib.Path(cls._folder.name)
        cls.cluster = LocalCluster(cls.folder / "cluster")
        cls.addClassCleanup(cls._folder.cleanup)
        cls.addClassCleanup(cls.cluster.down)
        cls.cluster.up(brokers=1, instances=2, partitions=4, tls=True, kafka_tls=True)
        cls.names = cls.register()

    @classmethod
    def register(cls):
        """Names of residents of Tokyo's Chiyoda, in all partitions of both instances."""
        file, results = cls.folder / "residents.csv", cls.folder / "results.jsonl"
        subprocess.run([sys.executable, ROOT / "deploy/sample/generate.py", "--count", str(RESIDENTS), "--seed", "11",
                        "--municipalities", "131016", "--output", file], check=True)
        done = cls.client(TOKYO, "resident", "register", "--file", str(file), "--results", str(results))
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)
        return [line.split('"name":"')[1].split('"')[0] for line in results.read_text().splitlines()]

    @classmethod
    def client(cls, who, *words, server=None):
        """The finished client with the certificate of `who`; None: without one."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MYNUMBER_")}
        environment |= {"MYNUMBER_SERVER": server or cls.cluster.addresses(), "MYNUMBER_CLERK": "clerk-7",
                        "XDG_STATE_HOME": str(cls.folder / "state")}
        if who is not None:
            environment["MYNUMBER_CERTIFICATES"] = str(cls.cluster.certificates() / who)
        return subprocess.run([running_cluster.CLIENT, *words], env=environment, capture_output=True, text=True,
                              timeout=300)

    def assert_refused(self, done, reason):
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn(reason, done.stderr)

    def refused_connections(self, number, reason):
        return self.cluster.instance(number).metrics().sum("mynumber_connections_refused_total", reason=reason)

    def test_any_instance_answers_for_every_resident(self):
        for each in self.cluster.instances():
            for name in self.names[:8]:
                done = self.client(TOKYO, "resident", "show", name, server=each.address)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_commands_reach_the_owner_wherever_they_come_in(self):
        for each in self.cluster.instances():
            for name in self.names[8:16]:
                done = self.client(TOKYO, "number", "disclose", name, "--purpose", "tax", "--reference", "made up",
                                   "--identity-confirmed", server=each.address)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_another_municipality_sees_nothing(self):
        self.assert_refused(self.client(OSAKA, "resident", "show", self.names[0]), "own residents")

    def test_nobody_asks_in_anothers_name(self):
        done = self.client(OSAKA, "resident", "show", self.names[0], "--authority", TOKYO)
        self.assert_refused(done, "names another authority than your certificate")

    def test_roles_keep_to_their_tasks(self):
        self.assertEqual(self.client("operator", "status").returncode, 0)
        for who, words in ((TOKYO, ("status",)), ("post-office", ("resident", "show", self.names[0])),
                           ("operator", ("resident", "show", self.names[0]))):
            self.assert_refused(self.client(who, *words), "may not do this")

    def test_an_auditor_reads_what_was_refused_wherever_that_was(self):
        for each in self.cluster.instances():
            self.client(OSAKA, "card", "show", "cards/none", server=each.address)
            self.assert_refused(self.client(TOKYO, "status", server=each.address), "may not do this")
        self.await_accesses(OSAKA, "CARD_NAME_MALFORMED", len(self.cluster.instances()))
        self.await_accesses(TOKYO, "METHOD_NOT_ALLOWED", len(self.cluster.instances()))
        self.assert_refused(self.client(TOKYO, "accesses", TOKYO), "may not do this")

    def await_accesses(self, whose, reason, instances):
        """Each instance writes down by itself what it refused."""
        until = time.monotonic() + SECONDS_MAX
        while True:
            done = self.client("auditor", "accesses", whose)
            self.assertEqual(done.returncode, 0, done.stderr)
            if sum(reason in line for line in done.stdout.splitlines()) >= instances:
                return
            self.assertLess(time.monotonic(), until, done.stdout)
            time.sleep(0.5)

    def test_plain_text_is_refused_and_counted(self):
        before = self.refused_connections(1, "plain_text")
        address = self.cluster.instance(1).address
        self.assert_refused(self.client(None, "status", server=address), "no server answers")
        self.assertGreater(self.refused_connections(1, "plain_text"), before)

    def test_a_revoked_certificate_opens_nothing_any_more(self):
        listed = ("resident", "list", "--municipality", "011002")
        with authority.Authority(self.cluster.certificates()) as issuer:
            issuer.issue("municipality/011002", 5, [])
            issuer.publish_revoked()
        self.assertEqual(self.client("municipality/011002", *listed).returncode, 0)
        with authority.Authority(self.cluster.certificates()) as issuer:
            self.assertEqual(issuer.revoke("municipality/011002"), 1)
            issuer.publish_revoked()
        self.assert_refused(self.client("municipality/011002", *listed), "no server answers")

    def test_a_peer_takes_over_by_the_same_certificates(self):
        self.cluster.kill(2)
        self.addCleanup(self.cluster.start, 2)
        until = time.monotonic() + SECONDS_MAX
        while True:
            done = self.client(TOKYO, "resident", "show", self.names[-1], server=self.cluster.instance(1).address)
            if done.returncode == 0:
                break
            self.assertLess(time.monotonic(), until, done.stderr)
            time.sleep(0.2)


class PolicyFileTest(unittest.TestCase):
    """An instance by itself: its policy file, and the addresses that it may have without certificates."""

    @classmethod
    def setUpClass(cls):
        running_cluster.build()

    def await_words(self, cluster, words):
        until = time.monotonic() + SECONDS_MAX
        while words not in cluster.log_text():
            self.assertLess(time.monotonic(), until, cluster.log_text())
            time.sleep(0.05)

    def test_a_change_counts_without_a_restart_and_a_mistake_does_not(self):
        text = (ROOT / "deploy" / "access" / "policy.textproto").read_text()
        with running_cluster.RunningCluster(starts=False) as cluster:
            policy = cluster.folder / "policy.textproto"
            policy.write_text(text)
            cluster.start(f"--policy={policy}")
            listed = ("resident", "list", "--municipality", "131016")
            self.assertEqual(cluster.client(*listed).returncode, 0)
            policy.write_text(text.replace('"ListResidents", ', "", 1))
            self.await_words(cluster, "policy_read_again")
            refused = cluster.client(*listed)
            self.assertIn("may not do this", refused.stderr)
            policy.write_text("roles { name: \"nobody\" }")
            self.await_words(cluster, "policy_is_wrong")
            self.assertIn("may not do this", cluster.client(*listed).stderr)

    def test_a_wrong_file_ends_the_start_with_a_sentence(self):
        with tempfile.TemporaryDirectory() as folder:
            policy = pathlib.Path(folder) / "policy.textproto"
            policy.write_text("roles { name: \"nobody\" }")
            for given, words in ((policy, "nobody"), (pathlib.Path(folder) / "none", "no access policy can be read")):
                done = self.start(folder, f"--policy={given}")
                self.assertEqual(done.returncode, 1)
                self.assertIn(words, done.stderr)

    def test_plain_text_is_for_loopback_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.start(folder, f"--listen=0.0.0.0:{running_cluster.free_port()}")
            self.assertEqual(done.returncode, 1)
            self.assertIn("0.0.0.0", done.stderr)

    @staticmethod
    def start(folder, *options):
        words = [running_cluster.STANDALONE, f"--data={folder}/data", "--admin=127.0.0.1:0", "--listen=127.0.0.1:0"]
        return subprocess.run([*words, *options], capture_output=True, text=True, timeout=60)


if __name__ == "__main__":
    unittest.main()

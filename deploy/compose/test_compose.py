"""What can be asked of the compose file without containers."""

import pathlib
import re
import sys
import unittest

import yaml

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
sys.path.insert(0, str(FOLDER.parent / "prometheus"))
sys.path.insert(0, str(ROOT / "tests"))
import kafka_principals  # noqa: E402
import rules  # noqa: E402
import running_cluster  # noqa: E402

# One takes at most so long to stop in order.
STOP_SECONDS_MAX = 15


def load(name):
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def services(prefix=""):
    return {name: one for name, one in load("compose.yml")["services"].items() if name.startswith(prefix)}


def flags(service):
    return dict(word.lstrip("-").split("=", 1) for word in service["command"])


class ComposeTest(unittest.TestCase):
    def test_three_brokers_are_one_cluster(self):
        brokers = services("kafka-")
        self.assertEqual(len(brokers), 3)
        voters = ",".join(f"{one['environment']['KAFKA_NODE_ID']}@{name}:9093" for name, one in brokers.items())
        for name, one in brokers.items():
            settings = one["environment"]
            self.assertEqual(one["image"], "apache/kafka:3.9.1")
            self.assertEqual(settings["KAFKA_CONTROLLER_QUORUM_VOTERS"], voters)
            self.assertEqual(settings["KAFKA_ADVERTISED_LISTENERS"], f"TLS://{name}:9092")
            self.assertEqual(settings["KAFKA_MIN_INSYNC_REPLICAS"], 2)
            self.assertNotIn("ports", one)

    def test_three_instances_differ_in_their_names_alone(self):
        instances = services("instance-")
        self.assertEqual(len(instances), 3)
        brokers = ",".join(f"{name}:9092" for name in services("kafka-"))
        rest = []
        for name, one in instances.items():
            own = flags(one)
            self.assertEqual((own.pop("instance"), own.pop("peers_advertise")), (name, f"{name}:7402"))
            self.assertEqual(own["brokers"], brokers)
            rest.append(own)
            mounts = {volume.rsplit(":", 2)[-2 if volume.endswith(":ro") else -1] for volume in one["volumes"]}
            self.assertEqual(mounts, {own[name] for name in ("data", "photos", "snapshots", "keyring", "certificates")})
            self.assertGreater(int(one["stop_grace_period"].rstrip("s")), STOP_SECONDS_MAX)
            self.assertEqual((one["read_only"], one["cap_drop"]), (True, ["ALL"]))
        self.assertEqual(rest, [rest[0]] * 3)
        self.assertLessEqual(set(rest[0]), running_cluster.standalone_flags() | {"photos"})
        self.assertEqual(load("targets.yml")[0]["targets"], [f"{name}:7401" for name in instances])

    def test_brokers_are_for_instances_by_mutual_tls_alone(self):
        brokers = services("kafka-")
        users = kafka_principals.principals(["service/standalone", *(f"kafka/{name}" for name in brokers)])
        for name, one in brokers.items():
            settings = one["environment"]
            self.assertEqual(settings["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"], "TLS:SSL,CONTROLLER:SSL")
            self.assertEqual(settings["KAFKA_LISTENERS"], "TLS://:9092,CONTROLLER://:9093")
            self.assertEqual(settings["KAFKA_INTER_BROKER_LISTENER_NAME"], "TLS")
            self.assertEqual((settings["KAFKA_SSL_CLIENT_AUTH"], settings["KAFKA_SSL_ENABLED_PROTOCOLS"]),
                             ("required", "TLSv1.3"))
            # Nor otherwise for one listener.
            self.assertEqual([key for key in settings if key.startswith("KAFKA_LISTENER_NAME")], [])
            self.assertNotIn("KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM", settings)
            self.assertEqual(settings["KAFKA_AUTHORIZER_CLASS_NAME"],
                             "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            self.assertEqual(settings["KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND"], "false")
            self.assertEqual(settings["KAFKA_SUPER_USERS"], ";".join(f"User:{user}" for user in users))
            own = [volume for volume in one["volumes"] if volume.startswith("${MYNUMBER_BROKER_CERTIFICATES:?")]
            self.assertEqual([volume.rpartition("}")[2] for volume in own], [f"/{name}:/run/certificates:ro"])

    def test_a_broker_asks_itself_by_what_it_has(self):
        asked = dict(line.split("=", 1) for line in (FOLDER / "health.properties").read_text().splitlines()
                     if not line.startswith("#"))
        self.assertEqual(asked.pop("security.protocol"), "SSL")
        for name, one in services("kafka-").items():
            settings = one["environment"]
            # Compose makes one dollar of two.
            self.assertEqual(asked, {key: settings["KAFKA_" + key.upper().replace(".", "_")].replace("$$", "$")
                                     for key in asked}, name)
            self.assertIn("./health.properties:/run/health.properties:ro", one["volumes"])
            self.assertIn("--command-config /run/health.properties", one["healthcheck"]["test"][1])

    def test_instances_reach_brokers_by_their_certificate(self):
        for name, one in services("instance-").items():
            own = flags(one)
            self.assertEqual((own["kafka_tls"], own["certificates"]), ("true", "/run/certificates"), name)

    def test_nothing_is_published_beyond_this_machine(self):
        published = [port for one in services().values() for port in one.get("ports", ())]
        self.assertGreater(len(published), 5)
        for port in published:
            self.assertTrue(port.startswith("127.0.0.1:"), port)
        self.assertEqual(len({port.rsplit(":", 1)[0] for port in published}), len(published))

    def test_no_secret_is_in_git(self):
        for name, one in services().items():
            for key in one.get("environment", {}):
                self.assertNotRegex(key, r"(?i)password|secret(?!URITY)|token", name)
        self.assertNotRegex((FOLDER / "alertmanager.yml").read_text(), r"(?m)^\s*\w*(password|token|api_url):")

    def test_files_that_are_mounted_are_there(self):
        mounted = [volume.split(":")[0] for one in services().values() for volume in one.get("volumes", ())
                   if volume.startswith(".")]
        self.assertGreater(len(mounted), 5)
        for path in mounted:
            self.assertTrue((FOLDER / path).exists(), path)
        volumes = {volume.split(":")[0] for one in services().values() for volume in one.get("volumes", ())
                   if re.match(r"[a-z]", volume)}
        self.assertEqual(volumes, set(load("compose.yml")["volumes"]))

    def test_every_severity_reaches_somebody(self):
        settings = load("alertmanager.yml")
        receivers = {receiver["name"] for receiver in settings["receivers"]}
        routes = {re.search(r'severity="(\w+)"', route["matchers"][0])[1]: route["receiver"]
                  for route in settings["route"]["routes"]}
        self.assertEqual(set(routes), {alert["labels"]["severity"] for alert in rules.alerts().values()})
        self.assertLessEqual(set(routes.values()), receivers)


if __name__ == "__main__":
    unittest.main()

"""k8s/ as kustomize builds it: valid for Kubernetes, and as confined and as safe to stop as promised."""

import functools
import pathlib
import re
import subprocess
import sys
import unittest

import jsonschema
import kubernetes_validate
import yaml

import kafka_principals
import kubernetes_kinds
import running_cluster

ROOT = pathlib.Path(__file__).resolve().parent.parent
K8S = ROOT / "k8s"
# The oldest and a newest one that is meant; PersistentVolumeClaims that outlive a StatefulSet came with 1.27.
VERSIONS = ("1.29", "1.34")
# A process takes at most so long to hand over and finish.
STOP_SECONDS_MAX = 15
sys.path.insert(0, str(K8S))
import make_rules  # noqa: E402


@functools.lru_cache
def built(folder):
    """What kustomize makes of it."""
    kustomize = subprocess.run([ROOT / "deploy" / "tools", "kustomize"], check=True, stdout=subprocess.PIPE,
                               text=True).stdout.strip()
    done = subprocess.run([kustomize, "build", K8S / folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise AssertionError(f"kustomize build k8s/{folder}: {done.stderr}")
    return list(yaml.safe_load_all(done.stdout))


def of_kind(folder, kind, name=None):
    return [one for one in built(folder) if one["kind"] == kind and name in (None, one["metadata"]["name"])]


def only(folder, kind, name=None):
    found = of_kind(folder, kind, name)
    if len(found) != 1:
        raise AssertionError(f"k8s/{folder} has {len(found)} of {kind} {name or ''}")
    return found[0]


def pods(folder):
    return [one["spec"]["template"]["spec"] for kind in ("StatefulSet", "Deployment", "DaemonSet", "Job")
            for one in of_kind(folder, kind)]


def containers(pod):
    return [*pod.get("initContainers", ()), *pod["containers"]]


class InEveryFolder:
    folder = ""
    across_nodes, across_zones = "DoNotSchedule", "ScheduleAnyway"

    def test_kubernetes_takes_everything(self):
        for one in built(self.folder):
            if one["kind"] in kubernetes_kinds.OTHERS:
                continue
            for version in VERSIONS:
                with self.subTest(kind=one["kind"], name=one["metadata"]["name"], version=version):
                    kubernetes_validate.validate(one, version, strict=True)

    def test_operators_take_theirs(self):
        seen = {one["kind"] for one in built(self.folder)}
        self.assertLessEqual(set(kubernetes_kinds.OTHERS), seen)
        for one in built(self.folder):
            if one["kind"] in kubernetes_kinds.OTHERS:
                with self.subTest(kind=one["kind"]):
                    jsonschema.validate(one, kubernetes_kinds.OTHERS[one["kind"]])

    def test_everything_is_in_its_namespace(self):
        for one in built(self.folder):
            if one["kind"] != "Namespace":
                self.assertEqual(one["metadata"]["namespace"], "mynumber", one["metadata"]["name"])
        labels = only(self.folder, "Namespace")["metadata"]["labels"]
        self.assertEqual(labels["pod-security.kubernetes.io/enforce"], "restricted")

    def test_pods_are_confined(self):
        self.assertTrue(pods(self.folder))
        for pod in pods(self.folder):
            self.assertEqual(pod["automountServiceAccountToken"], False)
            context = pod["securityContext"]
            self.assertEqual(context["runAsNonRoot"], True)
            self.assertGreater(context["runAsUser"], 0)
            self.assertEqual(context["seccompProfile"], {"type": "RuntimeDefault"})
            for container in containers(pod):
                own = container["securityContext"]
                self.assertEqual(own["allowPrivilegeEscalation"], False)
                self.assertEqual(own["readOnlyRootFilesystem"], True)
                self.assertEqual(own["capabilities"], {"drop": ["ALL"]})
                self.assertNotIn("privileged", own)
                self.assertIn("memory", container["resources"]["limits"])
                self.assertLessEqual({"cpu", "memory"}, set(container["resources"]["requests"]))

    def test_pods_say_how_they_are(self):
        for pod in pods(self.folder):
            for container in pod["containers"]:
                ports = {port["name"]: port["containerPort"] for port in container["ports"]}
                self.assertEqual(container["readinessProbe"]["httpGet"], {"path": "/readyz", "port": "admin"})
                for probe in ("livenessProbe", "startupProbe"):
                    self.assertEqual(container[probe]["httpGet"], {"path": "/healthz", "port": "admin"})

    def test_pods_may_stop_in_order(self):
        for pod in pods(self.folder):
            self.assertGreaterEqual(pod["terminationGracePeriodSeconds"], STOP_SECONDS_MAX + 15)

    def test_one_instance_may_go_and_the_others_stay(self):
        instances = only(self.folder, "StatefulSet", "mynumber")
        budget = only(self.folder, "PodDisruptionBudget", "mynumber")["spec"]
        self.assertEqual(budget["selector"], instances["spec"]["selector"])
        self.assertEqual(budget["minAvailable"], instances["spec"]["replicas"] - 1)
        self.assertGreaterEqual(budget["minAvailable"], 1)
        spread = [(one["topologyKey"], one["whenUnsatisfiable"])
                  for one in instances["spec"]["template"]["spec"]["topologySpreadConstraints"]]
        self.assertEqual(spread, [("kubernetes.io/hostname", self.across_nodes),
                                  ("topology.kubernetes.io/zone", self.across_zones)])

    def test_nobody_talks_unless_allowed(self):
        policies = {one["metadata"]["name"]: one["spec"] for one in of_kind(self.folder, "NetworkPolicy")}
        self.assertEqual(policies["default-deny"], {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})
        for name, policy in policies.items():
            for direction, peers in (("ingress", "from"), ("egress", "to")):
                for rule in policy.get(direction, ()):
                    self.assertTrue(rule.get(peers) and rule.get("ports"), f"{name} lets everybody through, or all")
                    self.assertNotIn({"namespaceSelector": {}}, rule[peers])
                    self.assertFalse([peer for peer in rule[peers] if "ipBlock" in peer], name)
        own = policies["instances"]
        labels = only(self.folder, "StatefulSet")["spec"]["template"]["metadata"]["labels"]
        self.assertLessEqual(own["podSelector"]["matchLabels"].items(), labels.items())
        called = [port["port"] for rule in own["ingress"] for port in rule["ports"]]
        self.assertEqual(sorted(called), [7400, 7401, 7402])

    def test_services_lead_to_instances(self):
        labels = only(self.folder, "StatefulSet")["spec"]["template"]["metadata"]["labels"]
        for service in of_kind(self.folder, "Service"):
            self.assertLessEqual(service["spec"]["selector"].items(), labels.items())
            self.assertNotIn(service["spec"].get("type"), ("NodePort", "LoadBalancer"))
        peers = only(self.folder, "Service", only(self.folder, "StatefulSet")["spec"]["serviceName"])["spec"]
        self.assertEqual((peers["clusterIP"], peers["publishNotReadyAddresses"]), ("None", True))

    def test_flags_fit_the_rest(self):
        instances = only(self.folder, "StatefulSet")
        container = instances["spec"]["template"]["spec"]["containers"][0]
        flags = dict(argument.lstrip("-").split("=", 1) for argument in container["args"])
        environment = {one["name"]: one.get("value") for one in container["env"]}
        self.assertLessEqual(set(flags), running_cluster.standalone_flags())
        mounts = {mount["mountPath"]: mount for mount in container["volumeMounts"]}
        self.assertTrue(flags["peers_advertise"].startswith(f"$(POD_NAME).{instances['spec']['serviceName']}."))
        self.assertLessEqual({flags["data"], flags["photos"], flags["snapshots"]}, set(mounts))
        self.assertTrue(mounts[str(pathlib.Path(flags["keyring"]).parent)]["readOnly"])
        for argument in container["args"]:
            for name in re.findall(r"\$\((\w+)\)", argument):
                self.assertIn(name, environment)
        brokers = only(self.folder, "KafkaNodePool")["spec"]["replicas"]
        config = only(self.folder, "Kafka")["spec"]["kafka"]["config"]
        self.assertEqual(int(environment["REPLICATION"]), brokers)
        self.assertEqual(config["default.replication.factor"], brokers)
        self.assertEqual(config["min.insync.replicas"], 2 if brokers > 1 else 1)

    def test_instances_reach_kafka_by_their_certificate(self):
        pod = only(self.folder, "StatefulSet")["spec"]["template"]["spec"]
        container = pod["containers"][0]
        flags = dict(argument.lstrip("-").split("=", 1) for argument in container["args"])
        self.assertEqual(flags["kafka_tls"], "true")
        mounts = {mount["mountPath"]: mount for mount in container["volumeMounts"]}
        self.assertTrue(mounts[flags["certificates"]]["readOnly"])
        copied = next(one for one in pod["initContainers"] if one["name"] == "certificates")["command"]
        self.assertLessEqual({f"/secret/{name}.pem" for name in ("authority", "certificate", "key")}, set(copied))
        kafka = only(self.folder, "Kafka")
        name, listener = kafka["metadata"]["name"], kafka["spec"]["kafka"]["listeners"][0]
        brokers = next(one["value"] for one in container["env"] if one["name"] == "BROKERS")
        self.assertEqual(brokers, f"{name}-kafka-bootstrap:{listener['port']}")
        # Whom a client connects to is whom the certificate must name.
        readme = (K8S / "README.md").read_text(encoding="utf-8")
        for host in (f"{name}-kafka-bootstrap", f"'*.{name}-kafka-brokers.{kafka['metadata']['namespace']}.svc'"):
            self.assertIn(host, re.findall(r"--host (\S+)", readme))
        asked = set(re.findall(r"create secret generic (\S+)", readme))
        self.assertLessEqual({volume["secret"]["secretName"] for volume in pod["volumes"] if "secret" in volume}, asked)
        self.assertLessEqual({f"{name}-clients-ca-cert", f"{name}-clients-ca",
                              listener["configuration"]["brokerCertChainAndKey"]["secretName"]}, asked)

    def test_kafka_is_for_instances_by_mutual_tls_alone(self):
        spec = only(self.folder, "Kafka")["spec"]
        # No operators for users and topics: they would be users, too.
        self.assertEqual(set(spec), {"kafka", "clientsCa"})
        self.assertEqual(spec["clientsCa"], {"generateCertificateAuthority": False})
        self.assertEqual(spec["kafka"]["authorization"],
                         {"type": "simple", "superUsers": kafka_principals.principals(["service/standalone"])})
        self.assertNotIn("allow.everyone.if.no.acl.found", spec["kafka"]["config"])
        self.assertEqual(spec["kafka"]["config"]["ssl.enabled.protocols"], "TLSv1.3")
        policies = {one["metadata"]["name"]: one["spec"] for one in of_kind(self.folder, "NetworkPolicy")}
        instances = {"podSelector": policies["instances"]["podSelector"]}
        self.assertEqual(len(spec["kafka"]["listeners"]), 1)
        for listener in spec["kafka"]["listeners"]:
            self.assertEqual((listener["tls"], listener["authentication"]), (True, {"type": "tls"}), listener["name"])
            self.assertEqual(listener["networkPolicyPeers"], [instances])
            own = listener["configuration"]["brokerCertChainAndKey"]
            self.assertEqual((own["certificate"], own["key"]), ("certificate.pem", "key.pem"))
            port = [{"protocol": "TCP", "port": listener["port"]}]
            self.assertIn({"from": [instances], "ports": port}, policies["kafka"]["ingress"])
            self.assertIn({"to": [{"podSelector": policies["kafka"]["podSelector"]}], "ports": port},
                          policies["instances"]["egress"])
        self.assertEqual([rule["from"] for rule in policies["kafka"]["ingress"] if instances in rule["from"]],
                         [[instances]])

    def test_photographs_and_snapshots_are_shared_and_rows_are_kept(self):
        instances = only(self.folder, "StatefulSet")["spec"]
        volumes = {volume["name"]: volume for volume in instances["template"]["spec"]["volumes"]}
        for name in ("photos", "snapshots"):
            claim = only(self.folder, "PersistentVolumeClaim", volumes[name]["persistentVolumeClaim"]["claimName"])
            self.assertEqual(claim["spec"]["accessModes"], ["ReadWriteMany"])
        self.assertEqual(instances["persistentVolumeClaimRetentionPolicy"],
                         {"whenDeleted": "Retain", "whenScaled": "Retain"})

    def test_no_secret_is_in_git(self):
        self.assertEqual(of_kind(self.folder, "Secret"), [])

    def test_the_rules_are_those_of_prometheus(self):
        rule = only(self.folder, "PrometheusRule")
        self.assertEqual(rule["spec"], make_rules.prometheus_rule()["spec"], "run k8s/make_rules.py")


class BaseTest(InEveryFolder, unittest.TestCase):
    folder = "base"

    def test_copies_are_true(self):
        self.assertEqual((K8S / "base" / "topics.yaml").read_text(), (ROOT / "deploy/kafka/topics.yaml").read_text(),
                         "k8s/base/topics.yaml is a copy of deploy/kafka/topics.yaml: copy it again")
        self.assertEqual((K8S / "base" / "rules.yaml").read_text(encoding="utf-8"), make_rules.text())


class DevTest(InEveryFolder, unittest.TestCase):
    folder = "overlays/dev"
    across_nodes = "ScheduleAnyway"


class ProductionTest(InEveryFolder, unittest.TestCase):
    folder = "overlays/production"
    across_zones = "DoNotSchedule"

    def test_three_of_everything(self):
        self.assertGreaterEqual(only(self.folder, "StatefulSet")["spec"]["replicas"], 3)
        self.assertGreaterEqual(only(self.folder, "KafkaNodePool")["spec"]["replicas"], 3)

    def test_images_are_named_by_digest(self):
        for pod in pods(self.folder):
            for container in containers(pod):
                self.assertRegex(container["image"], r"@sha256:[0-9a-f]{64}$")


if __name__ == "__main__":
    unittest.main()

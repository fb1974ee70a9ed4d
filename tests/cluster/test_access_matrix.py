"""Every role × every method on a real instance with mutual TLS: let in or refused as deploy/access/matrix.txt says."""

import os
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tests", "tests/fault", "deploy/certs")]
import authority  # noqa: E402
import running_cluster  # noqa: E402

MATRIX = ROOT / "deploy" / "access" / "matrix.txt"
CALL_SECONDS_MAX = 20
# Another port, or gRPC's own: TLS alone decides on health, and who may have reflection finds none with certificates.
ELSEWHERE = {"mynumber.cluster.v1.PeerService", "grpc.reflection.v1alpha.ServerReflection", "grpc.health.v1.Health"}
# What ends a call that was let in with an empty request, and never for who made it.
NOT_ALLOWED = "METHOD_NOT_ALLOWED"


def table():
    """[(service, method, {authority: letters})], as the reviewed file has them."""
    cells, service, heads = [], None, []
    for line in filter(None, MATRIX.read_text().splitlines()):
        if line.startswith("#"):
            continue
        if line.startswith(" "):
            heads.append(line)
        elif "." in line:
            service, heads = line.strip(), []
        else:
            spans = columns_of(heads[-1])
            letters = {authority_of([head[span].strip() for head in heads]): line[span].strip() for span in spans}
            cells.append((service, line.split()[0], letters))
    return cells


def columns_of(head):
    starts = [at for at in range(1, len(head)) if head[at] != " " and head[at - 1] == " "]
    return [slice(start, end) for start, end in zip(starts, [*starts[1:], None])]


def authority_of(words):
    """Of a column's one or two words."""
    name = ("/" if words[0] == "service" else "-").join(filter(None, words))
    return "municipality/131016" if name == "municipality" else name


class AccessMatrixTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        running_cluster.build()
        global grpc, protos, caller
        import grpc
        import caller
        import service_protos as protos
        folder = tempfile.TemporaryDirectory(prefix="mynumber-matrix-")
        cls.addClassCleanup(folder.cleanup)
        cls.cells = table()
        cls.certificates = pathlib.Path(folder.name) / "certs"
        with authority.Authority(cls.certificates) as issuer:
            for name in {*cls.cells[0][2], "service/standalone"}:
                issuer.issue(name, 5, [])
            issuer.publish_revoked()
        cls.cluster = cls.enterClassContext(running_cluster.RunningCluster(starts=False))
        cls.cluster.start(f"--certificates={cls.certificates}/service/standalone")

    def channel(self, role):
        channel = caller.connect(self.cluster.address, self.certificates / role)
        self.addCleanup(channel.close)
        return channel

    def reason_of(self, channel, service, method, role):
        """Of the refusal; empty if it was answered. The request says no more than who asks."""
        made = protos.method(service, method)
        request = protos.message_of(made.input_type)
        if "actor" in made.input_type.fields_by_name:
            request.actor.authority, request.actor.clerk_id = role, "clerk-7"
        kinds = {(False, False): channel.unary_unary, (False, True): channel.unary_stream,
                 (True, False): channel.stream_unary, (True, True): channel.stream_stream}
        call = kinds[made.client_streaming, made.server_streaming](f"/{service}/{method}")
        sent = request.SerializeToString()
        try:
            answer = call(iter([sent]) if made.client_streaming else sent, timeout=CALL_SECONDS_MAX)
            if made.server_streaming:
                next(iter(answer), None)
                answer.cancel()
            return ""
        except grpc.RpcError as error:
            return caller.explain(error)[1] or error.code().name

    def test_the_table_is_what_happens(self):
        asked, allowed = 0, 0
        for role in self.cells[0][2]:
            channel = self.channel(role)
            for service, method, letters in self.cells:
                if service in ELSEWHERE:
                    continue
                reason = self.reason_of(channel, service, method, role)
                with self.subTest(role=role, service=service, method=method):
                    self.assertEqual(reason == NOT_ALLOWED, letters[role] == "-", reason)
                asked, allowed = asked + 1, allowed + (letters[role] != "-")
        self.assertGreater(asked, 1000)
        self.assertGreater(allowed, 100)

    def test_a_role_in_anothers_name_is_refused_whatever_it_may(self):
        channel = self.channel("municipality/131016")
        for service, method, letters in self.cells:
            if service in ELSEWHERE or "actor" not in protos.method(service, method).input_type.fields_by_name:
                continue
            reason = self.reason_of(channel, service, method, "municipality/271004")
            wanted = NOT_ALLOWED if letters["municipality/131016"] == "-" else "AUTHORITY_NOT_YOURS"
            with self.subTest(service=service, method=method):
                self.assertEqual(reason, wanted)


if __name__ == "__main__":
    unittest.main()

"""What the tests of mix-ups share: a server of their own, and calls that are repeated until they are answered."""

import pathlib
import sys
import tempfile

import binaries
from server import Server

sys.path.append(str(binaries.ROOT / "tests" / "fault"))

CALLERS = 16
# What a call may end with before it is answered.
PASSING = ("DEADLINE_EXCEEDED", "UNAVAILABLE", "RESOURCE_EXHAUSTED")
TRIES_MAX = 30


def serve(test, **serves):
    """(folder, server, stubs by service); all of it ends with the test class."""
    import caller
    temporary = tempfile.TemporaryDirectory(prefix="mynumber-mix-ups-")
    test.addClassCleanup(temporary.cleanup)
    folder = pathlib.Path(temporary.name)
    server = Server(folder, **serves)
    test.addClassCleanup(server.end)
    server.start_and_serve()
    roads = caller.Roads([server.address])
    test.addClassCleanup(roads.close)
    return folder, server, roads.stubs(0)


def until_answered(test, call, request, dice, deadlines):
    """(answer, calls that ran out): the same request again and again, in ever longer time."""
    from caller import grpc
    ran_out = 0
    while True:
        try:
            return call(request, timeout=dice.uniform(deadlines[0], deadlines[1] * 2 ** ran_out)), ran_out
        except grpc.RpcError as error:
            test.assertIn(error.code().name, PASSING)
            ran_out += 1
            test.assertLess(ran_out, TRIES_MAX)

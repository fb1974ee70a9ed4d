"""The protos of the log, compiled here, and how their messages are read."""

import atexit
import collections
import pathlib
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]

# One record of a partition, with what came beside it; `key_block` may be empty.
Entry = collections.namedtuple("Entry", "offset record key_block")
# How many records a partition must have, and its running hash; None if nobody tells that.
End = collections.namedtuple("End", "records running_hash")


class Broken(Exception):
    """From here on nothing can be judged."""


def compile_protos():
    """The modules of the protos, compiled into a folder that goes with the process."""
    from grpc_tools import protoc
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    protos = ["eventlog/v1/eventlog", "eventlog/v1/export", "type/type", "issuance/events/v1/events"]
    arguments = ["protoc", f"-I{REPOSITORY / 'protos'}", f"-I{pathlib.Path(protoc.__file__).parent / '_proto'}",
                 f"--python_out={folder.name}"] + [f"mynumber/{name}.proto" for name in protos]
    if protoc.main(arguments) != 0:
        raise SystemExit("check_log: the protos do not compile")
    sys.path.insert(0, folder.name)
    from mynumber.eventlog.v1 import eventlog_pb2, export_pb2
    from mynumber.issuance.events.v1 import events_pb2
    return eventlog_pb2, export_pb2, events_pb2


eventlog, export, events = compile_protos()


def parse(message_type, data, what):
    try:
        return message_type.FromString(data)
    except Exception as error:  # protobuf's DecodeError, or UnicodeDecodeError
        raise Broken(f"{what} cannot be read ({type(error).__name__})") from error

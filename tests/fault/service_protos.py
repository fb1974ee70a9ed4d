"""The messages and stubs of all services, compiled here from the project's protos."""

import atexit
import pathlib
import sys
import tempfile

import google.rpc.status_pb2
from google.protobuf import descriptor_pool, message_factory

ROOT = pathlib.Path(__file__).resolve().parents[2]


def compile_protos():
    """A folder of modules that goes with the process, in the search path from now on."""
    from grpc_tools import protoc
    folder = tempfile.TemporaryDirectory(prefix="mynumber-protos-")
    atexit.register(folder.cleanup)
    googleapis = pathlib.Path(google.rpc.status_pb2.__file__).parents[2]
    includes = [ROOT / "protos", pathlib.Path(protoc.__file__).parent / "_proto", googleapis]
    protos = sorted(str(path.relative_to(ROOT / "protos")) for path in (ROOT / "protos" / "mynumber").rglob("*.proto")
                    if "testing" not in path.parts and "rows" not in path.parts)
    words = ["protoc", *(f"-I{each}" for each in includes), f"--python_out={folder.name}",
             f"--grpc_python_out={folder.name}", *protos]
    if protoc.main(words) != 0:
        raise SystemExit("the protos do not compile")
    sys.path.insert(0, folder.name)


compile_protos()

from mynumber.card.events.v1 import events_pb2 as card_events  # noqa: E402, F401
from mynumber.card.v1 import card_service_pb2 as card, card_service_pb2_grpc as card_grpc  # noqa: E402
from mynumber.hotline.events.v1 import events_pb2 as hotline_events  # noqa: E402, F401
from mynumber.hotline.v1 import hotline_service_pb2 as hotline, hotline_service_pb2_grpc as hotline_grpc  # noqa: E402
from mynumber.issuance.events.v1 import events_pb2 as issuance_events  # noqa: E402, F401
from mynumber.issuance.v1 import issuance_service_pb2 as issuance  # noqa: E402
from mynumber.issuance.v1 import issuance_service_pb2_grpc as issuance_grpc  # noqa: E402
from mynumber.notice.v1 import notice_service_pb2 as notice, notice_service_pb2_grpc as notice_grpc  # noqa: E402
from mynumber.operations.v1 import operations_service_pb2 as operations  # noqa: E402, F401
from mynumber.operations.v1 import operations_service_pb2_grpc as operations_grpc  # noqa: E402
from mynumber.postoffice.v1 import postoffice_service_pb2 as postoffice  # noqa: E402
from mynumber.postoffice.v1 import postoffice_service_pb2_grpc as postoffice_grpc  # noqa: E402
from mynumber.type import type_pb2 as common_type  # noqa: E402, F401

MESSAGES = {"issuance": issuance, "notice": notice, "card": card, "hotline": hotline, "postoffice": postoffice}
STUBS = {"issuance": issuance_grpc.IssuanceServiceStub, "notice": notice_grpc.NoticeServiceStub,
         "card": card_grpc.CardServiceStub, "hotline": hotline_grpc.HotlineServiceStub,
         "postoffice": postoffice_grpc.PostOfficeServiceStub, "operations": operations_grpc.OperationsServiceStub}


def method(service, name):
    """The descriptor of a method of "package.Service"."""
    return descriptor_pool.Default().FindServiceByName(service).methods_by_name[name]


def message_of(descriptor):
    """An empty message of this type."""
    return message_factory.GetMessageClass(descriptor)()

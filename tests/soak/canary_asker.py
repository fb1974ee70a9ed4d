"""A client that remembers all personal data that it said and heard, by the protos' own mark, and each refusal."""

import collections
import re
import sys
import threading
import time
import uuid

import binaries

sys.path[:0] = [str(binaries.ROOT / "tests" / "fault")]
import service_protos as protos  # noqa: E402
from caller import CHANNEL_OPTIONS  # noqa: E402

import grpc  # noqa: E402
from google.protobuf import descriptor_pb2, json_format  # noqa: E402

MARK = protos.common_type.sensitive
PATIENCE_SECONDS = 30
CALL_SECONDS = 20
# Another service has not heard of it yet, or nobody serves now.
PASSING = {grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.UNAVAILABLE,
           grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.ABORTED}
FULL_NAMES = {name: module.DESCRIPTOR.services_by_name for name, module in
              {**protos.MESSAGES, "operations": protos.operations}.items()}


def methods(service):
    """Name -> descriptor."""
    (found,) = FULL_NAMES[service].values()
    return found.methods_by_name


def every_method():
    return {(service, method) for service in FULL_NAMES for method in methods(service)}


class Asker:
    """`heard`: text -> what it is. `refusals`: bytes of each. Any thread may ask."""

    def __init__(self, address):
        options = (*CHANNEL_OPTIONS, ("grpc.max_receive_message_length", 64 << 20))
        self.channel = grpc.insecure_channel(address, options=options)
        self.stubs = {name: stub(self.channel) for name, stub in protos.STUBS.items()}
        self.heard, self.refusals = {}, []
        self.answered, self.asked = collections.Counter(), collections.Counter()
        self._lock = threading.Lock()

    def request(self, service, method, authority, fields):
        request = protos.message_of(methods(service)[method].input_type)
        json_format.ParseDict(fields, request)
        names = request.DESCRIPTOR.fields_by_name
        if authority and "actor" in names and not request.HasField("actor"):
            request.actor.authority, request.actor.clerk_id = authority, "canary-clerk"
        if "request_id" in names and not request.request_id and service != "operations":
            request.request_id = str(uuid.uuid4())
        return request

    def ask(self, service, method, authority, /, **fields):
        """The response, or all of a stream; what does not pass by waiting is an error of the test."""
        request = self.request(service, method, authority, fields)
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self.send(service, method, request)
            except grpc.RpcError as error:
                if error.code() not in PASSING or time.monotonic() > until:
                    raise AssertionError(f"{method} is refused: {error.code()} {error.details()}") from None
            time.sleep(0.05)

    def try_to(self, service, method, authority, /, **fields):
        """The response, or None if it is refused: then that is what was wanted of it."""
        try:
            return self.send(service, method, self.request(service, method, authority, fields))
        except grpc.RpcError:
            return None

    def send(self, service, method, request):
        self.listen(request)
        with self._lock:
            self.asked[service, method] += 1
        descriptor = methods(service)[method]
        call = getattr(self.stubs[service], method)
        try:
            answer = call(iter([request]) if takes_stream(descriptor) else request, timeout=CALL_SECONDS)
            if gives_stream(descriptor):
                answer = list(answer)
            for each in answer if isinstance(answer, list) else [answer]:
                self.listen(each)
        except grpc.RpcError as error:
            self.keep_refusal(method, error)
            raise
        with self._lock:
            self.answered[service, method] += 1
        return answer

    def keep_refusal(self, method, error):
        metadata = b"".join(value if isinstance(value, bytes) else value.encode() for _, value in
                            tuple(error.trailing_metadata() or ()) + tuple(error.initial_metadata() or ()))
        with self._lock:
            self.refusals.append(b"%s: %s\n%s" % (method.encode(), (error.details() or "").encode(), metadata))

    def listen(self, message):
        """Errors within an answer are refusals, too."""
        for field, value in message.ListFields():
            many = value if field.label == field.LABEL_REPEATED else [value]
            if field.message_type is not None and field.message_type.full_name == "google.rpc.Status":
                with self._lock:
                    self.refusals += [each.SerializeToString() for each in many if each.code]
            elif field.message_type is not None:
                for each in many:
                    self.listen(each)
            elif field.GetOptions().Extensions[MARK] and field.type in (field.TYPE_STRING, field.TYPE_BYTES):
                with self._lock:
                    self.heard |= {part(each): field.name for each in many if each and not is_opaque(each)}


def is_opaque(value):
    """A resident's name in calls, which says nothing; some are put where a person's name belongs."""
    return isinstance(value, str) and re.fullmatch(r"residents/[0-9a-f]{32}", value) is not None


def part(value):
    """A file is looked for by a piece from its middle."""
    return value if isinstance(value, str) else value[len(value) // 2:][:40]


def takes_stream(descriptor):
    return as_proto(descriptor).client_streaming


def gives_stream(descriptor):
    return as_proto(descriptor).server_streaming


def as_proto(descriptor):
    """Older descriptors do not tell of streams themselves."""
    copy = descriptor_pb2.MethodDescriptorProto()
    descriptor.CopyToProto(copy)
    return copy

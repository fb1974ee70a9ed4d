"""A client as we tell others to write one: a list of addresses, and retries as the error says."""

import collections
import os
import threading
import time
import uuid

os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

import grpc  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402

import book as books  # noqa: E402
import service_protos as protos  # noqa: E402

CHANNEL_OPTIONS = (("grpc.initial_reconnect_backoff_ms", 50), ("grpc.min_reconnect_backoff_ms", 50),
                   ("grpc.max_reconnect_backoff_ms", 500))
# Nobody answered, so nobody said how long to wait.
NO_ANSWER_SECONDS, MORE_MAX = 0.03, 8
GIVE_UP_SECONDS = 90

# `response` is None unless the outcome is OK; `reason` is that of a refusal.
Answer = collections.namedtuple("Answer", "outcome response reason start end")


class Roads:
    """Connections to all instances, shared by many callers. `certificates`: a folder with one of each authority's, in a
    cluster that has mutual TLS."""

    def __init__(self, addresses, certificates=None):
        self.addresses, self._certificates = list(addresses), certificates
        self._lock, self._channels, self._stubs = threading.Lock(), [], {}

    def __len__(self):
        return len(self.addresses)

    def stubs(self, at, authority=""):
        """By service, to the instance with this place in the list, as this authority."""
        with self._lock:
            place = (at, authority if self._certificates else "")
            if place not in self._stubs:
                channel = connect(self.addresses[at], self._certificates and self._certificates / authority)
                self._channels.append(channel)
                self._stubs[place] = {name: stub(channel) for name, stub in protos.STUBS.items()}
            return self._stubs[place]

    def close(self):
        for channel in self._channels:
            channel.close()


def connect(address, folder=None):
    """A channel with the certificate in the folder; without one in plain text."""
    if folder is None:
        return grpc.insecure_channel(address, options=CHANNEL_OPTIONS)
    parts = [(folder / f"{name}.pem").read_bytes() for name in ("authority", "key", "certificate")]
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(*parts), options=CHANNEL_OPTIONS)


class Caller:
    """One client; `number` is its own, and says where it begins. `waits`: on purpose, so nobody asks how long its calls
    took."""

    def __init__(self, roads, book, number, try_seconds=2.0, waits=False):
        self.roads, self.book, self.number, self.try_seconds, self.waits = roads, book, number, try_seconds, waits
        self._at = number % len(roads)

    def call(self, service, method, request, kind, log=None, give_up_seconds=GIVE_UP_SECONDS, partition=None):
        """Tries until it is answered; notes it in the book, by `log` if the service's log has another name."""
        start, errors = books.now(), []
        while True:
            response, error = self._try(service, method, request)
            if error is None:
                outcome, reason = books.OK, ""
                break
            code, reason, wait_seconds = error
            errors.append((code.name, reason))
            if code.name not in books.PASSING:
                # An earlier try may still be on its way, and be taken after this one was refused.
                outcome = books.REFUSED if len(errors) == 1 else books.UNKNOWN
                break
            if (books.now() - start) / 1e9 > give_up_seconds:
                outcome = books.UNKNOWN
                break
            time.sleep(wait_seconds if reason else wait_seconds * min(MORE_MAX, len(errors)))
        end = books.now()
        told = partition_of(response) if response is not None and partition is None else partition
        self.book.note(books.Call("waiting" if self.waits else kind, log or service, told, method, start, end, outcome,
                                  tuple(errors)))
        return Answer(outcome, response, reason, start, end)

    def _try(self, service, method, request):
        """(response, None), or (None, (code, reason, seconds to wait))."""
        call = getattr(self.roads.stubs(self._at, authority_of(request))[service], method)
        try:
            if isinstance(request, tuple):  # a stream of it, with one answer
                response = next(call(iter(request), timeout=self.try_seconds))
            else:
                response = call(request, timeout=self.try_seconds)
            error = error_inside(response)
            if error is None:
                return response, None
            self._at = (self._at + 1) % len(self.roads)
            return None, error
        except (grpc.RpcError, StopIteration) as error:
            self._at = (self._at + 1) % len(self.roads)
            return None, explain(error)

    def must(self, service, method, request, kind="write", **options):
        """The response; for what a test needs before it begins."""
        answer = self.call(service, method, request, kind, **options)
        if answer.outcome != books.OK:
            raise RuntimeError(f"{method} was not answered: {answer.outcome} {answer.reason}")
        return answer.response


def authority_of(request):
    first = request[0] if isinstance(request, tuple) else request
    return first.actor.authority


def error_inside(response):
    """As explain; of the only part of an answer that tells a failure for each of its parts."""
    parts = getattr(response, "events", None) or getattr(response, "results", None) or ()
    error = getattr(parts[0], "error", None) if len(parts) == 1 else None
    if error is None or error.code == 0:
        return None
    code = next(code for code in grpc.StatusCode if code.value[0] == error.code)
    return code, *read_details(error)


def explain(error):
    """(code, reason, seconds to wait) of a failed call."""
    if isinstance(error, StopIteration):
        return grpc.StatusCode.UNAVAILABLE, "no answer", NO_ANSWER_SECONDS
    details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin") if hasattr(
        error, "trailing_metadata") else None
    reason, wait_seconds = read_details(status_pb2.Status.FromString(details)) if details else ("", NO_ANSWER_SECONDS)
    return error.code(), reason, wait_seconds


def read_details(status):
    """(reason, seconds to wait) of a google.rpc.Status."""
    reason, wait_seconds = "", NO_ANSWER_SECONDS
    for any_message in status.details:
        info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
        if any_message.Unpack(info):
            reason = info.reason
        elif any_message.Unpack(retry):
            wait_seconds = retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9
    return reason, wait_seconds


def partition_of(response):
    """Of the position in an answer, "3@17.0"; None if there is none."""
    results = [result.resident for result in getattr(response, "results", ()) if hasattr(result, "resident")]
    for found in (response, getattr(response, "status", None), *results):
        if text := getattr(found, "position", "") or getattr(found, "effect_position", ""):
            return int(text.partition("@")[0])
    return None


def request_id():
    return str(uuid.uuid4())

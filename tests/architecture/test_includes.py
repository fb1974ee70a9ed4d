"""Who may include whom."""

import re
import unittest

import sources

# Third-party headers: where each may be included outside of tests.
LIBRARIES = {
    "rocksdb/": {"libs/projection", "libs/embedded_log"},
    "librdkafka/": {"libs/kafka_log"},
    "prometheus/": {"libs/metrics"},
    "spdlog/": {"libs/log"},
    "civetweb.h": {"libs/runtime"},
    "yaml-cpp/": {"libs/topic_settings"},
    # The client derives request ids by SHA-1 (RFC 4122), which seals nothing.
    "openssl/": {"libs/sealing", "libs/certificates", "services/mynumberctl"},
    "p11-kit/": {"libs/token"},
    "utf8proc.h": {"libs/identifiers", "services/mynumberctl"},
    "CLI/": {"services/mynumberctl"},
    "libfccp/": {"libs/csv"},
    "iconv.h": {"libs/carrier_csv"},
    # librdkafka's statistics are JSON.
    "nlohmann/": {"services/mynumberctl", "libs/kafka_log"},
    "cairo": {"libs/notice_document"}, "pango/": {"libs/notice_document"}, "hb.h": {"libs/notice_document"},
    "glib": {"libs/notice_document"}, "fontconfig/": {"libs/notice_document"}, "qrencode.h": {"libs/notice_document"},
    "jpeglib.h": {"libs/photo"}, "jerror.h": {"libs/photo"}, "libexif/": {"libs/photo"},
    "curl/": {"libs/mailbox"},
    "grpc/": {"libs/rpc"},
    "boost/pfr": {"libs/cluster"},
    "grpcpp/": {"libs/rpc", "libs/cluster", "libs/operations", "libs/serving", "services/issuance", "services/notice",
                "services/card", "services/hotline", "services/standalone", "services/mynumberctl"},
    "gtest/": set(), "gmock/": set(), "rapidcheck": set(), "benchmark/": set(),
}
PURE = re.compile(
    r"^(libs/(access|eventsourcing|identifiers|calendar|simulated_post_office)|services/\w+/(domain|projections))/|"
    r"^services/\w+/reactions\.")
# All that pure code needs of the standard library: no thread, lock, clock, file, stream or chance.
PURE_STANDARD = set("""
    algorithm array cassert charconv climits cmath cstddef cstdint cstdlib cstring deque functional initializer_list
    iterator limits list map memory numeric optional queue set string string_view tuple type_traits unordered_map
    unordered_set utility variant vector""".split())
PURE_THIRD_PARTY = ("absl/base/", "absl/container/", "absl/hash/", "absl/memory/", "absl/numeric/", "absl/status/",
                    "absl/strings/", "absl/types/", "google/protobuf/", "utf8proc.h")
# How a refusal is made and travels (no gRPC in it), and arithmetic on days (no clock in it).
PURE_EXCEPTIONS = {"libs/rpc/problem.h", "libs/serving/refusals.h", "libs/serving/text.h", "absl/time/civil_time.h"}
# Of pure rooms, the files that many threads share, and a program that prints: with what they need for it.
PURE_EXCUSED = {
    "libs/access/limits.h": {"mutex"},
    "libs/access/live_policy.h": {"atomic"},
    "libs/access/print_matrix.cc": {"fstream", "iostream", "iterator"},
}
OURS = ("libs/", "services/", "tests/")


def allowed_rooms():
    """room -> rooms it may include: the table of libs/README.md."""
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \|([^|]*)\|$", sources.text_of("libs/README.md"), re.MULTILINE)
    return {room: set(re.findall(r"`(\w+)`", allowed)) for room, allowed in rows}


def is_pure(name, header):
    """Whether pure code may include it: values, messages, other pure code; and domain/ does not know rows."""
    room = sources.room_of(name)
    return (header in PURE_STANDARD | PURE_EXCEPTIONS or
            header.startswith(PURE_THIRD_PARTY) or
            header.startswith("mynumber/") and not header.endswith(".grpc.pb.h") or
            header.startswith(("libs/eventsourcing/", "libs/identifiers/", "libs/calendar/", room + "/domain/")) or
            header.startswith(room + "/") and room.startswith("libs/") or
            header.startswith(room + "/projections/") and "/domain/" not in name)


class IncludesTest(unittest.TestCase):
    def test_every_room_of_libs_stands_in_the_table(self):
        rooms = {name.split("/")[1] for name in sources.cpp_files("libs/")}
        self.assertGreater(len(rooms), 8)
        self.assertEqual(rooms, set(allowed_rooms()),
                         "the table of libs/README.md must have one row for each room: add or remove")

    def test_rooms_of_libs_include_what_the_table_allows(self):
        allowed = allowed_rooms()
        for name in sources.cpp_files("libs/"):
            room = name.split("/")[1]
            for header in sources.includes(name):
                parts = header.split("/")
                if not header.startswith(OURS) or parts[:2] == ["libs", room]:
                    continue
                if sources.is_test(name) and header.startswith("tests/simulation/"):
                    continue  # the third log
                with self.subTest(name):
                    self.assertEqual(parts[0], "libs",
                                     f"{name} includes {header}: libs know no service; hand over a function instead")
                    self.assertTrue(
                        sources.is_test(name) or parts[1] in allowed[room],
                        f"{name} includes {header}: '{room}' may not include '{parts[1]}' (libs/README.md); move what "
                        "both need, or hand it over as an argument")

    def test_third_party_headers_stay_in_their_rooms(self):
        for name in sources.cpp_files():
            for header in sources.includes(name):
                for prefix, rooms in LIBRARIES.items():
                    if header.startswith(prefix) and not sources.is_test(name):
                        self.assertIn(
                            sources.room_of(name), rooms, f"{name} includes <{header}>: that library belongs to "
                            f"{sorted(rooms) or 'tests'}; use what that room offers")

    def test_pure_code_has_no_clock_thread_or_input(self):
        pure = [name for name in sources.cpp_files() if PURE.match(name) and not sources.is_test(name)]
        self.assertGreater(len(pure), 20)
        for name in pure:
            for header in sources.includes(name):
                self.assertTrue(
                    is_pure(name, header) or header in PURE_EXCUSED.get(name, ()),
                    f"{name} includes <{header}>: this is pure code, which gets time, chance and what was read "
                    "as arguments; move it to the wiring")


if __name__ == "__main__":
    unittest.main()

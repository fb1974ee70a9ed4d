"""The client's commands against a real standalone cluster: what they show, what they write, what they end with."""

import json
import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys
import time
import unittest

import running_cluster
from running_cluster import CLIENT, ROOT, RunningCluster

DONE, REFUSED, USAGE, UNAVAILABLE, UNKNOWN = range(5)
# Ten free digits each; any last digit will do, since the standalone's default does not judge it.
CODES = iter(range(7_000_000_000_0, 7_000_010_000_0, 10))
NAME = re.compile(r"residents/[0-9a-f]{32}")


def setUpModule():
    running_cluster.build()


def somebody(**changes):
    person = {"resident_record_code": str(next(CODES)), "full_name": "試験 花子", "name_kana": "シケン ハナコ",
              "birth_date": "1980-01-02", "address": "東京都千代田区架空町1-2", "postal_code": "1000001",
              "municipality_code": "131016"}
    return {**person, **changes}


class ClientTest(unittest.TestCase):
    """One cluster for all cases: each registers people of its own."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = cls.enterClassContext(RunningCluster())

    def run_client(self, *words, stdin="", ends_with=DONE, **environment):
        done = self.cluster.client(*words, stdin=stdin, **environment)
        self.assertEqual(done.returncode, ends_with, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    def json_of(self, *words, **rest):
        return json.loads(self.run_client(*words, "--output", "json", **rest).stdout)

    def register(self, **changes):
        return self.json_of("resident", "register", "--show-number", stdin=json.dumps(somebody(**changes)))

    def error_of(self, *words, stdin="", ends_with=REFUSED, **environment):
        done = self.run_client(*words, "--output", "json", stdin=stdin, ends_with=ends_with, **environment)
        return json.loads(done.stderr)["error"]

    def at_terminal(self, words, keys, columns=80):
        """(output, exit code) of a client on a terminal where the answers `keys` are typed one after the other."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(CLIENT, [str(CLIENT), *words], {**self.cluster.environment(), "COLUMNS": str(columns)})
        output, last = "", time.monotonic()
        keys = list(keys)
        while True:
            ready, _, _ = select.select([terminal], [], [], 0.2)
            if ready:
                try:
                    output += os.read(terminal, 65536).decode(errors="replace")
                except OSError:  # the client is gone
                    break
                last = time.monotonic()
            elif keys and output.endswith(": "):
                os.write(terminal, (keys.pop(0) + "\n").encode())
            self.assertLess(time.monotonic() - last, 60, f"no further prompt after {output!r}")
        os.close(terminal)
        return output.replace("\r\n", "\n"), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


class RegisterTest(ClientTest):
    def test_one_from_json_and_again_shows_the_same_person(self):
        person = json.dumps(somebody())
        first = self.run_client("resident", "register", stdin=person).stdout
        self.assertRegex(first, r"(?m)^Number +\*{8}\d{4}$")
        self.assertRegex(first, r"(?m)^Municipality +131016 東京都千代田区$")
        again = self.run_client("resident", "register", stdin=person).stdout
        self.assertEqual(NAME.findall(again), NAME.findall(first))

    def test_the_number_is_shown_only_when_asked_for(self):
        shown = self.register()
        self.assertRegex(shown["individual_number"], r"^\d{12}$")
        self.assertEqual(shown["masked_individual_number"], "*" * 8 + shown["individual_number"][8:])
        masked = self.json_of("resident", "register", stdin=json.dumps(somebody()))
        self.assertRegex(masked["individual_number"], r"^\*{8}\d{4}$")

    def test_at_prompts(self):
        person = somebody(full_name="JOHN SAMPLE", alias="見本", residence_status="PERMANENT_RESIDENT")
        output, code = self.at_terminal(
            ["resident", "register"],
            [person["resident_record_code"], "", person["full_name"], person["alias"], "", person["birth_date"],
             person["address"], person["postal_code"], person["municipality_code"], person["residence_status"], ""])
        self.assertEqual(code, DONE, output)
        self.assertIn("Full name: \nFull name: JOHN SAMPLE\n", output)
        self.assertRegex(output, r"Alias +見本\n")
        self.assertRegex(output, r"Residence status +permanent resident\n")

    def test_wrong_input_says_what_to_correct(self):
        for changes, reason, field in (({"birth_date": "2999-01-01"}, "DATE_IN_THE_FUTURE", "details.birth_date"),
                                       ({"birth_date": "1990-02-30"}, "DATE_IMPOSSIBLE", "details.birth_date"),
                                       ({"full_name": ""}, "NAME_EMPTY", "details.full_name"),
                                       ({"postal_code": "100"}, "POSTAL_CODE_MALFORMED", "details.postal_code"),
                                       ({"municipality_code": "131017"}, "MUNICIPALITY_CODE_WRONG_CHECK_DIGIT",
                                        "details.municipality_code"),
                                       ({"resident_record_code": "123"}, "RECORD_CODE_WRONG_LENGTH",
                                        "resident_record_code")):
            error = self.error_of("resident", "register", stdin=json.dumps(somebody(**changes)))
            self.assertEqual((error["exit_code"], error["reason"], error["field"]), (REFUSED, reason, field))
            self.assertGreater(len(error["message"]), 20)
        self.run_client("resident", "register", stdin="{", ends_with=USAGE)
        self.run_client("resident", "register", stdin=json.dumps({"name": "x"}), ends_with=USAGE)

    def test_a_missing_clerk_is_told_with_the_option(self):
        error = self.error_of("resident", "register", stdin=json.dumps(somebody()), MYNUMBER_CLERK="")
        self.assertEqual(error["reason"], "CLERK_MISSING")
        self.assertIn("--clerk", error["message"])
        done = self.run_client("resident", "register", "--file", ROOT / "deploy/sample/residents.csv", ends_with=USAGE,
                               MYNUMBER_CLERK="")
        self.assertIn("--clerk", done.stderr)

    def test_other_details_name_the_fields_that_differ(self):
        person = somebody()
        self.run_client("resident", "register", stdin=json.dumps(person))
        error = self.error_of("resident", "register", stdin=json.dumps({**person, "address": "別の町3"}))
        self.assertEqual(error["reason"], "REGISTERED_WITH_OTHER_DETAILS")
        self.assertIn("address", error["message"])
        self.assertRegex(error["message"], NAME)


class LoadTest(ClientTest):
    HEADER = "resident_record_code,full_name,birth_date,address,postal_code,municipality_code\n"

    def write(self, name, text):
        path = self.cluster.folder / name
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
        return path

    def rows(self, path, *words, ends_with, **environment):
        """(output, what --results says of each line)."""
        results = self.cluster.folder / "results.jsonl"
        done = self.run_client("resident",
                               "register",
                               "--file",
                               path,
                               "--results",
                               results,
                               *words,
                               ends_with=ends_with,
                               **environment)
        return done.stdout, {row["line"]: row for row in map(json.loads, results.read_text().splitlines())}

    def test_csv_with_bad_rows_says_line_and_reason_and_may_be_sent_again(self):
        good = [f"{next(CODES)},試験 {i}号,1980-01-02,架空町{i},1000001,131016\n" for i in range(30)]
        bad = [f"{next(CODES)},試験 甲,1980-01-32,架空町,1000001,131016\n",
               f"{next(CODES)},,1980-01-02,架空町,1000001,131016\n",
               "12,試験 乙,1980-01-02,架空町,1000001,131016\n",
               f"{next(CODES)},試験 丙\n",
               f"{next(CODES)},試験 \udcff,1980-01-02,架空町,1000001,131016\n"]
        path = self.write("town.csv", self.HEADER + "".join(good[:10] + bad + good[10:]))
        out, first = self.rows(path, "--batch-rows", "7", ends_with=REFUSED)
        self.assertIn("30 residents are registered, 5 rows were refused", out)
        expected = {12: "DATE_IMPOSSIBLE", 13: "NAME_EMPTY", 14: "RECORD_CODE_WRONG_LENGTH", 15: "COLUMNS_MISSING",
                    16: "TEXT_NOT_UTF8"}
        self.assertEqual({line: row["error"]["reason"] for line, row in first.items() if "error" in row}, expected)
        for line, reason in expected.items():
            self.assertRegex(out, rf"(?m)^ *{line}  {reason} +\S.{{15}}")
        again_out, again = self.rows(path, ends_with=REFUSED)
        self.assertEqual(again, first)
        corrected = self.write("town.csv", self.HEADER + "".join(good))
        out, third = self.rows(corrected, ends_with=DONE)
        self.assertIn("30 residents are registered, 0 rows were refused", out)
        self.assertEqual({row["name"] for row in third.values()},
                         {row["name"] for row in first.values() if "name" in row})

    def test_json_lines_from_standard_input(self):
        people = [somebody(full_name=f"試験 {i}号") for i in range(3)] + [somebody(municipality_code="000000")]
        lines = "\n".join(map(json.dumps, people))
        done = self.run_client("resident",
                               "register",
                               "--file",
                               "-",
                               "--format",
                               "jsonl",
                               "--output",
                               "json",
                               stdin=lines,
                               ends_with=REFUSED)
        summary = json.loads(done.stdout)
        self.assertEqual((summary["registered"], summary["refused"], summary["unanswered"]), (3, 1, 0))

    def test_results_hold_numbers_only_with_show_number_and_are_private(self):
        path = self.write("few.csv", self.HEADER + f"{next(CODES)},試験 子,1980-01-02,架空町,1000001,131016\n")
        out, rows = self.rows(path, "--show-rows", "5", ends_with=DONE)
        self.assertRegex(rows[2]["number"], r"^\*{8}\d{4}$")
        self.assertRegex(out, r"(?m)^\*{8}\d{4}  1980-01-02  131016 東京都千代田区  試験 子$")
        self.assertEqual((self.cluster.folder / "results.jsonl").stat().st_mode & 0o777, 0o600)
        _, rows = self.rows(path, "--show-number", ends_with=DONE)
        self.assertRegex(rows[2]["number"], r"^\d{12}$")

    def test_a_file_that_cannot_be_read_is_wrong_usage(self):
        self.run_client("resident", "register", "--file", "/nowhere.csv", ends_with=USAGE)
        self.run_client("resident", "register", "--file", self.write("town.txt", ""), ends_with=USAGE)
        header = self.run_client("resident",
                                 "register",
                                 "--file",
                                 self.write("town.csv", "full_name,address\n"),
                                 ends_with=USAGE)
        self.assertIn("resident_record_code is missing", header.stderr)


class NumberTest(ClientTest):
    def test_disclosures_are_recorded_and_shown(self):
        person = self.register()
        masked = self.run_client("number", "disclose", person["name"], "--purpose", "tax", "--reference", "T-1")
        self.assertRegex(masked.stdout, r"Number +\*{8}\d{4}\n")
        again = re.search(r"--show-number --request-id [0-9a-f-]{36}", masked.stderr)[0].split()
        clear = self.run_client("number", "disclose", person["name"], "--purpose", "tax", "--reference", "T-1", *again)
        self.assertIn(person["individual_number"], clear.stdout)
        looks = self.run_client("disclosures", person["name"]).stdout.splitlines()
        self.assertEqual(len(looks), 3, "title, designation, and one look that was asked for twice")
        self.assertRegex(looks[1], r"municipality/131016  clerk-7  designation$")
        self.assertRegex(looks[2], r"municipality/131016  clerk-7  tax +T-1$")
        self.assertNotIn(person["individual_number"], "\n".join(looks))

    def test_a_resident_s_own_request_needs_the_identity_confirmed(self):
        person = self.register()
        words = ["number", "disclose", person["name"], "--purpose", "resident-request", "--reference", "R-1"]
        self.assertEqual(self.error_of(*words)["reason"], "IDENTITY_NOT_CONFIRMED")
        self.run_client(*words, "--identity-confirmed")
        self.run_client("number", "disclose", person["name"], "--reference", "R-1", ends_with=USAGE)

    def test_replacement_and_the_former_number(self):
        person = self.register()
        words = ["number", "replace", person["name"], "--decision", "mayor-on-request", "--evidence", "POLICE-1"]
        self.assertEqual(self.error_of(*words, "--ground", "wish")["reason"], "REPLACEMENT_NEEDS_LEAK")
        replaced = self.json_of(*words, "--show-number")
        self.assertNotEqual(replaced["individual_number"], person["individual_number"])
        numbers = f"{person['individual_number']}\n{replaced['individual_number']}\n"
        verdicts = self.run_client("number", "validate", stdin=numbers, ends_with=REFUSED)
        self.assertRegex(verdicts.stdout, r"1  \*{8}\d{4}  former\n +2  \*{8}\d{4}  issued\n")
        found = self.run_client("number", "find", "--purpose", "tax", "--reference", "T-2",
                                stdin=person["individual_number"] + "\n")
        self.assertIn(person["name"], found.stdout)
        self.assertIn("former", found.stderr)

    def test_validate_judges_each_line(self):
        number = self.register()["individual_number"]
        wrong = number[:11] + str((int(number[11]) + 1) % 10)
        spaced = f"{number[:4]} {number[4:8]} {number[8:]}"
        self.run_client("number", "validate", stdin=f"{number}\n\n{spaced}\n")
        done = self.run_client("number", "validate", "--output", "json", stdin=f"{number}\n{wrong}\n12\n12345678901x\n",
                               ends_with=REFUSED)
        verdicts = [json.loads(line)["verdict"] for line in done.stdout.splitlines()]
        self.assertEqual(verdicts,
                         ["VERDICT_ISSUED", "VERDICT_WRONG_CHECK_DIGIT", "VERDICT_WRONG_LENGTH", "VERDICT_NOT_DIGITS"])
        self.assertNotIn(number, done.stdout)

    def test_find_asks_without_echo_at_a_terminal(self):
        person = self.register()
        output, code = self.at_terminal(["number", "find", "--purpose", "disaster", "--reference", "D-1"],
                                        [person["individual_number"]])
        self.assertEqual(code, DONE, output)
        self.assertIn(person["name"], output)
        self.assertNotIn(person["individual_number"], output)


class ResidentTest(ClientTest):
    def test_show_list_and_find(self):
        person = self.register(full_name="検索 一子", name_kana="ケンサク イチコ", birth_date="1977-07-07",
                               municipality_code="131041")
        shown = self.run_client("resident", "show", person["name"], MYNUMBER_AUTHORITY="municipality/131041").stdout
        self.assertRegex(shown, r"Full name +検索 一子\n")
        self.assertNotIn(person["individual_number"], shown)
        listed = self.run_client("resident",
                                 "list",
                                 "--municipality",
                                 "131041",
                                 MYNUMBER_AUTHORITY="municipality/131041")
        self.assertRegex(listed.stdout, rf"{person['name']}  \*{{8}}\d{{4}}  1977-07-07  registered +1  検索 一子\n")
        found = self.run_client("resident",
                                "find",
                                stdin=json.dumps({
                                    "full_name": "ケンサク イチコ",
                                    "birth_date": "1977-07-07"
                                }),
                                MYNUMBER_AUTHORITY="municipality/131041")
        self.assertRegex(found.stdout, rf"{person['name']}  registered +検\*+")
        self.assertEqual(self.error_of("resident", "show", "residents/" + "0" * 32)["reason"], "RESIDENT_UNKNOWN")
        self.assertEqual(self.error_of("resident", "show", "nobody")["reason"], "RESIDENT_NAME_MALFORMED")

    def test_a_life(self):
        person = self.register(birth_date="1950-05-05")
        name, today = person["name"], time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600))
        moved = self.run_client("resident", "move", name, stdin=json.dumps(
            {"move_date": today, "address": "大阪府大阪市架空町3", "postal_code": "5300001", "municipality_code": "271004"}))
        self.assertIn(name, moved.stdout)
        there = {"MYNUMBER_AUTHORITY": "municipality/271004"}
        corrected = self.run_client("resident", "correct", name, "--reason", "spelling", stdin='{"name_kana":"シケン ハナ"}',
                                    **there)
        self.assertRegex(corrected.stdout, r"Kana +シケン ハナ\n")
        departed = self.run_client("resident", "depart", name, stdin=json.dumps({"departure_date": today}), **there)
        self.assertRegex(departed.stdout, r"State +departed\n")
        details = {
            key: value for key, value in somebody(birth_date="1950-05-05").items() if key != "resident_record_code"
        }
        back = self.run_client("resident", "return", name, stdin=json.dumps({"return_date": today, **details}))
        self.assertRegex(back.stdout, r"State +registered\n")
        changed = self.run_client("resident", "change-code", name, "--evidence", "FORM-1",
                                  stdin=json.dumps({"resident_record_code": str(next(CODES))}))
        self.assertIn(person["masked_individual_number"], changed.stdout)
        dead = self.run_client("resident", "death", name, stdin=json.dumps({"death_date": today}))
        self.assertRegex(dead.stdout, r"State +deceased\n")
        self.assertEqual(
            self.error_of("resident", "depart", name, stdin=json.dumps({"departure_date": today}))["reason"],
            "RESIDENT_DECEASED")

    def test_void(self):
        name = self.register()["name"]
        voided = self.run_client("resident", "void", name, "--evidence", "FORM-2", "--reason", "registered twice")
        self.assertRegex(voided.stdout, r"State +voided\n")


class OperationsTest(ClientTest):
    def test_outcome(self):
        key = "00000000-0000-4000-8000-0000000000a1"
        self.assertIn("safe to send again", self.run_client("outcome", key, ends_with=REFUSED).stdout)
        person = json.dumps(somebody())
        self.run_client("resident", "register", "--request-id", key, stdin=person)
        self.assertTrue(self.run_client("outcome", key).stdout.startswith("Accepted.\n"))
        self.assertEqual(self.json_of("outcome", key)["outcome"], "OUTCOME_ACCEPTED")
        other = json.dumps(somebody())
        self.assertEqual(
            self.error_of("resident", "register", "--request-id", key, stdin=other)["reason"], "REQUEST_ID_REUSED")

    def test_the_log_as_json_and_as_protobuf(self):
        person = self.register(full_name="秘密 花子", address="秘密の町5")
        lines = [json.loads(line) for line in self.run_client("log", "export").stdout.splitlines()]
        self.assertEqual({line["partition"] for line in lines if line["kind"] == "partition_opened"}, {0, 1, 2, 3})
        events = [event for line in lines for event in line.get("events", [])]
        mine = [event for event in events if event["subject"] == person["name"]]
        self.assertEqual(len(mine), 1)
        self.assertTrue(mine[0]["sealed_payload"])
        text = json.dumps(lines, ensure_ascii=False)
        for secret in ("秘密", person["individual_number"]):
            self.assertNotIn(secret, text)
        one = self.run_client("log", "export", "--partition", "2").stdout.splitlines()
        self.assertEqual({json.loads(line)["partition"] for line in one}, {2})
        parts = [self.cluster.folder / f"log-{partition}.bin" for partition in range(4)]
        for partition, file in enumerate(parts):
            self.run_client("log", "export", "--output", "protobuf", "--partition", str(partition), "--file", file)
        whole = self.cluster.folder / "log.bin"
        self.run_client("log", "export", "--output", "protobuf", "--file", whole)
        for files in (parts, [whole]):
            words = [word for file in files for word in ("--export", file)]
            words += ["--keyring", self.cluster.data / "keyring"]
            checker = subprocess.run([sys.executable, ROOT / "tests/outside/check_log.py", *words],
                                     stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT,
                                     text=True)
            self.assertEqual(checker.returncode, 0, checker.stdout)

    def test_a_reader_that_has_seen_enough_is_no_error(self):
        for _ in range(3):
            self.register()
        done = subprocess.run(["bash", "-c", f"'{CLIENT}' log export | head -n 1; exit ${{PIPESTATUS[0]}}"],
                              env=self.cluster.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual((done.returncode, done.stderr), (DONE, ""))
        self.assertEqual(json.loads(done.stdout)["kind"], "partition_opened")

    def test_status_verify_and_digest(self):
        self.register()
        status = self.run_client("status").stdout.splitlines()
        places = [re.match(r"(\w+) +(\d)  serving ", line) for line in status[1:]]
        self.assertEqual([place and place.groups() for place in places],
                         [(service, str(p)) for service in ("issuance", "notice", "card", "hotline") for p in range(4)])
        verified = self.run_client("verify")
        self.assertIn("Clean: the rows are what the log says.\n", verified.stdout)
        report = self.json_of("verify")
        self.assertTrue(report["clean"])
        self.assertEqual(report["residents"], report["numbers"])
        counts = [int(line.split()[1]) for line in self.run_client("digest", "131016").stdout.splitlines()[1:]]
        self.assertGreaterEqual(sum(counts), 1)

    def test_help_says_what_each_command_does_within_the_terminal(self):
        for words in ([], ["resident"], ["resident", "register"], ["number", "replace"], ["log", "export"]):
            output, code = self.at_terminal([*words, "--help"], [])
            self.assertEqual(code, DONE)
            for line in output.splitlines():
                self.assertLessEqual(len(line), 80, line)
        documented = (ROOT / "services" / "mynumberctl" / "README.md").read_text()
        codes = re.findall(r"(?m)^  (\d)  (.*)$", self.run_client("--help").stdout)
        self.assertEqual([number for number, _ in codes], list("012345"))
        for number, meaning in codes:
            self.assertRegex(documented, rf"(?m)^\| `{number}` \| {re.escape(meaning)}")


class ServerTest(ClientTest):
    """Cases that stop the cluster."""

    def test_no_server(self):
        done = self.run_client("status", "--server", f"127.0.0.1:{running_cluster.free_port()}", ends_with=UNAVAILABLE)
        self.assertIn("start it with deploy/run", done.stderr)

    def test_a_load_that_is_cut_off_is_safe_to_repeat(self):
        file = self.cluster.folder / "many.csv"
        subprocess.run(
            [sys.executable, ROOT / "deploy/sample/generate.py", "--count", "20000", "--seed", "3", "--output", file],
            check=True)
        words = ["resident", "register", "--file", file, "--batch-rows", "100", "--batches-in-flight", "1"]
        with subprocess.Popen([CLIENT, *words],
                              env=self.cluster.environment(MYNUMBER_AUTHORITY=""),
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE,
                              text=True) as load:
            while self.applied_sequence() < 20 and load.poll() is None:
                time.sleep(0.01)
            self.cluster.stop(signal.SIGKILL)
            out, err = load.communicate(timeout=120)
        self.assertEqual(load.returncode, UNAVAILABLE, out + err)
        self.assertIn("run the same command again, nobody is registered twice", err)
        self.cluster.start()
        again = self.run_client(*words, MYNUMBER_AUTHORITY="")
        self.assertIn("20,000 residents are registered, 0 rows were refused", again.stdout)
        report = self.json_of("verify")
        self.assertEqual((report["residents"], report["numbers"], report["clean"]), ("20000", "20000", True))

    def applied_sequence(self):
        done = self.cluster.client("status", "--output", "json")
        return sum(int(p["sequence"]) for p in json.loads(done.stdout)["partitions"]) if done.returncode == DONE else 0


if __name__ == "__main__":
    unittest.main()

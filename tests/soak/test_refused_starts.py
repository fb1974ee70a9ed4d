"""A start that would damage what is there is refused in a plain sentence, and nothing is changed by it."""

import json
import shutil
import tempfile
import unittest

import binaries
import checks
import sizes
from load import DONE, Load
from server import Server

ROWS = 1000


@unittest.skipIf(sizes.FAST, "slow")
class RefusedStartTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        binaries.folder()
        cls.folder = tempfile.TemporaryDirectory(prefix="mynumber-soak-starts-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.server = Server(cls.folder.name)
        cls.addClassCleanup(cls.server.end)
        cls.load = Load(cls.folder.name, ROWS, sizes.SEED)
        cls.server.start_and_serve()
        cls.load.send(cls.server).wait()
        cls.server.stop()
        cls.keyring_text = cls.server.keyring.read_text()
        cls.other_keyring = cls.make_another_keyring()

    @classmethod
    def make_another_keyring(cls):
        other = Server(cls.folder.name)
        other.data = other.folder / "other"
        other.keyring = other.data / "keyring"
        other.start_and_serve()
        other.stop()
        return other.keyring

    def assert_refused(self, sentence, *options):
        code, words = self.server.refused_start(*options)
        self.assertEqual(code, 1)
        self.assertRegex(words, f"(?m)^mynumber-standalone: {sentence}$")
        for line in self.keyring_text.splitlines()[1:]:
            self.assertNotIn(line.split()[-1], words)

    def assert_untouched(self):
        """The right start finds everything as it was, but for its own claims."""
        self.server.start_and_serve()
        try:
            inside, outside = checks.assert_clean(self, self.server, self.load)
            self.assertEqual(inside["residents"], ROWS)
            changes = outside["events"] - ROWS
            self.assertEqual(outside["answers"], ROWS + changes)
            again = self.load.send(self.server).wait()
            self.assertEqual(again.codes, (DONE, DONE), again)
            self.assertEqual(checks.check_outside(self.server, self.load)["events"], ROWS + changes)
            self.assertEqual(self.load.registrations_that_differ(), (ROWS, 0))
        finally:
            self.server.stop()
            for path in self.load.answer_files[2:]:
                path.unlink()
            del self.load.answer_files[2:], self.load.registration_files[1:]

    def test_the_keyring_is_missing(self):
        aside = self.server.keyring.rename(self.server.data / "keyring.aside")
        self.assert_refused("what is in .* was written with a keyring that is not at .*: put it back there .*")
        self.assertFalse(self.server.keyring.exists())
        aside.rename(self.server.keyring)
        self.assert_untouched()

    def test_another_keyring(self):
        self.assert_refused("this log was written with another key of the numbers: start with the keyring it was "
                            "created with", "--keyring", self.other_keyring)
        self.assert_untouched()

    def test_another_keyring_where_the_rows_are_to_be_folded_afresh(self):
        aside = (self.server.data / "issuance").rename(self.server.data / "issuance.aside")
        self.assert_refused("this log was written with another key of the numbers: .*",
                            "--keyring", self.other_keyring)
        self.assertFalse((self.server.data / "issuance").exists(), "it must end before it makes rows")
        aside.rename(self.server.data / "issuance")
        self.assert_untouched()

    def test_a_damaged_keyring(self):
        self.addCleanup(self.server.keyring.write_text, self.keyring_text)
        line = self.keyring_text.splitlines()[1]
        self.server.keyring.write_text(self.keyring_text.replace(line, line[:-1] + ("0" if line[-1] != "0" else "1")))
        self.assert_refused("The keyring .* cannot be used, since .*: restore it from its backup.")
        self.server.keyring.write_text(self.keyring_text)
        self.assert_untouched()

    def test_a_keyring_that_others_may_read(self):
        self.server.keyring.chmod(0o644)
        self.assert_refused("The keyring .* is open to others than its owner: run `chmod 600 .*`, and find out who "
                            "could have read it.")
        self.server.keyring.chmod(0o600)
        self.assert_untouched()

    def test_another_number_of_partitions(self):
        self.assert_refused("the log of issuance was created with 4 partitions, and this start asks for 8: start with "
                            "the former number", "--partitions", "8")
        self.assert_untouched()

    def test_a_second_process_on_the_same_data(self):
        self.server.start_and_serve()
        self.addCleanup(self.server.stop)
        second = Server(self.folder.name)
        code, words = second.refused_start()
        self.assertEqual(code, 1)
        self.assertRegex(words, "(?m)^mynumber-standalone: another process uses .*: stop it first, "
                                "or start with another --data$")
        self.assertEqual(json.loads(self.server.control("--output", "json", "verify").stdout)["clean"], True)
        self.server.stop()
        self.assert_untouched()

    def test_a_folder_of_data_that_cannot_be_made(self):
        blocked = self.server.folder / "a-file"
        blocked.write_text("")
        self.addCleanup(blocked.unlink)
        self.assert_refused("cannot make .*/a-file/data: .*", "--data", blocked / "data")

    def test_a_log_restored_from_an_older_copy(self):
        """Not refused, but never taken for the same history: the rows are folded afresh from what the log has."""
        copy = self.server.data / "log.older"
        shutil.copytree(self.server.data / "log", copy)
        self.addCleanup(shutil.rmtree, copy, ignore_errors=True)
        probe = {"resident_record_code": "99999999990", "full_name": "見本 後日", "birth_date": "1990-01-01",
                 "address": "架空町1丁目", "postal_code": "1009901", "municipality_code": "131016"}
        self.server.start_and_serve()
        ended = self.server.control("--clerk", "soak", "resident", "register", input=json.dumps(probe))
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.server.stop()
        shutil.rmtree(self.server.data / "log")
        copy.rename(self.server.data / "log")
        self.assert_untouched()


if __name__ == "__main__":
    unittest.main()

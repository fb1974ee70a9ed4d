"""Do shares restore a keyring, and only enough of them, and only whole ones of one split?"""

import itertools
import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))
import shares  # noqa: E402  (beside this file)


class EscrowTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mynumber-escrow-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.keyring = self.folder / "keyring"
        # Of a keyring's size; the tool never looks into it.
        self.keyring.write_bytes(b"mynumber-keyring 1\n" + os.urandom(1400))

    def escrow(self, *words, code=0):
        done = subprocess.run([HERE / "escrow", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True)
        self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def split(self, name="shares", *words):
        self.escrow("split", "--keyring", self.keyring, "--into", self.folder / name, *words)
        return sorted((self.folder / name).iterdir())

    def test_every_choice_of_enough_shares_restores_the_keyring_and_no_fewer_do(self):
        made = self.split()
        self.assertEqual(len(made), 5)
        for chosen in itertools.combinations(made, 3):
            restored = self.folder / "restored"
            self.escrow("combine", "--into", restored, *chosen)
            self.assertEqual(restored.read_bytes(), self.keyring.read_bytes())
            self.assertEqual(stat.S_IMODE(restored.stat().st_mode), 0o600)
            restored.unlink()
        for chosen in itertools.combinations(made, 2):
            said = self.escrow("combine", "--into", self.folder / "restored", *chosen, chosen[0], code=1)
            self.assertIn("3 different shares are needed, and 2 are here", said)
        self.assertFalse((self.folder / "restored").exists())

    def test_fewer_shares_than_needed_do_not_come_to_it_by_the_arithmetic_either(self):
        few = [share._replace(needed=2) for share in map(shares.parsed, self.split()[:2])]
        with self.assertRaisesRegex(shares.Refused, "do not come to the keyring"):
            shares.combine(few)

    def test_no_share_and_nothing_left_behind_holds_a_piece_of_the_keyring(self):
        before = set(pathlib.Path(tempfile.gettempdir()).glob("mynumber-escrow-*"))
        made = self.split()
        self.escrow("combine", "--into", self.folder / "restored", *made)
        self.assertEqual(set(pathlib.Path(tempfile.gettempdir()).glob("mynumber-escrow-*")), before)
        pieces = {self.keyring.read_bytes()[at:at + 8] for at in range(19, 1400)}
        for path in made:
            data = shares.parsed(path).bytes
            self.assertFalse(pieces & {data[at:at + 8] for at in range(len(data))})
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)

    def test_a_drill_tells_the_keyring_from_an_older_one(self):
        made = self.split()
        said = self.escrow("drill", "--keyring", self.keyring, *made[1:4])
        self.assertIn("these 3 shares restore", said)
        self.keyring.write_bytes(self.keyring.read_bytes() + b"one more key")
        self.assertIn("split it anew", self.escrow("drill", "--keyring", self.keyring, *made[1:4], code=1))

    def test_a_damaged_share_is_named(self):
        made = self.split()
        text = made[1].read_text()
        at = text.index("\n", text.index("needed")) + 5
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:]
        made[1].write_text(changed)
        said = self.escrow("drill", "--keyring", self.keyring, *made[:3], code=1)
        self.assertIn("share-2.txt is damaged", said)
        for text in ("", "no share", changed.replace("needed", "")):
            made[1].write_text(text)
            said = self.escrow("drill", "--keyring", self.keyring, *made[:3], code=1)
            self.assertIn("share-2.txt is no share", said)

    def test_a_share_that_was_changed_with_its_checksum_does_not_restore_anything(self):
        made = self.split()
        forged = shares.parsed(made[0])
        forged = forged._replace(bytes=bytes([forged.bytes[0] ^ 1]) + forged.bytes[1:])
        made[0].write_text(shares.written(forged))
        said = self.escrow("combine", "--into", self.folder / "restored", *made[:3], code=1)
        self.assertIn("one of them was changed", said)
        self.assertFalse((self.folder / "restored").exists())

    def test_shares_of_two_splits_are_not_mixed(self):
        made = self.split()
        self.keyring.write_bytes(self.keyring.read_bytes() + b"one more key")
        others = self.split("others")
        self.assertIn("different keyrings", self.escrow("drill", "--keyring", self.keyring, *made[:2], others[0],
                                                        code=1))

    def test_nothing_is_overwritten(self):
        made = self.split()
        texts = [path.read_bytes() for path in made]
        said = self.escrow("split", "--keyring", self.keyring, "--into", self.folder / "shares", code=1)
        self.assertIn("share-1.txt is already there", said)
        self.assertEqual([path.read_bytes() for path in made], texts)
        before = self.keyring.read_bytes()
        self.assertIn("nothing is overwritten", self.escrow("combine", "--into", self.keyring, *made, code=1))
        self.assertEqual(self.keyring.read_bytes(), before)

    def test_a_split_that_protects_nothing_or_cannot_be_is_refused(self):
        for words in (("--needed", 1), ("--needed", 6), ("--shares", 256)):
            said = self.escrow("split", "--keyring", self.keyring, "--into", self.folder / "shares", *words, code=1)
            self.assertIn("shares cannot be", said)
        said = self.escrow("split", "--keyring", self.folder / "none", "--into", self.folder / "shares", code=1)
        self.assertIn("cannot be read", said)
        self.assertFalse((self.folder / "shares").exists())


if __name__ == "__main__":
    unittest.main()

"""What is kept of a run is little, and nobody's."""

import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import kept_inputs  # noqa: E402
import run_targets  # noqa: E402

# The last digit of a sample, made wrong and right again for another body.
SAMPLE = b"123456789018"


def well_formed(body):
    return next(body + str(last) for last in range(10) if kept_inputs.is_well_formed(body + str(last)))


class KeptInputsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.found, self.kept = pathlib.Path(folder.name, "found"), pathlib.Path(folder.name, "kept")
        self.found.mkdir()
        self.kept.mkdir()

    def names(self):
        return sorted(file.name for file in self.kept.iterdir())

    def test_what_was_kept_gives_way_but_for_what_broke_a_law(self):
        (self.kept / "old").write_bytes(b"old")
        (self.kept / "crash-1").write_bytes(b"worse")
        (self.found / "new").write_bytes(b"new")
        kept_inputs.replace(self.kept, self.found)
        self.assertEqual(self.names(), ["crash-1", "new"])

    def test_as_many_as_fit_those_that_were_merged_first_before_others(self):
        names = [f"{i:03}" for i in reversed(range(kept_inputs.FILES_MAX + 5))]
        for i, name in enumerate(names):
            (self.found / name).write_bytes(b"x" * (i + 1))
            os.utime(self.found / name, ns=(i, i))
        kept_inputs.replace(self.kept, self.found)
        self.assertEqual(self.names(), sorted(names[:kept_inputs.FILES_MAX]))

    def test_what_does_not_fit_leaves_room_for_others(self):
        for i, size in enumerate((kept_inputs.BYTES_MAX - 1, 2, 1)):
            (self.found / str(i)).write_bytes(bytes(size))
            os.utime(self.found / str(i), ns=(i, i))
        kept_inputs.replace(self.kept, self.found)
        self.assertEqual(self.names(), ["0", "2"])

    def test_no_number_that_may_be_somebodys(self):
        number = well_formed("01234567890").encode()
        for name, content in {"plain": number, "spaced": b"x" + number[:4] + b" " + number[4:8] + b"-" + number[8:],
                              "sample": SAMPLE, "longer": b"9" + number}.items():
            (self.found / name).write_bytes(content)
        kept_inputs.replace(self.kept, self.found)
        self.assertEqual(self.names(), ["longer", "sample"])


class ReportTest(unittest.TestCase):
    def test_figures_are_libfuzzers_own(self):
        log = ("#2\tINITED cov: 41 ft: 42 corp: 1/1b exec/s: 0 rss: 35Mb\n#8192\tpulse  cov: 50 ft: 60 corp: 9/3Kb\n"
               "#9000\tDONE   cov: 55 ft: 66 corp: 12/4Kb\nstat::number_of_executed_units: 9000\n")
        figures = run_targets.figures_of(log)
        self.assertEqual((figures["executions"], figures["coverage"]), (9000, 55))

    def test_a_run_that_never_began_has_none(self):
        self.assertEqual(run_targets.figures_of("")["executions"], 0)

    def test_every_target_is_found(self):
        self.assertIn("photographs", run_targets.TARGETS)
        self.assertNotIn("replay_test", run_targets.TARGETS)
        for target in run_targets.TARGETS:
            self.assertIn(f'"{target}": [', (run_targets.FOLDER / "BUILD.bazel").read_text(), target)
            self.assertTrue(kept_inputs.files_of(run_targets.CORPUS / target), f"no input is kept for {target}")


if __name__ == "__main__":
    unittest.main()

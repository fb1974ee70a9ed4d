"""Is the unit what it should be? Its flags are those of the binary, every restriction of the list below stands in it,
systemd itself has nothing to say against it, and the binary serves under its filter of system calls."""

import ctypes
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
sys.path.insert(0, str(ROOT / "tests"))
import running_cluster  # noqa: E402

ANALYZE = shutil.which("systemd-analyze")
BINARY = "/usr/local/bin/mynumber-standalone"
# An orderly stop takes at most so long.
STOP_SECONDS_MAX = 15
# Ten times what `systemd-analyze security` may say at most, of 10: 0 is no process at all, 9.6 an unconfined one.
EXPOSURE_MAX = 15

# directive -> the values that it has, all of them. Taking one away is a decision, not a repair.
RESTRICTIONS = {
    "User": ["mynumber"],
    "Group": ["mynumber"],
    "UMask": ["0077"],
    "LoadCredential": ["keyring:/etc/mynumber/keyring"],
    "StateDirectory": ["mynumber"],
    "StateDirectoryMode": ["0700"],
    "ProtectSystem": ["strict"],
    "ProtectHome": ["yes"],
    "PrivateTmp": ["yes"],
    "PrivateDevices": ["yes"],
    "DevicePolicy": ["closed"],
    "PrivateMounts": ["yes"],
    "NoExecPaths": ["/"],
    "NoNewPrivileges": ["yes"],
    "CapabilityBoundingSet": [""],
    "AmbientCapabilities": [""],
    "ProtectKernelTunables": ["yes"],
    "ProtectKernelModules": ["yes"],
    "ProtectKernelLogs": ["yes"],
    "ProtectControlGroups": ["yes"],
    "ProtectClock": ["yes"],
    "ProtectHostname": ["yes"],
    "ProtectProc": ["invisible"],
    "PrivateUsers": ["yes"],
    "PrivateIPC": ["yes"],
    "RemoveIPC": ["yes"],
    "KeyringMode": ["private"],
    "RestrictNamespaces": ["yes"],
    "RestrictRealtime": ["yes"],
    "RestrictSUIDSGID": ["yes"],
    "LockPersonality": ["yes"],
    "MemoryDenyWriteExecute": ["yes"],
    "SystemCallArchitectures": ["native"],
    "SystemCallErrorNumber": ["EPERM"],
    "RestrictAddressFamilies": ["AF_INET AF_INET6 AF_UNIX"],
    "IPAddressDeny": ["any"],
    "IPAddressAllow": ["localhost"],
    "LimitCORE": ["0"],
    "LimitMEMLOCK": ["64M"],
    "MemorySwapMax": ["0"],
}
# What a drop-in for another place may say.
OF_DROP_INS = {"RequiresMountsFor", "Environment", "LoadCredential", "ReadWritePaths", "IPAddressAllow"}
# System calls that are of no use to a server, and of much to whoever took it over.
FORBIDDEN = {"ptrace", "process_vm_readv", "process_vm_writev", "mount", "bpf", "keyctl", "setuid", "chown", "unshare",
             "setns", "init_module", "kexec_load", "perf_event_open", "userfaultfd", "open_by_handle_at", "kcmp"}


def directives(name):
    """directive -> its values in the order that they stand, with continued lines joined as systemd does."""
    text = re.sub(r"^[#;].*\n", "", (FOLDER / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {}
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        key, separator, value = line.partition("=")
        if separator:
            found.setdefault(key, []).append(value)
    return found


def drop_ins():
    return sorted(file.name for file in FOLDER.glob("*.conf"))


def flags_of(values):
    return {flag for value in values for flag in re.findall(r"--(\w+)", value)}


def seconds_of(value):
    return int(value.removesuffix("s"))


def calls_of(words):
    """The system calls that these names and @sets stand for."""
    sets = [word for word in words if word[0] == "@"]
    calls = set(words) - set(sets)
    if sets:  # none means all
        shown = subprocess.run([ANALYZE, "syscall-filter", "--no-pager", *sets], check=True, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True).stdout
        calls |= calls_of({line.strip() for line in shown.splitlines() if re.match(" +[^# ]", line)})
    return calls


def allowed_calls():
    allowed = calls_of(["@default"])
    for value in directives("mynumber.service")["SystemCallFilter"]:
        if value.startswith("~"):
            allowed -= calls_of(value[1:].split())
        else:
            allowed |= calls_of(value.split())
    # Systemd keeps what it starts a process with.
    return allowed | {"execve", "exit", "exit_group"}


class UnitTest(unittest.TestCase):
    def test_what_it_starts_with_are_flags_of_the_binary(self):
        unit = directives("mynumber.service")
        self.assertEqual(len(unit["ExecStart"]), 1)
        self.assertTrue(unit["ExecStart"][0].startswith(BINARY + " "))
        known = running_cluster.standalone_flags()
        self.assertGreater(len(known), 20)
        self.assertLessEqual({"data", "keyring", "listen", "admin", "topics"}, flags_of(unit["ExecStart"]))
        for name in ["mynumber.service", *drop_ins()]:
            one = directives(name)
            self.assertLessEqual(flags_of(one.get("ExecStart", []) + one.get("Environment", [])), known, name)

    def test_every_restriction_stands_in_it(self):
        unit = directives("mynumber.service")
        for directive, values in RESTRICTIONS.items():
            with self.subTest(directive):
                self.assertEqual(unit.get(directive), values)

    def test_nothing_but_itself_can_be_executed(self):
        paths = directives("mynumber.service")["ExecPaths"][0].split()
        self.assertEqual(paths[0], BINARY)
        # Libraries are mapped as code, and the loader is one.
        self.assertLessEqual(set(paths[1:]), {"/usr/lib", "-/usr/lib64"})

    def test_a_stop_has_time(self):
        unit = directives("mynumber.service")
        self.assertGreaterEqual(seconds_of(unit["TimeoutStopSec"][0]), 2 * STOP_SECONDS_MAX)
        self.assertEqual(unit["KillSignal"], ["SIGTERM"])

    def test_by_itself_it_is_for_callers_on_this_machine(self):
        start = directives("mynumber.service")["ExecStart"][0]
        for flag in ("listen", "admin"):
            self.assertRegex(start, rf"--{flag}=127\.0\.0\.1:\d+ ")

    def test_drop_ins_lift_no_restriction(self):
        self.assertIn("cluster.conf", drop_ins())
        for name in drop_ins():
            self.assertLessEqual(set(directives(name)), OF_DROP_INS, name)

    def test_the_keyring_stands_nowhere_but_in_memory(self):
        unit = directives("mynumber.service")
        self.assertIn("--keyring=${CREDENTIALS_DIRECTORY}/keyring ", unit["ExecStart"][0])
        self.assertFalse([value for value in unit["Environment"] if "key" in value.lower()])

    def test_the_user_is_the_one_of_the_image(self):
        words = (FOLDER / "mynumber.sysusers").read_text(encoding="utf-8").splitlines()[-1].split()
        self.assertEqual(words[:3], ["u", "mynumber", "10001"])
        self.assertEqual(words[-1], "/usr/sbin/nologin")
        self.assertIn("USER 10001:10001", (ROOT / "deploy/images/Dockerfile").read_text(encoding="utf-8"))


@unittest.skipUnless(ANALYZE, "this machine has no systemd-analyze")
class SystemdTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="mynumber-systemd-")))
        # The binary need not be installed for its unit to be checked.
        text = (FOLDER / "mynumber.service").read_text(encoding="utf-8")
        self.unit = self.folder / "mynumber.service"
        self.unit.write_text(text.replace(BINARY + " \\", "/usr/bin/true \\"), encoding="utf-8")
        (self.folder / "mynumber.service.d").mkdir()

    def analyze(self, *words):
        return subprocess.run([ANALYZE, *words, self.unit], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def put(self, drop_in):
        for old in (self.folder / "mynumber.service.d").iterdir():
            old.unlink()
        if drop_in:
            shutil.copy(FOLDER / drop_in, self.folder / "mynumber.service.d")

    def test_it_has_nothing_to_say(self):
        for name in [None, *drop_ins()]:
            with self.subTest(name):
                self.put(name)
                done = self.analyze("verify", "--man=no")
                self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_a_mistake_would_be_seen(self):
        (self.folder / "mynumber.service.d" / "wrong.conf").write_text("[Service]\nProtectSystems=strict\n")
        self.assertIn("Unknown key", self.analyze("verify", "--man=no").stdout)

    def test_little_is_exposed(self):
        for name in [None, *drop_ins()]:
            with self.subTest(name):
                self.put(name)
                done = self.analyze("security", "--offline=true", "--no-pager", f"--threshold={EXPOSURE_MAX}")
                self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_user_is_described_as_systemd_wants_it(self):
        if not shutil.which("systemd-sysusers"):
            self.skipTest("this machine has no systemd-sysusers")
        done = subprocess.run(["systemd-sysusers", "--dry-run", FOLDER / "mynumber.sysusers"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("Failed", done.stdout)

    def test_system_calls_that_only_a_thief_needs_are_refused(self):
        allowed = allowed_calls()
        self.assertGreater(len(allowed), 200)
        self.assertEqual(allowed & FORBIDDEN, set())


def load_seccomp():
    """libseccomp, which systemd itself uses; None where it is not."""
    try:
        library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    except OSError:
        return None
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = [ctypes.c_uint32]
    library.seccomp_rule_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint]
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    library.seccomp_syscall_resolve_name.argtypes = [ctypes.c_char_p]
    return library


SECCOMP = load_seccomp()
PERMITTED = 0x7FFF0000
REFUSED_WITH_EPERM = 0x00050001
RESIDENT = {"resident_record_code": "10000000010", "full_name": "見本 花子", "birth_date": "1990-04-01",
            "address": "東京都千代田区架空町1-2", "postal_code": "1000001", "municipality_code": "131016"}


def filter_of(calls):
    """To be called in a process about to be executed: from then on it has these system calls alone."""
    made = SECCOMP.seccomp_init(REFUSED_WITH_EPERM)
    for name in sorted(calls):
        number = SECCOMP.seccomp_syscall_resolve_name(name.encode())
        # Names of other processors' calls are negative.
        if number >= 0 and SECCOMP.seccomp_rule_add(made, PERMITTED, number, 0) != 0:
            raise OSError(f"no rule for {name}")

    def apply():
        if SECCOMP.seccomp_load(made) != 0:
            os._exit(99)

    return apply


@unittest.skipUnless(ANALYZE and SECCOMP, "this machine has no systemd-analyze or no libseccomp")
class FilteredTest(unittest.TestCase):
    """The real binary with the real filter; the rest of the unit needs systemd itself."""

    @classmethod
    def setUpClass(cls):
        running_cluster.build()

    def start(self, cluster):
        cluster.data.mkdir()
        with open(cluster.data / "standalone.log", "ab") as log:
            cluster.process = subprocess.Popen(
                [running_cluster.STANDALONE, f"--data={cluster.data}", f"--listen={cluster.address}",
                 f"--admin={cluster.admin}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=filter_of(allowed_calls()))
        self.wait_until(lambda: cluster.answers("readyz"), cluster)

    def wait_until(self, holds, cluster):
        deadline = time.monotonic() + running_cluster.READY_SECONDS_MAX
        while not holds():
            self.assertIsNone(cluster.process.poll(), cluster.log_text())
            self.assertLess(time.monotonic(), deadline, cluster.log_text())
            time.sleep(0.05)

    def test_the_binary_serves_and_stops_under_the_filter(self):
        with running_cluster.RunningCluster(starts=False) as cluster:
            self.start(cluster)
            self.assertIn("Seccomp:\t2", pathlib.Path(f"/proc/{cluster.process.pid}/status").read_text())
            made = cluster.client("resident", "register", "--output", "json",
                                  stdin=json.dumps(RESIDENT))
            self.assertEqual(made.returncode, 0, made.stderr)
            # Fonts, drawing and a QR code: what most libraries are there for.
            notice, file = json.loads(made.stdout)["name"] + "/notices/1", cluster.folder / "notice.pdf"
            self.wait_until(lambda: cluster.client("notice", "get", notice).returncode == 0, cluster)
            drawn = cluster.client("notice", "render", notice, "--file", file, "--mayor-title", "架空市長",
                                   "--mayor-name", "見本 市長")
            self.assertEqual(drawn.returncode, 0, drawn.stderr)
            self.assertEqual(file.read_bytes()[:5], b"%PDF-")
            self.assertEqual(cluster.stop(signal.SIGTERM), 0, cluster.log_text())

    def test_the_filter_holds(self):
        done = subprocess.run([sys.executable, "-c", "import os; os.chown('/', -1, -1)"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, preexec_fn=filter_of(allowed_calls()))
        self.assertIn("PermissionError", done.stdout)


if __name__ == "__main__":
    unittest.main()

"""Authority, certificates and the list of revoked ones, as openssl sees them."""

import os
import pathlib
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import unittest
import unittest.mock

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))
import authority  # noqa: E402  (beside this file)


def run(*words):
    return subprocess.run(list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


class CertsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mynumber-certs-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def make(self, *words, code=0):
        done = run(HERE / "make", "--folder", self.folder, *words)
        self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def revoke(self, name, code=0):
        done = run(HERE / "revoke", "--folder", self.folder, name)
        self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def text_of(self, name):
        return run("openssl", "x509", "-in", self.folder / name / "certificate.pem", "-noout", "-text").stdout

    def verify(self, name, purpose, listed=False):
        identity = self.folder / name
        words = ["-purpose", purpose, "-trusted", identity / "authority.pem",
                 "-untrusted", identity / "certificate.pem"]
        if listed:
            words += ["-crl_check", "-CRLfile", identity / "revoked.pem"]
        done = run("openssl", "verify", *words, identity / "certificate.pem")
        return done.returncode == 0, done.stdout

    def test_a_caller_and_a_server_have_what_they_need_and_no_more(self):
        self.make("--host", "issuance.example.jp", "--host", "192.0.2.7", "municipality/131016", "service/issuance")
        caller, server = self.text_of("municipality/131016"), self.text_of("service/issuance")
        self.assertIn("URI:spiffe://mynumber/municipality/131016\n", caller)
        self.assertIn("URI:spiffe://mynumber/service/issuance, DNS:localhost, IP Address:127.0.0.1, "
                      "DNS:issuance.example.jp, IP Address:192.0.2.7\n", server)
        self.assertNotIn("TLS Web Server Authentication", caller)
        self.assertIn("NIST CURVE: P-256", caller)
        self.assertEqual(self.verify("municipality/131016", "sslclient"), (True, unittest.mock.ANY))
        self.assertFalse(self.verify("municipality/131016", "sslserver")[0])
        self.assertTrue(self.verify("service/issuance", "sslclient")[0])
        self.assertTrue(self.verify("service/issuance", "sslserver")[0])

    def test_keys_are_their_owner_s_alone(self):
        os.umask(0)
        self.addCleanup(os.umask, 0o022)
        self.make("hotline", "service/card")
        keys = [file for file in self.folder.rglob("*key.pem") if not file.parent.is_symlink()]
        self.assertEqual(len(keys), 4)
        for key in keys:
            self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600, key)

    def test_the_root_may_be_taken_away(self):
        self.make("operator")
        (self.folder / "authority/root/key.pem").unlink()
        self.make("factory")
        self.assertTrue(self.verify("factory", "sslclient")[0])

    def test_a_new_certificate_comes_at_once_with_its_key(self):
        self.make("service/card")
        before = self.pair("service/card")
        seen, ended = [], threading.Event()

        def watch():
            while not ended.is_set():
                # One folder at one time: what a reader that opens it sees.
                version = (self.folder / "service/card").resolve()
                seen.append(run("openssl", "pkey", "-in", version / "key.pem", "-pubout").stdout ==
                            run("openssl", "x509", "-in", version / "certificate.pem", "-noout", "-pubkey").stdout)

        watcher = threading.Thread(target=watch)
        watcher.start()
        for _ in range(3):
            self.make("service/card")
        ended.set()
        watcher.join()
        self.assertNotEqual(self.pair("service/card"), before)
        self.assertGreater(len(seen), 3)
        self.assertTrue(all(seen))
        self.assertEqual(len(list((self.folder / "service/.card").iterdir())), 2)

    def pair(self, name):
        return tuple((self.folder / name / file).read_text() for file in ("key.pem", "certificate.pem"))

    def test_revoked_is_revoked_everywhere_and_a_new_one_is_not(self):
        self.make("hotline", "service/card")
        self.make("hotline")
        self.assertTrue(self.verify("hotline", "sslclient", listed=True)[0])
        self.assertIn("2 certificates revoked", self.revoke("hotline"))
        verified, why = self.verify("hotline", "sslclient", listed=True)
        self.assertFalse(verified)
        self.assertIn("certificate revoked", why)
        lists = {(self.folder / place / "revoked.pem").read_text() for place in (".", "hotline", "service/card")}
        self.assertEqual(len(lists), 1)
        self.make("hotline")
        self.assertTrue(self.verify("hotline", "sslclient", listed=True)[0])
        self.assertTrue(self.verify("service/card", "sslserver", listed=True)[0])

    def test_what_is_wrong_is_refused_in_a_sentence(self):
        self.assertIn("is no name", self.make("Municipality 1", code=1))
        self.assertIn("is no name", self.make("../x", code=1))
        self.assertIn("is no name", self.make("authority/root", code=1))
        said = self.make("--host", "a,URI:spiffe://mynumber/operator", "service/card", code=1)
        self.assertIn("neither a DNS name", said)
        self.assertIn("between 1 and", self.make("--days", "9999", "operator", code=1))
        self.assertIn("has no certificate here", self.revoke("factory", code=1))

    def test_no_key_and_no_secret_on_a_command_line(self):
        words = []
        real = subprocess.run

        def note(command, **rest):
            words.append(command)
            return real(command, **rest)

        with unittest.mock.patch.object(authority.subprocess, "run", note), authority.Authority(self.folder) as issuer:
            issuer.issue("operator", 1, [])
            issuer.revoke("operator")
        line = " ".join(word for command in words for word in command)
        self.assertGreater(len(words), 8)
        self.assertNotRegex(line, "pass(in|out|word)?:|-passin|-passout|BEGIN|-hex")

    def test_mutual_tls_between_two_identities(self):
        self.make("--days", "1", "service/issuance", "municipality/131016")
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        server = self.peer("s_server", "service/issuance", "-accept", port, "-Verify", "2",
                           "-verify_return_error", "-naccept", "1", "-www")
        self.addCleanup(server.communicate)
        self.assertIn("ACCEPT", server.stdout.readline() + server.stdout.readline() + server.stdout.readline())
        client = self.peer("s_client", "municipality/131016", "-connect", f"127.0.0.1:{port}", "-verify_return_error",
                           "-verify_hostname", "localhost", "-brief")
        said, _ = client.communicate("GET / HTTP/1.0\r\n\r\n", timeout=20)
        self.assertIn("Verification: OK", said)
        self.assertIn("TLSv1.3", said)

    def peer(self, kind, name, *words):
        identity = self.folder / name
        command = ["openssl", kind, *map(str, words), "-tls1_3", "-cert", identity / "certificate.pem", "-cert_chain",
                   identity / "certificate.pem", "-key", identity / "key.pem", "-CAfile", identity / "authority.pem"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True)


if __name__ == "__main__":
    unittest.main()

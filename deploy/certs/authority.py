"""The development authority: an offline root, an issuing authority under it, and what that has issued and revoked.

  F/authority/root/      certificate.pem, key.pem: needed only until the issuing authority is there; keep it elsewhere
  F/authority/issuing/   certificate.pem, key.pem
  F/authority/issued/    every certificate that may still be in use, by name and serial number
  F/authority/database   what is revoked, in the form of `openssl ca`
  F/NAME                 a link to the newest of F/NAME's folders: all its files change at once

Keys are made by openssl into files of mode 0600 and go by their names: none stands on a command line.
"""

import contextlib
import fcntl
import ipaddress
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import tempfile

TRUST_DOMAIN = "spiffe://mynumber/"
NAME = re.compile(r"(?!authority(/|$))[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*")
SERVERS = ("service/", "kafka/")
LOCAL_HOSTS = ("localhost", "127.0.0.1")
ROOT_DAYS = 3650
ISSUING_DAYS = 1825
LIST_DAYS = 30

ROOT_EXTENSIONS = """basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
"""
ISSUING_EXTENSIONS = """basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""
DATABASE_SETTINGS = """[ca]
default_ca = issuing
[issuing]
database = {home}/database
crlnumber = {home}/list_number
certificate = {home}/issuing/certificate.pem
private_key = {home}/issuing/key.pem
default_md = sha256
default_crl_days = {days}
crl_extensions = list
unique_subject = no
[list]
authorityKeyIdentifier = keyid
"""


class Refused(Exception):
    """A sentence for whoever asked."""


def check_name(name):
    if not NAME.fullmatch(name):
        raise Refused(f"{name!r} is no name: lower-case words with digits and hyphens, with / between them, and not "
                      "'authority'; as municipality/131016")


def extensions_of(name, hosts):
    """Who calls gets a client's certificate; a service is a server, and calls other services."""
    names = [f"URI:{TRUST_DOMAIN}{name}"]
    usage = "clientAuth"
    if name.startswith(SERVERS):
        usage = "serverAuth, clientAuth"
        names += [kind_of(host) + host for host in dict.fromkeys((*LOCAL_HOSTS, *hosts))]
    return (f"basicConstraints = critical, CA:false\nkeyUsage = critical, digitalSignature\n"
            f"extendedKeyUsage = {usage}\n"
            f"subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\nsubjectAltName = {', '.join(names)}\n")


def kind_of(host):
    try:
        ipaddress.ip_address(host)
        return "IP:"
    except ValueError:
        if not re.fullmatch(r"[A-Za-z0-9*]([A-Za-z0-9.*-]*[A-Za-z0-9])?", host):
            raise Refused(f"{host!r} is neither a DNS name nor an IP address") from None
        return "DNS:"


def openssl(*words):
    done = subprocess.run(["openssl", *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Refused(f"openssl {words[0]} failed:\n{done.stderr.strip()}")


def write_whole(file, text):
    """The file is there whole, or as it was."""
    begun = file.with_name(f".begun-{file.name}-{secrets.token_hex(4)}")
    with open(begun, "x", encoding="ascii") as out:
        os.fchmod(out.fileno(), 0o644)
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(begun, file)


class Authority:
    """All that one folder holds; one process at a time."""

    def __init__(self, folder):
        self._folder = folder.resolve()
        self._home = self._folder / "authority"
        self._exit = contextlib.ExitStack()

    def __enter__(self):
        self._home.mkdir(parents=True, exist_ok=True)
        os.chmod(self._home, 0o700)
        lock = self._exit.enter_context(open(self._home / "lock", "w", encoding="ascii"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in self._home.glob(".begun-*"):  # by a run that was killed
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        work = tempfile.TemporaryDirectory(prefix=".begun-", dir=self._home)
        self._work = pathlib.Path(self._exit.enter_context(work))
        (self._home / "issued").mkdir(exist_ok=True)
        for name, text in (("database", ""), ("list_number", "01\n")):
            if not (self._home / name).exists():
                write_whole(self._home / name, text)
        self._make_authorities()
        return self

    def __exit__(self, *error):
        self._exit.close()

    def issue(self, name, days, hosts):
        """Where the new certificate of `name` is."""
        if not 0 < days < ISSUING_DAYS:
            raise Refused(f"--days {days}: between 1 and {ISSUING_DAYS - 1}, what the issuing authority itself has")
        serial = secrets.token_hex(15)
        begun = self._work / "identity"
        begun.mkdir()
        key, request, certificate = begun / "key.pem", self._work / "request", self._work / "certificate"
        self._make_key(key)
        openssl("req", "-new", "-key", key, "-subj", f"/O=mynumber development/CN={name.rpartition('/')[2]}",
                "-out", request)
        self._sign(request, certificate, "issuing", serial, days, extensions_of(name, hosts))
        issued = self._home / "issued" / name
        issued.mkdir(parents=True, exist_ok=True)
        write_whole(issued / f"{serial}.pem", certificate.read_text())
        write_whole(begun / "certificate.pem", certificate.read_text() + self._certificate_of("issuing"))
        write_whole(begun / "authority.pem", self._certificate_of("root") + self._certificate_of("issuing"))
        write_whole(begun / "revoked.pem", self._revoked())
        return self._put_in_place(begun, name, serial)

    def revoke(self, name):
        """How many certificates of `name` are revoked now that were not."""
        check_name(name)
        issued = sorted((self._home / "issued" / name).glob("*.pem"))
        if not issued:
            raise Refused(f"{name} has no certificate here that could be revoked: names are as they were given to make")
        for certificate in issued:
            openssl("ca", "-config", self._settings(), "-revoke", certificate)
            certificate.unlink()
        self.publish_revoked()
        return len(issued)

    def publish_revoked(self):
        """Writes the list anew, and beside every certificate."""
        text = self._revoked()
        write_whole(self._folder / "revoked.pem", text)
        for link in self._folder.rglob("*"):
            if link.is_symlink() and (link / "certificate.pem").exists():
                write_whole(link / "revoked.pem", text)

    def _make_authorities(self):
        issuing = self._home / "issuing"
        if issuing.exists():
            return
        root = self._home / "root"
        if not root.exists():
            self._make_authority("root", "root", ROOT_DAYS, ROOT_EXTENSIONS)
        if not (root / "key.pem").exists():
            raise Refused(f"{root}/key.pem is needed for a new issuing authority: put the root's key back for this "
                          "command")
        self._make_authority("issuing", "root", ISSUING_DAYS, ISSUING_EXTENSIONS)

    def _make_authority(self, name, issuer, days, extensions):
        begun, request = self._work / name, self._work / "request"
        begun.mkdir()
        self._make_key(begun / "key.pem")
        openssl("req", "-new", "-key", begun / "key.pem", "-subj", f"/O=mynumber development/CN={name} authority",
                "-out", request)
        self._sign(request, begun / "certificate.pem", None if name == issuer else issuer, secrets.token_hex(15), days,
                   extensions, begun / "key.pem")
        begun.rename(self._home / name)

    def _make_key(self, file):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file)
        os.chmod(file, 0o600)

    def _sign(self, request, certificate, issuer, serial, days, extensions, own_key=None):
        (self._work / "extensions").write_text(extensions)
        signer = ["-signkey", own_key]
        if issuer:
            signer = ["-CA", self._home / issuer / "certificate.pem", "-CAkey", self._home / issuer / "key.pem"]
        openssl("x509", "-req", "-in", request, *signer, "-set_serial", f"0x{serial}", "-days", days, "-sha256",
                "-extfile", self._work / "extensions", "-out", certificate)

    def _certificate_of(self, authority):
        return (self._home / authority / "certificate.pem").read_text()

    def _settings(self):
        file = self._work / "settings"
        file.write_text(DATABASE_SETTINGS.format(home=self._home, days=LIST_DAYS))
        return file

    def _revoked(self):
        file = self._work / "revoked"
        openssl("ca", "-config", self._settings(), "-gencrl", "-out", file)
        return file.read_text()

    def _put_in_place(self, begun, name, serial):
        link = self._folder / name
        link.parent.mkdir(parents=True, exist_ok=True)
        if link.exists() and not link.is_symlink():
            raise Refused(f"{link} is there and was not made by this command: move it away, or take another name")
        versions = link.with_name(f".{link.name}")
        versions.mkdir(mode=0o700, exist_ok=True)
        before = os.readlink(link) if link.is_symlink() else ""
        os.chmod(begun, 0o700)
        begun.rename(versions / serial)
        begun_link = self._work / "link"
        begun_link.symlink_to(f".{link.name}/{serial}")
        os.replace(begun_link, link)
        # Who reads just now may still be in the folder before this one.
        for old in versions.iterdir():
            if old.name not in (serial, pathlib.PurePath(before).name):
                shutil.rmtree(old)
        return link

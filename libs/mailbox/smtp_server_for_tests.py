"""A real SMTP server (aiosmtpd) for tests: prints "ready PORT", and writes what it received into a folder.

usage: smtp_server_for_tests.py plain|starttls|smtps|silent FOLDER

FOLDER/N.txt holds mail N as Python's own parser of mails reads it: envelope and headers, a line each, an empty line,
the text. FOLDER/authority.pem vouches for the server. User and password are "clerk" and "open sesame". Recipients that
begin with "refused", "full", "busy" or "unwanted" get what their name says.
"""

import datetime
import email
import email.policy
import ipaddress
import pathlib
import signal
import socket
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

REPLIES = {"refused": "550 5.1.1 no such mailbox", "full": "552 5.2.2 mailbox full", "busy": "451 4.3.0 try later"}


class Received:
    """What happens to mails."""

    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        reply = REPLIES.get(address.partition("@")[0])
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("unwanted"):
            return "554 5.7.1 not wanted"
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        is_tls = server.transport.get_extra_info("ssl_object") is not None
        lines = [f"tls={is_tls}", f"login={bool(session.authenticated)}", f"from={envelope.mail_from}",
                 f"to={','.join(envelope.rcpt_tos)}", f"ascii={envelope.content.isascii()}", *described(mail)]
        (self.folder / f"{self.count}.txt").write_text("\n".join(lines), encoding="utf-8")
        self.count += 1
        return "250 OK"


def described(mail):
    """The lines of a mail; all headers by name, since one too many would show."""
    return [f"headers={','.join(mail.keys())}", f"header_from={mail['From']}", f"header_to={mail['To']}",
            f"subject={mail['Subject']}", f"date={mail['Date'].datetime.isoformat()}", f"id={mail['Message-ID']}",
            f"defects={len(mail.defects) + sum(len(mail[name].defects) for name in mail.keys())}", "",
            mail.get_content().replace("\r\n", "\n")]


def make_certificate(folder):
    """A key and a certificate of 127.0.0.1 that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail server of a test")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(),
                                          now - datetime.timedelta(days=1), now + datetime.timedelta(days=1))
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = certificate.add_extension(address, critical=False)
    certificate = certificate.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = certificate.sign(key, hashes.SHA256())
    (folder / "authority.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "authority.pem", folder / "key.pem")
    return context


def authenticate(_server, _session, _envelope, _mechanism, data):
    # Not handled: the server itself tells the client.
    return AuthResult(success=(data.login, data.password) == (b"clerk", b"open sesame"), handled=False)


def settings(kind, folder):
    if kind == "plain":
        return {}
    context = make_certificate(folder)
    login = {"authenticator": authenticate, "auth_required": True}
    if kind == "smtps":
        return {"ssl_context": context, "auth_require_tls": False, **login}
    return {"tls_context": context, "require_starttls": True, **login}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    kind, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    if kind == "silent":
        listening = socket.create_server(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    else:
        port = free_port()
        Controller(Received(folder), hostname="127.0.0.1", port=port, **settings(kind, folder)).start()
    print("ready", port, flush=True)
    signal.pause()


if __name__ == "__main__":
    main()

"""What Kafka calls whoever comes with a certificate of deploy/certs: by its subject, not by its URI name."""

import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "deploy" / "certs"))
import authority  # noqa: E402


def principals(names, hosts=()):
    """Of certificates with these names, made for it."""
    with tempfile.TemporaryDirectory(prefix="mynumber-principals-") as folder:
        with authority.Authority(pathlib.Path(folder)) as issuer:
            return [subject(issuer.issue(name, 1, hosts) / "certificate.pem") for name in names]


def subject(certificate):
    done = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-subject", "-nameopt", "RFC2253"],
                          check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip().removeprefix("subject=").strip()

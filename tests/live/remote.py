"""An engine of a test's own as one elsewhere is reached: over TCP with TLS, and over ssh, both on this machine's loopback.

The engine's processes are in a network of their own (`second`), so its TCP listener is opened here and handed to it, as systemd
hands sockets over. The ssh server is Debian's, with a configuration, a port and keys of its own, and is ended by its process id.
"""

import datetime
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LOOPBACK = "127.0.0.1"
SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NO_SSHD = "needs an ssh server: apt-get install openssh-server"
START = 20.0  # seconds that an ssh server may take


class Authority:
    """Signs certificates for one engine and whoever may talk to it."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("an authority of a test")
        self._certificate = self._signed(self._name, self._key.public_key(), None)

    def certify(self, folder: Path, usage: x509.ObjectIdentifier) -> Path:
        """A folder with ca.pem, cert.pem and key.pem for a server or a client."""
        folder.mkdir(parents=True)
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._signed(_named("somebody of a test"), key.public_key(), usage)
        private = (
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (folder / "ca.pem").write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))
        (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (folder / "key.pem").write_bytes(key.private_bytes(*private))
        return folder

    def _signed(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, usage: x509.ObjectIdentifier | None
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=8))
            .add_extension(x509.BasicConstraints(ca=usage is None, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )
        if usage:
            here = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(LOOPBACK))])
            made = made.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            made = made.add_extension(here, critical=False)
        return made.sign(self._key, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def for_server(authority: Authority, folder: Path) -> Path:
    """What an engine shows to those that connect."""
    return authority.certify(folder, ExtendedKeyUsageOID.SERVER_AUTH)


def for_client(authority: Authority, folder: Path) -> Path:
    """What DOCKER_CERT_PATH is to name."""
    return authority.certify(folder, ExtendedKeyUsageOID.CLIENT_AUTH)


@contextmanager
def ssh_server(folder: Path, engine: str) -> Iterator[tuple[str, Path]]:
    """An ssh server whose sessions talk to `engine`: the DOCKER_HOST that names it, and the folder of an `ssh` that knows its keys."""
    assert SSHD
    for name in ("host", "mine"):
        made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(made, check=True)
    with socket.create_server((LOOPBACK, 0)) as free:
        port = free.getsockname()[1]
    (folder / "authorized").write_text((folder / "mine.pub").read_text())
    (folder / "authorized").chmod(0o600)
    known = (folder / "host.pub").read_text()
    (folder / "known").write_text(f"[{LOOPBACK}]:{port} {known}")
    (folder / "sshd_config").write_text(
        f"ListenAddress {LOOPBACK}:{port}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\nPidFile none\n"
        f"StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n"
        "MaxStartups 100\nMaxSessions 100\n"
        f"SetEnv DOCKER_HOST={engine}\n"
    )
    (folder / "ssh_config").write_text(
        f"IdentityFile {folder}/mine\nIdentitiesOnly yes\nBatchMode yes\nUserKnownHostsFile {folder}/known\n"
        # One connection for all, as whoever works over ssh has it: each of its own takes 0.3 s, and a lab's start some forty.
        f"ControlMaster auto\nControlPath {folder}/master\nControlPersist 60\n"
    )
    # ssh finds its configuration by the user's entry in the password file, whatever HOME says.
    ours = folder / "bin" / "ssh"
    ours.parent.mkdir()
    ours.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {folder}/ssh_config "$@"\n')
    ours.chmod(0o755)
    Path("/run/sshd").mkdir(exist_ok=True)  # where it locks itself in; its package's service would make it
    with (folder / "sshd.log").open("wb") as log:
        server = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", str(folder / "sshd_config")],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _await(port, server, folder / "sshd.log")
        yield f"ssh://root@{LOOPBACK}:{port}", ours.parent
    finally:
        subprocess.run(
            [str(ours), "-O", "exit", "-p", str(port), f"root@{LOOPBACK}"], check=False, capture_output=True
        )
        server.terminate()
        server.wait(START)


def _await(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START
    while True:
        try:
            socket.create_connection((LOOPBACK, port), 1).close()
            return
        except OSError:
            assert time.monotonic() < end and server.poll() is None, log.read_text()
            time.sleep(0.05)

"""Certificates of a toy Internet, made while an image is built: authorities, and keys with certificates below them.

Their private keys are secrets that anyone who has the image has. An image copies this file beside its own `make-ca`.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Extension = tuple[x509.ExtensionType, bool]  # and whether it is critical


class Authority(NamedTuple):
    """Who signs: name, key, certificate."""

    name: x509.Name
    key: Key
    certificate: x509.Certificate


def named(common: str, organisation: str = "") -> x509.Name:
    """A distinguished name: organisation, if there is one, and common name."""
    parts = [(NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, common)]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts if text])


def key_usage(*which: str) -> x509.KeyUsage:
    """RFC 5280 §4.2.1.3."""
    return x509.KeyUsage(**{name: name in which for name in USAGES})


def certificate(
    subject: x509.Name,
    key: Key,
    issuer: x509.Name,
    issuer_key: Key,
    extensions: Iterable[Extension],
    last: datetime = LAST,
) -> x509.Certificate:
    """A certificate for a key, signed with another."""
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(FIRST).not_valid_after(last)
    for extension, critical in ((own, False), (above, False), *extensions):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer_key, hashes.SHA256())


def authority(name: x509.Name, above: Authority | None = None, *, below: int | None = None) -> Authority:
    """An authority, below another or its own. `below`: how many more may stand between it and a leaf."""
    key = ec.generate_private_key(ec.SECP256R1())
    extensions = (
        (x509.BasicConstraints(ca=True, path_length=below), True),
        (key_usage("key_cert_sign", "crl_sign"), True),
    )
    issuer, issuer_key = (above.name, above.key) if above else (name, key)
    return Authority(name, key, certificate(name, key, issuer, issuer_key, extensions))


def leaf(
    folder: Path,
    file: str,
    subject: x509.Name,
    issuer: Authority,
    *,
    purpose: x509.ObjectIdentifier = SERVER,
    names: Sequence[str] = (),
    chain: Sequence[x509.Certificate] = (),
    key: Key | None = None,
    last: datetime = LAST,
) -> None:
    """Write FILE.key and FILE.pem: a private key, and its certificate with those of `chain` behind it.

    `names` are DNS names it is good for (RFC 5280 §4.2.1.6).
    """
    key = key or ec.generate_private_key(ec.SECP256R1())
    static = ["key_encipherment"] if isinstance(key, rsa.RSAPrivateKey) else []
    extensions: list[Extension] = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (key_usage("digital_signature", *static), True),
        (x509.ExtendedKeyUsage([purpose]), False),
    ]
    if names:
        extensions.append((x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False))
    made = certificate(subject, key, issuer.name, issuer.key, extensions, last)
    (folder / f"{file}.pem").write_bytes(b"".join(map(pem, (made, *chain))))
    plain = serialization.NoEncryption()
    (folder / f"{file}.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )


def pem(made: x509.Certificate) -> bytes:
    """A certificate as text."""
    return made.public_bytes(serialization.Encoding.PEM)

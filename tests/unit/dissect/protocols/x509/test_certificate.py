"""Certificates: each field as `cryptography` has it, in its own bytes; DER that is none."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.dissect.core import Raw, Short, View
from machinelab.dissect.cursor import Cursor
from machinelab.dissect.protocols.x509.certificate import certificate
from machinelab.dissect.protocols.x509.der import DerNode, inside, node, oid
from tests.unit.dissect.protocols.tls.tls_made import events, packet_info

CERTIFICATES = sorted(
    {
        value
        for experiment in ("full", "static-rsa", "mutual", "expired", "unknown-ca")
        for event in events(experiment)
        for value in event.values("tls.handshake.certificate")
        if isinstance(value, bytes)
    }
)


def read(data: bytes) -> dict[str, list[Raw]]:
    out: list[Raw] = []
    certificate(Cursor(View(packet_info(), data, "frame", out), 0, len(data), "tls"))
    found: dict[str, list[Raw]] = {}
    for item in out:
        found.setdefault(item[0], []).append(item)
    return found


def test_there_are_several() -> None:
    assert len(CERTIFICATES) >= 6


@pytest.mark.parametrize("data", CERTIFICATES, ids=range(len(CERTIFICATES)))
def test_as_cryptography_reads_it(data: bytes) -> None:
    mine, other = read(data), x509.load_der_x509_certificate(data)
    assert int.from_bytes(mine["x509af.serialNumber"][0][1], "big") == other.serial_number  # type: ignore[arg-type]
    assert [item[1] for item in mine["x509af.utcTime"]] == [
        f"{when:%Y-%m-%d %H:%M:%S} (UTC)" for when in (other.not_valid_before_utc, other.not_valid_after_utc)
    ]
    names = [str(part.value) for name in (other.issuer, other.subject) for part in name]
    assert [item[1] for item in mine["x509sat.uTF8String"]] == names
    assert mine["x509af.encrypted"][0][1] == other.signature
    assert mine["x509af.extensions"][0][1] == len(list(other.extensions))
    assert [item[1] for item in mine["x509af.extension.id"]] == [
        each.oid.dotted_string for each in other.extensions
    ]
    usage = other.extensions.get_extension_for_class(x509.KeyUsage).value
    assert mine["x509ce.KeyUsage.digitalSignature"][0][1] == usage.digital_signature
    assert mine["x509ce.KeyUsage.keyCertSign"][0][1] == usage.key_cert_sign
    key = other.public_key()
    if isinstance(key, RSAPublicKey):
        numbers = key.public_numbers()
        assert int.from_bytes(mine["pkcs1.modulus"][0][1], "big") == numbers.n  # type: ignore[arg-type]
        assert mine["pkcs1.publicExponent"][0][1] == numbers.e
    signed = mine["x509af.signedCertificate_element"][0]
    assert data[signed[2] : signed[3]] == other.tbs_certificate_bytes


@pytest.mark.parametrize("data", CERTIFICATES[:2], ids=[0, 1])
def test_cut_at_every_length(data: bytes) -> None:
    for size in range(len(data)):
        assert "_ws.malformed" in read(data[:size])


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_byte_may_be_another(data: st.DataObject) -> None:
    changed = bytearray(data.draw(st.sampled_from(CERTIFICATES)))
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    for items in read(bytes(changed)).values():
        assert all(0 <= item[2] <= item[3] <= len(changed) for item in items)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_or_short(data: bytes) -> None:
    try:
        found = node(data, 0, len(data))
        for each in inside(data, found):
            oid(data, each)
    except Short:
        return
    assert found.stop <= len(data)


def test_lengths_of_one_byte_and_of_more() -> None:
    assert node(b"\x04\x02ab", 0, 4) == DerNode(4, 0, 2, 4)
    assert node(b"\x04\x81\x02ab", 0, 5) == DerNode(4, 0, 3, 5)
    for wrong in (b"\x04", b"\x04\x80ab", b"\x04\x85\0\0\0\0\1a", b"\x1f\x02ab", b"\x04\x03ab"):
        with pytest.raises(Short):
            node(wrong, 0, len(wrong))


def test_an_object_identifier() -> None:
    data = bytes.fromhex("06082a8648ce3d030107")
    assert oid(data, node(data, 0, len(data))) == "1.2.840.10045.3.1.7"
    with pytest.raises(Short):
        oid(b"\x06\x01\x80", DerNode(6, 0, 2, 3))

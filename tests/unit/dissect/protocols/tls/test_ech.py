"""Encrypted ClientHello: opened with the server's key, with logged secrets, or not at all; and whatever bytes may come."""

from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hpke as library
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.dissect.core import Stream
from machinelab.dissect.protocols.tls import hpke, inner
from machinelab.dissect.protocols.tls.session import Connection
from machinelab.dissect.secrets import Secrets
from machinelab.dissect.tls.hello import extensions_of
from machinelab.model import Event
from machinelab.sources import pcap
from tests import ROOT
from tests.unit.dissect.protocols.tls.tls_made import packet_info

REFERENCE, CAPTURES = ROOT / "labs/sni/reference", ROOT / "tests/captures"
NAME = "tls.handshake.extensions_server_name"
AEADS = {1: library.AEAD.AES_128_GCM, 2: library.AEAD.AES_256_GCM, 3: library.AEAD.CHACHA20_POLY1305}
KDFS = {1: library.KDF.HKDF_SHA256, 2: library.KDF.HKDF_SHA384, 3: library.KDF.HKDF_SHA512}


def events(experiment: str, keys: Path | None) -> tuple[Event, ...]:
    return pcap.load(REFERENCE / f"{experiment}.pcapng", keys=keys).events


def keys_of(experiment: str) -> str:
    return (REFERENCE / f"{experiment}.keys").read_text()


def kept(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "some.keys"
    path.write_text(text)
    return path


def log_of(experiment: str) -> str:
    """The key log without the server's private keys."""
    return keys_of(experiment).partition("-----BEGIN")[0]


@cache
def outer_hello(experiment: str) -> bytes:
    """The ClientHello that carries another, as it was sent, in one record over two segments."""
    for event in events(experiment, None):
        if 1 in event.values("tls.handshake.type") and "tls.ech.payload" in event:
            return bytes(event.content.buffers()["Reassembled TCP"][5:])
    raise AssertionError("no hello with another in it")


def known(text: str) -> Secrets:
    secrets = Secrets()
    secrets.feed(text.encode())
    return secrets


@pytest.mark.parametrize("aead", AEADS)
@pytest.mark.parametrize("kdf", KDFS)
def test_what_the_library_encrypts_is_opened(kdf: int, aead: int) -> None:
    private = X25519PrivateKey.generate()
    suite = library.Suite(library.KEM.X25519, KDFS[kdf], AEADS[aead])
    sent = suite.encrypt(b"hello", private.public_key(), info=b"about")
    shared = hpke.shared_secret(private, sent[:32])
    assert shared
    recipient = hpke.Recipient(shared, b"about", kdf, aead)
    assert recipient.open(sent[32:], b"", 0) == b"hello"
    assert recipient.open(sent[32:], b"more", 0) is None
    assert recipient.open(sent[32:], b"", 1) is None


def test_no_share_is_no_secret() -> None:
    assert hpke.shared_secret(X25519PrivateKey.generate(), b"short") is None
    assert hpke.shared_secret(X25519PrivateKey.generate(), bytes(32)) is None  # of low order: RFC 7748 §6.1


def test_with_the_servers_key_the_hello_inside_is_read() -> None:
    found = events("ech", REFERENCE / "ech.keys")
    hello = next(e for e in found if 1 in e.values("tls.handshake.type"))
    assert hello.values(NAME) == ["public.test", "secret.test"]
    assert hello.values("tls.ech.client_hello_type") == [0, 1]
    assert True in [e["tls.derived.ech.accepted"] for e in found if "tls.derived.ech.accepted" in e]


def test_the_transcript_is_that_of_the_hello_inside() -> None:
    right = [
        v for e in events("ech", REFERENCE / "ech.keys") for v in e.values("tls.derived.verify_data.right")
    ]
    assert len(right) >= 2
    assert all(right)


def test_with_a_key_log_alone_all_but_the_hello_is_read(tmp_path: Path) -> None:
    found = events("ech", kept(tmp_path, log_of("ech")))
    assert [v for e in found for v in e.values(NAME)][:1] == ["public.test"]
    assert "secret.test" not in [v for e in found for v in e.values(NAME)]
    assert any("http.request" in e for e in found)
    random = next(e["tls.derived.ech.inner_random"] for e in found if "tls.derived.ech.inner_random" in e)
    assert isinstance(random, bytes) and random.hex() in log_of("ech")
    # What the hello inside said is not known, and so Finished cannot be worked out.
    assert not [e for e in found if "tls.derived.verify_data" in e]


def test_with_logged_secrets_the_hello_inside_is_read(tmp_path: Path) -> None:
    """ECH_SECRET and ECH_CONFIG, as RFC 9850 §2 has them; made from the private key, for no client of the lab logs them."""
    hello = outer_hello("ech")
    sealed = inner.sealed(hello)
    assert sealed is not None
    config, private = next(pair for pair in known(keys_of("ech")).ech if pair[0][4] == sealed.config)
    shared = hpke.shared_secret(private, sealed.encapsulated)
    assert shared
    random = hello[6:38].hex()
    lines = f"ECH_SECRET {random} {shared.hex()}\nECH_CONFIG {random} {config.hex()}\n"
    found = events("ech", kept(tmp_path, log_of("ech") + lines))
    assert "secret.test" in [v for e in found for v in e.values(NAME)]


def test_a_stale_key_is_told_by_the_servers_random() -> None:
    found = events("stale", REFERENCE / "stale.keys")
    assert False in [e["tls.derived.ech.accepted"] for e in found if "tls.derived.ech.accepted" in e]
    assert not [e for e in found if "tls.derived.ech.inner_random" in e]
    assert 121 in [v for e in found for v in e.values("tls.alert_message.desc")]
    assert all(v for e in found for v in e.values("tls.derived.verify_data.right"))


def test_after_a_retry_the_second_hello_is_opened_with_the_first_ones_share() -> None:
    found = pcap.load(CAPTURES / "tls-ech-retry.pcapng", keys=CAPTURES / "tls-ech-retry.keys").events
    hellos = [e for e in found if 1 in e.values("tls.handshake.type")]
    assert [e.values(NAME) for e in hellos] == [["public.test", "secret.test"]] * 2
    assert [e["tls.ech.enc_length"] for e in hellos] == [32, 0]
    assert any(e.values("tls.ech.confirmation") for e in found)
    assert [v for e in found for v in e.values("tls.derived.ech.accepted")] == [True]
    right = [v for e in found for v in e.values("tls.derived.verify_data.right")]
    assert len(right) == 2 and all(right)


def test_after_a_retry_a_key_log_alone_is_enough_for_the_rest(tmp_path: Path) -> None:
    log = (CAPTURES / "tls-ech-retry.keys").read_text().partition("-----BEGIN")[0]
    found = pcap.load(CAPTURES / "tls-ech-retry.pcapng", keys=kept(tmp_path, log)).events
    assert [v for e in found for v in e.values("data.data")] == [b"hello", b"hello"]


def test_a_server_may_send_its_keys_of_now() -> None:
    found = pcap.load(
        CAPTURES / "tls-ech-retry-configs.pcapng", keys=CAPTURES / "tls-ech-retry-configs.keys"
    ).events
    sent = next(e for e in found if "tls.ech.retry_configs" in e)
    assert sent["tls.ech.echconfigcontents.public_name"] == "public.test"
    assert [v for e in found for v in e.values("tls.derived.ech.accepted")] == [False]


def test_the_configurations_in_the_record_are_those_of_the_key() -> None:
    found = events("leak", REFERENCE / "leak.keys")
    answer = next(e for e in found if "tls.ech.echconfig" in e)
    assert answer["tls.ech.echconfigcontents.public_name"] == "public.test"
    assert answer["tls.ech.hpke.keyconfig.kem_id"] == hpke.X25519
    public = answer["tls.ech.hpke.keyconfig.public_key"]
    assert public in [private.public_key().public_bytes_raw() for _, private in known(keys_of("leak")).ech]


def test_a_changed_hello_is_not_opened() -> None:
    """What stands around the payload is authenticated with it: RFC 9849 §5.2."""
    hello = bytearray(outer_hello("ech"))
    assert inner.Opener(known(keys_of("ech"))).open(bytes(hello)) is not None
    hello[10] ^= 1
    assert inner.Opener(known(keys_of("ech"))).open(bytes(hello)) is None


def test_a_configuration_without_its_key_opens_nothing() -> None:
    assert len(known(keys_of("ech")).ech) == 2
    assert not known(keys_of("ech").replace("BEGIN PRIVATE KEY", "BEGIN SOMETHING ELSE")).ech


def test_a_hello_cut_short_at_every_length_is_read() -> None:
    secrets = known(keys_of("ech"))
    hello = outer_hello("ech")
    for length in range(len(hello)):
        assert inner.Opener(secrets).open(hello[:length]) is None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_was_encrypted_is_made_whole_or_refused(plain: bytes) -> None:
    made = inner.whole(plain, outer_hello("ech"))
    assert made is None or extensions_of(made) is not None


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 2000))
def test_any_bytes_in_a_hello_are_taken(noise: bytes, at: int) -> None:
    hello = outer_hello("ech")
    changed = hello[:at] + noise + hello[at:]
    record = b"\x16\3\1" + len(changed).to_bytes(2, "big") + changed
    session = Connection(Stream("tcp", 0, 0, secrets=known(keys_of("ech"))))
    session.observe(record, packet_info(), True)

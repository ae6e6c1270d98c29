"""Keys from secrets, against RFC 8448's worked example and published test vectors; records that are opened, and that are not."""

import hashlib
import hmac

import pytest

from machinelab.dissect.tls.crypto import SUITES, expand_label, following, prf, traffic

# RFC 8448 §3, "Simple 1-RTT Handshake".
SERVER = bytes.fromhex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38")


def test_key_and_iv_of_a_traffic_secret() -> None:
    keys = traffic(SUITES[0x1301], SERVER, "SERVER_HANDSHAKE_TRAFFIC_SECRET")
    assert keys.key.hex() == "3fce516009c21727d0f2e4e86ee403bc"
    assert keys.iv.hex() == "5d313eb2671276ee13000b30"


def test_the_key_of_finished() -> None:
    key = expand_label(SERVER, "finished", b"", 32, "sha256")
    assert key.hex() == "008d3b66f816ea559f96b537e885c31fc068bf492c652f01f288a1d8cdc19fc8"


def test_the_chain_from_nothing_to_the_derived_secret() -> None:
    """Without a PSK the first two values are the same for everybody (RFC 8448 §3)."""
    early = hmac.digest(bytes(32), bytes(32), "sha256")
    assert early.hex() == "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a"
    derived = expand_label(early, "derived", hashlib.sha256().digest(), 32, "sha256")
    assert derived.hex() == "6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba"


def test_the_pseudorandom_function_of_tls_1_2() -> None:
    """The P_SHA256 vector that implementations of TLS 1.2 are checked with."""
    secret = bytes.fromhex("9bbe436ba940f017b17652849a71db35")
    seed = bytes.fromhex("a0ba9f936cda311827a6f796ffd5198c")
    assert (
        prf(secret, "test label", seed, 100, "sha256")
        .hex()
        .startswith("e3f229ba727be17b8d122620557cd453c2aab21d")
    )


def test_a_long_output_takes_several_blocks() -> None:
    assert expand_label(SERVER, "key", b"", 100, "sha256")[:32] != expand_label(
        SERVER, "key", b"", 32, "sha256"
    )
    assert len(expand_label(SERVER, "key", b"", 100, "sha256")) == 100


def test_the_next_generation_has_another_key_and_counts_on() -> None:
    first = traffic(SUITES[0x1302], bytes(48), "CLIENT_TRAFFIC_SECRET_0")
    second = following(first)
    assert second.label == "CLIENT_TRAFFIC_SECRET_1"
    assert second.key != first.key
    assert following(second).label == "CLIENT_TRAFFIC_SECRET_2"


def test_the_nonce_is_the_iv_with_the_number_added() -> None:
    keys = traffic(SUITES[0x1301], SERVER, "")
    assert keys.nonce(b"", 0x0102).hex() == "5d313eb2671276ee13000a32"


@pytest.mark.parametrize("record", [b"", b"\x17\x03\x03\x00\x00", b"\x17\x03\x03\x00\x20" + bytes(32)])
def test_what_these_keys_do_not_open_is_not_counted(record: bytes) -> None:
    keys = traffic(SUITES[0x1303], SERVER, "")
    assert keys.open(record) is None
    assert keys.sequence == 0

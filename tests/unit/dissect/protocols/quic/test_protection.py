"""Packet protection: the examples of RFC 9001, appendix A, and packet numbers by RFC 9000, appendix A.3."""

from machinelab.dissect.protocols.quic.protection import CHACHA, Keys, full_number, initial_secret

DCID = bytes.fromhex("8394c8f03e515708")
CHACHA_SECRET = bytes.fromhex("9ac312a7f877468ebe69422748ad00a15443f18203a07d6060f688f30f21632b")
CHACHA_PACKET = bytes.fromhex("4cfe4189655e5cd55c41f69080575d7999c25a5bfb")


def test_initial_keys() -> None:
    """RFC 9001, appendix A.1."""
    secret = initial_secret(1, DCID, True)
    assert secret.hex() == "c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea"
    keys = Keys(0x1301, 1, secret)
    assert keys.key.hex() == "1f369613dd76d5467730efcbe3b1a22d"
    assert keys.iv.hex() == "fa044b2f42a3fd3b46fb255c"
    assert keys.header_key.hex() == "9f50449e04a0e810283a1e9933adedd2"
    server = Keys(0x1301, 1, initial_secret(1, DCID, False))
    assert server.key.hex() == "cf3a5331653c364c88f0f379b6067e37"


def test_a_short_header_with_chacha20() -> None:
    """RFC 9001, appendix A.5: a PING with packet number 654360564."""
    keys = Keys(CHACHA, 1, CHACHA_SECRET, "CLIENT_TRAFFIC_SECRET_0")
    opened = keys.open(CHACHA_PACKET, 0, 1, len(CHACHA_PACKET), 654360564)
    assert opened is not None and opened[1:] == (654360564, 3, b"\x01")
    assert keys.open(CHACHA_PACKET[:-1] + b"\0", 0, 1, len(CHACHA_PACKET), 654360564) is None
    after = keys.following()
    assert after.secret.hex() == "1223504755036d556342ee9361d253421a826c9ecdf3c7148684b36b714881f9"
    assert after.header_key == keys.header_key and after.label == "CLIENT_TRAFFIC_SECRET_1"


def test_too_short_for_header_protection() -> None:
    keys = Keys(CHACHA, 1, CHACHA_SECRET)
    assert all(keys.open(CHACHA_PACKET[:size], 0, 1, size, 0) is None for size in range(len(CHACHA_PACKET)))


def test_a_packet_number_is_the_nearest_to_the_expected() -> None:
    assert full_number(0x9B32, 2, 0xA82F30EB) == 0xA82F9B32  # RFC 9000, appendix A.3
    assert full_number(0, 1, 255) == 256 and full_number(255, 1, 257) == 255 and full_number(3, 1, 0) == 3

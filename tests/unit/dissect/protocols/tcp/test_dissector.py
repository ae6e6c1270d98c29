"""TCP: RFC 9293 §3.1, options §3.2, RFC 7323 (scale, timestamps), RFC 2018 (SACK), RFC 9768 (Accurate ECN)."""

import pytest

from tests import ROOT
from tests.unit.dissect.protocols.layer_laws import (
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

SYN = Header.of(ROOT / "labs/tcp/reference/handshake.pcapng", 1, "tcp", 34, 74)
FLAGS, OPTIONS = 12, 20  # where they stand


def test_a_syn_as_rfc_9293_lays_it_out() -> None:
    flags = [item for item in SYN.layout() if item[0].startswith("tcp.flags")]
    assert [item for item in SYN.layout() if item not in flags and item[2] < OPTIONS] == [
        ("tcp.srcport", 0xA5E8, 0, 2),
        ("tcp.dstport", 0x2523, 2, 4),
        ("tcp.port", 0xA5E8, 0, 2),
        ("tcp.port", 0x2523, 2, 4),
        ("tcp.seq", 0, 4, 8),
        ("tcp.seq_raw", 0xCCC1FCA8, 4, 8),
        ("tcp.ack", 0, 8, 12),
        ("tcp.ack_raw", 0, 8, 12),
        ("tcp.hdr_len", 40, 12, 13),
        ("tcp.window_size_value", 0xFAF0, 14, 16),
        ("tcp.window_size", 0xFAF0, 14, 16),
        ("tcp.checksum", 0xF385, 16, 18),
        ("tcp.urgent_pointer", 0, 18, 20),
    ]


def test_its_options_one_after_another() -> None:
    """Maximum segment size, SACK permitted, timestamps, no operation, window scale: RFC 9293 §3.2, RFC 2018 §2, RFC 7323 §2, §3."""
    found = [item for item in SYN.layout() if item[2] >= OPTIONS]
    assert [(value, start) for name, value, start, _ in found if name == "tcp.option_kind"] == [
        (2, 20), (4, 24), (8, 26), (1, 36), (3, 37),
    ]  # fmt: skip
    values = {name: (value, start, stop) for name, value, start, stop in found}
    assert values["tcp.options.mss_val"] == (1460, 22, 24)
    assert values["tcp.options.timestamp.tsval"] == (0xAF868D06, 28, 32)
    assert values["tcp.options.timestamp.tsecr"] == (0, 32, 36)
    assert values["tcp.options.wscale.shift"] == (10, 39, 40)
    assert values["tcp.options.wscale.multiplier"] == (1 << 10, 39, 40)


NAMES = ("fin", "syn", "reset", "push", "ack", "urg", "ece", "cwr", "ae")


@pytest.mark.parametrize("bit", range(9))
def test_each_flag_is_a_bit_of_its_own(bit: int) -> None:
    """RFC 9293 §3.1, AE RFC 9768 §3.1; from the right."""
    data = SYN.with_bytes(FLAGS, (0xA000 | 1 << bit).to_bytes(2, "big"))
    set_flags = [name for name in NAMES if SYN.value(f"tcp.flags.{name}", data)]
    assert set_flags == [NAMES[bit]]
    assert SYN.value("tcp.flags", data) == 1 << bit


@pytest.mark.parametrize("words", [0, 4, 11, 15])
def test_a_header_length_that_cannot_be_is_malformed(words: int) -> None:
    """Below the twenty bytes, or beyond the packet's end."""
    data = SYN.with_bytes(FLAGS, bytes([words << 4]))
    assert "_ws.malformed" in {item[0] for item in SYN.read(data).fields}


@pytest.mark.parametrize("size", [0, 1, 200])
def test_an_option_s_length_that_cannot_be_ends_the_options(size: int) -> None:
    data = SYN.with_bytes(21, bytes([size]))
    assert SYN.value("tcp.window_size", data) == 0xFAF0
    assert "tcp.options.mss_val" not in {item[0] for item in SYN.own(data)}


def test_a_reset_may_say_why() -> None:
    """RFC 9293 §3.5.3: its payload is a text."""
    data = SYN.with_bytes(FLAGS, bytes([0x50, 0x04]))
    reason = data[:54] + b"closed\0".ljust(20, b"x")
    assert SYN.value("tcp.reset_cause", reason) == "closed"


def test_cut_short_anywhere() -> None:
    """Of the options, what is there is read."""
    assert_cut_short_anywhere(SYN._replace(stop=54))
    short = SYN.layout(SYN.frame[:60])
    assert ("tcp.options.mss_val", 1460, 22, 24) in short and "tcp.options.wscale" not in dict(
        item[:2] for item in short
    )


def test_any_bytes() -> None:
    assert_any_bytes_are_read(SYN, examples=150)

"""MPLS: the label stack, RFC 3032 §2.1."""

from tests.unit.dissect.protocols.layer_laws import (
    FOREIGN,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

STACK = Header.of(FOREIGN / "tunnels.pcap", 13, "mpls", 14, 22)


def test_a_stack_of_two_as_rfc_3032_lays_it_out() -> None:
    """Label 20 bits, experimental use 3, bottom of stack 1, time to live 8."""
    assert STACK.layout() == [
        ("mpls.label", 18, 0, 4),
        ("mpls.exp", 2, 0, 4),
        ("mpls.bottom", 0, 0, 4),
        ("mpls.ttl", 64, 0, 4),
        ("mpls.label", 19, 4, 8),
        ("mpls.exp", 0, 4, 8),
        ("mpls.bottom", 1, 4, 8),
        ("mpls.ttl", 63, 4, 8),
    ]


def test_a_stack_without_a_bottom_is_malformed() -> None:
    data = STACK.frame[:14] + b"\0\0\x10\x40" * 11
    assert "_ws.malformed" in {item[0] for item in STACK.read(data).fields}


def test_cut_short_anywhere() -> None:
    assert_cut_short_anywhere(STACK)


def test_any_bytes() -> None:
    assert_any_bytes_are_read(STACK)

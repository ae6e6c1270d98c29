"""The two messages that open a data channel: as RFC 8832 §5 has them, cut off anywhere, and any bytes at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Frame, PacketInfo, Raw, Source, View
from machinelab.dissect.protocols.rtcdc import dissector

# Partially reliable by count, unordered; priority 256, three retransmissions; label "chat", protocol "xmpp".
OPEN = bytes.fromhex("03 81 0100 00000003 0004 0004") + b"chat" + b"xmpp"


def dissected(message: bytes) -> list[Raw]:
    out: list[Raw] = []
    info = PacketInfo(1, Frame(0, message, len(message), Source(0, 1)), 0, 0)
    dissector.dissect(View(info, message, "frame", out), 0, len(message), None)
    assert all(item[0] in fields.registry() and 0 <= item[2] <= item[3] <= len(message) for item in out)
    return out


def test_the_fields_of_an_open() -> None:
    found = {name.removeprefix("rtcdc."): value for name, value, *_ in dissected(OPEN)}
    assert found["channel_type"] == 0x81 and found["priority"] == 256 and found["reliability_parameter"] == 3
    assert (found["label"], found["protocol"]) == ("chat", "xmpp")


@pytest.mark.parametrize("length", range(len(OPEN)))
def test_cut_short_it_says_so(length: int) -> None:
    assert dissected(OPEN[:length])[-1][0] == "_ws.malformed"


@given(st.binary(max_size=40))
def test_any_bytes_are_read(noise: bytes) -> None:
    dissected(noise)

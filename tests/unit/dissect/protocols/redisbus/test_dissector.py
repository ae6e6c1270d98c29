"""The bus of a Redis Cluster, on messages as Redis 8.0.2 sent them; no bytes make it fail."""

import base64
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Frame, PacketInfo, Part, Raw, Source, View
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.protocols.redisbus import dissector
from machinelab.dissect.walk import Walker
from machinelab.model import Exchange
from tests.unit.correlate.wires import TCP, Wire

PING = zlib.decompress(
    base64.b85decode(
        "c-rmOF;0Uq3<cm6y09Rz^%TGC*h!qJ12YRZu$^Q<9EF`b_5zhUl(vY4r4tgB@-1F0`7M^->+`#X@bDQ{n_UQD6~5j7nt_VCf>0G~-3(o<WzF6=K`Jh(vfJnyr"
        "fHh~yY&ra-5;mvCj8L{++ADP9>UZ4r=c4ux%R}|OG!Lj*)pJY(~LuuYVYyVQ{En5KCsGybwSDt#j7zkyX|59(~;oZj+oS2=^&VkMs_{j$&oyBRv9r;V@Hd4*"
        "+1n&Okia&djpi3DLS}|I+ZpW3VI_$g)c^j;Pw"
    )
)
PONG = zlib.decompress(
    base64.b85decode(
        "c-rmOISv9b3<b~(&`{EG3_I~8o{EASa04$%$H}<>5(S%}p`k)zq`bz>x8&waKJ1Sg!WzP`J%u5>Ek9;RMNELx#OPHOjn%Vca~feR#^Xe$txD*+uKRbZ8Qprm"
        "cHJ!er~!*_f!!r+UY&-=*Fs6mO9jSUB$A0%%`sV~EZkyDPKFxsnZNHLj-aIxnFI2aQ#3GRu~fV{GMXnvfg2Dx&Xf"
    )
)
EXPECTED = {
    "redisbus.length": 2456,
    "redisbus.version": 1,
    "redisbus.port": 6379,
    "redisbus.type": 0,
    "redisbus.count": 1,
    "redisbus.config_epoch": 3,
    "redisbus.slots": 5462,
    "redisbus.slot_range": "10923-16383",  # the last of two
    "redisbus.sender": "37aca083981debb1c8bd6a6cd45057c8594cbfea",
    "redisbus.state": 0,
    "redisbus.gossip.address": "198.19.136.32",
}
APPLICATION = dissector.APPLICATIONS[0]
ASKS = Wire(("10.0.1.7", 40001), ("198.19.0.9", 16379), PING[:1400], proto=TCP, flags=0x18, seq=1)


def dissected(message: bytes) -> list[Raw]:
    out: list[Raw] = []
    info = PacketInfo(1, Frame(0, message, len(message), Source(0, 1)), 0, 0)
    dissector.dissect(View(info, message, "frame", out), Part(APPLICATION, 0, len(message)))
    return out


def exchanges(walker: Walker, packet: Wire) -> list[Exchange | None]:
    return [message.exchange for message in event(walker.frame(packet.frame()), Cache()).messages]


def test_a_message_has_its_fields_at_their_bytes() -> None:
    found = {item[0]: item[1] for item in dissected(PING)}
    assert {name: found.get(name) for name in EXPECTED} == EXPECTED
    assert found.keys() <= fields.registry().keys()
    assert all(0 <= item[2] <= item[3] <= len(PING) for item in dissected(PING))
    assert dissector.summary(PING, Part(APPLICATION, 0, len(PING))) == "PING  epoch 3  5462 slots"


def test_slots_are_told_by_their_ranges() -> None:
    ranges = [item[1] for item in dissected(PING) if item[0] == "redisbus.slot_range"]
    assert ranges == ["9546", "10923-16383"]


@pytest.mark.parametrize("port", [16379, 7001])
def test_a_pong_answers_its_ping_on_any_port(port: int) -> None:
    walker = Walker()
    asked = replace(ASKS, dst=(ASKS.dst[0], port))
    back = replace(asked, src=asked.dst, dst=asked.src)
    assert exchanges(walker, asked) == []
    (ping,) = exchanges(walker, replace(asked, payload=PING[1400:], seq=1401))
    pong, more = exchanges(walker, replace(back, payload=PONG[:1448], seq=1)) + exchanges(
        walker, replace(back, payload=PONG[1448:] + PONG, seq=1449)
    )
    assert ping and pong and (ping.key, ping.reply, pong.reply) == (pong.key, False, True)
    assert more is None  # a PONG that nobody asked for


def test_what_is_none_of_it_is_left_alone() -> None:
    assert (
        event(Walker().frame(replace(ASKS, payload=b"RCmx" + bytes(2300)).frame()), Cache()).protocol == "TCP"
    )


@pytest.mark.parametrize("size", [*range(60), 2255, 2256, 2300])
def test_a_message_that_was_cut_short_says_so(size: int) -> None:
    names = [item[0] for item in dissected(PING[:size])]
    assert {"_ws.malformed", "_ws.short"} & set(names)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=100), st.integers(0, len(PING)))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    message = PING[:at] + noise + PING[at + len(noise) :]
    for item in dissected(message):
        assert 0 <= item[2] <= item[3] <= len(message)
    dissector.summary(message, Part(APPLICATION, 0, len(message)))
    event(Walker().frame(replace(ASKS, payload=message[:1400] or b"R").frame()), Cache())

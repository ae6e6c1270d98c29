"""Which ping a reply answers: on real pings of both families, and on the same frames seen again, elsewhere, or too late."""

import pytest

from machinelab.align.links import link
from machinelab.dissect.core import Frame, Source
from machinelab.dissect.echo import LIMIT, Echoes
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.walk import Walker
from machinelab.model import Event, Exchange
from machinelab.sources import pcap
from tests.captures import containers

TRACE = pcap.load(containers.RECORDS)
KINDS = {
    "ICMP": ("icmp.type", 8, 0, "icmp.seq"),
    "ICMPv6": ("icmpv6.type", 128, 129, "icmpv6.echo.sequence_number"),
}


def pings(protocol: str) -> list[Event]:
    field, *kinds, _ = KINDS[protocol]
    return [item for item in TRACE.events if item.protocol == protocol and item.values(field)[0] in kinds]


def exchange(item: Event) -> Exchange:
    (message,) = item.messages
    assert message.exchange is not None
    return message.exchange


def walked(*frames: tuple[bytes, int]) -> list[Exchange]:
    """The exchanges of these frames, each with the interface it was seen on."""
    walker, cache = Walker(), Cache()
    notes = [
        walker.frame(Frame(n, data, len(data), Source(where, 1))) for n, (data, where) in enumerate(frames)
    ]
    return [exchange(event(info, cache)) for info in notes]


@pytest.mark.parametrize("protocol", KINDS)
def test_a_reply_answers_the_ping_with_its_numbers(protocol: str) -> None:
    items = list(TRACE.items())
    answered = [
        (items[reply].event, items[request].event)
        for reply, request in link(items).request.items()
        if items[reply].event.protocol == protocol
    ]
    assert len(answered) * 2 == len(pings(protocol)) >= 4
    number = KINDS[protocol][-1]
    for reply, request in answered:
        assert (reply.src, reply.dst) == (request.dst, request.src)
        assert reply[number] == request[number]
        assert request.number < reply.number


@pytest.mark.parametrize("protocol", KINDS)
def test_the_message_counts_every_frame_it_came_in(protocol: str) -> None:
    for item in pings(protocol):
        (message,) = item.messages
        assert message.protocol == protocol
        assert message.frames[-1] == item.number
    sizes = {len(item.messages[0].frames) for item in pings(protocol)}
    assert sizes == {"ICMP": {1}, "ICMPv6": {3}}[protocol]  # 2,000 bytes go in one piece here, or in three


def test_again_is_the_same_exchange_until_it_is_answered() -> None:
    ask, reply = (item.content.info.data for item in pings("ICMP")[:2])  # type: ignore[attr-defined]
    keys = [
        found.key[-1] for found in walked((ask, 0), (ask, 0), (reply, 0), (reply, 0), (ask, 0), (reply, 0))
    ]
    assert keys == [1, 1, 1, 1, 2, 2]


def test_on_two_networks_it_is_two_exchanges_and_a_reply_may_come_on_another() -> None:
    ask, reply = (item.content.info.data for item in pings("ICMP")[:2])  # type: ignore[attr-defined]
    one, two, first, second = walked((ask, 0), (ask, 1), (reply, 1), (reply, 0))
    assert (one.key, two.key) == (second.key, first.key)
    assert one.key != two.key
    there, back = walked((ask, 0), (reply, 1))
    assert there.key == back.key


def test_a_reply_that_nobody_asked_for_answers_nothing() -> None:
    reply, ask = (item.content.info.data for item in pings("ICMP")[1::-1])  # type: ignore[attr-defined]
    early, later = walked((reply, 0), (ask, 0))
    assert early.reply and not later.reply
    assert early.key != later.key


def test_no_more_than_so_many_are_kept() -> None:
    echoes, info = Echoes(), pings("ICMP")[0].content.info  # type: ignore[attr-defined]
    for number in range(LIMIT + 5):
        echoes.exchange(info, info.addresses, number.to_bytes(4, "big"), False)
    assert len(echoes._attempts) == LIMIT

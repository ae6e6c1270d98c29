"""TCP: however the segments come, the same messages come out."""

import itertools
import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.dissect.core import Flow, Frame, PacketInfo, Part, Source, Stream
from machinelab.dissect.protocols.dns.dissector import APPLICATIONS
from machinelab.dissect.protocols.dns.exchange import Exchanges
from machinelab.dissect.reassembly import LIMIT, MASK, Segments

SOURCE = Source(0, 1)


def segments() -> Segments:
    stream = Stream("tcp", 0, 0)
    return Segments(Flow(stream, APPLICATIONS[0], Exchanges(stream), True, b"there"))


def observe(number: int) -> PacketInfo:
    return PacketInfo(number, Frame(0, b"", 0, SOURCE), 0, 0)


def framed(*sizes: int) -> bytes:
    return b"".join(struct.pack("!H", size) + bytes([n % 256]) * size for n, size in enumerate(sizes))


def octets(parts: list[Part], sent: dict[int, bytes], now: int) -> list[bytes]:
    """The messages themselves: out of their own buffer, or out of the segment of this frame (which began at 0)."""
    return [(part.data if part.data is not None else sent[now])[part.start : part.stop] for part in parts]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_cut_order_and_repetition_gives_the_same_messages(data: st.DataObject) -> None:
    stream = framed(*data.draw(st.lists(st.integers(12, 60), min_size=1, max_size=6)))
    base = data.draw(st.sampled_from([0, 1000, MASK - 20]))
    cuts = sorted({0, len(stream), *data.draw(st.lists(st.integers(0, len(stream)), max_size=6))})
    pieces = [(start, stream[start:stop]) for start, stop in itertools.pairwise(cuts)]
    extra = data.draw(st.lists(st.tuples(st.integers(0, len(stream) - 1), st.integers(1, 40)), max_size=4))
    pieces += [(start, stream[start : start + size]) for start, size in extra]
    order = data.draw(st.permutations(pieces))
    one, got, sent = segments(), list[bytes](), dict[int, bytes]()
    one.next = base
    for number, (start, piece) in enumerate(order, 1):
        sent[number] = piece
        parts = one.add(observe(number), base + start & MASK, piece, 0)
        for part in parts:
            assert all(p.frame <= number for p in part.pieces)
            assert not part.pieces or part.pieces[-1].frame in sent
        got += octets(parts, sent, number)
    assert b"".join(got) == stream
    assert got == _messages(stream)


def _messages(stream: bytes) -> list[bytes]:
    found = []
    while stream:
        size = 2 + int.from_bytes(stream[:2], "big")
        found.append(stream[:size])
        stream = stream[size:]
    return found


def test_pieces_cover_a_spread_message_and_say_who_completed_it() -> None:
    stream, one = framed(100), segments()
    first, second = observe(1), observe(2)
    assert one.add(first, 5, stream[:40], 66) == []
    (part,) = one.add(second, 45, stream[40:], 66)
    assert part.data == stream
    assert [(p.frame, p.offset, p.size) for p in part.pieces] == [(1, 0, 40), (2, 40, 62)]
    assert part.frames == (1, 2)
    assert (first.within, second.within) == (2, 2)


def test_a_segment_sent_twice_belongs_to_the_message_too() -> None:
    stream, one = framed(100), segments()
    one.add(observe(1), 0, stream[:40], 0)
    one.add(observe(2), 0, stream[:40], 0)
    (part,) = one.add(observe(3), 40, stream[40:], 0)
    assert part.frames == (1, 2, 3)
    assert part.data == stream


def test_bytes_missing_from_the_capture_are_given_up_when_the_receiver_has_them() -> None:
    one, lost, later = segments(), framed(50), framed(30)
    one.next = 0
    behind = observe(1)
    assert one.add(behind, len(lost), later, 66) == []
    assert one.acknowledged(len(lost)) == []  # not yet: this much might still come
    ((owner, (part,)),) = one.acknowledged(len(lost) + len(later))
    assert owner is behind  # and not the packet that acknowledges it, which is the other side's
    assert (part.data, part.start, part.stop) == (None, 66, 66 + len(later))


def test_a_message_over_two_segments_behind_a_hole_ends_in_the_second() -> None:
    one, lost, later = segments(), framed(50), framed(30)
    one.next = 0
    first, second = observe(1), observe(2)
    one.add(first, len(lost), later[:10], 66)
    one.add(second, len(lost) + 10, later[10:], 66)
    ((owner, (part,)),) = one.acknowledged(len(lost) + len(later))
    assert owner is second and part.data == later and part.frames == (1, 2)
    assert first.within == 2


def test_a_gap_is_given_up_when_too_much_waits_behind_it() -> None:
    one, chunk, got = segments(), framed(60_000), list[Part]()
    one.next = 0
    for number in range(LIMIT // len(chunk) + 2):
        got += one.add(observe(number), 1 + number * len(chunk), chunk, 0)
    assert len(got) > LIMIT // len(chunk) - 2


def test_what_is_no_dns_is_dropped_and_the_next_segment_begins_anew() -> None:
    one, good = segments(), framed(20)
    assert one.add(observe(1), 0, b"\0\3abc", 0) == []
    assert len(one.add(observe(2), 5, good, 0)) == 1

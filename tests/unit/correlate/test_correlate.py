"""Sightings of one packet: tied where they are one, and never where they are not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.correlate import correlate
from tests.unit.correlate.wires import TCP, Wire, answer, inside, outside, ties, trace

OUT = Wire()


def test_a_packet_before_and_after_a_translator_is_one() -> None:
    assert ties(OUT, outside(OUT, 61207)) == [(1, 2)]


def test_what_changed_is_told_with_every_sighting() -> None:
    found = correlate(trace(OUT, outside(OUT, 61207)))
    for event in found.events:
        assert event["sighting.path"] == "host > nat > server"
        assert event["sighting.count"] == 2 and event["sighting.sure"] == 0
        assert (event["nat.node"], event["nat.src.before"], event["nat.src.after"]) == (
            "nat",
            "10.0.1.7",
            "198.18.0.2",
        )
        assert (event["nat.srcport.before"], event["nat.srcport.after"]) == (40001, 61207)
        assert event["nat.checksum.follows"] is True
        assert "nat.dst.before" not in event
        assert event["ip.ttl"] in (63, 64)


def test_a_packet_that_is_only_routed_has_a_way_and_no_translation() -> None:
    through = replace(outside(OUT, 1), src=OUT.src)
    event = correlate(trace(OUT, through)).events[0]
    assert event["sighting.count"] == 2 and "nat" not in event


def test_the_ttl_must_be_one_less() -> None:
    assert ties(OUT, replace(outside(OUT, 61207), ttl=64)) == []
    assert ties(OUT, replace(outside(OUT, 61207), ttl=62)) == []


def test_other_data_is_another_packet() -> None:
    assert ties(OUT, replace(outside(OUT, 61207), payload=b"hellp")) == []


def test_another_identification_is_another_packet() -> None:
    assert ties(OUT, replace(outside(OUT, 61207), ident=8)) == []


def test_what_left_before_it_came_is_another_packet() -> None:
    assert ties(replace(OUT, time=100_000), replace(outside(OUT, 61207), time=0)) == []


def test_what_stayed_too_long_is_another_packet() -> None:
    assert ties(OUT, outside(OUT, 61207, after=3_000_000_000)) == []


def test_a_checksum_that_did_not_follow_is_another_packet() -> None:
    assert ties(OUT, replace(outside(OUT, 61207), checksum=0x1234)) == []


def test_a_datagram_without_a_checksum_is_tied_by_the_rest() -> None:
    bare = replace(OUT, checksum=0)
    assert ties(bare, replace(outside(bare, 61207), checksum=0)) == [(1, 2)]


def test_it_must_be_sent_by_the_node_that_it_came_to() -> None:
    assert ties(OUT, replace(outside(OUT, 61207), link=("server", "out"))) == []


def test_without_knowing_who_is_who_it_is_tied_all_the_same() -> None:
    assert ties(OUT, outside(OUT, 61207), nodes=False) == [(1, 2)]


def test_segments_are_told_apart_by_their_numbers() -> None:
    one = replace(OUT, proto=TCP, seq=1)
    two = replace(OUT, proto=TCP, seq=2, time=10)
    assert ties(one, two, outside(two, 5), outside(one, 5)) == [(1, 3), (2, 4)]


def test_a_retransmission_is_a_packet_of_its_own() -> None:
    again = replace(OUT, time=500_000_000)
    assert ties(OUT, outside(OUT, 61207), again, outside(again, 61207)) == [(1, 2), (3, 4)]


def test_the_copy_that_was_dropped_is_not_the_one_that_went_through() -> None:
    again = replace(OUT, time=500_000_000)
    assert ties(OUT, again, outside(again, 61207)) == [(2, 3)]


def test_equal_packets_of_two_conversations_are_tied_to_neither() -> None:
    other = replace(OUT, src=("10.0.1.7", 40002), time=10)
    assert ties(OUT, other, outside(OUT, 61207), outside(other, 61999)) == []


def test_a_kept_port_tells_equal_packets_apart_and_says_so() -> None:
    other = replace(OUT, src=("10.0.1.7", 40002), time=10)
    found = correlate(trace(OUT, other, outside(OUT, 40001), outside(other, 40002)))
    ways = [[s.number for s in e.sightings] for e in found.events if not e.again]
    assert ways == [[1, 3], [2, 4]]
    assert {event["sighting.sure"] for event in found.events} == {2}


def test_an_answer_shows_which_conversation_was_which() -> None:
    other = replace(OUT, src=("10.0.1.7", 40002), time=10)
    out1, out2 = outside(OUT, 61207), outside(other, 61999)
    back1, back2 = answer(out1, b"one", 1), answer(out2, b"two", 2)
    found = correlate(
        trace(OUT, other, out1, out2, back1, back2, inside(back1, OUT.src), inside(back2, other.src))
    )
    ways = {tuple(s.number for s in e.sightings) for e in found.events}
    assert ways == {(1, 3), (2, 4), (5, 7), (6, 8)}
    assert found.events[0]["sighting.sure"] == 1


def test_fragments_are_tied_each_with_its_own() -> None:
    first = replace(OUT, payload=b"x" * 1472, fragment=0x2000)
    later = replace(OUT, payload=b"y" * 100, fragment=185, time=10)
    out = [outside(first, 61207), replace(outside(later, 0), src=("198.18.0.2", 0))]
    assert ties(first, later, *out) == [(1, 3), (2, 4)]


def test_streams_and_exchanges_of_the_two_faces_are_one() -> None:
    found = correlate(trace(OUT, outside(OUT, 61207)))
    assert len({event.stream for event in found.events}) == 1


packets = st.lists(
    st.tuples(
        st.integers(40000, 40003),  # the inside port
        st.sampled_from([b"hello", b"good day"]),
        st.sampled_from([0, 0, 7]),  # identification: mostly 0, as Linux sends datagrams that must not be cut
        st.booleans(),  # dropped by the translator
    ),
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(packets, st.permutations([61000, 61001, 61002, 61003]), st.integers(0, 40))
def test_no_tie_is_ever_wrong(sent: list[tuple[int, bytes, int, bool]], ports: list[int], stay: int) -> None:
    """Many equal packets of several conversations, some dropped: a tie joins conversations that are one, or is not made."""
    wires = []
    for number, (port, payload, ident, dropped) in enumerate(sent):
        packet = Wire(("10.0.1.7", port), payload=payload, ident=ident, time=number * 20_000)
        wires.append(packet)
        if not dropped:
            wires.append(outside(packet, ports[port - 40000], after=1000 + stay * 1000))
    for event in correlate(trace(*wires)).events:
        if "nat" in event:
            was, now = event["nat.srcport.before"], event["nat.srcport.after"]
            assert isinstance(was, int) and ports[was - 40000] == now


@settings(max_examples=100, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=8))
def test_of_copies_each_is_tied_once(dropped: list[bool]) -> None:
    wires = []
    for number, lost in enumerate(dropped):
        packet = replace(OUT, time=number * 400_000_000)
        wires.append(packet)
        wires += [] if lost else [outside(packet, 61207)]
    found = correlate(trace(*wires))
    ways = [e.sightings for e in found.events if e.sightings and not e.again]
    assert len(ways) == dropped.count(False)
    times = {event.number: event.time for event in found.events}
    assert all(times[b.number] - times[a.number] == 50_000 for a, b in ways)


MSS, LOWER = b"\2\4\x05\xb4", b"\2\4\x05\x8c"  # 1,460 and 1,420
SYN = replace(OUT, proto=TCP, payload=b"", flags=0x02, options=MSS)


@pytest.mark.parametrize(
    "before", [b"", b"\1", b"\1\1"], ids=["at its place", "at an odd place", "after two no-operations"]
)
def test_a_syn_whose_segment_size_was_lowered_is_one(before: bytes) -> None:
    after = b"\1" * (-len(before) % 4)
    asked = replace(SYN, options=before + MSS + after)
    clamped = replace(outside(asked, 61207), options=before + LOWER + after)
    assert ties(asked, clamped) == [(1, 2)]
    event = correlate(trace(asked, clamped)).events[0]
    assert (event["sighting.mss.before"], event["sighting.mss.after"]) == (1460, 1420)
    assert event["nat.checksum.follows"] is True


def test_a_syn_whose_segment_size_changed_without_its_checksum_is_another() -> None:
    clamped = replace(outside(SYN, 61207), options=LOWER)
    assert ties(SYN, replace(clamped, checksum=0x1234)) == []


def test_any_other_option_is_another_packet() -> None:
    scale = b"\3\3\7\0"
    asked = replace(SYN, options=MSS + scale)
    assert ties(asked, replace(outside(asked, 61207), options=MSS + b"\3\3\x08\0")) == []

"""Steps whose message must equal another step's in a field."""

from dataclasses import replace

import pytest

from machinelab.align import align
from machinelab.model import Equality, Experiment, Step

from .made import packet, trace

PING = Step("ping", "client > server", "icmp.type == 8")
PONG = Step("pong", reply_to="ping", sees="icmp.type == 0", same=("icmp.seq", "data.data"))


def ping(number, seq, data=b"abc", key="k"):
    return packet(number, "C>S", key, icmp__type=8, icmp__seq=seq, data__data=data)


def pong(number, seq, data=b"abc", key="k"):
    return packet(number, "S>C", key, reply=True, icmp__type=0, icmp__seq=seq, data__data=data)


def read(events, *steps, **more):
    return align(trace(*events), Experiment("e", "", (), steps, **more))


def numbers(alignment):
    return {claim.step.id: [item.event.number for item in claim.items] for claim in alignment.claims}


def test_what_same_says() -> None:
    request = Equality("icmp.seq", "ping", "icmp.seq")
    assert Step("p", reply_to="ping", same="icmp.seq").equalities == (request,)
    assert Step("p", reply_to="ping", same=("icmp.seq",)).equalities == (request,)
    assert Step("p", same={"icmp.seq": "ping"}).equalities == (request,)
    other = Step("p", same={"ntp.org": "ask.ntp.xmt"})
    assert other.equalities == (Equality("ntp.org", "ask", "ntp.xmt"),)
    assert Step("p").equalities == Step("p", same="").equalities == ()


def test_an_echo_equals_what_it_echoes() -> None:
    found = read((ping(5, 2), pong(7, 2)), PING, PONG)
    assert found.ok and numbers(found) == {"ping": [5], "pong": [7]}


def test_a_reply_that_echoes_something_else_is_named_with_what_it_should_have_echoed() -> None:
    (missing,) = read((ping(5, 2), pong(7, 3)), PING, PONG).missing
    assert missing.reason == (
        "Packet 7 is the reply to ping (packet 5), but icmp.seq was 3, wanted 2 as in packet 5."
    )
    assert missing.near and [c.field for c in missing.near.failed] == ["icmp.seq"]


def test_a_field_that_neither_has_is_not_equal() -> None:
    bare = (packet(5, "C>S", "k", icmp__type=8), packet(7, "S>C", "k", reply=True, icmp__type=0))
    (missing,) = read(bare, PING, replace(PONG, same="icmp.seq")).missing
    assert "icmp.seq was absent, wanted absent as in packet 5" in missing.reason


def test_each_of_several_replies_is_held_against_its_own_request() -> None:
    many = replace(PING, times=(1, None)), replace(PONG, times=(1, None))
    events = ping(1, 1, key="a"), pong(2, 1, key="a"), ping(3, 2, key="b"), pong(4, 1, key="b")
    found = read(events, *many)
    assert numbers(found) == {"ping": [1, 3], "pong": [2]}
    assert [event.number for event in found.unclaimed] == [4]


ASK = Step("ask", "client > server", "dns.flags.response == 0")
UP = Step("up", "server > other", "dns.flags.response == 0", same={"dns.qry.name": "ask"})


def query(number, hop, name, **values):
    return packet(number, hop, dns__flags__response=False, dns__qry__name=name, **values)


def test_a_step_takes_the_message_that_is_equal_and_not_the_first() -> None:
    found = read((query(1, "C>S", "a"), query(2, "S>O", "b"), query(3, "S>O", "a")), ASK, UP)
    assert numbers(found) == {"ask": [1], "up": [3]}


def test_the_earlier_step_is_chosen_so_that_the_later_one_finds_its_equal() -> None:
    found = read((query(1, "C>S", "a"), query(2, "C>S", "b"), query(3, "S>O", "b")), ASK, UP)
    assert numbers(found) == {"ask": [2], "up": [3]} and not found.missing


def test_where_nothing_is_equal_the_nearest_says_what_was_wanted() -> None:
    (missing,) = read((query(5, "C>S", "a"), query(7, "S>O", "b")), ASK, UP).missing
    assert missing.reason == (
        "The nearest is packet 7, server > other: dns.qry.name was b, wanted a as in packet 5."
    )


def test_where_the_other_step_was_not_seen_the_miss_says_so() -> None:
    found = read((query(7, "S>O", "b"),), ASK, UP)
    assert [m.step.id for m in found.missing] == ["ask", "up"]
    assert "dns.qry.name was b, wanted the one of ask, which was not seen" in found.missing[1].reason


def test_another_field_of_the_other_message() -> None:
    swapped = replace(UP, same={"dns.qry.name": "ask.dns.a"})
    events = query(1, "C>S", "a", dns__a="b"), query(2, "S>O", "b")
    assert read(events, ASK, swapped).ok
    (missing,) = read((events[0], query(2, "S>O", "a")), ASK, swapped).missing
    assert "dns.qry.name was a, wanted b as in dns.a of packet 1" in missing.reason


def test_a_step_may_have_to_equal_a_reply() -> None:
    answer = Step("answer", reply_to="ping", sees="icmp.type == 0")
    later = Step("later", "client > other", "icmp.type == 8", same={"data.data": "answer"})
    events = ping(1, 1), pong(2, 1, b"token"), packet(3, "C>O", icmp__type=8, data__data=b"token")
    assert read(events, PING, answer, later).ok
    assert not read((*events[:2], packet(3, "C>O", icmp__type=8, data__data=b"x")), PING, answer, later).ok


@pytest.mark.parametrize("order", [1, -1], ids=["after it", "listed before it"])
def test_across_tracks(order: int) -> None:
    side = replace(UP, track="side")
    events = query(1, "C>S", "a"), query(2, "S>O", "b"), query(3, "S>O", "a")
    assert numbers(read(events, *(ASK, side)[::order])) == {"ask": [1], "up": [3]}


def test_a_step_that_these_knobs_do_not_ask_for_is_nothing_to_be_equal_to() -> None:
    asked = replace(ASK, when="mode == on")
    found = read((query(7, "S>O", "b"),), asked, UP, knobs={"mode": "off"})
    assert found.ok and numbers(found) == {"up": [7]}


def test_what_must_never_be_the_same_twice() -> None:
    again = Step("again", "server > other", "dns.flags.response == 0", same={"dns.id": "ask"}, times=(0, 0))
    events = query(1, "C>S", "a", dns__id=7), query(2, "S>O", "a", dns__id=8)
    assert not read(events, ASK, again).missing
    (missing,) = read((events[0], query(2, "S>O", "a", dns__id=7)), ASK, again).missing
    assert missing.reason == "Packet 2 should not be there."


def test_very_many_paths_are_kept_to_the_best() -> None:
    asks = [query(n, "C>S", f"name{n}") for n in range(1, 400)]
    found = read((*asks, query(900, "S>O", "name7")), replace(ASK, times=(1, None)), UP)
    assert numbers(found)["up"] == [900]


def test_a_field_that_must_differ_from_another_message_s() -> None:
    third = Step("third", "client > server", "icmp.type == 8 and icmp.seq > 1", differs={"data.data": "ping"})
    steps = (replace(PING, sees="icmp.type == 8 and icmp.seq == 1"), third)
    assert read((ping(5, 1), ping(7, 2, b"xyz", "l")), *steps).ok
    (missing,) = read((ping(5, 1), ping(7, 2, key="l")), *steps).missing
    assert missing.step is third
    assert "data.data was 616263, wanted another than the 616263 of packet 5" in missing.reason


@pytest.mark.parametrize(
    ("values", "others", "holds"),
    [
        ((1,), (2,), True),
        (("a",), ("b",), True),
        ((1,), (1,), False),
        ((1, 2), (2,), True),
        ((), (1,), False),
        ((1,), (), False),
    ],
)
def test_what_one_does_not_have_does_not_differ(values: tuple, others: tuple, holds: bool) -> None:
    assert Equality("tcp.seq", "other", "tcp.seq", "differs").holds(values, others) is holds


def test_a_number_that_must_be_less_than_another_message_s() -> None:
    first = Step("first", "server > client", "dns.flags.response == 1 and dns.id == 1")
    later = Step("later", "server > client", "dns.id == 2", less={"dns.resp.ttl": "first"})
    experiment = Experiment("e", "", (), (first, later))

    def answers(*ttls: int):
        return trace(
            *(
                packet(n, "S>C", dns__flags__response=True, dns__id=n, dns__resp__ttl=ttl)
                for n, ttl in enumerate(ttls, start=1)
            )
        )

    assert align(answers(60, 58), experiment).ok
    for ttls in ((60, 60), (60, 61)):
        (missing,) = align(answers(*ttls), experiment).missing
        assert missing.step is later
        assert f"dns.resp.ttl was {ttls[1]}, wanted less than the 60 of packet 1" in missing.reason


@pytest.mark.parametrize(
    ("values", "others", "holds"),
    [
        ((1,), (2,), True),
        ((2,), (2,), False),
        ((1, 2), (2,), False),
        ((), (), False),
        (("a",), ("b",), False),
    ],
)
def test_less_is_a_number_for_each_number(values: tuple, others: tuple, holds: bool) -> None:
    assert Equality("tcp.seq", "other", "tcp.seq", "less").holds(values, others) is holds
    assert Equality("tcp.seq", "other", "tcp.seq", "more").holds(others, values) is holds


def test_a_number_that_must_be_more_than_another_message_s() -> None:
    first = Step("first", "client > server", "tcp.seq == 1")
    longer = Step("longer", "client > server", "tcp.seq == 1", more={"tcp.len": "first"})
    experiment = Experiment("e", "", (), (first, longer))

    def segments(*lengths: int):
        return trace(*(packet(n, "C>S", tcp__seq=1, tcp__len=each) for n, each in enumerate(lengths, 1)))

    assert align(segments(10, 11), experiment).ok
    (missing,) = align(segments(10, 10), experiment).missing
    assert "tcp.len was 10, wanted more than the 10 of packet 1" in missing.reason


def at(milliseconds: int, number: int, hop: str = "C>S", **values: object):
    return replace(packet(number, hop, **values), time=milliseconds * 1_000_000)


GIVES_UP = (
    Step("asks", "client > server", "dns.flags.response == 0"),
    Step("asks-another", "client > other", "dns.flags.response == 0", after={"asks": 0.2}),
)


def test_a_message_that_comes_after_a_time_is_not_one_that_comes_at_once() -> None:
    question = {"dns__flags__response": False}
    late = at(0, 1, **question), at(200, 2, "C>O", **question)
    assert read(late, *GIVES_UP).ok
    soon = at(0, 1, **question), at(199, 2, "C>O", **question)
    (missing,) = read(soon, *GIVES_UP).missing
    assert missing.step.id == "asks-another"
    assert "wanted 0.2 s or more after packet 1" in missing.reason
    assert "frame.time_epoch was 0.199" in missing.reason


def test_the_wait_counts_from_the_message_that_was_taken_and_another_may_be_taken_for_it() -> None:
    question = {"dns__flags__response": False}
    events = at(0, 1, **question), at(150, 2, **question), at(210, 3, "C>O", **question)
    assert numbers(read(events, *GIVES_UP)) == {"asks": [1], "asks-another": [3]}


def test_evidence_that_is_no_packet_has_its_time_too() -> None:
    first = replace(at(0, 1), source="strace", node="server", src="", dst="")
    then = replace(at(900, 2), source="strace", node="server", src="", dst="")
    late = Step("late", "server", "", after={"one": 1})
    found = read((first, then), Step("one", "server"), late)
    assert [missing.step.id for missing in found.missing] == ["late"]
    assert read((first, replace(then, time=10**9)), Step("one", "server"), late).ok

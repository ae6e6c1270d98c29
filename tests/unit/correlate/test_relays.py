"""Requests through a proxy: tied where they are one, by themselves, and never where they might be another."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.correlate import correlate
from tests.unit.correlate.talk import CLIENT, Talk, passed, requests, tied, trace

ASKED = Talk(1001)


def sure(*talks: Talk) -> set[int]:
    return {int(str(e["sighting.sure"])) for e in requests(correlate(trace(*talks))) if e.sightings}


def test_a_request_and_its_answer_are_one_exchange_of_two_connections() -> None:
    found = correlate(trace(ASKED, passed(ASKED, 2001)))
    asked, sent, answered, told = found.events
    assert [s.number for s in asked.sightings] == [1, 2] == [s.number for s in sent.sightings]
    assert [s.number for s in told.sightings] == [3, 4] == [s.number for s in answered.sightings]
    assert (
        asked["sighting.path"] == "host > nat > server" and answered["sighting.path"] == "server > nat > host"
    )
    keys = {m.exchange.key for e in found.events for m in e.messages if m.exchange}
    assert len(keys) == 1
    assert asked.stream != sent.stream


def test_what_the_proxy_changed_is_told() -> None:
    asked = replace(ASKED, head=ASKED.head + "Cookie: a=1\r\nVia: 1.1 me\r\n")
    sent = replace(
        passed(ASKED, 2001), head=ASKED.head + f"Via: 1.1 me, 1.1 nat\r\nX-Forwarded-For: {CLIENT}\r\n"
    )
    event = correlate(trace(asked, sent)).events[0]
    assert event["proxied.node"] == "nat" and event["proxied.attempt"] == 1
    assert event.values("proxied.added") == [f"X-Forwarded-For: {CLIENT}"]
    assert event.values("proxied.removed") == ["Cookie: a=1"]
    assert event.values("proxied.rewritten") == ["Via: 1.1 me → 1.1 me, 1.1 nat"]


def test_capitals_in_a_header_are_no_change() -> None:
    sent = replace(passed(ASKED, 2001, ""), head=ASKED.head.replace("Host", "host"))
    assert "proxied.rewritten" not in correlate(trace(ASKED, sent)).events[0]


@pytest.mark.parametrize(
    "head",
    [
        "GET /b HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\n",
        "HEAD /a HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\nX-Forwarded-For: 10.9.9.9\r\n",
    ],
    ids=["another target", "another method", "another header", "none of its headers", "another client"],
)
def test_another_request_is_not_tied_however_near(head: str) -> None:
    assert tied(ASKED, replace(passed(ASKED, 2001, ""), head=head)) == {}


def test_another_body_is_another_request() -> None:
    asked = replace(ASKED, head=ASKED.head.replace("GET", "POST"), body="one")
    assert tied(asked, passed(asked, 2001)) == {1001: 2001}
    assert tied(asked, replace(passed(asked, 2001), body="two")) == {}


def test_what_was_sent_before_it_came_is_another_request() -> None:
    assert tied(replace(ASKED, at=50), replace(passed(ASKED, 2001), at=10)) == {}


def test_what_was_sent_after_the_answer_is_another_request() -> None:
    assert tied(ASKED, replace(passed(ASKED, 2001), at=150)) == {}


def test_an_answer_of_the_proxys_own_has_one_place() -> None:
    asked = replace(ASKED, status="502 Bad Gateway", answer="sorry")
    found = correlate(trace(asked, replace(passed(ASKED, 2001), took=-1)))
    answer = next(e for e in found.events if "http.response.code" in e)
    assert not answer.sightings and tied(asked, replace(passed(ASKED, 2001), took=-1)) == {1001: 2001}


def test_of_equal_requests_a_header_decides_that_no_other_has() -> None:
    one, two = (replace(ASKED, port=1000 + n, head=ASKED.head + f"X-Id: {n}\r\n") for n in (1, 2))
    talks = one, two, passed(two, 2002, ""), passed(one, 2001, "")
    assert tied(*talks) == {1001: 2001, 1002: 2002} and sure(*talks) == {4}


def test_of_equal_requests_the_answers_decide() -> None:
    one, two = replace(ASKED, port=1001, answer="one"), replace(ASKED, port=1002, answer="two")
    talks = one, two, passed(two, 2002), passed(one, 2001)
    assert tied(*talks) == {1001: 2001, 1002: 2002} and sure(*talks) == {6}


def test_of_equal_requests_with_equal_answers_none_is_tied() -> None:
    one, two = replace(ASKED, port=1001), replace(ASKED, port=1002)
    assert tied(one, two, passed(two, 2002), passed(one, 2001)) == {}


def test_of_equal_requests_one_after_another_each_is_the_only_one() -> None:
    one, two = replace(ASKED, port=1001), replace(ASKED, port=1002, at=200)
    talks = one, two, passed(one, 2001), passed(two, 2002)
    assert tied(*talks) == {1001: 2001, 1002: 2002} and sure(*talks) <= {6, 7}


def test_a_second_attempt_is_the_one_and_the_first_was_in_vain() -> None:
    first = replace(passed(ASKED, 2001), took=-1)
    second = replace(passed(ASKED, 2002), at=20, took=70)
    found = correlate(trace(ASKED, first, second))
    vain = next(e for e in requests(found) if e["tcp.srcport"] == 2001)
    asked = next(e for e in requests(found) if e["tcp.srcport"] == 1001)
    assert vain["proxied.in_vain"] is True and vain["proxied.for"] == asked.number and not vain.sightings
    assert asked["proxied.attempt"] == 2 and tied(ASKED, first, second) == {1001: 2002}


def test_a_check_of_the_proxys_own_is_nobodys_request() -> None:
    check = replace(passed(ASKED, 2001), head="GET /health HTTP/1.1\r\nHost: x\r\n")
    assert tied(ASKED, check) == {}


def test_without_knowing_who_is_who_the_client_must_be_named() -> None:
    assert tied(ASKED, passed(ASKED, 2001), nodes=False) == {1001: 2001}
    assert tied(ASKED, passed(ASKED, 2001, ""), nodes=False) == {}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=8),
    st.randoms(),
)
def test_no_tie_is_ever_wrong(asked: list[tuple[int, int, int]], random) -> None:
    """Requests that may be equal, at the same time, with answers that may be equal: what is tied is what the proxy did."""
    fronts = [
        replace(ASKED, port=1000 + n, head=ASKED.head.replace("/a", f"/{target}"), at=at, answer=f"{answer}")
        for n, (at, target, answer) in enumerate(asked)
    ]
    backs = [passed(talk, 2000 + n, after=random.randint(1, 40)) for n, talk in enumerate(fronts)]
    for client, proxy in tied(*fronts, *backs).items():
        assert proxy == client + 1000


def test_a_request_that_tells_who_asked_shows_a_proxy_s_two_addresses_and_they_tie_one_that_does_not() -> (
    None
):
    """Where nobody says who is who: the proxy that added X-Forwarded-For once passes other requests on byte for byte."""
    plain = Talk(1002, head="GET /bytes HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\n", at=500)
    bare = passed(plain, 2002, "")
    assert tied(plain, bare, nodes=False) == {}
    assert tied(ASKED, passed(ASKED, 2001), plain, bare, nodes=False) == {1001: 2001, 1002: 2002}


def test_a_header_that_the_proxy_added_to_both_attempts_does_not_tie_them_to_each_other() -> None:
    """An order sent twice: what both attempts have, and the client's request has not, says nothing of which of them it was."""
    lost = replace(passed(ASKED, 2001), took=-1)
    again = passed(ASKED, 2002, after=20)
    found = correlate(trace(ASKED, lost, again, nodes=False))
    asked = requests(found)
    assert [("proxied.in_vain" in event) for event in asked] == [False, True, False]
    assert asked[0].sightings and asked[2].sightings

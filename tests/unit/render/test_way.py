"""A request's way through a proxy, as every view tells it: on the load-balancing lab's references."""

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.analysis.reading import Reading
from machinelab.analysis.view import faces
from machinelab.model import Event
from machinelab.render.detail import detail
from machinelab.render.ladder import ladder
from machinelab.render.table import table
from machinelab.render.terminal import TerminalStyle
from machinelab.render.way import way

LOOK = TerminalStyle(width=100)


def opened(experiment: str) -> Reading:
    return reading.open_reference(catalog.load_lab("load-balancing"), experiment)


@pytest.fixture(scope="module")
def doors() -> Reading:
    return opened("doors")


def first(found: Reading, step: str) -> Event:
    return found.run.first(step)


def test_both_connections_and_each_header_are_told(doors: Reading) -> None:
    event = first(doors, "ask-l7")
    text = "\n".join(way(doors.view(), event, LOOK))
    front, back = event.sightings
    assert f"Seen on front (packet {front.number}) → back (packet {back.number})." in text
    assert "How sure: no other request is like it." in text
    assert f"received on  {front.src}:" in text and f"sent on      {back.src}:" in text
    assert "added        x-forwarded-for: " + event.src in text
    assert "http.request.uri /http" in text and "tcp.seq_raw" not in text


def test_a_translated_packet_is_told_as_before(doors: Reading) -> None:
    text = "\n".join(way(doors.view(), first(doors, "ask-l4"), LOOK))
    assert "l4 changed" in text and "ip.dst" in text and "another connection" not in text


def test_the_row_says_what_the_proxy_did(doors: Reading) -> None:
    assert faces(first(doors, "ask-l7")) == [
        "l7 sends it on over another connection and adds x-request-id and x-forwarded-for."
    ]
    assert faces(first(doors, "ask-bytes")) == ["l7 sends it on over another connection."]


def test_an_attempt_in_vain_says_for_whom() -> None:
    order = opened("order")
    lost, again = first(order, "lost"), first(order, "again")
    assert faces(lost) == [f"l7 tries for packet {again.number}, in vain (attempt 1)."]
    assert faces(again)[0].endswith("(attempt 2).")
    assert "proxied.in_vain" in "\n".join(detail(order.view(), lost, LOOK))


def test_table_and_ladder_have_one_row_with_the_whole_way(doors: Reading) -> None:
    view, event = doors.view(), first(doors, "ask-l7")
    rows = [line for line in table(view, LOOK) if "GET /http" in line and "→" in line]
    assert len(rows) == 1 and "alice → l7 → web" in rows[0]
    steps = [line for line in ladder(view, LOOK) if "ask-l7: " in line]
    assert len(steps) == 1 and event.again is False


def test_both_connections_carry_the_message(doors: Reading) -> None:
    carriers = doors.run.alignment.carriers
    trace, event = doors.run.trace, first(doors, "ask-bytes")
    by_number = {e.number: e for e in trace.events if e.source == "packets"}
    streams = {by_number[s.number].stream for s in event.sightings}
    assert len(streams) == 2
    assert {e.stream for e in trace.events if e.id in carriers} >= streams

"""Messages of any protocol that a node passes on byte for byte: tied where they are one, and never where they might be another."""

from dataclasses import replace

import pytest

from machinelab.align import align
from machinelab.correlate import correlate
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.walk import Walker
from machinelab.model import Experiment, Step, Trace
from tests.unit.correlate.wires import HOME, NODES, PUBLIC, TCP, UDP, Wire

MS = 1_000_000
CLIENT, FRONT, BACK, SERVER = "10.0.1.7", "10.0.1.1", "198.18.0.2", "198.19.0.9"


def question(id: int, name: bytes = b"example", flags: int = 0x0100) -> bytes:
    head = id.to_bytes(2, "big") + flags.to_bytes(2, "big") + bytes.fromhex("0001000000000000")
    return head + bytes([len(name)]) + name + b"\0" + bytes.fromhex("00010001")


def answer(id: int, name: bytes = b"example", last: int = 1) -> bytes:
    asked = question(id, name, 0x8180)
    record = bytes.fromhex("c00c00010001000000780004c6120203")[:-1] + bytes([last])
    return asked[:6] + b"\0\x01" + asked[8:] + record


def front(
    payload: bytes, at: int, port: int = 4001, to: int = 53, back: bool = False, **more: object
) -> Wire:
    """A message between client and proxy."""
    ends, names = ((CLIENT, port), (FRONT, to)), ("host", "in")
    return _wire(payload, at, ends[::-1] if back else ends, names[::-1] if back else names, HOME, more)


def behind(
    payload: bytes, at: int, port: int = 6001, to: int = 53, back: bool = False, **more: object
) -> Wire:
    """A message between proxy and server."""
    ends, names = ((BACK, port), (SERVER, to)), ("out", "server")
    return _wire(payload, at, ends[::-1] if back else ends, names[::-1] if back else names, PUBLIC, more)


def _wire(payload, at, ends, names, source, more) -> Wire:
    made = Wire(ends[0], ends[1], payload, at, 64, UDP, 1000, 0, source, names, at * MS)
    return replace(made, **more)


def read(*wires: Wire, nodes: bool = True) -> Trace:
    walker, cache = Walker(), Cache()
    ordered = sorted(wires, key=lambda wire: wire.time)
    events = tuple(event(walker.frame(wire.frame()), cache) for wire in ordered)
    return correlate(Trace(events, NODES if nodes else {}))


def ties(*wires: Wire, nodes: bool = True) -> list[tuple[int, ...]]:
    found = read(*wires, nodes=nodes)
    return [tuple(s.number for s in e.sightings) for e in found.events if e.sightings and not e.again]


ASKED = front(question(7), 0), behind(question(9), 1)
TOLD = behind(answer(9), 2, back=True), front(answer(7), 3, back=True)


@pytest.mark.parametrize("nodes", [True, False])
def test_a_forwarder_passes_on_a_question_under_an_id_of_its_own(nodes: bool) -> None:
    near = [replace(w, src=(BACK, w.src[1])) if w.src[0] == FRONT else w for w in (*ASKED, *TOLD)]
    near = [replace(w, dst=(BACK, w.dst[1])) if w.dst[0] == FRONT else w for w in near]
    # Where nobody knows who is who, a node is known by its address.
    assert ties(*(near if not nodes else (*ASKED, *TOLD)), nodes=nodes) == [(1, 2), (3, 4)]


def test_a_step_claims_it_once_on_its_way_through() -> None:
    steps = Step("ask", "host > nat > server", "dns.flags.response == 0"), Step("told", reply_to="ask")
    found = align(read(*ASKED, *TOLD), Experiment("e", "", (), steps))
    assert found.ok and [len(claim.items) for claim in found.claims] == [1, 1]
    assert read(*ASKED, *TOLD).events[0]["proxied.node"] == "nat"


def test_a_resolver_that_asks_in_its_own_words_passes_nothing_on() -> None:
    recursive = behind(question(9, flags=0), 1)
    assert ties(ASKED[0], recursive, *TOLD) == []


@pytest.mark.parametrize(
    "wires",
    [
        (ASKED[0], behind(question(9, b"another"), 1)),
        (behind(question(9), 0), front(question(7), 1)),
        (*ASKED, TOLD[0], front(answer(7, last=9), 3, back=True)),
        (ASKED[0], TOLD[1], behind(question(9), 9)),
    ],
    ids=["another question", "sent before it came", "another answer came back", "answered already"],
)
def test_what_is_not_passed_on_byte_for_byte_is_not_tied(wires: tuple[Wire, ...]) -> None:
    assert ties(*wires) == []


def test_of_equal_questions_none_is_tied_unless_the_answers_tell() -> None:
    two = (
        front(question(7), 0),
        front(question(8), 0, 4002),
        behind(question(9), 1),
        behind(question(10), 1, 6002),
    )
    assert ties(*two) == []
    told = (
        *(behind(answer(9, last=1), 4, back=True), behind(answer(10, last=2), 4, 6002, back=True)),
        *(front(answer(7, last=1), 5, back=True), front(answer(8, last=2), 5, 4002, back=True)),
    )
    found = read(*two, *told)
    pairs = {(s[0].src, s[0].number, s[1].number) for e in found.events if (s := e.sightings)}
    assert {(a, b) for src, a, b in pairs if src == CLIENT} == {(1, 3), (2, 4)}


def test_two_that_ask_each_other_the_same_are_no_proxies() -> None:
    there, back = front(question(7), 0), front(question(7), 1, 53, 4001, back=True)
    assert ties(there, back) == []


RECORD = bytes.fromhex("1703030040") + bytes(range(64))


def test_a_record_that_nobody_on_the_way_can_read_is_followed_through_the_connection_it_came_by() -> None:
    sent = front(RECORD, 0, to=443, proto=TCP), behind(RECORD, 1, to=443, proto=TCP)
    assert ties(*sent) == [(1, 2)]
    found = read(*sent)
    assert found.events[0].stream != found.events[1].stream


def test_what_is_equal_by_rule_or_was_sent_to_several_is_not_tied() -> None:
    change = bytes.fromhex("140303000101")
    assert ties(front(change, 0, to=443, proto=TCP), behind(change, 1, to=443, proto=TCP)) == []
    copies = (behind(RECORD, at, 6000 + at, 443, proto=TCP) for at in (1, 2))
    assert ties(front(RECORD, 0, to=443, proto=TCP), *copies) == []


def test_very_many_equal_messages_are_left_alone() -> None:
    many = [front(question(7), n, 4001 + n) for n in range(102)]
    assert ties(*many, behind(question(9), 300)) == []

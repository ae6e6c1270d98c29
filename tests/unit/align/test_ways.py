"""Packets that were seen several times: one item, one claim, all numbers; and hops that name the way."""

import pytest

from machinelab.align import align
from machinelab.align.hops import parse
from machinelab.analysis import view as views
from machinelab.correlate import correlate
from machinelab.model import Background, Experiment, Step
from tests.unit.correlate.wires import Wire, answer, inside, outside, trace

OUT = Wire()
OUTSIDE = outside(OUT, 61207)
BACK = answer(OUTSIDE, b"hello yourself", 9)
INSIDE = inside(BACK, OUT.src)
WHOLE = correlate(trace(OUT, OUTSIDE, BACK, INSIDE))


def matches(hop: str, number: int = 1) -> bool:
    return parse(hop).matches(WHOLE.events[number - 1], WHOLE.names())


@pytest.mark.parametrize(
    "hop", ["host > server", "host > nat > server", "any > nat|other > server", "host > any > any"]
)
def test_a_hop_names_the_ends_or_the_way(hop: str) -> None:
    assert matches(hop) and matches(hop, 2)


@pytest.mark.parametrize(
    "hop", ["host > nat", "nat > server", "host > nat > nat", "host > other > server", "server > host"]
)
def test_a_hop_is_not_a_part_of_the_way(hop: str) -> None:
    assert not matches(hop)


def test_what_went_no_further_is_told_from_what_did() -> None:
    alone = correlate(trace(BACK))
    assert parse("server > nat").matches(alone.events[0], alone.names())
    assert not parse("server > nat > host").matches(alone.events[0], alone.names())
    assert matches("server > nat > host", 3)


def experiment(*steps: Step, background: tuple[Background, ...] = ()) -> Experiment:
    return Experiment("x", "x", (), steps, background=background)


def test_a_packet_is_claimed_once_with_all_its_sightings() -> None:
    found = align(WHOLE, experiment(Step("out", "host > nat > server"), Step("back", "server > nat > host")))
    assert found.ok
    assert [len(claim.items) for claim in found.claims] == [1, 1]
    assert {id: [s.id for s, _ in steps] for id, steps in found.steps_of().items()} == {
        "1": ["out"], "2": ["out"], "3": ["back"], "4": ["back"],
    }  # fmt: skip


def test_what_nobody_claims_is_left_over_at_every_sighting() -> None:
    found = align(WHOLE, experiment(Step("out", "host > nat > server")))
    assert [event.id for event in found.unclaimed] == ["3", "4"]


def test_background_takes_every_sighting() -> None:
    found = align(WHOLE, experiment(Step("out", "host > server"), background=(Background("rest", "udp"),)))
    assert found.background == {"3": "rest", "4": "rest"}


def test_a_row_for_each_packet_and_a_way_in_each() -> None:
    view = views.View(
        "x", WHOLE, align(WHOLE, experiment(Step("out", "host > server"), Step("back", "server > host")))
    )
    rows = list(view.rows(view.once()))
    assert [row.hop for row in rows] == ["host → nat → server", "server → nat → host"]
    assert views.faces(rows[0].event) == ["nat turns the source 10.0.1.7:40001 into 198.18.0.2:61207."]
    assert views.faces(rows[1].event) == ["nat turns the destination 198.18.0.2:61207 into 10.0.1.7:40001."]


def test_of_what_a_filter_left_the_first_is_shown() -> None:
    view = views.View("x", WHOLE, align(WHOLE, experiment(Step("out", "host > server"))))
    assert [event.number for event in view.once([WHOLE.events[1]])] == [2]
    assert [event.number for event in view.once(list(WHOLE.events))] == [1, 3]


def test_in_a_capture_from_elsewhere_a_translator_is_known_by_its_address() -> None:
    found = correlate(trace(OUT, OUTSIDE, BACK, INSIDE, nodes=False)).events
    assert found[0].path({}) == ["10.0.1.7", "198.18.0.2", "198.19.0.9"]
    assert found[2].path({}) == ["198.19.0.9", "198.18.0.2", "10.0.1.7"]

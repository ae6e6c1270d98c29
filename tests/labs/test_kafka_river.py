"""The river, from the packets of the tests' own capture: each thing is where the packets say it is."""

from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.model import Alignment, Lane, Run
from machinelab.sources import pcap
from tests.captures import containers

BROKERS = {
    "198.18.153.11": "broker1",
    "198.18.153.12": "broker2",
    "198.18.153.13": "broker3",
    "198.18.153.2": "producer",
}


@pytest.fixture(scope="module")
def lanes() -> dict[str, Lane]:
    lab = catalog.load_lab("kafka")
    (plot,) = lab.plots
    trace = pcap.load(Path(containers.KAFKA))
    assert plot.lanes is not None
    found = plot.lanes(
        Run(
            lab.experiments[0],
            trace,
            Alignment(lab.experiments[0], (), (), {}, frozenset(), (), (), BROKERS),
            {},
        )
    )
    return {lane.name: lane for lane in found}


def points(lane: Lane, name: str) -> list[int]:
    return [place for track in lane.tracks if track.name == name for _, place in track.points]


def test_a_lane_for_each_partition_in_which_something_moved_the_brokers_own_last(
    lanes: dict[str, Lane],
) -> None:
    assert next(iter(lanes)) == "mix/0"
    assert "__cluster_metadata/0" in lanes and "__consumer_offsets/0" in lanes


def test_followers_and_the_high_watermark_get_to_the_logs_end(lanes: dict[str, Lane]) -> None:
    mix = lanes["mix/0"]
    end = points(mix, "log end")
    assert end == sorted(end) and end[-1] == 42
    for name in ("broker2 has", "broker3 has", "high watermark"):
        assert points(mix, name)[-1] == 42
        assert points(mix, name) == sorted(points(mix, name))


def test_nothing_is_ahead_of_the_log(lanes: dict[str, Lane]) -> None:
    """At each moment the high watermark is behind every follower, and those are behind the leader."""
    now: dict[str, int] = {}
    mix = lanes["mix/0"]
    moves = sorted(
        (x, order, track.name, place) for order, track in enumerate(mix.tracks) for x, place in track.points
    )
    for _, _, name, place in moves:
        now[name] = place
        assert now.get("high watermark", 0) <= now.get("log end", 0)
        assert all(now.get(f"broker{n} has", 0) <= now.get("log end", 0) for n in (2, 3))


def test_who_leads_is_noted_and_where_the_groups_are(lanes: dict[str, Lane]) -> None:
    notes = [note for _, note in lanes["mix/0"].notes]
    assert any(note.startswith("leader broker1") for note in notes)
    assert points(lanes["mix/0"], "group readers-classic") == [42]

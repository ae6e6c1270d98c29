"""What labs plot of their references: the points are the packets' own."""

from dataclasses import replace

import pytest

from machinelab import catalog
from machinelab.analysis import plots
from machinelab.errors import UsageError
from machinelab.model import Figure, Series


def shipped(lab: str, name: str) -> Figure:
    opened = catalog.load_lab(lab)
    (plot,) = plots.named(opened, name)
    return plots.figure(opened, plot, shipped=True)


@pytest.fixture(scope="module")
def sequence() -> tuple[Series, ...]:
    return shipped("tcp", "sequence").series


def test_in_flight_begins_with_a_segment_and_is_what_the_packets_say() -> None:
    found = shipped("tcp", "in-flight")
    # Each value of the plot's knob has a reference: none is missing.
    assert ([series.name for series in found.series], found.missing) == (["bbr", "cubic", "reno"], ())
    series = found.series[1]
    assert series.points[0][1] == 1448 and not series.marks
    # Ten segments at once (RFC 6928 §2), one after the other in flight: the tenth has the highest number of the first ten.
    assert max(y for _, y in series.points[:10]) <= 10 * 1448 < max(y for _, y in series.points)


def test_what_was_sent_again_is_a_series_of_its_own(sequence: tuple[Series, ...]) -> None:
    first, again = (series for series in sequence if series.name.startswith("cubic"))
    assert (first.name, again.name) == ("cubic", "cubic, sent again")
    assert again.marks and not first.marks
    assert {y for _, y in again.points} <= {y for _, y in first.points}
    assert [x for x, _ in first.points] == sorted(x for x, _ in first.points)


def test_what_goes_out_first_never_goes_back(sequence: tuple[Series, ...]) -> None:
    for series in sequence:
        numbers = [y for _, y in series.points if not series.marks]
        assert numbers == sorted(set(numbers)) and numbers[:1] in ([1], [])


def test_runs_are_told_apart_by_what_they_differ_in() -> None:
    from dataclasses import replace

    from machinelab.analysis import reading

    lab = catalog.load_lab("tcp")
    run = reading.open_reference(lab, "slow-start").run
    bbr = replace(run, knobs={**run.knobs, "congestion": "bbr"})
    wide = replace(run, knobs={**run.knobs, "queue": "100000"})
    (plot,) = plots.named(lab, "in-flight")
    assert [series.name for series in plot.series([run, bbr, run])] == ["bbr", "cubic"]
    assert [series.name for series in plot.series([run, bbr, wide])] == [
        "bbr, queue 30000",
        "cubic, queue 100000",
        "cubic, queue 30000",
    ]


def test_the_river_is_of_the_experiment_that_is_asked_for() -> None:
    opened = catalog.load_lab("kafka")
    (river,) = plots.named(opened, "river")
    found = plots.figure(opened, river, shipped=True, experiment="leader-killed")
    (orders,) = [lane for lane in found.lanes if lane.name == "orders/0"]
    leaders = [note for _, note in orders.notes if note.startswith("leader")]
    assert len(leaders) > 1, "another broker leads after the first was killed"
    assert {track.name for track in orders.tracks} >= {
        "log end",
        "high watermark",
        "broker2 has",
        "broker3 has",
    }
    with pytest.raises(UsageError):
        plots.figure(opened, river, shipped=True, experiment="leader-kiled")


def test_a_plot_of_one_experiment_is_of_no_other() -> None:
    opened = catalog.load_lab("kafka")
    (river,) = plots.named(opened, "river")
    with pytest.raises(UsageError):
        plots.figure(opened, replace(river, experiment="consume"), shipped=True, experiment="produce")

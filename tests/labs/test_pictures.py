"""Every picture of every lab on every reference it may be of: sound as text and as SVG; what some of them say."""

import csv
import hashlib
from collections.abc import Iterator

import pytest

from machinelab import catalog
from machinelab.analysis import pictures, reading
from machinelab.analysis.reading import Reading
from machinelab.model import Drawing, Matrix, Slots, States, Tree
from machinelab.render.pictures import text
from machinelab.store import references
from tests import ROOT
from tests.references import opened
from tests.unit.render.pictures.scenes import assert_good


def shown(lab: str, picture: str, experiment: str) -> Drawing | None:
    return pictures.show(pictures.named(catalog.load_lab(lab), picture), opened(lab, experiment)).drawing


NAMES = [
    (lab, name)
    for lab in catalog.ready()
    for name in references.recorded(catalog.reference_folder(lab))  # with knobs turned, too
]
KEPT = ROOT / "tests" / "golden" / "pictures"


def recorded(lab: str, name: str) -> Reading:
    return (
        opened(lab, name)
        if references.KNOBS not in name
        else reading.open_recorded(catalog.load_lab(lab), name)
    )


@pytest.mark.parametrize(("lab", "name"), NAMES)
def test_every_picture_of_a_reference(lab: str, name: str) -> None:
    found = recorded(lab, name)
    for picture in pictures.of(found.lab, found.experiment.id):
        made = pictures.show(picture, found)
        # A knob may be turned to what leaves nothing to show: a handshake that fails, say.
        assert made.drawing is not None or references.KNOBS in name, picture.id
        if made.drawing is not None:
            assert_good(made.drawing)
        events = found.run.trace.events
        early = pictures.show(picture, found, events[len(events) // 2].time).drawing
        if early is not None:
            assert_good(early)


@pytest.mark.parametrize("lab", catalog.ready())
def test_every_picture_is_as_it_was(lab: str, request: pytest.FixtureRequest) -> None:
    """A digest a picture: what changed is looked at by `machinelab show`, then written anew by --update-golden."""
    file = KEPT / f"{lab}.txt"
    now = "".join(f"{line}\n" for line in _digests(lab))
    if request.config.getoption("--update-golden"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(now, encoding="utf-8")
    if not file.exists():
        pytest.skip(f"no digests of {lab}'s pictures yet: pytest {request.node.nodeid} --update-golden")
    kept = file.read_text(encoding="utf-8").splitlines()
    assert sorted(set(now.splitlines()) ^ set(kept)) == []


def _digests(lab: str) -> Iterator[str]:
    for name in (name for of, name in NAMES if of == lab):
        found = recorded(lab, name)
        for picture in pictures.of(found.lab, found.experiment.id):
            drawing = pictures.show(picture, found).drawing
            if drawing is not None and picture.id != pictures.TOPOLOGY:
                drawn = "\n".join(text(drawing)).encode()
                yield f"{name} {picture.id} {hashlib.sha256(drawn).hexdigest()[:16]}"


def test_the_walk_goes_down_the_tree() -> None:
    tree = shown("dns", "walk", "cold")
    assert isinstance(tree, Tree)
    names = [tree.root.name]
    branch = tree.root
    while branch.children:
        (branch,) = branch.children
        names.append(branch.name)
    assert names == [". (the root)", "test", "example.test", "www.example.test"]
    assert branch.notes[0].startswith("8 to auth") and "198.51.100.80" in branch.notes[1]


def test_both_ends_close_their_connection() -> None:
    states = shown("tcp", "states", "handshake")
    assert isinstance(states, States)
    assert dict(states.now) == {"client": "TIME-WAIT", "server": "CLOSED"}
    assert {t.packets for t in states.transitions if t.source == "LISTEN"} == {("1",)}


def test_a_picture_at_an_earlier_moment() -> None:
    found = opened("tcp", "handshake")
    picture = pictures.named(found.lab, "states")
    drawing = pictures.show(picture, found, found.run.trace.events[1].time).drawing
    assert isinstance(drawing, States) and dict(drawing.now) == {
        "client": "ESTABLISHED",
        "server": "SYN-RECEIVED",
    }


def test_the_matrix_is_what_was_measured() -> None:
    matrix = shown("nat", "pairs", "punch")
    assert isinstance(matrix, Matrix)
    short = {"endpoint-independent": "EI", "address-dependent": "AD", "address-and-port-dependent": "APD"}
    with (ROOT / "guides" / "nat-pairs.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            here, there = (
                f"{short[row[f'mapping_{side}']]}/{short[row[f'filtering_{side}']]}" for side in "ab"
            )
            cell = matrix.cells[matrix.rows.index(here)][matrix.columns.index(there)]
            assert (cell == "✓") == (row["alice"] == row["bob"] == "1"), (here, there)


def test_offsets_41_to_45_are_on_broker_1_alone_until_it_is_gone() -> None:
    found = opened("kafka", "leader-killed")
    river = next(plot for plot in found.lab.plots if plot.id == "river")
    assert river.lanes is not None
    (lane,) = (lane for lane in river.lanes(found.run) if lane.name == "orders/0")
    tracks = {track.name: track.points for track in lane.tracks}
    assert [place for _, place in tracks["broker1 has"]] == [41, 46, 41, 47]
    marks = tracks["high watermark"]
    for when, acknowledged in tracks["acknowledged"]:
        assert [place for moment, place in marks if moment <= when][-1] >= acknowledged


def test_partitions_are_told_with_their_leader() -> None:
    slots = shown("kafka", "partitions", "leader-killed")
    assert isinstance(slots, Slots)
    assert [slot.text for slot in slots.rows[0].slots][:4] == ["broker2", "47", "47", "47"]


def test_a_long_run_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST", 5)
    found = opened("tcp", "handshake")
    made = pictures.show(pictures.named(found.lab, "states"), found)
    assert (
        made.omitted == "Of the first 5 events; those after them are left out." and made.drawing is not None
    )
    assert text(made.drawing)

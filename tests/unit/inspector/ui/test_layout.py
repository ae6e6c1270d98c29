"""Every size has a place for everything, nothing overlaps, and what is remembered cannot hurt."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.inspector.ui.layout import PANES, Box, Preferences, arrange, folded, load, resized, save

SIZES = [(20, 5), (1, 1), (40, 10), (80, 24), (100, 30), (140, 40), (160, 50), (250, 70), (60, 80), (300, 15)]
folds = st.sets(st.sampled_from(PANES), max_size=3).map(tuple)


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


@given(
    st.integers(1, 260), st.integers(1, 90), folds, st.sampled_from(PANES), st.booleans(),
    st.integers(10, 85), st.integers(10, 85), st.integers(10, 85), st.sampled_from([0, 10, 50, 85]),
)  # fmt: skip
def test_nothing_overlaps_or_leaves_the_screen(width, height, shut, here, zoom, events, bytes_, guide, tree):
    preferences = Preferences(events=events, bytes=bytes_, guide=guide, tree=tree, folded=shut)
    boxes = arrange(width, height, preferences, here, zoom)
    shown = [box for box in boxes.values() if box.width > 0 and box.height > 0]
    assert all(b.x >= 0 and b.y >= 0 and b.x + b.width <= width and b.y + b.height <= height for b in shown)
    assert not any(overlap(a, b) for a, b in combinations(shown, 2))
    assert all(box.width >= 0 and box.height >= 0 for box in boxes.values())


@pytest.mark.parametrize("size", SIZES)
def test_the_pane_with_the_focus_can_be_seen(size):
    for here in PANES:
        box = arrange(*size, Preferences(), here)[here]
        assert box.width > 0 and box.height > 0


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 40), (250, 70)])
def test_all_panes_are_seen_where_there_is_room(size):
    boxes = arrange(*size, Preferences())
    assert all(boxes[pane].width >= 24 and boxes[pane].height >= 4 for pane in PANES)


def test_folding_twice_is_nothing():
    assert folded(folded(Preferences(), "guide"), "guide") == Preferences()


def test_a_pane_grows_within_bounds():
    preferences = Preferences()
    for _ in range(99):
        preferences = resized(preferences, "events", 80, False, 4)
    assert preferences.events == 85


def test_what_was_saved_is_loaded(tmp_path):
    kept = replace(Preferences(), events=55, folded=("bytes",), theme="light", history=("dns",))
    save(tmp_path / "deep" / "inspect.json", kept)
    assert load(tmp_path / "deep" / "inspect.json") == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        '{"events": "many"}',
        '{"events": -3}',
        '{"folded": 7}',
        '{"history": [1, 2]}',
        '{"other": 1}',
        '{"events": true}',
    ],
)
def test_what_cannot_be_read_is_forgotten(text, tmp_path):
    file = tmp_path / "inspect.json"
    file.write_text(text)
    preferences = load(file)
    assert (preferences.events, preferences.folded, preferences.history) == (Preferences().events, (), ())


def test_a_place_that_cannot_be_written_is_no_error_and_stays_as_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocked = tmp_path / "file"
    blocked.write_text("kept")
    with pytest.raises(OSError):
        (blocked / "inspect.json").write_text("")
    changed = replace(Preferences(), events=55)
    save(blocked / "inspect.json", changed)
    save(None, changed)
    assert [path.name for path in tmp_path.rglob("*")] == ["file"] and blocked.read_text() == "kept"
    assert load(blocked / "inspect.json") == load(None) == Preferences()


def test_a_draft_that_cannot_take_the_files_place_is_no_error(tmp_path):
    (tmp_path / "inspect.json").mkdir()
    save(tmp_path / "inspect.json", replace(Preferences(), events=55))
    assert (tmp_path / "inspect.json").is_dir() and load(tmp_path / "inspect.json") == Preferences()

"""Which labs are tried in full: one whose parts are others than when it was green."""

import re
from pathlib import Path

import pytest

from tests import ROOT, belonging
from tests.live import green


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A lab that was green, and its parts as they are now."""
    now = {"lab": "0123", "engine": "4567", "image/wal": "89ab"}
    monkeypatch.setattr(green, "FOLDER", tmp_path)
    monkeypatch.setattr(green, "parts", lambda lab: now)
    green.note("wal")
    return now


def test_nothing_changed_is_no_reason(noted: dict[str, str]) -> None:
    assert green.why("wal") == ""


def test_a_lab_that_was_never_green_is_tried_in_full(noted: dict[str, str]) -> None:
    assert green.why("dns") == "it was never green"


@pytest.mark.parametrize("part", ["lab", "engine", "image/wal"])
def test_whatever_changed_is_named(noted: dict[str, str], part: str) -> None:
    noted[part] = "other"
    assert green.why("wal") == f"changed: {part}"


def test_what_came_or_went_is_named(noted: dict[str, str]) -> None:
    noted["source/pglog"] = "cdef"
    del noted["engine"]
    assert green.why("wal") == "changed: engine, source/pglog"


def test_the_parts_of_a_lab_are_what_it_runs_on() -> None:
    found = green.parts("wal")
    assert {
        "lab",
        "compose",
        "tests",
        "engine",
        "workflow",
        "image/wal",
        "image/tap",
        "protocol/pgsql",
    } <= found.keys()
    assert {f"source/{name}" for name in belonging.sources("wal")} <= found.keys()
    assert len(set(found.values())) == len(found), "no two parts are the same files, and none is empty"


def test_what_is_said_not_to_be_used_by_a_run_is_there_and_is_not_used() -> None:
    """A file that was renamed would be left out unseen."""
    folder = ROOT / green.WORKFLOW
    assert all((folder / name).exists() for name in green.WORDS)
    said = {name.removesuffix(".py") for name in green.WORDS}
    for name in ("starting", "running", "completion", "watching"):
        imports = re.findall(
            r"^\s*from \.(\w*) import (.*)$", (folder / f"{name}.py").read_text(), re.MULTILINE
        )
        assert not said & {word for place, names in imports for word in (place, *re.findall(r"\w+", names))}


def test_a_changed_byte_changes_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(green, "ROOT", tmp_path)
    (tmp_path / "file").write_text("one")
    before = green._of(tmp_path)
    (tmp_path / "file").write_text("two")
    assert green._of(tmp_path) != before

import json
import os

import pytest

from machinelab.errors import LabError
from machinelab.store import answers, runs
from machinelab.store.answers import Kept

from ..worksheet.made import LAB


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    return tmp_path


def test_nothing_kept_is_no_error():
    assert answers.load("toy") == answers.Progress()


def test_what_is_kept_is_read_again():
    kept = Kept("2 packets", True, False, 2, 1, "run 7", ("2", "wal:1"))
    answers.keep("toy", "alice", {"upstream": kept}, at="why")
    again = answers.load("toy", "alice")
    assert again.answers == {"upstream": kept} and again.at == "why" and again.right("upstream")
    assert answers.load("toy") == answers.Progress()


def test_another_sessions_replies_stay():
    answers.keep("toy", "default", {"a": Kept("1")})
    answers.keep("toy", "default", {"b": Kept("2")}, at="b")
    answers.keep("toy", "default", {})
    assert answers.load("toy").answers.keys() == {"a", "b"} and answers.load("toy").at == "b"


def test_the_file_is_replaced_whole_and_leaves_no_draft(home):
    answers.keep("toy", "default", {"a": Kept("1")})
    assert [path.name for path in (home / "progress" / "toy").iterdir()] == ["default.json"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"format": 1, "answers": []}',
        b'{"format": 1, "at": "", "answers": {"a": {"reply": 3}}}',
        b'{"format": 1, "at": "", "answers": {"a": {"ok": 1}}}',
        b'{"format": 1, "at": "", "answers": {"a": {"novel": 1}}}',
        b'{"format": 1, "at": "", "answers": {"a": {"packets": 3}}}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_put_aside_and_told_of(home, text):
    path = answers.file_of("toy")
    for number in (1, 2):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
        found = answers.load("toy")
        aside = path.with_name(f"default.json.damaged-{number}")
        assert aside.read_bytes() == text and not path.exists()
        assert found.answers == {} and str(aside) in found.notes[0]


def test_a_later_format_is_left_alone():
    answers.keep("toy", "default", {"a": Kept("1")})
    path = answers.file_of("toy")
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(LabError, match="later machinelab") as raised:
        answers.load("toy")
    assert raised.value.hint.startswith("Upgrade") and path.exists()


def test_a_folder_that_cannot_be_made_is_told_of(home):
    (home / "progress").write_text("in the way")
    with pytest.raises(LabError, match="cannot be kept") as raised:
        answers.keep("toy", "default", {"a": Kept("1")})
    assert "MACHINELAB_HOME" in raised.value.hint


def test_the_summary_counts_experiments_run_and_questions_right():
    for experiment in ("cold", "cold", "try"):
        _, folder = runs.create("toy")
        runs.write(folder, runs.RunInfo("toy", experiment))
    _, folder = runs.create("toy")
    (folder / runs.INFO).write_text("{")
    answers.keep("toy", "default", {"why": Kept("b", True), "who": Kept("x", False), "gone": Kept("y", True)})
    found = answers.summary(LAB)
    assert found == answers.Summary(("cold",), 2, 1, 4)


def test_the_summary_passes_on_that_answers_were_put_aside():
    path = answers.file_of("toy")
    path.parent.mkdir(parents=True)
    path.write_text("{")
    assert "damaged-1" in answers.summary(LAB).notes[0]


def test_the_draft_of_a_process_is_its_own(home):
    answers.keep("toy", "default", {})
    other = home / "progress" / "toy" / f".default.json.{os.getpid() + 1}"
    other.write_text("another process is at it")
    answers.keep("toy", "default", {"a": Kept("1")})
    assert other.exists() and json.loads(answers.file_of("toy").read_text())["answers"].keys() == {"a"}

"""The front door: the core path, one thing at a time, back and forth, left and taken up; typed through a terminal of its own."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.render import screen
from machinelab.store import place
from machinelab.workflow import learning_pages as pages
from machinelab.workflow import worksheet

LIMIT = 60.0  # seconds for a screen to come: a first one imports much, on a machine that is busy
ROWS, COLUMNS = 24, 80
MOST = 40  # screens of one experiment


class Reader:
    """Somebody at a terminal of 80 by 24 who types a line and waits for the next screen."""

    def __init__(self, home: Path, *words: str) -> None:
        leader, follower = pty.openpty()
        os.set_inheritable(follower, True)
        subprocess.run(["stty", "rows", str(ROWS), "cols", str(COLUMNS)], stdin=follower, check=True)
        environ = {
            **{name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")},
            "MACHINELAB_HOME": str(home),
            "NO_COLOR": "1",
            "TERM": "xterm",
            "DOCKER_HOST": "unix:///nowhere/docker.sock",
        }
        self.leader = leader
        self.process = subprocess.Popen(
            [sys.executable, "-m", "machinelab", "learn", *words],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=environ,
        )
        os.close(follower)

    def screen(self) -> str:
        """What stands on the screen once it asks, without what it wiped away."""
        said, until = b"", time.monotonic() + LIMIT
        while not said.endswith(b"\n> "):
            assert time.monotonic() < until, f"no prompt came after: {said[-800:]!r}"
            if select.select([self.leader], [], [], 1)[0]:
                try:
                    said += os.read(self.leader, 65536).replace(b"\r", b"")
                except OSError as error:  # Linux's word for: the other end is closed
                    raise AssertionError(f"it ended: {said[-800:]!r}") from error
        return said.decode().rpartition(screen.CLEAR)[2]

    def types(self, text: str) -> str:
        os.write(self.leader, f"{text}\n".encode())
        return self.screen()

    def leaves(self) -> int:
        os.write(self.leader, b"q\n")
        return self.process.wait(LIMIT)


def head(text: str) -> str:
    return re.split(r"  +", text.split("\n", 1)[0])[0]


def test_the_whole_way_of_one_experiment_at_a_terminal(tmp_path: Path) -> None:
    reader = Reader(tmp_path, "dns")
    seen = [reader.screen()]
    assert head(seen[0]) == "dns · cold · the question"
    assert "What does" in seen[0] and seen[0].split("\n")[0].endswith("1 of 6")
    while head(seen[-1]) != "dns · cold · run":
        assert len(seen) < MOST, seen[-1]
        seen.append(reader.types("s" if head(seen[-1]).endswith("predict") else ""))
    assert "This will be run:" in seen[1] and "stub" in seen[1]
    seen.append(reader.types(""))  # no engine: it says so, and stays
    assert "✗" in seen[-1] and head(seen[-1]) == "dns · cold · run"
    seen.append(reader.types("r"))
    assert head(seen[-1]) == "dns · cold · look"
    while head(seen[-1]) != "dns · cold · answer":
        assert len(seen) < MOST, seen[-1]
        seen.append(reader.types(""))
    blind = "\n".join(seen)
    assert "ask-root" not in blind and "▸" not in blind and "steps, in order" not in blind
    seen.append(reader.types("p"))
    assert "198.51.100.80" in seen[-1] and "ask-root" not in seen[-1]
    while "type it, or" not in seen[-1]:
        assert len(seen) < MOST, seen[-1]
        seen.append(reader.types(""))
    seen.append(reader.types("s"))
    while head(seen[-1]) == "dns · cold · answer":
        assert len(seen) < MOST, seen[-1]
        seen.append(reader.types("s"))
    assert head(seen[-1]) == "dns · cold · what it was"
    assert "found 198.51.100.80 after asking three servers" in seen[-1]
    seen.append(reader.types("b"))
    assert head(seen[-1]) == "dns · cold · answer"
    assert reader.leaves() == 0
    for text in seen:
        lines = text.split("\n")
        assert len(lines) <= ROWS and all(len(line) <= COLUMNS for line in lines), text


def test_it_goes_on_where_it_was_left(tmp_path: Path) -> None:
    reader = Reader(tmp_path, "dns", "warm")
    assert head(reader.screen()) == "dns · warm · the question"
    assert head(reader.types("")) == "dns · warm · who is there"
    assert reader.leaves() == 0
    again = Reader(tmp_path)
    assert head(again.screen()) == "dns · warm · who is there"
    assert head(again.types("b")) == "dns · warm · the question"
    assert again.leaves() == 0


def test_a_letter_is_an_answer_before_it_is_a_key(tmp_path: Path) -> None:
    reader = Reader(tmp_path, "dns", "bogus")
    text = reader.screen()
    for _ in range(MOST):
        if head(text) == "dns · bogus · answer":
            break
        text = reader.types("r" if head(text).endswith("run") else "")
    assert "  b) " in text and "< back" in text and "b back" not in text
    assert "✓ Right." in reader.types("b")
    assert head(reader.types("<")) == "dns · bogus · look"
    assert reader.leaves() == 0


def test_it_goes_on_with_the_instance_it_was_left_with(tmp_path: Path) -> None:
    reader = Reader(tmp_path, "dns", "warm", "--as", "bob")
    reader.screen()
    reader.types("")
    assert reader.leaves() == 0
    again = Reader(tmp_path)  # neither lab nor instance named: those of the last time
    seen = again.screen()
    assert head(seen) == "dns · warm · who is there"
    while "machinelab run dns warm" not in seen:
        seen = again.types("s" if "predict" in head(seen) else "")
    assert "machinelab run dns warm --as bob" in seen
    assert again.leaves() == 0
    other = Reader(tmp_path, "dns")  # the lab named: the default instance, which has not begun
    assert head(other.screen()) == "dns · cold · the question"
    assert other.leaves() == 0
    third = Reader(tmp_path, "--as", "bob")  # the instance named: where it was left
    assert head(third.screen()) == "dns · warm · run"
    assert third.leaves() == 0


@pytest.mark.parametrize("lab", catalog.made())
def test_every_lab_has_a_way(lab: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    opened = catalog.load_lab(lab)
    session = worksheet.open_session(opened)
    way = pages.stops(opened, session.questions)
    assert way[-1] == pages.Stop("", pages.END)
    assert list(dict.fromkeys(stop.experiment for stop in way[:-1])) == [e.id for e in opened.core_path]
    assert len({stop.name for stop in way}) == len(way)
    for place_, stop in enumerate(way):
        if stop.does == pages.PREDICTED:
            run = next(i for i, s in enumerate(way) if (s.experiment, s.does) == (stop.experiment, pages.RUN))
            assert place_ < run


def test_a_body_is_broken_at_a_blank_line_where_one_is_near() -> None:
    lines = ["a"] * 8 + [""] + ["b"] * 8
    assert screen.parts(lines, 10) == [["a"] * 8, ["b"] * 8]
    assert screen.parts([], 10) == [[]]
    assert [len(part) for part in screen.parts(["x"] * 25, 10)] == [10, 10, 5]


def test_a_place_that_cannot_be_read_counts_as_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    assert place.load() == place.Places()
    place.keep("dns", "default", "cold:look")
    place.keep("tcp", "alice", "handshake:run")
    assert place.load() == place.Places(
        "tcp/alice", {"dns/default": "cold:look", "tcp/alice": "handshake:run"}
    )
    assert place.load().of("dns") == "cold:look" and place.load().of("nat") == ""
    (tmp_path / place.FILE).write_text("{")
    assert place.load() == place.Places()

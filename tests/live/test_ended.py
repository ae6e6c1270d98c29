"""Commands that are ended in the midst of what they do, by Ctrl-C and by SIGKILL: the next one works, and nothing stays behind.

In CI a few moments of each; `./setup soak` takes MACHINELAB_SOAK_TIMES (20) random ones.
"""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from .faults import (
    AMOUNTS,
    AS,
    INSTANCE,
    LAB,
    cleared,
    command,
    home,
    moments,
    own,
    started,
    typed,
    up,
    works,
)

__all__ = ["home", "own", "up"]
pytestmark = pytest.mark.live
BOTH = pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
MANY = pytest.mark.parametrize("amount", AMOUNTS)


@MANY
@BOTH
def test_an_up_that_is_ended_leaves_nothing_in_the_way(how: signal.Signals, amount: int) -> None:
    for turn, moment in enumerate(moments(amount, 3.0)):
        ended(how, moment, "up", LAB, *AS)
        if turn % 2:
            works()  # on what is left of it
        cleared()
        works()
        cleared()


@MANY
@BOTH
def test_a_run_that_is_ended_leaves_nothing_in_the_way(up: None, how: signal.Signals, amount: int) -> None:
    for turn, moment in enumerate(moments(amount, 2.0)):
        ended(how, moment, "run", LAB, "cold", *AS)
        if turn % 2:
            cleared()
        works()


@MANY
@BOTH
def test_a_down_that_is_ended_is_finished_by_the_next(how: signal.Signals, amount: int) -> None:
    for moment in moments(amount, 1.5):
        works()
        ended(how, moment, "down", LAB, *AS)
        cleared()


@MANY
@BOTH
def test_after_a_reset_that_is_ended_all_is_well_at_once(up: None, how: signal.Signals, amount: int) -> None:
    for moment in moments(amount, 2.5):
        ended(how, moment, "reset", LAB, *AS)
        works()


@MANY
def test_a_worksheet_that_is_killed_keeps_what_was_answered(up: None, amount: int, home: Path) -> None:
    first = ("worksheet", LAB, *AS, "--answer", "upstream=5", "--json")
    assert json.loads(typed(*first).stdout)["question"] == "upstream"
    (file,) = (home / "progress").rglob(f"{INSTANCE}.json")
    for moment in moments(amount, 2.0):
        process = subprocess.Popen(
            command("worksheet", LAB, *AS), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
        )  # fmt: skip
        assert process.stdin
        process.stdin.write("3\n\n2\n3\ns\n4\n")  # an answer, a run, more answers
        process.stdin.flush()
        time.sleep(moment)  # the moment is what the test is about
        process.kill()
        process.wait(60)
        assert "upstream" in json.dumps(json.loads(file.read_text(encoding="utf-8")))
    told = typed("worksheet", LAB, *AS, given="q\n")
    assert told.returncode == 0 and "All is kept" in told.stdout, told.stdout + told.stderr
    works()
    cleared()
    works()


EVERY = (
    ("try", LAB, "stub", *AS, "--", "sleep", "30"),
    ("logs", LAB, *AS),
    ("reset", LAB, *AS),
    ("ps", "--stats"),
    ("worksheet", LAB, *AS),
    ("packets", LAB, "dnssec", "--reference", "-v", "-x"),
    ("guide", LAB),
    ("export", LAB, "cold", "--reference", "-o", "{home}/cold.html"),
    ("check", LAB),
    ("doctor",),
)


@MANY
def test_ctrl_c_ends_every_command_in_a_line(up: None, amount: int, home: Path) -> None:
    for words in EVERY:
        for moment in moments(amount, 1.5):
            ended(signal.SIGINT, moment - 0.3, *(word.format(home=home) for word in words))
    for page in home.glob("*.html"):
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    works()


def ended(how: signal.Signals, moment: float, *words: str) -> None:
    """Start a command and end it at a moment; no traceback, and an interrupted one says what it is.

    A terminal's Ctrl-C goes to the whole process group, whoever was started in it included; SIGKILL to the one process.
    """
    process = started(*words)
    time.sleep(moment)  # the moment is what the test is about
    if how == signal.SIGINT:
        os.killpg(process.pid, how) if process.poll() is None else None
    else:
        process.send_signal(how)
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in out + err, (words, moment, err)
    if how == signal.SIGINT:
        assert process.returncode in (0, 1, 130, -signal.SIGINT), (words, moment, process.returncode, err)

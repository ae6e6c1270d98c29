"""What `capture` refuses before it listens, and the interfaces it lists. That it captures: tests/live/test_sniffing.py."""

import json
import os
import subprocess
import sys

import pytest

from machinelab.cli import program
from machinelab.engine import interfaces
from machinelab.engine.recording import Counts


@pytest.fixture
def type_(tmp_path):
    def run(*words):
        environment = {**os.environ, "MACHINELAB_HOME": str(tmp_path), "NO_COLOR": "1", "COLUMNS": "120"}
        argv = [sys.executable, "-m", "machinelab", "capture", *words]
        return subprocess.run(argv, capture_output=True, text=True, env=environment, timeout=60, check=False)

    return run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--guide", "dsn"), "There is no lab 'dsn'."),
        (("-i", "nowhere0"), "There is no network interface 'nowhere0'."),
        (("--live", "--json"), "--live is for people, --json for scripts."),
        (("--seconds", "0"), "--seconds"),
        (("--count", "0"), "--count"),
    ],
)
def test_usage_is_told_in_one_line_and_a_hint(type_, words, said):
    told = type_(*words)
    assert told.returncode == 2
    assert said in told.stderr and "Traceback" not in told.stderr
    assert told.stdout == ""


def test_the_interfaces_are_listed(type_):
    # Containers that start and stop meanwhile have interfaces of their own that come and go.
    before = {each.name for each in interfaces.interfaces()}
    told = type_("--interfaces")
    after = {each.name for each in interfaces.interfaces()}
    assert told.returncode == 0, told.stderr
    listed = [line.split()[0] for line in told.stdout.splitlines()]
    assert before & after <= set(listed) and "lo" in listed and len(set(listed)) == len(listed)
    rows = [json.loads(line) for line in type_("--interfaces", "--json").stdout.splitlines()]
    (loopback,) = [row for row in rows if "127.0.0.1" in row["addresses"]]
    assert loopback["up"] is True


@pytest.fixture
def capture():
    """The command's module, loaded in its turn: in that order commands stand in --help."""
    program.load()
    from machinelab.cli import capture

    return capture


def test_interfaces_are_completed(capture):
    some = interfaces.names()[0]
    assert some in capture.complete_interface(some[:1])
    assert capture.complete_interface("nowhere") == []


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (Counts(1, 0), "1 packet from lo, none lost."),
        (Counts(1200, 40), "1,200 packets from lo; 40 more were lost"),
        (Counts(2, None), "2 packets from lo; this system does not tell"),
    ],
)
def test_a_loss_is_told(capture, counts, said):
    assert capture._told(counts, "lo").startswith(said)

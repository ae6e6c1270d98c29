"""explain, guide and worksheet of a capture from elsewhere, as `packets FILE --guide LAB` takes it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

COLD = "labs/dns/reference/cold.pcapng"
NOTHING = "tests/captures/foreign/nflog.pcap"


@pytest.fixture
def typed(tmp_path: Path):  # type: ignore[no-untyped-def]
    def type_(*words: str) -> "subprocess.CompletedProcess[str]":
        environment = {
            **os.environ,
            "NO_COLOR": "1",
            "COLUMNS": "100",
            "MACHINELAB_HOME": str(tmp_path / "home"),
        }
        argv = [sys.executable, "-m", "machinelab", *words]
        return subprocess.run(
            argv, cwd=ROOT, capture_output=True, text=True, env=environment, timeout=60, check=False
        )

    return type_


def test_a_field_is_explained_with_its_values_in_the_file(typed) -> None:
    told = typed("explain", COLD, "dns.flags.recdesired", "--guide", "dns")
    assert told.returncode == 0, told.stderr
    assert "In cold (cold.pcapng):" in told.stdout
    assert "packets 1, 16 (ask-resolver, answer)" in told.stdout


def test_a_field_is_explained_of_a_file_that_shows_no_experiment(typed) -> None:
    told = typed("explain", NOTHING, "ip.ttl", "--guide", "dns")
    assert told.returncode == 0, told.stderr
    assert "In nflog.pcap:" in told.stdout or "In no packet of nflog.pcap" in told.stdout


def test_the_guide_speaks_of_the_file_s_own_packets(typed) -> None:
    told = typed("guide", COLD, "--guide", "dns")
    assert told.returncode == 0, told.stderr
    # Named by nobody, the experiment is found out; and nothing is said of a run or a reference.
    assert told.stderr == ""
    part = typed("guide", COLD, "cold", "--guide", "dns")
    assert 0 < len(part.stdout) < len(told.stdout) / 2


def test_a_guide_says_where_none_of_its_values_are_the_file_s(typed) -> None:
    told = typed("guide", NOTHING, "--guide", "dns")
    assert told.returncode == 0
    assert "nflog.pcap shows none of dns's experiments" in told.stderr


def test_a_worksheet_asks_what_the_file_can_answer(typed) -> None:
    printed = typed("worksheet", COLD, "--guide", "dns", "--print")
    assert printed.returncode == 0, printed.stderr
    assert "(`upstream`)" in printed.stdout and "(`root-visits`)" not in printed.stdout
    assert f"machinelab worksheet {COLD} --guide dns --answer ID=VALUE" in printed.stdout
    assert "machinelab run" not in printed.stdout


def test_answers_are_graded_from_the_file(typed) -> None:
    told = typed("worksheet", COLD, "--guide", "dns", "--answer", "upstream=5", "--json")
    assert told.returncode == 1
    assert json.loads(told.stdout)["question"] == "upstream"
    right = typed("worksheet", COLD, "--guide", "dns", "--answer", "upstream=6", "--json")
    found = json.loads(right.stdout)
    assert (right.returncode, found["ok"]) == (0, True), found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("worksheet", NOTHING, "--guide", "dns", "--print"), "shows none of dns's experiments"),
        (("worksheet", COLD, "--print"), "which guide shall explain it?"),
        (("explain", COLD, "dns.id"), "which guide shall explain it?"),
        (("guide", COLD), "which guide shall explain it?"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_line(typed, words: tuple[str, ...], said: str) -> None:
    told = typed(*words)
    assert (told.returncode, told.stdout) == (2, "")
    assert said in told.stderr

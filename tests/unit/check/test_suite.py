"""`machinelab test LAB`: which tests it selects, and what it says where there are none."""

import subprocess
import sys
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.check import suite
from machinelab.errors import UsageError
from tests import ROOT, belonging


@pytest.fixture(scope="module")
def selected() -> list[str]:
    argv = [
        sys.executable,
        "-m",
        "pytest",
        "tests",
        "--lab",
        "wal",
        "-m",
        "not soak",
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    told = subprocess.run(
        [*argv, "--all"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=900
    )
    return [line for line in told.stdout.splitlines() if "::" in line]


def test_what_belongs_to_a_lab_is_selected_and_nothing_else(selected: list[str]) -> None:
    for wanted in (
        "tests/labs/test_check.py::",
        "tests/unit/columns/test_columns.py::",
        "tests/unit/dissect/protocols/pgsql/",
        "tests/oracle/test_tshark.py::test_as_tshark[wal-commit]",
        "tests/live/test_labs.py::",
        "tests/live/test_wal.py::",
    ):
        assert any(line.startswith(wanted) for line in selected), wanted
    for other in ("dns-", "kafka", "oauth2", "test_aligner", "test_soak"):
        assert [line for line in selected if other in line] == []


def test_every_lab_has_protocols_of_its_own_words() -> None:
    assert "pgsql" in belonging.protocols("wal")
    assert {"dns", "tcp"} <= set(belonging.protocols("dns"))
    assert "tls" in belonging.protocols("tls") and "kafka" in belonging.protocols("kafka")


def test_an_installed_package_says_where_the_tests_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MACHINELAB_CONTENT", str(tmp_path))
    with pytest.raises(UsageError, match="in the repository") as told:
        suite.folder()
    assert told.value.hint.startswith("Clone")


def test_without_an_engine_what_needs_one_is_left_out() -> None:
    lab = catalog.load_lab("wal")
    assert "not soak and not live and not oracle" in suite.command(lab, engine=False)
    assert "not soak" in suite.command(lab, engine=True, words=["--all"])


@pytest.mark.parametrize(
    ("test", "group"),
    [
        ("tests/live/test_wal.py::test_several[wal]", "wal"),
        ("tests/live/test_nat_truth.py::test_every", "nat"),
        ("tests/live/test_labs.py::test_experiment[load-balancing-doors]", "load-balancing"),
        ("tests/oracle/test_filter_oracle.py::test_the_same[tls/mutual]", "tls"),
        ("tests/live/test_engine.py::test_up[dnsless]", "tests/live/test_engine.py"),
        ("tests/unit/test_parallel.py::test_order", "tests/unit/test_parallel.py"),
    ],
)
def test_one_process_runs_the_tests_of_a_lab_or_of_a_file(test: str, group: str) -> None:
    assert belonging.group_of(test) == group

from concurrent.futures import Future
from pathlib import Path

import pytest

from machinelab.engine import gather
from machinelab.engine.gather import planned
from machinelab.errors import BrokenLab, EngineError, UsageError
from machinelab.model import Gather


def test_knobs_and_the_start_are_filled_in() -> None:
    wanted = Gather("db", "pgwal", "waldump --since {started} {table}")
    found = planned([wanted], {"table": "a b"}, 1_764_000_000_000_000_042)
    assert found == [(wanted, ("waldump", "--since", "1764000000.000000042", "a b"))]


@pytest.mark.parametrize(("command", "error"), [("cat 'x", BrokenLab), ("cat {file}", UsageError)])
def test_what_cannot_be_run_is_told_before_the_run(command: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        planned([Gather("db", "pgwal", command)], {"file": "-rf"})


def test_logs_are_kept_where_a_node_said_something_and_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    read: dict[str, Future[str]] = {node: Future() for node in ("said", "silent", "gone")}
    read["said"].set_result("ready\n")
    read["silent"].set_result("")
    read["gone"].set_exception(EngineError("No such container.", "Start it."))
    assert gather.keep_logs(read, tmp_path) == ["The log of gone could not be read: No such container."]
    assert [file.name for file in (tmp_path / "logs").iterdir()] == ["said.log"]

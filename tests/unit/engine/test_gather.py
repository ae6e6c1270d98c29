import pytest

from machinelab.engine.gather import planned
from machinelab.errors import BrokenLab, UsageError
from machinelab.model import Gather


def test_knobs_and_the_start_are_filled_in() -> None:
    wanted = Gather("db", "pgwal", "waldump --since {started} {table}")
    found = planned([wanted], {"table": "a b"}, 1_764_000_000_000_000_042)
    assert found == [(wanted, ("waldump", "--since", "1764000000.000000042", "a b"))]


@pytest.mark.parametrize(("command", "error"), [("cat 'x", BrokenLab), ("cat {file}", UsageError)])
def test_what_cannot_be_run_is_told_before_the_run(command: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        planned([Gather("db", "pgwal", command)], {"file": "-rf"})

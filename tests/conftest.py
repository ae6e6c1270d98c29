"""What all tests share: `--update-golden`, and the golden files that hold what a person sees."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from machinelab.cli import program
from tests import belonging

# A busy machine is no fault of the code: what takes time is measured in tests/bench.
settings.register_profile("machinelab", deadline=None)
settings.load_profile("machinelab")

GOLDEN = Path(__file__).parent / "golden"


# Captures that are read once for all tests stay: looking through them for garbage again and again was a third of the processor time.
gc.set_threshold(program.UNCOLLECTED)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden files anew; read the diff before you commit it",
    )
    parser.addoption("--lab", metavar="LAB", help="only the tests that belong to this lab")
    parser.addoption(
        "--all",
        action="store_true",
        dest="ask_all",
        help="ask tshark about everything, and try every lab in full",
    )
    parser.addoption(
        "--agree",
        action="store_true",
        help="write down what tshark agreed to (tests/oracle/agreed) and which labs were green in full (tests/live/green)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """With xdist, the process that hears of every test collects none, and finds no conftest below this one: it is told of the labs'."""
    if config.getoption("--agree") and getattr(config.option, "numprocesses", None):
        from tests.live import conftest as live

        if not config.pluginmanager.is_registered(live):
            config.pluginmanager.register(live)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `--dist loadscope`, the tests of one lab, or of one file, run in one process: it reads their captures once.

    (Marks of xdist_group would say the same; xdist 3.8 writes them into a name that pytest 9.2 no longer reads.)
    """
    if config.getoption("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByLab(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return belonging.group_of(nodeid)

    return ByLab(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`--lab`: what belongs to a lab is left, and nothing else."""
    if wanted := config.getoption("--lab"):
        belongs = belonging.to(wanted)
        chosen = [item for item in items if belongs(item)]
        config.hook.pytest_deselected(items=[item for item in items if not belongs(item)])
        items[:] = chosen


@pytest.fixture(scope="session", autouse=True)
def home_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Runs and answers of tests go nowhere near those of whoever runs them."""
    before = os.environ.get("MACHINELAB_HOME")
    home = tmp_path_factory.mktemp("home")
    os.environ["MACHINELAB_HOME"] = str(home)
    yield home
    if before is None:
        del os.environ["MACHINELAB_HOME"]
    else:
        os.environ["MACHINELAB_HOME"] = before


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare text with tests/golden/<name>; with --update-golden, write it there."""
    update = bool(request.config.getoption("--update-golden"))

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path} is missing: run pytest --update-golden, and read what it wrote"
        assert text == path.read_text(encoding="utf-8")

    return compare

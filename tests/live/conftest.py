"""Live tests measure a whole machine. One that fails is tried once more, and both are told at the end (RERUN); soak has no second try.

A lab is up once for all tests of it. One of which nothing has changed since it was green is tried with one experiment (`green`).
"""

import signal
from collections.abc import Iterator
from functools import cache

import pytest

from machinelab import catalog
from tests import belonging

from . import green, labs
from .soak import Tally, table

TALLIES = pytest.StashKey[list[Tally]]()


@pytest.fixture(scope="session")
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[labs.Up]:
    """The lab that the test names, up."""
    home = tmp_path_factory.mktemp(f"home-{request.param}")
    with labs.up(request.param, home) as typed:
        yield labs.Up(request.param, typed, home / "runs" / request.param / labs.INSTANCE)


@cache
def reasons(everything: bool) -> dict[str, str]:
    """Why each lab is tried in full; empty for one that is not."""
    return {
        lab: "everything was asked for" if everything else green.why(lab) for lab in sorted(belonging.LABS)
    }


def _everything(config: pytest.Config) -> bool:
    return bool(config.getoption("ask_all")) or "not soak" not in config.getoption("markexpr")


def in_turn(lab: str) -> str:
    """The experiment that is tried today of a lab that is not tried in full."""
    experiments = catalog.load_lab(lab).experiments
    return experiments[green.day() % len(experiments)].id


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    everything = _everything(config)
    left_out = [item for item in items if _left_out(item, everything)]
    gone = set(map(id, left_out))
    items[:] = [item for item in items if id(item) not in gone]
    config.hook.pytest_deselected(items=left_out)
    mine = [(lab, item) for item in items if (lab := _of_lab(item)) and not item.get_closest_marker("soak")]
    for lab, item in mine:
        if reasons(everything)[lab]:
            item.user_properties += [("green", (lab, sum(other == lab for other, _ in mine)))]
    if not config.pluginmanager.hasplugin(
        "rerunfailures"
    ):  # -p no:rerunfailures: whoever looks for what fails now and then
        return
    for item in items:
        if item.get_closest_marker("live") and not item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _of_lab(item: pytest.Item) -> str | None:
    return belonging.lab_of(item) if item.get_closest_marker("live") else None


def _left_out(item: pytest.Item, everything: bool) -> bool:
    """Whether it belongs to a lab of which nothing has changed, and is not its experiment of today."""
    lab = _of_lab(item)
    if lab is None or reasons(everything)[lab]:
        return False
    if item.path.name != "test_labs.py":
        return True
    given = item.callspec.params  # type: ignore[attr-defined]
    return "setting" in given or given["experiment"] != in_turn(lab)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    for name, value in report.user_properties:
        if name == "green":
            lab, of = value
            tally = GREEN.setdefault(lab, (of, set(), set()))
            if report.failed:
                tally[2].add(report.nodeid)
            elif report.when == "call" or report.skipped:
                tally[1].add(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In the process that heard of every test."""
    reasons(_everything(session.config))  # as they were before this run writes anything down
    if session.config.getoption("--agree") and not hasattr(session.config, "workerinput"):
        for lab, (of, ended, failed) in GREEN.items():
            if len(ended) == of and not failed:
                green.note(lab)


def _told(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if "not live" in config.getoption("markexpr"):
        return
    terminalreporter.section("labs")
    for lab, reason in reasons(_everything(config)).items():
        terminalreporter.write_line(
            f"{lab}: in full, {reason}" if reason else f"{lab}: nothing has changed; up, {in_turn(lab)}, down"
        )


GREEN: dict[str, tuple[int, set[str], set[str]]] = {}
"""Of each lab in full: how many tests it has, those that ended well, those that failed."""


def pytest_configure(config: pytest.Config) -> None:
    # A shell ignores Ctrl-C for what it starts in the background, and whoever is started from there inherits that.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.stash[TALLIES] = []
    green.day()


@pytest.fixture
def soak_tallies(request: pytest.FixtureRequest) -> list[Tally]:
    """Where a long run puts what it counted; told at the end of the output."""
    return request.config.stash[TALLIES]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    _told(terminalreporter, config)
    if tallies := config.stash.get(TALLIES, []):
        terminalreporter.section("equal shapes")
        for line in table(tallies):
            terminalreporter.write_line(line)

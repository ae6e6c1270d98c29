"""Live tests measure a whole machine. One that fails is tried once more, and both are told at the end (RERUN); soak has no second try."""

import signal

import pytest

from .soak import Tally, table

TALLIES = pytest.StashKey[list[Tally]]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.pluginmanager.hasplugin(
        "rerunfailures"
    ):  # -p no:rerunfailures: whoever looks for what fails now and then
        return
    for item in items:
        if item.get_closest_marker("live") and not item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_configure(config: pytest.Config) -> None:
    # A shell ignores Ctrl-C for what it starts in the background, and whoever is started from there inherits that.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.stash[TALLIES] = []


@pytest.fixture
def soak_tallies(request: pytest.FixtureRequest) -> list[Tally]:
    """Where a long run puts what it counted; told at the end of the output."""
    return request.config.stash[TALLIES]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if tallies := config.stash.get(TALLIES, []):
        terminalreporter.section("equal shapes")
        for line in table(tallies):
            terminalreporter.write_line(line)

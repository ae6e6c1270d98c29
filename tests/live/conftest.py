"""Live tests measure a whole machine. One that fails is tried once more, and both are told at the end (RERUN); soak has no second try."""

import signal

import pytest

from .soak import Tally, table

TALLIES = pytest.StashKey[list[Tally]]()


ALONE = "alone"
"""The group of the tests that start tiny labs on addresses of their own choice, or an engine, or a lab by the same instance's name."""
LABS = {
    "dns",
    "inspect",
    "kafka",
    "load_balancing",
    "nat",
    "nat_truth",
    "oauth2",
    "proxy_truth",
    "tcp",
    "tls",
    "wal",
}


@pytest.hookimpl(tryfirst=True)  # xdist looks at the groups in its own
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for (
        item
    ) in items:  # --dist loadgroup: a lab's tests one after another, beside another lab's; two groups at once
        name = item.path.stem.removeprefix("test_")
        item.add_marker(pytest.mark.xdist_group(name if name in LABS else ALONE))
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

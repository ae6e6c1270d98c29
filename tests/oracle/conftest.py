"""The oracle tests' memory of what tshark has agreed to."""

from typing import Any

import pytest

from tests.oracle.agreed import AGREED, Agreed

ASKED = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[AGREED] = Agreed(bool(config.getoption("ask_all")), bool(config.getoption("--agree")))
    config.stash[ASKED] = []


@pytest.fixture(scope="session")
def judged(request: pytest.FixtureRequest) -> Agreed:
    """Compares with tshark where our digest is not the one that it has agreed to."""
    return request.config.stash[AGREED]


def pytest_sessionfinish(session: pytest.Session) -> None:
    told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    asked = session.config.stash[AGREED].asked
    if told is not None:
        told["asked"] = asked
    else:
        session.config.stash[ASKED] += asked


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Gathers what the processes of a divided run asked."""
    if ASKED in node.config.stash:
        node.config.stash[ASKED] += getattr(node, "workeroutput", {}).get("asked", [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if asked := sorted(config.stash[ASKED]):
        shown = ", ".join(asked[:6]) + (f" and {len(asked) - 6} more" if len(asked) > 6 else "")
        terminalreporter.section("asked tshark")
        terminalreporter.write_line(f"{len(asked)} comparisons, not agreed to before: {shown}")

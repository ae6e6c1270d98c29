"""`run --live --inspect` on real containers, in a real terminal."""

import shutil
import subprocess
import sys

import pytest

from tests.unit.inspector.ui.test_tmux import terminal  # noqa: F401 - a fixture

pytestmark = [pytest.mark.live, pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")]

INSTANCE = "inspect-test"


@pytest.fixture(scope="module")
def lab():
    kit = [sys.executable, "-m", "machinelab"]
    subprocess.run([*kit, "up", "dns", "--as", INSTANCE], check=True, capture_output=True)
    yield INSTANCE
    subprocess.run([*kit, "down", "dns", "--as", INSTANCE], check=True, capture_output=True)


def test_a_run_is_followed_paused_and_ends_as_the_guide_says(lab, terminal):  # noqa: F811
    screen = terminal(100, 34, "run", "dns", "warm", "--set", "wait=5", "--live", "--inspect", "--as", lab)
    screen.until("2 packets")
    screen.keys("p")
    screen.until("paused")
    screen.until("2 more held back")
    screen.keys("p")
    screen.until("as the guide says")
    screen.keys("Space", "Space")
    screen.until("from-cache")
    screen.keys("q")
    text = screen.until("ended with 0")
    assert "4 of 4 steps, in order." in text and "Traceback" not in text

"""The real thing in a real terminal: keys sent by tmux, the screen read back."""

import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator

import pytest

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")

MANY = 40  # times of Space
PATIENCE = 30.0  # seconds; a screen takes a fraction of one, on a busy machine more


class Terminal:
    """A terminal of its own tmux server."""

    def __init__(self, socket: str, width: int, height: int, command: str, **environment: str) -> None:
        self.base = ["tmux", "-L", socket, "-f", "/dev/null"]
        setting = [word for name, value in environment.items() for word in ("-e", f"{name}={value}")]
        self.tmux(
            "new-session",
            "-d",
            "-x",
            str(width),
            "-y",
            str(height),
            *setting,
            f"env -u COLUMNS -u LINES {command}; echo ended with $?; cat",
        )

    def tmux(self, *words: str) -> str:
        return subprocess.run([*self.base, *words], capture_output=True, text=True, check=True).stdout

    def keys(self, *names: str) -> None:
        for name in names:
            self.tmux("send-keys", name)

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p")

    def until(self, wanted: str) -> str:
        end = time.monotonic() + PATIENCE
        while wanted not in (text := self.screen()):
            assert time.monotonic() < end, f"{wanted!r} did not come:\n{text}"
            time.sleep(0.05)
        return text

    def changed(self, before: str) -> str:
        end = time.monotonic() + PATIENCE
        while (text := self.screen()) == before:
            assert time.monotonic() < end, f"nothing changed:\n{text}"
            time.sleep(0.05)
        return text

    def close(self) -> None:
        subprocess.run([*self.base, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def terminal(tmp_path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def make(width: int, height: int, *words: str, **environment: str) -> Terminal:
        command = " ".join([sys.executable, "-m", "machinelab", *words])
        settings = {"MACHINELAB_HOME": str(tmp_path), "COLORTERM": "truecolor", **environment}
        made = Terminal(f"machinelab-test-{uuid.uuid4().hex[:8]}", width, height, command, **settings)
        opened.append(made)
        return made

    yield make
    for each in opened:
        each.close()


def test_a_newcomer_finds_out_why_three_servers_were_asked(terminal):
    screen = terminal(100, 34, "inspect", "dns", "cold", "--reference")
    screen.until("ask-resolver")
    screen.keys("?")
    screen.until("Press Space")
    screen.keys("Escape")
    screen.until("w worksheet")  # a key too soon after Escape would be Alt and that key
    told = screen.screen()
    for _ in range(MANY):  # a section that is longer than its pane takes more than one
        if "ask-tld: " in told:
            break
        screen.keys("Space")
        told = screen.changed(told)
    assert "ask-tld: " in told and "One level down" in told
    screen.keys("q")
    assert "Traceback" not in screen.until("ended with 0")


def test_the_filter_line_and_the_end(terminal):
    screen = terminal(80, 24, "inspect", "dns", "cold", "--reference")
    screen.until("ask-resolver")
    screen.keys("/")
    screen.until("Enter: do it")  # what is typed before the line has opened is lost
    screen.keys("dns.qry.type == DNSKEY", "Enter")
    screen.until("6 of 16 packets")
    screen.keys("q")
    screen.until("ended with 0")


def test_a_tiny_terminal_without_colour(terminal):
    screen = terminal(20, 5, "inspect", "dns", "cold", "--reference", NO_COLOR="1", TERM="screen")
    screen.until("stub")
    screen.keys("j", "3", "j", "4", "l", "?")
    screen.until("How to read")
    screen.tmux("resize-window", "-x", "90", "-y", "30")
    screen.keys("Escape")
    screen.until("root")
    screen.keys("q")
    assert "Traceback" not in screen.until("ended with 0")


def test_a_file_that_is_none_or_vanishes(terminal, tmp_path):
    (tmp_path / "text.pcap").write_text("no capture")
    assert "Traceback" not in terminal(80, 24, "inspect", str(tmp_path / "text.pcap")).until("ended with")
    assert "There is no file" in terminal(80, 24, "inspect", "./nowhere.pcap").until("ended with 2")


def test_a_file_without_a_guide(terminal, tmp_path):
    from machinelab import catalog

    file = tmp_path / "own.pcapng"
    shutil.copyfile(catalog.reference_folder("dns") / "cold.pcapng", file)
    screen = terminal(80, 24, "inspect", str(file))
    screen.until("A? example.test")
    file.unlink()
    screen.keys("G", "3", "j", "f")
    screen.until("dns.qry.name: www.example.test")
    screen.keys("Escape")
    screen.until("own.pcapng")
    screen.keys("q")
    screen.until("ended with 0")

"""Figures of the inspector as ratios taken side by side: `python -m tests.bench.screen [FILE]`. Never pass or fail.

First paint: from the start of the process until the list's head is on the terminal, against a bare Textual app's one line;
wall time and the processor time used until then (which a busy machine disturbs less). With a FILE (a capture of more than
8 MB), the same for that. Keys: from a key to the screen that shows its effect, inside the inspector's process.
"""

import asyncio
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Sequence

ROUNDS = 9
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("hello world")
Bare().run()
"""


def paint(argv: Sequence[str], wanted: bytes, patience: float = 60.0) -> tuple[float, float]:
    """Seconds until a program has written some text on its terminal (80x24), and the processor seconds it took."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.execv(argv[0], list(argv))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    start, seen = time.monotonic(), b""
    while wanted not in seen and time.monotonic() - start < patience:
        if select.select([terminal], [], [], 1)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:
                break
    took = time.monotonic() - start
    os.kill(pid, signal.SIGKILL)
    used = os.wait4(pid, 0)[2]
    os.close(terminal)
    return took, used.ru_utime + used.ru_stime


def first_paint(*words: str) -> dict[str, float]:
    """`inspect` against a bare Textual app, in turn; medians, and the medians of the ratios."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as bare:
        bare.write(BARE)
        bare.flush()
        ours = [sys.executable, "-m", "machinelab", "inspect", *words]
        paint(ours, b"what it says")  # compiled once, as after an installation
        pairs = [
            (paint(ours, b"what it says"), paint([sys.executable, bare.name], b"hello world"))
            for _ in range(ROUNDS)
        ]
    return {
        "ours_s": statistics.median(one[0] for one, _ in pairs),
        "bare_s": statistics.median(other[0] for _, other in pairs),
        "ratio": statistics.median(one[0] / other[0] for one, other in pairs),
        "ours_cpu_s": statistics.median(one[1] for one, _ in pairs),
        "bare_cpu_s": statistics.median(other[1] for _, other in pairs),
        "cpu_ratio": statistics.median(one[1] / other[1] for one, other in pairs),
    }


KEYS = ("down", "space", "3", "down", "J", "v", "down", "v", "4", "right")
FAR = ("1", "down", "pagedown", "G", "up", "pageup", "g", "down", "3", "down")


def key_times(file: str = "") -> dict[str, float]:
    """Milliseconds of work that a key causes (all panes brought in step and drawn), over the longest DNS reference or a file."""
    from pathlib import Path

    from machinelab import larger
    from machinelab.render.tui.inspector import Inspector
    from tests.unit.render.tui import screens

    app = Inspector(larger.bulk(Path(file))) if file else screens.opened("spoof")
    took: list[float] = []

    async def drive() -> None:
        async with app.run_test(size=(160, 50)) as pilot:
            await screens.settled(pilot)
            while not app.material.evidence.ready:
                await asyncio.sleep(0.05)
            for key in (FAR if file else KEYS) * 4:
                start = time.process_time()
                await pilot.press(key)
                screens.text(app)
                took.append(1000 * (time.process_time() - start))

    asyncio.run(drive())
    took.sort()
    return {"median_ms": statistics.median(took), "worst_of_20_ms": took[int(len(took) * 0.95)]}


def main() -> None:
    """Measure, and print a line for each figure."""
    found = {"first paint, dns cold": first_paint("dns", "cold", "--reference"), "keys": key_times()}
    if sys.argv[1:]:
        found["first paint, large file"] = first_paint(sys.argv[1])
        found["keys, large file"] = key_times(sys.argv[1])
    for name, figures in found.items():
        for figure, value in figures.items():
            print(f"{name:28} {figure:16} {value:9.3f}")


if __name__ == "__main__":
    main()

"""Figures of the inspector as ratios taken side by side: `python -m tests.bench.screen [--json] [--large] [FILE]` (`--large` makes one). Never pass or fail.

First paint: from the start of the process until the list's head is on the terminal, against a bare Textual app's one line;
wall time and the processor time used until then (which a busy machine disturbs less). With a FILE (a capture of more than
8 MB), the same for that, and against termshark's first rows, taken inside its container (built when first needed). Keys: from
a key to the screen that shows its effect, inside the inspector's process.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import terminal
from .inspect import PACKETS, enlarge
from .terminal import paint

ROUNDS = 9
TERMSHARK = "machinelab/bench-termshark:latest"
DOCKER = ("docker", "run", "--rm", "--network", "none")
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("hello world")
Bare().run()
"""


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


def termshark(file: Path) -> tuple[float, float]:
    """Seconds until termshark has drawn the first packet's addresses, and the processor seconds that it had taken."""
    here = f"{Path(terminal.__file__).resolve()}:/terminal.py:ro"
    told = subprocess.run(
        [*DOCKER, "-v", f"{file.resolve()}:/in/{file.name}:ro", "-v", here, TERMSHARK, "python3", "/terminal.py", "198.18", "termshark", "-r", f"/in/{file.name}"],
        check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    return float(told[0]), float(told[1])


def first_rows(file: Path) -> dict[str, float]:
    """`inspect FILE` against `termshark -r FILE`, in turn; each until the first packets can be read."""
    from machinelab.engine import images

    images.ensure(images.of_folder(Path(__file__).parent / "images", "bench-"))
    ours = [sys.executable, "-m", "machinelab", "inspect", str(file)]
    pairs = [(paint(ours, b"198.18"), termshark(file)) for _ in range(ROUNDS)]
    return {
        "ours_s": statistics.median(one[0] for one, _ in pairs),
        "termshark_s": statistics.median(other[0] for _, other in pairs),
        "times_sooner": statistics.median(other[0] / one[0] for one, other in pairs),
        "cpu_times_sooner": statistics.median(other[1] / one[1] for one, other in pairs),
    }


KEYS = ("down", "space", "3", "down", "J", "v", "down", "v", "4", "right")
FAR = ("1", "down", "pagedown", "G", "up", "pageup", "g", "down", "3", "down")


def key_times(file: str = "") -> dict[str, float]:
    """Milliseconds of work that a key causes (all panes brought in step and drawn), over the longest DNS reference or a file."""
    from machinelab.inspector import large_capture
    from machinelab.inspector.ui.app import Inspector
    from tests.unit.inspector.ui import screens

    app = Inspector(large_capture.columnar(Path(file))) if file else screens.opened("spoof")
    took: list[float] = []

    async def drive() -> None:
        async with app.run_test(size=(160, 50)) as pilot:
            await screens.settled(pilot)
            while not app.selection.material.evidence.ready:
                await asyncio.sleep(0.05)
            for key in (FAR if file else KEYS) * 4:
                start = time.process_time()
                await pilot.press(key)
                screens.text(app)
                took.append(1000 * (time.process_time() - start))

    asyncio.run(drive())
    took.sort()
    return {"median_ms": statistics.median(took), "worst_of_20_ms": took[int(len(took) * 0.95)]}


def large(file: str) -> dict[str, dict[str, float]]:
    """The figures of a large capture."""
    return {
        "first paint, large file": first_paint(file),
        "first rows, termshark": first_rows(Path(file)),
        "keys, large file": key_times(file),
    }


def main() -> None:
    """Measure, and print a line for each figure."""
    found = {"first paint, dns cold": first_paint("dns", "cold", "--reference"), "keys": key_times()}
    for file in (word for word in sys.argv[1:] if not word.startswith("-")):
        found.update(large(file))
    if "--large" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            file = str(Path(folder) / "large.pcap")
            enlarge(Path(file), PACKETS)
            found.update(large(file))
    if "--json" in sys.argv:
        print(json.dumps(found))
        return
    for name, figures in found.items():
        for figure, value in figures.items():
            print(f"{name:28} {figure:16} {value:9.3f}")


if __name__ == "__main__":
    main()

"""Whole files made hostile: captures of mutants through every reader and renderer, container bytes, evidence that is no packet."""

import random
import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.columns import Capture
from machinelab.dissect.core import Frame
from machinelab.errors import LabError
from machinelab.export import writing
from machinelab.render import detail, json, ladder, ladder_svg, table
from machinelab.render.terminal import TerminalStyle
from machinelab.sources import pcap, timeline
from tests.captures import containers

from . import mutate
from .test_packets import CAPTURES, frames_of

# C0 and C1 but for the end of a line, DEL, and the marks that turn text around.
COMMANDS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LABS = catalog.ready()
EVIDENCE = sorted(
    path for lab in catalog.ready() for path in catalog.reference_folder(lab).glob("*/evidence/*.*")
)
KINDS = sorted({path.suffix[1:] for path in EVIDENCE if timeline.reader(path.suffix[1:])})


FRAMES = 120  # of a lab that are mutated, from the beginning of each of its references


def hostile(frames: Sequence[Frame], name: str, seed: int, folder: Path) -> Path:
    """A capture of these frames' mutants."""
    mutants = [containers.Packet(frame.time, frame.data) for frame in mutate.stream(frames, seed)]
    file = folder / f"{name}-{seed}.pcapng"
    file.write_bytes(containers.pcapng(mutants))
    return file


def of_all(lab: str) -> list[Frame]:
    """The first packets of each reference of a lab, as many of each, one reference after the other."""
    captures = [frames_of(path) for path in sorted(catalog.reference_folder(lab).glob("*.pcapng"))]
    most = 0
    while sum(len(frames[: most + 1]) for frames in captures) <= FRAMES and any(
        len(f) > most for f in captures
    ):
        most += 1
    return [frame for frames in captures for frame in frames[:most]]


class Page(HTMLParser):
    """What a page would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = self.data = 0
        self.reached: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            data = ("type", "application/json") in attrs  # read by the page's script, and never run
            self.scripts, self.data = self.scripts + (not data), self.data + data
        for name, value in attrs:
            if name.startswith("on") or (
                name in ("src", "href", "action")
                and not (value or "").startswith(("#", "https://www.rfc-editor.org/"))
            ):
                self.reached.append((name, value))


def texts(found: reading.Reading) -> Iterator[str]:
    """All that a terminal is sent of a reading."""
    view = found.view()
    terminal = TerminalStyle(width=80)
    yield from table.report(view, terminal)
    yield from ladder.ladder(view, terminal)
    for event in view.trace.events[::7]:
        yield from detail.detail(view, event, terminal, bytes_too=True)


@pytest.mark.parametrize("lab", LABS)
def test_nothing_in_a_capture_is_a_command_to_a_terminal_a_page_or_a_picture(
    lab: str, tmp_path: Path
) -> None:
    for seed in range(2):
        found = reading.open_file(hostile(of_all(lab), lab, seed, tmp_path), catalog.load_lab(lab))
        for line in texts(found):
            assert not COMMANDS.search(line), line
        for line in json.events(found.view(), verbose=True):
            assert not COMMANDS.search(line.rstrip("\n"))
        for ending in writing.ENDINGS:
            writing.export(found, tmp_path / f"out{ending}")
        page = Page()
        page.feed((tmp_path / "out.html").read_text(encoding="utf-8"))
        assert page.scripts == 1 and page.data <= 1 and page.reached == []
        assert not COMMANDS.search(ladder_svg.ladder_svg(found.view()))
        assert len(pcap.load(tmp_path / "out.pcapng").events) == len(found.run.trace.events)


@pytest.mark.parametrize("path", CAPTURES[::5], ids=lambda path: path.stem)
def test_columns_and_the_walk_say_the_same_of_mutants(path: Path, tmp_path: Path) -> None:
    """Two readers of one file, one by columns and one packet after another."""
    file = hostile(frames_of(path), path.stem, 7, tmp_path)
    walked = sorted(pcap.load(file).events, key=lambda event: event.number)
    capture = Capture.open(file)
    assert len(capture) == len(walked)
    for one, other in zip(walked, capture.events(range(1, len(capture) + 1)), strict=True):
        assert list(one.content.ordered()) == list(other.content.ordered()), (one.number, file.name)


@pytest.mark.parametrize("path", (containers.RECORDS, containers.CRAFTED), ids=lambda path: path.stem)
def test_a_container_of_mutated_bytes_is_read_as_far_as_it_goes_or_refused(
    path: Path, tmp_path: Path
) -> None:
    whole, dice, file = path.read_bytes(), random.Random(1), tmp_path / "mutant.pcapng"
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(dice.randrange(1, 5)):
            at = dice.randrange(len(data))
            extreme = dice.choice(mutate.EXTREMES)
            data[at : at + len(extreme)] = extreme
        file.write_bytes(data[: dice.randrange(len(data))] if dice.random() < 0.3 else data)
        for opener in (pcap.load, Capture.open):
            try:
                opened = opener(file)
            except LabError as error:
                assert "\n" not in error.message and error.hint
            else:
                assert len(opened.events if isinstance(opened, pcap.Trace) else opened) <= 10_000


@pytest.mark.parametrize("kind", KINDS)
def test_evidence_of_mutated_bytes_is_read_as_far_as_it_goes_or_refused(kind: str) -> None:
    source = timeline.reader(kind)
    assert source is not None
    dice = random.Random(2)
    for path in [path for path in EVIDENCE if path.suffix == f".{kind}"][:4]:
        whole = path.read_bytes()
        for _ in range(25):
            data = bytearray(whole[: dice.choice((len(whole), 4096, 20_000))])
            for _ in range(dice.randrange(1, 8)):
                at = dice.randrange(len(data) + 1)
                extreme = dice.choice((*mutate.EXTREMES, *mutate.WORDS))
                data[at : at + dice.choice((0, len(extreme)))] = extreme
            try:
                events = source.load(bytes(data), "node")
            except LabError as error:
                assert error.message
                continue
            for event in events:
                buffers = event.content.buffers()
                assert event.content.summary() is not None
                for found in event.fields.values():
                    assert all(
                        0 <= field.start <= field.stop <= len(buffers[field.buffer]) for field in found
                    )

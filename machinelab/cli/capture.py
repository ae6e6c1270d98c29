"""Packets of one's own machine: capture."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError
from .app import app
from .common import LEARN, AsJson, complete_lab, emit, note, progress, terminal
from .evidence import list_capture, report_capture
from .quick import is_file

if TYPE_CHECKING:
    from ..engine.recording import Counts
    from ..engine.sniffing import Source
    from ..model import Event, Lab

SLICE = 0.02  # s that packets are printed before the interface has its turn again


def complete_interface(incomplete: str) -> list[str]:
    """Network interfaces of this machine."""
    from ..engine import interfaces

    return [name for name in interfaces.names() if name.startswith(incomplete)]


@app.command(rich_help_panel=LEARN)
def capture(
    guide: Annotated[
        str | None,
        typer.Option(
            "--guide", metavar="LAB", help="Read them against this lab's guide.", autocompletion=complete_lab
        ),
    ] = None,
    interface: Annotated[
        str | None,
        typer.Option(
            "-i",
            "--interface",
            metavar="NAME",
            help="The interface; without it, the one with the default route.",
            autocompletion=complete_interface,
        ),
    ] = None,
    bpf: Annotated[
        str,
        typer.Option(
            "-f",
            "--bpf",
            metavar="BPF",
            help="Only packets that this filter lets through, as for tcpdump: 'udp port 53'.",
        ),
    ] = "",
    seconds: Annotated[
        float | None, typer.Option("--seconds", metavar="N", min=0.001, help="Stop after so many seconds.")
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="Stop after so many packets.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Keep the capture, as pcapng; an older file is overwritten.",
        ),
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Print packets as they come.")] = False,
    json: AsJson = False,
    interfaces: Annotated[
        bool, typer.Option("--interfaces", help="List the interfaces, and capture nothing.")
    ] = False,
) -> None:
    """Capture on your own machine until Ctrl-C, then list the packets or read them against a guide."""
    if interfaces:
        _list(json)
        return
    if live and json:
        raise UsageError("--live is for people, --json for scripts.", "Leave one of the two out.")
    from .. import catalog
    from ..engine import interfaces as known
    from ..engine import sniffing

    lab = catalog.load_lab(guide) if guide else None
    name = interface or known.default()
    with ExitStack() as stack:
        source = sniffing.listen(name, bpf)
        stack.callback(source.close)
        file = output or _passing(stack)
        counts = _record(source, name, bpf, file, seconds, count, _printer(lab) if live else None)
        source.close()
        note(_told(counts, name))
        _report(file, lab, live, json, kept=output is not None)


def _passing(stack: ExitStack) -> Path:
    """A file that is gone when the command is over."""
    from tempfile import TemporaryDirectory

    return Path(stack.enter_context(TemporaryDirectory(prefix="machinelab-"))) / "capture.pcapng"


def _record(
    source: "Source",
    name: str,
    bpf: str,
    file: Path,
    seconds: float | None,
    count: int | None,
    printer: "Printer | None",
) -> "Counts":
    """Capture into the file until the end, told on standard error."""
    from ..engine import packetfile, recording

    with recording.Stop() as stop, recording.File(file) as sink, progress() as tell:

        def write(data: bytes) -> None:
            sink.write(data)
            if printer:
                printer.add(data)

        def busy() -> bool:
            if printer:
                return printer.turn()
            tell(f"capturing on {name}", f"{sink.written:,} bytes")
            return False

        write(packetfile.opening(name, source.link, source.digits, bpf, sys.platform))
        note(f"Capturing on {name}{'' if seconds or count else '; Ctrl-C ends it'}.")
        counts = recording.record(source, write, stop, seconds=seconds, count=count, busy=busy)
    while printer and printer.turn():
        pass
    return counts


def _told(counts: "Counts", name: str) -> str:
    """How much came, and what was lost of it."""
    packets = f"{counts.kept:,} packet{'' if counts.kept == 1 else 's'} from {name}"
    if counts.dropped is None:
        return f"{packets}; this system does not tell how many were lost."
    if not counts.dropped:
        return f"{packets}, none lost."
    return f"{packets}; {counts.dropped:,} more were lost: they came faster than they could be read. A narrower -f helps."


class Printer:
    """`--live`: packets on standard output as they come, a slice of time after the other."""

    def __init__(self, show: "Callable[[list[Event]], Iterator[str]]", together: int) -> None:
        from ..analysis.following import Growing

        self._growing, self._show, self._together = Growing(), show, together
        self.add = self._growing.add

    def turn(self) -> bool:
        """Print what has come, for SLICE seconds at most; whether anything was printed."""
        events = self._growing.events(self._together, SLICE)
        if events:
            emit(self._show(events))
        return bool(events)


def _printer(lab: "Lab | None") -> Printer:
    """How packets are shown as they come: plainly, or beside the steps of a guide."""
    from ..analysis import following
    from ..render import plain, table

    if lab is None:
        start: list[int] = []

        def listed(events: "list[Event]") -> Iterator[str]:
            head = not start
            start.extend([events[0].time][: not start])
            lines = plain.lines(events, terminal(), start[0], sys.stdout.isatty())
            return lines if head else islice(lines, 1, None)

        return Printer(listed, together=1000)
    reader = following.Following(lab)
    steps = {step.id for experiment in lab.experiments for step in experiment.steps}
    rows = table.LiveTable(terminal(), ["255.255.255.255"] * 2, sorted(steps))
    emit([rows.head()])

    def annotated(events: "list[Event]") -> Iterator[str]:
        view, found = reader.read(events)
        rows.words = view.words
        for row in found:
            yield from rows.lines(row.event, view.names, row.steps, row.state, row.background)

    return Printer(annotated, following.TOGETHER)


def _report(file: Path, lab: "Lab | None", live: bool, json: bool, kept: bool) -> None:
    """What was captured, as `packets FILE` or `annotate FILE` have it; of what was printed live, the verdict."""
    if not file.is_file():  # a pipe, or a device: whoever reads it has it
        return
    if lab is None:
        if not live:
            list_capture(file, "", None, json, verbose=False, hex=False, keys=None)
    else:
        from ..analysis import reading
        from ..render import verdict

        found = reading.open_file(file, lab)
        if live:
            emit(["", *verdict.verdict(found.view(), terminal())])
        else:
            report_capture(found, json)
    if kept:
        against = f" --guide {lab.id}" if lab else ""
        named = str(file) if is_file(str(file)) else f"./{file}"  # a bare word would be a lab's name
        note(f"Look closer: machinelab packets {named}{against} -v -x")


def _list(json: bool) -> None:
    """The interfaces, those that are up first, with their addresses."""
    from json import dumps

    from ..engine import interfaces
    from ..render.terminal import cells, pad

    found = interfaces.interfaces()
    if json:
        emit(
            dumps(
                {
                    "name": each.name,
                    "description": each.description,
                    "up": each.up,
                    "addresses": each.addresses,
                }
            )
            for each in found
        )
        return
    widest = max((cells(each.name) for each in found), default=0)
    for each in found:
        about = [*each.addresses, each.description] if each.up else ["(down)", each.description]
        emit(
            [
                f"{pad(terminal().text(each.name), widest)}  {terminal().text('  '.join(filter(None, about)))}".rstrip()
            ]
        )

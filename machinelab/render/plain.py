"""The packet list without a guide: one line each, as they come. (Beside a guide: table.py.)"""

from collections.abc import Iterable, Iterator

from ..model import Event
from .terminal import TerminalStyle, pad

NUMBER, TIME, PROTOCOL, HOP = 6, 11, 11, 33


def lines(
    events: Iterable[Event], terminal: TerminalStyle, start: int | None = None, cut: bool = True
) -> Iterator[str]:
    """Number, seconds since the first packet, who to whom, protocol, summary. `start`: the time to count from (ns).

    `cut`: no longer than the look is wide. Long addresses push the rest of their line to the right.
    """
    head = f"{'#':>{NUMBER}} {'seconds':>{TIME}}  {pad(terminal.draw('from → to'), HOP)}  {pad('', PROTOCOL)}packet"
    yield terminal.paint(head, "dim")
    for event in events:
        start = event.time if start is None else start
        text = line(event, start, terminal)
        yield terminal.cut(text, terminal.width) if cut else text


def line(event: Event, start: int, terminal: TerminalStyle) -> str:
    """One packet; `start` is the time that is counted from, in nanoseconds."""
    hop = terminal.text(f"{event.src or '?'} → {event.dst or '?'}")
    front = f"{event.number:>{NUMBER}} {(event.time - start) / 1e9:>{TIME}.6f}  {pad(hop, HOP)}"
    return f"{front}  {pad(terminal.text(event.protocol), PROTOCOL)}{terminal.text(event.content.summary())}"

"""What the guide's pane and the lines above and below the panes say about the packet under the cursor."""

from collections.abc import Iterator

from ...analysis.view import EventRow, duration, noun
from ...errors import LabError
from ...render.table import counted
from ...render.terminal import cells
from .bars import keys, title
from .frame import Frame
from .keys import KEYS, sign
from .pane import Piece

_AGAIN = {
    False: "Asked again: the one before had no reply yet.",
    True: "Answered again: the question had been asked again, and this answers one of the two.",
}


class Telling(Frame):
    """Words for where the reader is."""

    def tell_page(self) -> None:
        """The guide's section for the packet."""
        row = self.row if self.outline.row is not None else None
        if row is None:
            return
        ids = list(dict.fromkeys(step.id for step, _ in row.steps)) or (
            [row.background] if row.background else []
        )
        texts = [text for id in ids if (text := self.material.section(id))]
        self.page.tell("\n\n".join([*self._remarks(row), *texts]) or self._unsaid(row), ", ".join(ids))

    def _remarks(self, row: EventRow) -> list[str]:
        """What is particular about this packet: what it failed, that it is a part, or comes again."""
        said = [
            f"**Not as the guide says.** {missing.reason}"
            for missing in self.material.view.alignment.missing
            if missing.near and missing.near.item.event.id == row.event.id
        ]
        does = "begins" if row.whole in self.material.view.pieces else "completes"
        said += [f"A part of the message that {noun(row.whole)} {row.whole} {does}."] if row.whole else []
        said += [_AGAIN[row.answers]] if row.retry else []
        said += self._doubts(row)
        return said

    def _doubts(self, row: EventRow) -> Iterator[str]:
        """What is likely, not certain: an order that clocks cannot settle, a way that equal packets could have taken."""
        ids = {step.id for step, _ in row.steps}
        for pair in self.material.view.alignment.undecided:
            if ids & set(pair):
                yield f"Which came first, {' or '.join(pair)}, is undecided: they are closer than the clocks can tell."
        from ...fields.sighting import CERTAIN

        if row.event.sightings and (sure := row.event["sighting.sure"]) not in CERTAIN:
            from ...fields import word

            yield f"Its way is likely, not certain: {word('sighting.sure', sure).lower()}."

    def _unsaid(self, row: EventRow) -> str:
        if row.state == "carrier":
            return "It carries a message's stream: it opens, acknowledges or closes the connection that the messages above go through."
        if row.state == "unclaimed":
            return "**No step of the guide explains this packet.** Compare it with its neighbours: `r` goes to its reply, `f` shows the conversation."
        if not self.material.view.lab:
            return "No guide is open. `--guide LAB` reads this capture against one: `machinelab list` shows those there are."
        return self.material.section("") or "The guide does not speak of this packet."

    # ---- the lines that are no panes ----

    def bars(self) -> None:
        """Title, status and keys."""
        size, p = self.size, self.colours
        view = self.material.view
        parts = list(filter(None, (view.lab, view.experiment.id, view.experiment.title))) or [view.origin]
        everything = self.material.evidence
        many = len(self.shown) if len(self.shown) == len(everything) else -1
        held = counted(view.trace.events) if self.material.given is None else f"{len(everything)} packets"
        count = held if many >= 0 else f"{len(self.shown)} of {held}"
        tail = list(filter(None, (view.origin if view.lab else "", count, self._length(), self.standing())))
        while len(parts) > 2 and cells(" · ".join((*parts, *tail))) + 4 > size.width:
            parts.pop()
        while len(tail) > 2 and cells(" · ".join((*parts, *tail))) + 4 > size.width:
            tail.pop(-2)
        self.title_bar.say(
            title(
                " · ".join(parts),
                " · ".join(tail),
                size.width,
                self.title_bar.terminal,
                p,
            )
        )
        self.key_bar.say(keys(self._pairs(), size.width, p))
        if not self.asking:
            self.status.say(*self._status(size.width))

    def _length(self) -> str:
        evidence = self.material.evidence
        last = len(evidence) - 1
        return duration(round((evidence.line(last).ms - evidence.line(0).ms) * 1e6)) if last > 0 else ""

    def standing(self) -> str:
        """How it stands with the guide."""
        view = self.material.view
        if changed := self.material.evidence.changed():
            return changed
        if not view.experiment.steps or not view.strict:
            return ""
        return (
            "✓ as the guide says"
            if view.alignment.ok
            else f"✗ {len(view.alignment.missing)} steps missing, {len(view.alignment.unclaimed)} unexplained"
        )

    def _pairs(self) -> list[tuple[str, str]]:
        short = [(sign(key.keys[0]), key.short) for key in KEYS if key.short]
        return [
            ("↑↓", "move"),
            ("Tab", "pane"),
            *sorted(short, key=lambda pair: pair[0] not in ("?", "Space")),
        ]

    def _status(self, width: int) -> list[list[Piece]]:
        p = self.colours
        terminal = self.status.terminal
        if self.message:
            return [
                [(f" {line}", p.bar)] for line in terminal.wrap(terminal.text(self.message), width - 2)[:2]
            ]
        node = self.outline.node
        if node is None or not self.shown:
            return [[], []]
        head = f"{node.name}  {node.value}" if not node.group else node.path
        first = terminal.cut(terminal.text(head), width // 2)
        said = terminal.text(self.outline.meaning(node))
        room_left = width - cells(first) - 4
        lines = terminal.wrap(said, max(10, room_left))
        rest = " ".join(lines[1:])
        return [
            [(f" {first}", p.key), (f"  {lines[0]}", p.bar)],
            [(f" {terminal.cut(rest, width - 2)}", p.bar)],
        ]

    def say(self, text: str) -> None:
        """A remark in the status line, until the cursor moves."""
        self.message = text
        self.bars()

    def fail(self, error: LabError) -> None:
        """The same for an error."""
        self.say(f"✗ {error.message} {error.hint}")

"""What lies over the panes for a while: help, a conversation, a step to choose, two packets or two runs compared."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.style import Style

from ...errors import LabError
from ...model import Event
from ...render.terminal import TerminalStyle, cells, pad
from .keys import help_text
from .pane import Piece
from .taking import Taking

if TYPE_CHECKING:
    from ...analysis.comparison import Change, Difference
    from .sheets import Sheet


class Overs(Taking):
    """What keys do that lay a sheet over the panes."""

    sitting: object = None
    """The worksheet, while it is open."""

    def over(
        self,
        called: str,
        lines: Callable[[int, "Sheet"], Sequence[list[Piece]]],
        then: Callable[[int], None] | None = None,
        at: int = 0,
        how: str = "",
    ) -> None:
        """Lay a sheet over the panes; with `then`, a line of it is chosen; `how` says by which keys."""
        from .sheets import Over, Sheet

        sheet = Sheet(called, lines, then is not None, at, how)
        sheet.palette = self.colours

        def done(chosen: int | None) -> None:
            self.enter(self.here)
            if then and chosen is not None and chosen >= 0:
                then(chosen)

        self.push_screen(Over(sheet), done)

    def _do_help(self) -> None:
        """The keys of where one is."""
        from .prose import prose

        where = "ladder" if self.laddered and self.here == "events" else self.here
        text = help_text(where, self.sitting is not None)
        self.over(
            "help", lambda width, sheet: list(prose(text, min(width, 100), sheet.terminal, sheet.palette))
        )

    def _do_follow(self) -> None:
        """The conversation of the packet under the cursor."""
        from .follow import MOST, follow

        event = self.event
        if event is None:
            return
        evidence, view = self.material.evidence, self.material.view
        places = evidence.same_talk(event)
        talk = [evidence.event(place) for place in places[: MOST + 1]]
        called = (
            f"{event.stream[0]} stream {event.stream[1]}"
            if event.stream and event.stream[0] == "tcp"
            else "this exchange"
        )
        if not (event.stream and event.stream[0] == "tcp"):
            talk = self._exchange(event, talk)
        self.over(
            f"{called}, {len(places)} packets",
            lambda width, sheet: list(follow(view, talk, width, sheet.terminal, sheet.palette)),
        )

    def _exchange(self, event: Event, talk: list[Event]) -> list[Event]:
        keys = {m.exchange.key for m in event.messages if m.exchange}
        return [e for e in talk if not keys or any(m.exchange and m.exchange.key in keys for m in e.messages)]

    def _do_steps(self) -> None:
        """Choose a step to see alone."""
        view = self.material.view
        often: dict[str, int] = {}
        for claimed in view.steps.values():
            for id in dict.fromkeys(step.id for step, _ in claimed):
                often[id] = often.get(id, 0) + 1
        ids = ["", *(step.id for step in view.experiment.steps)]
        if len(ids) == 1:
            self.say("There are no steps here: the capture is not read against a guide.")
            return

        def lines(width: int, sheet: "Sheet") -> list[list[Piece]]:
            p = sheet.palette
            made: list[list[Piece]] = [[("all packets", p.heading)]]
            named = {id: sheet.terminal.cut(sheet.terminal.text(id), max(8, width // 2)) for id in ids}
            wide = max(map(cells, named.values()))
            for id in ids[1:]:
                count = f"{often.get(id, 0):>4}  " if often.get(id) else "   -  "
                said = sheet.terminal.cut(
                    sheet.terminal.text(view.words.sentence(id)), max(0, width - wide - 9)
                )
                made.append(
                    [
                        (pad(named[id], wide), p.step if often.get(id) else p.dim),
                        (count, p.number),
                        (said, p.text),
                    ]
                )
            return made

        at = ids.index(self.step) if self.step in ids else 0
        self.over("steps", lines, lambda chosen: self.choose_step(ids[chosen]), at)

    def _do_compare(self) -> None:
        """The packet under the cursor with the marked one, field by field."""
        from ...analysis.comparison import packet_changes

        event = self.event
        others = [id for id in self.marks if event and id != event.id]
        if event is None or not others:
            self.say("Mark a packet with m, go to another, and press c.")
            return
        evidence, run = self.material.evidence, self.material.run
        other = evidence.event(evidence.place(sorted(others, key=evidence.place)[-1]))
        if run is None:
            self.say("There is nothing to compare with yet.")
            return
        changes, same = packet_changes(other, event, run, run)

        def lines(width: int, sheet: "Sheet") -> list[list[Piece]]:
            p, terminal = sheet.palette, sheet.terminal
            made: list[list[Piece]] = [
                [(terminal.cut(terminal.text(f"{e.id}  {e.content.summary()}"), width), style)]
                for e, style in ((other, p.bad), (event, p.good))
            ]
            made.append([])
            for wanted, said in ((False, ""), (True, "These differ from run to run:")):
                some = [change for change, volatile in changes if volatile is wanted]
                made += [[], [(said, p.dim)]] if some and said else []
                made += [line for change in some for line in _beside(change, width, sheet)]
            return [*made, [], [(f"{same} fields are the same.", p.dim)]]

        self.over(f"packets {other.id} and {event.id}", lines)

    def _do_diff(self) -> None:
        """This run and another, step by step."""
        others = dict(self.material.others())
        names = list(others)
        if not names:
            self.say("There is no other run to compare this one with.")
            return
        self.over(
            "compare with",
            lambda width, sheet: [[(sheet.terminal.text(name), sheet.palette.text)] for name in names],
            lambda chosen: self._differ(names[chosen], others[names[chosen]]),
        )

    def _differ(self, name: str, compared: Callable[[], "Difference"]) -> None:
        from ...render.diff import report
        from .twoup import LEAST, Told, twoup

        try:
            found = compared()
        except LabError as error:
            self.fail(error)
            return
        view = self.material.view
        names = (f"{view.experiment.id} ({view.origin})", name)
        told: list[Told] = []

        def lines(width: int, sheet: "Sheet") -> list[list[Piece]]:
            if width < LEAST:
                text = report(found, TerminalStyle(width), names, view.words)
                told[:] = [Told([(line, _style(line, sheet))]) for line in text]
            else:
                told[:] = twoup(found, names, view.words, width, sheet.terminal, sheet.palette)
            sheet.stops = [index for index, line in enumerate(told) if line.new]
            return [line.pieces for line in told]

        def then(chosen: int) -> None:
            if id := told[chosen].id:
                self._do_clear_all()
                self.go_to(id)
            elif told[chosen].new:
                self.say("Only the other run has that: there is no packet of it here.")

        self.over("two runs", lines, then, how="n: next difference   Enter: to this packet   Esc: back ")

    def _do_clear_all(self) -> None:
        """Neither filter nor step."""
        if self.expression or self.step:
            self.expression = self.step = ""
            self._put(range(len(self.material.evidence)), self._here())


def _style(line: str, sheet: "Sheet") -> Style:
    p = sheet.palette
    start = line.lstrip()[:1]
    return (
        {"+": p.good, "-": p.bad, "~": p.warn, "=": p.dim, "✓": p.good, "✗": p.bad}.get(start, p.text)
        if line.startswith("  ") and not line.startswith("   ")
        else p.text
    )


def _beside(change: "Change", width: int, sheet: "Sheet") -> list[list[Piece]]:
    p, terminal = sheet.palette, sheet.terminal
    left, right = (
        terminal.text(", ".join(side) or "(not there)", 300) for side in (change.left, change.right)
    )
    front = pad(terminal.text(change.field), min(36, width // 2)) + "  "
    if cells(front) + cells(left) + cells(right) + 3 <= width:
        return [[(front, p.name), (left, p.bad), (" → ", p.dim), (right, p.good)]]
    made: list[list[Piece]] = [[(front, p.name)]]
    for text, style in ((left, p.bad), (right, p.good)):
        made += [[("    ", p.text), (line, style)] for line in terminal.wrap(text, max(8, width - 4), 3)]
    return made

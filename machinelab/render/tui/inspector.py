"""The inspector: keys in, screens out."""

import gc
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from rich.style import Style
from textual import events
from textual.timer import Timer

from ...errors import LabError
from ...model import Event
from ..look import Look, cells, pad
from .asking import Asking
from .keys import find, help_text
from .material import Material
from .pane import Piece

if TYPE_CHECKING:
    from ...compare import Change, Difference
    from .sheets import Sheet
    from .sitting import Sitting


Load = Callable[[], Material]

# What can be done before the first packet has been dissected.
EARLY = frozenset(
    [
        "down",
        "up",
        "page_down",
        "page_up",
        "first",
        "last",
        "filter",
        "help",
        "clear",
        "leave",
        "theme",
        "zoom",
        "taller",
        "lower",
    ]
)


class Inspector(Asking):
    """`machinelab inspect`. `load`, if given, brings what takes longer than a first paint: steps, guide, worksheet."""

    def __init__(
        self, material: Material, memory: Path | None = None, load: Callable[[], Material] | None = None
    ) -> None:
        super().__init__(material, memory)
        self._load = load
        self.sitting: Sitting | None = None

    def settle(self) -> None:
        """After the first paint: read it against the guide."""
        gc.enable()
        super().settle()
        gc.freeze()
        self._load_on()

    def _load_on(self) -> None:
        """Load what is yet to come: what takes long beside the screen, which says how far it is."""
        if self._load is not None and hasattr(self._load, "stage"):
            # A daemon: who leaves does not wait for it.
            Thread(target=self._load_beside, args=(self._load,), daemon=True).start()
            self._telling = self.set_interval(0.5, self.bars)
        elif self._load is not None:
            self.call_later(self._loaded)

    _telling: Timer | None = None

    def _load_beside(self, load: Load) -> None:
        """What takes minutes is read on a thread; the screen shows the columns meanwhile."""
        try:
            found: Material | LabError = load()
        except LabError as error:
            found = error
        with suppress(RuntimeError):  # the inspector was left
            self.call_from_thread(self._loaded, load, found)

    def standing(self) -> str:
        """How it stands with the guide, or how far the reading is."""
        return str(getattr(self._load, "stage", "")) or super().standing()

    def _loaded(self, load: Load | None = None, found: Material | LabError | None = None) -> None:
        load, self._load = load or self._load, None
        assert load is not None
        if self._telling is not None:
            self._telling.stop()
        try:
            found = found or load()
            if isinstance(found, LabError):
                raise found
            self.renew(found)
        except LabError as error:
            self.fail(error)
        # What stays until the end is not looked through for garbage again and again: 40 to 60 ms, in the midst of a key.
        gc.freeze()
        self._load = getattr(load, "then", None)
        self._load_on()

    def on_unmount(self) -> None:
        """What was set aside is anybody's again."""
        gc.unfreeze()

    def renew(self, material: Material) -> None:
        """The same events, or more of them, known better."""
        here = self.event
        whole = len(self.shown) == len(self.material.evidence)
        self.material = material
        if whole:
            self.shown = range(len(material.evidence))
            place = material.evidence.place(here.id) if here else 0
            self.at = max(0, place)
            self.packets.fill_with(material.evidence, self.shown)
            self.packets.cursor = self.at
            self.begin()
        else:
            self._sift(material.evidence.sift(self.expression, self.step))

    # ---- keys ----

    async def on_key(self, event: events.Key) -> None:
        """One table says what each key does where."""
        if self.asking or self.screen.id != "bench":
            return
        places: tuple[str, ...] = ("ladder",) if self.laddered and self.here == "events" else (self.here,)
        if self.sitting:
            places = ("sheet", *places) if self.here != "tree" else (*places, "sheet")
        action = find(event.key, (*places, "move")) or find(event.character or "", (*places, "move"))
        if action:
            event.stop()
            event.prevent_default()
            self.message = "" if self._timer is None else self.message
            self._act(action)

    def _act(self, action: str) -> None:
        if (self.busy or not self.material.evidence.ready) and action not in EARLY:
            self.say("A moment: the packets are still being read.")
            return
        try:
            getattr(self, f"_do_{action}")()
        except LabError as error:
            self.fail(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours costs the reader a key, not the screen
            self.say(f"✗ The inspector failed at {action!r}: {type(error).__name__}: {error}")

    def _do_leave(self) -> None:
        """The end."""
        self.exit()

    # ---- sheets ----

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
        self.over("help", lambda width, sheet: list(prose(text, min(width, 100), sheet.look, sheet.palette)))

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
            lambda width, sheet: list(follow(view, talk, width, sheet.look, sheet.palette)),
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
            named = {id: sheet.look.cut(sheet.look.text(id), max(8, width // 2)) for id in ids}
            wide = max(map(cells, named.values()))
            for id in ids[1:]:
                count = f"{often.get(id, 0):>4}  " if often.get(id) else "   -  "
                said = sheet.look.cut(sheet.look.text(view.words.sentence(id)), max(0, width - wide - 9))
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
        from ...compare import packet_changes

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
            p, look = sheet.palette, sheet.look
            made: list[list[Piece]] = [
                [(look.cut(look.text(f"{e.id}  {e.content.summary()}"), width), style)]
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
            lambda width, sheet: [[(sheet.look.text(name), sheet.palette.text)] for name in names],
            lambda chosen: self._differ(names[chosen], others[names[chosen]]),
        )

    def _differ(self, name: str, compared: Callable[[], "Difference"]) -> None:
        from ..diff import report
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
                text = report(found, Look(width), names, view.words)
                told[:] = [Told([(line, _style(line, sheet))]) for line in text]
            else:
                told[:] = twoup(found, names, view.words, width, sheet.look, sheet.palette)
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

    # ---- the worksheet ----

    def _do_worksheet(self) -> None:
        """Its question in the guide's place, or the guide again."""
        if self.sitting:
            self.sitting = None
            self.tell_page()
            self.bars()
            return
        from .sitting import Sitting

        try:
            desk = self.material.desk()
            if desk is None:
                self.say("There is no worksheet for this.")
                return
            self.sitting = Sitting(desk, self.material.view.experiment.id)
            self.sitting.start()
            if "guide" in self.shares.folded:
                self.shares = replace(
                    self.shares, folded=tuple(n for n in self.shares.folded if n != "guide")
                )
                self.rearrange()
            self.tell_page()
        except LabError as error:
            self.sitting = None
            self.fail(error)

    def tell_page(self) -> None:
        """The question, while there is one open; else the guide."""
        if self.sitting is None:
            super().tell_page()
            return
        try:
            self.page.tell(self.sitting.text(), self.sitting.standing(), "worksheet")
        except LabError as error:
            self.page.tell(f"{error.message} {error.hint}", "", "worksheet")

    def _do_point(self) -> None:
        """This packet is the answer, where a packet is asked for; else look into it."""
        event = self.event
        if self.sitting and event and self.sitting.question and self.sitting.pointing():
            self.sitting.answer(event.id)
            self._answered()
        elif self.here == "tree":
            self._do_toggle()
        else:
            self._do_into()

    def _do_answer(self) -> None:
        """Type an answer."""
        self.ask("answer", "answer")

    def asked_answer(self, text: str) -> None:
        """Grade it."""
        self.close_prompt()
        if self.sitting and text:
            self.sitting.answer(text)
            self._answered()

    def _do_hint(self) -> None:
        """One more hint."""
        if self.sitting:
            self.sitting.hint()
            self._answered()

    def _do_next_question(self) -> None:
        """The next."""
        self._turn_question(1)

    def _do_previous_question(self) -> None:
        """The one before."""
        self._turn_question(-1)

    def _turn_question(self, by: int) -> None:
        if self.sitting:
            self.sitting.turn(by)
            self.tell_page()

    def _answered(self) -> None:
        self.tell_page()
        self.page.scroll_to_line(self.page.count())


def _style(line: str, sheet: "Sheet") -> Style:
    p = sheet.palette
    start = line.lstrip()[:1]
    return (
        {"+": p.good, "-": p.bad, "~": p.warn, "=": p.dim, "✓": p.good, "✗": p.bad}.get(start, p.text)
        if line.startswith("  ") and not line.startswith("   ")
        else p.text
    )


def _beside(change: "Change", width: int, sheet: "Sheet") -> list[list[Piece]]:
    p, look = sheet.palette, sheet.look
    left, right = (look.text(", ".join(side) or "(not there)", 300) for side in (change.left, change.right))
    front = pad(look.text(change.field), min(36, width // 2)) + "  "
    if cells(front) + cells(left) + cells(right) + 3 <= width:
        return [[(front, p.name), (left, p.bad), (" → ", p.dim), (right, p.good)]]
    made: list[list[Piece]] = [[(front, p.name)]]
    for text, style in ((left, p.bad), (right, p.good)):
        made += [[("    ", p.text), (line, style)] for line in look.wrap(text, max(8, width - 4), 3)]
    return made

"""Moving about: in a pane, between panes, along the guide's steps, to a reply, to what is odd."""

from collections.abc import Callable
from dataclasses import replace

from . import arrange as room
from .core import Core
from .evidence import reply_of

QUIET = ("carrier", "background")


class Moving(Core):
    """What keys do that move something."""

    def _do_down(self) -> None:
        self.front.move(1)

    def _do_up(self) -> None:
        self.front.move(-1)

    def _do_page_down(self) -> None:
        self.front.page(1)

    def _do_page_up(self) -> None:
        self.front.page(-1)

    def _do_first(self) -> None:
        self.front.go(0)

    def _do_last(self) -> None:
        self.front.go(len(self.shown) if self.front is self.rungs else self.front.count() - 1)

    def _do_next_packet(self) -> None:
        self.move_to(self.at + 1)

    def _do_previous_packet(self) -> None:
        self.move_to(self.at - 1)

    def _do_into(self) -> None:
        self.enter("tree")

    def _do_open(self) -> None:
        self.outline.fold(False)
        self.mark_bytes()

    def _do_shut(self) -> None:
        self.outline.fold(True)
        self.mark_bytes()

    def _do_toggle(self) -> None:
        self.outline.toggle()
        self.mark_bytes()

    def _do_left(self) -> None:
        self.octets.go_byte(self.octets.byte - 1)

    def _do_right(self) -> None:
        self.octets.go_byte(self.octets.byte + 1)

    def _do_tab(self) -> None:
        self.octets.next_tab()

    # ---- panes ----

    def _do_next_pane(self) -> None:
        self._turn(1)

    def _do_previous_pane(self) -> None:
        self._turn(-1)

    def _turn(self, by: int) -> None:
        names = [name for name in room.PANES if name not in self.shares.folded or name == self.here]
        self.enter(names[(names.index(self.here) + by) % len(names)])

    def _do_pane_events(self) -> None:
        self.enter("events")

    def _do_pane_guide(self) -> None:
        self.enter("guide")

    def _do_pane_tree(self) -> None:
        self.enter("tree")

    def _do_pane_bytes(self) -> None:
        self.enter("bytes")

    def _do_view(self) -> None:
        """The ladder in the list's place, or the list again."""
        here = self.here
        self.laddered = not self.laddered
        self.rearrange()
        self.tell()
        if here == "events":
            self.enter("events")

    def _do_every(self) -> None:
        self.rungs.every = not self.rungs.every
        self.tell()

    def _do_zoom(self) -> None:
        self.zoomed = not self.zoomed
        self.rearrange()

    def _do_fold(self) -> None:
        here = self.here
        if len(self.shares.folded) < len(room.PANES) - 1 or here in self.shares.folded:
            self.shares = room.folded(self.shares, here)
            if here != "events" and here in self.shares.folded:
                self.enter("events")
        self.rearrange()

    def _do_taller(self) -> None:
        self._resize(False, 4)

    def _do_lower(self) -> None:
        self._resize(False, -4)

    def _do_wider(self) -> None:
        self._resize(True, 4)

    def _do_narrower(self) -> None:
        self._resize(True, -4)

    def _resize(self, across: bool, by: int) -> None:
        self.shares = room.resized(self.shares, self.here, self.size.width, across, by)
        self.rearrange()

    def _do_theme(self) -> None:
        self.shares = replace(self.shares, theme="light" if self.shares.theme == "dark" else "dark")
        self.paint_theme()
        self.tell()

    # ---- jumps ----

    def _do_reply(self) -> None:
        """From a question to its reply, and back."""
        event = self.event
        if event is None:
            return
        place = reply_of(self.material.evidence, event)
        if place < 0:
            said = (
                "has no reply in this capture"
                if any(m.exchange for m in event.messages)
                else "is neither question nor reply"
            )
            self.say(f"Packet {event.id} {said}.")
        elif self.index(place) < 0:
            other = self.material.evidence.event(place).id
            self.say(f"Its counterpart is packet {other}, which the filter hides. Esc shows all.")
        else:
            self.move_to(self.index(place))

    def _do_next_same(self) -> None:
        self._same(1)

    def _do_previous_same(self) -> None:
        self._same(-1)

    def _same(self, by: int) -> None:
        row = self.row
        ids = {step.id for step, _ in row.steps} if row else set()
        if not ids:
            self.say("This packet belongs to no step.")
            return
        if not self._seek(lambda at: bool(ids & self._steps(at)), by):
            self.say(f"There is no {'further' if by > 0 else 'earlier'} packet of {', '.join(sorted(ids))}.")

    def _steps(self, at: int) -> set[str]:
        return {step.id for step, _ in self.material.evidence.row(self.shown[at]).steps}

    def _do_odd(self) -> None:
        """The next that is odd or unexplained; from the last, the first."""
        if self.material.given is not None:
            self.seek_odd()
            return

        def strange(at: int) -> bool:
            place, evidence = self.shown[at], self.material.evidence
            return evidence.line(place).state in ("unclaimed", "never", "retry") or evidence.odd(place)

        if not self._seek(strange, 1, around=True):
            self.say("Nothing is odd or unexplained here.")

    def seek_odd(self) -> None:
        """The same in a very large capture, where it takes looking into every packet."""

    def _seek(self, wanted: Callable[[int], bool], by: int, around: bool = False) -> bool:
        count = len(self.shown)
        places = range(self.at + by, count if by > 0 else -1, by)
        again = range(min(self.at + 1, count)) if around else range(0)
        for at in (*places, *again):
            if wanted(at):
                self.move_to(at)
                return True
        return False

    # ---- the guide's way through it ----

    def told(self, at: int) -> bool:
        """Whether an event is one that the guide tells of."""
        return bool(self.material.evidence.row(self.shown[at]).steps)

    def _do_walk(self) -> None:
        """The next step."""
        if not self._guided():
            return
        begun, self._begun = self._begun, True
        if not begun and self.at == 0 and self.shown and self.told(0):
            self.move_to(0)
        elif not self._seek(self.told, 1):
            self.say("That was the last step. b goes back, g to the beginning." + self._verdict())
            return
        self._about()

    _begun = False

    def _do_back(self) -> None:
        """The step before."""
        if not self._guided():
            return
        if not self._seek(self.told, -1):
            self.say("This is where it begins.")
            return
        self._about()

    def _guided(self) -> bool:
        """Whether there are steps to walk through; if not, that is said."""
        if not self.material.view.experiment.steps:
            self.say("There are no steps here: the capture is not read against a guide.")
            return False
        return True

    def _about(self) -> None:
        """On a walk the tree shows what each step is about."""
        start = self.outline.start()
        node = self.outline.lines[start] if start < len(self.outline.lines) else None
        if node is not None and node.field is not None:
            self.outline.choose(node.field)
            self.mark_bytes()
        self.say(self._sentence())

    def _sentence(self) -> str:
        row = self.row
        if row is None or not row.steps:
            return ""
        step = row.steps[0][0].id
        told = [at for at in range(len(self.shown)) if self.told(at)] if len(self.shown) < 5000 else []
        where = f"{told.index(self.at) + 1} of {len(told)}  " if self.at in told else ""
        return f"{where}{step}: {self.material.view.words.sentence(step)}"

    def _verdict(self) -> str:
        standing = self.standing()
        return f"  {standing}" if standing else ""

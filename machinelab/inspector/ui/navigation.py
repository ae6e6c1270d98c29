"""Moving about: in the pane with the focus, from packet to packet, to a reply, to what is odd."""

from collections.abc import Callable, Mapping
from functools import partial

from .cursor import Cursor
from .evidence import reply_of
from .selection import Selection
from .status import Status
from .workspace import Workspace


class Navigation:
    """What keys do that move the cursor. `find_odd` finds what is odd in a very large capture."""

    def __init__(
        self,
        selection: Selection,
        workspace: Workspace,
        cursor: Cursor,
        status: Status,
        find_odd: Callable[[], None],
    ) -> None:
        self._selection, self._workspace, self._cursor = selection, workspace, cursor
        self._status, self._find_odd = status, find_odd

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        workspace = self._workspace
        return {
            "down": lambda: workspace.front.move(1),
            "up": lambda: workspace.front.move(-1),
            "page_down": lambda: workspace.front.page(1),
            "page_up": lambda: workspace.front.page(-1),
            "first": lambda: workspace.front.go(0),
            "last": self._last,
            "next_packet": lambda: self._cursor.move_to(self._selection.at + 1),
            "previous_packet": lambda: self._cursor.move_to(self._selection.at - 1),
            "open": partial(self._fold, False),
            "shut": partial(self._fold, True),
            "toggle": self.toggle,
            "left": lambda: workspace.bytes_pane.go_byte(workspace.bytes_pane.byte - 1),
            "right": lambda: workspace.bytes_pane.go_byte(workspace.bytes_pane.byte + 1),
            "tab": workspace.bytes_pane.next_tab,
            "reply": self._reply,
            "next_same": partial(self._same_step, 1),
            "previous_same": partial(self._same_step, -1),
            "odd": self._odd,
        }

    def _last(self) -> None:
        front = self._workspace.front
        front.go(len(self._selection.shown) if front is self._workspace.ladder else front.count() - 1)

    def _fold(self, shut: bool) -> None:
        self._workspace.tree.fold(shut)
        self._cursor.mark_bytes()

    def toggle(self) -> None:
        """Open the tree's group, or close it."""
        self._workspace.tree.toggle()
        self._cursor.mark_bytes()

    # ---- jumps ----

    def seek(self, wanted: Callable[[int], bool], by: int, around: bool = False) -> bool:
        """Move to the next event shown for which that holds, `around` the end if need be; whether there is one."""
        at, count = self._selection.at, len(self._selection.shown)
        places = range(at + by, count if by > 0 else -1, by)
        again = range(min(at + 1, count)) if around else range(0)
        for place in (*places, *again):
            if wanted(place):
                self._cursor.move_to(place)
                return True
        return False

    def _reply(self) -> None:
        """From a question to its reply, and back."""
        selection, event = self._selection, self._selection.event
        if event is None:
            return
        place = reply_of(selection.evidence, event)
        if place < 0:
            said = (
                "has no reply in this capture"
                if any(m.exchange for m in event.messages)
                else "is neither question nor reply"
            )
            self._status.say(f"Packet {event.id} {said}.")
        elif selection.index(place) < 0:
            other = selection.evidence.event(place).id
            self._status.say(f"Its counterpart is packet {other}, which the filter hides. Esc shows all.")
        else:
            self._cursor.move_to(selection.index(place))

    def _same_step(self, by: int) -> None:
        row = self._selection.row
        ids = {step.id for step, _ in row.steps} if row else set()
        if not ids:
            self._status.say("This packet belongs to no step.")
            return
        if not self.seek(lambda at: bool(ids & self._steps(at)), by):
            self._status.say(
                f"There is no {'further' if by > 0 else 'earlier'} packet of {', '.join(sorted(ids))}."
            )

    def _steps(self, at: int) -> set[str]:
        return {step.id for step, _ in self._selection.evidence.row(self._selection.shown[at]).steps}

    def _odd(self) -> None:
        """The next that is odd or unexplained; from the last, the first."""
        if self._selection.material.given is not None:
            self._find_odd()
            return

        def odd(at: int) -> bool:
            place, evidence = self._selection.shown[at], self._selection.evidence
            return evidence.line(place).state in ("unclaimed", "never", "retry") or evidence.odd(place)

        if not self.seek(odd, 1, around=True):
            self._status.say("Nothing is odd or unexplained here.")

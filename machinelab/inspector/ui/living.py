"""The inspector on a run that is still going on: packets come in by themselves, and can be held back without losing any."""

from pathlib import Path
from typing import Protocol

from ...analysis.view import EventRow
from ...errors import LabError
from .inspector import Inspector
from .material import Material

BEAT = 0.1  # seconds between two looks at what has come
SIFTED = 5  # beats, where a filter must be asked of everything anew


class Feed(Protocol):
    """Where the packets come from; filled by another thread, asked by the inspector's own."""

    @property
    def waiting(self) -> int:
        """How many events have come and were not taken yet."""
        ...

    @property
    def stage(self) -> str:
        """What the run is at, in a few words."""
        ...

    def take(self) -> Material:
        """All that has come so far."""
        ...

    def result(self) -> "Material | LabError | None":
        """The whole run read against the guide, or why it failed; None while it goes on."""
        ...


class Living(Inspector):
    """`run --live --inspect`."""

    def __init__(self, feed: Feed, memory: Path | None = None) -> None:
        super().__init__(feed.take(), memory)
        self.feed = feed
        self.paused = False
        self.over_ = False
        self._beats = 0

    def settle(self) -> None:
        """Look for packets from now on."""
        super().settle()
        self.set_interval(BEAT, self.beat)

    def beat(self) -> None:
        """Show what has come, unless it is held back; at the end the whole run, read against the guide."""
        self._beats += 1
        if self.over_ or self.paused or self.screen.id != "bench":
            self.bars()
            return
        filtered = len(self.shown) != len(self.material.evidence)
        if self.feed.waiting and not (filtered and (self._beats % SIFTED or self._job)):
            last = self.at >= len(self.shown) - 1
            self.renew(self.feed.take())
            if last and self.shown:
                self.move_to(len(self.shown) - 1)
        elif not self.feed.waiting and (result := self.feed.result()) is not None:
            self._finished(result)
        else:
            self.bars()

    def _finished(self, result: "Material | LabError") -> None:
        self.over_ = True
        if isinstance(result, LabError):
            self.fail(result)
            return
        self.renew(result)
        self.move_to(0)
        self.say(f"The run has ended: {self.standing()}. Space walks through it.")

    def _do_play(self) -> None:
        """While the run goes on, hold back what comes, or let it in."""
        if self.over_:
            super()._do_play()
            return
        self.paused = not self.paused
        self.say("Held back; p goes on. Nothing is lost meanwhile." if self.paused else "Going on.")

    def _unsaid(self, row: EventRow) -> str:
        """What cannot be told from one packet alone."""
        if self.over_:
            return super()._unsaid(row)
        return "Which step this is will be known when the run has ended: a reply is told by its question."

    def standing(self) -> str:
        """What the run is at, while it goes on."""
        if self.over_:
            return super().standing()
        held = f", {self.feed.waiting} more held back" if self.paused else ""
        return f"{'❚❚ paused' if self.paused else '● live'}{held} · {self.feed.stage}"

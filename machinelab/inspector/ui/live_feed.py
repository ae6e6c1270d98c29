"""A run that is still going on: packets come in by themselves, and can be held back without losing any."""

from typing import Protocol

from textual.app import App

from ...errors import LabError
from .cursor import Cursor
from .job import Job
from .loading import Loading
from .material import Material
from .selection import Selection
from .status import Status
from .workspace import Workspace

INTERVAL = 0.1  # seconds between two looks at what has come
FILTER_EVERY = 5  # intervals, where a filter must be asked of everything anew


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


class LiveFeed:
    """`run --live --inspect`: shows what has come. Implements Pending."""

    def __init__(
        self,
        app: App[None],
        feed: Feed,
        selection: Selection,
        workspace: Workspace,
        cursor: Cursor,
        status: Status,
        loading: Loading,
        job: Job,
    ) -> None:
        self._app, self._feed, self._selection, self._workspace = app, feed, selection, workspace
        self._cursor, self._status, self._loading, self._job = cursor, status, loading, job
        self.paused = False
        self.ended = False
        self._count = 0

    @property
    def stage(self) -> str:
        """See Pending."""
        if self.ended:
            return ""
        held = f", {self._feed.waiting} more held back" if self.paused else ""
        return f"{'❚❚ paused' if self.paused else '● live'}{held} · {self._feed.stage}"

    @property
    def meanwhile(self) -> str:
        """See Pending."""
        if self.ended:
            return ""
        return "Which step this is will be known when the run has ended: a reply is told by its question."

    def start(self) -> None:
        """Look for packets from now on."""
        self._app.set_interval(INTERVAL, self._look)

    def pause(self) -> None:
        """Hold back what comes, or let it in."""
        self.paused = not self.paused
        self._status.say("Held back; p goes on. Nothing is lost meanwhile." if self.paused else "Going on.")

    def _look(self) -> None:
        """Show what has come, unless it is held back; at the end the whole run, read against the guide."""
        self._count += 1
        if self.ended or self.paused or not self._workspace.in_front:
            self._status.update()
        elif self._feed.waiting and not self._too_soon():
            self._take()
        elif not self._feed.waiting and (result := self._feed.result()) is not None:
            self._finish(result)
        else:
            self._status.update()

    def _too_soon(self) -> bool:
        """Whether to wait, since a filter must be asked anew, or is being asked."""
        filtered = not self._selection.complete
        return filtered and bool(self._count % FILTER_EVERY or self._job.task)

    def _take(self) -> None:
        selection = self._selection
        last = selection.at >= len(selection.shown) - 1
        self._loading.renew(self._feed.take())
        if last and selection.shown:
            self._cursor.move_to(len(selection.shown) - 1)

    def _finish(self, result: "Material | LabError") -> None:
        self.ended = True
        if isinstance(result, LabError):
            self._status.fail(result)
            return
        self._loading.renew(result)
        self._cursor.move_to(0)
        self._status.say(f"The run has ended: {self._status.standing()}. Space walks through it.")

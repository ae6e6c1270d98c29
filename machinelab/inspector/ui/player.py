"""Playing the packets as they came, slowed down."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from textual.app import App
from textual.timer import Timer

from ...model import Event
from .cursor import Cursor
from .selection import Selection
from .status import Status
from .workspace import Workspace

SPEEDS = (1, 10, 1000)
SHORTEST = 0.02  # seconds between two packets


class Player:
    """Moves the cursor on by a timer."""

    def __init__(
        self, app: App[None], selection: Selection, workspace: Workspace, cursor: Cursor, status: Status
    ) -> None:
        self._app, self._selection, self._workspace = app, selection, workspace
        self._cursor, self._status = cursor, status
        self._timer: Timer | None = None

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        return {
            "play": self.toggle,
            "faster": partial(self._change_speed, -1),
            "slower": partial(self._change_speed, 1),
        }

    @property
    def playing(self) -> bool:
        """Whether the next packet will come by itself."""
        return self._timer is not None

    def toggle(self) -> None:
        """Play, or stop playing."""
        if self.playing:
            self._stop()
            self._status.say("Stopped.")
            return
        self._play()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _play(self) -> None:
        event, following = self._selection.event, self._next()
        if event is None or following is None:
            self._timer = None
            self._status.say("Played to the end." + self._status.verdict())
            return
        wait = max(SHORTEST, (following.time - event.time) / 1e9 * self._workspace.preferences.slower)
        self._timer = self._app.set_timer(wait, self._tick)
        self._status.say(
            f"▶ {self._speed()}: the next packet comes in {wait:.1f} s. p stops, ] slower, [ faster."
        )

    def _next(self) -> Event | None:
        selection = self._selection
        after = selection.at + 1
        return selection.evidence.event(selection.shown[after]) if after < len(selection.shown) else None

    def _tick(self) -> None:
        self._cursor.move_to(self._selection.at + 1)
        self._play()

    def _speed(self) -> str:
        slower = self._workspace.preferences.slower
        return "as fast as it happened" if slower == 1 else f"{slower} times slower than it happened"

    def _change_speed(self, by: int) -> None:
        preferences = self._workspace.preferences
        at = SPEEDS.index(preferences.slower) if preferences.slower in SPEEDS else 1
        slower = SPEEDS[max(0, min(at + by, len(SPEEDS) - 1))]
        self._workspace.preferences = replace(preferences, slower=slower)
        playing = self.playing
        self._stop()
        if playing:
            self._play()
        else:
            self._status.say(f"p plays it {self._speed()}.")

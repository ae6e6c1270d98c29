"""Playing the packets as they came, slowed down."""

from dataclasses import replace

from textual.timer import Timer

from ...model import Event
from .moving import Moving

SPEEDS = (1, 10, 1000)


class Playing(Moving):
    """What keys do that play."""

    _timer: Timer | None = None

    def _do_play(self) -> None:
        """Play, or stop playing."""
        if self._timer is not None:
            self.stop_playing()
            self.say("Stopped.")
            return
        self._play()

    def stop_playing(self) -> None:
        """No further step by itself."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _play(self) -> None:
        event, following = self.event, self._after()
        if event is None or following is None:
            self._timer = None
            self.say("Played to the end." + self._verdict())
            return
        wait = max(0.02, (following.time - event.time) / 1e9 * self.shares.slower)
        self._timer = self.set_timer(wait, self._tick)
        self.say(f"▶ {self._speed()}: the next packet comes in {wait:.1f} s. p stops, ] slower, [ faster.")

    def _after(self) -> Event | None:
        return (
            self.material.evidence.event(self.shown[self.at + 1]) if self.at + 1 < len(self.shown) else None
        )

    def _tick(self) -> None:
        self.move_to(self.at + 1)
        self._play()

    def _speed(self) -> str:
        return (
            "as fast as it happened"
            if self.shares.slower == 1
            else f"{self.shares.slower} times slower than it happened"
        )

    def _do_faster(self) -> None:
        self._turn_speed(-1)

    def _do_slower(self) -> None:
        self._turn_speed(1)

    def _turn_speed(self, by: int) -> None:
        at = SPEEDS.index(self.shares.slower) if self.shares.slower in SPEEDS else 1
        self.shares = replace(self.shares, slower=SPEEDS[max(0, min(at + by, len(SPEEDS) - 1))])
        playing = self._timer is not None
        self.stop_playing()
        if playing:
            self._play()
        else:
            self.say(f"p plays it {self._speed()}.")

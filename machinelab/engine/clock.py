"""The time of a run: that of the machine whose packets are captured, and it never goes back.

The engine may be on another machine, or in a virtual one that was asleep, so its clock may differ from ours by hours; and either
may be set while a run goes on. What is compared with packets, asked of nodes' logs or kept in run.json is therefore reckoned from
one reading of the engine's clock, and from there on by what went by (CLOCK_MONOTONIC, clock_gettime(2)).
"""

import time

SLACK = 1_000_000_000  # ns; news of the other clock may come late by so much, and is then no difference between clocks


class Clock:
    """Nanoseconds since the epoch: by our own clock as it was when this was made, until another is told."""

    def __init__(self) -> None:
        self._behind = time.time_ns() - time.monotonic_ns()

    def now(self) -> int:
        """The time of this run."""
        return self.at(time.monotonic_ns())

    def at(self, monotonic: int) -> int:
        """The time at a reading of `time.monotonic_ns()`."""
        return self._behind + monotonic

    def follow(self, told: int) -> int:
        """Go by another clock from now on, which said `told` just now. Returns by how many nanoseconds that moves ours; 0 if they agree."""
        apart = told - self.now()
        if abs(apart) <= SLACK:
            return 0
        self._behind += apart
        return apart

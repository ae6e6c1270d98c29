"""Times of evidence that is no packet, in nanoseconds since the epoch: as logs write them, and counted from a program's own start."""

from dataclasses import dataclass
from datetime import UTC, datetime

SECOND = 1_000_000_000  # ns
DRIFT = (
    500e-6  # how far two clocks of one machine may drift apart: the most by which NTP slews one, adjtimex(2)
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One moment on two clocks: the epoch's, and a program's own (monotonic, or since its start). All in nanoseconds.

    Go's runtime traces, Node's `performance.now()` and the JVM's uptime count from a start of their own. The program reads both
    clocks once, writes the pair beside its evidence, and every time of it can be told.
    """

    epoch: int
    own: int
    uncertainty: int = 0

    def time(self, own: int) -> int:
        """A moment of the program's own clock, since the epoch."""
        return self.epoch + own - self.own

    def doubt(self, own: int) -> int:
        """By how much `time` may be wrong: the pair's own uncertainty, and the clocks' drift since then."""
        return self.uncertainty + round(abs(own - self.own) * DRIFT)


def between(before: int, own: int, after: int) -> Anchor:
    """An anchor from three readings in turn: the epoch's clock, the program's own, the epoch's again.

    Raises ValueError if the epoch's clock went backwards meanwhile.
    """
    if after < before:
        raise ValueError(f"the clock went backwards, from {before} to {after}")
    return Anchor((before + after) // 2, own, (after - before + 1) // 2)


def seconds(written: bytes) -> int | None:
    """`1795499989.588780` in nanoseconds; digits beyond the ninth are cut off. None if it is no such number."""
    whole, _, part = written.partition(b".")
    if not whole.isdigit() or (part and not part.isdigit()) or len(whole) > 18:
        return None
    return int(whole) * SECOND + int(part[:9].ljust(9, b"0"))


def date(written: bytes) -> int | None:
    """`2026-11-24T10:57:12.744+01:00`, with a space for the T or a comma for the point: since the epoch; UTC if it names no zone.

    None if there is no such moment.
    """
    try:
        found = datetime.fromisoformat(written.decode("ascii").replace(",", "."))
        moment = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return int(moment.replace(microsecond=0).timestamp()) * SECOND + moment.microsecond * 1000

"""Which ping a ping's reply answers: by addresses, identifier and sequence number (RFC 792, RFC 4443 §4)."""

from dataclasses import dataclass

from ..model import Exchange, Field
from .core import PacketInfo, View
from .echo_state import Echo

LIMIT = 65_536  # pings that may be open at a time


@dataclass(slots=True)
class Attempt:
    """The pings of one identifier and sequence number on one network: which of them it is (from 1), and if answered."""

    serial: int
    answered: bool = False


class Echoes:
    """The pings of a capture."""

    def __init__(self) -> None:
        self._open: dict[bytes, Echo] = {}
        self._attempts: dict[bytes, dict[int, Attempt]] = {}

    def exchange(self, info: PacketInfo, addresses: bytes, identity: bytes, reply: bool) -> Exchange:
        """The exchange of a ping: the same numbers once more are the same one until it is answered.

        Seen on two networks, a ping belongs to two; its reply may have been seen on another than the ping itself (each
        way of a link may have its own). A reply to a ping that was not seen has the serial 0.
        """
        key = _key(addresses, identity, reply)
        index = info.frame.source.index
        attempts = self._attempts.get(key)
        if attempts is None:
            if len(self._attempts) >= LIMIT:
                del self._attempts[next(iter(self._attempts))]
            attempts = self._attempts[key] = {}
        attempt = attempts.get(index)
        if reply:
            if attempt is None:
                index, attempt = next(
                    (known for known in attempts.items() if not known[1].answered), (index, Attempt(0))
                )
            attempt.answered = True
        elif attempt is None or attempt.answered:
            attempt = attempts[index] = Attempt(attempt.serial + 1 if attempt else 1)
        number = int.from_bytes(identity, "big")
        return Exchange(
            ("ping", index, key, attempt.serial), reply, "" if reply else f"{number >> 16} {number & 0xFFFF}"
        )

    def observe(self, info: PacketInfo, addresses: bytes, identity: bytes, reply: bool) -> Echo | None:
        """The ping that a message is, or answers."""
        key = _key(addresses, identity, reply)
        known = self._open.get(key)
        if not reply:
            if len(self._open) >= LIMIT:
                del self._open[next(iter(self._open))]
            known = self._open[key] = Echo(info.number, info.time)
        elif known is not None and not known.reply:
            known.reply, known.answered = info.number, info.time
        return known


def _key(addresses: bytes, identity: bytes, reply: bool) -> bytes:
    """The same for a ping and its reply: the addresses as the ping has them."""
    half = len(addresses) // 2
    return (addresses[half:] + addresses[:half] if reply else addresses) + identity


def show(view: View, layer: str, start: int) -> None:
    """The generated fields: the other half's frame, and how long it took."""
    echo, number = view.info.echo, view.info.number
    if echo is None or view.quoted:
        return
    if echo.request == number:
        if echo.reply:
            view.add(Field(f"{layer}.resp_in", echo.reply, start, start, view.buffer, 0, layer))
    elif echo.reply == number:
        taken = (echo.answered - echo.asked) / 1e6
        view.add(Field(f"{layer}.resp_to", echo.request, start, start, view.buffer, 0, layer))
        view.add(Field(f"{layer}.resptime", taken, start, start, view.buffer, 0, layer))


def sent(view: View, layer: str, at: int, stop: int) -> int:
    """The time of sending that ping puts first into its data, if it is one by its value; gives where the rest begins."""
    if stop - at < 16:
        return at
    for order in ("little", "big"):
        seconds = int.from_bytes(view.data[at : at + 8], order)
        micros = int.from_bytes(view.data[at + 8 : at + 16], order)
        then = seconds * 1_000_000_000 + micros * 1000
        # A guess, as Wireshark makes it: within an hour of when it was seen.
        if micros < 1_000_000 and abs(view.info.time - then) < 3_600_000_000_000:
            view.add(Field(f"{layer}.data_time", then, at, at + 16, view.buffer, 0, layer))
            gone = view.info.time - then
            view.add(Field(f"{layer}.data_time_relative", gone, at, at + 16, view.buffer, 0, layer))
            return at + 16
    return at

"""What application data holds: HTTP/1.1 messages, cut out of what the records held. RFC 8446 §5.1, RFC 9112 §6.3, §9.8.

Neither keeps to the other's ends: a message may span records, a record hold several messages. What is no HTTP stays data.
"""

from dataclasses import dataclass, field

from ...core import Inner, PacketInfo, Stream
from ..http1.framing import Exchanges
from .records import Record, Talk

LONGEST = 1 << 24  # bytes a message may take, as over TCP


@dataclass(slots=True)
class Half:
    """One sender: the beginning of an unfinished message, and the records that it stands in."""

    rest: bytearray = field(default_factory=bytearray)
    begun: tuple[Record, ...] = ()

    def drop(self) -> None:
        """What was begun will not be finished."""
        self.rest.clear()
        self.begun = ()


class Talks:
    """The HTTP messages of one connection."""

    __slots__ = ("_halves", "_http")

    def __init__(self, stream: Stream) -> None:
        self._http = Exchanges(stream)
        self._halves = {True: Half(), False: Half()}

    def take(self, record: Record, content: bytes | None, info: PacketInfo, to_server: bool) -> None:
        """Cut messages out of the next record's content; None: it could not be opened, and what was begun is lost."""
        half = self._halves[to_server]
        if not content:
            if content is None:
                half.drop()
            record.inner.append(Inner())
            return
        before, at = len(half.rest), 0
        half.rest += content
        while at < len(half.rest):
            size = self._http.size(half.rest, at, to_server)
            if size < 0 or max(size, len(half.rest) - at) > LONGEST:
                record.left = max(0, at - before), len(content)
                record.inner.append(Inner())
                half.drop()
                return
            if size == 0 or at + size > len(half.rest):
                break
            self._cut(record, half, (at, at + size, before), info, to_server)
            at += size
        del half.rest[:at]
        half.begun = half.begun if at == 0 else ()
        if half.rest:
            half.begun = (*half.begun, record)
            record.left = max(0, at - before), len(content)

    def close(self, record: Record, info: PacketInfo, to_server: bool) -> None:
        """The sender says that it is done: a reply without a length ends here (RFC 9112 §9.8), and no sooner."""
        half = self._halves[to_server]
        if half.rest and self._http.ends(half.rest, to_server):
            self._cut(record, half, (0, len(half.rest), len(half.rest)), info, to_server)
        half.drop()

    def _cut(
        self, record: Record, half: Half, where: tuple[int, int, int], info: PacketInfo, to_server: bool
    ) -> None:
        """A message at `where` of what is there; before the last number it is from earlier records."""
        at, stop, before = where
        whole = bytes(half.rest[at:stop])
        talk = Talk(start=at - before, stop=stop - before)
        if at < before:
            talk = Talk(before=half.begun, begun=half.begun, stop=len(whole), data=whole)
            for earlier in half.begun:
                earlier.finisher = record
        talk.exchange, talk.state = self._http.observe(whole, info, to_server)
        record.talks.append(talk)
        record.inner.append(talk)

"""What application data holds: messages of the protocol that ALPN names, cut out of what the records held.

RFC 7301 (ALPN), RFC 9846 §5.1. Neither keeps to the other's boundaries: a message may span records, a record hold several
messages. What nobody reads stays data.
"""

from dataclasses import dataclass, field

from ...core import Application, Inner, PacketInfo, Session, Stream
from ...registry import negotiable, successor, tables
from .records import ApplicationMessage, Record

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


class ApplicationData:
    """The application's messages of one connection. `alpn` is the protocol that was negotiated; empty: none, or not yet."""

    __slots__ = ("_application", "_halves", "_session", "_stream", "alpn")

    def __init__(self, stream: Stream) -> None:
        self.alpn = ""
        self._stream = stream
        self._application: Application | None = None
        self._session: Session | None = None
        self._halves = {True: Half(), False: Half()}

    def take(self, record: Record, content: bytes | None, info: PacketInfo, to_server: bool) -> None:
        """Cut messages out of the next record's content; None: it could not be decrypted, and what was begun is lost."""
        half = self._halves[to_server]
        if not content:
            if content is None:
                half.drop()
            record.inner.append(Inner())
            return
        before, at = len(half.rest), 0
        half.rest += content
        while at < len(half.rest):
            session = self._reader(half.rest, at, to_server)
            size = session.size(half.rest, at, to_server) if session is not None else -1
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
        ends = getattr(self._session, "ends", None)
        if half.rest and ends is not None and ends(half.rest, to_server):
            self._cut(record, half, (0, len(half.rest), len(half.rest)), info, to_server)
        half.drop()

    def _reader(self, data: bytearray, at: int, to_server: bool) -> Session | None:
        """Who reads what comes next: the protocol negotiated, or the one that it has handed over to."""
        if self._session is None:
            self._choose(data, at, to_server)
        elif (handover := getattr(self._session, "handover", None)) is not None:
            following = successor(handover, bytes(data[at:]))
            if following is None or following.session is None:
                return None
            self._stream.handover = handover
            self._application, self._session = following, following.session(self._stream)
        return self._session

    def _choose(self, data: bytearray, at: int, to_server: bool) -> None:
        """By ALPN; where none was negotiated, the first of those that recognise their own bytes and takes these."""
        known = tables().alpn
        if self.alpn:
            candidates = [known[self.alpn]] if self.alpn in known else []
        else:
            candidates = [each for each in negotiable() if each.is_stream is not None]
        for each in candidates:
            session = each.session(self._stream) if each.session else None
            if session is None:
                continue
            if self.alpn or (_plausible(each, data, at) and session.size(data, at, to_server) >= 0):
                self._application, self._session = each, session
                return

    def _cut(
        self, record: Record, half: Half, where: tuple[int, int, int], info: PacketInfo, to_server: bool
    ) -> None:
        """A message at `where` of what is there; before the last number it is from earlier records."""
        at, stop, before = where
        whole = bytes(half.rest[at:stop])
        assert self._application is not None and self._session is not None
        application_message = ApplicationMessage(
            start=at - before, stop=stop - before, application=self._application
        )
        if at < before:
            application_message = ApplicationMessage(
                before=half.begun,
                begun=half.begun,
                stop=len(whole),
                data=whole,
                application=self._application,
            )
            for earlier in half.begun:
                earlier.finisher = record
        payload = whole[self._application.framing :]
        application_message.exchange, application_message.state = self._session.observe(
            payload, info, to_server
        )
        record.application_messages.append(application_message)
        record.inner.append(application_message)


def _plausible(application: Application, data: bytearray, at: int) -> bool:
    """Whether bytes may be a protocol's by more than a size: one whose messages begin with their length finds a size in any."""
    recognises = application.is_stream
    return not application.framing or (recognises is not None and recognises(bytes(data[at:])) is not None)

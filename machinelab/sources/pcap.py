"""Packets: a capture file, or one that still grows, → events."""

import gc
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from ..dissect.core import Frame, PacketInfo
from ..dissect.decode_as import DecodeAs
from ..dissect.packet import Cache, event
from ..dissect.secrets import Secrets
from ..dissect.walk import Walker
from ..errors import LabError, UsageError
from ..model import Event, Interface, Trace
from .container import Reader, Unreadable

CHUNK = 1 << 20
TLS_KEYS = (
    0x544C534B  # the type of an NSS key log in a decryption secrets block (draft-ietf-opsawg-pcapng §4.7)
)
MOST_KEYS = 64 << 20  # bytes of a key log; a browser writes some hundred a connection
LONG = 10_000  # packets from which on it pays to keep the garbage collector away from them
KEYS_HINT = "Give the file that SSLKEYLOGFILE named, a server's RSA key as PEM, or its ECH key with its ECHConfigList (RFC 9934)."
HINT = "Give a pcap or pcapng file, as Wireshark, tcpdump and dumpcap write them (gzip is fine)."
GZIP = b"\x1f\x8b"
# A long header of version 1 or 2, and the length of a connection ID: RFC 9000 §17.2, RFC 9369 §3.1.
QUIC = re.compile(rb"[\xc0-\xff](?:\0\0\0\x01|k3C\xcf)[\0-\x14]")
SEARCHED = 4_000_000_000  # bytes of a capture times connections with keys: a second or two


class Live:
    """A capture as it comes: bytes in, the events that are complete now out. `keys` is the text of a key log.

    What an event's fields say about later packets (`dns.response_in`) is known once those have come.
    """

    def __init__(self, keys: bytes = b"", decode_as: DecodeAs | None = None) -> None:
        self._reader = Reader()
        self._keys = Secrets()
        self._keys.feed(keys)
        self._inside = 0  # key logs of the capture that have been taken in
        self._walker = Walker(self._keys, decode_as)
        self._cache = Cache()

    def feed(self, data: bytes) -> list[Event]:
        """The events of the frames that these bytes complete. Raises LabError if they are no capture."""
        try:
            return [self.event(frame) for frame in self._reader.feed(data)]
        except Unreadable as error:
            raise LabError(f"The capture cannot be read: {error}.", "Run the experiment again.") from error

    def frames(self, data: bytes) -> Iterator[Frame]:
        """The frames themselves. Raises Unreadable."""
        return self._reader.feed(data)

    def event(self, frame: Frame) -> Event:
        """The event of the next frame."""
        return self.described(self.walked(frame))

    def described(self, info: PacketInfo) -> Event:
        """The event of a frame that was walked, with the messages that are known by now to end in it."""
        return event(info, self._cache)

    def walked(self, frame: Frame) -> PacketInfo:
        """The first pass over the next frame."""
        while self._inside < len(self._reader.secrets):
            kind, text = self._reader.secrets[self._inside]
            self._inside += 1
            if kind == TLS_KEYS:
                self._keys.feed(text)
        return self._walker.frame(frame)

    @property
    def secrets(self) -> tuple[tuple[int, bytes], ...]:
        """The key logs inside the capture so far, each with its type."""
        return tuple(self._reader.secrets)

    def leftover(self) -> int:
        """Bytes received that do not make a whole packet yet."""
        return self._reader.leftover()

    @property
    def known(self) -> bool:
        """Whether the bytes so far show that this is a capture."""
        return self._reader.known


def load(
    path: Path,
    nodes: Mapping[str, tuple[Interface, ...]] | None = None,
    keys: Path | None = None,
    decode_as: DecodeAs | None = None,
    most: int | None = None,
) -> Trace:
    """The packets of a capture file, in time order, numbered as they stand in the file. `keys` is a key log (SSLKEYLOGFILE).
    `decode_as`: protocols on ports of their own. `most`: no more than that many packets, the first of the file.

    A file that breaks off gives what could be read, and a warning. Raises UsageError if it is no capture at all.
    """
    with _collector_at_rest():
        return _load(path, dict(nodes or {}), _read_keys(keys) if keys is not None else b"", decode_as, most)


def _read_keys(path: Path) -> bytes:
    """The text of a key log. Raises UsageError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_KEYS)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.", KEYS_HINT) from error


ENCRYPTED_HELLO = re.compile(rb"\xfe\x0d..\0\0[\1\2\3]\0[\1\2\3]", re.DOTALL)
"""The extension of a ClientHelloOuter: its number, its length, its type, an HPKE suite (RFC 9849 §5, RFC 9180 §7)."""


def require_secrets(path: Path, capture: Path) -> None:
    """Raise UsageError if there is not one TLS secret in a file, or none for a connection of this capture: whoever names it expects
    to read something with it.
    """
    known = Secrets()
    known.feed(_read_keys(path))
    if not len(known):
        raise UsageError(f"{path} holds no TLS secrets.", KEYS_HINT)
    randoms = known.randoms()
    if not (known.rsa or known.ech) and randoms and not _holds_any(capture, randoms):
        raise UsageError(
            f"{path} holds no key of a connection in {capture.name}: it was written in another session.",
            "Give the key log of the programs that were captured, written while they were (SSLKEYLOGFILE).",
        )


def _holds_any(capture: Path, randoms: Collection[bytes]) -> bool:
    """Whether one of these client randoms stands in a capture: in the clear, near the beginning of each ClientHello (RFC 9846 §4.2.2).

    True where it is not known: a compressed file, or more than can be searched in a moment; QUIC, whose ClientHello is encrypted (RFC 9001 §5.2);
    or a ClientHello that carries another one encrypted, with the random that the key log has (RFC 9850 §2).
    """
    size = capture.stat().st_size
    if not capture.is_file() or not size or size * len(randoms) > SEARCHED:
        return True
    data = capture.read_bytes()
    found = data.startswith(GZIP) or any(random in data for random in randoms)
    return found or any(hidden.search(data) is not None for hidden in (QUIC, ENCRYPTED_HELLO))


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """No garbage is made while a capture is read, and looking for it takes two thirds of the time.

    Afterwards a long capture's notes are set apart (100,000 packets are a million objects, each looked at again and
    again while fields are made from them).
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _load(
    path: Path,
    nodes: dict[str, tuple[Interface, ...]],
    keys: bytes,
    decode_as: DecodeAs | None,
    most: int | None,
) -> Trace:
    warnings: list[str] = []
    live = Live(keys, decode_as)
    # Later packets show which messages end in earlier ones, where the capture has holes: so all are walked first.
    events = [live.described(info) for info in list(islice(_walked(live, path, warnings, CHUNK), most))]
    events.sort(key=lambda item: item.time)
    if len(events) > LONG:
        gc.freeze()
    return Trace(tuple(events), nodes, tuple(warnings))


def whole(
    path: Path, warnings: list[str], keys: bytes = b"", decode_as: DecodeAs | None = None
) -> list[Event]:
    """The packets of a short capture in the order of the file, each knowing what later ones say about it. Raises UsageError."""
    with _collector_at_rest():
        live = Live(keys, decode_as)
        return [live.described(info) for info in list(_walked(live, path, warnings, CHUNK))]


def stream(
    path: Path,
    warnings: list[str],
    first: int = CHUNK,
    keys: bytes = b"",
    decode_as: DecodeAs | None = None,
) -> Iterator[Event]:
    """The packets of a capture file as they are read, in the order of the file; `first`: bytes read at once at the start.

    What is wrong with the file is added to `warnings` at its end. Raises UsageError if it is no capture at all.
    """
    live = Live(keys, decode_as)
    for info in _walked(live, path, warnings, first):
        yield live.described(info)


def _walked(live: Live, path: Path, warnings: list[str], first: int) -> Iterator[PacketInfo]:
    try:
        for chunk in _chunks(path, warnings, first):
            for frame in live.frames(chunk):
                yield live.walked(frame)
    except Unreadable as error:
        if not live.known:
            raise UsageError(f"{path} is no capture: {error}.", HINT) from error
        warnings.append(f"{path.name} is damaged: {error}. What stands before that was read.")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.", HINT) from error
    if not live.known:
        raise UsageError(
            f"{path} is no capture: it is {'empty' if not live.leftover() else 'too short'}.", HINT
        )
    if live.leftover() and not warnings:
        warnings.append(f"{path.name} breaks off in the middle of a packet.")


def _chunks(path: Path, warnings: list[str], first: int) -> Iterator[bytes]:
    """The file's bytes, unpacked if they are packed; a pipe's as they come."""
    with path.open("rb") as plain:
        if plain.peek(2)[:2] != b"\x1f\x8b":
            size = first
            while chunk := plain.read1(size):
                yield chunk
                size = CHUNK
            return
        # Few captures are packed, and a listing of fifty packets is over before these are imported.
        import gzip
        import zlib

        try:
            with gzip.open(plain) as unpacked:
                while chunk := unpacked.read1(CHUNK):
                    yield chunk
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            warnings.append(f"{path.name} is damaged: its gzip packing breaks off ({error}).")

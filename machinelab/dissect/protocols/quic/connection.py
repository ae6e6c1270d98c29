"""One QUIC connection: its keys, its TLS handshake, its streams. RFC 9000 §5, §12.3; RFC 9001 §4, §5, §6."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ...core import Contents, Inner, PacketInfo, Stream
from ...registry import tables
from ...secrets import Secrets
from ...subdissector import Subdissector
from .assembly import Assembler
from .frames import CRYPTO, NEW_CONNECTION_ID, STREAM, QuicFrame, frames
from .header import HANDSHAKE, INITIAL, ONE_RTT, ZERO_RTT, Header
from .protection import AES128, AES256, CCM, CHACHA, KEY_BYTES, SALTS, Keys, Opened, initial_secret

SPACES = {INITIAL: 0, HANDSHAKE: 1, ZERO_RTT: 2, ONE_RTT: 2}  # of packet numbers: RFC 9000 §12.3
EARLY, EARLIEST = "CLIENT_EARLY_TRAFFIC_SECRET", (AES128, AES256, CHACHA, CCM)
STREAMS = 1 << 16  # directions of streams that are followed


@dataclass(slots=True)
class Delivered:
    """What a CRYPTO or STREAM frame made readable: `known` of its bytes were read before; `run` are the bytes from there on.

    `run` is kept only where others that had waited follow those of the frame. `content` is what its `reader` noted of them.
    """

    known: int
    content: Contents
    reader: Subdissector
    run: bytes = b""


@dataclass(slots=True)
class QuicPacket(Contents):
    """A packet as the first pass leaves it: what opened it, and what its CRYPTO and STREAM frames delivered, by their place in it."""

    header: Header | None = None
    connection: "Connection | None" = None
    to_server: bool = True
    keys: Keys | None = None
    number: int = 0
    dcid: bytes = b""
    delivered: dict[int, Delivered] = field(default_factory=dict)

    def opened(self, data: bytes, start: int, stop: int) -> Opened | None:
        """Its content, opened once more: a long download is not held twice."""
        if self.keys is None or self.header is None:
            return None
        at = start + self.header.number_at - self.header.start
        return self.keys.open(data, start, at, stop, self.number)


class Connection:
    """A connection from its client's first Initial on. `ids` are the connection ids of each direction; `number` counts connections from 0."""

    def __init__(self, stream: Stream, number: int, header: Header) -> None:
        self.number = number
        self.version = header.version
        self.ids: dict[bool, set[bytes]] = {True: {header.dcid}, False: {header.scid}}
        self._secrets = stream.secrets if isinstance(stream.secrets, Secrets) else Secrets()
        self._keys: dict[tuple[int, bool], Keys] = {}
        self._phases: dict[tuple[bool, int], Keys] = {}
        self._phase = {True: 0, False: 0}
        self._expected: dict[tuple[int, bool], int] = {}
        self._stream = stream
        self._tls_reader: Subdissector | None = None
        self._tls: Any = None
        self._reader: Subdissector | None = None
        self._application: Any = None
        self._crypto: dict[tuple[int, bool], Assembler] = {}
        self._streams: dict[tuple[int, bool], Assembler] = {}
        self.initial(header.dcid)

    def initial(self, dcid: bytes) -> None:
        """Keys of the Initial packets, by the id that the client chose for the server, or Retry did: RFC 9001 §5.2.

        The handshake begins anew: after a Retry the client sends its ClientHello again (RFC 9000 §17.2.5.2).
        """
        self._tls_reader, self._tls = _session("quic.crypto", "", self._stream)
        self._crypto.clear()
        if self.version not in SALTS:
            return
        for client in (True, False):
            secret = initial_secret(self.version, dcid, client)
            self._keys[INITIAL, client] = Keys(AES128, self.version, secret)

    def open(
        self, header: Header, data: bytes, number_at: int, to_server: bool
    ) -> tuple[Keys, Opened] | None:
        """A packet's keys and content; None where they are not known, or wrong."""
        space = SPACES[header.kind], to_server
        expected = self._expected.get(space, 0)
        for keys in self._candidates(header.kind, to_server):
            found = keys.open(data, header.start, number_at, header.stop, expected)
            if found is not None:
                self._expected[space] = max(expected, found.number + 1)
                if header.kind == ONE_RTT:
                    self._settle(keys, found.first >> 2 & 1, to_server)
                elif header.kind == ZERO_RTT:
                    self._keys[ZERO_RTT, to_server] = keys
                return keys, found
        return None

    def _candidates(self, kind: int, to_server: bool) -> Iterator[Keys]:
        """The keys that a packet may be protected with, the likeliest first."""
        known = self._keys.get((kind, to_server)) or self._logged(kind, to_server)
        if kind == ZERO_RTT and known is None:
            # The suite is the earlier connection's: its hash is as long as the secret.
            secret = self._secrets.get(EARLY, self._random) or b""
            for suite in EARLIEST:
                if len(secret) == (48 if suite == AES256 else 32):
                    yield Keys(suite, self.version, secret, EARLY)
        elif known is not None and kind != ONE_RTT:
            yield known
        elif known is not None:
            # A packet of the generation before may come late (RFC 9001 §6.5).
            current = self._phases[to_server, self._phase[to_server]]
            yield current
            other = self._phases.get((to_server, 1 - self._phase[to_server]))
            if other is not None:
                yield other
            yield current.following()

    def _settle(self, keys: Keys, phase: int, to_server: bool) -> None:
        """A packet was opened: if with a new generation's keys, that is the current one from now on: RFC 9001 §6.2."""
        if keys not in (self._phases.get((to_server, 0)), self._phases.get((to_server, 1))):
            self._phases[to_server, phase] = keys
            self._phase[to_server] = phase

    @property
    def _random(self) -> bytes:
        return self._tls.client_random if self._tls is not None else b""

    def _logged(self, kind: int, to_server: bool) -> Keys | None:
        """Keys by a secret of the key log, once the handshake has told the suite."""
        suite = self._tls.suite if self._tls is not None else 0
        label = f"{'CLIENT' if to_server else 'SERVER'}_{'HANDSHAKE_TRAFFIC_SECRET' if kind == HANDSHAKE else 'TRAFFIC_SECRET_0'}"
        secret = self._secrets.get(label, self._random) if kind in (HANDSHAKE, ONE_RTT) else None
        if secret is None or suite not in KEY_BYTES:
            return None
        keys = self._keys[kind, to_server] = Keys(suite, self.version, secret, label)
        if kind == ONE_RTT:
            self._phases[to_server, 0] = keys
        return keys

    def take(self, packet: QuicPacket, kind: int, plain: bytes, info: PacketInfo) -> list[bytes]:
        """Read a packet's frames; the connection ids that its sender gave out."""
        fresh: list[bytes] = []
        for frame in frames(plain):
            if frame.type == NEW_CONNECTION_ID and frame.connection_id:
                fresh.append(frame.connection_id)
            elif frame.type == CRYPTO:
                self._handshake(packet, kind, frame, plain, info)
            elif STREAM <= frame.type < STREAM + 8 and frame.whole:
                self._data(packet, frame, plain, info)
        packet.inner = [inner for each in packet.delivered.values() for inner in each.content.inner] or [
            Inner()
        ]
        return fresh

    def _handshake(
        self, packet: QuicPacket, kind: int, frame: QuicFrame, plain: bytes, info: PacketInfo
    ) -> None:
        """CRYPTO: what TLS sends without its records, a stream for each level: RFC 9001 §4.1.3."""
        start, stop = frame.data
        where = SPACES[kind], packet.to_server
        known, run = self._crypto.setdefault(where, Assembler()).add(frame.offset, plain[start:stop])
        if not run or self._tls_reader is None:
            return
        content = self._tls.crypto(run, info, packet.to_server)
        more = len(run) > stop - start - known
        packet.delivered[frame.start] = Delivered(known, content, self._tls_reader, run if more else b"")

    def _data(self, packet: QuicPacket, frame: QuicFrame, plain: bytes, info: PacketInfo) -> None:
        """STREAM: bytes for the protocol that ALPN named."""
        start, stop = frame.data
        where = frame.stream, packet.to_server
        if where not in self._streams and len(self._streams) >= STREAMS:
            return
        assembler = self._streams.setdefault(where, Assembler())
        known, run = assembler.add(frame.offset, plain[start:stop], fin=frame.fin)
        if self._reader is None:
            # What the server chose; HTTP/3 where nobody saw it choose.
            alpn = self._tls.alpn if self._tls is not None else ""
            self._reader, self._application = _session("quic.stream", alpn or "h3", self._stream)
        if self._reader is None or not run:
            return
        content = self._application.take(frame.stream, run, info, packet.to_server)
        more = len(run) > stop - start - known
        packet.delivered[frame.start] = Delivered(known, content, self._reader, run if more else b"")


def _session(table: str, key: str, stream: Stream) -> tuple[Subdissector | None, Any]:
    """Who reads a part of the connection, and its state; None if nobody does."""
    for reader in tables().subdissectors.get((table, key), ()):
        if reader.session is not None:
            return reader, reader.session(stream)
    return None, None

"""Which connection a packet belongs to: by its connection ids, wherever it comes from. RFC 9000 §5.1, §5.2, §9."""

from dataclasses import dataclass, field

from ....model import Exchange
from ...core import Inner, PacketInfo, Stream
from .connection import Connection, QuicPacket
from .header import INITIAL, NEGOTIATION, ONE_RTT, RETRY, Header, header

NOTEBOOK = "quic"
MOST = 1 << 16  # connection ids that are remembered


@dataclass(slots=True)
class Notebook:
    """What all streams of a capture know: who has a connection id, by the network it was seen on; how long those are."""

    owners: dict[tuple[int, bytes], tuple[Connection, bool]] = field(default_factory=dict)
    lengths: set[int] = field(default_factory=set)
    numbers: dict[bytes, int] = field(default_factory=dict)

    def own(self, index: int, connection_id: bytes, connection: Connection, to_server: bool) -> None:
        """From now on packets to this id are the connection's."""
        if connection_id and len(self.owners) < MOST:
            self.owners[index, connection_id] = connection, to_server
            self.lengths.add(len(connection_id))
            connection.ids[to_server].add(connection_id)


class Session:
    """A `core.Session`: the packets of one pair of addresses and ports, on one network."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._current: Connection | None = None
        found = stream.shared.setdefault(NOTEBOOK, Notebook())
        assert isinstance(found, Notebook)
        self._notebook = found

    def size(self, data: "bytes | bytearray", start: int, to_server: bool) -> int:
        """QUIC has no byte streams below it."""
        return -1

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """Open a packet, and take note of what is in it."""
        found = header(payload)
        if found is None:
            return None, None
        packet = QuicPacket([Inner()], header=found, to_server=to_server)
        number_at = found.number_at
        if found.kind == ONE_RTT:
            number_at = self._short(packet, payload, info)
        else:
            self._long(packet, found, info)
        connection = packet.connection
        if connection is None or found.kind in (NEGOTIATION, RETRY):
            return None, packet
        opened = connection.open(found, payload, number_at, packet.to_server)
        if opened is None:
            return None, packet
        packet.header = found._replace(number_at=number_at)
        packet.keys, content = opened
        packet.number = content.number
        index = info.frame.source.index
        for each in connection.take(packet, found.kind, content.plain, info):
            self._notebook.own(index, each, connection, not packet.to_server)
        return None, packet

    def _long(self, packet: QuicPacket, found: Header, info: PacketInfo) -> None:
        """A long header names both ids."""
        index = info.frame.source.index
        owner = self._notebook.owners.get((index, found.dcid)) if found.dcid else None
        if owner is not None:
            connection, packet.to_server = owner
        elif self._current is not None and found.dcid in self._current.ids[packet.to_server]:
            connection = self._current
        elif found.kind == INITIAL and found.version:
            connection = self._new(found, index, packet.to_server)
        else:
            return
        if found.kind == INITIAL and found.version != connection.version and packet.to_server:
            # What the server offered, after a Version Negotiation: RFC 9000 §6.2.
            connection.version = found.version
            connection.initial(found.dcid)
        self._current = packet.connection = connection
        packet.dcid = found.dcid
        if found.kind == RETRY:
            # The client's next Initial goes to the id that is the source here, with keys from it: RFC 9001 §5.2.
            connection.initial(found.scid)
        self._notebook.own(index, found.scid, connection, not packet.to_server)
        connection.ids[not packet.to_server].add(found.scid)

    def _new(self, found: Header, index: int, to_server: bool) -> Connection:
        """A client's first Initial."""
        number = self._notebook.numbers.setdefault(found.dcid + found.scid, len(self._notebook.numbers))
        connection = Connection(self._stream, number, found)
        self._notebook.own(index, found.dcid, connection, to_server)
        return connection

    def _short(self, packet: QuicPacket, payload: bytes, info: PacketInfo) -> int:
        """A short header has the destination's id without its length; where the packet number begins."""
        index = info.frame.source.index
        for size in sorted(self._notebook.lengths, reverse=True):
            owner = self._notebook.owners.get((index, payload[1 : 1 + size]))
            if owner is not None:
                packet.connection, packet.to_server = owner
                self._current = packet.connection
                packet.dcid = payload[1 : 1 + size]
                return 1 + size
        packet.connection = self._current
        return 1

"""Pieces of TLS for tests: records of the references, and sessions fed with them."""

from machinelab.dissect.core import Frame, PacketInfo, Source, Stream
from machinelab.dissect.protocols.tls.session import Connection, Record
from machinelab.dissect.secrets import Secrets
from machinelab.model import Event
from machinelab.sources import pcap
from tests import ROOT

REFERENCE = ROOT / "labs/tls/reference"


def events(experiment: str, *, keys: bool = True) -> tuple[Event, ...]:
    path = REFERENCE / f"{experiment}.pcapng"
    return pcap.load(path, keys=path.with_suffix(".keys") if keys else None).events


def packet_info(number: int = 1) -> PacketInfo:
    return PacketInfo(number, Frame(0, b"", 0, Source(0, 1)), 0, 0)


def records(experiment: str) -> list[tuple[bytes, bool]]:
    """Every record of the client's first connection, and whether it goes to the server."""
    found = []
    for event in events(experiment, keys=False):
        packet = event.content
        for part in packet.info.parts:  # type: ignore[attr-defined]
            if event.stream == ("tcp", 0):
                data = part.data if part.data is not None else packet.info.data  # type: ignore[attr-defined]
                found.append((data[part.start : part.stop], part.to_server))
    return found


def secrets(experiment: str) -> Secrets:
    known = Secrets()
    known.feed((REFERENCE / f"{experiment}.keys").read_bytes())
    return known


def fed(pieces: list[tuple[bytes, bool]], known: Secrets | None = None) -> list[Record]:
    """A new session's reading of these records."""
    session = Connection(Stream("tcp", 0, 0, secrets=known))
    read = [session.observe(data, packet_info(), to_server)[1] for data, to_server in pieces]
    assert all(isinstance(record, Record) for record in read)
    return read  # type: ignore[return-value]

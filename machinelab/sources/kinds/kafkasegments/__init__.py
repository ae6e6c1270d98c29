"""A partition's files on a broker's disk, byte for byte: its segments, their indexes, and which leader's epoch began where.

What is gathered is a tar archive of the partition's folder. A segment is record batches one after another, just as they
came over the wire; an index says at which byte a batch stands, a time index how new the records up to an offset are.
Kafka's documentation, "Implementation", "Log"; org.apache.kafka.storage.internals.log.OffsetIndex and TimeIndex for the entries.
"""

import io
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from ....errors import LabError
from ....model import Event
from . import files
from .files import Piece

KIND = "kafkasegments"
PACKETS = "packets"
MOST = 1 << 26  # bytes of one archive that are read
READERS = {".log": files.batches, ".index": files.index, ".timeindex": files.timeindex, "": files.epochs}
ORDER = (".log", ".index", ".timeindex", "")


def load(data: bytes, node: str, kind: str = KIND) -> list[Event]:
    """Each batch and each entry of an index, file by file. None has a time until `place` gives it one. Raises LabError."""
    pieces = [piece for path, content in _files(data) for piece in _pieces(path, content)]
    return [piece.event(number, node, kind) for number, piece in enumerate(pieces, start=1)]


def _files(data: bytes) -> Iterator[tuple[PurePosixPath, bytes]]:
    if not data:
        return
    try:
        # Plain, as it is gathered: a packed one could come to anything, as could a file with holes.
        with tarfile.open(fileobj=io.BytesIO(data[:MOST]), mode="r:") as archive:
            members = [
                (PurePosixPath(member.name), member)
                for member in archive
                if member.isreg() and not member.issparse()
            ]
            members.sort(key=lambda pair: (str(pair[0].parent), ORDER.index(_ending(pair[0])), pair[0].name))
            for path, member in members:
                found = archive.extractfile(member)
                if found is not None:
                    yield path, found.read()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise LabError(f"this is no archive of a partition's files: {error}") from error


def _ending(path: PurePosixPath) -> str:
    return path.suffix if path.suffix in READERS else ""


def _pieces(path: PurePosixPath, content: bytes) -> Iterator[Piece]:
    reader = READERS[_ending(path)]
    return reader(path.parent.name, path.name, content)


def place(
    events: Sequence[Event], others: Mapping[str, Sequence[Event]], names: Mapping[str, str] | None = None
) -> list[Event]:
    """Each batch at the packet that brought it to its broker: its checksum is the same there and here.

    A broker may have lost a batch and been given it again, by another leader: then it is the later packet's.
    Where no packet did, and for the entries of indexes, it stands with the piece before it.
    """
    packets = [event for event in others.get(PACKETS, ()) if event.protocol == "Kafka"]
    brought = _brought(packets, names or {})
    placed: list[Event] = []
    first = packets[0].time if packets else 0
    last = {event.node: first for event in events}
    for event in events:
        by = next((brought[key] for key in _sums(event) if key in brought), None)
        if by is not None:
            last[event.node] = max(by.time, last[event.node])
            event = replace(event, content=files.sent_in(event, by.number))  # noqa: PLW2901
        placed.append(replace(event, time=last[event.node]))
    ordered = sorted(placed, key=lambda event: event.time)
    return [replace(event, number=number) for number, event in enumerate(ordered, start=1)]


def _sums(event: Event) -> Iterator[tuple[object, ...]]:
    """What a batch is looked for by: itself, as a leader of that epoch passed it on; then the same records, however numbered."""
    for sum, place in _batches(event):
        yield event.node, sum, *place
    for sum, _ in _batches(event):
        yield event.node, sum


def _batches(event: Event) -> Iterator[tuple[object, tuple[object, object]]]:
    """Of each batch its checksum, and the base offset and leader's epoch that stand outside of that."""
    places = {
        name: {item.group: item.value for item in event.fields.get(name, ())}
        for name in ("kafka.base_offset", "kafka.leader_epoch")
    }
    for item in event.fields.get("kafka.batch_crc", ()):
        base, epoch = (found.get(item.group) for found in places.values())
        yield item.value, (base, epoch)


def _brought(packets: Sequence[Event], names: Mapping[str, str]) -> dict[tuple[object, ...], Event]:
    """By the node it came to and what a batch is looked for by, the first packet with it."""
    found: dict[tuple[object, ...], Event] = {}
    for packet in packets:
        node = names.get(packet.dst, packet.dst)
        for sum, place in _batches(packet):
            found.setdefault((node, sum, *place), packet)
            found.setdefault((node, sum), packet)
    return found

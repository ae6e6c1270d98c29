"""Record batches, format 2: Kafka's documentation, "Implementation", "Message Format".

The same bytes lie on the wire and in a broker's segment files.
"""

from ....model import Value
from ...core import Short
from .compression import unpack
from .control import control, kept, metadata
from .reader import Reader

HEADER = 61  # bytes of a batch before its records
PREFIX = 12  # bytes of them before those that the length counts
CRC_FROM = 21
BUFFER = "Decompressed records"


def batches(reader: Reader, start: int, stop: int) -> None:
    """Batch after batch; the last of a fetch may be cut short, as the broker cuts it (KIP-74). Raises Short, Cut."""
    outer, end = reader.group, reader.stop
    number, at = 0, start
    while at < stop:
        number += 1
        reader.group = f"{outer}/Batch/{number}"
        size = int.from_bytes(reader.view.data[at + 8 : at + PREFIX], "big") + PREFIX
        whole = at + PREFIX <= stop and at + size <= stop and size >= HEADER
        if not whole or reader.view.data[at + 16] != 2:
            name = "kafka.unknown_message_magic" if whole else "kafka.truncated_content"
            value: Value = "" if whole else reader.view.data[at:stop]
            reader.add(name, value, at, stop)
            break
        reader.at, reader.stop = at, at + size
        batch(reader)
        at += size
    reader.group, reader.stop, reader.at = outer, end, stop


def batch(reader: Reader) -> None:
    """One whole batch, from `reader.at` to `reader.stop`. Raises Short, Cut."""
    import crc32c

    start, data = reader.at, reader.view.data
    base = reader.number("kafka.offset", "int64", "kafka.base_offset")
    reader.number("kafka.message_size", "int32")
    reader.number("kafka.leader_epoch", "int32")
    reader.number("kafka.message_magic", "int8")
    said = reader.number("kafka.batch_crc", "uint32")
    right = crc32c.crc32c(data[start + CRC_FROM : reader.stop]) == said
    reader.add("kafka.batch_crc.status", int(right), reader.at - 4, reader.at)
    flags = _attributes(reader)
    last = reader.number("kafka.batch_last_offset_delta", "int32")
    reader.add("kafka.last_offset", base + last, reader.at - 4, reader.at)
    first = _time(reader, "kafka.batch_first_timestamp")
    _time(reader, "kafka.batch_last_timestamp")
    reader.number("kafka.producer_id", "int64")
    reader.number("kafka.producer_epoch", "int16")
    reader.number("kafka.batch_base_sequence", "int32")
    count = reader.number("kafka.batch_size", "int32")
    inner = _unpacked(reader, flags & 7)
    if inner is not None:
        _records(inner, count, base, first, flags)
        reader.left = inner.left


def _attributes(reader: Reader) -> int:
    flags = reader.number("", "int16") & 0xFFFF
    start, stop = reader.at - 2, reader.at
    for name, mask in (("codec", 7), ("timestamp_type", 8), ("transactional", 16), ("control_batch", 32)):
        shift = (mask & -mask).bit_length() - 1
        reader.add(f"kafka.batch_{name}", (flags & mask) >> shift, start, stop, mask)
    return flags


def _time(reader: Reader, name: str) -> int:
    """A time in milliseconds since the epoch; −1: none."""
    value = reader.number("", "int64")
    reader.add(name, value * 10**6, reader.at - 8, reader.at)
    return value


def _unpacked(reader: Reader, codec: int) -> Reader | None:
    """Where the records stand: in the batch itself, or in a buffer of their own."""
    if codec == 0:
        return reader
    view, packed = reader.view, reader.view.data[reader.at : reader.stop]
    plain = unpack(codec, packed, view.budget.most(len(view.out)))
    view.budget.take(plain)
    if plain is None:
        reader.add("kafka.not_unpacked", packed, reader.at, reader.stop)
        return None
    if packed:
        ratio = float(f"{len(packed) / max(len(plain), 1):.6g}")
        reader.add("kafka.message_compression_reduction", ratio, reader.at, reader.at)
    inner = view.enter(plain, BUFFER)
    found = Reader(inner, 0, len(plain), reader.group, reader.left)
    found.topics = reader.topics
    return found


def _records(reader: Reader, count: int, base: int, first: int, flags: int) -> None:
    outer, end = reader.group, reader.stop
    for number in range(1, count + 1):
        reader.group = f"{outer}/Record/{number}"
        size = reader.zigzag()
        if size < 0 or size > end - reader.at:
            raise Short
        reader.stop = reader.at + size
        _record(reader, base, first, flags)
        reader.at, reader.stop = reader.stop, end
    reader.group = outer


def _record(reader: Reader, base: int, first: int, flags: int) -> None:
    """KIP-98: all numbers but the first are relative to the batch's, in as few bytes as they need."""
    reader.number("kafka.record_attributes", "int8")
    at = reader.at
    reader.add("kafka.message_timestamp", (first + reader.zigzag()) * 10**6, at, reader.at)
    at = reader.at
    offset = base + reader.zigzag()
    reader.add("kafka.offset", offset, at, reader.at)
    reader.add("kafka.record.offset", offset, at, reader.at)
    key = _octets(reader, "kafka.message_key")
    value = _octets(reader, "kafka.message_value")
    if flags & 32 and key is not None:
        control(reader, key, value)
    elif key is not None:
        kept(reader, key, value)
    elif value is not None:
        metadata(reader, value)
    outer = reader.group
    for number in range(1, reader.zigzag() + 1):
        reader.group = f"{outer}/Header/{number}"
        _header(reader)
    reader.group = outer


def _octets(reader: Reader, name: str) -> tuple[int, int] | None:
    """Bytes behind their length; where they stand, None if they are null."""
    size = reader.zigzag()
    if size < 0:
        return None
    reader.octets(name, size, reader.at)
    return reader.at - size, reader.at


def _header(reader: Reader) -> None:
    size = reader.zigzag()
    if size < 0 or size > reader.stop - reader.at:
        raise Short
    value = reader.view.data[reader.at : reader.at + size].decode("utf-8", "replace")
    reader.at += size
    reader.add("kafka.header_key", value, reader.at - size, reader.at)
    _octets(reader, "kafka.header_value")

"""Records that servers write for each other: the ends of transactions, new leaders, the cluster's metadata, groups' offsets."""

import struct
from contextlib import suppress

from ..fields.kafka_codes import METADATA
from .core import Short
from .kafka_read import Reader
from .kafka_schema import Plan, Slot

Span = tuple[int, int]
SCHEMAS = {
    2: "leader_change_message", 3: "snapshot_header_record", 4: "snapshot_footer_record", 5: "k_raft_version_record",
    6: "voters_record",
}  # fmt: skip
FRAME_VERSION = 1  # of a metadata record
OFFSETS = struct.Struct(">q")


def _slot(name: str, kind: str = "int32", *, array: bool = False) -> Slot:
    return Slot(f"kafka.change.{name}", kind, name, nullable=array, array=array)


# The records that say who leads and who is in sync, which kio has no schema for: Apache Kafka's PartitionRecord and
# PartitionChangeRecord (metadata/src/main/resources/common/metadata).
CHANGES = {
    3: Plan(
        (
            _slot("partition"), _slot("topic_id", "uuid"), _slot("replica", array=True), _slot("isr", array=True),
            _slot("removing", array=True), _slot("adding", array=True), _slot("leader"), _slot("leader_epoch"),
            _slot("partition_epoch"),
        ),
        {},
        True,
    ),
    5: Plan(
        (_slot("partition"), _slot("topic_id", "uuid")),
        {0: _slot("isr", array=True), 1: _slot("leader"), 2: _slot("replica", array=True)},
        True,
    ),
}  # fmt: skip


def control(reader: Reader, key: Span, value: Span | None) -> None:
    """A control record: version and type in its key (KIP-98, KIP-595), what is said in its value."""
    at, stop = key
    if stop - at < 4:
        return
    kind = int.from_bytes(reader.view.data[at + 2 : at + 4], "big", signed=True)
    reader.add("kafka.control_type", kind, at + 2, at + 4)
    if value is None:
        return
    at, stop = value
    if kind in (0, 1) and stop - at >= 6:
        epoch = int.from_bytes(reader.view.data[at + 2 : at + 6], "big", signed=True)
        reader.add("kafka.marker_epoch", epoch, at + 2, at + 6)
    elif kind in SCHEMAS and stop - at >= 2:
        _schema(reader, SCHEMAS[kind], at, stop)


def _schema(reader: Reader, module: str, at: int, stop: int) -> None:
    from .kafka_schema import data_plan

    version = int.from_bytes(reader.view.data[at : at + 2], "big", signed=True)
    plan = data_plan(module, version)
    if plan is None:
        return
    inner = Reader(reader.view, at, stop, f"{reader.group}/Control", reader.left)
    try:
        inner.structure(plan)
    except Short:
        return
    reader.left = inner.left


def metadata(reader: Reader, value: Span) -> None:
    """A record of the cluster's metadata log says first what it is (KIP-631, "Record Format"): frame version, type, version.

    Such a log has no keys, and nobody else's records begin so: a byte of 1, a type that there is, a version below ten.
    """
    inner = Reader(reader.view, *value)
    try:
        frame = inner.varint()
        at = inner.at
        kind = inner.varint()
        stop, version = inner.at, inner.varint()
    except Short:
        return
    if frame != FRAME_VERSION or kind not in METADATA or version >= 10 or stop - at != 1:
        return
    reader.add("kafka.metadata_record", kind, at, stop)
    if kind in CHANGES:
        inner.group, inner.left = f"{reader.group}/Change", reader.left
        with suppress(Short):
            inner.structure(CHANGES[kind])
        reader.left = inner.left


def offsets(reader: Reader, key: Span, value: Span | None) -> None:
    """A record of `__consumer_offsets` that keeps a group's place in a partition, if these bytes are one to the last.

    Apache Kafka's OffsetCommitKey and OffsetCommitValue (group-coordinator/src/main/resources/common/message).
    """
    inner = Reader(reader.view, *key)
    found: list[tuple[str, str | int, int, int]] = []
    try:
        if inner.number("", "int16") not in (0, 1):
            return
        for name in ("group", "topic"):
            start = inner.at
            size = inner.length("int16", compact=False)
            if size < 1:
                return
            text = reader.view.data[inner.at : inner.at + size].decode("utf-8")
            inner.at += size
            found.append((name, text, start, inner.at))
        found.append(("partition", inner.number("", "int32"), inner.at - 4, inner.at))
    except (Short, UnicodeDecodeError):
        return
    if inner.at != inner.stop:
        return
    if value is not None and value[1] - value[0] >= 2 + OFFSETS.size:
        at = value[0] + 2  # after the version
        found.append(("offset", OFFSETS.unpack_from(reader.view.data, at)[0], at, at + OFFSETS.size))
    for name, what, start, stop in found:
        reader.add(f"kafka.kept.{name}", what, start, stop)

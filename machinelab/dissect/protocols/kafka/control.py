"""Records that servers write for each other: the ends of transactions, new leaders, the cluster's metadata, groups' offsets."""

from contextlib import suppress

from ....fields.kafka_codes import METADATA
from ...core import Short
from .reader import Reader
from .schema import Plan, Slot

Span = tuple[int, int]
SCHEMAS = {
    2: "leader_change_message", 3: "snapshot_header_record", 4: "snapshot_footer_record", 5: "k_raft_version_record",
    6: "voters_record",
}  # fmt: skip
FRAME_VERSION = 1  # of a metadata record
MOST_STATUS = 7


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
    from .schema import data_plan

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
        inner.group, inner.left, inner.topics = f"{reader.group}/Change", reader.left, reader.topics
        with suppress(Short):
            inner.structure(CHANGES[kind])
        reader.left = inner.left


def kept(reader: Reader, key: Span, value: Span | None) -> None:
    """A record that a coordinator keeps its state in, if these bytes are one to the last: a group's place, or a transaction's state.

    Apache Kafka's OffsetCommitKey and OffsetCommitValue (group-coordinator/src/main/resources/common/message), TransactionLogKey
    and TransactionLogValue (transaction-coordinator, likewise).
    """
    version, words, rest = _key(reader, key)
    found: list[tuple[str, str | int, int, int]] = []
    if version in (0, 1) and len(words) == 2 and rest == 4:
        found = [
            ("group", *words[0]),
            ("topic", *words[1]),
            ("partition", _int(reader, key[1] - 4, 4), key[1] - 4, key[1]),
        ]
        if value is not None and value[1] - value[0] >= 10:
            at = value[0] + 2  # after the version
            found.append(("offset", _int(reader, at, 8), at, at + 8))
    elif version == 0 and len(words) == 1 and rest == 0 and value is not None and value[1] - value[0] >= 17:
        at = value[0] + 2
        status = at + 14  # after producer id, epoch and time-out
        if _int(reader, value[0], 2) in (0, 1) and 0 <= _int(reader, status, 1) <= MOST_STATUS:
            found = [("transaction", *words[0]), ("producer_id", _int(reader, at, 8), at, at + 8)]
            found.append(("status", _int(reader, status, 1), status, status + 1))
    for name, what, start, stop in found:
        reader.add(f"kafka.kept.{name}", what, start, stop)


def _key(reader: Reader, key: Span) -> tuple[int, list[tuple[str, int, int]], int]:
    """A key's version, the strings that follow it (two at most), each with where it stands, and how many bytes are left."""
    inner = Reader(reader.view, *key)
    words: list[tuple[str, int, int]] = []
    try:
        version = inner.number("", "int16")
        while len(words) < 2 and inner.stop - inner.at > 4 * len(words):
            start = inner.at
            size = inner.length("int16", compact=False)
            if size < 1:
                break
            inner.at += size
            words.append((reader.view.data[inner.at - size : inner.at].decode("utf-8"), start, inner.at))
    except (Short, UnicodeDecodeError):
        return -1, [], 0
    return version, words, inner.stop - inner.at


def _int(reader: Reader, at: int, size: int) -> int:
    return int.from_bytes(reader.view.data[at : at + size], "big", signed=True)

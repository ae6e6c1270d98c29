"""Records that servers write for each other: the ends of transactions, new leaders of the quorum."""

from .core import Short
from .kafka_read import Reader

SCHEMAS = {
    2: "leader_change_message",
    3: "snapshot_header_record",
    4: "snapshot_footer_record",
    5: "k_raft_version_record",
    6: "voters_record",
}


def control(reader: Reader, key: tuple[int, int], value: tuple[int, int] | None) -> None:
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


def metadata_record(reader: Reader, value: tuple[int, int]) -> None:
    """Nothing yet."""

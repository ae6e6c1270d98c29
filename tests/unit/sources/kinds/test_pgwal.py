"""Records of the write-ahead log: their parts, and their places in time by the system calls that wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.model import Event
from machinelab.sources import timeline
from machinelab.sources.kinds import pglog, pgwal, strace
from machinelab.sources.kinds.pgwal.place import position, where
from tests import ROOT

REFERENCES = ROOT / "labs/wal/reference"
FILE = "/data/pg/pg_wal/000000010000000000000001"


def _insert(lsn: str, xid: int = 7, more: str = "") -> str:
    return (
        f"rmgr: Heap        len (rec/tot):     63/    63, tx: {xid:>10}, lsn: {lsn}, prev 0/0153E410, "
        f"desc: INSERT off: 3, flags: 0x00, blkref #0: rel 1663/5/16384 blk 0{more}"
    )


def _commit(lsn: str, second: str, xid: int = 7) -> str:
    return (
        f"rmgr: Transaction len (rec/tot):     34/    34, tx: {xid:>10}, lsn: {lsn}, prev 0/0153E438, "
        f"desc: COMMIT 2026-11-24 05:59:{second} UTC"
    )


def _epoch(second: float) -> int:
    return 1795499940 * 10**9 + int(second * 10**6) * 1000


def _write(second: float, offset: int = 5496832, took: str = "0.000040") -> str:
    time = _epoch(second) / 10**9
    return f'9 {time:.6f} pwrite64(13<{FILE}>, ""..., 8192, {offset}) = 8192 <{took}>'


def _flush(second: float, took: str = "0.002000") -> str:
    return f"9 {_epoch(second) / 10**9:.6f} fdatasync(13<{FILE}>) = 0 <{took}>"


def _placed(records: list[str], calls: list[str], lines: str = "") -> list[Event]:
    others = {
        "strace": strace.load("\n".join(calls).encode(), "primary"),
        "pglog": pglog.load(lines.encode(), "primary"),
    }
    return pgwal.place(pgwal.load("\n".join(records).encode(), "primary"), others)


def test_the_parts_of_a_record_are_in_its_line() -> None:
    (event,) = pgwal.load(_insert("0/0153E438", 744).encode(), "primary")
    line = event.content.buffers()["line"]
    for name, shown in {
        "wal.rmgr": b"Heap",
        "wal.lsn": b"0/0153E438",
        "wal.xid": b"744",
        "wal.record": b"INSERT",
        "wal.rel": b"1663/5/16384",
        "wal.blk": b"0",
        "wal.length": b"63",
    }.items():
        field = event.fields[name][0]
        assert line[field.start : field.stop] == shown
    assert event["wal.fpi"] == 0 and event.content.summary() == "Heap INSERT  63 bytes"


def test_a_whole_page_is_counted_and_measured() -> None:
    line = _insert("0/0153E438", more=" FPW").replace("63/    63", "65/  2465")
    (event,) = pgwal.load(line.encode(), "primary")
    assert event["wal.fpi"] == 1 and event["wal.fpi.length"] == 2400
    assert "1 page whole" in event.content.summary()


def test_a_commit_has_its_own_time() -> None:
    (event,) = pgwal.load(_commit("0/0153E478", "49.588741").encode(), "primary")
    assert event.time == event["wal.time"] == _epoch(49.588741)


def test_a_place_in_the_log_is_a_place_in_a_file() -> None:
    assert position("0/153E478") == 0x153E478
    assert position("1A/0") == 0x1A << 32
    assert where(0x153E478) == ("000000010000000000000001", 0x53E478)
    assert where(position("2/3000010")) == ("000000010000000200000003", 16)


def test_a_record_without_a_time_was_there_when_the_commit_was() -> None:
    row, commit = _placed(
        [_insert("0/0153E438"), _commit("0/0153E478", "49.588741")], [_write(49.588780), _flush(49.588902)]
    )
    assert row.time == commit.time == _epoch(49.588741)
    assert row["wal.placed"] == "the next commit's clock"
    assert row["wal.write"] == commit["wal.write"] == 1
    assert row["wal.flush"] == commit["wal.flush"] == 2


def test_a_commit_is_in_no_write_before_it() -> None:
    _, second = _placed(
        [_commit("0/0153E438", "49.500000", 7), _commit("0/0153E478", "49.700000", 8)],
        [_write(49.5001), _flush(49.5002), _write(49.7001), _flush(49.7002)],
    )
    assert second["wal.write"] == 3 and second["wal.flush"] == 4


def test_commits_share_a_flush() -> None:
    events = _placed(
        [_commit("0/0153E438", "49.500000", 7), _commit("0/0153E478", "49.500100", 8)],
        [_write(49.5002), _flush(49.5003)],
    )
    assert {event["wal.flush"] for event in events} == {2}


def test_commits_share_a_flush_and_the_next_ones_have_another() -> None:
    events = _placed(
        [
            _insert("0/0153E400"),
            _commit("0/0153E438", "49.500000", 7),
            _insert("0/0153E458"),
            _commit("0/0153E478", "49.500100", 8),
            _insert("0/0153E4A0"),
            _commit("0/0153E4E0", "49.600000", 9),
        ],
        [_write(49.5002), _flush(49.5003), _write(49.6002), _flush(49.6003)],
    )
    assert [event["wal.flush"] for event in events] == [2, 2, 2, 2, 4, 4]


def test_after_the_nth_write_n_records_are_there() -> None:
    records = [_insert("0/0153E438"), _insert("0/0153E478"), _insert("0/0153E4B8")]
    events = _placed(records, [_write(50.0), _write(51.0)])
    assert [event["wal.write"] for event in events] == [1, 2, 2]
    assert events[0].time == _epoch(50.0)
    assert events[0]["wal.placed"] == "the system call that wrote it"
    assert "wal.flush" not in events[0]


def test_a_checkpoint_is_bound_by_what_the_server_says_of_it() -> None:
    redo = (
        _insert("0/0153E438")
        .replace("Heap       ", "XLOG       ")
        .replace("INSERT off: 3", "CHECKPOINT_REDO x")
    )
    said = (
        "1795499990.000 [9] [checkpointer] LOG:  checkpoint starting: immediate\n"
        "1795499995.000 [9] [checkpointer] LOG:  checkpoint complete: wrote 1 buffers; lsn=0/153E478, redo lsn=0/153E438"
    )
    (event,) = _placed([redo], [_write(58.0)], said)
    assert event["wal.placed"] == "the server's own word"
    assert event.time == 1795499990_000_500_000


def test_a_record_that_came_by_the_wire_was_there_when_it_was_written() -> None:
    records = "\n".join([_insert("0/0153E438"), _commit("0/0153E478", "49.500000")]).encode()
    events = [*pgwal.load(records, "primary"), *pgwal.load(records, "standby")]
    calls = [
        *strace.load("\n".join([_write(49.5001), _flush(49.5002)]).encode(), "primary"),
        *strace.load("\n".join([_write(49.7001), _flush(49.7002)]).encode(), "standby"),
    ]
    numbered = [event.__class__(**{**_slots(event), "number": n}) for n, event in enumerate(calls, start=1)]
    placed = pgwal.place(events, {"strace": numbered})
    assert [event.node for event in placed] == ["primary", "primary", "standby", "standby"]
    assert placed[3].time == _epoch(49.7001) and placed[3]["wal.time"] == _epoch(49.5)
    assert [event.number for event in placed] == [1, 2, 3, 4]


def _slots(event: Event) -> dict[str, object]:
    return {name: getattr(event, name) for name in event.__slots__}


def test_without_system_calls_only_commits_know_the_time() -> None:
    row, commit = _placed([_insert("0/0153E438"), _commit("0/0153E478", "49.588741")], [])
    assert row.time == commit.time and "wal.write" not in commit


@pytest.mark.parametrize("lab", ["commit", "group", "crash", "pages", "checkpoint", "replication"])
def test_every_record_of_a_reference_has_its_write_and_its_flush(lab: str) -> None:
    trace = timeline.load(REFERENCES / f"{lab}.pcapng", REFERENCES / lab / "evidence")
    records = [event for event in trace.events if event.source == "pgwal"]
    assert records and trace.warnings == ()
    by_number = {event.number: event for event in trace.events if event.source == "strace"}
    for event in records:
        if "wal.write" in event:
            write = by_number[int(event["wal.write"])]
            assert event.time <= write["syscall.started"] + write["syscall.duration"]
    flushed = ["wal.flush" in event for event in records if event["wal.record"] == "COMMIT"]
    # The last ones before a kill may have been written and never flushed.
    assert flushed == sorted(flushed, reverse=True) if lab == "crash" else all(flushed)


@given(st.integers(0, 250), st.binary(max_size=60))
def test_any_bytes_are_survived(length: int, more: bytes) -> None:
    for line in (_insert("0/0153E438"), _commit("0/0153E478", "49.588741")):
        for event in pgwal.load(line.encode()[:length] + more, "n"):
            size = len(event.content.buffers()["line"])
            assert all(field.stop <= size for found in event.fields.values() for field in found)
            pgwal.place([event], {"strace": strace.load(_write(49.6).encode(), "n")})

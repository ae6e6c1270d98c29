"""SQLite's write-ahead log, made by SQLite itself: whole, cut at every length, changed at every byte."""

import sqlite3
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.model import Event
from machinelab.sources.kinds import sqlitewal, strace
from tests import ROOT

REFERENCES = ROOT / "labs/wal/reference"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A log of four commits, while the database is still open."""
    path = tmp_path_factory.mktemp("sqlite") / "notes.db"
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA page_size=512")
    database.execute("PRAGMA journal_mode=wal")
    database.execute("CREATE TABLE note (n, words)")
    for number in range(3):
        database.execute("INSERT INTO note VALUES (?, 'remember')", (number,))
    data = path.with_name("notes.db-wal").read_bytes()
    (path.parent / "before.db").write_bytes(path.read_bytes())
    database.close()
    DATABASE.append((path.parent / "before.db").read_bytes())
    return data


DATABASE: list[bytes] = []  # the file beside the log, for SQLite takes no log without one


def _read_by_sqlite(folder: Path, log: bytes) -> int:
    """How many frames SQLite itself finds in a log, by its own checkpoint's report."""
    path = folder / "copy.db"
    for old in folder.glob("copy.db*"):
        old.unlink()
    path.write_bytes(DATABASE[0])
    path.with_name("copy.db-wal").write_bytes(log)
    database = sqlite3.connect(path, isolation_level=None)
    try:
        return int(database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1])
    finally:
        database.close()


def counted(events: list[Event]) -> int:
    return sum(event.values("sqlitewal.counts") == [True] for event in events)


def test_header_and_frames(log: bytes) -> None:
    header, *frames = sqlitewal.load(log, "notebook")
    assert header["sqlitewal.pagesize"] == 512 and header["sqlitewal.version"] == 3007000
    assert len(frames) == (len(log) - 32) // 536
    assert counted(frames) == len(frames)
    assert frames[0]["sqlitewal.frame"] == 1 and frames[0]["sqlitewal.offset"] == 32
    assert frames[-1]["sqlitewal.commit"] > 0


def test_spans_are_bytes_of_the_piece(log: bytes) -> None:
    frame = sqlitewal.load(log, "n")[1]
    piece = frame.content.buffers()["wal"]
    assert piece == log[32:568]
    for name in ("sqlitewal.page", "sqlitewal.salt1", "sqlitewal.checksum2"):
        field = frame.fields[name][0]
        assert int.from_bytes(piece[field.start : field.stop], "big") == field.value
    assert frame["sqlitewal.data"] == log[56:568]


def test_cut_at_every_length_as_sqlite_reads_it(log: bytes, tmp_path: Path) -> None:
    for length in range(0, len(log), 67):
        events = sqlitewal.load(log[:length], "n")
        frames = [event for event in events if "sqlitewal.frame" in event]
        if length > 600:
            assert counted(frames) == _read_by_sqlite(tmp_path, log[:length]), length
        assert sum(len(event.content.buffers()["wal"]) for event in events) == (
            length if length > 32 else min(length, 32)
        )
        for event in events:
            size = len(event.content.buffers()["wal"])
            assert all(field.stop <= size for found in event.fields.values() for field in found)


def test_a_changed_byte_ends_the_log_as_it_does_for_sqlite(log: bytes, tmp_path: Path) -> None:
    for at in range(32, len(log), 131):
        changed = bytearray(log)
        changed[at] ^= 0x40
        frames = sqlitewal.load(bytes(changed), "n")[1:]
        assert counted(frames) == _read_by_sqlite(tmp_path, bytes(changed)), at


def test_why_a_frame_does_not_count(log: bytes) -> None:
    cut = sqlitewal.load(log[:-100], "n")
    assert cut[-1]["sqlitewal.why"] == "the file ends inside it" and cut[-1]["sqlitewal.missing"] == 100
    flipped = bytearray(log)
    flipped[32 + 100] ^= 1
    _, first, second, *_ = sqlitewal.load(bytes(flipped), "n")
    assert first["sqlitewal.why"] == "its checksum is wrong"
    assert second["sqlitewal.why"] == "frame 1, before it, is not good"
    salted = bytearray(log)
    salted[32 + 8] ^= 1
    assert sqlitewal.load(bytes(salted), "n")[1]["sqlitewal.why"] == "its salts are of an older log"


def test_a_frame_without_a_commit_after_it_does_not_count() -> None:
    head = struct.pack(">6I", 0x377F0682, 3007000, 512, 0, 1, 2)
    sums = sqlitewal.checksum(head, (0, 0), "<")
    header = head + struct.pack(">2I", *sums)
    start, page = struct.pack(">2I", 1, 0), b"\1" * 512
    sums = sqlitewal.checksum(page, sqlitewal.checksum(start, sums, "<"), "<")
    frame = start + struct.pack(">4I", 1, 2, *sums) + page
    _, event = sqlitewal.load(header + frame, "n")
    assert event["sqlitewal.valid"] is True and event["sqlitewal.counts"] is False
    assert event["sqlitewal.why"] == "no frame that commits comes after it"


def test_frames_stand_where_they_were_written() -> None:
    folder = REFERENCES / "torn" / "evidence"
    calls = strace.load((folder / "notebook.strace").read_bytes(), "notebook")
    events = sqlitewal.load((folder / "notebook.sqlitewal").read_bytes(), "notebook")
    placed = sqlitewal.place(events, {"strace": calls})
    writes = {call["syscall.offset"]: call.time for call in calls if call["syscall.name"] == "pwrite64"}
    assert [event.time for event in placed] == [writes[event["sqlitewal.offset"]] for event in placed]
    assert counted(placed) == 2


@settings(max_examples=200)
@given(st.binary(max_size=1200))
def test_any_bytes_are_survived(data: bytes) -> None:
    sqlitewal.load(data, "n")
    header = struct.pack(">8I", 0x377F0682, 3007000, 512, 0, 1, 2, 3, 4)
    for event in sqlitewal.place(sqlitewal.load(header + data, "n"), {}):
        assert event.content.summary()

"""strace's lines: calls, calls that were interrupted by others, the ends of processes, and lines that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.sources.kinds import strace
from tests import ROOT

WAL = "/data/pg/pg_wal/000000010000000000000001"
WRITE = f'117   1795499989.588780 pwrite64(13<{WAL}>, ""..., 8192, 5496832) = 8192 <0.000040>'
FLUSH = f"117   1795499989.588902 fdatasync(13<{WAL}>) = 0 <0.004722>"
REFERENCES = ROOT / "labs/wal/reference"


def _load(*lines: str) -> list:
    return strace.load("\n".join(lines).encode(), "primary")


def test_a_call_stands_between_its_start_and_its_return() -> None:
    (event,) = _load(FLUSH)
    assert event.id == "strace:1" and event.node == "primary"
    assert event["syscall.started"] == 1795499989588902000
    assert event["syscall.duration"] == 4722000
    assert event.time == 1795499989588902000 + 2361000
    assert event.uncertainty == 2361000 + 1000


def test_its_fields_are_in_the_line() -> None:
    (event,) = _load(WRITE)
    line = event.content.buffers()["line"]
    for name, shown in {
        "syscall.name": b"pwrite64",
        "syscall.path": WAL.encode(),
        "syscall.length": b"8192",
        "syscall.offset": b"5496832",
        "syscall.fd": b"13",
        "syscall.pid": b"117",
        "syscall.duration": b"0.000040",
    }.items():
        field = event.fields[name][0]
        assert line[field.start : field.stop] == shown
    assert event.values("syscall.return") == [8192]
    assert event.content.summary() == "pwrite64  pg_wal/…000001  8192 bytes at 5496832  0.04 ms"


SOCKET = "TCP:[198.18.188.20:80->198.18.188.10:44052]"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            f"accept4(21<TCP:[0.0.0.0:80]>, NULL, NULL, SOCK_CLOEXEC|SOCK_NONBLOCK) = 22<{SOCKET}> <0.001943>",
            {"syscall.path": "TCP:[0.0.0.0:80]", "syscall.return": 22, "syscall.duration": 1_943_000},
        ),
        (
            f'read(22<{SOCKET}>, "GET /quick", 65536) = 10 <0.000007>',
            {"syscall.path": SOCKET, "syscall.length": 65536, "syscall.return": 10},
        ),
        (
            f'writev(22<{SOCKET}>, [{{iov_base="HTTP/1.1 200", iov_len=12}}], 1) = 12 <0.000100>',
            {"syscall.path": SOCKET, "syscall.return": 12, "syscall.length": None},
        ),
        (
            "epoll_pwait(15<anon_inode:[eventpoll]>, [{events=EPOLLIN, data=0x15}], 1024, 8099, NULL, 8) = 1 <1.173717>",
            {
                "syscall.path": "anon_inode:[eventpoll]",
                "syscall.length": None,
                "syscall.duration": 1_173_717_000,
            },
        ),
    ],
    ids=["accept4", "read", "writev", "epoll_pwait"],
)
def test_sockets_have_both_their_ends(line: str, expected: dict) -> None:
    (event,) = _load(f"219   1796098802.166563 {line}")
    assert {name: next(iter(event.values(name)), None) for name in expected} == expected


def test_a_call_that_others_came_between_is_one_event() -> None:
    events = _load(
        f"200   10.000100 fsync(13<{WAL}> <unfinished ...>",
        f"201   10.000200 fdatasync(4<{WAL}>) = 0 <0.000010>",
        "200   10.000900 <... fsync resumed>) = 0 <0.000800>",
    )
    assert [event["syscall.name"] for event in events] == ["fdatasync", "fsync"]
    assert events[1]["syscall.started"] == 10_000_100_000
    assert events[1]["syscall.duration"] == 800_000


def test_a_call_that_never_returned_is_kept() -> None:
    events = _load(
        f"200   10.000100 fdatasync(13<{WAL}> <unfinished ...>", "200   10.5 +++ killed by SIGKILL +++"
    )
    assert len(events) == 1 and events[0].content.summary().endswith("never returned")
    events = _load(
        f"200   10.000100 fdatasync(13<{WAL}> <unfinished ...>", "200   10.500000 +++ killed by SIGKILL +++"
    )
    assert [event.protocol for event in events] == ["syscall", "process"]
    assert events[1]["process.signal"] == "SIGKILL"
    assert "syscall.return" not in events[0]


def test_a_failure_has_its_name() -> None:
    (event,) = _load(f"1 5.000000 fdatasync(3<{WAL}>) = -1 EIO (Input/output error) <0.000020>")
    assert event["syscall.error"] == "EIO" and event["syscall.return"] == -1
    assert "failed: EIO" in event.content.summary()


def test_a_file_may_be_named_by_its_path_alone() -> None:
    (event,) = _load('1 5.000000 unlink("/data/notes.db-journal") = 0 <0.000020>')
    assert event["syscall.path"] == "/data/notes.db-journal" and "syscall.data" not in event


def test_processes_have_lanes_of_their_own() -> None:
    events = _load(WRITE, FLUSH, FLUSH.replace("117", "118"))
    assert events[0].lane == events[1].lane != events[2].lane


@pytest.mark.parametrize("lab", ["commit", "crash", "torn"])
def test_all_of_a_reference_is_read(lab: str) -> None:
    (file,) = (REFERENCES / lab / "evidence").glob("*.strace")
    data = file.read_bytes()
    resumed = data.count(b"resumed>")
    unfinished = data.count(b"<unfinished")
    found = strace.load(data, "n")
    assert len(found) >= data.count(b"\n") - max(resumed, unfinished)
    assert [event.number for event in found] == list(range(1, len(found) + 1))
    assert [event.time for event in found] == sorted(event.time for event in found)


@given(st.sampled_from([WRITE, FLUSH]), st.integers(0, 120))
def test_cut_anywhere_it_never_raises(line: str, length: int) -> None:
    for event in _load(line[:length]):
        size = len(event.content.buffers()["line"])
        assert all(field.stop <= size for found in event.fields.values() for field in found)


@given(st.binary(max_size=400))
def test_any_bytes_are_survived(data: bytes) -> None:
    strace.load(data, "n")
    strace.load(b"1 2.000000 write(1<" + data, "n")
    strace.load(WRITE.encode()[:40] + data, "n")

"""The append-only file, on what Redis 8.0.2 wrote; no bytes make it fail."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.sources import timeline
from machinelab.sources.kinds import aof, strace

SELECT = b"*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n"
ORDERS = [b"*3\r\n$3\r\nSET\r\n$7\r\norder:%d\r\n$4\r\npaid\r\n" % number for number in range(3)]
WRITTEN = SELECT + b"".join(ORDERS)
# The first write took SELECT and an order, the second the other two; the third call is to another file.
CALLS = b"""64 1796099305.100000 write(12</data/redis/appendonlydir/appendonly.aof.1.incr.aof>, ""..., 59) = 59 <0.000020>
64 1796099305.200000 write(13</data/redis/other>, ""..., 59) = 59 <0.000020>
64 1796099305.300000 write(12</data/redis/appendonlydir/appendonly.aof.1.incr.aof>, ""..., 72) = 72 <0.000020>
"""


def test_records_become_events_with_their_fields() -> None:
    found = aof.load(WRITTEN, "server")
    assert [each["aof.command"] for each in found] == ["SELECT", "SET", "SET", "SET"]
    assert found[2].values("aof.argument") == ["order:1", "paid"]
    assert [each["aof.offset"] for each in found] == [0, 23, 59, 95]
    for number, each in enumerate(found, start=1):
        assert (each.source, each.number, each.node) == ("aof", number, "server")
        assert each.fields.keys() <= fields.registry().keys()
        piece = each.content.buffers()["aof"]
        assert all(
            0 <= item.start <= item.stop <= len(piece) for items in each.fields.values() for item in items
        )


def test_each_stands_at_the_call_that_wrote_it() -> None:
    calls = strace.load(CALLS, "server")
    placed = aof.place(aof.load(WRITTEN, "server"), {"strace": calls})
    assert [each.time // 10**6 - 1796099305000 for each in placed] == [100, 100, 300, 300]


def test_without_calls_they_stand_at_the_beginning() -> None:
    packets = strace.load(CALLS, "server")
    placed = aof.place(aof.load(WRITTEN, "server"), {"capture": packets})
    assert {each.time for each in placed} == {packets[0].time}


@pytest.mark.parametrize("size", range(len(SELECT) + 1, len(SELECT + ORDERS[0])))
def test_a_record_that_was_cut_short_does_not_count(size: int) -> None:
    first, last = aof.load(WRITTEN[:size], "server")
    assert (first["aof.whole"], last["aof.whole"]) == (True, False)


def test_notes_are_passed_over() -> None:
    assert len(aof.load(b"#TS:1796099305\r\n" + WRITTEN, "server")) == 4


def test_a_run_finds_it_by_its_name() -> None:
    assert timeline.reader("aof") is aof


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WRITTEN)))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    aof.place(
        aof.load(WRITTEN[:at] + noise + WRITTEN[at:], "server"), {"strace": strace.load(CALLS, "server")}
    )

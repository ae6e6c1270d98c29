"""Bytes put into order, whatever the order that they come in."""

from hypothesis import given
from hypothesis import strategies as st

from machinelab.dissect.protocols.quic.assembly import MOST, Assembler

TEXT = bytes(range(200))


def test_what_came_early_waits() -> None:
    taken = Assembler()
    assert taken.add(3, b"def", fin=True) == (0, b"") and not taken.ended
    assert taken.add(0, b"abcd") == (0, b"abcdef") and taken.ended
    assert taken.add(2, b"cdef") == (4, b"")


def test_only_so_much_waits() -> None:
    taken = Assembler()
    taken.add(1, bytes(MOST))
    taken.add(MOST + 1, b"more")
    assert taken.add(0, b"a")[1] == b"a" + bytes(MOST)


@given(st.lists(st.tuples(st.integers(0, 199), st.integers(1, 60)), max_size=40), st.randoms())
def test_all_of_it_is_read_once(cuts: list[tuple[int, int]], chance: "object") -> None:
    taken, out = Assembler(), b""
    pieces = [(at, TEXT[at : at + size]) for at, size in cuts] + [(0, TEXT)]
    for at, data in pieces:
        known, run = taken.add(at, data)
        assert run == b"" or data[known:] == run[: len(data) - known]
        out += run
    assert out == TEXT

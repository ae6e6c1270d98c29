import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from machinelab.render.hexdump import hexdump, innermost
from machinelab.render.terminal import TerminalStyle, cells

SPANS = st.lists(st.tuples(st.integers(-5, 700), st.integers(-5, 700)), max_size=12)


def read_back(lines: list[str], per: int) -> bytes:
    """The bytes that a dump shows, read the way a person reads them."""
    found = b""
    for line in lines:
        row = re.sub(r"[\[\]|]", " ", line[6 : 6 + 3 * per + 3])
        found += bytes.fromhex(row.strip())
    return found


@given(st.binary(max_size=512), SPANS, st.sampled_from([60, 80, 160]))
def test_every_byte_is_there_once_and_in_order(data: bytes, spans: list[tuple[int, int]], width: int) -> None:
    lines = list(hexdump(data, spans, TerminalStyle(width)))
    assert read_back(lines, 16 if width >= 75 else 8) == data
    assert all(cells(line) <= width for line in lines)
    assert all(line.isprintable() for line in lines)


@given(st.integers(1, 16), SPANS)
def test_the_ascii_stands_in_one_column(length: int, spans: list[tuple[int, int]]) -> None:
    full, part = hexdump(b"a" * (16 + length), spans, TerminalStyle(80))
    assert full.index("aaaa") == part.rindex("a" * length) == 58
    assert part[58:] == "a" * length


@given(st.binary(min_size=1, max_size=300), SPANS)
def test_each_mark_is_opened_and_closed(data: bytes, spans: list[tuple[int, int]]) -> None:
    bytes_only = "".join(line[4:56] for line in hexdump(data, spans, TerminalStyle(80)))
    inside = innermost((a, min(b, len(data))) for a, b in spans)
    borders = bytes_only.count("[") + bytes_only.count("|")
    assert borders == len(inside)
    assert bytes_only.count("]") + bytes_only.count("|") == len(inside)


@given(SPANS)
def test_innermost_spans_are_in_order_and_apart(spans: list[tuple[int, int]]) -> None:
    found = innermost(spans)
    assert all(a < b for a, b in found)
    assert all(first[1] <= second[0] for first, second in pairwise(found))


def test_flags_that_share_two_bytes_are_marked_once() -> None:
    assert innermost([(44, 46), (44, 46), (44, 46)]) == [(44, 46)]


def test_a_span_that_holds_another_gives_way() -> None:
    assert innermost([(0, 40), (12, 14)]) == [(12, 14)]


def test_the_marks_of_the_design() -> None:
    data = bytes.fromhex("003500b38c1e8000000100000003")
    assert list(hexdump(data, [(10, 12)], TerminalStyle(80))) == [
        "0000   00 35 00 b3 8c 1e 80 00  00 01[00 00]00 03         .5............"
    ]
    assert "[00 00|00 03]" in next(hexdump(data, [(10, 12), (12, 14)], TerminalStyle(80)))
    assert next(hexdump(data, [(8, 10)], TerminalStyle(80))).startswith(
        "0000   00 35 00 b3 8c 1e 80 00 [00 01]00"
    )
    assert "\x1b[" not in next(hexdump(data, [(0, 2)], TerminalStyle(80)))


def test_colour_takes_the_place_of_brackets() -> None:
    line = next(hexdump(b"ab", [(0, 1)], TerminalStyle(80, colour=True)))
    assert "[61" not in line.replace("\x1b[1;30;43m", "<")
    assert "\x1b[1;30;43m61\x1b[0m" in line
    assert "\x1b[1;30;43ma\x1b[0m" in line


def test_a_long_buffer_shows_its_head_and_what_is_marked() -> None:
    lines = list(hexdump(bytes(65_536), [(40_000, 40_002)], TerminalStyle(80)))
    assert len(lines) < 20
    assert any("[00 00]" in line for line in lines)
    assert "… 39904 bytes" in "\n".join(lines)
    shown = sum(16 for line in lines if "…" not in line)
    left_out = sum(int(line.split()[1]) for line in lines if "…" in line)
    assert shown + left_out == 65_536


def test_a_long_mark_does_not_bring_the_whole_buffer_back() -> None:
    assert len(list(hexdump(bytes(1_000_000), [(0, 1_000_000)], TerminalStyle(80)))) < 150


def test_nothing_is_shown_of_nothing() -> None:
    assert list(hexdump(b"", [(0, 4)], TerminalStyle(80))) == []

"""Logs read by pattern: which lines are entries, and where their fields stand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.sources.lines import Entry, entries, event, text

LINE = re.compile(rb"(?P<time>\d+) (?P<what>.*?)(?: @(?P<who>\w+))?")
LOG = b"1 one @a\nmore of it\n2 two\n"


def test_lines_of_another_form_are_passed_over() -> None:
    assert [entry.data for entry in entries(b"preface\n" + LOG, LINE)] == [b"1 one @a", b"2 two"]


def test_or_continue_the_entry_before() -> None:
    found = list(entries(b"preface\n" + LOG, LINE, continued=True))
    assert [entry.data for entry in found] == [b"1 one @a\nmore of it", b"2 two"]
    assert [entry["what"] for entry in found] == [b"one", b"two"]


def test_a_group_that_took_no_part_is_empty() -> None:
    assert [entry["who"] for entry in entries(LOG, LINE)] == [b"a", b""]


def test_a_match_that_is_refused_is_none() -> None:
    found = entries(LOG, LINE, continued=True, accept=lambda match: match["time"] != b"2")
    assert [entry.data for entry in found] == [LOG.rstrip()]


def test_a_line_that_is_too_long_is_no_entry() -> None:
    assert [entry.data for entry in entries(LOG, LINE, longest=6)] == [b"2 two"]


def test_fields_stand_at_their_bytes() -> None:
    (entry,) = entries("7 für @a".encode(), LINE)
    fields = [entry.label("log"), entry.field("log.who", text(entry["who"]), "who")]
    assert [(each.name, each.start, each.stop, each.group) for each in fields] == [
        ("log", 0, 9, "log"),
        ("log.who", 8, 9, "log"),
    ]
    made = event(3, 10, "toy", entry, fields, "für", node="n", uncertainty=2, lane="n")
    assert (made.id, made.time, made.source, made.node, made.lane) == ("toy:3", 10, "toy", "n", "n")
    assert made.content.buffers() == {"line": entry.data} and made.fields["log.who"][0].value == "a"


def test_every_place_of_a_pattern() -> None:
    entry = Entry(b"x=1 x=22", re.fullmatch(rb".*", b"x=1 x=22") or pytest.fail())
    assert [
        (each.value, each.start, each.stop) for each in entry.many("log.lsn", re.compile(rb"x=(\d+)"), 1)
    ] == [("22", 6, 8)]


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_read(data: bytes) -> None:
    for entry in entries(data, LINE, continued=True):
        start, stop = entry.found.span("what")
        assert entry.data[start:stop] == entry["what"]

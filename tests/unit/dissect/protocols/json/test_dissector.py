"""JSON with the bytes of its values: held against the standard library's own reader."""

import json

from hypothesis import given
from hypothesis import strategies as st

from machinelab.dissect.core import View
from machinelab.dissect.protocols.json.dissector import LONGEST_PATH, Json, dissect, parse
from machinelab.dissect.protocols.kafka.topics import NOBODY

TEXT = b'{"a": [1, -2.5e3, true], "b\\u0020c": {"d": null, "e": "x\\"y"}}'
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def plain(value: Json) -> object:
    """What the value says, as Python has it."""
    if value.kind == "object":
        return {member.name: plain(member) for member in value.members}
    if value.kind == "array":
        return [plain(member) for member in value.members]
    return value.text if value.kind == "string" else json.loads(value.text)


def test_each_value_stands_where_it_says() -> None:
    value = parse(TEXT, 0, len(TEXT))
    assert value is not None and plain(value) == json.loads(TEXT)
    first, second = value.members
    assert TEXT[first.start : first.stop] == b"[1, -2.5e3, true]"
    assert TEXT[slice(*second.key)] == b'"b\\u0020c"' and second.name == "b c"


@given(VALUES)
def test_it_reads_what_the_standard_library_writes(value: object) -> None:
    text = json.dumps(value).encode()
    found = parse(text, 0, len(text))
    assert found is not None and plain(found) == value


def test_no_beginning_of_a_text_is_a_text() -> None:
    assert not any(parse(TEXT[:stop], 0, stop) for stop in range(len(TEXT)))


@given(st.binary(max_size=40))
def test_anything_may_come(data: bytes) -> None:
    parse(data, 0, len(data))


def test_a_bomb_is_not_read_to_its_end() -> None:
    assert parse(b"[" * 100000 + b"]" * 100000, 0, 200000) is None


def test_a_way_of_long_names_is_told_by_its_beginning_and_too_many_values_are_cut() -> None:
    view = View(NOBODY, b'{"' + b"n" * 5000 + b'": 1}', "body", [])
    assert dissect(view, 0, len(view.data)) is not None
    (way,) = [item[1] for item in view.out if item[0] == "json.path"]
    assert way == "/" + "n" * (LONGEST_PATH - 1) + "…"
    view = View(NOBODY, b"[" + b"1," * 5000 + b"1]", "body", [])
    assert dissect(view, 0, len(view.data)) is None
    assert [item[0] for item in view.out] == ["json.cut"]

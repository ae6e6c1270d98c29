from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.worksheet import replies
from machinelab.worksheet.replies import Malformed

from .made import run_of

RUN = run_of(2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        (" 7 packets ", 7),
        ("about 7.", 7),
        ("0x1f", 31),
        ("1,232 bytes", 1232),
        ("0.3 s", 0.3),
        ("0,3 s", 0.3),
        ("300 ms", 0.3),
        ("2 minutes", 120),
        ("1 h", 3600),
        ("15 hops", 15),
        ("-1", -1),
    ],
)
def test_a_number_may_have_a_unit(text, value):
    assert replies.number(text) == value


@pytest.mark.parametrize("text", ["", "seven", "7 or 8", "3 of 14", "1.2.3", "x7", "--7"])
def test_what_is_not_one_number_is_malformed(text):
    with pytest.raises(Malformed, match="not one number") as raised:
        replies.number(text)
    assert raised.value.hint.startswith("Give") and raised.value.exit_code == 2


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_malformed(text):
    with suppress(Malformed):
        assert isinstance(replies.number(text), int | float)


@pytest.mark.parametrize("text", ["4", "#4", "packet 4", "Packet #4.", "no. 4", "004"])
def test_a_packet_is_named_in_several_ways(text):
    assert replies.packet(text, RUN) == "4"


def test_a_packet_that_is_not_there_is_malformed_and_the_range_is_told():
    with pytest.raises(Malformed, match="no packet 99: it has 1 to 6"):
        replies.packet("99", RUN)
    with pytest.raises(Malformed):
        replies.packet("2 and 4", RUN)
    assert replies.packet("WAL:3") == "wal:3"


def test_names_lose_case_quotes_and_the_last_dot_and_addresses_become_nodes():
    assert replies.name("`WWW.Example.Test.`") == "www.example.test"
    assert replies.name("O", RUN) == replies.name("Other", RUN) == "other"
    assert replies.name(".") == replies.name("<Root>") == "."


def test_a_choice_is_its_letter_or_its_text():
    choices = {"a": "It is cached", "b": "It is not"}
    assert [replies.letter(text, choices) for text in ("a", "B", "b)", "(b)", "it is  cached")] == [
        "a",
        "b",
        "b",
        "b",
        "a",
    ]
    with pytest.raises(Malformed) as raised:
        replies.letter("d", choices)
    assert raised.value.hint == "Give one letter: a, b."


@pytest.mark.parametrize("text", ["y", "Yes", "true"])
def test_yes_has_several_forms(text):
    assert replies.read(text, "yes", RUN, {}) == "yes"


def test_a_measured_answer_has_room_and_a_counted_one_has_none():
    assert replies.meets(0.3, 0.312, RUN)
    assert not replies.meets(0.2, 0.312, RUN)
    assert not replies.meets(0, 0.02, RUN)
    assert replies.meets(7.0, 7, RUN) and not replies.meets(7.1, 7, RUN)


def test_a_set_is_met_by_a_part_of_it_that_is_not_empty():
    right = frozenset({"2", "4"})
    assert replies.meets(frozenset({"2"}), right, RUN)
    assert not replies.meets(frozenset({"2", "3"}), right, RUN)
    assert not replies.meets(frozenset(), right, RUN)


def test_a_number_is_no_name():
    assert not replies.meets("7", 7, RUN)

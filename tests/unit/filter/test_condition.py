"""Conditions on knobs: a step's `when`."""

import pytest

from machinelab import filter as display
from machinelab.filter import FilterError


@pytest.mark.parametrize(
    ("text", "knobs", "holds"),
    [
        ("", {}, True),
        ("type != A", {"type": "AAAA"}, True),
        ("type != A", {"type": "A"}, False),
        ("not type == A", {"type": "A"}, False),
        ("type in {AAAA, TXT} and minimise == yes", {"type": "TXT", "minimise": "yes"}, True),
        ("type in {AAAA, TXT} and minimise == yes", {"type": "TXT", "minimise": "no"}, False),
        ("name == www.a-b.test", {"name": "www.a-b.test"}, True),
        ('name == "two words"', {"name": "two words"}, True),
        ("name contains b.t", {"name": "www.a-b.test"}, True),
        ("size >= 10", {"size": "9"}, False),
        ("size >= 10", {"size": "100"}, True),
        ("size == 10", {"size": "10"}, True),
        ("type == name", {"type": "A", "name": "A"}, False),
        ("level < m", {"level": "b"}, True),
    ],
)
def test_conditions_on_knobs(text: str, knobs: dict[str, str], holds: bool) -> None:
    assert display.condition(text)(knobs) is holds
    assert display.condition(text, knobs)(knobs) is holds


def test_a_condition_on_no_knob_is_refused() -> None:
    with pytest.raises(FilterError) as caught:
        display.condition("typ == A", ["type", "name"])
    assert (caught.value.message, caught.value.hint) == ("There is no knob 'typ'.", "Did you mean type?")
    with pytest.raises(FilterError, match="always there"):
        display.condition("type", ["type"])

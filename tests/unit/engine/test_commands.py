import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.engine.commands import words
from machinelab.errors import BrokenLab, UsageError
from machinelab.model import At

values = st.text().filter(lambda value: not value.startswith("-") and "\0" not in value)


@given(values)
def test_a_value_stays_one_word_whatever_is_in_it(value: str) -> None:
    assert words(At("stub", "dig +tries=1 {name} A"), {"name": value}) == ("dig", "+tries=1", value, "A")


@given(values)
def test_a_value_inside_a_word_stays_inside(value: str) -> None:
    assert words(At("stub", "curl --resolve={name}:443"), {"name": value}) == (
        "curl",
        f"--resolve={value}:443",
    )


def test_a_value_that_looks_like_a_knob_is_not_filled_in_again() -> None:
    knobs = {"name": "{type}", "type": "MX"}
    assert words(At("stub", "dig {name} {type}"), knobs) == ("dig", "{type}", "MX")


@pytest.mark.parametrize("value", ["-f/etc/passwd", "--help", "-"])
@pytest.mark.parametrize("command", ["dig {name}", "dig {name}.test", 'dig "{name} more"'])
def test_a_value_does_not_become_an_option(value: str, command: str) -> None:
    with pytest.raises(UsageError) as error:
        words(At("stub", command), {"name": value})
    assert "would be taken for an option" in error.value.message
    assert error.value.hint == "Give a value that does not begin with '-'."


def test_an_option_of_the_author_may_hold_any_value() -> None:
    assert words(At("stub", "curl --data={body}"), {"body": "-x"}) == ("curl", "--data=-x")


def test_no_command_can_be_given_a_nul_byte() -> None:
    with pytest.raises(UsageError, match="NUL"):
        words(At("stub", "dig {name}"), {"name": "a\0b"})


@pytest.mark.parametrize(
    "command",
    [
        "sh -c 'dig {name}'",
        "/bin/bash -ec 'for i in 1 2; do dig {name}; done'",
        "timeout 5 sh -c 'dig {name}'",
        "python3 -c 'print(\"{name}\")'",
        "perl -e 'print {name}'",
    ],
)
def test_no_knob_gets_into_a_script(command: str) -> None:
    with pytest.raises(BrokenLab) as error:
        words(At("stub", command), {"name": "; rm -rf /"})
    assert "puts the knob name into a script" in error.value.message


def test_a_knob_may_be_an_argument_of_a_script() -> None:
    at = At("stub", 'sh -c \'dig "$1" | awk "{print}"\' sh {name}')
    assert words(at, {"name": "; rm -rf /"})[-1] == "; rm -rf /"


@pytest.mark.parametrize("script", ["awk {print}", "echo '{\"a\": 1}'", "echo {}"])
def test_braces_around_anything_else_stay(script: str) -> None:
    assert list(words(At("stub", script), {"name": "x"})) == shlex.split(script)


@pytest.mark.parametrize("command", ["dig 'open", "   "])
def test_a_command_that_is_none_is_the_authors_mistake(command: str) -> None:
    with pytest.raises(BrokenLab):
        words(At("stub", command), {})

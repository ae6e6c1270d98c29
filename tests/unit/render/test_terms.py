"""`explain TERM`: what the glossary says, or the nearest name."""

import pytest

from machinelab.errors import UsageError
from machinelab.render import explain
from machinelab.render.terminal import TerminalStyle


def test_a_term_a_field_and_neither() -> None:
    terminal = TerminalStyle()
    (head, said) = explain.term("cd", terminal)
    assert head.startswith("cd  checking disabled") and "verification" in said
    assert next(iter(explain.term("dns.id", terminal))).startswith("dns.id")
    with pytest.raises(UsageError, match="no field and no term") as raised:
        list(explain.term("isrr", terminal))
    assert "isr" in raised.value.hint

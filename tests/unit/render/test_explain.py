from dataclasses import replace

import pytest

from machinelab.analysis.view import View
from machinelab.errors import UsageError
from machinelab.model import Field
from machinelab.render.explain import explain
from machinelab.render.terminal import TerminalStyle, cells

from . import small


def run_with(*values: object) -> View:
    view = small.cold()
    events = tuple(
        replace(event, content=small.Told("x", (Field("dns.qry.name", value),)))  # type: ignore[arg-type]
        for event, value in zip(view.trace.events, values, strict=False)
    )
    return replace(view, trace=replace(view.trace, events=events))


def text(name: str, view: View | None = None, width: int = 100) -> str:
    lines = list(explain(name, TerminalStyle(width), view))
    assert all(cells(line) <= width for line in lines)
    assert all(line.isprintable() for line in lines)
    return "\n".join(lines)


def test_a_field_by_itself() -> None:
    said = text("dns.flags.recdesired")
    assert said.startswith("dns.flags.recdesired  a bit: 1 or 0\n")
    assert "packet" not in said


def test_values_with_their_packets_and_steps() -> None:
    said = text("dns.qry.name", run_with("www.example.test", "test", "test"))
    assert "In cold (run 7):" in said
    assert "www.example.test  packet 1 (ask-resolver)" in said
    assert "test              packets 2, 3 (ask-root, root-refers)" in said


def test_what_the_guide_says_generally_and_at_a_step() -> None:
    said = text("dns.flags.recdesired", small.cold())
    assert "In the guide:\n  the wish that the other side does the walking" in said
    assert "In no packet of cold (run 7)." in said
    assert "  root-refers: no answer …" in text("dns.count.answers", small.cold())


def test_enumerations_are_named() -> None:
    assert "28 AAAA" in text("dns.qry.type")


def test_many_values_and_packets_are_counted() -> None:
    view = run_with(*["same"] * 11)
    view = replace(view, trace=replace(view.trace, events=view.trace.events * 2))
    assert "and 10 more" in text("dns.qry.name", view)


@pytest.mark.parametrize("width", [40, 80])
def test_hostile_and_long_values_fit(width: int) -> None:
    assert "\\x1b[2J" in text("dns.qry.name", run_with(small.HOSTILE, "x" * 5000, "short"), width)


def test_an_unknown_field_gets_the_nearest_spelling() -> None:
    with pytest.raises(UsageError) as error:
        text("dns.flags.recdesire")
    assert "dns.flags.recdesired" in error.value.hint

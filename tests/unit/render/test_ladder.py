import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from machinelab.model import Event
from machinelab.render.ladder import ladder
from machinelab.render.terminal import TerminalStyle, cells
from tests.references import opened

from . import small

Golden = Callable[[str, str], None]


def drawn(view: object, terminal: TerminalStyle, **how: object) -> str:
    return "\n".join(ladder(view, terminal, **how))  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [80, 120, 160])
def test_ladder(width: int, golden: Golden) -> None:
    golden(f"render/ladder-cold-{width}.txt", drawn(small.cold(), TerminalStyle(width)) + "\n")


def test_ladder_in_ascii(golden: Golden) -> None:
    text = drawn(small.cold(), TerminalStyle(80, unicode=False))
    assert text.isascii()
    golden("render/ladder-cold-ascii.txt", text + "\n")


def test_ladder_where_columns_have_no_room(golden: Golden) -> None:
    golden("render/ladder-cold-45.txt", drawn(small.cold(), TerminalStyle(45)) + "\n")


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("name", ["cold", "broken", "hostile"])
def test_every_line_fits_and_is_harmless(name: str, width: int) -> None:
    for every in (False, True):
        lines = drawn(getattr(small, name)(), TerminalStyle(width), every=every).split("\n")
        assert all(cells(line) <= width for line in lines)
        assert all(line.isprintable() for line in lines)


def test_colour_changes_no_column() -> None:
    coloured = drawn(small.cold(), TerminalStyle(100, colour=True))
    assert "\x1b[36mask-root\x1b[0m:" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == drawn(small.cold(), TerminalStyle(100))


def test_arrows_go_from_sender_to_receiver() -> None:
    lines = drawn(small.cold(), TerminalStyle(80)).split("\n")
    asked = next(line for line in lines if line.startswith("    2"))
    replied = next(line for line in lines if line.startswith("    3"))
    assert asked.index("├") < asked.index("▶")
    assert replied.index("◀") < replied.index("┤")
    assert asked.index("├") + 1 == replied.index("◀")
    assert asked.index("▶") + 1 == replied.index("┤")


def test_a_silence_a_retry_and_a_missing_reply_are_seen() -> None:
    text = drawn(small.cold(), TerminalStyle(100))
    assert text.count("⋮") == 5
    assert "376 ms" in text
    assert "NS? example.test (no reply)" in text
    assert "NS? example.test (retry)" in text
    assert text.count("(no reply)") == 1


@pytest.mark.parametrize("width", [40, 80, 200])
def test_where_everything_is_folded_away_a_line_says_so(width: int) -> None:
    view = small.cold()
    quiet = [event for event in view.trace.events if view.row(event).quiet]
    assert quiet
    said = drawn(view, TerminalStyle(width), events=quiet)
    assert "carrier" in said or "background" in said
    assert all(cells(line) <= width for line in said.split("\n"))


def test_carriers_and_background_are_folded_unless_asked_for() -> None:
    text = drawn(small.cold(), TerminalStyle(100))
    assert "SYN" not in text
    assert "· carrier" in text
    assert "· background: arp" in text
    assert "SYN 40112" in drawn(small.cold(), TerminalStyle(100), every=True)


def test_columns_stand_in_the_order_asked_for() -> None:
    first = drawn(small.cold(), TerminalStyle(100), nodes=["root", "stub"]).split("\n")[0]
    assert first.split() == ["root", "stub", "resolver", "tld", "auth1"]


def test_names_that_would_touch_take_another_line() -> None:
    view = small.cold()
    nodes = {f"a-server-with-a-long-name-{n}": feet for n, feet in small.NODES.items()}
    lines = drawn(replace(view, trace=replace(view.trace, nodes=nodes)), TerminalStyle(80)).split("\n")
    heads = lines[: next(i for i, line in enumerate(lines) if "#" in line)]
    assert len(heads) > 1
    assert all(name in "".join(heads) for name in nodes)


def test_evidence_that_does_not_travel_is_a_dot_at_its_node() -> None:
    view = small.cold()
    log = Event(1, small.T0 + 500_000, "unbound", small.Told("cache miss"), node="resolver")
    events = (*view.trace.events[:2], log, *view.trace.events[2:])
    line = next(
        x
        for x in drawn(replace(view, trace=replace(view.trace, events=events)), TerminalStyle(100)).split(
            "\n"
        )
        if "cache miss" in x
    )
    assert "● cache miss" in line
    assert "unbound:1" in line


def test_an_empty_run_has_an_empty_ladder() -> None:
    view = small.cold()
    alignment = replace(view.alignment, claims=())
    text = drawn(replace(view, trace=replace(view.trace, events=()), alignment=alignment), TerminalStyle(80))
    assert "▶" not in text


def test_the_ascii_ladder_can_be_written_to_an_ascii_stream() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    stream.write(drawn(small.hostile(), TerminalStyle(80, unicode=False)))


def test_the_name_of_what_is_folded_is_told_whole() -> None:
    """One packet of a background whose name ends in s is no reason to take the s away."""

    text = drawn(opened("oauth2", "refresh").view(), TerminalStyle(120))
    assert "background: tls" in text and not re.search(r"background: tl\b", text)

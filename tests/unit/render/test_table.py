from collections.abc import Callable
from dataclasses import replace

import pytest

from machinelab.analysis.view import View
from machinelab.model import Claim, Event, Item
from machinelab.render.table import LiveTable, counted, report, said, table
from machinelab.render.terminal import TerminalStyle, cells

from . import small

GO_ON = [
    ("Look closer", "machinelab inspect dns"),
    ("Test yourself", "machinelab worksheet dns"),
    ("Now try", "machinelab run dns warm"),
]
WIDTHS = (80, 120, 160)
Golden = Callable[[str, str], None]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["cold", "broken", "hostile"])
def test_report(name: str, width: int, golden: Golden) -> None:
    lines = list(report(getattr(small, name)(), TerminalStyle(width), go_on=GO_ON))
    golden(f"render/report-{name}-{width}.txt", "\n".join(lines) + "\n")


def test_report_in_ascii(golden: Golden) -> None:
    lines = list(report(small.cold(), TerminalStyle(80, unicode=False)))
    assert all(line.isascii() for line in lines)
    golden("render/report-cold-ascii.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize("width", [40, 60, 80, 109, 110, 120, 160, 240])
@pytest.mark.parametrize("name", ["cold", "broken", "hostile"])
def test_no_row_is_wider_than_the_terminal(name: str, width: int) -> None:
    view = getattr(small, name)()
    assert max(cells(line) for line in table(view, TerminalStyle(width))) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_hostile_text_reaches_no_terminal(width: int) -> None:
    lines = list(report(small.hostile(), TerminalStyle(width), go_on=GO_ON))
    assert all(line.isprintable() for line in lines)
    "\n".join(lines).encode()


def test_colour_adds_only_its_own_codes() -> None:
    import re

    plain = list(report(small.hostile(), TerminalStyle(100)))
    coloured = list(report(small.hostile(), TerminalStyle(100, colour=True)))
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in coloured] == plain
    assert coloured != plain


def test_a_sentence_is_said_once_and_a_retry_is_marked() -> None:
    text = "\n".join(table(small.cold(), TerminalStyle(160)))
    assert text.count("One level down, the same question.") == 1
    assert "Asked again (a retry)." in text


def test_a_fold_stands_for_rows_that_say_nothing_new() -> None:
    view = repeated(12)
    whole, short = (list(table(view, TerminalStyle(80), fold=fold)) for fold in (False, True))
    assert len(short) < len(whole) - 10
    folds = [" ".join(line.split()) for line in short if "⋮" in line]
    assert folds == ["⋮ ask-tld again, ×12 (packets 101 … 112)"]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_sentence_is_printed_twice(width: int) -> None:
    for view in (repeated(4), small.broken()):
        told = " ".join(" ".join(table(view, TerminalStyle(width))).split())
        for sentence in (*small.WORDS.sentences.values(), "Asked again (a retry).", "No step explains this."):
            assert told.count(sentence) <= 1


def test_a_sentence_that_was_read_before_is_left_out() -> None:
    sentence = small.WORDS.sentence("ask-root")
    told = " ".join(" ".join(table(small.cold(), TerminalStyle(80), said=[sentence])).split())
    assert "NS? test ask-root" in told
    assert "telling the root only" not in told


def repeated(times: int) -> View:
    """The small run in which the TLD is asked again and again, each a retry of the first."""
    view = small.cold()
    claim = next(claim for claim in view.alignment.claims if claim.step.id == "ask-tld")
    more = [small.packet(101 + at, 390 + at, "resolver > tld", "NS? example.test") for at in range(times)]
    asked = tuple(Item(event, -1) for event in more)
    claims = [
        replace(each, items=(*each.items, *asked), retries=(*each.retries, *asked)) if each is claim else each
        for each in view.alignment.claims
    ]
    trace = replace(view.trace, events=(*view.trace.events, *more))
    return replace(view, trace=trace, alignment=replace(view.alignment, claims=tuple(claims)))


def test_an_answer_to_a_retry_is_no_question() -> None:
    view = small.cold()
    claim = next(claim for claim in view.alignment.claims if claim.step.id == "tld-refers")
    late = replace(claim, retries=claim.items)
    claims = tuple(late if each is claim else each for each in view.alignment.claims)
    told = "\n".join(
        table(replace(view, alignment=replace(view.alignment, claims=claims)), TerminalStyle(160))
    )
    assert "Answered again (a retry's answer)." in told


def test_exchanges_are_numbered_where_there_are_several() -> None:
    view = small.cold()
    again = Claim(small.STEPS[0], 2, view.alignment.claims[0].items)
    two = replace(view, alignment=replace(view.alignment, claims=(*view.alignment.claims, again)))
    assert "(1)" not in "\n".join(table(view, TerminalStyle(160)))
    text = "\n".join(report(two, TerminalStyle(160)))
    assert "ask-resolver (1)" in text
    assert "9 of 9 steps in 2 exchanges, in order." in text


def test_a_part_of_a_message_says_of_which_packet() -> None:
    view = small.cold()
    whole = view.trace.events[8]
    parts = replace(whole, messages=(replace(whole.messages[0], frames=(7, 9)),))
    events = (*view.trace.events[:8], parts, *view.trace.events[9:])
    claims = small.claims_of(events, small.SEEN, (5,))
    changed = replace(
        view, trace=replace(view.trace, events=events), alignment=replace(view.alignment, claims=claims)
    )
    row = next(line for line in table(changed, TerminalStyle(160)) if line.startswith("    7"))
    assert "auth-answers" in row
    assert "A part of packet 9." in row


def test_another_sighting_is_named_once_seen() -> None:
    text = "\n".join(table(small.cold(same_as={"3": (2,), "2": (3,)}), TerminalStyle(160)))
    assert text.count("Packet 2") == 1


def test_long_addresses_keep_their_ends() -> None:
    view = small.cold()
    far = replace(
        view.trace.events[0],
        src="2001:db8:1111:2222:3333:4444:5555:aaaa",
        dst="2001:db8:1111:2222:3333:4444:5555:bbbb",
    )
    lines = list(table(replace(view, trace=replace(view.trace, events=(far,))), TerminalStyle(80)))
    assert ":aaaa → 2001" in lines[1] or "aaaa →" in lines[1]
    assert "bbbb" in lines[1]
    assert cells(lines[1]) <= 80


def test_only_the_shown_rows_are_counted_as_shown() -> None:
    view = small.cold()
    assert counted(view.trace.events, view.trace.events[:3]) == "3 of 11 packets"
    assert counted(view.trace.events[:1]) == "1 packet"
    log = Event(1, small.T0, "gc", small.Told("Pause Young"), node="app")
    assert counted((*view.trace.events, log)) == "11 packets, 1 gc event"
    assert counted((*view.trace.events, log), view.trace.events) == "11 packets"
    assert counted((*view.trace.events, log), view.trace.events[:3]) == "3 of 11 packets"
    assert counted((*view.trace.events, log), [log]) == "1 gc event"


def test_evidence_that_does_not_travel_stands_at_its_node() -> None:
    log = Event(3, small.T0, "gc", small.Told("GC(3) Pause Young"), node="app")
    view = small.cold()
    line = list(table(replace(view, trace=replace(view.trace, events=(log,))), TerminalStyle(80)))[1]
    assert "gc:3" in line
    assert "app" in line
    assert "→" not in line


def test_an_empty_run_is_shown_as_empty() -> None:
    view = small.cold()
    alignment = replace(view.alignment, claims=(), carriers=frozenset(), background={})
    lines = list(
        report(replace(view, trace=replace(view.trace, events=()), alignment=alignment), TerminalStyle(80))
    )
    assert lines[0].endswith("run 7 · 0 packets")
    assert len([line for line in lines if line]) == 2


def test_live_rows_are_as_wide_as_what_may_come() -> None:
    live = LiveTable(TerminalStyle(120), list(small.NODES), [step.id for step in small.STEPS], small.WORDS)
    view = small.cold()
    names = view.trace.names()
    first, second = view.trace.events[:2]
    lines = [live.head(), *live.lines(first, names, [(small.STEPS[0], 1)]), *live.lines(second, names)]
    assert "ask-resolver" in lines[1]
    assert "The stub asks once" in lines[1]
    column = lines[0].index("packet")
    assert lines[1][column:].startswith("A? www")
    assert lines[-1][column:].startswith("NS? test")
    assert "0.4" in lines[-1]


def test_live_rows_do_not_grow_with_an_address_nobody_expected() -> None:
    live = LiveTable(TerminalStyle(80), ["a", "b"])
    event = replace(small.cold_events()[0], src="2001:db8::1", dst="2001:db8::2")
    assert all(cells(line) <= 80 for line in live.lines(event, {}))


def test_what_a_command_printed_keeps_its_columns_and_loses_its_controls() -> None:
    found = list(said(".\t\t3592\tNS\na\x1b[2J\n", TerminalStyle(80)))
    assert found == [".               3592    NS", "a\\x1b[2J", ""]

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from machinelab.analysis.view import View
from machinelab.analysis.words import Phrases
from machinelab.model import Field
from machinelab.render.detail import concerned, detail, distinct, grouped, heading, value_text
from machinelab.render.terminal import TerminalStyle, cells

from . import small

DATA = bytes.fromhex(
    "0242c61202350242c6120201080045000058000100004011ea39c6120201c612"
    "023500359c4100446caf0002800000010000000100010474657374000002000100"
)


def field(
    name: str, value: object, start: int = 0, stop: int = 0, group: str = "dns", mask: int = 0
) -> Field:
    return Field(name, value, start, stop, "frame", mask, group)  # type: ignore[arg-type]


FIELDS = (
    field("eth.dst", bytes.fromhex("0242c6120235"), 0, 6, "eth"),
    field("eth.type", 0x0800, 12, 14, "eth"),
    field("ip.src", "198.18.2.1", 26, 30, "ip"),
    field("ip.addr", "198.18.2.1", 26, 30, "ip"),
    field("ip.addr", "198.18.2.53", 30, 34, "ip"),
    field("ip.dst", "198.18.2.53", 30, 34, "ip"),
    field("ip.frag_offset", 0, 20, 22, "ip"),
    field("udp.srcport", 53, 34, 36, "udp"),
    field("udp.payload", bytes(60), 42, 102, "udp"),
    field("dns", "", 42, 102),
    field("dns.id", 2, 42, 44),
    field("dns.flags.authoritative", False, 44, 46, "dns/Flags", 0x0400),
    field("dns.flags.rcode", 0, 44, 46, "dns/Flags", 0x000F),
    field("dns.count.answers", 0, 48, 50),
    field("dns.count.auth_rr", 1, 50, 52),
    field("dns.ns", "ns1.nic.test", 70, 80, "dns/Authority/1"),
    field("dns.ns", "ns2.nic.test", 90, 96, "dns/Authority/2"),
    field("dns.time", 500_000),
)


def referral(fields: tuple[Field, ...] = FIELDS, **changes: object) -> View:
    view = small.cold(**changes)
    events = list(view.trace.events)
    events[2] = replace(events[2], content=small.Told("1 NS, 1 glue, DS", fields, {"frame": DATA}))
    return replace(
        view,
        trace=replace(view.trace, events=tuple(events)),
        alignment=replace(view.alignment, claims=small.claims_of(events, small.SEEN)),
    )


def lines(view: View, terminal: TerminalStyle, **how: bool) -> list[str]:
    return list(detail(view, view.trace.events[2], terminal, **how))


@pytest.mark.parametrize("width", [80, 120])
def test_detail(width: int, golden: Callable[[str, str], None]) -> None:
    golden(
        f"render/detail-{width}.txt",
        "\n".join(lines(referral(), TerminalStyle(width), bytes_too=True)) + "\n",
    )


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_every_line_fits(width: int) -> None:
    for view, terminal in (
        (referral(), TerminalStyle(width)),
        (small.hostile(), TerminalStyle(width)),
        (referral(), TerminalStyle(width, unicode=False)),
    ):
        for event in view.trace.events[:3]:
            assert all(cells(line) <= width for line in detail(view, event, terminal, bytes_too=True))


def test_hostile_text_in_every_place_stays_text() -> None:
    view = small.hostile()
    found = list(detail(view, view.trace.events[0], TerminalStyle(80), bytes_too=True))
    assert all(line.isprintable() for line in found)
    "\n".join(found).encode()


def test_what_the_step_is_about_comes_first_with_the_guides_words() -> None:
    found = lines(referral(), TerminalStyle(100))
    told = [line for line in found if "▸" in line]
    assert [line.split()[1] for line in told] == [
        "dns.flags.authoritative",
        "dns.count.answers",
        "dns.count.auth_rr",
    ]
    assert told[1].endswith("no answer …")
    assert sum("dns.count.answers" in line for line in found) == 1


def test_the_layers_below_are_brief_and_last() -> None:
    text = "\n".join(lines(referral(), TerminalStyle(160)))
    assert "ip.src 198.18.2.1 · ip.dst 198.18.2.53" in text
    assert text.index("dns.id") < text.index("udp.srcport") < text.index("ip.src") < text.index("eth.dst")
    assert "udp.payload" not in text
    assert "ip.frag_offset" not in text


def test_aliases_are_left_out_and_equal_numbers_are_not_aliases() -> None:
    names = [f.name for f in distinct(FIELDS)]
    assert "ip.addr" not in names
    assert {"ip.src", "ip.dst"} <= set(names)
    short = (field("dns.qry.name.len", 1, 5, 8), field("dns.count.labels", 1, 5, 8))
    assert len(distinct(short)) == 2


def test_only_marked_bytes_are_bracketed() -> None:
    text = "\n".join(lines(referral(), TerminalStyle(80), listed=False, bytes_too=True))
    assert "[80 00]00 01" in text
    assert "[00 00|00 01]" in text
    assert "dns.id" not in text


def test_without_a_step_the_message_is_marked() -> None:
    view = referral()
    plain = replace(view, alignment=replace(view.alignment, claims=()), words=Phrases())
    text = "\n".join(lines(plain, TerminalStyle(80), listed=False, bytes_too=True))
    assert "[" in text
    assert "frame, 65 bytes" in text


def test_a_field_name_is_asked_for_as_a_whole_word_only() -> None:
    view = referral()
    row = view.row(view.trace.events[1])
    assert concerned(view, row, "dns.flags.recdesired")
    assert not concerned(replace(view, words=Phrases()), row, "dns.flags")
    assert not concerned(view, row, "flags.recdesired")


def test_what_the_guide_says_of_a_field_anywhere_makes_no_step_be_about_it() -> None:
    view = replace(
        referral(), words=Phrases(meanings={("", "dns.id"): "anywhere", ("root-refers", "dns.time"): "here"})
    )
    row = view.row(view.trace.events[2])
    assert not concerned(view, row, "dns.id")
    assert concerned(view, row, "dns.time")


def test_groups_stand_in_the_order_of_the_tree() -> None:
    found = (
        field("a", 1),
        field("b", 1, group="dns/Answers/1"),
        field("c", 1, group="dns/Flags"),
        field("b", 2, group="dns/Answers/2"),
    )
    assert list(grouped(found)) == ["dns", "dns/Answers/1", "dns/Answers/2", "dns/Flags"]


def test_a_long_value_is_wrapped_and_cut() -> None:
    view = referral((*FIELDS, field("dns.txt", "x" * 5000, 80, 90)))
    found = [line for line in lines(view, TerminalStyle(80)) if "xxx" in line]
    assert len(found) == 4
    assert found[-1].endswith("…")


def test_enumerations_have_their_word() -> None:
    assert value_text(Field("dns.qry.type", 28)) == "28 (AAAA)"
    assert value_text(Field("dns.flags.recdesired", True)) == "1"


@pytest.mark.parametrize("width", range(40, 110, 3))
def test_no_line_of_the_heading_has_room_for_the_next_one_s_first_word(width: int) -> None:
    view = small.cold()
    for row in view.rows():
        lines = list(heading(view, row, TerminalStyle(width)))[:-1]  # the last is the summary
        for line, following in pairwise(lines):
            assert cells(line) + 1 + cells(following.split()[0]) > width, (line, following)

from dataclasses import replace

from machinelab.model import Field, Missing, Near, Sighting, Step
from machinelab.render.terminal import TerminalStyle
from machinelab.render.verdict import asked_of, fate, listed, verdict

from . import small


def text(view: object, width: int = 200) -> str:
    return "\n".join(verdict(view, TerminalStyle(width)))  # type: ignore[arg-type]


def test_all_seen() -> None:
    said = text(small.cold())
    assert "✓ As the guide says: 8 of 8 steps, in order. Nothing on the wire is left unexplained." in said
    assert "✗" not in said
    assert "no-leak, which must not happen, did not." in said


def test_a_step_not_seen_says_why_and_where_to_look() -> None:
    said = text(small.broken())
    assert (
        "✗ root-refers was not seen. Packet 3 is the reply to ask-root (packet 2), but dns.count.answers was 1, wanted 0."
        in said
    )
    assert "machinelab logs dns root" in said


def test_a_nearest_miss_that_the_reason_has_told_is_not_told_twice() -> None:
    assert text(small.broken()).count("dns.count.answers was 1") == 1


def test_a_nearest_miss_names_packet_hop_and_condition() -> None:
    assert "Nearest: packet 3 root > resolver: dns.id was 0x1f2e, wanted 0x0a0b." in text(small.broken())


def test_a_never_that_happened_is_told_as_such_and_not_as_unexplained() -> None:
    said = text(small.broken())
    assert "no-leak must not happen, and did. Packet 10 should not be there." in said
    assert "1 packet is explained by no step: 3." in said


def test_hints_name_no_machine_of_a_capture_from_elsewhere() -> None:
    said = text(small.broken(own=False, strict=False))
    assert "machinelab" not in said
    assert "✗" not in said
    assert "2 packets do not belong to this guide." in said


def test_hints_name_no_machine_of_a_reference_either() -> None:
    said = text(small.broken(own=False))
    assert "✗ root-refers was not seen." in said
    assert "machinelab" not in said


def test_of_a_capture_from_elsewhere_only_what_is_there_is_counted() -> None:
    said = text(small.broken(own=False, strict=False))
    assert "· 2 steps of the guide seen: ask-resolver, ask-root." in said
    assert "of 4" not in said


def test_hints_name_the_instance() -> None:
    assert "machinelab logs dns root --as alice" in text(small.broken(instance="alice"))


def test_steps_too_few_or_misplaced_are_not_called_unseen() -> None:
    view = small.cold()
    step = small.STEPS[0]
    count = Missing(step, 1, "It was seen 1 times (packet 1), wanted at least 2.")
    assert fate(view, count).startswith("ask-resolver: It was seen")
    item = view.alignment.claims[0].items[0]
    order = Missing(Step("late"), 1, "It is there, but out of order: packet 1.", Near(item, ()))
    assert fate(view, order).startswith("late was not seen where it belongs. It is there")


def test_whose_log_may_tell() -> None:
    view = small.cold()
    assert asked_of(view, small.STEPS[2]) == "root"
    assert asked_of(view, small.STEPS[0]) == "stub"
    assert asked_of(view, Step("x", "any > root")) == ""
    assert asked_of(view, Step("x", "auth1|auth2 > resolver")) == "auth1"


def test_long_lists_are_cut_and_counted() -> None:
    assert listed([str(n) for n in range(1, 21)]) == "1, 2, 3, 4, 5, 6, 7, 8 and 12 more"


def test_what_the_clocks_leave_open_and_warnings_are_said() -> None:
    view = small.broken()
    view = replace(view, trace=replace(view.trace, warnings=("The capture ends in the middle of a packet.",)))
    assert "Which came first, ask-root or answer, is undecided" in text(view)
    assert "! The capture ends in the middle of a packet." in text(view)


def test_a_way_that_is_likely_and_not_certain_is_said() -> None:
    view = small.cold()

    def seen(sure: int) -> str:
        first, *rest = view.trace.events
        told = small.Told("a query", (Field("sighting.sure", sure),))
        sightings = tuple(Sighting(number, "net", "a", "b", ("", "")) for number in (first.number, 99))
        event = replace(first, content=told, sightings=sightings)
        return text(replace(view, trace=replace(view.trace, events=(event, *rest))))

    assert "The way of packet 1 is likely, not certain: equal packets, told apart by the port" in seen(2)
    assert "likely, not certain" not in seen(0)

"""Captures that are none of a lab's: no experiment is named for them, and no sentence of one is shown. And the converse."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.analysis.reading import Reading
from machinelab.check import elsewhere
from machinelab.model import Lab
from machinelab.render.table import report
from machinelab.render.terminal import TerminalStyle
from tests import ROOT
from tests.references import keys_of

from . import unnamed

FOREIGN = ROOT / "tests" / "captures" / "foreign"
CAPTURES = sorted(FOREIGN.glob("*.pcap*"))


def alone(lab: Lab) -> set[str]:
    """What the lab's guide knows by itself."""
    return {step.alone.id for experiment in lab.experiments for step in experiment.steps if step.alone}


def claimed(found: Reading) -> set[str]:
    return {claim.step.id for claim in found.run.alignment.claims}


@pytest.mark.parametrize("file", CAPTURES, ids=lambda file: file.stem)
def test_a_foreign_capture_bears_no_experiment_s_name_and_no_sentence_of_one(file: Path) -> None:
    for id in catalog.made():
        lab = catalog.load_lab(id)
        found = reading.open_file(file, lab)
        assert found.run.experiment.id == "", id
        assert found.run.alignment.missing == ()
        assert found.run.alignment.possible == (), id
        assert claimed(found) <= alone(lab), id


def lines(name: str, guide: str, experiment: str | None = None) -> str:
    found = reading.open_file(FOREIGN / f"{name}.pcap", catalog.load_lab(guide), experiment)
    return "\n".join(report(found.view(), TerminalStyle(80)))


@pytest.mark.parametrize(
    ("name", "guide"),
    [
        ("annotate-nothing-fits", "dns"),
        ("annotate-one-datagram", "nat"),
        ("annotate-small-segments", "kafka"),
    ],
)
def test_nothing_of_the_guide_is_said_in_a_line(name: str, guide: str) -> None:
    said = lines(name, guide)
    assert "Nothing of this guide is in this capture." in said
    assert f"machinelab packets {name}.pcap" in said
    assert "Not in this capture" not in said


def test_a_dual_stack_lookup_is_two_questions_and_nothing_is_said_of_a_cache() -> None:
    said = lines("annotate-dual-stack", "dns")
    assert said.count("query") == 3  # two packets, and the line below them
    assert "remembers" not in said and "again" not in said and "TTL" not in said


def test_an_authoritative_server_that_is_asked_has_answered_from_its_zone() -> None:
    said = lines("annotate-dig-authoritative", "dns")
    assert "zone-answer: The authoritative server answers from its own zone" in said
    assert "gives up waiting" not in said and "resolver" not in said


def test_an_experiment_named_by_hand_is_shown_with_what_is_missing() -> None:
    said = lines("annotate-dual-stack", "dns", "warm")
    assert "A name the resolver still remembers" in said and "Not in this capture: ask-later, older." in said


def recorded() -> Iterator[tuple[str, str]]:
    for id in catalog.made():
        yield from ((id, file.stem) for file in sorted(catalog.reference_folder(id).glob("*.pcapng")))


@pytest.mark.parametrize(("id", "name"), list(recorded()))
def test_a_reference_read_as_anybody_s_capture_is_itself_or_nothing(id: str, name: str) -> None:
    file = catalog.reference_folder(id) / f"{name}.pcapng"
    told, experiment = unnamed.of(id), name.partition("@")[0]
    keys = None if experiment in getattr(told, "SECRETLESS", ()) else keys_of(file)
    found = reading.open_file(file, catalog.load_lab(id), None, keys)
    if (
        experiment != name
    ):  # with a knob turned it may be an everyday exchange: then it has no name, and never another one's
        assert found.run.experiment.id in ("", experiment, getattr(told, "LIKE_ANOTHER", {}).get(name, ""))
    else:
        assert found.run.experiment.id == ("" if experiment in getattr(told, "UNNAMED", ()) else experiment)


@pytest.mark.soak  # labs times labs; of each pair of labs, the gate (`machinelab check`) reads the smallest captures every time
@pytest.mark.parametrize("id", catalog.made())
def test_no_reference_of_another_lab_bears_an_experiment_s_name(id: str) -> None:
    lab = catalog.load_lab(id)
    named = {each.place: each.read(lab).experiment.id for each in elsewhere.captures(lab)}
    assert {place: found for place, found in named.items() if found} == {}


@pytest.mark.parametrize(
    ("name", "possible"),
    [
        ("wal/commit", ("commit", "async")),
        ("wal/group", ("group",)),
        ("wal/pages", ("pages",)),
        ("wal/sqlite", ()),
    ],
)
def test_packets_that_do_not_tell_experiments_apart_are_said_to_be_as_in_each_of_them(
    name: str, possible: tuple[str, ...]
) -> None:
    id, _, experiment = name.partition("/")
    file = catalog.reference_folder(id) / f"{experiment}.pcapng"
    found = reading.open_file(file, catalog.load_lab(id))
    assert (found.run.experiment.id, found.run.alignment.possible) == ("", possible)
    said = " ".join("\n".join(report(found.view(), TerminalStyle(80))).split())
    assert ("is in no packet" in said) is bool(possible)
    assert "none of the guide's experiments" not in said or not possible


KNOWN_ALONE = [
    ("wal/commit", {"begin-asked", "begin-done", "commit-asked"}),
    ("wal/checkpoint", {"checkpoint-asked"}),
    ("kafka/group", {"join-request", "member-id-required", "member-heartbeat", "rebalance-said"}),
    ("kafka/produce", {"produce-request"}),
    ("load-balancing/doors", {"proxy-header"}),
    ("load-balancing/failover", {"gateway-error"}),
    ("nat/stun", {"binding-request", "binding-response"}),
    ("nat/ice", {"binding-response", "binding-request", "allocate-request", "allocate-challenged", "channel-request", "channel-given",
                 "allocation-released"}),
    ("oauth2/pkce", {"authorization-redirect", "authorization-request", "code-redirect", "code-callback", "code-redeemed"}),
    ("oauth2/device", {"device-authorization"}),
    ("oauth2/client-credentials", {"client-credentials-grant"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "known"), KNOWN_ALONE, ids=[name for name, _ in KNOWN_ALONE])
def test_single_messages_are_known_by_themselves(name: str, known: set[str]) -> None:
    """A capture in whose steps nothing is in order: the packets of a reference, the last one first."""
    id, _, experiment = name.partition("/")
    file = catalog.reference_folder(id) / f"{experiment}.pcapng"
    trace = reading.open_file(file, catalog.load_lab(id), None, keys_of(file)).run.trace
    times = [event.time for event in trace.events]
    turned = tuple(replace(e, time=t) for e, t in zip(reversed(trace.events), times, strict=True))
    found = reading.read_as(replace(trace, events=turned), catalog.load_lab(id), None, {}).alignment
    assert found.experiment.id == ""
    assert {claim.step.id for claim in found.claims} == known

"""What a lab's steps claim in the captures of another one: an experiment that is named there is a problem, the rest a list."""

import json
import shutil
from pathlib import Path

import pytest

from machinelab import catalog, check
from machinelab.check import elsewhere, scaffold, subject
from machinelab.check.elsewhere import Capture, Claimed
from tests import ROOT
from tests.unit.check import toy
from tests.unit.check.test_command import machinelab

OTHER = "other"


@pytest.fixture
def others(lab: Path) -> Path:
    """A second lab beside the toy, with the very same ping for a reference."""
    scaffold.new(OTHER)
    shutil.copytree(toy.RECORDED, catalog.reference_folder(OTHER))
    return lab


def named(labs: tuple[str, ...] = (toy.ID,)) -> list[str]:
    return [problem.message for problem in check.check(labs) if "is named for" in problem.message]


def test_an_experiment_that_is_named_for_another_lab_s_reference_is_a_problem(others: Path) -> None:
    assert named() == ["hello is named for the reference of other hello: nothing in its steps sets it apart."]


def test_steps_that_say_what_sets_them_apart_are_none(others: Path) -> None:
    toy.edit("labs/{id}/lab.py", '"icmp.type == 8"', '"icmp.type == 8 and data.len > 1000"')
    assert named() == []


def test_a_reference_of_something_else_is_none(others: Path) -> None:
    folder = catalog.reference_folder(OTHER)
    shutil.copy(ROOT / "labs/tcp/reference/refused.pcapng", folder / "hello.pcapng")
    assert named() == []


def test_of_another_lab_the_smallest_reference_with_each_protocol_is_tried() -> None:
    tls = catalog.load_lab("tls")
    tried = [each.place for each in elsewhere.sample(tls, frozenset({"tls", "http"}))]
    assert "dns dot" in tried and "oauth2 redirect" in tried
    assert not [place for place in tried if place.startswith("tls ")]
    assert len(tried) < 20


def test_what_each_step_claims_is_listed(others: Path) -> None:
    found = [each for each in elsewhere.claimed(toy.ID) if isinstance(each, Claimed)]
    assert found == [
        Claimed("ask", "other hello", 1, OTHER),
        Claimed("reply", "other hello", 1, OTHER),
    ]
    assert list(elsewhere.told(found)) == ["ask: 1 of other", "reply: 1 of other"]


def test_captures_of_one_lab_are_taken_together() -> None:
    found = [Claimed("ask", f"other {name}", 2, OTHER) for name in ("one", "two")]
    assert list(elsewhere.told([*found, Claimed("ask", "the first half of cold", 3)])) == [
        "ask: 4 of other (2 captures), 3 of the first half of cold"
    ]


def test_a_part_of_an_experiment_that_is_all_of_another_is_listed() -> None:
    nat = subject.open_subject("nat")
    assert nat is not None
    found = list(elsewhere.listing(nat, []))
    assert ("all of stun", "the first half of behaviour") in [
        (each.step, each.place) for each in found if isinstance(each, Claimed)
    ]


def test_a_handshake_that_failed_before_there_was_a_secret_is_read_all_the_same() -> None:
    file = ROOT / "labs/tls/reference/no-common-version.pcapng"
    assert Capture("tls no-common-version", file, "tls").read(catalog.load_lab("dns")).run.trace.events


def test_as_it_is_typed(others: Path) -> None:
    done = machinelab("check", toy.ID, "--elsewhere", folder=others)
    assert done.returncode == 4
    assert done.stdout.splitlines()[:2] == ["ask: 1 of other", "reply: 1 of other"]
    assert "hello is named for the reference of other hello" in done.stdout
    done = machinelab("check", toy.ID, "--elsewhere", "--json", folder=others)
    first, *_ = map(json.loads, done.stdout.splitlines())
    assert first == {"step": "ask", "place": "other hello", "messages": 1, "owner": "other"}


def test_no_lab_or_a_broken_one_is_told_in_a_line(others: Path) -> None:
    done = machinelab("check", "--elsewhere", folder=others)
    assert (done.returncode, done.stdout) == (2, "") and "Name the lab" in done.stderr
    toy.edit("labs/{id}/lab.py", "icmp.type == 8", "icmp.typ == 8")
    done = machinelab("check", toy.ID, "--elsewhere", folder=others)
    assert (done.returncode, done.stdout) == (
        2,
        "",
    ) and "Mend it first: machinelab check my-toy" in done.stderr

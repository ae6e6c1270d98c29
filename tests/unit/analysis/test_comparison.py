"""Runs compared, on the shipped references."""

from dataclasses import replace

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.analysis.comparison import compare
from machinelab.model import Run


@pytest.fixture(scope="module")
def open_():
    lab = catalog.load_lab("dns")
    return lambda experiment: reading.open_reference(lab, experiment).run


def test_a_run_is_like_itself(open_):
    cold: Run = open_("cold")
    found = compare(cold, cold)
    assert found.same_shape and found.volatile == 0
    assert found.steps and all(step.same for step in found.steps)


def test_what_only_one_has_is_told_by_step(open_):
    found = compare(open_("cold"), open_("warm"))
    assert not found.same_shape
    steps = {step.step: step for step in found.steps}
    assert all(pair.right is None for pair in steps["ask-root"].pairs)
    assert all(pair.left is None for pair in steps["from-cache"].pairs)
    assert steps["ask-resolver"].same


def test_ids_and_times_are_set_aside_and_counted(open_):
    found = compare(open_("cold"), open_("minimised"))
    changed = {c.field for step in found.steps for pair in step.pairs for c in pair.changes}
    assert found.volatile > 0
    assert not changed & {"dns.id", "udp.srcport", "frame.time_epoch", "ip.checksum"}


def test_an_address_is_compared_by_its_node(open_):
    cold = open_("cold")
    other = replace(cold, alignment=replace(cold.alignment, roles={}))
    found = compare(cold, other)
    assert all(step.same for step in found.steps)


def test_knobs_that_differ_are_named(open_):
    cold = open_("cold")
    found = compare(cold, replace(cold, knobs={**cold.knobs, "type": "MX"}))
    assert found.knobs == {"type": ("A", "MX")}


def test_a_repeated_step_is_paired_by_what_it_is_about(open_):
    cold = open_("cold")
    claims = tuple(
        replace(claim, items=claim.items[1:]) if claim.step.id == "fetch-keys" else claim
        for claim in cold.alignment.claims
    )
    fewer = replace(cold, alignment=replace(cold.alignment, claims=claims))
    (keys,) = [step for step in compare(cold, fewer).steps if step.step == "fetch-keys"]
    assert keys.pairs[0].right is None
    assert all(pair.same for pair in keys.pairs[1:])

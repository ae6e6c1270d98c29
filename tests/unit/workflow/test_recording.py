"""What becomes a reference: a run that is all that its guide says, and nothing else."""

from dataclasses import replace

import pytest

from machinelab.analysis import reading
from machinelab.analysis.reading import Reading
from machinelab.model import Background, Experiment
from machinelab.workflow.recording import refusal
from tests import references


def read_again(experiment: Experiment) -> Reading:
    """The run of dns cold, read as an experiment with other steps."""
    found = references.opened("dns", "cold")
    return replace(found, run=reading.read_as(found.run.trace, found.lab, experiment, found.run.knobs))


def test_a_run_that_is_as_the_guide_says_is_kept() -> None:
    assert refusal(references.opened("dns", "cold")) == ""


def test_a_run_with_unexplained_events_is_refused_with_their_numbers() -> None:
    whole = references.opened("dns", "cold").run.experiment
    found = read_again(replace(whole, steps=whole.steps[:1], encloses=(), background=()))
    left = [event.id for event in found.run.alignment.unclaimed]
    assert len(left) > 4
    said = refusal(found)
    assert (
        f"No step and no background explains events {', '.join(left[:3])} and {len(left) - 3} more." in said
    )
    assert said.endswith("See: machinelab packets dns cold -v")


def test_one_unexplained_event_is_one() -> None:
    whole = references.opened("dns", "cold").run.experiment
    rest = Background("rest", "frame.number > 1")
    found = read_again(replace(whole, steps=(), encloses=(), background=(rest,)))
    assert "explains event 1. Mend" in refusal(found)


@pytest.mark.parametrize("missing", ["answer", "ask-tld"])
def test_a_run_in_which_a_step_is_missing_is_refused(missing: str) -> None:
    whole = references.opened("dns", "cold").run.experiment
    steps = tuple(
        replace(step, sees="dns.id == 1 and dns.id == 2") if step.id == missing else step
        for step in whole.steps
    )
    assert f"{missing}: " in refusal(read_again(replace(whole, steps=steps)))

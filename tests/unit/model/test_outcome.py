"""A run: what its steps claimed, and what it was at an earlier moment."""

import pytest

from machinelab.align import align
from machinelab.model import Experiment, Run, Step
from tests.unit.align.made import packet, trace

EXPERIMENT = Experiment(
    "made", "Made by hand", (), (Step("ask", "client > server", "dns.id"), Step("answer", reply_to="ask"))
)
EVENTS = trace(packet(1, "C>S", 1, dns__id=7), packet(2, "S>C", 1, reply=True, dns__id=7))
RUN = Run(EXPERIMENT, EVENTS, align(EVENTS, EXPERIMENT), {})


def test_what_a_step_claimed() -> None:
    assert (RUN.first("ask").number, RUN.values("answer", "dns.id"), RUN.text("ask", "dns.id")) == (
        1,
        [7],
        "7",
    )
    assert (RUN.senders("ask"), RUN.receivers("ask")) == (["client"], ["server"])
    assert RUN.alignment.ok and [step.id for step, _ in RUN.alignment.steps_of()["2"]] == ["answer"]


@pytest.mark.parametrize(
    ("step", "name", "missing"), [("ask", "dns.flags", "dns.flags"), ("nonsense", "dns.id", "nonsense")]
)
def test_what_is_not_there_is_named(step: str, name: str, missing: str) -> None:
    with pytest.raises(KeyError, match=missing):
        RUN.text(step, name)


def test_at_an_earlier_moment_there_is_less() -> None:
    early = RUN.until(EVENTS.events[0].time)
    assert [event.number for event in early.trace.events] == [1]
    assert early.claims("answer") == [] and early.first("ask").number == 1

import time

from machinelab.engine.topology import Topology
from machinelab.model import Background, Experiment, Step
from machinelab.workflow.completion import PATIENCE, Completion

from ..align.made import packet, trace

ASK = Step("ask", "client > server", "dns.flags.recdesired == 1")
POLLS = Background("polls", "dns.flags.recdesired == 0", hop="server > other")


def completion(*events, background=()):
    made = trace(*events)
    where = Topology("toy", "default", made.nodes, {}, {})
    found = Completion(Experiment("e", "", (), (ASK,), background=background), {}, where, None)
    found.events = list(made.events)
    found.arrived = {event.id: time.monotonic_ns() for event in made.events}
    return found


def asked(number, hop, *, by_a_client):
    return packet(number, hop, str(number), dns__flags__response=False, dns__flags__recdesired=by_a_client)


def test_a_run_waits_for_the_reply_to_a_step():
    assert not completion(asked(1, "C>S", by_a_client=True), background=(POLLS,)).settled()


def test_nobody_waits_for_the_reply_to_what_is_background():
    poll = asked(1, "S>O", by_a_client=False)
    assert completion(poll, background=(POLLS,)).settled()
    assert not completion(poll).settled()


def test_a_command_of_ones_own_waits_for_no_background_of_any_experiment():
    made = trace(asked(1, "S>O", by_a_client=False))
    where = Topology("toy", "default", made.nodes, {}, {})
    for background, settled in (((POLLS,), True), ((), False)):
        found = Completion(None, {}, where, None, background)
        found.events, found.arrived = list(made.events), {"1": time.monotonic_ns()}
        assert found.settled() == settled


def test_how_long_a_question_has_waited_is_told_by_no_clock_that_may_be_set(monkeypatch):
    waiting = completion(asked(1, "C>S", by_a_client=True))
    for hours in (-1, 1):
        monkeypatch.setattr(time, "time_ns", lambda hours=hours: int(hours * 3600e9) + time.monotonic_ns())
        assert not waiting.settled()
    waiting.arrived = {"1": time.monotonic_ns() - PATIENCE}
    assert waiting.settled()

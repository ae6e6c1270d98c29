import time
from collections.abc import Iterator

import pytest

from machinelab import catalog
from machinelab.align import align
from machinelab.align.links import link
from machinelab.align.matches import compile_step
from machinelab.analysis import reading
from machinelab.correlate import correlate
from machinelab.engine.topology import RunningLab
from machinelab.model import Background, Event, Experiment, Run, Step, Trace
from machinelab.sources import pcap
from machinelab.store import references
from machinelab.workflow import completion
from machinelab.workflow.completion import PATIENCE, Completion

from ..align.made import packet, trace

ASK = Step("ask", "client > server", "dns.flags.recdesired == 1")
POLLS = Background("polls", "dns.flags.recdesired == 0", hop="server > other")


def completed(*events, background=()):
    made = trace(*events)
    where = RunningLab("toy", "default", made.nodes, {}, {})
    found = Completion(Experiment("e", "", (), (ASK,), background=background), {}, where, None)
    for event in made.events:
        found.add(event)
    return found


def asked(number, hop, *, by_a_client):
    return packet(number, hop, str(number), dns__flags__response=False, dns__flags__recdesired=by_a_client)


def test_a_run_waits_for_the_reply_to_a_step():
    assert not completed(asked(1, "C>S", by_a_client=True), background=(POLLS,)).settled()


def test_nobody_waits_for_the_reply_to_what_is_background():
    poll = asked(1, "S>O", by_a_client=False)
    assert completed(poll, background=(POLLS,)).settled()
    assert not completed(poll).settled()


def test_a_command_of_ones_own_waits_for_no_background_of_any_experiment():
    made = trace(asked(1, "S>O", by_a_client=False))
    where = RunningLab("toy", "default", made.nodes, {}, {})
    for background, settled in (((POLLS,), True), ((), False)):
        found = Completion(None, {}, where, None, background)
        found.add(made.events[0])
        assert found.settled() == settled


def test_how_long_a_question_has_waited_is_told_by_no_clock_that_may_be_set(monkeypatch):
    waiting = completed(asked(1, "C>S", by_a_client=True))
    for hours in (-1, 1):
        monkeypatch.setattr(time, "time_ns", lambda hours=hours: int(hours * 3600e9) + time.monotonic_ns())
        assert not waiting.settled()
    later = time.monotonic_ns() + PATIENCE
    monkeypatch.setattr(time, "monotonic_ns", lambda: later)
    assert waiting.settled()


class Clock:
    """A monotonic clock that stands where the packets' own times are."""

    def __init__(self) -> None:
        self.now = 0

    def monotonic_ns(self) -> int:
        return self.now


def asked_anew(events: list[Event], arrived: dict[str, int], run: Run, seen: bool) -> tuple[bool, bool]:
    """Whether the step waited for was seen, and whether a reply is waited for, found out from all packets each time."""
    made = correlate(Trace(tuple(events), run.trace.nodes))
    until = run.experiment.until
    seen = (
        seen
        or not until
        or bool({until} & {c.step.id for c in align(made, run.experiment, run.knobs).claims})
    )
    items, names = list(made.items()), made.names()
    known = [compile_step(Step(entry.id, entry.hop, entry.sees)) for entry in run.experiment.background]
    replies = link(items).reply
    return seen, any(
        item.exchange is not None
        and not item.exchange.reply
        and index not in replies
        and completion.time.monotonic_ns() - arrived[item.event.id] < PATIENCE
        and not any(p.hop.matches(item.event, names) and p.sees.matches(item.fields) for p in known)
        for index, item in enumerate(items)
    )


def replayed(lab: str, experiment: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Completion, Run]]:
    """A reference as it would come in a run: packet by packet, and silence at the end."""
    clock = Clock()
    monkeypatch.setattr(completion, "time", clock)
    run = reading.open_reference(catalog.load_lab(lab), experiment).run
    found = Completion(run.experiment, run.knobs, RunningLab(lab, "default", run.trace.nodes, {}, {}), None)
    capture = references.of_reference(catalog.reference_folder(lab), experiment).capture
    for event in pcap.load(capture).events:
        clock.now = max(clock.now, event.time)
        found.add(event)
        yield found, run
    for _ in range(3):
        clock.now += PATIENCE // 2
        yield found, run


@pytest.mark.parametrize(
    ("lab", "experiment"),
    [
        ("dns", "cold"),
        ("dns", "spoof"),
        ("dns", "unreachable"),
        ("nat", "blocked"),
        ("oauth2", "redirect"),
        ("load-balancing", "doors"),
        ("tcp", "close"),
        ("kafka", "batch"),
    ],
)
def test_what_is_asked_of_new_packets_only_is_what_all_packets_would_say(lab, experiment, monkeypatch):
    arrived: dict[str, int] = {}
    seen = False
    for found, run in replayed(lab, experiment, monkeypatch):
        for event in found.events:
            arrived.setdefault(event.id, completion.time.monotonic_ns())
        seen, open = asked_anew(found.events, arrived, run, seen)
        assert found.settled() == (seen and not open), f"after packet {len(found.events)}"


def test_old_packets_are_not_correlated_and_aligned_again_and_again(monkeypatch):
    work = {"align": 0, "correlate": 0}

    def counted(name, function):
        def call(trace, *rest):
            work[name] += len(trace.events)
            return function(trace, *rest)

        return call

    monkeypatch.setattr(completion, "align", counted("align", completion.align))
    monkeypatch.setattr(completion, "correlate", counted("correlate", completion.correlate))
    for found, _ in replayed("kafka", "leader-killed", monkeypatch):
        found.settled()
    packets = len(found.events)
    # Asked anew for each packet, these were packets² / 2: 200,000.
    assert packets > 600 and work["align"] <= packets and work["correlate"] < 40 * packets

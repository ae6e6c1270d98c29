"""Headlines: what each shipped reference says happened, with its knobs; and evidence that does not fit never raises."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.analysis.headline import LONGEST, Happened, happened
from machinelab.analysis.reading import Reading
from machinelab.model import (
    Alignment,
    Claim,
    Event,
    Experiment,
    Fields,
    Headline,
    Item,
    Run,
    Step,
    Trace,
    Value,
)
from machinelab.store import references

Golden = Callable[[str, str], None]
LABS = catalog.made()


def opened(lab: str) -> list[tuple[str, Reading]]:
    folder = catalog.reference_folder(lab)
    return [
        (name, reading.open_recorded(catalog.load_lab(lab), name))
        for name in sorted(references.recorded(folder))
        if references.KNOBS not in name  # those with knobs turned are asked by `check`
    ]


@pytest.mark.parametrize("lab", LABS)
def test_what_each_reference_says(golden: Golden, lab: str) -> None:
    lines = []
    for name, found in opened(lab):
        told = found.view().happened
        assert told is not None and told.known, f"{lab} {name}"
        lines.append(f"{name}{' [harm]' if told.harm else ''}: {told.whole}")
    golden(f"seen/headlines/{lab}.txt", "\n".join(lines) + "\n")


class Mangled:
    """An event's content whose values are not what they were: of another kind, or gone."""

    def __init__(self, event: Event, value: Value | None) -> None:
        self._content, self._value = event.content, value

    def _fields(self, known: Fields) -> Fields:
        if self._value is None:
            return {}
        return {name: [item._replace(value=self._value) for item in items] for name, items in known.items()}

    def fields(self) -> Fields:
        return self._fields(self._content.fields())

    def message_fields(self, index: int) -> Fields:
        return self._fields(self._content.message_fields(index))

    def buffers(self) -> dict[str, bytes]:
        return {}

    def summary(self) -> str:
        return ""


def mangled(run: Run, value: Value | None) -> Run:
    events = {
        event.id: replace(event, content=Mangled(event, value), sightings=(), src="", dst="")
        for event in run.trace.events
    }
    claims = tuple(
        replace(
            claim, items=tuple(Item(events[item.event.id], item.message) for item in claim.items), pieces=()
        )
        for claim in run.alignment.claims
    )
    return replace(
        run,
        trace=replace(run.trace, events=tuple(events.values())),
        alignment=replace(run.alignment, claims=claims, roles={}),
    )


@pytest.mark.parametrize("lab", LABS)
def test_evidence_that_does_not_fit_raises_nothing(lab: str) -> None:
    for _, found in opened(lab):
        run = found.run
        ends = [event.time for event in run.trace.events][:: max(1, len(run.trace.events) // 3)]
        broken = [
            *(mangled(run, value) for value in (None, "x" * 70_000, b"\xff\x00", -1)),
            *(run.until(end) for end in ends),
            replace(run, trace=Trace(()), alignment=replace(run.alignment, claims=())),
            replace(run, knobs={}),
            *(
                replace(run, alignment=replace(run.alignment, claims=run.alignment.claims[:place]))
                for place in range(0, len(run.alignment.claims), 5)
            ),
        ]
        for each in broken:
            told = happened(each)
            assert told is not None and 0 < len(told.text) <= LONGEST + 1


def run_of(headline: Callable[[Run], Headline | str] | None, **knobs: str) -> Run:
    experiment = Experiment("one", "One", (), (Step("ask"),), knobs={"acks": "all"}, headline=headline)
    alignment = Alignment(experiment, (Claim(experiment.steps[0], 1, ()),), (), {}, frozenset(), (), (), {})
    return Run(experiment, Trace(()), alignment, {"acks": "all", **knobs})


def test_the_knobs_that_were_turned_are_named() -> None:
    assert happened(run_of(lambda run: "all is well")) == Happened("all is well.")
    told = happened(run_of(lambda run: Headline("five orders are gone", harm=True), acks="1"))
    assert told == Happened("five orders are gone.", True, ("acks=1",))
    assert told.whole == "five orders are gone. (acks=1)"


def test_what_the_evidence_does_not_show_is_said_so() -> None:
    told = happened(run_of(lambda run: run.text("ask", "dns.a")))
    assert told == Happened("How this ended cannot be told from the evidence.", known=False)


def test_without_a_headline_nothing_is_said() -> None:
    assert happened(run_of(None)) is None

"""The ready-made answers, on a run put together by hand."""

import pytest

from machinelab import authoring
from machinelab.model import (
    Alignment,
    Claim,
    Event,
    Experiment,
    Field,
    Fields,
    Item,
    Message,
    Run,
    Step,
    Trace,
)


class Dissected:
    def __init__(self, fields: Fields, second: Fields | None = None) -> None:
        self._fields = fields
        self._second = second

    def fields(self) -> Fields:
        return self._fields

    def message_fields(self, index: int) -> Fields:
        return self._second if index == 1 and self._second else self._fields

    def buffers(self) -> dict[str, bytes]:
        return {}

    def summary(self) -> str:
        return ""


def event(number: int, **fields: object) -> Event:
    content = Dissected({name: [Field(name, value)] for name, value in fields.items()})  # type: ignore[arg-type]
    return Event(number, number, "packets", content, network="lan", src="10.0.0.1", dst="10.0.0.2")


@pytest.fixture
def run() -> Run:
    ask = Step("ask", "a > b")
    events = (event(1, flag=True, data=b"\x01\xff", count=7), event(2, flag=False))
    experiment = Experiment("one", "One", (), (ask,))
    claim = Claim(ask, 1, tuple(Item(e, -1) for e in events))
    alignment = Alignment(experiment, (claim,), (), {}, frozenset(), (), (), {"10.0.0.2": "resolver"})
    return Run(experiment, Trace(events), alignment, {})


def test_answers_come_from_the_run(run: Run) -> None:
    assert authoring.counted("ask")(run) == 2
    assert authoring.counted("never")(run) == 0
    assert authoring.packets_of("ask")(run) == {"1", "2"}
    assert authoring.node_of("ask")(run) == "resolver"
    assert authoring.node_of("ask", sender=True)(run) == "10.0.0.1"
    assert [authoring.field_of("ask", name)(run) for name in ("flag", "data", "count")] == [1, "01ff", 7]


def test_a_step_not_seen_has_no_value(run: Run) -> None:
    with pytest.raises(KeyError):
        authoring.field_of("never", "flag")(run)


def test_all_that_is_offered_is_there() -> None:
    assert all(hasattr(authoring, name) for name in authoring.__all__)


def test_a_value_is_that_of_the_message_and_not_of_its_neighbour_in_the_packet() -> None:
    finish = Step("finish", "a > b")
    both, own = ({"count": [Field("count", value)]} for value in (1, 3))
    packet = Event(1, 1, "packets", Dissected(both, own), messages=(Message("TLS", None, (1,)),) * 2)
    experiment = Experiment("one", "One", (), (finish,))
    claim = Claim(finish, 1, (Item(packet, 1),))
    alignment = Alignment(experiment, (claim,), (), {}, frozenset(), (), (), {})
    run = Run(experiment, Trace((packet,)), alignment, {})
    assert authoring.field_of("finish", "count")(run) == 3
    assert [item.fields["count"][0].value for item in run.items("finish")] == [3]


def test_what_a_worksheet_is_written_with(run: Run) -> None:
    question = authoring.observe("where", "one", "ask", takes_the_other="never")
    assert question.needs == ("ask",) and question.answer(run) == {"1", "2"}
    assert list(question.wrong) == ["takes the other"]
    assert authoring.seen("ask", "a", "b")(run) == "a" and authoring.seen("never", "a", "b")(run) == "b"
    assert {letter: answer(run) for letter, answer in authoring.choices("c", "d").items()} == {
        "c": "c",
        "d": "d",
    }


def test_a_knob_takes_text_of_its_form_only() -> None:
    knobs = {
        "n": authoring.Choice(("1", "2")),
        "name": authoring.Text("a.test", r"[a-z.]+\.test", "It ends in .test."),
    }
    toy = Experiment("toy", "Toy", (), (), knobs={**knobs, "any": "x"})
    assert toy.defaults() == {"n": "1", "name": "a.test", "any": "x"}
    assert toy.refusal("name", "google.com") == "It ends in .test."
    assert toy.refusal("n", "3") == "Choose one of: 1, 2."
    assert [toy.refusal(*each) for each in (("name", "b.c.test"), ("n", "2"), ("any", "?"))] == ["", "", ""]

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab import parallel
from machinelab.model import Event, Field
from machinelab.render import json as render

from . import small

KEYS = [
    "number",
    "time",
    "source",
    "network",
    "node",
    "src",
    "dst",
    "protocol",
    "summary",
    "step",
    "steps",
    "exchange",
]
KEYS += ["background", "carriers", "same_as", "fields"]


def objects(view: object, verbose: bool = False) -> list[dict[str, object]]:
    return [json.loads(line) for line in render.events(view, verbose=verbose)]  # type: ignore[arg-type]


def test_every_promised_key_is_always_there() -> None:
    for found in objects(small.cold()) + objects(small.broken()) + objects(small.hostile()):
        assert list(found) == KEYS


def test_an_event() -> None:
    found = objects(small.cold(same_as={"2": (3,)}))
    assert found[1] == {
        "number": 2,
        "time": "1732350926.123856789",
        "source": "packets",
        "network": "internet",
        "node": None,
        "src": "resolver",
        "dst": "root",
        "protocol": "dns",
        "summary": "NS? test",
        "step": "ask-root",
        "steps": ["ask-root"],
        "exchange": 1,
        "background": None,
        "carriers": False,
        "same_as": [3],
        "fields": {},
    }
    assert (found[6]["carriers"], found[6]["step"], found[6]["steps"], found[6]["exchange"]) == (
        True,
        None,
        [],
        None,
    )
    assert found[9]["background"] == "arp"


def test_fields_are_lists_of_text_and_flags() -> None:
    content = small.Told(
        "x",
        (
            Field("dns.a", "198.18.9.80", 40, 44, group="dns/Answers/1"),
            Field("dns.flags.recdesired", True, 2, 4, "frame", 0x0100, "dns"),
            Field("dns.a", "198.18.9.81", 56, 60),
        ),
    )
    view = small.cold()
    view = replace(view, trace=replace(view.trace, events=(Event(1, small.T0, "packets", content),)))
    assert objects(view)[0]["fields"] == {
        "dns.a": ["198.18.9.80", "198.18.9.81"],
        "dns.flags.recdesired": [True],
    }
    placed = objects(view, verbose=True)[0]["fields"]
    assert placed["dns.flags.recdesired"] == [  # type: ignore[index]
        {"value": True, "start": 2, "stop": 4, "buffer": "frame", "mask": 256, "group": "dns"}
    ]


def test_a_run_that_went_well() -> None:
    found = json.loads(render.run(small.cold(), 7))
    assert list(found) == [
        "lab",
        "experiment",
        "run",
        "ok",
        "knobs",
        "headline",
        "harm",
        "steps",
        "missing",
        "undecided",
        "unclaimed",
        "events",
        "failed_commands",
    ]
    assert (found["lab"], found["experiment"], found["run"], found["ok"], found["events"]) == (
        "dns",
        "cold",
        7,
        True,
        11,
    )
    assert found["steps"][:4] == [
        {"id": "ask-resolver", "events": [1]},
        {"id": "ask-root", "events": [2]},
        {"id": "root-refers", "events": [3]},
        {"id": "ask-tld", "events": [4, 5]},
    ]


def test_a_run_that_differs() -> None:
    found = json.loads(render.run(small.broken(), None))
    assert found["run"] is None
    assert found["ok"] is False
    assert found["missing"][0] == {
        "id": "root-refers",
        "reason": "Packet 3 is the reply to ask-root (packet 2), but dns.count.answers was 1, wanted 0.",
        "near": {"event": 3, "failed": [{"field": "dns.count.answers", "was": "1", "wanted": "0"}]},
    }
    assert found["undecided"] == [["ask-root", "answer"]]
    assert found["unclaimed"] == [3, 10]


def test_other_evidence_is_cited_with_its_source() -> None:
    assert render.reference(Event(3, 0, "wal", small.Told("COMMIT"))) == "wal:3"
    assert render.reference(small.cold_events()[2]) == 3


def test_time_keeps_its_nanoseconds() -> None:
    assert render.moment(1_732_350_926_123_456_789) == "1732350926.123456789"
    assert render.moment(5) == "0.000000005"
    assert render.moment(-1_500_000_000) == "-1.500000000"


@given(st.text(st.one_of(st.characters(), st.sampled_from("\x7f\x9b\x1b\u202e\udc80"))))
def test_any_text_comes_back_and_harms_no_terminal(text: str) -> None:
    line = render.dump({"summary": text})
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line) == {"summary": text}


def test_del_is_escaped_though_it_is_ascii() -> None:
    assert render.dump({"summary": "a\x7fb"}) == '{"summary": "a\\u007fb"}'


@pytest.mark.parametrize("verbose", [False, True])
def test_rows_in_batches_by_several_processes_are_the_same_lines(
    verbose: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = small.cold()
    rows = list(view.rows()) * 9
    monkeypatch.setattr(parallel, "BATCH", len(rows) // 2)  # two whole batches and a row or none
    monkeypatch.setattr(parallel, "LEAST", 2)
    monkeypatch.setattr(parallel, "SIZE", 3)
    monkeypatch.setattr(parallel, "workers", lambda: 2)
    found = "\n".join(render.listed(iter(rows), verbose)).splitlines()
    assert found == list(render.events(view, verbose=verbose)) * 9

"""Evidence while a question is open: nothing in any view tells what a packet is for."""

import json

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.analysis.blind import blind
from machinelab.analysis.view import View
from machinelab.render import json as as_json
from machinelab.render import ladder, table, verdict
from machinelab.render.terminal import TerminalStyle

LABS = catalog.made()


def views(lab: str) -> list[View]:
    opened = catalog.load_lab(lab)
    return [reading.open_reference(opened, experiment.id).view() for experiment in opened.core_path]


@pytest.mark.parametrize("lab", LABS)
def test_no_step_no_sentence_no_verdict(lab: str) -> None:
    for view in views(lab):
        seen, terminal = blind(view), TerminalStyle(200)
        lines = [*table.title(seen, terminal), *table.table(seen, terminal, quiet=True)]
        lines += ladder.ladder(seen, TerminalStyle(400))
        said = "\n".join(lines)
        for step in view.experiment.steps:
            sentence = view.words.sentence(step.id)
            assert not sentence or sentence not in " ".join(said.split())
            if "-" in step.id:
                assert f" {step.id}" not in said and f"{step.id}:" not in said, step.id
        assert view.experiment.title not in said
        assert seen.happened is None
        assert "✓" not in said and "✗" not in said


def test_the_packets_are_all_there_and_keep_their_names() -> None:
    (view, *_) = views("dns")
    seen = blind(view)
    assert seen.trace is view.trace
    assert [row.hop for row in seen.rows()] == [row.hop for row in view.rows()]
    assert [row.quiet for row in seen.rows()] == [row.quiet for row in view.rows()]
    whole = json.loads(as_json.run(seen, None))
    assert whole["steps"] == {} or not any(whole["steps"])
    assert whole["headline"] is None and whole["missing"] == []


def test_a_verdict_on_what_is_blind_says_nothing_of_the_guide() -> None:
    (view, *_) = views("dns")
    said = "\n".join(verdict.verdict(blind(view), TerminalStyle(200)))
    assert "steps" not in said.replace("No step of the guide seen.", "")

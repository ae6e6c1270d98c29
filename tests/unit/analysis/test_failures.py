"""Commands that end with an exit code that their author does not expect, and who is told of them."""

import json
from dataclasses import replace

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.analysis.failures import allowance, failed_commands
from machinelab.model import At, Experiment
from machinelab.render import json as as_json
from machinelab.render import verdict
from machinelab.render.terminal import TerminalStyle
from machinelab.store import runs
from machinelab.store.runs import Command, RunInfo

EXPERIMENT = Experiment(
    "e",
    "",
    run=(
        At("stub", "dig a"),
        At("stub", "dig {name}", exits=(0, 9)),
        At("auth", "serve", background=True),
        At("stub", "dig c"),
    ),
    steps=(),
    reset=(At("stub", "flush", exits=(0, 1)),),
    after=(At("auth", "mend"),),
)


def ended(phase, node, exit, stderr="", argv=("dig", "x")):
    return Command(phase, node, argv, exit, 0, 1, "", stderr)


def failed(*commands):
    return failed_commands(EXPERIMENT, RunInfo("dns", "e", commands=commands))


def test_a_command_fails_with_an_exit_code_that_its_author_does_not_name():
    (found,) = failed(
        ended("run", "stub", 9, "one\n;; no servers could be reached\n"), ended("run", "stub", 9)
    )
    assert str(found) == "`dig x` on stub failed with exit code 9: ;; no servers could be reached"
    assert found.declared == EXPERIMENT.run[0]
    assert allowance(found) == (
        "Mend the command; if it is meant to end so, declare it: At('stub', …, exits=(0, 9))."
    )


def test_each_phase_is_held_to_its_own_declarations():
    assert failed(ended("reset", "stub", 1), ended("run", "stub", 0), ended("run", "stub", 9)) == ()
    found = failed(ended("run", "auth", 3), ended("after", "auth", 4))
    assert [(each.phase, each.exit) for each in found] == [("run", 3), ("after", 4)]


def test_a_command_that_was_ended_did_not_fail():
    assert failed(ended("run", "stub", None), ended("run", "auth", None)) == ()


def test_a_command_that_the_experiment_has_no_more_is_held_to_zero():
    (found,) = failed(ended("run", "gone", 0), ended("run", "gone", 1))
    assert found.declared is None and "exits=(0, 1)" in allowance(found)


def cold():
    found = reading.open_reference(catalog.load_lab("dns"), "cold")
    assert found.info
    stub = next(c for c in found.info.commands if c.phase == "run")
    commands = tuple(
        replace(c, exit=9, stderr=";; timed\x1b out\n") if c is stub else c for c in found.info.commands
    )
    return replace(found, info=replace(found.info, commands=commands), origin="run 7")


def test_a_run_with_a_failed_command_is_not_ok_and_says_which():
    found = cold()
    assert found.run.alignment.ok and not found.ok
    text = "\n".join(verdict.verdict(found.view(), TerminalStyle(width=160)))
    assert "✗ `dig +tries=1" in text and "on stub failed with exit code 9: ;; timed\\x1b out." in text
    assert "What does stub say?  machinelab logs dns stub" in text
    data = json.loads(as_json.run(found.view(), 7))
    assert data["ok"] is False
    (told,) = data["failed_commands"]
    assert (told["node"], told["exit"], told["stderr"]) == ("stub", 9, ";; timed\x1b out")
    assert told["command"].startswith("dig ") and told["hint"] == "machinelab logs dns stub"


def test_a_command_of_ones_own_may_fail():
    found = replace(cold(), strict=False)
    assert found.ok and found.failed_commands == ()


def test_no_shipped_reference_holds_a_failed_command():
    for lab in map(catalog.load_lab, catalog.ready()):
        for experiment in lab.experiments:
            info = runs.read(catalog.reference_folder(lab.id) / experiment.id)
            assert failed_commands(experiment, info) == (), (lab.id, experiment.id)

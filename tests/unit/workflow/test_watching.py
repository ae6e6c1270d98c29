"""What is said while a run goes on, on a shipped reference played back packet by packet."""

from dataclasses import replace

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.engine.topology import RunningLab
from machinelab.model import Event
from machinelab.render import table
from machinelab.render.terminal import TerminalStyle
from machinelab.store import runs
from machinelab.workflow import watching


def test_a_packet_is_annotated_as_it_comes_and_so_is_its_reply() -> None:
    found = reading.open_reference(catalog.load_lab("dns"), "cold")
    lines: list[str] = []
    on_event = watching.printer(found.lab, found.experiment, TerminalStyle(160), lines.append)
    where = RunningLab("dns", "default", found.run.trace.nodes, {}, {})
    steps = found.run.alignment.steps_of()

    def printed(event: Event) -> str:
        del lines[:]
        on_event(event, where)
        return "\n".join(lines)

    for event in found.run.trace.events:
        text = printed(event)
        for step, _ in steps.get(event.id, ()):
            assert f" {step.id} " in text
        if not steps.get(event.id):
            assert not any(f" {step.id} " in text for step in found.experiment.steps)


def test_what_a_learners_own_command_printed_is_told() -> None:
    command = runs.Command("run", "stub", ("dig", "+short", "mx"), 0, 0, 1, "10 mail.test.\n\x1b[2J\n")
    found = reading.open_reference(catalog.load_lab("dns"), "cold")
    assert found.info is not None
    info = replace(found.info, commands=(command,))
    own = replace(
        found,
        info=info,
        run=replace(found.run, experiment=replace(found.experiment, id=reading.TRY)),
    )
    assert list(table.said(own.said(), TerminalStyle(80))) == ["10 mail.test.", "\\x1b[2J", ""]
    assert replace(found, info=info).said() == ""
    assert list(table.said("", TerminalStyle(80))) == []

"""The inspector whole: marks, copies, ladder, questions, comparisons, exports, hostile evidence."""

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.analysis.blind import blind
from machinelab.inspector.ui.app import Inspector
from machinelab.inspector.ui.material import Material
from machinelab.inspector.ui.overlay import Overlay

from ...render import small
from . import screens
from .driven import drive, here, keys


def test_marked_packets_are_compared_field_by_field():
    async def act(pilot, app):
        await keys(pilot, "m", "J", "J", "J", "c")
        assert isinstance(app.screen, Overlay)
        text = screens.text(app)
        assert "dns.flags.recdesired" in text and "→" in text
        await keys(pilot, "escape")
        assert app.screen.id == "panes"

    drive(act, size=(120, 60))


def test_copy_goes_to_the_terminals_clipboard():
    async def act(pilot, app):
        await keys(pilot, "3")
        app.workspace.tree.seek("dns.qry.name")
        await keys(pilot, "Y")
        assert app.clipboard == 'dns.qry.name == "www.example.test"'
        await keys(pilot, "y")
        assert app.clipboard == "www.example.test"
        await keys(pilot, "4", "y")
        assert (
            bytes.fromhex(app.clipboard)
            == here(app).content.buffers()["frame"][slice(*app.workspace.bytes_pane.marked)]
        )

    drive(act)


def test_the_ladder_shares_the_cursor():
    async def act(pilot, app):
        await keys(pilot, "v")
        assert "├" in screens.text(app)
        await keys(pilot, "down", "down", "down")
        assert here(app).id == "4" and app.workspace.tree.row.event.id == "4"
        await keys(pilot, "G", "v")
        assert here(app).id == "16" and app.workspace.packet_list.cursor == 15

    drive(act)


def test_a_question_is_answered_by_pointing():
    async def act(pilot, app):
        await keys(pilot, "w")
        assert app.workspace.guide.called == "worksheet"
        while not app.worksheet.page.pointing():
            await keys(pilot, "right_curly_bracket")
        run = app.selection.material.run
        answer = app.worksheet.page.question.answer(run)
        wrong = next(event.id for event in run.trace.events if event.id not in answer)
        app.cursor.move_to_event(wrong)
        await keys(pilot, "enter")
        assert "Not yet" in app.workspace.guide.text
        assert screens.text(app).count("✗ Not yet") == 2  # in the pane, and where remarks stand
        app.cursor.move_to_event(next(iter(answer)))
        await keys(pilot, "enter")
        assert "Right." in app.workspace.guide.text
        await keys(pilot, "full_stop", "w")
        assert app.workspace.guide.called == "guide"

    drive(act)


def test_the_verdict_is_in_sight_however_long_the_question():
    async def act(pilot, app):
        await keys(pilot, "w", "a", *screens.typed("77"), "enter")
        lines = screens.text(app).splitlines()
        assert sum("✗ Not yet (77)" in line for line in lines) == 2
        await keys(pilot, "full_stop")
        assert sum("Hint:" in line for line in screens.text(app).splitlines()) == 2

    drive(act, size=(80, 24))


def test_the_last_line_names_the_keys_of_the_question():
    async def act(pilot, app):
        last = screens.text(app).splitlines()[-1]
        assert "answer" not in last and "hint" not in last
        await keys(pilot, "w")
        last = screens.text(app).splitlines()[-1]
        assert "a answer" in last and ". hint" in last and "} next question" in last and "w guide" in last
        while not app.worksheet.page.pointing():
            await keys(pilot, "right_curly_bracket")
        assert "Enter this packet" in screens.text(app).splitlines()[-1]
        await keys(pilot, "w")
        assert "hint" not in screens.text(app).splitlines()[-1]

    drive(act)


def test_while_a_question_is_open_the_evidence_is_blind():
    async def act(pilot, app):
        whole = app.selection.material
        assert "root-refers" in screens.text(app) and "as the guide says" in screens.text(app)
        app.cursor.move_to_event("5")
        await keys(pilot, "w")
        blind = screens.text(app)
        assert "root-refers" not in blind and "as the guide says" not in blind and "priming" not in blind
        assert "found 198.51.100.80" not in blind
        assert here(app).id == "5" and len(app.selection.shown) == 16
        await keys(pilot, "v")
        assert "root-refers" not in screens.text(app)
        await keys(pilot, "v")
        answer = app.worksheet.page.question.answer(whole.run)
        await keys(pilot, "a", *screens.typed(str(answer)), "enter")
        assert app.selection.material is whole and "root-refers" in screens.text(app)
        await keys(pilot, "right_curly_bracket")  # the next is open again
        assert "root-refers" not in screens.text(app)
        await keys(pilot, "w")
        assert app.selection.material is whole and "root-refers" in screens.text(app)

    drive(act)


def test_a_number_is_answered_by_typing():
    async def act(pilot, app):
        await keys(pilot, "w", "a", *screens.typed("no number"), "enter")
        assert "✗" in app.workspace.guide.text
        answer = app.worksheet.page.question.answer(app.selection.material.run)
        await keys(pilot, "a", *screens.typed(str(answer)), "enter")
        assert "Right." in app.workspace.guide.text

    drive(act)


def test_another_run_is_compared_step_by_step():
    async def act(pilot, app):
        await keys(pilot, "d", "enter")
        assert isinstance(app.screen, Overlay) and "shape." in screens.text(app)
        await keys(pilot, "n")
        shown = screens.text(app)
        here = next(line for line in shown.splitlines() if "▸" in line)
        assert here.lstrip(" ▸")[0] in "~+-" and " │ " in shown
        await keys(pilot, "n", "N", "enter")
        step = here.lstrip(" ▸~+-").split()[0]
        assert not isinstance(app.screen, Overlay)
        assert (
            step in [each.id for each, _ in app.selection.row.steps]
            or "Only the other run" in app.status.message
        )
        await keys(pilot, "d", "enter", "j", "j", "j", "j", "j", "j", "enter")
        assert app.selection.row.steps

    drive(act)


def test_two_runs_without_room_are_told_one_after_the_other():
    async def act(pilot, app):
        await keys(pilot, "d", "enter", "G", "enter")
        assert app.screen.id == "panes"

    drive(act, size=(40, 20))


def test_export_writes_what_is_shown(tmp_path):
    async def act(pilot, app):
        await keys(pilot, "slash", *screens.typed("dns.qry.type == 48"), "enter", "e")
        app.workspace.prompt.value = str(tmp_path / "out.svg")
        await keys(pilot, "enter")
        assert "Wrote" in app.status.message
        await keys(pilot, "e")
        app.workspace.prompt.value = str(tmp_path / "out.nothing")
        await keys(pilot, "enter")
        assert app.workspace.asking and "ends in none of" in screens.text(app)

    drive(act)
    assert (tmp_path / "out.svg").read_text().count("data-event") == 6


def test_every_key_of_the_table_does_something_everywhere():
    from machinelab.inspector.ui.keys import KEYS

    assert {entry.action for entry in KEYS} == screens.opened().actions.keys()


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (80, 24)])
@pytest.mark.parametrize("name", ["cold", "broken", "hostile"])
def test_hostile_evidence_is_shown_plainly(name, size):
    async def act(pilot, app):
        for key in (
            "down",
            "3",
            "G",
            "4",
            "v",
            "2",
            "1",
            "f",
            "escape",
            "question_mark",
            "escape",
            "t",
            "escape",
            "slash",
            "escape",
        ):
            await keys(pilot, key)
            text = screens.text(app)
            assert "cannot be drawn" not in text and "failed at" not in text
            assert all(line.isprintable() for line in text.split("\n"))

    from machinelab.inspector.ui.material import Material

    drive(
        act,
        Inspector(Material(getattr(small, name)(), section=lambda step: f"## {step}\n\n{small.HOSTILE}")),
        size,
    )


def test_no_packets_at_all():
    from dataclasses import replace

    from machinelab.inspector.ui.material import Material

    view = small.cold()
    alignment = replace(view.alignment, claims=())

    async def act(pilot, app):
        await keys(
            pilot,
            *(key for key in "jkghl3421vvtfrnNmcyYsb"),
            "escape",
            "escape",
            "space",
            "p",
            "exclamation_mark",
        )
        assert "failed at" not in screens.text(app)

    drive(act, Inspector(Material(replace(view, trace=replace(view.trace, events=()), alignment=alignment))))


def test_evidence_that_is_shown_blind_says_why_it_says_nothing():
    async def act(pilot, app):
        assert "A question is open" in app.workspace.guide.text
        await keys(pilot, "space")
        assert "A question is open" in app.status.message and here(app).id == "1"

    found = reading.open_reference(catalog.load_lab("dns"), "cold")
    drive(act, Inspector(Material(blind(found.view()))))

"""Asking: filters with their completion and history, search, one step's packets."""

from textual import events

from . import screens
from .driven import drive, here, keys


def test_a_filter_leaves_what_fits_and_escape_brings_all_back():
    async def act(pilot, app):
        await keys(pilot, "slash", *screens.typed("dns.qry.type == 48"), "enter")
        assert len(app.selection.shown) == 6 and all(
            app.selection.event["dns.qry.type"] == 48 for _ in app.selection.shown
        )
        assert app.workspace.preferences.history == ("dns.qry.type == 48",)
        await keys(pilot, "escape")
        assert len(app.selection.shown) == 16

    drive(act)


def test_what_is_typed_before_the_line_has_opened_is_in_it():
    async def act(pilot, app):
        for character in "/dns.qry.type == 48":
            app.post_message(events.Key("slash" if character == "/" else character, character))
        await screens.settled(pilot)
        assert app.workspace.prompt.value == "dns.qry.type == 48"

    drive(act)


def test_a_wrong_filter_is_told_under_the_place_and_can_be_mended():
    async def act(pilot, app):
        await keys(pilot, "slash", *screens.typed("dns and nosuch"), "enter")
        text = screens.text(app)
        lines = text.split("\n")
        at = next(i for i, line in enumerate(lines) if line.startswith("dns and nosuch"))
        assert lines[at + 1].rstrip() == " " * 8 + "^"
        assert "nosuch" in lines[at + 2]
        for _ in range(6):
            await pilot.press("backspace")
        await keys(pilot, *screens.typed("udp"), "enter")
        assert not app.workspace.asking and len(app.selection.shown) == 16

    drive(act)


def test_completion_by_tab_and_history_by_up():
    async def act(pilot, app):
        await keys(pilot, "slash", *screens.typed("dns.qry.na"), "tab")
        assert app.workspace.prompt.value == "dns.qry.name"
        await keys(pilot, *screens.typed(" == "), "tab", "enter")
        assert app.selection.expression.startswith('dns.qry.name == "')
        await keys(pilot, "escape", "slash", "up")
        assert app.workspace.prompt.value.startswith('dns.qry.name == "')

    drive(act)


def test_a_filter_that_nothing_passes_says_so():
    async def act(pilot, app):
        await keys(pilot, "slash", *screens.typed("dns.id == 1 and dns.id == 2"), "enter")
        assert app.selection.event is None and "No packet passes" in app.workspace.guide.text
        await keys(
            pilot,
            "down",
            "space",
            "r",
            "f",
            "m",
            "c",
            "y",
            "Y",
            "n",
            "3",
            "down",
            "enter",
            "4",
            "right",
            "v",
            "escape",
        )
        assert len(app.selection.shown) == 16

    drive(act)


def test_search_goes_to_the_text_and_on():
    async def act(pilot, app):
        await keys(pilot, "s", *screens.typed("nic.test"), "enter")
        first = here(app).id
        assert "Found in" in app.status.message
        await keys(pilot, "s", "enter")
        assert here(app).id != first or "Found" in app.status.message
        await keys(pilot, "s", *["backspace"] * 10, *screens.typed("zebra"), "enter")
        assert "nowhere" in app.status.message

    drive(act)


def test_one_steps_packets_alone():
    async def act(pilot, app):
        await keys(pilot, "t")
        ids = ["", *(step.id for step in app.selection.material.view.experiment.steps)]
        for _ in range(ids.index("fetch-keys")):
            await pilot.press("down")
        await keys(pilot, "enter")
        assert app.selection.step == "fetch-keys" and len(app.selection.shown) == 3
        await keys(pilot, "escape")
        assert len(app.selection.shown) == 16

    drive(act)


def test_a_term_is_one_key_away():
    async def act(pilot, app):
        await keys(pilot, "T", *screens.typed("isr"), "enter")
        assert "in-sync replicas" in screens.text(app)
        await keys(pilot, "escape", "T", *screens.typed("no such term"), "enter")
        assert "There is no field and no term" in screens.text(app)

    drive(act)

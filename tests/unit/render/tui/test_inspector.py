"""Keys and mouse, on the shipped references: what a key does to the cursor that all panes share."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from machinelab.model import Event
from machinelab.render.tui import arrange
from machinelab.render.tui.inspector import Inspector
from machinelab.render.tui.sheets import Over

from .. import small
from . import screens

Act = Callable[["Pilot[None]", Inspector], Awaitable[None]]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    return tmp_path


def drive(act: Act, app: Inspector | None = None, size: tuple[int, int] = (100, 34)) -> Inspector:
    app = app or screens.opened()

    async def go() -> None:
        async with app.run_test(size=size) as pilot:
            await screens.settled(pilot)
            await act(pilot, app)

    asyncio.run(go())
    return app


async def keys(pilot: "Pilot[None]", *names: str) -> None:
    for name in names:
        await pilot.press(name)
    await screens.settled(pilot)


def here(app: Inspector) -> Event:
    assert app.event is not None
    return app.event


def test_one_cursor_moves_every_pane():
    async def act(pilot, app):
        await keys(pilot, "down", "j", "j")
        assert here(app).id == "4" and app.packets.cursor == 3
        assert app.outline.row.event.id == "4"
        assert app.octets.data == here(app).content.buffers()["frame"]
        assert app.page.text.startswith("## ") and "last label" in app.page.text
        await keys(pilot, "K", "G", "g")
        assert here(app).id == "1"

    drive(act)


def test_moving_in_the_tree_marks_the_bytes():
    async def act(pilot, app):
        await keys(pilot, "3", "down")
        node = app.outline.node
        assert node.field and (node.field.start, node.field.stop) == app.octets.marked

    drive(act)


def test_moving_in_the_bytes_finds_the_field():
    async def act(pilot, app):
        await keys(pilot, "4")
        app.octets.go_byte(here(app).fields["dns.qry.type"][0].start)
        await keys(pilot)
        assert app.outline.node.name == "dns.qry.type"
        app.octets.go_byte(0)
        await keys(pilot)
        assert app.outline.node.name in (
            "eth.dst",
            "eth.dst.oui",
            "eth.addr.oui",
            "eth.lg",
            "eth.dst.lg",
            "eth.dst.ig",
            "eth.ig",
        )
        assert app.octets.byte == 0

    drive(act)


def test_every_byte_of_every_packet_can_be_pointed_at():
    async def act(pilot, app):
        for place in range(len(app.shown)):
            app.move_to(place)
            for offset in range(0, len(app.octets.data), 7):
                app.octets.byte = offset
                app._find_field()

    drive(act, screens.opened("truncated"))


def test_space_walks_the_guides_steps_and_back():
    async def act(pilot, app):
        seen = []
        for _ in range(40):
            await keys(pilot, "space")
            seen.append(here(app).id)
        told = [event.id for event in app.material.view.trace.events if app.material.view.steps.get(event.id)]
        assert list(dict.fromkeys(seen)) == told
        assert "last step" in app.message
        await keys(pilot, "b")
        assert here(app).id == told[-2]

    drive(act)


def test_a_filter_leaves_what_fits_and_escape_brings_all_back():
    async def act(pilot, app):
        await keys(pilot, "slash", *screens.typed("dns.qry.type == 48"), "enter")
        assert len(app.shown) == 6 and all(app.event["dns.qry.type"] == 48 for _ in app.shown)
        assert app.shares.history == ("dns.qry.type == 48",)
        await keys(pilot, "escape")
        assert len(app.shown) == 16

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
        assert not app.asking and len(app.shown) == 16

    drive(act)


def test_completion_by_tab_and_history_by_up():
    async def act(pilot, app):
        await keys(pilot, "slash", *screens.typed("dns.qry.na"), "tab")
        assert app.prompt.value == "dns.qry.name"
        await keys(pilot, *screens.typed(" == "), "tab", "enter")
        assert app.expression.startswith('dns.qry.name == "')
        await keys(pilot, "escape", "slash", "up")
        assert app.prompt.value.startswith('dns.qry.name == "')

    drive(act)


def test_a_filter_that_nothing_passes_says_so():
    async def act(pilot, app):
        await keys(pilot, "slash", *screens.typed("dns.id == 1 and dns.id == 2"), "enter")
        assert app.event is None and "No packet passes" in app.page.text
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
        assert len(app.shown) == 16

    drive(act)


def test_reply_next_of_step_and_odd():
    async def act(pilot, app):
        await keys(pilot, "r")
        assert here(app).id == "16"
        await keys(pilot, "r")
        assert here(app).id == "1"
        app.go_to("10")
        await keys(pilot, "n")
        assert here(app).id == "12"
        await keys(pilot, "N", "exclamation_mark")
        assert here(app).id == "10" and "Nothing is odd" in app.message

    drive(act)


def test_what_is_unexplained_is_found_and_told():
    async def act(pilot, app):
        await keys(pilot, "exclamation_mark")
        assert "Not as the guide says" in app.page.text or "No step" in app.page.text
        assert "✗" in screens.text(app)

    drive(act, Inspector(screens.small_material(small.broken())))


def test_search_goes_to_the_text_and_on():
    async def act(pilot, app):
        await keys(pilot, "s", *screens.typed("nic.test"), "enter")
        first = here(app).id
        assert "Found in" in app.message
        await keys(pilot, "s", "enter")
        assert here(app).id != first or "Found" in app.message
        await keys(pilot, "s", *["backspace"] * 10, *screens.typed("zebra"), "enter")
        assert "nowhere" in app.message

    drive(act)


def test_marked_packets_are_compared_field_by_field():
    async def act(pilot, app):
        await keys(pilot, "m", "J", "J", "J", "c")
        assert isinstance(app.screen, Over)
        text = screens.text(app)
        assert "dns.flags.recdesired" in text and "→" in text
        await keys(pilot, "escape")
        assert app.screen.id == "bench"

    drive(act, size=(120, 60))


def test_copy_goes_to_the_terminals_clipboard():
    async def act(pilot, app):
        await keys(pilot, "3")
        app.outline.seek("dns.qry.name")
        await keys(pilot, "Y")
        assert app.clipboard == 'dns.qry.name == "www.example.test"'
        await keys(pilot, "y")
        assert app.clipboard == "www.example.test"
        await keys(pilot, "4", "y")
        assert bytes.fromhex(app.clipboard) == here(app).content.buffers()["frame"][slice(*app.octets.marked)]

    drive(act)


def test_the_ladder_shares_the_cursor():
    async def act(pilot, app):
        await keys(pilot, "v")
        assert "├" in screens.text(app)
        await keys(pilot, "down", "down", "down")
        assert here(app).id == "4" and app.outline.row.event.id == "4"
        await keys(pilot, "G", "v")
        assert here(app).id == "16" and app.packets.cursor == 15

    drive(act)


def test_one_steps_packets_alone():
    async def act(pilot, app):
        await keys(pilot, "t")
        ids = ["", *(step.id for step in app.material.view.experiment.steps)]
        for _ in range(ids.index("fetch-keys")):
            await pilot.press("down")
        await keys(pilot, "enter")
        assert app.step == "fetch-keys" and len(app.shown) == 3
        await keys(pilot, "escape")
        assert len(app.shown) == 16

    drive(act)


def test_playing_goes_on_by_itself_and_stops():
    async def act(pilot, app):
        await keys(pilot, "left_square_bracket")
        assert app.shares.slower == 1
        await pilot.press("p")
        await pilot.pause(0.6)
        assert app.at > 2
        await keys(pilot, "p")
        at = app.at
        await pilot.pause(0.3)
        assert app.at == at and app._timer is None

    drive(act)


def test_a_question_is_answered_by_pointing():
    async def act(pilot, app):
        await keys(pilot, "w")
        assert app.page.called == "worksheet"
        while not app.sitting.pointing():
            await keys(pilot, "right_curly_bracket")
        run = app.material.run
        answer = app.sitting.question.answer(run)
        wrong = next(event.id for event in run.trace.events if event.id not in answer)
        app.go_to(wrong)
        await keys(pilot, "enter")
        assert "Not yet" in app.page.text
        app.go_to(next(iter(answer)))
        await keys(pilot, "enter")
        assert "Right." in app.page.text
        await keys(pilot, "full_stop", "w")
        assert app.page.called == "guide"

    drive(act)


def test_a_number_is_answered_by_typing():
    async def act(pilot, app):
        await keys(pilot, "w", "a", *screens.typed("no number"), "enter")
        assert "✗" in app.page.text
        answer = app.sitting.question.answer(app.material.run)
        await keys(pilot, "a", *screens.typed(str(answer)), "enter")
        assert "Right." in app.page.text

    drive(act)


def test_another_run_is_compared_step_by_step():
    async def act(pilot, app):
        await keys(pilot, "d", "enter")
        assert isinstance(app.screen, Over) and "shape." in screens.text(app)
        await keys(pilot, "n")
        shown = screens.text(app)
        here = next(line for line in shown.splitlines() if "▸" in line)
        assert here.lstrip(" ▸")[0] in "~+-" and " │ " in shown
        await keys(pilot, "n", "N", "enter")
        step = here.lstrip(" ▸~+-").split()[0]
        assert not isinstance(app.screen, Over)
        assert step in [each.id for each, _ in app.row.steps] or "Only the other run" in app.message
        await keys(pilot, "d", "enter", "j", "j", "j", "j", "j", "j", "enter")
        assert app.row.steps

    drive(act)


def test_two_runs_without_room_are_told_one_after_the_other():
    async def act(pilot, app):
        await keys(pilot, "d", "enter", "G", "enter")
        assert app.screen.id == "bench"

    drive(act, size=(40, 20))


def test_export_writes_what_is_shown(tmp_path):
    async def act(pilot, app):
        await keys(pilot, "slash", *screens.typed("dns.qry.type == 48"), "enter", "e")
        app.prompt.value = str(tmp_path / "out.svg")
        await keys(pilot, "enter")
        assert "Wrote" in app.message
        await keys(pilot, "e")
        app.prompt.value = str(tmp_path / "out.nothing")
        await keys(pilot, "enter")
        assert app.asking and "ends in none of" in screens.text(app)

    drive(act)
    assert (tmp_path / "out.svg").read_text().count("data-event") == 6


def test_panes_fold_zoom_and_are_remembered(home):
    memory = home / "inspect.json"

    async def act(pilot, app):
        await keys(pilot, "2", "x", "z", "plus", "L")

    drive(act, screens.opened(memory=memory))
    kept = arrange.load(memory)
    assert kept.folded == ("guide",) and kept.theme == "light" and kept.events > arrange.Shares().events

    async def again(pilot, app):
        assert app.page.size.width == 0
        await keys(pilot, "2")
        assert app.page.size.width > 0

    drive(again, screens.opened(memory=memory))


def test_the_mouse_points_scrolls_and_resizes():
    async def act(pilot, app):
        await pilot.click("#events", offset=(10, 5))
        assert here(app).id == "5"
        await pilot.click("#bytes", offset=(6, 1))
        await keys(pilot)
        assert app.octets.byte == 0 and app.outline.node.name.startswith("eth")
        await pilot.click("#tree", offset=(20, 3))
        await keys(pilot)
        assert app.here == "tree"
        before = app.octets.size.height
        await pilot.mouse_down("#bytes", offset=(30, 0))
        await pilot.hover("#tree", offset=(30, 4))
        await pilot.mouse_up("#tree", offset=(30, 4))
        await keys(pilot)
        assert app.octets.size.height != before

    drive(act)


@pytest.mark.parametrize(("size", "share", "right"), [
    ((100, 34), "guide", "tree"), ((160, 50), "side", "guide"), ((250, 70), "tree", "bytes"),
])  # fmt: skip
def test_a_border_between_panes_is_dragged_and_remembered(home, size, share, right):
    memory = home / "inspect.json"

    async def act(pilot, app):
        pane = app.panes[right]
        before = pane.region.x
        y = pane.region.y + 2
        await pilot.mouse_down(offset=(before - 1, y))
        await pilot.hover(offset=(before - 13, y))
        await pilot.mouse_up(offset=(before - 13, y))
        await keys(pilot)
        assert abs(pane.region.x - (before - 12)) <= 3
        await pilot.hover(offset=(before - 30, y))  # the button is up: nothing follows
        assert abs(pane.region.x - (before - 12)) <= 3

    drive(act, screens.opened(memory=memory), size)
    assert getattr(arrange.load(memory), share) != getattr(arrange.Shares(), share)


def test_fields_and_bytes_grow_and_shrink_beside_each_other_on_a_wide_screen():
    async def act(pilot, app):
        before = app.outline.size.width
        await keys(pilot, "3", "greater_than_sign")
        assert before < (grown := app.outline.size.width)
        await keys(pilot, "4", "greater_than_sign")
        assert app.outline.size.width < grown

    drive(act, size=(250, 70))


def test_every_key_of_the_table_does_something_everywhere():
    from machinelab.render.tui.keys import KEYS

    for entry in KEYS:
        assert hasattr(Inspector, f"_do_{entry.action}"), entry


def test_resize_in_the_middle_of_anything():
    async def act(pilot, app):
        sizes = [(20, 5), (250, 70), (80, 24), (1, 1), (60, 15), (139, 40), (48, 14)]
        for open_ in (
            (),
            ("v",),
            ("slash", "d", "n"),
            ("escape",),
            ("question_mark",),
            ("escape", "f"),
            ("escape", "4"),
            ("z",),
        ):
            await keys(pilot, *open_)
            for size in sizes:
                await pilot.resize_terminal(*size)
                await pilot.pause()
                assert "cannot be drawn" not in screens.text(app)

    drive(act)


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

    from machinelab.render.tui.material import Material

    drive(
        act,
        Inspector(Material(getattr(small, name)(), section=lambda step: f"## {step}\n\n{small.HOSTILE}")),
        size,
    )


def test_no_packets_at_all():
    from dataclasses import replace

    from machinelab.render.tui.material import Material

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


def test_a_title_clicked_twice_folds_its_pane():
    async def act(pilot, app):
        await pilot.click("#tree", offset=(20, 0), times=2)
        await keys(pilot)
        assert app.shares.folded == ("tree",) and app.here == "events"
        await keys(pilot, "3")
        assert app.shares.folded == () and app.here == "tree"

    drive(act)

"""Panes: folded, dragged, grown, remembered, and what a resize in the middle of anything does."""

import pytest

from machinelab.inspector.ui import layout

from . import screens
from .driven import drive, here, keys


def test_panes_fold_zoom_and_are_remembered(home):
    memory = home / "inspect.json"

    async def act(pilot, app):
        await keys(pilot, "2", "x", "z", "plus", "L")

    drive(act, screens.opened(memory=memory))
    kept = layout.load(memory)
    assert kept.folded == ("guide",) and kept.theme == "light" and kept.events > layout.Preferences().events

    async def again(pilot, app):
        assert app.workspace.guide.size.width == 0
        await keys(pilot, "2")
        assert app.workspace.guide.size.width > 0

    drive(again, screens.opened(memory=memory))


def test_the_mouse_points_scrolls_and_resizes():
    async def act(pilot, app):
        await pilot.click("#events", offset=(10, 5))
        assert here(app).id == "5"
        await pilot.click("#bytes", offset=(6, 1))
        await keys(pilot)
        assert app.workspace.bytes_pane.byte == 0 and app.workspace.tree.node.name.startswith("eth")
        await pilot.click("#tree", offset=(20, 3))
        await keys(pilot)
        assert app.workspace.focused == "tree"
        before = app.workspace.bytes_pane.size.height
        await pilot.mouse_down("#bytes", offset=(30, 0))
        await pilot.hover("#tree", offset=(30, 4))
        await pilot.mouse_up("#tree", offset=(30, 4))
        await keys(pilot)
        assert app.workspace.bytes_pane.size.height != before

    drive(act)


@pytest.mark.parametrize(("size", "share", "right"), [
    ((100, 34), "guide", "tree"), ((160, 50), "side", "guide"), ((250, 70), "tree", "bytes"),
])  # fmt: skip
def test_a_border_between_panes_is_dragged_and_remembered(home, size, share, right):
    memory = home / "inspect.json"

    async def act(pilot, app):
        pane = app.workspace.panes[right]
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
    assert getattr(layout.load(memory), share) != getattr(layout.Preferences(), share)


def test_fields_and_bytes_grow_and_shrink_beside_each_other_on_a_wide_screen():
    async def act(pilot, app):
        before = app.workspace.tree.size.width
        await keys(pilot, "3", "greater_than_sign")
        assert before < (grown := app.workspace.tree.size.width)
        await keys(pilot, "4", "greater_than_sign")
        assert app.workspace.tree.size.width < grown

    drive(act, size=(250, 70))


def test_a_title_clicked_twice_folds_its_pane():
    async def act(pilot, app):
        await pilot.click("#tree", offset=(20, 0), times=2)
        await keys(pilot)
        assert app.workspace.preferences.folded == ("tree",) and app.workspace.focused == "events"
        await keys(pilot, "3")
        assert app.workspace.preferences.folded == () and app.workspace.focused == "tree"

    drive(act)


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

"""Moving: one cursor that all panes share, by keys, in the tree, in the bytes, along the guide's steps."""

from machinelab.inspector.ui.app import Inspector

from ...render import small
from . import screens
from .driven import drive, here, keys


def test_one_cursor_moves_every_pane():
    async def act(pilot, app):
        await keys(pilot, "down", "j", "j")
        assert here(app).id == "4" and app.workspace.packet_list.cursor == 3
        assert app.workspace.tree.row.event.id == "4"
        assert app.workspace.bytes_pane.data == here(app).content.buffers()["frame"]
        assert app.workspace.guide.text.startswith("## ") and "last label" in app.workspace.guide.text
        await keys(pilot, "K", "G", "g")
        assert here(app).id == "1"

    drive(act)


def test_moving_in_the_tree_marks_the_bytes():
    async def act(pilot, app):
        await keys(pilot, "3", "down")
        node = app.workspace.tree.node
        assert node.field and (node.field.start, node.field.stop) == app.workspace.bytes_pane.marked

    drive(act)


def test_moving_in_the_bytes_finds_the_field():
    async def act(pilot, app):
        await keys(pilot, "4")
        app.workspace.bytes_pane.go_byte(here(app).fields["dns.qry.type"][0].start)
        await keys(pilot)
        assert app.workspace.tree.node.name == "dns.qry.type"
        app.workspace.bytes_pane.go_byte(0)
        await keys(pilot)
        assert app.workspace.tree.node.name in (
            "eth.dst",
            "eth.dst.oui",
            "eth.addr.oui",
            "eth.lg",
            "eth.dst.lg",
            "eth.dst.ig",
            "eth.ig",
        )
        assert app.workspace.bytes_pane.byte == 0

    drive(act)


def test_every_byte_of_every_packet_can_be_pointed_at():
    async def act(pilot, app):
        for place in range(len(app.selection.shown)):
            app.cursor.move_to(place)
            for offset in range(0, len(app.workspace.bytes_pane.data), 7):
                app.workspace.bytes_pane.byte = offset
                app.cursor.find_field()

    drive(act, screens.opened("truncated"))


def test_space_walks_the_guides_steps_and_back():
    async def act(pilot, app):
        seen = []
        for _ in range(40):
            await keys(pilot, "space")
            seen.append(here(app).id)
        told = [
            event.id
            for event in app.selection.material.view.trace.events
            if app.selection.material.view.steps.get(event.id)
        ]
        assert list(dict.fromkeys(seen)) == told
        assert "last step" in app.status.message
        await keys(pilot, "b")
        assert here(app).id == told[-2]

    drive(act)


def test_space_reads_on_before_it_goes_on():
    async def act(pilot, app):
        guide = app.workspace.guide
        await keys(pilot, "space")
        first = here(app).id
        assert guide.cut and "more: Space" in screens.text(app)
        seen = [guide.top]
        while guide.cut:
            await keys(pilot, "space")
            assert here(app).id == first and "ask-resolver" in app.status.message
            seen.append(guide.top)
        assert seen == sorted(set(seen)) and "more: Space" not in screens.text(app)
        await keys(pilot, "space")
        assert here(app).id != first and guide.top == 0

    drive(act, size=(80, 24))


def test_reply_next_of_step_and_odd():
    async def act(pilot, app):
        await keys(pilot, "r")
        assert here(app).id == "16"
        await keys(pilot, "r")
        assert here(app).id == "1"
        app.cursor.move_to_event("10")
        await keys(pilot, "n")
        assert here(app).id == "12"
        await keys(pilot, "N", "exclamation_mark")
        assert here(app).id == "10" and "Nothing is odd" in app.status.message

    drive(act)


def test_what_is_unexplained_is_found_and_told():
    async def act(pilot, app):
        await keys(pilot, "exclamation_mark")
        assert "Not as the guide says" in app.workspace.guide.text or "No step" in app.workspace.guide.text
        assert "✗" in screens.text(app)

    drive(act, Inspector(screens.small_material(small.broken())))


def test_playing_goes_on_by_itself_and_stops():
    async def act(pilot, app):
        await keys(pilot, "left_square_bracket")
        assert app.workspace.preferences.slower == 1
        await pilot.press("p")
        await pilot.pause(0.6)
        assert app.selection.at > 2
        await keys(pilot, "p")
        at = app.selection.at
        await pilot.pause(0.3)
        assert app.selection.at == at and not app.player.playing

    drive(act)

"""`P`: the lab's picture of the run on the screen. Lanes begin at the moment of the packet that one comes from, and lead to others."""

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.inspector import opening
from machinelab.inspector.ui.app import Inspector
from machinelab.inspector.ui.overlay import Overlay
from machinelab.inspector.ui.palette import palette
from machinelab.inspector.ui.pictures import lane_line, last_before
from machinelab.model import Figure, Lane, Plot, Track
from machinelab.render.lanes import timed
from machinelab.render.terminal import TerminalStyle
from tests.unit.render.lanes_made import FIGURE, PLOT, STILL

from . import screens
from .driven import drive, here, keys

# The small capture's packets come 10 ms apart or less: a lane that moves with three of them.
MOVES = (0.0, 1.1, 4.9)


def lane() -> Figure:
    track = Track("log end", tuple((when, place) for place, when in enumerate(MOVES)))
    return Figure("kafka", PLOT, (), ("run 7",), (), (Lane("orders/0", (track,)), STILL))


def opened(*figures: Figure) -> Inspector:
    made = {figure.plot.title: lambda figure=figure: figure for figure in figures}  # type: ignore[misc]
    return Inspector(replace(screens.small_material(), figures=lambda: made))


def overlay(app: Inspector) -> Overlay:
    assert isinstance(app.screen, Overlay)
    return app.screen


def test_the_cursor_is_at_the_moment_of_the_packet_that_one_comes_from() -> None:
    async def act(pilot: "Pilot[None]", app: Inspector) -> None:
        await keys(pilot, "G", "P")
        over = overlay(app).pane
        last = over.lines[over.cursor]
        assert "log end 2" in "".join(text for text, _ in last)
        await keys(pilot, "escape", "g", "P")
        over = overlay(app).pane
        assert "log end 0" in "".join(text for text, _ in over.lines[over.cursor])

    drive(act, opened(lane()))


def test_enter_leads_to_the_packet_of_a_moment() -> None:
    async def act(pilot: "Pilot[None]", app: Inspector) -> None:
        view = app.selection.material.view
        nearest = min(view.trace.events, key=lambda event: abs(view.row(event).ms - MOVES[1]))
        await keys(pilot, "g", "P", "down", "enter")
        assert app.screen.id == "panes" and here(app).id == nearest.id

    drive(act, opened(lane()))


def test_a_line_that_is_no_moment_leads_nowhere_and_n_goes_to_the_next_lane() -> None:
    async def act(pilot: "Pilot[None]", app: Inspector) -> None:
        before = here(app).id
        await keys(pilot, "P", "n")
        over = overlay(app).pane
        assert "orders/1" in "".join(text for text, _ in over.lines[over.cursor])
        await keys(pilot, "enter")
        assert here(app).id == before and "is no moment" in screens.text(app)

    drive(act, opened(lane()))


def test_what_is_not_shown_comes_back_where_it_is_led_to() -> None:
    async def act(pilot: "Pilot[None]", app: Inspector) -> None:
        step = next(step.id for step in app.selection.material.view.experiment.steps)
        app.filtering.choose_step(step)
        await screens.settled(pilot)
        assert len(app.selection.shown) < len(app.selection.material.evidence)
        await keys(pilot, "P", "down", "enter")
        assert len(app.selection.shown) == len(app.selection.material.evidence) and not app.selection.step

    drive(act, opened(lane()))


def test_of_several_pictures_one_is_chosen() -> None:
    other = replace(lane(), plot=replace(PLOT, title="Another river"))

    async def act(pilot: "Pilot[None]", app: Inspector) -> None:
        await keys(pilot, "P")
        assert "Another river" in screens.text(app) and "orders/0" not in screens.text(app)
        await keys(pilot, "down", "enter")
        assert "orders/0" in screens.text(app)

    drive(act, opened(lane(), other))


def test_no_picture_is_said_and_nothing_is_laid_over() -> None:
    async def act(pilot: "Pilot[None]", app: Inspector) -> None:
        await keys(pilot, "P")
        assert app.screen.id == "panes" and "no picture" in screens.text(app)

    drive(act, opened())


@pytest.mark.parametrize("size", [(40, 16), (80, 24), (200, 50)], ids=str)
def test_it_fits(size: tuple[int, int]) -> None:
    shown = screens.after(opened(FIGURE), ("P",), size)
    assert "orders/0" in shown or "log end" in shown


def test_what_is_yet_to_come_is_dim_and_the_lane_stands_out_before() -> None:
    told, p = list(timed(FIGURE, TerminalStyle(80))), palette("dark")
    moment = next(line for line in told if line.when == 30.0)
    assert [style for _, style in lane_line(moment, 10.0, p)] == [p.dim]
    assert p.good in [style for _, style in lane_line(moment, 30.0, p)]
    assert told[last_before(told, 12.0)].when == 10.0
    assert last_before(told, -1.0) == 0


def test_a_plot_of_several_runs_is_drawn_as_the_terminal_draws_it() -> None:
    found = reading.open_reference(catalog.load_lab("tcp"), "slow-start")
    shown = screens.after(Inspector(opening.material(found, shipped=True)), ("P", "enter"), (100, 40))
    assert "From reference." in shown


def test_the_river_is_there_for_any_run_of_kafka_and_a_lab_without_pictures_has_none() -> None:
    kafka, dns = catalog.load_lab("kafka"), catalog.load_lab("dns")
    for id in ("leader-killed", "consume"):
        made = opening.figures(reading.open_reference(kafka, id), shipped=True)
        assert list(made) == ["The river"] and made["The river"]().lanes
    assert not opening.figures(reading.open_reference(dns, "cold"), shipped=True)


def test_a_plot_is_of_its_own_experiment_alone() -> None:
    lab = catalog.load_lab("tcp")
    for plot in lab.plots:
        assert isinstance(plot, Plot)
        here = opening.figures(reading.open_reference(lab, plot.experiment), shipped=True)
        assert plot.title in here
        other = next(e.id for e in lab.experiments if e.id not in {one.experiment for one in lab.plots})
        assert plot.title not in opening.figures(reading.open_reference(lab, other), shipped=True)


def test_a_picture_is_of_the_moment_of_the_packet_that_one_comes_from() -> None:
    found = reading.open_reference(catalog.load_lab("tcp"), "handshake")

    async def act(pilot: "Pilot[None]", app: Inspector) -> None:
        for key, state in (("g", "SYN-RECEIVED"), ("G", "CLOSED")):
            await keys(pilot, key, "P")
            chosen = overlay(app).pane
            titles = ["".join(text for text, _ in line) for line in chosen.lines]
            at = next(place for place, title in enumerate(titles) if "states of both ends" in title)
            await keys(pilot, *["down"] * at, "enter")
            drawn = ["".join(text for text, _ in line) for line in overlay(app).pane.lines]
            assert any(state in line and "server now" in line for line in drawn)
            await keys(pilot, "escape")

    drive(act, Inspector(opening.material(found, shipped=True)))

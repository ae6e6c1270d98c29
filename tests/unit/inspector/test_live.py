"""A run in the background, played from a reference: what the inspector is told while it goes on and at the end."""

import asyncio
import threading

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.errors import EngineError
from machinelab.inspector.live import LiveRun
from machinelab.inspector.ui.app import Inspector
from tests.unit.inspector.ui import screens


class Where:
    """What a topology tells of its nodes."""

    def __init__(self, nodes):
        self.nodes = nodes


@pytest.fixture
def cold():
    return reading.open_reference(catalog.load_lab("dns"), "cold")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))


class Played:
    """Performs a run whose packets come when the test says so."""

    def __init__(self, found, error=None):
        self.found, self.error = found, error
        self.go = threading.Semaphore(0)

    def __call__(self, tell, watch):
        tell("stub", "dig")
        for event in self.found.run.trace.events:
            self.go.acquire()
            watch(event, Where(self.found.run.trace.nodes))
        self.go.acquire()
        if self.error:
            raise self.error
        return self.found


def test_packets_come_in_are_held_back_and_none_is_lost(cold):
    played = Played(cold)
    feed = LiveRun("dns", cold.experiment, played)
    feed.start()
    app = Inspector(feed.take(), feed=feed)

    async def until(condition):
        for _ in range(500):
            if condition():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("it did not come")

    async def go():
        async with app.run_test(size=(100, 34)) as pilot:
            await screens.settled(pilot)
            played.go.release(3)
            await until(lambda: len(app.selection.shown) == 3)
            assert (
                app.selection.at == 2
                and "● live" in screens.text(app)
                and "ask-resolver" in screens.text(app)
            )
            await pilot.press("p")
            played.go.release(5)
            await until(lambda: feed.waiting == 5)
            await pilot.pause(0.3)
            assert len(app.selection.shown) == 3 and "5 more held back" in screens.text(app)
            await pilot.press("p")
            await until(lambda: len(app.selection.shown) == 8)
            played.go.release(99)
            await until(lambda: app.live.ended)
            await screens.settled(pilot)
            assert len(app.selection.shown) == 16 and "as the guide says" in screens.text(app)
            assert "root-refers" in screens.text(app)
            await pilot.press("space")
            while app.workspace.guide.cut:
                await pilot.press("space")
            await pilot.press("space")
            assert app.status.message.startswith("2 of 14")

    asyncio.run(go())
    feed.join()
    assert feed.reading is cold


def test_a_filter_goes_on_while_packets_come(cold):
    played = Played(cold)
    feed = LiveRun("dns", cold.experiment, played)
    feed.start()
    app = Inspector(feed.take(), feed=feed)

    async def go():
        async with app.run_test(size=(100, 34)) as pilot:
            played.go.release(10)
            await pilot.pause(0.4)
            await pilot.press("slash", *screens.typed("dns.qry.type == 48"), "enter")
            await screens.settled(pilot)
            played.go.release(99)
            await pilot.pause(1.5)
            await screens.settled(pilot)
            assert app.live.ended and len(app.selection.shown) == 6

    asyncio.run(go())


def test_a_run_that_fails_says_why_on_the_screen(cold):
    played = Played(cold, EngineError("The tap ended.", "Look whether the engine is there."))
    feed = LiveRun("dns", cold.experiment, played)
    feed.start()
    app = Inspector(feed.take(), feed=feed)

    async def go():
        async with app.run_test(size=(100, 34)) as pilot:
            played.go.release(99)
            await pilot.pause(1)
            assert "The tap ended." in screens.text(app) and len(app.selection.shown) == 16

    asyncio.run(go())
    assert feed.reading is None and feed.error is not None

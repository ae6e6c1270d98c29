"""Columns behind the list: the same packets, filters and conversations as when all is read."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.errors import LabError
from machinelab.inspector import large_capture
from machinelab.inspector import opening as inspecting
from machinelab.inspector.ui.app import Inspector
from machinelab.inspector.ui.column_evidence import ColumnEvidence

from . import screens


@pytest.fixture
def file():
    return catalog.reference_folder("dns") / "truncated.pcapng"


@pytest.fixture
def whole():
    return reading.open_reference(catalog.load_lab("dns"), "truncated").run.trace


def test_lines_events_and_places_agree(file, whole):
    bulk = large_capture.columnar(file).evidence
    assert isinstance(bulk, ColumnEvidence) and len(bulk) == len(whole.events)
    for place, event in enumerate(whole.events):
        assert bulk.line(place).id == event.id and bulk.place(event.id) == place
        assert bulk.event(place).content.summary() == event.content.summary()
        assert bulk.line(place).summary == event.content.summary()
    assert bulk.place("0") == bulk.place("9999") == bulk.place("wal:1") == -1


@pytest.mark.parametrize("text", ["", "tcp", "dns.flags.truncated == 1", "dns.qry.type == 48 and udp"])
def test_filters_agree(file, whole, text):
    from machinelab import filter as display

    bulk = large_capture.columnar(file).evidence
    found = sorted(place for piece in bulk.filter(text) for place in piece.found)
    matches = display.compile(text).matches
    assert found == [place for place, event in enumerate(whole.events) if matches(event.fields)]


def test_a_conversation_agrees(file, whole):
    bulk = large_capture.columnar(file).evidence
    event = next(event for event in whole.events if event.stream and event.stream[0] == "tcp")
    assert list(bulk.conversation(event)) == [
        p for p, e in enumerate(whole.events) if e.stream == event.stream
    ]


def test_the_inspector_shows_filters_follows_and_exports(file, tmp_path, monkeypatch):
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    app = Inspector(large_capture.columnar(file))

    async def go():
        async with app.run_test(size=(100, 34)) as pilot:
            for _ in range(200):
                if app.selection.material.evidence.ready:
                    break
                await pilot.pause(0.02)
            await screens.settled(pilot)
            await pilot.press("slash", *screens.typed("tcp"), "enter")
            await screens.settled(pilot)
            assert (
                app.selection.event
                and "tcp" in app.selection.event.fields
                and "dissected" not in screens.text(app)
            )
            await pilot.press("f")
            await screens.settled(pilot)
            assert "tcp stream" in screens.text(app)
            await pilot.press("escape", "v", "v", "r", "e")
            app.workspace.prompt.value = str(tmp_path / "part.pcapng")
            await pilot.press("enter")
            await screens.settled(pilot)
            assert "Wrote" in app.status.message

    asyncio.run(go())
    from machinelab.sources import pcap

    assert len(pcap.load(tmp_path / "part.pcapng").events) == len(app.selection.shown)


CHANGES = {
    "cut": (lambda file: os.truncate(file, 600), "the file was cut"),
    "emptied": (lambda file: file.write_bytes(b""), "the file was cut"),
    "longer": (lambda file: file.write_bytes(file.read_bytes() + bytes(64)), "the file has grown"),
    "gone": (lambda file: file.unlink(), "the file is gone"),
    "another": (lambda file: shutil.copy(file, f"{file}.new") and Path(f"{file}.new").replace(file), "another file"),
}  # fmt: skip


@pytest.mark.parametrize("how", CHANGES)
def test_a_file_that_others_change_is_told_plainly(how, file, tmp_path):
    copy = tmp_path / "changing.pcapng"
    shutil.copy(file, copy)
    change, said = CHANGES[how]
    app = Inspector(large_capture.columnar(copy))

    async def go():
        async with app.run_test(size=(120, 34)) as pilot:
            while not app.selection.material.evidence.ready:
                await pilot.pause(0.02)
            await screens.settled(pilot)
            change(copy)
            for key in ("G", "up", "v", "v", "3", "4", "f", "escape", "1", "r"):
                await pilot.press(key)
                await screens.settled(pilot)
            assert said in screens.text(app)
            await pilot.press("slash", *screens.typed("dns.flags.rcode == 0"), "enter")
            await screens.settled(pilot)
            cut = how in ("cut", "emptied")
            assert ("has become shorter" in screens.text(app)) == cut
            assert (
                app.selection.expression != ""
                and 0 < len(app.selection.shown) < len(app.selection.material.evidence)
            ) != cut
            assert "failed" not in screens.text(app)

    asyncio.run(go())


def test_a_capture_cut_while_it_is_read_raises(file, tmp_path):
    from machinelab.columns import Capture

    copy = tmp_path / "changing.pcapng"
    shutil.copy(file, copy)
    capture = Capture.open(copy)
    os.truncate(copy, 100)
    for ask in (
        lambda: capture.event(1),
        lambda: capture.rows(0, 1),
        lambda: list(capture.filter("ip.ttl > 3")),
    ):
        with pytest.raises(LabError, match="shorter"):
            ask()


def test_a_large_capture_is_read_against_its_guide_meanwhile(file):
    lab = catalog.load_lab("dns")
    shown = large_capture.columnar(file)
    app = Inspector(shown, None, large_capture.ReadAgainstGuide(file, lab, None, None, len(shown.evidence)))

    async def go():
        async with app.run_test(size=(150, 40)) as pilot:
            await screens.settled(pilot)
            for _ in range(500):
                if app.selection.material is not shown:
                    break
                await pilot.pause(0.02)
            await screens.settled(pilot)
            await pilot.press("space")
            assert app.selection.material.view.lab == "dns" and app.selection.row and app.selection.row.steps
            happened = app.selection.material.view.happened
            assert happened is not None and happened.text[:60] in screens.text(app)

    asyncio.run(go())


def test_what_is_too_large_for_a_guide_says_so(file, monkeypatch):
    monkeypatch.setattr(large_capture, "MOST", 3)
    with pytest.raises(LabError, match="more than are read"):
        large_capture.ReadAgainstGuide(file, catalog.load_lab("dns"), None, None, 4)()


def test_the_first_packets_are_shown_before_the_others_are_found(file, monkeypatch):
    monkeypatch.setattr(large_capture, "FIRST", 3)
    lab = catalog.load_lab("dns")
    opening = large_capture.IndexCapture(
        file, b"", lambda total: large_capture.ReadAgainstGuide(file, lab, "truncated", None, total)
    )
    app = Inspector(inspecting.bare(large_capture._beginning(file, None), "", file.name), None, opening)
    seen = []

    async def go():
        async with app.run_test(size=(150, 40)) as pilot:
            seen.append(len(app.selection.shown))
            for _ in range(500):
                if app.selection.material.view.lab:
                    break
                await pilot.pause(0.02)
            await screens.settled(pilot)
            await pilot.press("space")
            assert app.selection.row and app.selection.row.steps and app.status.standing() == ""

    asyncio.run(go())
    assert len(app.selection.shown) == len(app.selection.material.evidence) > 3


def test_walking_and_odd_packets_need_no_look_into_every_packet(file, whole):
    app = Inspector(large_capture.columnar(file))

    async def go():
        async with app.run_test(size=(120, 34)) as pilot:
            while not app.selection.material.evidence.ready:
                await pilot.pause(0.02)
            await screens.settled(pilot)
            await pilot.press("space")
            assert "no steps here" in app.status.message
            await pilot.press("exclamation_mark")
            await screens.settled(pilot)
            odd = [
                p
                for p, e in enumerate(whole.events)
                if {"tcp.analysis.flags", "_ws.malformed"} & e.fields.keys()
            ]
            assert app.selection.expression and list(app.selection.shown) == odd

    asyncio.run(go())

"""The inspector driven without a terminal: keys in, the screen's text out."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from textual.pilot import Pilot

from machinelab import catalog, inspecting, reading
from machinelab.render.tui.inspector import Inspector


def opened(experiment: str = "cold", memory: Path | None = None) -> Inspector:
    """The inspector on a shipped reference."""
    found = reading.open_reference(catalog.load_lab("dns"), experiment)
    return Inspector(inspecting.material(found, shipped=True), memory)


def text(app: Inspector) -> str:
    """What is on the screen, line by line."""
    lines = ["".join(s.text for s in strip) for strip in app.screen._compositor.render_strips()]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def after(app: Inspector, keys: Sequence[str] = (), size: tuple[int, int] = (80, 24)) -> str:
    """The screen after some keys."""
    return asyncio.run(_after(app, keys, size))


async def _after(app: Inspector, keys: Sequence[str], size: tuple[int, int]) -> str:
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
        await settled(pilot)
        return text(app)


async def settled(pilot: "Pilot[None]") -> None:
    """Once nothing is left to do."""
    await pilot.pause()
    app = pilot.app
    assert isinstance(app, Inspector)
    while app._job is not None:
        await asyncio.sleep(0)
    await pilot.pause()


def typed(words: str) -> list[str]:
    """Keys that type some words."""
    names = {
        " ": "space",
        ".": "full_stop",
        "=": "equals_sign",
        '"': "quotation_mark",
        "/": "slash",
        "_": "underscore",
        "-": "minus",
        ">": "greater_than_sign",
        "{": "left_curly_bracket",
        "}": "right_curly_bracket",
        "!": "exclamation_mark",
    }
    return [names.get(letter, letter) for letter in words]

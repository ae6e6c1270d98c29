"""The inspector driven without a terminal: keys in, the screen's text out."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.analysis.view import View
from machinelab.inspector import opening
from machinelab.inspector.ui.app import Inspector
from machinelab.inspector.ui.material import Material
from machinelab.model import Item

from ...render import small
from ...render.test_detail import DATA, FIELDS


def opened(experiment: str = "cold", memory: Path | None = None) -> Inspector:
    """The inspector on a shipped reference."""
    found = reading.open_reference(catalog.load_lab("dns"), experiment)
    return Inspector(opening.material(found, shipped=True), memory)


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
    while app.job.task is not None:
        await asyncio.sleep(0.001)
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


def small_material(view: View | None = None) -> Material:
    """Hand-built packets, all with the same fields and bytes: what they show changes only when the inspector does."""
    view = view or small.cold()
    content = {"frame": DATA, "Reassembled TCP": DATA[42:]}
    events = tuple(
        replace(event, content=small.Told(event.content.summary(), FIELDS, content))
        for event in view.trace.events
    )
    claims = tuple(
        replace(
            c,
            items=tuple(
                Item(events[[e.id for e in view.trace.events].index(i.event.id)], i.message) for i in c.items
            ),
        )
        for c in view.alignment.claims
    )
    told = replace(
        view, trace=replace(view.trace, events=events), alignment=replace(view.alignment, claims=claims)
    )
    return Material(told, section=section)


def section(step: str) -> str:
    """A guide of one sort of section, with everything that Markdown has."""
    sentence = small.WORDS.sentence(step)
    if not sentence:
        return ""
    return (
        f"## {small.WORDS.heading(step) or step}\n\n{sentence} It stands *here*, **loudly**, with `code` and a "
        "[link](there.md).\n\n- `dns.count.answers`: none\n- and another point, so long that it takes more than one line\n\n"
        "1. first\n2. second\n\n> A quotation.\n\n```\n$ a command\n```\n"
    )


def with_records() -> Material:
    """Packets and lines of a log between them, as a source gives them."""
    from machinelab.model import Event, Field
    from machinelab.sources.record import record

    view = small_material().view
    line = b"unbound[1]: cache miss www.example.test"
    made = record(
        [Field("dns.qry.name", "www.example.test", 23, 39, "line", 0, "log")], {"line": line}, "cache miss"
    )
    log = Event(1, small.T0 + 200_000, "unbound", made, node="resolver")
    events = (view.trace.events[0], log, *view.trace.events[1:])
    return Material(replace(view, trace=replace(view.trace, events=events)), section=section)

"""An inspector that a test drives: keys pressed, everything settled, the packet under the cursor."""

import asyncio
from collections.abc import Awaitable, Callable

from textual.pilot import Pilot

from machinelab.inspector.ui.app import Inspector
from machinelab.model import Event

from . import screens

Act = Callable[["Pilot[None]", Inspector], Awaitable[None]]


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
    assert app.selection.event is not None
    return app.selection.event

"""Searching for a text in what is shown: in summaries, in names and values of fields, in bytes."""

import asyncio
import time
from collections.abc import Callable, Mapping

from ... import fields
from ...model import Event
from .cursor import Cursor
from .filtering import SLICE
from .job import Job
from .prompting import Prompting
from .selection import Selection
from .status import Status
from .workspace import Workspace


class Search:
    """Leads to the next packet that has a text."""

    def __init__(
        self,
        selection: Selection,
        workspace: Workspace,
        cursor: Cursor,
        status: Status,
        prompting: Prompting,
        job: Job,
    ) -> None:
        self._selection, self._workspace, self._cursor = selection, workspace, cursor
        self._status, self._prompting, self._job = status, prompting, job
        self._text = ""

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        return {"search": self._ask}

    def _ask(self) -> None:
        self._prompting.ask("search", self._start, self._text)

    def _start(self, text: str) -> None:
        self._text = text
        self._prompting.close()
        if text:
            self._job.start(lambda: self._search(text))

    async def _search(self, text: str) -> None:
        selection = self._selection
        began = time.monotonic()
        order = [*range(selection.at + 1, len(selection.shown)), *range(selection.at + 1)]
        for count, at in enumerate(order):
            if self._job.halted:
                break
            event = selection.evidence.event(selection.shown[at])
            if where := matching(event, text):
                self._job.done()
                self._found(at, event, where)
                return
            if time.monotonic() - began > SLICE:
                self._status.say(f"searching: {100 * count // len(order)} %. Esc stops.")
                await asyncio.sleep(0)
                began = time.monotonic()
        self._job.done()
        self._status.say("Stopped." if self._job.halted else f"{text!r} is nowhere in what is shown.")

    def _found(self, at: int, event: Event, where: str) -> None:
        self._cursor.move_to(at)
        if where in event.fields:
            self._workspace.tree.seek(where)
            self._cursor.mark_bytes()
        self._status.say(f"Found in {where}. s and Enter: the next one.")


def matching(event: Event, text: str) -> str:
    """Where an event has a text: a field's name, "its summary" or "its bytes"; empty if it has not."""
    small = text.casefold()
    if small in event.content.summary().casefold():
        return "its summary"
    for name, found in event.fields.items():
        if small in name or any(small in fields.show(name, item.value).casefold() for item in found):
            return name
    wanted = text.encode()
    return "its bytes" if any(wanted in data for data in event.content.buffers().values()) else ""

"""Narrowing the list down: by a display filter, by a step of the guide, and back to everything."""

import asyncio
import time
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ... import fields
from ...errors import LabError
from ...model import Event, Value
from .cursor import Cursor
from .evidence import FilterProgress
from .job import Job
from .prompting import Prompting
from .selection import Selection
from .status import Status
from .workspace import Workspace

if TYPE_CHECKING:
    from .complete import Offer

ODD = "tcp.analysis.flags || _ws.malformed"
KEPT = 50  # filters remembered
SAMPLED = 500  # events whose names and values are offered
SLICE = 0.02  # seconds of filtering between two looks at the keyboard


class Filtering:
    """The filter and the step that the selection is narrowed down by."""

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
        self._names: tuple[str, ...] = ()

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        return {"filter": self._ask}

    # ---- the prompt ----

    def _ask(self) -> None:
        self._names = self._field_names()
        self._prompting.ask(
            "filter",
            self.apply,
            self._selection.expression,
            self._workspace.preferences.history,
            self._offer,
            _meaning,
        )

    def _field_names(self) -> tuple[str, ...]:
        """The fields there are; of a very large capture, those of what was looked at, and then all that are known."""
        found: dict[str, None] = {}
        for event in self._sample():
            found.update(dict.fromkeys(event.fields))
        rest = fields.registry() if self._selection.material.given is not None else ()
        return tuple(dict.fromkeys([*sorted(found), *rest]))

    def _sample(self) -> Iterator[Event]:
        """The first events, as far as they can be had at once."""
        evidence = self._selection.evidence
        return (evidence.event(p) for p in range(min(SAMPLED, len(evidence))) if evidence.known(p))

    def _offer(self, text: str, cursor: int) -> "Offer":
        from . import complete

        return complete.offer(text, cursor, self._names, self._values)

    def _values(self, name: str) -> list[Value]:
        return [value for event in self._sample() for value in event.values(name)]

    # ---- the filter ----

    def apply(self, text: str) -> None:
        """Apply a filter; where it makes no sense, say where."""
        try:
            pieces = self._selection.evidence.filter(text, self._selection.step)
        except LabError as error:
            self._prompting.complain(error)
            return
        if text:
            preferences = self._workspace.preferences
            kept = [old for old in preferences.history if old != text]
            self._workspace.preferences = replace(preferences, history=(*kept, text)[-KEPT:])
        self._selection.expression = text
        self._prompting.close()
        self._start(pieces)

    def find_odd(self) -> None:
        """All odd packets of a very large capture: a filter, with progress and Esc."""
        self.apply(ODD)

    def choose_step(self, id: str) -> None:
        """Only that step's packets; "" for all."""
        self._selection.step = id
        self.again()

    def again(self) -> None:
        """Ask the same filter and step of the evidence as it is now."""
        selection = self._selection
        self._start(selection.evidence.filter(selection.expression, selection.step))

    def clear(self) -> bool:
        """Neither filter nor step; whether there was one."""
        selection = self._selection
        if not (selection.expression or selection.step):
            return False
        selection.expression = selection.step = ""
        self._cursor.show(range(len(selection.evidence)), selection.place)
        return True

    def _start(self, pieces: Iterator[FilterProgress]) -> None:
        self._job.start(lambda: self._run(pieces))

    async def _run(self, pieces: Iterator[FilterProgress]) -> None:
        try:
            await self._collect(pieces)
        finally:
            self._selection.busy = False

    async def _collect(self, pieces: Iterator[FilterProgress]) -> None:
        """Ask piece by piece; what was found is shown meanwhile, and Esc ends it with what there is."""
        selection = self._selection
        found = array("i")  # of a million packets a list would hold a million objects
        here, shown, began = selection.place, False, time.monotonic()
        selection.busy = selection.material.given is not None
        while not self._job.halted and (piece := await self._next(pieces)) is not None:
            ordered = not (found and len(piece.found) and piece.found[0] < found[-1])
            found.extend(piece.found)
            if not ordered:
                found = array("i", sorted(found))
            if time.monotonic() - began > SLICE and piece.done < piece.total:
                self._cursor.show(found[:], selection.place if shown else here)
                shown = True
                self._status.say(
                    f"filtering: {100 * piece.done // piece.total} %, {len(found)} so far. Esc stops."
                )
                await asyncio.sleep(0)
                began = time.monotonic()
        selection.busy = False
        self._status.message = "Stopped; what was found so far is shown." if self._job.halted else ""
        self._job.done()
        self._cursor.show(found, selection.place if shown else here)

    async def _next(self, pieces: Iterator[FilterProgress]) -> FilterProgress | None:
        """The next piece; of a very large capture on a thread, so that keys are answered meanwhile."""
        if self._selection.busy:
            return await asyncio.to_thread(next, pieces, None)
        return next(pieces, None)


def _meaning(word: str) -> str:
    kind = fields.registry().get(word)
    return f"{word}: {kind.meaning}" if kind else ""

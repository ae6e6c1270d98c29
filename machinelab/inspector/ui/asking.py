"""Asking: filters, steps, text."""

import asyncio
import time
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ... import fields
from ...errors import LabError
from ...model import Event, Value
from .evidence import Sifted
from .playing import Playing
from .prompt import Completer, Prompt

if TYPE_CHECKING:
    from .complete import Offer

ODD = "tcp.analysis.flags || _ws.malformed"
KEPT = 50  # filters remembered
LOOKED = 500  # events whose names and values are offered
SLICE = 0.02  # seconds of filtering between two looks at the keyboard


class Asking(Playing):
    """What keys do that ask for something."""

    _job: "asyncio.Task[None] | None" = None
    _names: tuple[str, ...] = ()
    _sought = ""

    # ---- the prompt ----

    def ask(
        self,
        purpose: str,
        label: str,
        text: str = "",
        history: Sequence[str] = (),
        completer: Completer | None = None,
    ) -> None:
        """Open the line that asks."""
        self.asking = True
        self.message = ""
        self.prompt.display = True
        self.prompt.ask(purpose, label, text, history, completer)
        self.screen.set_focus(self.prompt, scroll_visible=False)  # at once: keys may wait behind this one
        self.rearrange()

    def close_prompt(self) -> None:
        """Back to the panes."""
        self.asking = False
        self.prompt.display = False
        self.enter(self.here)
        self.bars()

    def on_prompt_dropped(self, message: Prompt.Dropped) -> None:
        """Esc."""
        self.close_prompt()

    def on_prompt_done(self, message: Prompt.Done) -> None:
        """Enter: each purpose has a method of its own."""
        getattr(self, f"asked_{message.purpose}")(message.text.strip())

    # ---- filter ----

    def _do_filter(self) -> None:
        """The filter line."""
        self._names = self._present()
        self.prompt.explain = self._explain
        self.ask("filter", "filter", self.expression, self.shares.history, self._offer)

    def _present(self) -> tuple[str, ...]:
        """The fields there are; of a very large capture, those of what was looked at, and then all that are known."""
        found: dict[str, None] = {}
        for event in self._looked():
            found.update(dict.fromkeys(event.fields))
        rest = fields.registry() if self.material.given is not None else ()
        return tuple(dict.fromkeys([*sorted(found), *rest]))

    def _looked(self) -> Iterator[Event]:
        """The first events, as far as they can be had at once."""
        evidence = self.material.evidence
        return (evidence.event(p) for p in range(min(LOOKED, len(evidence))) if evidence.known(p))

    def _offer(self, text: str, cursor: int) -> "Offer":
        from . import complete

        return complete.offer(text, cursor, self._names, self._values)

    def _values(self, name: str) -> list[Value]:
        return [value for event in self._looked() for value in event.values(name)]

    def _explain(self, word: str) -> str:
        kind = fields.registry().get(word)
        return f"{word}: {kind.meaning}" if kind else ""

    def asked_filter(self, text: str) -> None:
        """Apply it; where it makes no sense, say where."""
        try:
            pieces = self.material.evidence.sift(text, self.step)
        except LabError as error:
            self.prompt.complain(error)
            return
        if text:
            kept = [old for old in self.shares.history if old != text]
            self.shares = replace(self.shares, history=(*kept, text)[-KEPT:])
        self.expression = text
        self.close_prompt()
        self._sift(pieces)

    def _sift(self, pieces: Iterator[Sifted]) -> None:
        self._job = asyncio.create_task(self._sifting(pieces, self._job))

    async def _sifting(self, pieces: Iterator[Sifted], before: "asyncio.Task[None] | None") -> None:
        """Ask piece by piece; what was found is shown meanwhile, and Esc ends it with what there is."""
        await self._ended(before)
        try:
            await self._sift_all(pieces)
        except LabError as error:
            self.busy, self._job = False, None
            self.fail(error)

    async def _sift_all(self, pieces: Iterator[Sifted]) -> None:
        found = array("i")  # of a million packets a list would hold a million objects
        here, shown, began = self._here(), False, time.monotonic()
        self.busy = self.material.given is not None
        while not self._halt and (piece := await self._next(pieces)) is not None:
            ordered = not (found and len(piece.found) and piece.found[0] < found[-1])
            found.extend(piece.found)
            if not ordered:
                found = array("i", sorted(found))
            if time.monotonic() - began > SLICE and piece.done < piece.total:
                self._put(found[:], self._here() if shown else here)
                shown = True
                self.say(f"filtering: {100 * piece.done // piece.total} %, {len(found)} so far. Esc stops.")
                await asyncio.sleep(0)
                began = time.monotonic()
        self.busy = False
        self.message = "Stopped; what was found so far is shown." if self._halt else ""
        self._job = None if self._job is asyncio.current_task() else self._job
        self._put(found, self._here() if shown else here)

    async def _ended(self, before: "asyncio.Task[None] | None") -> None:
        """One job at a time: the one before is asked to stop, and waited for."""
        if before is not None:
            self._halt = True
            await asyncio.gather(before, return_exceptions=True)
        self._halt = False

    _halt = False

    async def _next(self, pieces: Iterator[Sifted]) -> Sifted | None:
        """The next piece; of a very large capture on a thread, so that keys are answered meanwhile."""
        if self.busy:
            return await asyncio.to_thread(next, pieces, None)
        return next(pieces, None)

    def _here(self) -> int:
        """The place of what the cursor is on."""
        return self.shown[self.at] if self.at < len(self.shown) else 0

    def _put(self, found: Sequence[int], place: int) -> None:
        """Show these; the cursor stays where it was, or goes to the next that is left."""
        everything = len(found) == len(self.material.evidence)
        self.shown = range(len(found)) if everything else found
        self.at = min(bisect_left(self.shown, place), max(0, len(self.shown) - 1))
        self.packets.note = " and ".join(filter(None, (self.step and f"step {self.step}", self.expression)))
        self.packets.fill_with(self.material.evidence, self.shown)
        self.tell()

    def seek_odd(self) -> None:
        """All odd packets of a very large capture: a filter, with progress and Esc."""
        self.asked_filter(ODD)

    def stop_job(self) -> bool:
        """Ask a filter or search that is going on to stop; whether there is one."""
        self._halt = self._job is not None
        return self._halt

    def _do_clear(self) -> None:
        """Esc: stop what is going on, else show all again."""
        if self._timer is not None:
            self._do_play()
        elif self.stop_job():
            self.say("Stopping …")
        elif self.zoomed:
            self._do_zoom()
        elif self.expression or self.step:
            self.expression = self.step = ""
            self._put(range(len(self.material.evidence)), self._here())
        else:
            self.message = ""
            self.bars()

    def choose_step(self, id: str) -> None:
        """Only that step's packets; "" for all."""
        self.step = id
        self._sift(self.material.evidence.sift(self.expression, id))

    # ---- search ----

    def _do_search(self) -> None:
        """The search line."""
        self.ask("search", "search", self._sought)

    def asked_search(self, text: str) -> None:
        """To the next packet that has the text in its summary, its names and values, or its bytes."""
        self._sought = text
        self.close_prompt()
        if text:
            self._job = asyncio.create_task(self._searching(text, self._job))

    async def _searching(self, text: str, before: "asyncio.Task[None] | None") -> None:
        await self._ended(before)
        try:
            await self._search(text)
        except LabError as error:
            self._job = None
            self.fail(error)

    async def _search(self, text: str) -> None:
        began = time.monotonic()
        order = [*range(self.at + 1, len(self.shown)), *range(self.at + 1)]
        for count, at in enumerate(order):
            if self._halt:
                break
            event = self.material.evidence.event(self.shown[at])
            if where := matching(event, text):
                self._job = None
                self.move_to(at)
                if where in event.fields:
                    self.outline.seek(where)
                    self.mark_bytes()
                self.say(f"Found in {where}. s and Enter: the next one.")
                return
            if time.monotonic() - began > SLICE:
                self.say(f"searching: {100 * count // len(order)} %. Esc stops.")
                await asyncio.sleep(0)
                began = time.monotonic()
        self._job = None
        self.say("Stopped." if self._halt else f"{text!r} is nowhere in what is shown.")


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

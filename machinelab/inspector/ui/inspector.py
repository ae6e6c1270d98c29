"""The inspector: keys in, screens out."""

import gc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from textual import events
from textual.timer import Timer

from ...analysis.view import EventRow
from ...errors import LabError
from .desked import Desked
from .keys import find
from .material import Material

if TYPE_CHECKING:
    pass


Load = Callable[[], Material]

# What can be done before the first packet has been dissected.
EARLY = frozenset(
    [
        "down",
        "up",
        "page_down",
        "page_up",
        "first",
        "last",
        "filter",
        "help",
        "clear",
        "leave",
        "theme",
        "zoom",
        "taller",
        "lower",
    ]
)


class Inspector(Desked):
    """`machinelab inspect`. `load`, if given, brings what takes longer than a first paint: steps, guide, worksheet."""

    def __init__(
        self, material: Material, memory: Path | None = None, load: Callable[[], Material] | None = None
    ) -> None:
        super().__init__(material, memory)
        self._load = load

    def settle(self) -> None:
        """After the first paint: read it against the guide."""
        gc.enable()
        super().settle()
        gc.freeze()
        self._load_on()

    def _load_on(self) -> None:
        """Load what is yet to come: what takes long beside the screen, which says how far it is."""
        if self._load is not None and hasattr(self._load, "stage"):
            # A daemon: who leaves does not wait for it.
            Thread(target=self._load_beside, args=(self._load,), daemon=True).start()
            self._telling = self.set_interval(0.5, self.bars)
        elif self._load is not None:
            self.call_later(self._loaded)

    _telling: Timer | None = None

    def _load_beside(self, load: Load) -> None:
        """What takes minutes is read on a thread; the screen shows the columns meanwhile."""
        try:
            found: Material | LabError = load()
        except LabError as error:
            found = error
        with suppress(RuntimeError):  # the inspector was left
            self.call_from_thread(self._loaded, load, found)

    def standing(self) -> str:
        """How it stands with the guide, or how far the reading is."""
        return str(getattr(self._load, "stage", "")) or super().standing()

    def _unsaid(self, row: EventRow) -> str:
        """That no guide is open is not said while one is on its way."""
        return str(getattr(self._load, "meanwhile", "")) or super()._unsaid(row)

    def _loaded(self, load: Load | None = None, found: Material | LabError | None = None) -> None:
        load, self._load = load or self._load, None
        assert load is not None
        if self._telling is not None:
            self._telling.stop()
        try:
            found = found or load()
            if isinstance(found, LabError):
                raise found
            self.renew(found)
        except LabError as error:
            self.fail(error)
        # What stays until the end is not looked through for garbage again and again: 40 to 60 ms, in the midst of a key.
        gc.freeze()
        self._load = getattr(load, "then", None)
        self._load_on()

    def on_unmount(self) -> None:
        """What was set aside is anybody's again."""
        gc.unfreeze()

    def renew(self, material: Material) -> None:
        """The same events, or more of them, known better."""
        here = self.event
        whole = len(self.shown) == len(self.material.evidence)
        self.material = material
        if whole:
            self.shown = range(len(material.evidence))
            place = material.evidence.place(here.id) if here else 0
            self.at = max(0, place)
            self.packets.fill_with(material.evidence, self.shown)
            self.packets.cursor = self.at
            self.begin()
        else:
            self._sift(material.evidence.sift(self.expression, self.step))

    # ---- keys ----

    async def on_event(self, event: events.Event) -> None:
        """A key is done as it comes, before the next one is looked at: what is typed after `/` belongs to the line that it opens.

        Left to bubble up from the pane that has the focus, it would come after those that were typed meanwhile.
        """
        action = self._meant(event) if isinstance(event, events.Key) and not event.is_forwarded else None
        if action is None:
            await super().on_event(event)
            return
        self.message = "" if self._timer is None else self.message
        self._act(action)

    def _meant(self, event: events.Key) -> str | None:
        """What a key does here: one table says it. None where it is for a line or a sheet that is open."""
        if self.asking or self.screen.id != "bench":
            return None
        places: tuple[str, ...] = ("ladder",) if self.laddered and self.here == "events" else (self.here,)
        if self.sitting:
            places = ("sheet", *places) if self.here != "tree" else (*places, "sheet")
        places = (*places, "move")
        return find(event.key, places) or find(event.character or "", places) or None

    def _act(self, action: str) -> None:
        if (self.busy or not self.material.evidence.ready) and action not in EARLY:
            self.say("A moment: the packets are still being read.")
            return
        try:
            getattr(self, f"_do_{action}")()
        except LabError as error:
            self.fail(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours costs the reader a key, not the screen
            self.say(f"✗ The inspector failed at {action!r}: {type(error).__name__}: {error}")

    def _do_leave(self) -> None:
        """The end."""
        self.exit()

"""What takes longer than a first paint: steps, guide and worksheet are loaded behind the screen."""

import gc
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from textual.app import App
from textual.timer import Timer

from ...errors import LabError
from .cursor import Cursor
from .filtering import Filtering
from .material import Material
from .selection import Selection
from .status import Status
from .workspace import Workspace

Load = Callable[[], Material]
"""Gives better material. One with a `stage` takes long and is called on a thread; one with `then` is followed by another."""


class Loading:
    """Replaces the material by better material as it comes. Implements Pending."""

    def __init__(
        self,
        app: App[None],
        selection: Selection,
        workspace: Workspace,
        cursor: Cursor,
        status: Status,
        filtering: Filtering,
        load: Load | None,
    ) -> None:
        self._app, self._selection, self._workspace = app, selection, workspace
        self._cursor, self._status, self._filtering = cursor, status, filtering
        self._load = load
        self._progress: Timer | None = None

    @property
    def stage(self) -> str:
        """See Pending."""
        return str(getattr(self._load, "stage", ""))

    @property
    def meanwhile(self) -> str:
        """See Pending."""
        return str(getattr(self._load, "meanwhile", ""))

    def start(self) -> None:
        """Load what is yet to come: what takes long on a thread, whose progress the title line shows."""
        if self._load is not None and hasattr(self._load, "stage"):
            # A daemon: who leaves does not wait for it.
            Thread(target=self._load_on_thread, args=(self._load,), daemon=True).start()
            self._progress = self._app.set_interval(0.5, self._status.update)
        elif self._load is not None:
            self._app.call_later(self._loaded)

    def _load_on_thread(self, load: Load) -> None:
        try:
            found: Material | LabError = load()
        except LabError as error:
            found = error
        with suppress(RuntimeError):  # the inspector was left
            self._app.call_from_thread(self._loaded, load, found)

    def _loaded(self, load: Load | None = None, found: Material | LabError | None = None) -> None:
        load, self._load = load or self._load, None
        assert load is not None
        if self._progress is not None:
            self._progress.stop()
        try:
            found = found or load()
            if isinstance(found, LabError):
                raise found
            self.renew(found)
        except LabError as error:
            self._status.fail(error)
        # What stays until the end is not looked through for garbage again and again: 40 to 60 ms, in the midst of a key.
        gc.freeze()
        self._load = getattr(load, "then", None)
        self.start()

    def renew(self, material: Material) -> None:
        """Show the same events, or more of them, known better."""
        selection, here, complete = self._selection, self._selection.event, self._selection.complete
        selection.material = material
        if not complete:
            self._filtering.again()
            return
        selection.shown = range(len(material.evidence))
        selection.at = max(0, material.evidence.place(here.id) if here else 0)
        self._workspace.packet_list.fill_with(material.evidence, selection.shown)
        self._workspace.packet_list.cursor = selection.at
        self._cursor.begin()

"""Large captures: listed from their columns at once, and read against a guide in the background if one is named."""

import gc
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import LabError, UsageError
from ..model import Event, Lab, Trace
from .opening import bare, blank, exporter, material, memory

if TYPE_CHECKING:
    from ..analysis.reading import Reading
    from ..sources.decoding import DecodeAs
    from .ui.material import Material

FIRST = 200  # packets shown before the others are found
MOST = 300_000  # packets read against a guide: some 500 s and 2 GiB
SWITCH = (
    0.0005  # seconds until a thread yields: a key press waits some ten times, 5 ms each by Python's default
)
REPORTED = 5_000  # packets between two reports of progress


def columnar(path: Path, keys: bytes = b"", decode_as: "DecodeAs | None" = None) -> "Material":
    """A capture of any size as columns; only packets that are selected are dissected. `keys`: the text of a TLS key log."""
    from ..columns import Capture
    from ..sources.record import record
    from .ui.column_evidence import ColumnEvidence
    from .ui.material import Material

    capture = Capture.open(path, keys, decode_as)
    given = ColumnEvidence(capture, path)
    # The view is asked for its start alone: a packet's time since then.
    first = Event(1, given.start, "packets", record((), {}, ""))
    view, run = blank(Trace((first,), {}, tuple(capture.warnings)), "", path.name)
    return Material(view, run, export=_exporter_of_some(path.name), name=path.stem, given=given)


def _exporter_of_some(origin: str) -> Callable[[Path, Sequence[Event] | None], str]:
    def export(path: Path, events: Sequence[Event] | None) -> str:
        if events is None:
            raise UsageError(
                "All of so large a capture is what the file is already.", "Filter or mark some packets first."
            )
        return exporter(Trace(tuple(events)), "", origin)(path, None)

    return export


class IndexCapture:
    """Maps and indexes the file when called, on a thread of its own: half a second for a million packets."""

    stage = "finding the other packets …"
    meanwhile = "The other packets of this capture are being found."

    def __init__(
        self,
        path: Path,
        keys: bytes,
        then: "Callable[[int], ReadAgainstGuide | None]",
        decode_as: "DecodeAs | None" = None,
    ) -> None:
        self._path, self._keys, self._then, self._decode_as = path, keys, then, decode_as
        self.then: ReadAgainstGuide | None = None

    def __call__(self) -> "Material":
        """The material. Raises LabError."""
        found = columnar(self._path, self._keys, self._decode_as)
        self.then = self._then(len(found.evidence))
        return found


class ReadAgainstGuide:
    """Reads a large capture against a guide when called, on a thread of its own; `stage` says how far it is."""

    def __init__(
        self,
        path: Path,
        lab: Lab,
        experiment: str | None,
        keys: Path | None,
        total: int,
        decode_as: "DecodeAs | None" = None,
    ) -> None:
        self.stage = ""
        self.meanwhile = f"The capture is being read against the guide of {lab.id}: what it says of a packet will stand here. The list can be moved in and filtered meanwhile."
        self.then = None
        self._path, self._lab, self._experiment, self._keys = path, lab, experiment, keys
        self._total, self._decode_as = total, decode_as

    def __call__(self) -> "Material":
        """The material. Raises LabError, also where there is more than a guide can be held to."""
        if self._total > MOST:
            raise LabError(
                f"{self._total:,} packets are more than are read against a guide ({MOST:,}).",
                "Filter some and export them with e, then inspect that file with --guide.",
            )
        gc.disable()
        try:
            return material(self._read())
        finally:
            gc.enable()
            self.stage = ""

    def _read(self) -> "Reading":
        from ..analysis import reading

        trace = self._trace()
        self.stage = f"reading it against the guide of {self._lab.id} …"
        chosen = self._lab.experiment(self._experiment) if self._experiment else None
        run = reading.read_as(trace, self._lab, chosen, {})
        return reading.Reading(self._lab, run, reading.guide_of(self._lab), self._path.name, strict=False)

    def _trace(self) -> Trace:
        from ..correlate import correlate, tell_apart
        from ..sources import pcap

        events, warnings = list[Event](), list[str]()
        keys = self._keys.read_bytes() if self._keys else b""
        for event in pcap.stream(self._path, warnings, keys=keys, decode_as=self._decode_as):
            events.append(event)
            if len(events) % REPORTED == 0:
                self.stage = f"reading all packets: {100 * len(events) // max(1, self._total)} % …"
        events.sort(key=lambda event: event.time)
        return tell_apart(correlate(Trace(tuple(events), {}, tuple(warnings))))


def inspect(
    path: Path,
    lab: Lab | None = None,
    experiment: str | None = None,
    keys: Path | None = None,
    decode_as: "DecodeAs | None" = None,
) -> None:
    """Open the inspector on a capture too large to be read whole. Raises LabError."""
    from ..sources import pcap
    from .ui.app import Inspector

    if keys is not None:
        pcap.require_secrets(keys, path)
    if lab is not None and experiment is not None:
        lab.experiment(experiment)
    opening = IndexCapture(
        path,
        keys.read_bytes() if keys else b"",
        lambda total: ReadAgainstGuide(path, lab, experiment, keys, total, decode_as) if lab else None,
        decode_as,
    )
    gc.disable()  # until the first paint, as for a small capture
    sys.setswitchinterval(SWITCH)
    Inspector(bare(_beginning(path, decode_as), "", path.name), memory(), opening).run()


def _beginning(path: Path, decode_as: "DecodeAs | None") -> Trace:
    """The first packets. Raises LabError if the file is no capture."""
    from itertools import islice

    from ..sources import pcap

    return Trace(tuple(islice(pcap.stream(path, [], first=1 << 16, decode_as=decode_as), FIRST)))

"""The labs' reference captures, each read once for all tests of a process that look at it.

What is handed out is shared: nobody changes it. Captures of one lab are kept together (`pytest --dist loadscope`: the tests
of a lab run in one process), so a handful of them is enough to remember.
"""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from machinelab import catalog
from machinelab import filter as display
from machinelab.analysis import reading
from machinelab.columns import Capture
from machinelab.model import Event, Fields, Lab
from machinelab.sources import pcap
from machinelab.store import references, runs

from . import ROOT

CAPTURES = sorted(ROOT.glob("labs/*/reference/*.pcapng"))
# Every filter is asked of these, whatever occurs in them; of the others, those that speak of a protocol that occurs there.
EVERYTHING = ("dns-cold", "wal-commit")
KEPT = 32  # captures; the largest lab has 24


def lab_of(capture: Path) -> str:
    """The lab that a file of `labs/<id>/reference/` belongs to."""
    return capture.relative_to(ROOT / "labs").parts[0]


def name_of(capture: Path) -> str:
    """`<lab>-<experiment>`: how tests name a reference."""
    return f"{lab_of(capture)}-{capture.stem}"


def keys_of(capture: Path) -> Path | None:
    """The key log beside a reference, if there is one."""
    keys = capture.with_suffix(".keys")
    return keys if keys.exists() else None


def events(capture: Path, *, decrypted: bool = False) -> tuple[Event, ...]:
    """The packets as the full dissector has them, in the order of the file; with the secrets beside it if asked."""
    return _events(capture, keys_of(capture) if decrypted else None)


@lru_cache(KEPT)
def _events(capture: Path, keys: Path | None) -> tuple[Event, ...]:
    trace = pcap.load(capture, keys=keys)
    return tuple(sorted(trace.events, key=lambda event: event.number))


@lru_cache(KEPT)
def fields(capture: Path) -> tuple[Fields, ...]:
    """The fields of each of its packets, without secrets."""
    return tuple(event.fields for event in events(capture))


@lru_cache(KEPT)
def columns(capture: Path) -> Capture:
    """The capture as columns."""
    return Capture.open(capture)


@lru_cache(KEPT)
def protocols(capture: Path) -> frozenset[str]:
    """What occurs in it: the first word of every field's name (`dns`, `ip`, `http`)."""
    return frozenset(
        name.partition(".")[0] for event in events(capture, decrypted=True) for name in event.fields
    )


@lru_cache(KEPT)
def opened(lab: str, experiment: str) -> reading.Reading:
    """The reference of an experiment (or of one with knobs turned, by its name), read against its guide."""
    return _open_recorded(_lab(lab), experiment)


_open_recorded = reading.open_recorded


def recorded(lab: Lab, name: str, decode_as: object = None) -> reading.Reading:
    """The same, in place of `reading.open_recorded`; nothing is decoded otherwise than it was recorded."""
    assert decode_as is None
    return opened(lab.id, name)


@cache
def _lab(id: str) -> Lab:
    return catalog.load_lab(id)


def as_run(lab: str, name: str, number: int, instance: str = "default") -> Path:
    """Puts a reference into the reader's runs (below $MACHINELAB_HOME), as the run of that number; gives its folder."""
    shipped = references.of_reference(catalog.reference_folder(lab), name)
    folder = runs.folder_of(lab, instance) / str(number)
    shutil.copytree(shipped.folder, folder)
    shutil.copyfile(shipped.capture, folder / runs.CAPTURE)
    if shipped.keys.is_file():
        shutil.copyfile(shipped.keys, folder / runs.KEYS)
    runs.write(folder, replace(runs.read(shipped.folder), id=number, instance=instance))
    return folder


@cache
def spoken_of(text: str) -> frozenset[str]:
    """The protocols that a filter speaks of: the first words of its fields."""
    return frozenset(name.partition(".")[0] for name in display.compile(text).names)


def asked_of(capture: Path, texts: Iterable[str]) -> list[str]:
    """The filters to ask of a reference: all of them of two captures and of empty ones, else what is about something that occurs."""
    occurring = protocols(capture)
    if name_of(capture) in EVERYTHING or not occurring:
        return list(texts)
    return _about(occurring, texts)


def speaking(capture: Path, texts: Iterable[str]) -> list[str]:
    """The filters about something that occurs in any capture."""
    return _about(protocols(capture), texts)


def _about(occurring: frozenset[str], texts: Iterable[str]) -> list[str]:
    return [text for text in texts if not (spoken := spoken_of(text)) or spoken & occurring]

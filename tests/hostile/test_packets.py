"""Mutated packets of every reference: nothing raises, nothing hangs, memory stays bounded, every field lies in its buffer.

CI reads some ten thousand; `./setup soak` reads MACHINELAB_HOSTILE_PACKETS (1,000,000).
"""

import os
import resource
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from machinelab import catalog, fields
from machinelab.dissect.core import Frame
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.secrets import Secrets
from machinelab.dissect.walk import Walker
from machinelab.render import escape
from machinelab.sources.container import Reader
from tests.captures import containers

from . import mutate

FEW = 12_000
MANY = int(os.environ.get("MACHINELAB_HOSTILE_PACKETS", "1000000"))
LONGEST = 2.0  # seconds of processor time for one packet; the slowest of a million took a hundredth of it
MOST = 512 << 20  # bytes that reading all of it may add
CAPTURES = (
    *(path for lab in catalog.ready() for path in sorted(catalog.reference_folder(lab).glob("*.pcapng")) if path.stat().st_size > 1000),
    containers.RECORDS,
    containers.CRAFTED,
    containers.HTTP,
    containers.EVENTS,
    *containers.TLS,
    *containers.DTLS,
    *containers.HTTP3,
)  # fmt: skip


class Seen:
    """What reading mutated packets came to."""

    def __init__(self) -> None:
        self.packets = 0
        self.malformed = 0
        self.slowest = 0.0


def secrets(path: Path) -> Secrets:
    """The TLS secrets beside a capture, so that mutants of what is inside TLS are opened too."""
    found, keys = Secrets(), path.with_suffix(".keys")
    if keys.exists():
        found.feed(keys.read_bytes())
    return found


def read(path: Path, frames: Sequence[Frame], seed: int, seen: Seen) -> None:
    """Read one mutated capture as the kit reads any: walked, dissected, summed up, and each field looked at."""
    walker, cache, registry = Walker(secrets(path)), Cache(), fields.registry()
    for frame in mutate.stream(frames, seed):
        start = time.process_time()
        try:
            item = event(walker.frame(frame), cache)
            summary = item.content.summary()
            ordered = item.content.ordered()
            buffers = item.content.buffers()
        except Exception as error:
            raise AssertionError(f"{path.name}, seed {seed}: {frame.data.hex()}") from error
        seen.slowest = max(seen.slowest, time.process_time() - start)
        assert escape.terminal(summary).isprintable()
        seen.packets += 1
        for name, _, first, last, buffer, _, _ in ordered:
            assert name in registry, name
            assert 0 <= first <= last <= len(buffers[buffer]), (path.name, seed, name)
            seen.malformed += name == "_ws.malformed"


def frames_of(path: Path) -> list[Frame]:
    return list(Reader().feed(path.read_bytes()))


def until(count: int, path: Path, seen: Seen, seed: int = 0) -> int:
    """Read one capture's mutants until `seen` has `count` packets; the next seed."""
    frames = frames_of(path)
    while seen.packets < count:
        read(path, frames, seed, seen)
        seed += 1
    return seed


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_mutants_of_each_capture_are_read(path: Path) -> None:
    seen = Seen()
    until(FEW // len(CAPTURES), path, seen)
    assert seen.slowest < LONGEST


def test_mutants_reach_what_can_be_broken() -> None:
    seen = Seen()
    until(2000, containers.RECORDS, seen, seed=500)
    assert 50 < seen.malformed < seen.packets


@pytest.mark.soak
def test_a_million_mutants_are_read_in_bounded_memory() -> None:
    seen, seeds = Seen(), dict.fromkeys(CAPTURES, 1000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while seen.packets < MANY:
        for path in CAPTURES:
            seeds[path] = until(min(seen.packets + 2000, MANY), path, seen, seeds[path])
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10
    print(
        f"{seen.packets} mutants, {seen.malformed} marked malformed; slowest {seen.slowest:.3f} s; memory +{grown >> 20} MiB"
    )
    assert seen.slowest < LONGEST
    assert grown < MOST

"""Packet records where they stand, turned into columns."""

from array import array
from typing import Any

import numpy as np
import numpy.typing as npt

Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
FURTHEST = 1 << 62  # nanoseconds since the epoch that still leave room to count with


class Run:
    """Packet records one after the other that share byte order and interfaces. `scale`: pcap's ns a tick; 0: pcapng."""

    def __init__(
        self, order: str, scale: int, resolutions: tuple[tuple[int, int], ...], sources: tuple[int, ...]
    ) -> None:
        self.places = array("q")
        self.resolutions = resolutions
        self._order = order
        self._scale = scale
        self._sources = sources

    def columns(self, data: Bytes) -> list[npt.NDArray[np.integer[Any]]]:
        """Offset, captured, length, time and source of each."""
        at = np.frombuffer(self.places, np.int64)
        word = words(data, f"{self._order}u4")
        if self._scale:
            time = word[at].astype(np.int64) * 1_000_000_000 + word[at + 4].astype(np.int64) * self._scale
            return [at + 16, word[at + 8], word[at + 12], time, np.zeros(len(at), np.int32)]
        interface = word[at + 8].astype(np.int32)
        ticks = word[at + 12].astype(np.uint64) << np.uint64(32) | word[at + 16].astype(np.uint64)
        source = np.asarray(self._sources, np.int32)[interface]
        return [at + 28, word[at + 20], word[at + 24], self._times(interface, ticks), source]

    def _times(self, interface: npt.NDArray[np.int32], ticks: npt.NDArray[np.uint64]) -> Longs:
        time = np.zeros(len(ticks), np.int64)
        for number, (resolution, offset) in enumerate(self.resolutions):
            own = interface == number
            if own.any():
                time[own] = _nanoseconds(ticks[own], resolution, offset)
        return time


def _nanoseconds(ticks: npt.NDArray[np.uint64], resolution: int, offset: int) -> Longs:
    if resolution > 0 and int(ticks.max()) * resolution + abs(offset) < FURTHEST:
        return ticks.astype(np.int64) * resolution + offset
    # Rare, or absurd: as Python counts, and no further than an int64 goes.
    per_second = -resolution
    exact = (
        (tick * resolution if resolution > 0 else tick * 10**9 // per_second) + offset
        for tick in ticks.tolist()
    )
    return np.fromiter((max(-FURTHEST, min(FURTHEST, time)) for time in exact), np.int64, len(ticks))


class Single:
    """One packet in a block of another kind."""

    def __init__(self, row: tuple[int, int, int, int, int]) -> None:
        self._row = row

    def columns(self, data: Bytes) -> list[npt.NDArray[np.integer[Any]]]:
        """Its row."""
        return [np.asarray([value], np.int64) for value in self._row]


def words(data: Bytes, kind: str) -> npt.NDArray[np.integer[Any]]:
    """Every number of a kind (`>u2`) that stands in the bytes, by its offset: a view, not a copy."""
    size = np.dtype(kind).itemsize
    return np.ndarray((max(0, len(data) - size + 1),), kind, data, strides=(1,))

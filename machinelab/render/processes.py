"""`machinelab ps`: what is up, a line for each container; with what they use, the sum of each instance too."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from .terminal import pad


class Process(NamedTuple):
    """A container: whose it is, its node or role, what the engine says of it, and what it uses (bytes, seconds), where that is known."""

    lab: str
    instance: str
    name: str
    status: str
    used: tuple[int, float] | None = None


def processes(found: Sequence[Process]) -> Iterator[str]:
    """The lines; memory in MiB, processor time in seconds."""
    several = any(each.used for each in found)
    for (lab, instance), of_one in groupby(found, key=lambda each: (each.lab, each.instance)):
        here = list(of_one)
        known = [each.used for each in here if each.used]
        if known:
            total = sum(memory for memory, _ in known), sum(seconds for _, seconds in known)
            here.append(Process(lab, instance, "all", f"{len(known)} running", total))
        for each in here:
            figures = _figures(each.used) if several else ""
            yield f"{pad(lab, 15)} {pad(instance, 12)} {pad(each.name, 12)} {figures}{each.status}"


def _figures(used: tuple[int, float] | None) -> str:
    return f"{used[0] / 2**20:7.1f} MiB {used[1]:6.1f} s  " if used else " " * 22

"""Where an instance's networks go: the lab's own prefixes, or, for `--as NAME`, free ones out of 198.18.0.0/15.

That range is set aside for tests between networks (RFC 2544 §C.2.2, RFC 6890), so no office should use it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from pathlib import Path

from ..errors import EngineError
from . import labels
from .routes import Taken, in_the_way

POOL = IPv4Network("198.18.0.0/15")
VARIABLE = "MACHINELAB_NET_"
LENGTH = 24

Prefixes = Mapping[str, IPv4Network]
"""A lab's networks by name, each with its /24."""


def environment(prefixes: Prefixes) -> dict[str, str]:
    """The variables that put a lab's compose file on these prefixes: `MACHINELAB_NET_access=198.18.53`."""
    return {
        VARIABLE + name: str(prefix.network_address).rpartition(".")[0] for name, prefix in prefixes.items()
    }


def named_in(file: Path) -> list[str]:
    """The networks whose prefix a compose file lets be chosen, in order; none where there is no such file."""
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    return sorted(set(re.findall(rf"{VARIABLE}(\w+)", text)))


def require_free(defaults: Prefixes, entries: Sequence[Taken], lab: str, instance: str) -> None:
    """Raises EngineError, naming what is in the way and what frees it, if one of the prefixes is taken by another."""
    for name, prefix in defaults.items():
        found = in_the_way(prefix, not_of(entries, lab, instance))
        if found:
            raise overlap(name, prefix, found, lab)


def overlap(name: str, prefix: IPv4Network, found: Taken, lab: str) -> EngineError:
    """The error for a network whose prefix somebody else uses."""
    elsewhere = f"machinelab up {lab} --as me"
    hint = (
        f"Free it with `{found.frees}`, or start the lab on other addresses: {elsewhere}"
        if found.frees
        else f"Start the lab on other addresses: {elsewhere}"
    )
    return EngineError(
        f"The lab's network {name} needs {prefix}, but {found.who} is in the way ({found.prefix}).", hint
    )


def not_of(entries: Iterable[Taken], lab: str, instance: str) -> list[Taken]:
    """The entries that are not this instance's own networks."""
    return [entry for entry in entries if entry.project != labels.project(lab, instance)]


def allocate(
    names: Iterable[str], entries: Sequence[Taken], lab: str, instance: str
) -> dict[str, IPv4Network]:
    """A free /24 of the pool for each network, the same ones each time where they are free. Raises EngineError if none is left."""
    used = [entry.prefix for entry in not_of(entries, lab, instance)]
    chosen: dict[str, IPv4Network] = {}
    for name in names:
        prefix = next(
            (p for p in _candidates(f"{lab}/{instance}/{name}") if not any(p.overlaps(u) for u in used)), None
        )
        if prefix is None:
            raise EngineError(
                f"No /24 of {POOL} is left for the network {name}.",
                "Take down instances that nobody uses: machinelab ps shows them, machinelab down LAB --as NAME ends one.",
            )
        chosen[name] = prefix
        used.append(prefix)
    return chosen


def _candidates(seed: str) -> Iterator[IPv4Network]:
    # The upper half of each /16 first: labs have their defaults in the lower ones.
    every = list(POOL.subnets(new_prefix=LENGTH))
    for half in (
        [p for p in every if p.network_address.packed[2] >= 128],
        [p for p in every if p.network_address.packed[2] < 128],
    ):
        start = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big") % len(half)
        yield from half[start:]
        yield from half[:start]

"""Where we differ from tshark on purpose, a reason each: beside the protocol, or beside the lab and its experiment.

`protocols/<protocol>.py` ends with `EXEMPTIONS = Protocol(…)`, what holds in any capture. `labs/<id>.py` ends with
`EXEMPTIONS = {"<experiment>": Capture(…)}`, what holds in one reference; `labs/own-captures.py` does so for tests/captures.
Nothing lists those files.
"""

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

HERE = Path(__file__).parent
OWN = "own-captures"


class Said(NamedTuple):
    """One field as tshark has it; `mask` is −1 where it shows no bits."""

    show: str
    start: int
    stop: int
    mask: int
    value: str


Packet = Mapping[str, list[Said]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """What holds of a protocol's fields in any capture: each name with its reason.

    `left_out`: tshark has it and we have not; a name that ends in a dot stands for all that begin with it. `ours`: we have it, and
    all that begin with it and a dot, and tshark has not; `ours_alone`: the name only. `values`: shown otherwise, how tshark's text is
    turned into ours. `places`: its value is compared, its place is not. `presence`: only whether it is there is compared. `options`:
    what tshark is told. `unsure`: whether tshark itself cannot tell this field in this packet.
    """

    left_out: Mapping[str, str] = field(default_factory=dict)
    ours: Mapping[str, str] = field(default_factory=dict)
    ours_alone: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    presence: Mapping[str, str] = field(default_factory=dict)
    options: str = ""
    unsure: Callable[[str, Packet], bool] = lambda name, said: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What holds in one capture. `different`: (packet number, field) → reason. `later`: where tshark has a reply's fields → where we
    have them. `options`: what tshark is told. `filters`: display filters that give other packets, each with its reason.
    """

    different: Mapping[tuple[int, str], str] = field(default_factory=dict)
    later: Mapping[int, int] = field(default_factory=dict)
    options: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)


@cache
def protocols() -> tuple[Protocol, ...]:
    """Every protocol's."""
    found = tuple(_module(path).EXEMPTIONS for path in sorted((HERE / "protocols").glob("[!_]*.py")))
    assert found and all(isinstance(each, Protocol) for each in found)
    return found


@cache
def captures() -> Mapping[tuple[str, str], Capture]:
    """Those of every capture that has any, by lab and experiment."""
    found: dict[tuple[str, str], Capture] = {}
    for path in sorted((HERE / "labs").glob("[!_]*.py")):
        found |= {(path.stem, experiment): each for experiment, each in _module(path).EXEMPTIONS.items()}
    return found


def of(capture: Path) -> Capture:
    """What holds in this capture: a lab's reference, or one of tests/captures."""
    lab = capture.parts[-3] if capture.parent.name == "reference" else OWN
    return captures().get((lab, capture.stem), Capture())


def is_ours(name: str) -> bool:
    """Whether a field is ours alone."""
    return any(
        name in each.ours_alone or any(name == own or name.startswith(f"{own}.") for own in each.ours)
        for each in protocols()
    )


def is_left_out(name: str) -> bool:
    """Whether a field is tshark's alone."""
    return any(
        name == other or (other.endswith(".") and name.startswith(other))
        for each in protocols()
        for other in each.left_out
    )


def _module(path: Path) -> ModuleType:
    """A file by its path: a lab's id need not be a module's name."""
    spec = importlib.util.spec_from_file_location(f"_exemptions_{path.parent.name}_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

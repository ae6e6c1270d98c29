"""Taking things away: what is ours is read off the engine by its labels, never out of a file."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from . import api, docker, labels
from .api import Asked, name_of

SETTLE = 1.0  # seconds; a client was killed, and the engine may still finish the one request it was at
ROUNDS = 5  # looks at what is left, before what cannot be removed is an error

MISCOUNTED = "has active endpoints"  # what the engine says of a network that, by its count, somebody is in


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken away, by name; and the networks that the engine `kept`, for it has lost count of who is in them."""

    containers: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def __add__(self, other: "Removed") -> "Removed":
        return Removed(
            self.containers + other.containers,
            self.networks + other.networks,
            self.volumes + other.volumes,
            tuple(dict.fromkeys(self.kept + other.kept)),
        )

    def __bool__(self) -> bool:
        return bool(self.containers or self.networks or self.volumes)


def instances() -> set[tuple[str, str]]:
    """The labs and instances of which anything is left on the engine."""
    found: set[tuple[str, str]] = set()
    mine = labels.conditions()
    for entry in (*api.containers(mine, stopped=True), *api.networks(mine), *api.volumes(mine)):
        marks = entry.get("Labels") or {}
        if marks.get(labels.LAB) and marks.get(labels.INSTANCE):
            found.add((marks[labels.LAB], marks[labels.INSTANCE]))
    return found


def remove(lab: str | None, instance: str | None) -> Removed:
    """Remove containers, networks and volumes of an instance (None: of all). Raises DockerError if something stays."""
    mine = labels.conditions(lab, instance)
    containers, _ = _clear(lambda: api.containers(mine, stopped=True), ("rm", "-f", "-v"))
    networks, kept = _clear(lambda: api.networks(mine), ("network", "rm"), _nobody_in)
    volumes, _ = _clear(lambda: api.volumes(mine), ("volume", "rm", "-f"))
    return Removed(containers, networks, volumes, kept)


def remove_until_quiet(lab: str, instance: str) -> Removed:
    """As `remove`, until nothing new has come up for a while: for when whoever made things was killed at it."""
    removed = remove(lab, instance)
    end = time.monotonic() + SETTLE
    while time.monotonic() < end:
        if more := remove(lab, instance):
            removed += more
            end = time.monotonic() + SETTLE
        # There is nothing to wait for: that a killed client's last request is done is told to nobody.
        time.sleep(SETTLE / 10)
    return removed


def _in_use(_: str) -> bool:
    return False


def _clear(
    listing: Callable[[], list[Asked]], removal: tuple[str, ...], unused: Callable[[str], bool] = _in_use
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove all that is listed, again and again; gives what went, and what the engine keeps though it is `unused`."""
    gone: dict[str, None] = {}
    kept: tuple[str, ...] = ()
    said = ""
    for attempt in range(1, ROUNDS + 1):
        names = [name_of(entry) for entry in listing()]
        last = attempt == ROUNDS
        if MISCOUNTED in said:
            free = tuple(name for name in names if unused(name))
            kept = free if last else ()
        names = [name for name in names if name not in kept]
        if not names:
            break
        # Others may remove the same at the same time; only what stays is an error.
        said = docker.run(*removal, *names, check=last).stderr
        gone.update(dict.fromkeys(names))
    return tuple(name for name in gone if name not in kept), kept


def _nobody_in(network: str) -> bool:
    """Whether no container is in a network. The ends of those that are gone are taken out first (moby/moby#23302, #33156).

    Under load an engine may forget such an end, or only that it counted it: then no command removes the network, until the engine is
    started anew. Whoever is still there stays.
    """
    try:
        ends = api.network(network).get("Containers") or {}
    except docker.DockerError:
        return False  # somebody else removed it meanwhile
    strangers = [end for end in ends.values() if _exists(end["Name"])]
    for end in ends.values():
        if end not in strangers:
            docker.run("network", "disconnect", "--force", network, end["Name"], check=False)
    return not strangers


def _exists(container: str) -> bool:
    try:
        api.container(container)
    except docker.DockerError as error:
        return "o such container" not in error.stderr
    return True

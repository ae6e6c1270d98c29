"""Taking things away: what is ours is read off the engine by its labels, never out of a file."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from . import api, docker, labels

SETTLE = 1.0  # seconds; a client was killed, and the engine may still finish the one request it was at
ROUNDS = 5  # looks at what is left, before what cannot be removed is an error

_MARKS = f'{{{{.Label "{labels.LAB}"}}}}\t{{{{.Label "{labels.INSTANCE}"}}}}'


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken away, by name."""

    containers: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()

    def __add__(self, other: "Removed") -> "Removed":
        return Removed(
            self.containers + other.containers, self.networks + other.networks, self.volumes + other.volumes
        )

    def __bool__(self) -> bool:
        return bool(self.containers or self.networks or self.volumes)


def instances() -> set[tuple[str, str]]:
    """The labs and instances of which anything is left on the engine."""
    found: set[tuple[str, str]] = set()
    for what in (("ps", "-a"), ("network", "ls"), ("volume", "ls")):
        for line in docker.run(*what, *labels.ours(), "--format", _MARKS).stdout.splitlines():
            lab, _, instance = line.partition("\t")
            if lab and instance:
                found.add((lab, instance))
    return found


def remove(lab: str | None, instance: str | None) -> Removed:
    """Remove containers, networks and volumes of an instance (None: of all). Raises DockerError if something stays."""
    mine = labels.ours(lab, instance)
    return Removed(
        _clear(("ps", "-a", *mine, "--format", "{{.Names}}"), ("rm", "-f", "-v")),
        _clear(("network", "ls", *mine, "--format", "{{.Name}}"), ("network", "rm"), _let_go),
        _clear(("volume", "ls", *mine, "--format", "{{.Name}}"), ("volume", "rm", "-f")),
    )


def remove_until_quiet(lab: str, instance: str) -> Removed:
    """As `remove`, until nothing new has come up for a while: for when whoever made things was killed at it."""
    removed = remove(lab, instance)
    end = time.monotonic() + SETTLE
    while time.monotonic() < end:
        if more := remove(lab, instance):
            removed += more
            end = time.monotonic() + SETTLE
        time.sleep(
            SETTLE / 10
        )  # nothing to wait for: that a killed client's last request is done is told to nobody
    return removed


def _nothing(_: str) -> None:
    pass


def _clear(
    listing: tuple[str, ...], removal: tuple[str, ...], loosen: Callable[[str], None] = _nothing
) -> tuple[str, ...]:
    """Remove all that is listed; what does not go the first time is loosened, and tried again."""
    gone: dict[str, None] = {}
    for attempt in range(1, ROUNDS + 1):
        names = docker.run(*listing).stdout.split()
        if not names:
            break
        if attempt > 1:
            for name in names:
                loosen(name)
        # Others may remove the same at the same time; only what stays is an error.
        docker.run(*removal, *names, check=attempt == ROUNDS)
        gone.update(dict.fromkeys(names))
    return tuple(gone)


def _let_go(network: str) -> None:
    """Take the ends of containers that are gone out of a network: under load an engine may forget to, and then keeps it for ever.

    (moby/moby#23302, #33156: such an end is told by its container's name.) Whoever is still there stays.
    """
    asked = ("network", "inspect", network)
    try:
        ends = api.get(f"/networks/{network}", like=asked).get("Containers") or {}
    except docker.DockerError:
        return  # somebody else removed it meanwhile
    for end in ends.values():
        if not _exists(end["Name"]):
            docker.run("network", "disconnect", "--force", network, end["Name"], check=False)


def _exists(container: str) -> bool:
    try:
        api.get(f"/containers/{container}/json", like=("inspect", container))
    except docker.DockerError as error:
        return "o such container" not in error.stderr
    return True

"""Taking things away: what is ours is read off the engine by its labels, never out of a file."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import docker, labels

SETTLE = 1.0  # seconds; a client was killed, and the engine may still finish the one request it was at
ROUNDS = 5  # looks at what is left, before what cannot be removed is an error

_MARKS = f'{{{{.Label "{labels.LAB}"}}}}\t{{{{.Label "{labels.INSTANCE}"}}}}'

_ENDPOINTS = "{{range .Containers}}{{println .Name}}{{end}}"


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
        _clear(("network", "ls", *mine, "--format", "{{.Name}}"), ("network", "rm"), let_go),
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


def let_go(networks: Sequence[str]) -> None:
    """Take from networks the endpoints of containers that are gone.

    Under load an engine may forget to, and then the network is in use for ever (moby/moby#23302). Whoever is still there stays.
    """
    for network in networks:
        told = docker.run("network", "inspect", "--format", _ENDPOINTS, network, check=False)
        for name in told.stdout.split():
            if docker.run("container", "inspect", name, check=False).exit:
                docker.run("network", "disconnect", "--force", network, name, check=False)


def _clear(
    listing: tuple[str, ...],
    removal: tuple[str, ...],
    free: Callable[[Sequence[str]], None] = lambda names: None,
) -> tuple[str, ...]:
    gone: dict[str, None] = {}
    for turn in range(ROUNDS):
        names = docker.run(*listing).stdout.split()
        if not names:
            break
        if turn == ROUNDS - 1:
            free(names)
        # Others may remove the same at the same time; only what stays is an error.
        docker.run(*removal, *names, check=turn == ROUNDS - 1)
        gone.update(dict.fromkeys(names))
    return tuple(gone)

"""A lab's compose file, as Compose itself reads it, and as it is given back to Compose with our labels on everything."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from ..errors import BrokenLab
from . import addresses, api, docker, labels, podman
from .lock import Lock
from .progress import Progress

OLDEST = (2, 20, 3)
"""The oldest Compose that the kit was tried with."""

PROXIES = tuple(
    case(f"{kind}_proxy") for kind in ("http", "https", "ftp", "all", "no") for case in (str.lower, str.upper)
)
"""The variables that the docker command sets on a container from the `proxies` of its configuration, in both cases."""


@dataclass(frozen=True, slots=True)
class Composition:
    """A compose file read for one instance. `services` and `networks` are as `docker compose config` gives them."""

    lab: str
    instance: str
    file: Path
    services: Mapping[str, Mapping[str, Any]]
    networks: Mapping[str, Mapping[str, Any]]
    volumes: Mapping[str, Mapping[str, Any]]

    @property
    def project(self) -> str:
        """The Compose project's name."""
        return labels.project(self.lab, self.instance)

    def prefixes(self) -> dict[str, IPv4Network]:
        """Each network's subnet. Raises BrokenLab if one has none."""
        return {name: self._prefix(name, network) for name, network in self.networks.items()}

    def _prefix(self, name: str, network: Mapping[str, Any]) -> IPv4Network:
        try:
            return IPv4Network(network["ipam"]["config"][0]["subnet"])
        except (KeyError, IndexError, TypeError, ValueError) as error:
            hint = f"Give it `subnet: ${{{addresses.VARIABLE}{name}:-198.18.N}}.0/24` under ipam.config."
            raise BrokenLab(f"{self.file}: the network {name} has no IPv4 subnet.", hint) from error

    def healthcheck(self, node: str) -> tuple[str, ...]:
        """The command that tells whether a node is ready; empty if it has none."""
        test = (self.services[node].get("healthcheck") or {}).get("test") or []
        if test[:1] == ["CMD"]:
            return tuple(test[1:])
        return ("/bin/sh", "-c", *test[1:]) if test[:1] == ["CMD-SHELL"] else ()

    def node(self, container: str) -> str:
        """The node whose container has this name."""
        return container.removeprefix(self.project + "-").rpartition("-")[0] or container

    def mounts(self, node: str) -> list[Path]:
        """The files and folders of the host that a node reads."""
        volumes = self.services[node].get("volumes") or []
        return [Path(volume["source"]) for volume in volumes if volume.get("type") == "bind"]

    def labelled(self, *, for_podman: bool = False) -> str:
        """The whole file with our labels on every container, network and volume, for Compose's standard input.

        No proxy of the docker command's configuration (config.json, `proxies`) reaches a node: behind one, nodes would not
        reach each other. A service that names one itself keeps it; builds have theirs from the builder.

        The engine is not to run the healthchecks: `ready` asks each node itself until it is ready, and once a second for
        as long as a lab is up they would cost 2–3 % of a core for each node (forty learners of dns: eight cores).
        Those that another service's start waits for stay.
        """
        marks = {labels.LAB: self.lab, labels.INSTANCE: self.instance}
        services, networks = self.services, self.networks
        if for_podman:
            services = {name: podman.service(entry) for name, entry in services.items()}
            networks = {name: podman.network(entry) for name, entry in networks.items()}
        awaited = _awaited(services)
        services = {name: _without_proxies(entry) for name, entry in services.items()}
        return json.dumps(
            {
                "name": self.project,
                "services": {
                    name: _marked(
                        entry if name in awaited else {**entry, "healthcheck": {"disable": True}}, marks
                    )
                    for name, entry in services.items()
                },
                "networks": {name: _marked(entry, marks) for name, entry in networks.items()},
                "volumes": {name: _marked(entry, marks) for name, entry in self.volumes.items()},
            }
        )


def _without_proxies(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """A service whose variables for proxies are empty, where it does not set them itself."""
    return {**entry, "environment": {**dict.fromkeys(PROXIES, ""), **(entry.get("environment") or {})}}


def _awaited(services: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The services whose health another one waits for before it starts."""
    return {
        name
        for entry in services.values()
        for name, how in (entry.get("depends_on") or {}).items()
        if how.get("condition") == "service_healthy"
    }


def _marked(entry: Mapping[str, Any] | None, marks: Mapping[str, str]) -> dict[str, Any]:
    entry = entry or {}
    return {**entry, "labels": {**(entry.get("labels") or {}), **marks}}


def load(
    lab: str, file: Path, instance: str = labels.DEFAULT, prefixes: addresses.Prefixes | None = None
) -> Composition:
    """Read a lab's compose file, with its networks on `prefixes` where given. Raises EngineError, BrokenLab."""
    if not file.is_file():
        raise BrokenLab(f"The lab {lab} has no compose file {file}.", f"Put it back: git checkout -- {file}")
    argv = ("compose", "-f", str(file), "-p", labels.project(lab, instance), "config", "--format", "json")
    text = docker.run(*argv, env=addresses.environment(prefixes or {})).stdout
    config = json.loads(text)
    return Composition(
        lab,
        instance,
        file.resolve(),
        config["services"],
        config.get("networks") or {},
        config.get("volumes") or {},
    )


def start(
    composition: Composition,
    progress: Progress,
    lock: Lock,
    *options: str,
    nodes: tuple[str, ...] = (),
    running: Callable[[str], None] = lambda node: None,
    limit: float = 300.0,
) -> None:
    """`docker compose up -d` of the labelled file, without building and without pulling. Raises DockerError.

    `running` is called with each node as soon as its container runs.
    """

    def tell(line: str) -> None:
        step = _step(line)
        if not step:
            return
        kind, name, state = step
        what = composition.node(name) if kind == "Container" else name.removeprefix(composition.project + "_")
        progress(what, state.lower())
        if kind == "Container" and state in {"Started", "Running"}:
            running(what)

    for_podman = bool(api.podman())
    if for_podman:
        _require_mounts(composition)
    docker.follow(
        *("compose", "--progress", "plain", "-p", composition.project),
        *("--project-directory", str(composition.file.parent), "-f", "-"),
        *("up", "-d", "--no-build", "--pull", "never", *options, *nodes),
        on_line=tell,
        stdin=composition.labelled(for_podman=for_podman),
        limit=limit,
        under=lock,
    )


def _step(line: str) -> tuple[str, str, str] | None:
    """What kind of thing, its name and what became of it, where a line of Compose's plain progress tells that and no more.

    Compose 2 prints two spaces before the last word, Compose 5 one; an error's text makes more words of it.
    """
    match line.split():
        case ["Container" | "Network" | "Volume" as kind, name, state]:
            return kind, name, state
    return None


def _require_mounts(composition: Composition) -> None:
    """Refuse what Docker refuses: Podman would make an empty folder of a file that is missing. Raises DockerError."""
    for node in composition.services:
        for path in composition.mounts(node):
            if not path.exists():
                raise docker.failure(("compose", "up"), 1, f"bind source path does not exist: {path}")


def version() -> tuple[int, ...]:
    """Compose's version as numbers. Raises DockerError if there is no Compose."""
    text = docker.run("compose", "version", "--short").stdout.strip().lstrip("v")
    digits = text.split("-")[0].split("+")[0].split(".")
    return tuple(int(part) for part in digits if part.isdigit())

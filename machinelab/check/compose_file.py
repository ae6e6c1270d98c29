"""The compose file: no privilege without a reason, nothing open to the outside, addresses that are free everywhere."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from .. import catalog
from ..errors import Problem
from . import yamlfile
from .subject import Subject

FORBIDDEN = (IPv4Network("192.0.2.0/24"), IPv4Network("203.0.113.0/24"))
"""In use on the machines that labs run on."""

IMAGES = "machinelab/"
CONTEXT = "../images"  # seen from a compose file


def problems(subject: Subject) -> Iterator[Problem]:
    """All that is wrong with the compose file."""
    path = catalog.compose_file(subject.lab.id)
    if not path.exists():
        return
    line, why = yamlfile.problem(path)
    if why:
        yield Problem(path, line, f"This is no YAML: {why}.", "Mend it.")
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    if not subject.services:
        yield Problem(path, 0, "The compose file has no services.", "Add a service for each node.")
    for name, service in subject.services.items():
        for number, said, fix in _service(name, yamlfile.entries(service), lines):
            yield Problem(path, number or yamlfile.line(service), said, fix)
    for name, network in yamlfile.entries(yamlfile.top(path).get("networks")).items():
        yield from _network(path, name, network)


Wrong = tuple[int, str, str]


def _service(name: str, entries: dict[str, Any], lines: list[str]) -> Iterator[Wrong]:
    yield from _privilege(name, entries)
    yield from _capabilities(name, entries, lines)
    yield from _open_to_the_outside(name, entries)
    image = entries.get("image")
    if image is None or not yamlfile.text(image).startswith(IMAGES):
        said = f"{name} runs the image {yamlfile.text(image) or '(none)'}."
        yield yamlfile.line(image) if image else 0, said, f"Name one of the kit's: {IMAGES}<name>:latest."
    elif build := entries.get("build"):
        yield from _build(name, yamlfile.text(image).removeprefix(IMAGES).partition(":")[0], build)


def _build(name: str, image: str, node: Any) -> Iterator[Wrong]:
    """Every image stands in compose/images, where it can copy what is in compose/images/shared."""
    entries = yamlfile.entries(node)
    context, dockerfile = (yamlfile.text(entries.get(key)) for key in ("context", "dockerfile"))
    if (context, dockerfile) != (CONTEXT, f"{image}/Dockerfile"):
        said = f"{name}'s image is built from {context or '(nothing)'} by {dockerfile or 'Dockerfile'}."
        fix = (
            f"Put it into compose/images/{image}, with context: {CONTEXT} and dockerfile: {image}/Dockerfile."
        )
        yield yamlfile.line(node), said, fix


def _privilege(name: str, entries: dict[str, Any]) -> Iterator[Wrong]:
    if (node := entries.get("privileged")) and yamlfile.text(node).lower() in ("true", "yes", "on"):
        fix = "Add the capability it needs with cap_add, and say why."
        yield yamlfile.line(node), f"{name} is privileged.", fix
    if node := entries.get("ulimits"):
        yield (
            yamlfile.line(node),
            f"{name} sets ulimits, which not every engine can raise.",
            "Leave `ulimits` out.",
        )
    for each in yamlfile.items(entries.get("security_opt")):
        if yamlfile.text(each).endswith("unconfined"):
            fix = "Leave it out, or let another node do that job."
            yield yamlfile.line(each), f"{name} turns the engine's confinement off.", fix
    for key in ("network_mode", "pid", "ipc"):
        if (node := entries.get(key)) and yamlfile.text(node) == "host":
            yield yamlfile.line(node), f"{name} has {key}: host.", "Put the node on the lab's own networks."


def _capabilities(name: str, entries: dict[str, Any], lines: list[str]) -> Iterator[Wrong]:
    added = yamlfile.items(entries.get("cap_add"))
    dropped = [yamlfile.text(each).upper() for each in yamlfile.items(entries.get("cap_drop"))]
    if added and "ALL" not in dropped:
        said = f"{name} adds capabilities and keeps the engine's own."
        yield yamlfile.line(entries["cap_add"]), said, "Add `cap_drop: [ALL]`."
    for each in added:
        if yamlfile.text(each).upper() == "ALL":
            yield yamlfile.line(each), f"{name} adds all capabilities.", "Add the one it needs, and say why."
        elif not _reason(yamlfile.text(each), yamlfile.line(each), lines):
            said = f"{name} adds {yamlfile.text(each)} without a reason."
            yield yamlfile.line(each), said, "Write it on the same line: `- NET_ADMIN # turns offloads off`."


def _reason(capability: str, number: int, lines: list[str]) -> bool:
    """A comment on the line, or on another of the file where the same is added. SETGID goes with SETUID."""
    if "#" in lines[number - 1]:
        return True
    same = {capability, "SETUID"} if capability == "SETGID" else {capability}
    marks = tuple(f"- {each} #" for each in same)
    return any(" ".join(line.split()).startswith(marks) for line in lines)


def _open_to_the_outside(name: str, entries: dict[str, Any]) -> Iterator[Wrong]:
    for each in yamlfile.items(entries.get("ports")):
        host = yamlfile.text(yamlfile.entries(each).get("host_ip")) or yamlfile.text(each)
        if host != "127.0.0.1" and not host.startswith("127.0.0.1:"):
            said = f"{name} publishes {yamlfile.text(each) or 'a port'} to every network of the machine."
            yield yamlfile.line(each), said, "Begin it with 127.0.0.1: as in 127.0.0.1:8080:80."
    for volume in yamlfile.items(entries.get("volumes")):
        each = yamlfile.entries(volume).get("source") or volume
        source, _, target = yamlfile.text(each).partition(":")
        if source.startswith(("/", "~")) and (target or each is not volume) and "docker.sock" not in source:
            said = f"{name} mounts {source} of the machine it runs on."
            yield yamlfile.line(each), said, "Put the file beside compose.yaml and mount it with ./."
        if "docker.sock" in source:
            said = f"{name} has the engine's socket: that is root on the machine."
            yield (
                yamlfile.line(each),
                said,
                "Leave it out: what needs the engine belongs into machinelab/engine.",
            )


def _network(path: Path, name: str, network: Any) -> Iterator[Problem]:
    entries = yamlfile.entries(network)
    if (node := entries.get("internal")) and yamlfile.text(node).lower() in ("true", "yes", "on"):
        said = f"The network {name} is internal: the engine then drops routed packets."
        yield Problem(
            path, yamlfile.line(node), said, "Leave `internal` out: no node has a route off the lab anyway."
        )
    pools = yamlfile.items(yamlfile.entries(entries.get("ipam")).get("config"))
    subnets = [subnet for pool in pools if (subnet := yamlfile.entries(pool).get("subnet"))]
    if not subnets:
        fix = f"Give it `subnet: ${{MACHINELAB_NET_{name}:-198.18.N}}.0/24` under ipam.config."
        yield Problem(
            path, yamlfile.line(network) if network else 0, f"The network {name} has no subnet.", fix
        )
    for subnet in subnets:
        yield from _subnet(path, name, subnet)


def _subnet(path: Path, name: str, node: Any) -> Iterator[Problem]:
    try:
        prefix = IPv4Network(yamlfile.text(node))
    except ValueError:
        fix = f"Write it like ${{MACHINELAB_NET_{name}:-198.18.53}}.0/24."
        yield Problem(path, yamlfile.line(node), f"{yamlfile.text(node)} is no IPv4 subnet.", fix)
        return
    if any(prefix.overlaps(taken) for taken in FORBIDDEN):
        said = f"The network {name} is in {prefix}, which the machines of this project use for themselves."
        yield Problem(path, yamlfile.line(node), said, "Take a /24 of 198.18.0.0/15.")

"""Which addresses this machine already uses: docker networks, routes, interfaces, resolvers, proxies."""

import ipaddress
import json
import os
import re
import socket
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from . import api, labels

LOOKUP = 1.0  # seconds that a resolver gets to tell where a proxy is

# TEST-NET-1 and TEST-NET-3 (RFC 5737): machines that run labs are known to use both for themselves.
NEVER = (IPv4Network("192.0.2.0/24"), IPv4Network("203.0.113.0/24"))


@dataclass(frozen=True, slots=True)
class Taken:
    """Addresses that are in use, by `who` (words for a person), and the one command that `frees` them ("" if none does)."""

    prefix: IPv4Network
    who: str
    frees: str = ""
    project: str = ""


def taken() -> list[Taken]:
    """All that is in use on this machine, docker networks first. Raises EngineError if the engine cannot be asked."""
    networks = list(of_docker())
    # A bridge's own route, and the host's address on it, are told by the network they belong to.
    others = [
        entry
        for entry in (*of_routes(), *of_services())
        if not any(entry.prefix.subnet_of(network.prefix) for network in networks)
    ]
    return [
        *networks,
        *others,
        *(Taken(prefix, "a range that machines use for themselves") for prefix in NEVER),
    ]


def of_docker() -> Iterator[Taken]:
    """What docker's networks use."""
    # The list of networks does not tell what is in them, as asking for each one does; the containers do.
    inside: dict[str, dict[str, dict[str, str]]] = {}
    for container in api.containers():
        for network in (container.get("NetworkSettings") or {}).get("Networks") or {}:
            name = str(container["Names"][0]).removeprefix("/")
            inside.setdefault(network, {})[container["Id"]] = {"Name": name}
    for network in api.networks():
        for config in (network.get("IPAM") or {}).get("Config") or []:
            prefix = _prefix(config.get("Subnet", ""))
            if prefix:
                within = {**network, "Containers": inside.get(network["Name"])}
                yield Taken(prefix, *_docker_words(within))


def _docker_words(network: Mapping[str, Any]) -> tuple[str, str, str]:
    marks = network.get("Labels") or {}
    containers = sorted(str(entry.get("Name")) for entry in (network.get("Containers") or {}).values())
    name = str(network.get("Name"))
    project = str(marks.get("com.docker.compose.project", ""))
    who = f"the docker network {name}" + (f" (with {_few(containers)})" if containers else "")
    if lab := marks.get(labels.LAB):
        frees = labels.command("down", str(lab), str(marks.get(labels.INSTANCE, labels.DEFAULT)))
    elif project:
        frees = f"docker compose -p {project} down"
    elif containers:
        frees = f"docker rm -f {' '.join(containers)} && docker network rm {name}"
    else:
        frees = f"docker network rm {name}"
    return who, frees, project


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def of_routes() -> Iterator[Taken]:
    """What the routes of all tables and the addresses of all interfaces use. Default routes, halved ones too, are no claim."""
    for prefix, device in sorted(set(_ip_routes() or _proc_routes())):
        if prefix.prefixlen >= 8 and not prefix.is_loopback and not prefix.is_multicast:
            yield Taken(prefix, *_route_words(prefix, device))


def _route_words(prefix: IPv4Network, device: str) -> tuple[str, str]:
    if re.fullmatch(r"br-[0-9a-f]{12}", device):
        # Named as docker names them: left by an engine that was killed or removed, or another engine's.
        return (
            f"the bridge {device}, of a docker network that this engine does not know",
            f"sudo ip link del {device}",
        )
    by = f" dev {device}" if device else ""
    return f"the route to {prefix}" + (f" by {device}" if device else ""), f"sudo ip route del {prefix}{by}"


def _ip_routes() -> list[tuple[IPv4Network, str]]:
    try:
        told = subprocess.run(
            ["ip", "-4", "-j", "route", "show", "table", "all"],
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
        rows = json.loads(told.stdout or "[]")
    except (OSError, subprocess.SubprocessError, ValueError):
        return []
    found = (
        (_prefix(row.get("dst", "")), row.get("dev", "")) for row in rows if row.get("type") != "broadcast"
    )
    return [(prefix, device) for prefix, device in found if prefix]


def _proc_routes() -> list[tuple[IPv4Network, str]]:
    try:
        lines = Path("/proc/net/route").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return _netstat_routes()
    found = []
    for line in lines:
        device, destination, *_, mask = line.split()[:8]
        address = int.from_bytes(bytes.fromhex(destination), "little")
        length = int.from_bytes(bytes.fromhex(mask), "little").bit_count()
        found.append((IPv4Network((address, length), strict=False), device))
    return found


def _netstat_routes() -> list[tuple[IPv4Network, str]]:
    # macOS: no ip, no /proc. Its netstat cuts trailing zero octets: "10/8", "192.168.1".
    try:
        told = subprocess.run(
            ["netstat", "-rn", "-f", "inet"], capture_output=True, text=True, timeout=5, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return []
    found = []
    for line in told.stdout.splitlines():
        if match := re.match(r"(\d+(?:\.\d+){0,3})(?:/(\d+))?\s.*\s(\w+)\s*$", line):
            octets = match[1].split(".")
            text = ".".join((octets + ["0"] * 3)[:4]) + f"/{match[2] or 8 * len(octets)}"
            if prefix := _prefix(text):
                found.append((prefix, match[3]))
    return found


def of_services() -> Iterator[Taken]:
    """Where this machine's name servers and proxies are: a lab there would cut the machine off from them."""
    for address in _nameservers():
        if prefix := _prefix(address):
            yield Taken(prefix, f"this machine's name server {address}")
    for variable, host in _proxies():
        for address in _lookup(host):
            if prefix := _prefix(address):
                yield Taken(prefix, f"the host {host} of {variable}")


def _nameservers() -> list[str]:
    try:
        text = Path("/etc/resolv.conf").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return re.findall(r"^\s*nameserver\s+(\S+)", text, re.MULTILINE)


def _proxies() -> Iterator[tuple[str, str]]:
    for variable, value in os.environ.items():
        if (
            variable.lower() in {"http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "docker_host"}
            and value
        ):
            host = urlsplit(value if "://" in value else f"http://{value}").hostname
            if host:
                yield variable, host


def _lookup(host: str) -> list[str]:
    # In a thread that is left behind: getaddrinfo knows no limit, and a dead resolver takes half a minute.
    found: list[str] = []

    def ask() -> None:
        try:
            found.extend(str(entry[4][0]) for entry in socket.getaddrinfo(host, None, socket.AF_INET))
        except OSError:
            return

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(LOOKUP)
    return sorted(set(found))


def _prefix(text: str) -> IPv4Network | None:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return network if isinstance(network, IPv4Network) else None


def in_the_way(prefix: IPv4Network, entries: Iterable[Taken]) -> Taken | None:
    """The first of `entries` that overlaps with `prefix`, if any does."""
    return next((entry for entry in entries if entry.prefix.overlaps(prefix)), None)

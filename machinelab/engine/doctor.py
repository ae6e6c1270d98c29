"""What this machine has of all that a lab takes, and what is missing."""

import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..errors import EngineError
from . import api, base, compose, docker, endpoint, host, images

PYTHON = (3, 11)
MEMORY = 512  # MiB; the DNS lab's six servers and the tap take about 100, and the engine itself as much
PODMAN = "5.4"
"""The Podman that every lab was tried with."""
DISK = 2048  # MiB; the base, the DNS lab's images and what a build needs meanwhile


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: whether it is well, what was found, and if it is not well what to do.

    Where `needed` is false, a lab may work all the same.
    """

    name: str
    ok: bool
    detail: str
    hint: str = ""
    needed: bool = True


def diagnose() -> list[Check]:
    """Look at everything, and stop at nothing: what cannot be looked at without an engine is left out where there is none."""
    checks = [_python(), _system(), _docker()]
    engine, info = _engine()
    checks += [engine, _compose(), _base(engine.ok)]
    if engine.ok:
        checks += [_rootful(info), _bridges(info), _tap(), _init(), _memory(info), _disk(info)]
    return checks


def healthy(checks: Iterable[Check]) -> bool:
    """Whether labs can run: everything that is needed is well."""
    return all(check.ok or not check.needed for check in checks)


def as_json(checks: Iterable[Check]) -> str:
    """One object a line: name, ok, detail, hint, needed."""
    return "\n".join(json.dumps(asdict(check), ensure_ascii=False) for check in checks)


def of_error(name: str, error: EngineError) -> Check:
    """The check that failed with this error."""
    return Check(name, False, error.message, error.hint)


def _python() -> Check:
    found = platform.python_version()
    if sys.version_info >= PYTHON:
        return Check("python", True, found)
    return Check("python", False, f"{found}; 3.11 or later is needed", "Install a later Python.")


def _system() -> Check:
    release = host.os_release()
    name = release.get("PRETTY_NAME") or f"{platform.system()} {platform.release()}"
    if install_supported(release):
        return Check("system", True, name)
    return Check("system", True, f"{name} (doctor --fix cannot install an engine here)", needed=False)


def install_supported(release: Mapping[str, str]) -> bool:
    """Whether `doctor --fix` knows how to install an engine on this system."""
    version = re.match(r"\d+(?:\.\d+)?", release.get("VERSION_ID", ""))
    number = float(version[0]) if version else 0.0
    return (release.get("ID") == "debian" and number >= 12) or (
        release.get("ID") == "ubuntu" and number >= 22.04
    )


def _docker() -> Check:
    path = shutil.which(docker.CLI)
    if path:
        return Check("docker", True, path)
    return of_error("docker", docker.failure((), 127, "docker: command not found"))


def _engine() -> tuple[Check, dict[str, Any]]:
    try:
        info: dict[str, Any] = json.loads(docker.run("info", "--format", "{{json .}}", limit=20).stdout)
    except EngineError as error:
        return of_error("engine", error), {}
    except ValueError:
        return Check("engine", False, "The engine's answer cannot be read.", "Look at it: docker info"), {}
    # Some versions of the command say what is wrong inside of an answer that looks well.
    if problems := info.get("ServerErrors"):
        return of_error("engine", docker.failure(("info",), 1, "\n".join(problems))), {}
    version = info.get("ServerVersion", "?")
    place = endpoint.found().how
    if api.podman():
        said = f"Podman {version} in Docker's place {place}, {info.get('OperatingSystem', '?')}; tried is {PODMAN}"
    else:
        said = f"version {version} {place}, {info.get('OperatingSystem', '?')}"
    return Check("engine", True, said), info


def _compose() -> Check:
    try:
        found = compose.version()
    except EngineError as error:
        return of_error("compose", error)
    words = ".".join(map(str, found))
    if found >= compose.OLDEST:
        return Check("compose", True, f"version {words}")
    oldest = ".".join(map(str, compose.OLDEST))
    return Check(
        "compose",
        False,
        f"Docker Compose is too old: {words}, and {oldest} or later is needed.",
        "Install a later one: machinelab doctor --fix",
    )


def _base(engine: bool) -> Check:
    if engine and base.TAG in images.present([base.TAG]):
        return Check("base image", True, f"{base.TAG} is there")
    if shutil.which("mmdebstrap") and host.keyring():
        return Check("base image", True, f"can be made from {host.debian_mirror() or 'Debian'}")
    hint = "Install mmdebstrap: machinelab doctor --fix"
    return Check(
        "base image",
        True,
        "will be asked of a registry; without one, mmdebstrap would be needed",
        hint,
        needed=False,
    )


def _rootful(info: dict[str, Any]) -> Check:
    rootless = any("rootless" in str(option) for option in info.get("SecurityOptions") or [])
    if not rootless:
        return Check("privilege", True, "the engine runs as root, so a tap can hear the lab's networks")
    hint = "Use an engine that runs as root: docker context use default"
    return Check("privilege", False, "This engine is rootless: no tap can hear its networks.", hint)


def _bridges(info: dict[str, Any]) -> Check:
    drivers = (info.get("Plugins") or {}).get("Network") or []
    if "bridge" in drivers:
        return Check("networks", True, "bridge")
    return Check("networks", False, "The engine has no bridge networks.", "Look at its drivers: docker info")


# Opens what the tap opens, nothing more.
_LISTEN = "import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))"


def _tap() -> Check:
    if images.TAP not in images.present([images.TAP]):
        return Check("tap", True, "not tried: its image is built with the first lab", needed=False)
    caps = ("--cap-drop", "ALL", "--cap-add", "NET_RAW", "--cap-add", "NET_ADMIN")
    words = (
        "run",
        "--rm",
        "--network",
        "host",
        *caps,
        "--entrypoint",
        "/usr/bin/python3",
        images.TAP,
        "-Ic",
        _LISTEN,
    )
    try:
        docker.run(*words)
    except EngineError as error:
        return Check(
            "tap",
            False,
            f"A container may not listen on the host's networks. {error.message}",
            "Allow containers NET_RAW and NET_ADMIN on the host's network.",
        )
    return Check("tap", True, "a container can listen, with NET_RAW and NET_ADMIN alone")


def _init() -> Check:
    if images.TAP not in images.present([images.TAP]):
        return Check("init", True, "not tried: the tap's image is built with the first lab", needed=False)
    try:
        docker.run("run", "--rm", "--init", "--network", "none", "--entrypoint", "/bin/true", images.TAP)
    except EngineError as error:
        return of_error("init", error)
    return Check("init", True, "the engine has a first program for each node")


def _memory(info: dict[str, Any]) -> Check:
    available = _available() or int(info.get("MemTotal") or 0) // 2**20
    if available >= MEMORY:
        return Check("memory", True, f"{available:,} MiB available", needed=False)
    return Check(
        "memory",
        False,
        f"Only {available:,} MiB of memory are available; {MEMORY} are wanted.",
        "Close something large.",
        needed=False,
    )


def _available() -> int:
    """MiB of memory that can still be had; 0 where the machine does not tell (then the engine's own word counts)."""
    try:
        found = re.search(
            r"^MemAvailable:\s+(\d+)", Path("/proc/meminfo").read_text(encoding="ascii"), re.MULTILINE
        )
    except OSError:
        return 0
    return int(found[1]) // 1024 if found else 0


def _disk(info: dict[str, Any]) -> Check:
    root = Path(str(info.get("DockerRootDir") or "/"))
    try:
        status = os.statvfs(root)
    except OSError:
        # The engine lives in a machine of its own (Docker Desktop, a remote one), or hides its folder from us.
        return Check("disk", True, "cannot be seen from here", needed=False)
    free = status.f_bavail * status.f_frsize // 2**20
    if free >= DISK:
        return Check("disk", True, f"{free:,} MiB free in {root}", needed=False)
    return Check(
        "disk",
        False,
        f"Only {free:,} MiB are free in {root}; {DISK:,} are wanted.",
        "Free some: docker system df",
        needed=False,
    )

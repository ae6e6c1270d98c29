"""Why a docker command failed: what the engine printed, turned into one clear line and a hint.

Every pattern here was collected by provoking the failure; the texts are in tests/unit/engine/test_causes.py.
"""

import getpass
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from . import endpoint
from .unreached import DOCTOR, LOOK, UNREACHED, Explained, last_words, named


def explain(argv: Sequence[str], exit: int, stderr: str) -> Explained:
    """Message and hint for `docker ARGV…` that ended with `exit` and printed `stderr`."""
    told = _without_echoes(stderr)
    for pattern, words in _CAUSES:
        if found := pattern.search(told):
            return words(found)
    said = last_words(stderr) or "it said nothing"
    return (
        f"`docker {_verb(argv)}` failed (exit {exit}): {said}",
        f"Ask what is wrong with the engine: {LOOK}",
    )


def _without_echoes(text: str) -> str:
    """The text without the lines that only pass on, for another request, what its last line says.

    Compose 5 gives up what it asks for side by side at the first failure, and calls each request that it gave up
    "error during connect: …: " and that failure, as though the engine had gone.
    """
    cause = last_words(text)
    return "\n".join(
        line
        for line in text.splitlines()
        if not ("error during connect: " in line.removesuffix(cause) and line.endswith(cause))
    )


def _verb(argv: Sequence[str]) -> str:
    words = [word for word in argv if not word.startswith("-")]
    compose = words[:1] == ["compose"]
    known = {"up", "down", "config", "build", "create", "start", "version", "ps"}
    return (
        " ".join(["compose", *[w for w in words[1:] if w in known][:1]]) if compose else " ".join(words[:1])
    )


def _no_cli(_: re.Match[str]) -> Explained:
    return "There is no docker command on this machine.", f"Install an engine: {DOCTOR}"


def _not_allowed(found: re.Match[str]) -> Explained:
    hint = f"Run `sudo usermod -aG docker {getpass.getuser()}`, then log in again (or type `newgrp docker`)."
    return f"This user may not talk to the container engine at {found[1].rstrip(':')}.", hint


def _no_compose(_: re.Match[str]) -> Explained:
    return "Docker has no Compose plugin here (the command `docker compose`).", f"Install it: {DOCTOR}"


def _old_compose(found: re.Match[str]) -> Explained:
    return (
        f"Docker Compose is too old: it does not know {found[1]}. The kit needs 2.20.3 or later.",
        f"Install a later one: {DOCTOR}",
    )


def _gone(_: re.Match[str]) -> Explained:
    return (
        "The container engine went away in the middle of the work.",
        f"Start it again with `{DOCTOR}`, then `machinelab down --all` to clear what is left.",
    )


def _disk_full(_: re.Match[str]) -> Explained:
    return (
        "The disk that the container engine writes to is full.",
        "Free some space: docker system df shows what takes it.",
    )


def _port(found: re.Match[str]) -> Explained:
    where = named(found)
    port = where.rsplit(":", 1)[-1]
    return (
        f"Port {where} is taken by somebody else.",
        f"Find out by whom, and stop that: ss -ltnp 'sport = :{port}'",
    )


def _overlap(_: re.Match[str]) -> Explained:
    return (
        "The lab's addresses overlap with a network that is already there.",
        "Start the lab with addresses of its own: add --as NAME.",
    )


def _pools(_: re.Match[str]) -> Explained:
    return (
        "The engine has no addresses left for another network.",
        "Remove networks nobody uses: docker network prune",
    )


def _no_image(found: re.Match[str]) -> Explained:
    return (
        f"The image {named(found)} is not on this machine.",
        "Build it with `machinelab images build`, or bring it with `images load`.",
    )


def _no_registry(found: re.Match[str]) -> Explained:
    return (
        f"An image is not on this machine, and no registry can be reached ({found[1]}).",
        "Build it with `machinelab images build`, or bring it with `machinelab images load FILE`.",
    )


def _no_mount(found: re.Match[str]) -> Explained:
    if Path(found[1]).exists():
        return (
            f"The engine {endpoint.found().how} does not see the lab's files: {found[1]} is there on this machine only.",
            "Use an engine of this machine, or install machinelab on the engine's and run it there.",
        )
    return (
        f"A file or folder that the lab mounts is not there: {found[1]}.",
        f"Put it back: git checkout -- {found[1]}",
    )


def _bad_mount(_: re.Match[str]) -> Explained:
    return (
        "A file that the lab mounts has been replaced by a folder, or a folder by a file.",
        "Put the lab's files back: git status shows which, git checkout -- FILE brings it back.",
    )


def _no_container(found: re.Match[str]) -> Explained:
    return f"There is no container {named(found)}.", "See what is running: machinelab ps"


def _stopped(_: re.Match[str]) -> Explained:
    return "That node is not running.", "See what it said last: machinelab logs LAB NODE"


def _in_use(found: re.Match[str]) -> Explained:
    return (
        f"The network {found[1]} cannot be removed: a container that is not the lab's is still in it.",
        f"See which, and disconnect it: docker network inspect {found[1]} (if none is: start the engine anew)",
    )


def _no_program(found: re.Match[str]) -> Explained:
    return f"There is no program {found[1]} on that node.", "See what there is: machinelab shell LAB NODE"


def _no_init(found: re.Match[str]) -> Explained:
    return (
        "The engine that answers is Podman, and lacks the program that is to be the first of each node.",
        f"Install the package {found[1]} where the engine runs.",
    )


_TABLE: tuple[tuple[str, Callable[[re.Match[str]], Explained]], ...] = (
    (r"^docker: command not found|^docker: cannot be run", _no_cli),
    (
        r"permission denied while trying to connect to the [Dd]ocker (?:daemon socket|API) at ([^\s,]+)",
        _not_allowed,
    ),
    (r"dial unix ([^\s:]+): connect: permission denied", _not_allowed),
    (r"no space left on device", _disk_full),
    *UNREACHED,
    # Without the plugin, docker takes Compose's options for its own, and prints its own usage.
    (
        r"unknown (?:shorthand )?flag[^\n]*\n(?:See 'docker --help'\.?\n)?\s*Usage:  docker \[OPTIONS\] COMMAND"
        r"|'compose' is not a docker command|unknown command: docker compose",
        _no_compose,
    ),
    (
        r"(?:unknown flag: |flag provided but not defined: )(--?(?:pull|progress|no-build|wait|format|project-name)\b)",
        _old_compose,
    ),
    (
        r"Get \"https://([^/\"]+)[^\"]*\": (?:dial|net/http|context|proxyconnect|EOF|read|x509|tls)",
        _no_registry,
    ),
    (r"failed to (?:do request|resolve source metadata).*?: (?:Head|Get) \"https://([^/\"]+)", _no_registry),
    (
        r"(?:^|: )unexpected EOF\"?$|error during connect|connection reset by peer|broken pipe|: EOF$|^EOF$|daemon is shutting down",
        _gone,
    ),
    (
        r"Bind for (\S+) failed: port is already allocated"
        r"|listen (?:tcp|udp)[46]? (\S+): bind: address already in use"
        r"|failed to bind (?:host )?port for (\S+?): address already in use"
        r"|failed to bind host port (\S+?)(?:/\w+)?: address already in use",
        _port,
    ),
    (r"Pool overlaps with other one|conflicts with network|conflicts with existing route", _overlap),
    (r"could not find an available, non-overlapping|all predefined address pools", _pools),
    (r"bind source path does not exist: (\S+)", _no_mount),
    (r"Are you trying to mount a directory onto a file|not a directory: unknown", _bad_mount),
    (r"[Nn]o such image: (\S+?):?(?:\s|$)|pull access denied for (\S+?),", _no_image),
    (r"lookup init binary: exec: \"([^\"]+)\"", _no_init),
    (r"exec: \"([^\"]+)\": (?:executable file not found|stat )", _no_program),
    (r"No such container: (\S+)|No such object: (\S+)", _no_container),
    (r"network (\S+) (?:id \S+ )?has active endpoints", _in_use),
    (r"[Cc]ontainer (?:\S+ )?is not running|is restarting, wait until", _stopped),
)

_CAUSES = [(re.compile(pattern, re.MULTILINE), words) for pattern, words in _TABLE]

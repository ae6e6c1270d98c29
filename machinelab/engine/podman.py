"""What Podman takes otherwise than Docker does, and what is told to it instead. Seen on Podman 5.4 with netavark 1.14."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

BRIDGE = "com.docker.network.bridge.name"

Asked = Mapping[str, Any]


def service(entry: Asked) -> Asked:
    """A service of a compose file as Podman is to have it."""
    # It waits so long even where a container is removed by force; Docker kills at once.
    told = {**entry, "stop_grace_period": "0s"}
    added = entry.get("cap_add") or []
    if not entry.get("init") or "SETUID" not in added:
        return told
    # Its init asks, once, whether it may send its child a signal, and gives up if it may not: by then the child may have
    # become another user. Whoever may become that user (SETUID) can do no more with this.
    return {**told, "cap_add": [*added, "KILL"]}


def network(entry: Asked | None) -> Asked:
    """A network of a compose file as Podman is to have it."""
    # It does not know that masquerading is to be off; where the kernel shows bridged frames to the firewall, it rewrites
    # them. A network that is internal gets no firewall at all, and no way out. (Docker's drop what a lab's router passes on.)
    return {**(entry or {}), "internal": True}


def with_bridges(networks: Sequence[Asked], podmans: Sequence[Asked]) -> list[Asked]:
    """The networks as Docker's API tells of them, with their bridges, which Podman numbers and names in its own API alone."""
    bridges = {entry["id"]: entry["network_interface"] for entry in podmans}
    return [
        {**entry, "Options": {**(entry.get("Options") or {}), BRIDGE: bridges[entry["Id"]]}}
        for entry in networks
        if entry["Id"] in bridges  # else somebody removed it between the two questions
    ]


# What it says, and what Docker says in its place.
_WORDS = [
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r'no container with (?:name or ID|ID or name) "([^"]+)" found: no such container',
            r"No such container: \1",
        ),
        (
            r"can only create exec sessions on running containers: container state improper",
            "Container is not running",
        ),
        (
            r"crun: executable file `([^`]+)` not found in \$PATH",
            r'exec: "\1": executable file not found in $PATH',
        ),
        (
            r"subnet (\S+) is already used on the host or by another config",
            r"Pool overlaps with other one: \1",
        ),
        (r'"([^"]+)" has associated containers with it', r"network \1 has active endpoints"),
    )
]


def in_dockers_words(said: str) -> str:
    """What an engine said, as Docker would say it: those who ask why something failed know one language."""
    for pattern, words in _WORDS:
        said = pattern.sub(words, said)
    return said

"""What Podman takes otherwise than Docker does, and what is told to it instead. Seen on Podman 5.4 with netavark 1.14."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

BRIDGE = "com.docker.network.bridge.name"

Asked = Mapping[str, Any]


def service(entry: Asked) -> Asked:
    """A service of a compose file as Podman is to have it."""
    told = {
        **entry,
        "user": entry.get("user")
        or "root",  # it looks the groups up of a user that is named, and of no other
        # It waits so long even where a container is removed by force; Docker kills at once.
        "stop_grace_period": "0s",
    }
    if "tmpfs" in entry:
        told["tmpfs"] = [_without_owner(each) for each in entry["tmpfs"]]
    added = entry.get("cap_add") or []
    if entry.get("init") and "SETUID" in added:
        # Its init asks, once, whether it may send its child a signal, and gives up if it may not: by then the child may
        # have become another user. Whoever may become that user can do no more with this.
        told["cap_add"] = [*added, "KILL"]
    return told


def _without_owner(tmpfs: str) -> str:
    """A tmpfs that everybody on the node may write to, where the one asked for has an owner, which Podman does not take.

    For everybody, and so not sticky: its root, which holds no CAP_FOWNER, is to replace files of the server's user.
    """
    folder, _, options = tmpfs.partition(":")
    asked = options.split(",")
    if not any(option.startswith(("uid=", "gid=")) for option in asked):
        return tmpfs
    kept = [option for option in asked if not option.startswith(("uid=", "gid=", "mode="))]
    return f"{folder}:{','.join([*kept, 'mode=0777'])}"


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
        (r"failed to find image \S+: (?:docker\.io/)?(\S+): No such image", r"No such image: \1"),
        (r"no such image: (?:docker\.io/)?(\S+): image not known", r"No such image: \1"),
        (r'"([^"]+)" has associated containers with it', r"network \1 has active endpoints"),
    )
]


def in_dockers_words(said: str) -> str:
    """What an engine said, as Docker would say it: those who ask why something failed know one language."""
    for pattern, words in _WORDS:
        said = pattern.sub(words, said)
    return said

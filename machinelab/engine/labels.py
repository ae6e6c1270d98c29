"""What everything the kit starts is marked with, so that the engine itself is the list of what is ours."""

import re

from ..errors import UsageError

LAB = "org.machinelab.lab"
INSTANCE = "org.machinelab.instance"
ROLE = "org.machinelab.role"
"""On containers that are no node of the lab: "tap"."""
CONTEXT = "org.machinelab.context"
"""On images: the hash of what they were built from."""

DEFAULT = "default"


def project(lab: str, instance: str = DEFAULT) -> str:
    """The Compose project's name, which begins the name of every container and network."""
    return f"machinelab-{lab}-{instance}"


def container(lab: str, instance: str, node: str) -> str:
    """The name that Compose gives to a node's container."""
    return f"{project(lab, instance)}-{node}-1"


def lock(lab: str, instance: str) -> str:
    """The name of the lock under which an instance is started and taken down."""
    return f"{lab}@{instance}"


def run_lock(lab: str, instance: str) -> str:
    """The name of the lock under which an instance is used: two runs at once would be in each other's captures."""
    return f"run-{lab}-{instance}"


def command(verb: str, lab: str, instance: str) -> str:
    """`machinelab VERB LAB`, with `--as` where the instance is not the default one."""
    return f"machinelab {verb} {lab}" + ("" if instance == DEFAULT else f" --as {instance}")


def checked_instance(name: str) -> str:
    """The name of an instance, if it can be one (it becomes part of container names). Raises UsageError."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,31}", name):
        raise UsageError(
            f"{name!r} cannot name an instance.",
            "Take up to 32 of: small letters, digits, - and _; a letter or digit first.",
        )
    return name


def ours(lab: str | None = None, instance: str | None = None) -> list[str]:
    """`--filter` arguments for docker that keep what is ours: of all labs, of a lab, or of one instance."""
    return [word for mark in conditions(lab, instance) for word in ("--filter", f"label={mark}")]


def conditions(lab: str | None = None, instance: str | None = None) -> list[str]:
    """The labels that whatever is ours has: of all labs, of a lab, or of one instance."""
    marks = [LAB + (f"={lab}" if lab else "")]
    return [*marks, f"{INSTANCE}={instance}"] if instance else marks

"""A lab that is up while its live tests run, and is used as a learner would: by typing."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from machinelab.engine import docker, labels

INSTANCE = os.environ.get("MACHINELAB_TEST_INSTANCE", "test")
PODMANS = {"CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "NET_BIND_SERVICE", "SETFCAP", "SYS_CHROOT"}
"""What Podman gives unasked and no node asks for; it tells each one that was dropped where Docker tells `ALL`."""

Typed = Callable[..., "subprocess.CompletedProcess[str]"]


class Up(NamedTuple):
    """A lab that is up: what types `machinelab WORDS` at it, and where its runs are."""

    id: str
    typed: Typed
    runs: Path

    def __call__(self, *words: str, stdin: str | None = None) -> "subprocess.CompletedProcess[str]":
        """Type `machinelab WORDS`."""
        return self.typed(*words, stdin=stdin)


def of(lab: str) -> pytest.MarkDecorator:
    """The mark of a file of tests that are of one lab: its `lab` is up."""
    return pytest.mark.parametrize("lab", [lab], indirect=True, scope="session")


@contextmanager
def up(lab: str, home: Path, instance: str = INSTANCE) -> Iterator[Typed]:
    """Start it, hand out what types `machinelab WORDS`, and take it down. What it runs as is looked at on the way."""

    def typed(*words: str, stdin: str | None = None) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "MACHINELAB_HOME": str(home), "NO_COLOR": "1"}
        argv = [sys.executable, "-m", "machinelab", *words]
        return subprocess.run(
            argv, capture_output=True, text=True, env=environment, input=stdin, timeout=300, check=False
        )

    started = typed("up", lab, "--as", instance)
    try:
        assert started.returncode == 0, started.stderr
        for container in containers(lab, instance):
            assert list(privileges(container)) == []
        yield typed
    finally:
        stopped = typed("down", lab, "--as", instance)
        assert stopped.returncode == 0, stopped.stderr
        assert containers(lab, instance) == []


def containers(lab: str, instance: str) -> list[dict[str, Any]]:
    """What the engine says of each container of an instance."""
    ids = docker.run("ps", "-aq", *labels.ours(lab, instance)).stdout.split()
    return list(json.loads(docker.run("inspect", *ids).stdout)) if ids else []


def privileges(container: dict[str, Any]) -> Iterator[str]:
    """What a running container has that none needs."""
    name, host = container["Name"], container["HostConfig"]
    if host["Privileged"]:
        yield f"{name} is privileged"
    dropped = set(host["CapDrop"] or ())
    if "ALL" not in dropped and not dropped >= PODMANS:
        yield f"{name} keeps the engine's capabilities"
    if {"ALL", "CAP_ALL"} & set(host["CapAdd"] or ()):
        yield f"{name} has every capability"
    for spaces in ("NetworkMode", "PidMode", "IpcMode"):
        if host[spaces] == "host":
            yield f"{name} is in the machine's own {spaces}"
    for port, bindings in (host["PortBindings"] or {}).items():
        if any(each["HostIp"] != "127.0.0.1" for each in bindings or ()):
            yield f"{name} publishes {port}"
    for mount in container["Mounts"]:
        source = mount.get("Source", "")
        if source.endswith("docker.sock"):
            yield f"{name} has the engine's socket"
        if mount["Type"] == "bind" and mount["RW"]:
            yield f"{name} may write to {source}"

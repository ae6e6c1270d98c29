"""Tiny labs that the engine's live tests make for themselves, and their removal even after a test was killed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from machinelab.engine import docker, lifecycle, removal

from . import miscount

BASE = "machinelab/base:trixie"
LAB = f"selftest-{os.getpid()}"


def service(**more: object) -> dict[str, object]:
    healthy = {"test": ["CMD", "true"], "interval": "1s", "retries": 10}
    return {
        "image": BASE,
        "init": True,
        "command": ["sleep", "infinity"],
        "healthcheck": healthy,
        "networks": {"wire": {}},
        **more,
    }


def write(folder: Path, services: dict[str, object], prefix: str = "198.18.99") -> Path:
    """A compose file (JSON is YAML) with one network, `wire`."""
    network = {"ipam": {"config": [{"subnet": f"${{MACHINELAB_NET_wire:-{prefix}}}.0/24"}]}}
    file = folder / "compose.yaml"
    file.write_text(json.dumps({"services": services, "networks": {"wire": network}}))
    return file


def left(lab: str = LAB, label: str = "org.machinelab.lab") -> list[str]:
    """Names of containers and networks that still carry a lab's label."""
    mine = ("--filter", f"label={label}" + (f"={lab}" if lab else ""), "--format")
    containers = docker.run("ps", "-a", *mine, "{{.Names}}").stdout.split()
    networks = docker.run("network", "ls", *mine, "{{.Name}}").stdout.split()
    return containers + miscount.ours(partial(docker.run, check=False), networks)


def clear_the_dead() -> None:
    """Take down what earlier runs of these tests left when they were killed."""
    for lab, instance in removal.instances():
        name, _, pid = lab.rpartition("-")
        if name == "selftest" and pid.isdigit() and not Path(f"/proc/{pid}").exists():
            lifecycle.down(lab, instance)
    for name in docker.run(
        "network", "ls", "--filter", "name=selftest-killed-", "--format", "{{.Name}}"
    ).stdout.split():
        if not Path(f"/proc/{name.rpartition('-')[2]}").exists():
            docker.run("network", "rm", name, check=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state folder of the test's own; whatever of this process's labs is up afterwards is taken down."""
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path / "home"))
    clear_the_dead()
    yield tmp_path
    for lab, instance in removal.instances():
        if lab == LAB:
            lifecycle.down(lab, instance)
    assert left() == []


def script(text: str, home: Path, **environment: str) -> "subprocess.Popen[str]":
    """Python of its own, to be killed or run beside another."""
    environment = {**os.environ, "MACHINELAB_HOME": str(home), **environment}
    return subprocess.Popen(
        [sys.executable, "-c", text],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )

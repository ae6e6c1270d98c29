"""The machine that figures were taken on: without it they say nothing."""

import os
import platform
from pathlib import Path

from machinelab.engine import docker


def about() -> dict[str, str]:
    """What stands beside the table."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    engine = docker.run("version", "--format", "{{.Server.Version}}", check=False).stdout.strip()
    compose = docker.run("compose", "version", "--short", check=False).stdout.strip()
    return {
        "processors": f"{os.cpu_count()} x {_model()}",
        "memory": f"{memory:.0f} GiB",
        "kernel": platform.release(),
        "python": platform.python_version(),
        "engine": engine or "none",
        "compose": compose or "none",
    }


def _model() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def load() -> float:
    """The load average of the last minute: above the number of processors, figures are of something else too."""
    return os.getloadavg()[0]

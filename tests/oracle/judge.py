"""tshark 4.4 in the tests' own image: one container for a process of the tests, asked by exec; it ends with its standard input."""

import atexit
import os
import subprocess
import time
from functools import cache

IMAGE = "machinelab/test-tshark:latest"
LIMIT = 30.0  # seconds for a container to start


@cache
def container() -> str:
    """The name of this process's container. It has no network, and is removed when this process ends, however it ends."""
    name = f"machinelab-oracle-{os.getpid()}"
    argv = ["docker", "run", "--rm", "-i", "--name", name, "--network", "none", "--entrypoint", "cat", IMAGE]
    process = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    atexit.register(_end, process)
    process.stdin.write(b"\n")  # cat gives it back as soon as it runs
    end = time.monotonic() + LIMIT
    assert process.stdout.read(1) == b"\n" and time.monotonic() < end, process.stderr.read().decode()
    return name


def _end(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None
    process.stdin.close()
    process.wait(timeout=LIMIT)


def command(script: str, *arguments: str) -> list[str]:
    """What runs a shell script beside tshark; the arguments are its `$@`. Files go in by standard input, so any engine will do."""
    return ["docker", "exec", "-i", container(), "sh", "-c", script, "sh", *arguments]

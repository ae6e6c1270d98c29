"""`up` of each lab against `docker compose up -d --wait` of the same file; and many instances of one lab at once."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from machinelab import catalog
from machinelab.engine import docker, labels

from .dns import KIT, paired, timed

INSTANCE = "bench"
ROUNDS = 2
COUNTS = (1, 5, 10, 20, 40)
WORD = re.compile(r"MACHINELAB_NET_[A-Za-z0-9_]+")


def prefixes(lab: str) -> dict[str, str]:
    """Networks for plain compose, which knows nothing of the kit's picker: those that the kit would pick."""
    text = catalog.compose_file(lab).read_text(encoding="utf-8")
    wanted = sorted(set(WORD.findall(text)))
    return {name: f"198.18.{201 + number}" for number, name in enumerate(wanted)}


def up(lab: str) -> dict[str, float]:
    """Warm (images built), each from nothing running; seconds, and the median of the ratios."""
    file = str(catalog.compose_file(lab))
    plain = ["docker", "compose", "-f", file, "-p", "machinelab-bench"]
    environment = {**os.environ, **prefixes(lab)}

    def ours() -> float:
        try:
            return timed([*KIT, "up", lab, "--as", INSTANCE])
        finally:
            timed([*KIT, "down", lab, "--as", INSTANCE])

    def theirs() -> float:
        try:
            return timed([*plain, "up", "-d", "--wait"], env=environment)
        finally:
            timed([*plain, "down", "-t", "0", "-v"], env=environment)

    timed([*KIT, "up", lab, "--as", INSTANCE])  # builds what is not there
    timed([*KIT, "down", lab, "--as", INSTANCE])
    one, other, ratio = paired(ours, theirs, ROUNDS)
    return {"ours_s": one, "compose_wait_s": other, "ratio": ratio}


@contextmanager
def instances(lab: str) -> Iterator[list[str]]:
    """Names of instances; those that were started are taken down."""
    started: list[str] = []
    try:
        yield started
    finally:
        for name in started:
            timed([*KIT, "down", lab, "--as", name])


def many(lab: str = "dns", counts: tuple[int, ...] = COUNTS) -> Iterator[tuple[str, dict[str, float]]]:
    """As many instances at once as each count says: how long the last one took to start, what one of them holds, how long a run takes."""
    with instances(lab) as started:
        before = _free()
        for count in counts:
            took = 0.0
            while len(started) < count:
                name = f"{INSTANCE}-{len(started) + 1}"
                started.append(name)
                took = timed([*KIT, "up", lab, "--as", name])
            time.sleep(3)  # what the servers take at their start they have taken by then
            used = (before - _free()) / count
            ran = timed([*KIT, "run", lab, "cold", "--as", started[-1]])
            containers = len(docker.run("ps", "-q", "--filter", f"label={labels.LAB}={lab}").stdout.split())
            yield (
                f"{count:2} at once",
                {"last_up_s": took, "run_s": ran, "mib_each": used, "containers": containers},
            )


def _free() -> float:
    """MiB that the machine could still give out."""
    for line in Path("/proc/meminfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("MemAvailable"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no MemAvailable")

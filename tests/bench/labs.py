"""`up` of each lab against `docker compose up -d --wait` of the same file; and many instances of one lab at once."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from machinelab import catalog
from machinelab.engine import base, docker, images, labels

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
            taken_down(plain, environment)

    timed([*KIT, "up", lab, "--as", INSTANCE])  # builds what is not there
    timed([*KIT, "down", lab, "--as", INSTANCE])
    one, other, ratio = paired(ours, theirs, ROUNDS)
    return {"ours_s": one, "compose_wait_s": other, "ratio": ratio}


def taken_down(plain: list[str], environment: dict[str, str]) -> None:
    """Plain compose's `down`. Where the engine has lost count of a network's ends and keeps it, the next `up` takes that one."""
    argv = [*plain, "down", "-t", "0", "-v"]
    subprocess.run(argv, env=environment, capture_output=True, check=False)


def cold(lab: str) -> dict[str, float]:
    """From no images of the lab's own (the base is there), each once: packages are fetched and unpacked, and then it starts."""
    file = catalog.compose_file(lab)
    plain = ["docker", "compose", "-f", str(file), "-p", "machinelab-bench"]
    environment = {**os.environ, **prefixes(lab), "MACHINELAB_BASE": base.TAG}
    tags = [image.tag for image in images.of_lab(lab, file) if image.tag not in (images.TAP, base.TAG)]

    def nameless() -> set[str]:
        return set(docker.run("images", "-q", "--filter", "dangling=true").stdout.split())

    def emptied() -> None:
        built_in_vain = nameless() - before  # Compose builds an image once for each service that names it
        docker.run("image", "rm", "-f", *tags, *built_in_vain, check=False)
        docker.run("builder", "prune", "-a", "-f")
        os.sync()  # what the one wrote to the disk is not to be in the other's way

    before = nameless()
    try:
        emptied()
        theirs = timed([*plain, "up", "-d", "--build", "--wait"], env=environment)
        taken_down(plain, environment)
        emptied()
        ours = timed([*KIT, "up", lab, "--as", INSTANCE])
    finally:
        taken_down(plain, environment)
        timed([*KIT, "down", lab, "--as", INSTANCE])
    return {"ours_s": ours, "compose_build_wait_s": theirs, "ratio": ours / theirs}


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

"""What running containers use: memory and processor time, as the engine measures them for each container's control group."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ..errors import EngineError
from . import docker

READERS = 8  # questions at a time


@dataclass(frozen=True, slots=True)
class Used:
    """`memory` in bytes, without the page cache that the kernel would give back at once; `processor` in seconds since its start."""

    memory: int
    processor: float


def usage(containers: Iterable[str]) -> dict[str, Used]:
    """What each of these containers uses, by name; one that has stopped meanwhile is left out. Raises EngineError."""
    from docker.errors import NotFound

    from . import sdk

    def ask(name: str) -> tuple[str, Used | None]:
        try:
            return name, _used(sdk.client().stats(name, stream=False, one_shot=True))
        except (
            NotFound,
            ValueError,
        ):  # of one that ends in that moment the engine says nothing at all: that is no JSON
            return name, None

    try:
        with sdk.in_words(("stats",)), ThreadPoolExecutor(READERS) as pool:
            found = list(pool.map(ask, containers))
    except docker.DockerError as error:
        raise EngineError(
            f"The engine does not say what containers use: {error}.", "Look at them: docker stats"
        ) from error
    return {name: used for name, used in found if used is not None}


def _used(stats: Mapping[str, Any]) -> Used | None:
    """One answer of the engine's (its API, `GET /containers/{id}/stats`); None of a container that does not run."""
    memory = stats.get("memory_stats") or {}
    if "usage" not in memory:
        return None
    more = memory.get("stats") or {}
    # Control groups of version 1 and 2 call the part of the page cache that nobody uses differently.
    idle = more.get("total_inactive_file", more.get("inactive_file", 0))
    spent = ((stats.get("cpu_stats") or {}).get("cpu_usage") or {}).get("total_usage", 0)
    return Used(max(0, int(memory["usage"]) - int(idle)), spent / 1e9)

"""Runs `docker build` and tells its output as steps: of the classic builder and of BuildKit alike."""

import re
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import EngineError
from ..store import runs
from . import docker, host
from .lock import Lock
from .progress import Progress

LIMIT = 1800.0  # seconds; a slow mirror and a large package
SHOWN = 12  # lines of a failed build's log

_STEP = re.compile(r"Step (\d+)/(\d+) : (.*)|#\d+ \[(?:[\w-]+ )?(\d+)/(\d+)\] (.*)")
_NOISE = re.compile(
    r"^#\d+ (?:sha256:|DONE|CACHED)|^#\d+ [\d.]+\s*$|^-+$|^\s*(?:DEPRECATED|https://docs.docker.com|Install the buildx)"
)
_OFFLINE = re.compile(
    r"Temporary failure resolving|Could not resolve|Could not connect|Unable to connect|Failed to fetch|Connection (?:timed out|failed|refused)"
    r"|Network is unreachable|NewConnectionError|no such host|TLS handshake timeout|i/o timeout"
)
_UNTRUSTED = re.compile(
    r"certificate verify failed|unable to get local issuer|self.signed certificate|x509: certificate"
)


class BuildFailed(EngineError):
    """An image could not be built: at which step, its last lines, where the `log` is."""

    def __init__(self, message: str, hint: str, log: Path | None) -> None:
        super().__init__(message, hint)
        self.log = log


@dataclass(slots=True)
class Steps:
    """Reads a builder's output line by line, and tells each step once."""

    what: str
    progress: Progress
    at: str = ""
    lines: list[str] = field(default_factory=list)

    def read(self, line: str) -> None:
        """Take one line of output."""
        if line.strip() and not _NOISE.match(line):
            self.lines.append(line)
        if found := _STEP.match(line):
            number, of, doing = (found[1], found[2], found[3]) if found[1] else (found[4], found[5], found[6])
            self.at = f"step {number}/{of}"
            self.progress(self.what, f"{self.at}: {gist(doing)}", (int(number) - 1) / int(of))

    def last(self, count: int = SHOWN) -> str:
        """The last lines that say something, indented."""
        return "\n".join(f"  {line}" for line in self.lines[-count:])


def gist(instruction: str) -> str:
    """A Dockerfile's instruction in a few words."""
    words = " ".join(instruction.split())
    return words if len(words) <= 48 else words[:47].rstrip() + "…"


def build(
    tag: str,
    context: Path | str,
    progress: Progress,
    *,
    labels: Mapping[str, str],
    args: Mapping[str, str],
    file: Path | None = None,
    what: str = "",
    under: Lock | None = None,
) -> None:
    """Build the image `tag` from a folder, or from the text of a Dockerfile that copies nothing. Raises BuildFailed.

    `file` is the Dockerfile, if it is not the folder's own.
    """
    proxies = host.build_proxies()
    words = ["build", "--force-rm", "-t", tag]
    words += [word for key, value in labels.items() for word in ("--label", f"{key}={value}")]
    words += [
        word for key, value in {**proxies, **args}.items() for word in ("--build-arg", f"{key}={value}")
    ]
    words += ["--network", "host"] if host.is_local(proxies) else []
    words += ["-f", str(file)] if file else []
    steps = Steps(what or tag, progress)
    words.append(str(context) if isinstance(context, Path) else "-")
    result = docker.follow(
        *words,
        on_line=steps.read,
        stdin=context if isinstance(context, str) else None,
        limit=LIMIT,
        check=False,
        under=under,
    )
    if result.exit:
        raise failed(steps, result, words)


def failed(steps: Steps, result: docker.Result, words: Sequence[str]) -> EngineError:
    """The error for a build that failed; the whole log is kept in a file."""
    log = _keep(steps.what, f"docker {shlex.join(words)}\n\n{result.stderr}\n")
    kept = f" The whole log: {log}" if log else ""
    message = f"{steps.what} could not be built{f' ({steps.at})' if steps.at else ''}. The build said last:\n{steps.last()}"
    if "no space left on device" in result.stderr.lower():
        return BuildFailed(
            message, f"Free some space on the engine's disk (docker system df), then try again.{kept}", log
        )
    if _UNTRUSTED.search(result.stderr):
        hint = "Put your office's authority into /usr/local/share/ca-certificates (as .crt), then: machinelab images build --fresh."
        return BuildFailed(message, hint + kept, log)
    if _OFFLINE.search(result.stderr):
        hint = "See whether this machine reaches its package mirror; without a network: machinelab images load FILE."
        return BuildFailed(message, hint + kept, log)
    if not steps.at:
        return docker.failure(words, result.exit, result.stderr)
    return BuildFailed(message, f"Read what went wrong, and mend it.{kept}", log)


def _keep(what: str, text: str) -> Path | None:
    name = re.sub(r"[^\w.-]+", "-", what)
    try:
        folder = runs.home() / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"build-{name}.log"
        path.write_text(text, encoding="utf-8")
    except OSError:
        return None
    return path


def temporary() -> "tempfile.TemporaryDirectory[str]":
    """A folder for large files that are needed for a moment: beside the runs, for /tmp is often small."""
    folder = runs.home() / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=folder)

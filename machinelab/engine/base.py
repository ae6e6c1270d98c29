"""The base of every image, `machinelab/base:trixie`: Debian's own image, or, where no registry is to be had, made on the spot."""

import os
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path

from ..errors import EngineError
from ..store import runs
from . import builder, docker, host, labels
from .lock import Lock
from .progress import Progress

TAG = "machinelab/base:trixie"
UPSTREAM = "debian:trixie-slim"
SUITE = "trixie"
RECIPE = "1"
"""Changes when this file makes the base otherwise."""

FIRST_WORD = 10.0  # seconds a registry gets to answer at all; unreachable ones often do not even refuse
REMEMBER = 3600.0  # seconds for which an unreachable registry is not asked again
MAKE = 900.0  # seconds; it takes 30 with a near mirror

_PACKAGES = "ca-certificates,iproute2"
_BARE = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*")
_PLACE = "/usr/local/share/ca-certificates"


def context() -> str:
    """What the base was made from: the recipe, and the authorities that this machine trusts besides the usual ones."""
    return f"{RECIPE}-{host.cas_hash()}"


def ensure(progress: Progress, lock: Lock | None = None, *, fresh: bool = False) -> None:
    """Make the base if it is not there or was made for other authorities. Raises EngineError if there is no means to."""
    if not fresh and _present() == context():
        return
    if fresh:
        _stamp().unlink(missing_ok=True)
    if _pulled(progress):
        _from_upstream(progress, lock)
    else:
        _on_the_spot(progress)
    progress("base", "ready", 1.0)


def _present() -> str | None:
    told = docker.run(
        "image", "inspect", "--format", f'{{{{index .Config.Labels "{labels.CONTEXT}"}}}}', TAG, check=False
    )
    return told.stdout.strip() if told.exit == 0 else None


_UNREACHABLE = ('Get "http', 'Head "http', "no such host", "denied", "toomanyrequests", "not found")


def _stamp() -> Path:
    return runs.home() / "no-registry"


def registry_silent() -> bool:
    """Whether no registry answered when one was last asked, and that was not long ago."""
    try:
        return 0 <= time.time() - _stamp().stat().st_mtime < REMEMBER
    except OSError:
        return False


def _pulled(progress: Progress) -> bool:
    """Whether Debian's own image is here, now."""
    if docker.run("image", "inspect", UPSTREAM, check=False).exit == 0:
        return True
    if registry_silent():
        return False
    progress("base", f"asking a registry for {UPSTREAM}", 0.0)
    try:
        docker.follow("pull", UPSTREAM, on_line=lambda line: None, first=FIRST_WORD, limit=MAKE)
    except docker.DockerError as error:
        if error.exit == docker.OVERDUE or any(text in error.stderr for text in _UNREACHABLE):
            _stamp().parent.mkdir(parents=True, exist_ok=True)
            _stamp().touch()
            return False
        raise
    return True


def _from_upstream(progress: Progress, lock: Lock | None) -> None:
    lines = [f"FROM {UPSTREAM}"]
    for number, path in enumerate(host.extra_cas()):
        # Word by word, for a Dockerfile on standard input has no files to copy.
        text = path.read_text(encoding="ascii", errors="replace").strip().replace("\n", "\\n")
        lines.append(f"RUN mkdir -p {_PLACE} && printf '{text}\\n' > {_PLACE}/host-{number}.crt")
    excluded = "\\n".join(f"path-exclude={path}" for path in _BARE)
    lines.append(f"RUN printf '{excluded}\\n' > /etc/dpkg/dpkg.cfg.d/machinelab")
    lines += _mirror_lines()
    lines.append(
        "RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "
        f"{_PACKAGES.replace(',', ' ')} && update-ca-certificates && rm -rf /var/lib/apt/lists/*"
    )
    builder.build(
        TAG,
        "\n".join(lines) + "\n",
        progress,
        labels={labels.CONTEXT: context()},
        args={},
        what="base",
        under=lock,
    )


def _mirror_lines() -> list[str]:
    mirror = host.debian_mirror()
    if not mirror:
        return []
    return [
        f"RUN rm -f /etc/apt/sources.list.d/debian.sources && echo 'deb {mirror} {SUITE} main' > /etc/apt/sources.list"
    ]


def _on_the_spot(progress: Progress) -> None:
    """Make the base with mmdebstrap from the host's own Debian mirror, and import it."""
    keyring = host.keyring()
    if not shutil.which("mmdebstrap") or not keyring:
        what = (
            "mmdebstrap" if keyring else "mmdebstrap with Debian's keys (the package debian-archive-keyring)"
        )
        raise EngineError(
            f"No registry gives {UPSTREAM}, and this machine has no {what} to make a base image with.",
            "Install it: machinelab doctor --fix. Or bring the images from another machine: machinelab images load FILE.",
        )
    with builder.temporary() as folder:
        archive = Path(folder) / "base.tar"
        _bootstrap(archive, keyring, progress)
        progress("base", "importing", 0.95)
        change = f'LABEL {labels.CONTEXT}="{context()}"'
        docker.run("import", "--change", change, str(archive), TAG, limit=300)


def bootstrap_argv(archive: Path, keyring: Path) -> list[str]:
    """The mmdebstrap command that writes the base's file system to `archive`."""
    words = ["mmdebstrap", "--variant=minbase", f"--include={_PACKAGES}", f"--keyring={keyring}"]
    words += [f"--dpkgopt=path-exclude={path}" for path in _BARE]
    if proxy := host.build_proxies().get("http_proxy"):
        words.append(f'--aptopt=Acquire::http::Proxy "{proxy}"')
    if cas := host.extra_cas():
        words.append(f'--customize-hook=mkdir -p "$1{_PLACE}"')
        words += [
            f"--customize-hook=upload {shlex.quote(str(path))} {_PLACE}/host-{n}.crt"
            for n, path in enumerate(cas)
        ]
        words.append('--customize-hook=chroot "$1" update-ca-certificates')
    # A proxy of this machine is nothing that an image should remember.
    words.append('--customize-hook=rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap"')
    # Without one, mmdebstrap takes Debian's own.
    return [*words, SUITE, str(archive), *filter(None, [host.debian_mirror()])]


# What mmdebstrap says as it goes, and how far it then is (measured: 28 s in all).
_STAGES = {
    "running apt-get update": 0.05,
    "downloading packages": 0.1,
    "extracting archives": 0.3,
    "installing essential": 0.4,
    "installing remaining": 0.65,
    "cleaning package lists": 0.85,
    "creating tarball": 0.9,
}


def _bootstrap(archive: Path, keyring: Path, progress: Progress) -> None:
    said: list[str] = []
    process = subprocess.Popen(
        bootstrap_argv(archive, keyring),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert process.stderr
    with process.stderr:
        for line in process.stderr:
            said.append(line.rstrip())
            stage = next((stage for stage in _STAGES if stage in line), None)
            if stage:
                progress("base", re.sub(r"^I: |\.\.\.$", "", line.strip()), _STAGES[stage])
    if process.wait():
        shown = "\n".join(f"  {line}" for line in said[-builder.SHOWN :])
        raise EngineError(
            f"The base image could not be made with mmdebstrap. It said last:\n{shown}",
            "See whether this machine reaches its Debian mirror; without a network: machinelab images load FILE.",
        )

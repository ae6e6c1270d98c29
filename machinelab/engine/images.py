"""A lab's images: which it needs, which are there, and the making of those that are not."""

import hashlib
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import BrokenLab, EngineError
from . import api, compose, docker, labels
from .lock import Lock, held
from .progress import Progress, silent

PREFIX = "machinelab/"
SHARED = "shared"  # beside the images: what several of them copy
TAP = "machinelab/tap:latest"
WAIT = 1800.0  # seconds for another machinelab's build to end


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the kit: its tag, and the folder it is built from (None: it is the base).

    `root` is the folder that the build sees, where that is more than its own: compose/images, so that it can copy from `shared`.
    """

    tag: str
    context: Path | None
    root: Path | None = None

    @property
    def name(self) -> str:
        """What a person calls it: `dns` for `machinelab/dns:latest`."""
        return self.tag.removeprefix(PREFIX).partition(":")[0]

    def digest(self) -> str:
        """The hash of all that it is built from: names, whether they are programs, contents."""
        if self.context is None:
            from . import base

            return base.context()
        digest = hashlib.sha256()
        for folder in (self.context, *([self.root / SHARED] if self.root else [])):
            for path in sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
                program = bool(path.stat().st_mode & stat.S_IXUSR)
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{path.relative_to(folder).as_posix()} {program} {content}\n".encode())
        return digest.hexdigest()[:32]


def of_lab(lab: str, file: Path) -> tuple[Image, ...]:
    """The images that a lab needs, the tap's too. Raises BrokenLab for one that is not the kit's own."""
    return of_composition(compose.load(lab, file))


def of_composition(composition: compose.Composition) -> tuple[Image, ...]:
    """As `of_lab`, for a compose file that has been read."""
    file = composition.file
    found: dict[str, Image] = {}
    for node, service in composition.services.items():
        tag = str(service.get("image") or "")
        if not tag.startswith(PREFIX):
            raise BrokenLab(
                f"{file}: the node {node} runs the image {tag or '(none)'}.",
                f"Name one of the kit's: {PREFIX}<name>:latest.",
            )
        build = service.get("build") or {}
        found[tag] = _built(tag, build) if build.get("context") else _of_the_kit(tag, file)
    tap = _of_the_kit(TAP, file)
    return (*found.values(), *([tap] if tap.context and TAP not in found else []))


def _built(tag: str, build: Mapping[str, Any]) -> Image:
    """As the compose file says: from a Dockerfile below its context, or from the context itself."""
    root, below = Path(build["context"]), Path(build.get("dockerfile") or "Dockerfile").parent
    return Image(tag, root / below, root) if below.parts else Image(tag, root)


def _of_the_kit(tag: str, file: Path) -> Image:
    root = file.resolve().parent.parent / "images"
    folder = root / Image(tag, None).name
    return Image(tag, folder, root) if (folder / "Dockerfile").is_file() else Image(tag, None)


def of_folder(folder: Path, prefix: str = "") -> tuple[Image, ...]:
    """An image for each subfolder with a Dockerfile: `machinelab/<prefix><folder>:latest`."""
    return tuple(
        Image(f"{PREFIX}{prefix}{path.parent.name}:latest", path.parent)
        for path in sorted(folder.glob("*/Dockerfile"))
    )


def stale(images: Iterable[Image]) -> tuple[Image, ...]:
    """Those of the images that are not on the engine, or were built from something else than their folder holds now."""
    wanted = list(images)
    there = present(image.tag for image in wanted)
    return tuple(image for image in wanted if not _good(image, there.get(image.tag)))


def _good(image: Image, built_from: str | None) -> bool:
    # A base made for another machine's authorities serves as well, as long as nothing has to be built on it.
    return built_from is not None and (image.context is None or built_from == image.digest())


def present(tags: Iterable[str]) -> dict[str, str]:
    """Which of the tags are on the engine, each with the hash it was built from ("" if it does not say)."""
    wanted = sorted(set(tags))
    if not wanted:
        return {}
    listed = api.images(wanted)
    found: dict[str, str] = {}
    for entry in listed:
        built_from = (entry.get("Labels") or {}).get(labels.CONTEXT, "")
        # Podman writes out where a short name comes from.
        tags_of = (
            tag.removeprefix("docker.io/").removeprefix("localhost/") for tag in entry.get("RepoTags") or []
        )
        found.update({tag: built_from for tag in tags_of if tag in wanted})
    return found


def ensure(images: Iterable[Image], progress: Progress = silent) -> tuple[Image, ...]:
    """Build what is missing or out of date, and give what was built. Raises EngineError."""
    wanted = tuple(images)
    if not stale(wanted):
        return ()
    with held("images", progress, wait=WAIT) as lock:
        missing = stale(wanted)
        _build(missing, progress, lock, fresh=False)
        return missing


def build(images: Iterable[Image], progress: Progress = silent, *, fresh: bool = False) -> None:
    """Build images whether or not they are there; with `fresh` the base too. Raises EngineError."""
    with held("images", progress, wait=WAIT) as lock:
        _build(tuple(images), progress, lock, fresh=fresh)


def _build(images: tuple[Image, ...], progress: Progress, lock: Lock, *, fresh: bool) -> None:
    if not images:
        return
    from . import base, builder

    base.ensure(progress, lock, fresh=fresh)
    for image in images:
        if image.context:
            marks = {labels.CONTEXT: image.digest()}
            arguments = {"BASE": base.TAG}
            builder.build(
                image.tag,
                image.root or image.context,
                progress,
                labels=marks,
                args=arguments,
                file=image.context / "Dockerfile" if image.root else None,
                what=image.name,
                under=lock,
            )
            progress(image.name, "ready", 1.0)


def prune(everything: bool = False) -> tuple[str, ...]:
    """Remove the kit's superseded images; with `everything` all of its images that no container uses. Nobody else's."""
    superseded = docker.run(
        "image", "ls", "-q", "--filter", "dangling=true", "--filter", f"label={labels.CONTEXT}"
    ).stdout.split()
    names = list(dict.fromkeys(superseded))
    if everything:
        listed = docker.run(
            "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "--filter", f"reference={PREFIX}*"
        ).stdout.split()
        names += [tag for tag in listed if tag.startswith(PREFIX)]
    # One at a time: an image in use is refused, and that is as it should be.
    return tuple(name for name in names if docker.run("image", "rm", name, check=False, limit=120).exit == 0)


def require(images: Iterable[Image]) -> None:
    """Raises EngineError, naming them, if images are missing and nothing is to be built."""
    wanted = list(images)
    there = present(image.tag for image in wanted)
    missing = [image.tag for image in wanted if image.tag not in there]
    if missing:
        raise EngineError(
            f"Not on this machine: {', '.join(missing)}.",
            "Build with `machinelab images build`, or bring them with `machinelab images load FILE`.",
        )

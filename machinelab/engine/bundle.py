"""A class's images in one file, for machines without a network.

A bundle is a gzipped tar of two files: `machinelab-images.json` (what is in it) and `images.tar` (what `docker save`
gave). What is loaded is checked first: it may come from anywhere, and `docker load` would let it replace any image.
"""

import hashlib
import json
import posixpath
import re
import tarfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from .. import __version__
from ..errors import LabError
from . import api, base, builder, docker, labels
from .images import PREFIX, Image
from .progress import Progress, silent

FORMAT = 1
INDEX = "machinelab-images.json"
ARCHIVE = "images.tar"
LIMIT = 1800.0  # seconds for docker save and load
_PIECE = 1 << 20
_TAG = re.compile(r"machinelab/[a-z0-9][a-z0-9._-]*:[\w][\w.-]{0,127}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One image of a bundle."""

    tag: str
    id: str
    context: str


def save(images: Iterable[Image], file: Path, progress: Progress = silent) -> tuple[Entry, ...]:
    """Write the images, and the base they stand on, to one `.tar.gz`. Raises EngineError if one is not there.

    Podman's archive names them localhost/machinelab/…, which no engine would know again: LabError.
    """
    if api.podman():
        raise LabError(
            "Podman saves the images under names that no other engine would know them by.",
            "Save them where Docker runs: Podman loads that file too.",
        )
    tags = sorted({image.tag for image in images} | {base.TAG})
    entries = _describe(tags)
    try:
        with builder.temporary() as folder:
            archive = Path(folder) / ARCHIVE
            progress("bundle", f"saving {len(tags)} images", 0.1)
            docker.run("save", "-o", str(archive), *tags, limit=LIMIT)
            progress("bundle", "packing", 0.4)
            _pack(entries, archive, file)
    except OSError as error:
        raise LabError(
            f"{file} cannot be written: {error.strerror}.", "Choose another place, or free some space."
        ) from error
    progress("bundle", "saved", 1.0)
    return entries


def _describe(tags: list[str]) -> tuple[Entry, ...]:
    told = json.loads(docker.run("image", "inspect", *tags).stdout)
    found = []
    for tag, entry in zip(tags, told, strict=True):
        marks = (entry.get("Config") or {}).get("Labels") or {}
        found.append(Entry(tag, entry["Id"], marks.get(labels.CONTEXT, "")))
    return tuple(found)


def _pack(entries: tuple[Entry, ...], archive: Path, file: Path) -> None:
    index = {
        "format": FORMAT,
        "machinelab": __version__,
        "arch": _arch(),
        "sha256": _sha256(archive),
        "images": [{"tag": e.tag, "id": e.id, "context": e.context} for e in entries],
    }
    text = json.dumps(index, indent=1).encode()
    draft = file.with_name(file.name + ".part")
    # Level 1: a third of the time of the usual level for a tenth more bytes.
    with tarfile.open(draft, "w:gz", compresslevel=1) as bundle:
        info = tarfile.TarInfo(INDEX)
        info.size = len(text)
        bundle.addfile(info, BytesIO(text))
        bundle.add(archive, ARCHIVE)
    draft.replace(file)


def _arch() -> str:
    return docker.run("version", "--format", "{{.Server.Arch}}").stdout.strip()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def load(file: Path, progress: Progress = silent) -> tuple[Entry, ...]:
    """Bring in the images of a bundle, once it has been found to hold nothing else. Raises LabError, EngineError."""
    with builder.temporary() as folder:
        archive = Path(folder) / ARCHIVE
        progress("bundle", "unpacking", 0.1)
        entries = checked(file, archive, _arch())
        progress("bundle", f"loading {len(entries)} images", 0.5)
        docker.run("load", "-i", str(archive), limit=LIMIT)
    progress("bundle", "loaded", 1.0)
    return entries


def checked(file: Path, archive: Path, arch: str) -> tuple[Entry, ...]:
    """As `unpack`, and whatever is wrong with the file itself is a LabError too."""
    try:
        return unpack(file, archive, arch)
    except OSError as error:
        raise _refuse(file, error.strerror or "it cannot be read") from error
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise _refuse(file, "it is damaged") from error


def unpack(file: Path, archive: Path, arch: str) -> tuple[Entry, ...]:
    """Check a bundle and write its `images.tar` to `archive`. Raises LabError if it holds anything but the kit's images."""
    with tarfile.open(file, "r:gz") as bundle:
        index = _index(file, bundle)
        if index.arch != arch:
            raise _refuse(file, f"it was made for {index.arch}, and this engine runs {arch}")
        member = bundle.next()
        if member is None or member.name != ARCHIVE or not member.isreg():
            raise _refuse(file, f"it has no {ARCHIVE}")
        stream = bundle.extractfile(member)
        assert stream
        if _copy(stream, archive) != index.sha256:
            raise _refuse(file, "it is damaged")
        if bundle.next() is not None:
            raise _refuse(file, "there is more in it than its images")
    _check_archive(file, archive, {entry.tag for entry in index.images})
    return index.images


@dataclass(frozen=True, slots=True)
class _Index:
    arch: str
    sha256: str
    images: tuple[Entry, ...]


def _index(file: Path, bundle: tarfile.TarFile) -> _Index:
    member = bundle.next()
    if member is None or member.name != INDEX or not member.isreg() or member.size > _PIECE:
        raise _refuse(file, f"it does not begin with {INDEX}")
    stream = bundle.extractfile(member)
    assert stream
    try:
        data = json.loads(stream.read())
        if data["format"] != FORMAT:
            raise _refuse(file, f"a later machinelab ({data['machinelab']}) wrote it")
        images = tuple(Entry(str(e["tag"]), str(e["id"]), str(e["context"])) for e in data["images"])
        index = _Index(str(data["arch"]), str(data["sha256"]), images)
    except (ValueError, KeyError, TypeError) as error:
        raise _refuse(file, f"its {INDEX} cannot be read") from error
    _only_ours(file, {entry.tag for entry in index.images})
    return index


def _copy(stream: IO[bytes], target: Path) -> str:
    digest = hashlib.sha256()
    with target.open("wb") as out:
        while piece := stream.read(_PIECE):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _check_archive(file: Path, archive: Path, announced: set[str]) -> None:
    """What `docker load` will read: safe names only, and only tags that were announced."""
    tags: set[str] = set()
    with tarfile.open(archive, "r:") as inner:
        for member in inner:
            _safe(file, member)
            if posixpath.normpath(member.name) in _NAMING and member.isreg():
                stream = inner.extractfile(member)
                assert stream
                tags |= _tags(file, posixpath.normpath(member.name), stream.read(_PIECE))
    _only_ours(file, tags)
    if tags != announced:
        raise _refuse(file, f"it announces {_listed(announced)}, and holds {_listed(tags)}")


def _safe(file: Path, member: tarfile.TarInfo) -> None:
    inside = posixpath.normpath(member.name)
    if not (member.isreg() or member.isdir() or member.issym()):
        raise _refuse(file, f"{member.name!r} in it is neither file nor folder")
    # Old engines save a layer that two images share as a link to the other's.
    target = (
        posixpath.normpath(posixpath.join(posixpath.dirname(inside), member.linkname))
        if member.issym()
        else inside
    )
    if any(
        path.startswith(("/", "..")) for path in (inside, target, member.name)
    ) or member.linkname.startswith("/"):
        raise _refuse(file, f"{member.name!r} in it points outside")


_NAMING = {"manifest.json", "repositories", "index.json"}


def _tags(file: Path, name: str, text: bytes) -> set[str]:
    """The tags that one of the three naming files of a saved archive would set."""
    try:
        data = json.loads(text)
        if name == "manifest.json":
            return {str(tag) for entry in data for tag in entry.get("RepoTags") or []}
        if name == "repositories":
            return {f"{repository}:{tag}" for repository, entry in data.items() for tag in entry}
        marks = [entry.get("annotations") or {} for entry in data.get("manifests") or []]
        full = [str(mark["io.containerd.image.name"]) for mark in marks if "io.containerd.image.name" in mark]
        return {tag.removeprefix("docker.io/") for tag in full}
    except (ValueError, TypeError, AttributeError) as error:
        raise _refuse(file, f"its {name} cannot be read") from error


def _only_ours(file: Path, tags: set[str]) -> None:
    foreign = sorted(tag for tag in tags if not _TAG.fullmatch(tag))
    if foreign:
        raise _refuse(
            file,
            f"it would bring in {_listed(set(foreign))}, which is not one of the kit's images ({PREFIX}…)",
        )
    if not tags:
        raise _refuse(file, "it holds no image")


def _listed(tags: set[str]) -> str:
    return ", ".join(sorted(tags)) or "nothing"


def _refuse(file: Path, why: str) -> LabError:
    return LabError(
        f"{file} is not a bundle of images that can be loaded: {why}.",
        "Make one with: machinelab images save FILE",
    )

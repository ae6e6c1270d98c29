"""What nodes read from this machine, made fit for them before they start: readable by their users, with a server's line ends.

A node's root has no CAP_DAC_OVERRIDE and its servers are ordinary users: a file that only its owner may read (umask 077) is
no file to them. Servers take a carriage return for part of a name.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from stat import S_IMODE

from ..errors import LabError

READ, ENTER = 0o044, 0o055
"""What others need of a file and of a folder."""
BOM = b"\xef\xbb\xbf"


def prepare(folders: Sequence[Path]) -> None:
    """Let everybody read these folders' files, and refuse text with the line ends of another system. Raises LabError, naming the file."""
    for folder in folders:
        for path in (folder, *sorted(folder.rglob("*"))):
            _share(path)
            if path.is_file():
                _line_ends(path)


def folders_of(compose_file: Path) -> Iterator[Path]:
    """The folders that a lab's nodes and images are made from."""
    yield from (
        folder
        for folder in (compose_file.parent, compose_file.parents[1] / "images" / compose_file.parent.name)
        if folder.is_dir()
    )
    shared = compose_file.parents[1] / "images" / "shared"
    if shared.is_dir():
        yield shared


def _share(path: Path) -> None:
    """Add what others lack. A file that is not ours and lacks it is told of."""
    if path.is_symlink():
        return
    mode = S_IMODE(path.stat().st_mode)
    wanted = mode | (ENTER if path.is_dir() else READ)
    if not path.is_dir() and mode & 0o100:
        wanted |= 0o011
    if wanted == mode:
        return
    try:
        path.chmod(wanted)
    except OSError as error:
        raise LabError(
            f"The lab's servers may not read {path}: only its owner may.",
            f"Let others read it, as its owner: chmod -R a+rX {path if path.is_dir() else path.parent}",
        ) from error


def _line_ends(path: Path) -> None:
    data = path.read_bytes()
    if b"\0" in data:
        return  # no text
    if data.startswith(BOM):
        raise LabError(
            f"{path} begins with a byte order mark (U+FEFF), which servers take for part of the first word.",
            f"Take it away: sed -i '1s/^\\xef\\xbb\\xbf//' {path}",
        )
    if b"\r\n" in data:
        line = data[: data.index(b"\r\n")].count(b"\n") + 1
        raise LabError(
            f"{path} has the line ends of Windows (CRLF), first in line {line}; servers take the CR for part of a word.",
            f"Keep your edit and mend the line ends: sed -i 's/\\r$//' {path}",
        )

"""The folder that a site is written to. It is ours alone: what we did not write is never touched, and stops us first.

A list of what we wrote lies in it. A name is on the list before its file is there, so that a build which was broken off
leaves nothing behind that the next one does not know.
"""

from pathlib import Path

from ...errors import LabError, UsageError

LIST = ".machinelab-site"
TITLE = "# Written by `machinelab site`: these files are its own, and go when it writes them no more."
NAMED = 3  # foreign files that an error names


class SiteFolder:
    """A folder being filled. Raises UsageError where it holds anything else, LabError where it cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before = self._claim()
        self.written: set[str] = set()

    def write(self, name: str, content: str) -> int:
        """Write a file (its path below the folder, parted by slashes); gives its size in bytes."""
        data = content.encode("utf-8", "backslashreplace")
        file = self.path / name
        try:
            if name not in self.before and name not in self.written:
                with (self.path / LIST).open("a", encoding="utf-8") as listed:
                    listed.write(name + "\n")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        except OSError as error:
            raise _unwritable(file, error) from error
        self.written.add(name)
        return len(data)

    def finish(self) -> None:
        """Take away what an earlier build wrote and this one did not, and put the list in order."""
        try:
            for name in self.before - self.written:
                (self.path / name).unlink(missing_ok=True)
            for folder in sorted((p for p in self.path.rglob("*") if p.is_dir()), reverse=True):
                if _ours(self.path, folder, self.before) and not any(folder.iterdir()):
                    folder.rmdir()
            self._list(self.written)
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def _list(self, names: set[str]) -> None:
        text = "\n".join([TITLE, *sorted(names), ""])
        (self.path / LIST).write_text(text, encoding="utf-8")

    def _claim(self) -> set[str]:
        """The files of an earlier build that are there. Raises UsageError for any other file, a link or a hidden one aside."""
        try:
            if self.path.exists() and not self.path.is_dir():
                raise UsageError(f"{self.path} is a file.", "Name a folder: machinelab site -o FOLDER")
            self.path.mkdir(parents=True, exist_ok=True)
            known = self._known()
            there = {path.relative_to(self.path).as_posix(): path for path in self.path.rglob("*")}
            foreign = [
                name
                for name, path in sorted(there.items())
                if not name.startswith(".")
                and (path.is_symlink() or (not path.is_dir() and name not in known))
            ]
            if foreign:
                more = f" and {len(foreign) - NAMED} more" if len(foreign) > NAMED else ""
                raise UsageError(
                    f"{self.path} holds files that machinelab did not write: {', '.join(foreign[:NAMED])}{more}.",
                    "Name an empty or a new folder: machinelab site -o FOLDER",
                )
            own = known & there.keys()
            self._list(own)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        return own

    def _known(self) -> set[str]:
        """What the list names. Only what is found in the folder is ever taken away, whatever else the list may say."""
        file = self.path / LIST
        if file.is_symlink() or not file.is_file():
            return set()
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        return {line for line in lines if line and not line.startswith((".", "#"))}


def _ours(root: Path, folder: Path, before: set[str]) -> bool:
    """Whether an earlier build had files in a folder."""
    name = folder.relative_to(root).as_posix() + "/"
    return any(known.startswith(name) for known in before)


def _unwritable(path: Path, error: OSError) -> LabError:
    return LabError(f"{path} cannot be written: {error.strerror}.", "Name a folder of yours with -o.")

"""`python -m tests.changes`: moves the fragments of changes/ into CHANGELOG.md, below what is unreleased."""

import re
from pathlib import Path

from tests import ROOT

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.md")
FRAGMENT = re.compile(r"- [^\s].*(?:\n  \S.*)*\n")
HEADING = "## Unreleased\n"


def fragments(folder: Path) -> list[Path]:
    """The changes that are not in CHANGELOG yet, by name."""
    return sorted(path for path in folder.iterdir() if path.name != "README.md")


def wrong(path: Path) -> str:
    """What is wrong with a fragment, empty if nothing."""
    if not NAME.fullmatch(path.name):
        return f"{path.name}: call it like two-words.md."
    text = path.read_text(encoding="utf-8")
    if not FRAGMENT.fullmatch(text):
        return f"{path.name}: write one bullet: `- What is so now.`, further lines indented by two."
    return "" if text.rstrip().endswith(".") else f"{path.name}: end the sentence."


def collect(root: Path) -> list[Path]:
    """Write the fragments at the end of what is unreleased, and remove them; gives them. Raises ValueError, and changes nothing, if one is wrong."""
    found = fragments(root / "changes")
    if said := [problem for path in found if (problem := wrong(path))]:
        raise ValueError("\n".join(said))
    log = root / "CHANGELOG.md"
    before, heading, after = log.read_text(encoding="utf-8").partition(HEADING)
    if not heading:
        raise ValueError(f"CHANGELOG.md has no line {HEADING.strip()!r}.")
    unreleased, mark, older = after.partition("\n## ")
    text = "".join(path.read_text(encoding="utf-8") for path in found)
    log.write_text(before + heading + unreleased.rstrip("\n") + "\n" + text + mark + older, encoding="utf-8")
    for path in found:
        path.unlink()
    return found


if __name__ == "__main__":
    for fragment in collect(ROOT):
        print(fragment.relative_to(ROOT))

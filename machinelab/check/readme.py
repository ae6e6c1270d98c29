"""README's table of labs and list of guides, from the labs' own files: `machinelab check --fix` writes them.

Each stands between a line `<!-- labs: …` or `<!-- guides: …` and the next `<!-- end -->`. A folder of content without README
(an installed wheel's, a test's) has nothing to be written.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .. import catalog, guide
from ..errors import LabError, Problem

_BLOCK = re.compile(r"(?P<open><!-- (?P<what>labs|guides)\b[^\n]*-->\n)(?P<text>.*?)(?P<close><!-- end -->)", re.DOTALL)  # fmt: skip
FIX = "Write it anew: machinelab check --fix"


def file() -> Path:
    """Where README is, if there is one."""
    return catalog.root() / "README.md"


def problems() -> Iterator[Problem]:
    """What README shows of labs and guides that is not so today."""
    text = _text()
    for block in _BLOCK.finditer(text):
        if block["text"] != _fresh(block["what"]):
            line = text.count("\n", 0, block.start()) + 1
            yield Problem(file(), line, f"README's {block['what']} are not today's.", FIX)


def rewrite() -> Path | None:
    """Write both anew; gives the path if README changed."""
    old = _text()
    new = _BLOCK.sub(lambda block: block["open"] + _fresh(block["what"]) + block["close"], old)
    if new == old:
        return None
    file().write_text(new, encoding="utf-8")
    return file()


def _text() -> str:
    return file().read_text(encoding="utf-8") if file().is_file() else ""


def _fresh(what: str) -> str:
    return "".join(f"{line}\n" for line in (_labs() if what == "labs" else _guides()))


def _labs() -> Iterator[str]:
    """A row for each lab that can be read: its servers are its guide's to say, its experiments are those of lab.py."""
    yield from ("", "| lab | servers | experiments |", "| --- | --- | --- |")
    for id in catalog.made():
        try:
            experiments = ", ".join(each.id for each in catalog.load_lab(id).experiments)
        except LabError:
            continue  # told by the catalog
        yield f"| `{id}` | {guide.load(catalog.guide_file(id)).servers} | {experiments} |"
    yield ""


def _guides() -> Iterator[str]:
    yield ""
    for id in catalog.made():
        if catalog.guide_file(id).is_file():
            yield f"- [{guide.load(catalog.guide_file(id)).title}](guides/{id}.md)"
    yield ""

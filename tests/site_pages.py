"""The site's pages as tests see them: their anchors, what they link to, and a folder of content with some of the labs."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests import ROOT

REFERS = ("aria-labelledby", "aria-describedby", "for", "headers")


@dataclass
class Page(HTMLParser):
    """Anchors in the order they come, links and sources, and the ids that other attributes name."""

    path: Path
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            elif name in ("href", "src", "action"):
                self.links.append(value)
            elif name in REFERS:
                self.named += value.split()


def pages(folder: Path) -> dict[Path, Page]:
    return {path.resolve(): Page(path) for path in sorted(folder.rglob("*.html"))}


def broken(found: dict[Path, Page]) -> list[str]:
    """Every link that leads nowhere, anchor that stands twice, and name of an element that is not there."""
    return [f"{page.path}: {what}" for page in found.values() for what in _wrong(page, found)]


def _wrong(page, found):
    yield from (f"id {id} twice" for id in {id for id in page.ids if page.ids.count(id) > 1})
    yield from (f"no element {id}" for id in page.named if id not in page.ids)
    for link in page.links:
        parts = urlsplit(link)
        if parts.scheme in ("https", "data"):
            continue
        target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path.resolve()
        if parts.scheme or target not in found:
            yield f"{link} leads nowhere"
        elif parts.fragment and unquote(parts.fragment) not in found[target].ids:
            yield f"{link}: no such anchor"


def content(folder: Path, *labs: str) -> Path:
    """A folder as the catalog reads it ($MACHINELAB_CONTENT) with these labs alone, and the glossary."""
    for part in ("labs", "compose", "guides"):
        (folder / part).mkdir(parents=True)
    for lab in labs:
        (folder / "labs" / lab).symlink_to(ROOT / "labs" / lab)
        (folder / "compose" / lab).symlink_to(ROOT / "compose" / lab)
        (folder / "guides" / f"{lab}.md").symlink_to(ROOT / "guides" / f"{lab}.md")
    (folder / "guides" / "glossary.md").symlink_to(ROOT / "guides" / "glossary.md")
    return folder

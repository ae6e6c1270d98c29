"""A guide's italic terms: each is explained where it stands first, or in the glossary."""

import re
from collections.abc import Iterator

from .. import catalog
from ..errors import Problem
from ..guide import glossary
from .subject import Subject

_ITALIC = re.compile(r"(?<![\w*\\])\*(?![\s*])([^*]+?)\*(?![\w*])")
_END = re.compile(r"(?<=[.!?:])\s|\n\s*\n|\n(?=[-|#])")
LONGEST = 4
"""Words; what is longer is a sentence or a title in italics, and no term."""

_BEFORE = re.compile(
    r"(?:called|known as|names?|this is|that is|these are|is an?|is the|are the|a|an)\s*$", re.IGNORECASE
)
_AFTER = re.compile(r"\s*(?:[:,(]|is\b|are\b|means?\b|stands?\b|says?\b|gives?\b|keeps?\b|has\b|was\b)")


def problems(subject: Subject) -> Iterator[Problem]:
    """A problem for each italic term that nothing explains."""
    known = glossary.load(catalog.glossary_file())
    if not known or not subject.guide.path.exists():
        return
    spoken = _other_names(subject)
    text = "\n".join(line for _, line in _numbered(subject))
    told: set[str] = set()
    for match in _ITALIC.finditer(text):
        term = " ".join(match[1].split())
        plain = term.casefold()
        if plain in told or plain in spoken or len(term.split()) > LONGEST or term.startswith("`"):
            continue
        told.add(plain)
        if glossary.find(known, term) or _emphasis(term, text[: match.start()]) or _explained(text, match):
            continue
        line = text.count("\n", 0, match.start()) + 1
        fix = "Explain it in that sentence (“*term*: …”, “… is called a *term*”), or add it to guides/glossary.md."
        yield subject.in_guide(
            line, f"The term {term!r} stands in no glossary, and its sentence does not explain it.", fix
        )


def _numbered(subject: Subject) -> list[tuple[int, str]]:
    """The guide line by line, those of code and front matter empty, so that a place in the text tells its line."""
    prose = dict(subject.guide.prose())
    return [(n, prose.get(n, "")) for n in range(1, subject.guide.text.count("\n") + 2)]


def _other_names(subject: Subject) -> set[str]:
    """What stands in italics and is no term: nodes, experiments and steps, titles of guides and sections, links to them."""
    lab = subject.lab
    ids = {*subject.services, *lab.descriptions, *(experiment.id for experiment in lab.experiments)}
    ids |= {step.id for experiment in lab.experiments for step in experiment.steps}
    titles = {experiment.title for experiment in lab.experiments}
    titles |= {section.title for section in subject.guide.sections}
    titles |= {entry.title for entry in catalog.ENTRIES.values()}
    titles |= {title.partition(",")[0] for title in titles}
    return {name.casefold() for name in ids | titles}


def _emphasis(term: str, before: str) -> bool:
    """Whether it is stress and no new term: the word has been used without italics before."""
    return re.search(rf"(?<![\w*]){re.escape(term)}(?![\w*])", before, re.IGNORECASE) is not None


def _explained(text: str, match: re.Match[str]) -> bool:
    """Whether its sentence says what it is, as far as the words around it tell."""
    start = max((end.end() for end in _END.finditer(text, 0, match.start())), default=0)
    before, after = text[start : match.start()], text[match.end() : match.end() + 40]
    return bool(_BEFORE.search(before) or _AFTER.match(after))

"""A value in the prose that is another one in the next run: an id, a port, a time, written out instead of referred to."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter

from .. import catalog, fields
from ..analysis.reading import Reading
from ..errors import Problem
from ..model import Value
from .subject import Subject

SHORTEST = 4
"""Characters; shorter values are 53, 1, 100 by chance more often than by mistake."""

_NAME_AND_VALUE = itemgetter(0, 1)
_KINDS = ("uint", "int", "float", "bytes", "ether", "time", "date")
_WORD = re.compile(r"0x[0-9a-f]+|(?:[0-9a-f]{2}:)+[0-9a-f]{2}|[0-9a-f]*\d[0-9a-f]*(?:\.\d+)?", re.IGNORECASE)
_RFC = re.compile(r"\bRFCs? ?\d+", re.IGNORECASE)
_EPOCH = re.compile(r"(?<![\w.])1[5-9]\d{8}(?:\.\d+)?(?![\w])")


def problems(subject: Subject) -> Iterator[Problem]:
    """Every volatile value of a reference that stands literally in the guide, outside of blocks of code."""
    lines = list(subject.guide.prose())
    written = {text for _, line in lines for _, text in _words(line)}
    values, fixed = _values(subject.readings.values(), written)
    fixed |= _constants(subject)
    loose = {value: name for value, name in values.items() if value not in fixed and len(set(value)) > 1}
    for number, line in lines:
        yield from _in_line(subject, number, line, loose)


def _words(line: str) -> Iterator[tuple[str, str]]:
    """What looks like a value: as it is written, and as values are compared, in lower case."""
    for match in _WORD.finditer(_RFC.sub("", line)):
        yield match[0], match[0].lower().strip(".")


def _values(readings: Iterable[Reading], written: set[str]) -> tuple[dict[str, str], set[str]]:
    """Of the words written: volatile values as they are shown → the field; and values that are not volatile, which may be written."""
    values: dict[str, str] = {}
    fixed: set[str] = set()
    known = fields.registry()
    for name, distinct in _distinct(readings).items():
        kind = known.get(name)
        if kind is None or kind.kind not in _KINDS or name.startswith("frame.time_"):
            continue
        shown = written.intersection(fields.shown(kind, value).lower() for value in distinct)
        if kind.volatile:
            values.update((text, name) for text in shown if len(text) >= SHORTEST)
        else:
            fixed |= shown
    return values, fixed


def _distinct(readings: Iterable[Reading]) -> dict[str, set[Value]]:
    """The values of each field in all references: most come again and again."""
    pairs: set[tuple[str, Value]] = set()
    for reading in readings:
        for event in reading.run.trace.events:
            pairs.update(map(_NAME_AND_VALUE, event.ordered()))
    found = defaultdict[str, set[Value]](set)
    for name, value in pairs:
        found[name].add(value)
    return found


def _constants(subject: Subject) -> set[str]:
    """What the lab's own files say of themselves: a server's port is as volatile a field as a client's, but not here."""
    folder = catalog.compose_file(subject.lab.id).parent
    found: set[str] = set()
    for path in (*subject.file.parent.glob("*.py"), *(path for path in folder.rglob("*") if path.is_file())):
        text = path.read_text(encoding="utf-8", errors="replace")
        found |= {word.lower() for word in _WORD.findall(text)}
    return found


def _in_line(subject: Subject, number: int, line: str, loose: Mapping[str, str]) -> Iterator[Problem]:
    told: set[str] = set()
    for word, text in _words(line):
        if text in loose and text not in told:
            told.add(text)
            said = f"{word} is the {loose[text]} of this recording; the next one has another."
            fix = f"Refer to it instead: `@step.{loose[text]}`, with the step whose packet it is in."
            yield subject.in_guide(number, said, fix)
    for match in _EPOCH.finditer(line):
        fix = "Refer to it instead: `@step.frame.time_epoch`."
        yield subject.in_guide(number, f"{match[0]} looks like a time of one run (seconds since 1970).", fix)

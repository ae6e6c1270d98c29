"""The guide's `packets` fences: whether they hold what the shipped references show today, and writing them anew."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from .. import guide
from ..analysis.folding import folded
from ..analysis.selection import chosen
from ..errors import Problem
from ..guide import Fence, Guide, PictureFence, Reference
from . import illustrations
from .prose import resolver
from .subject import Subject

_NONE, _NAME = "The reference has no packets for this fence.", "Name steps that the reference shows."
MOST = 15  # rows that a fence may show: more of them hide what its prose is about


class _Packets:
    """Fills in fences alone: values stay as they are referred to."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.own = resolver(subject)

    def value(self, reference: Reference) -> str | None:
        return None

    def packets(self, fence: Fence) -> Sequence[str] | None:
        known = self.subject.steps(fence.experiment)
        good = fence.experiment in self.subject.readings and {*fence.named} <= {*known}
        return self.own.packets(fence) if self.own and good else None

    def picture(self, fence: PictureFence) -> Sequence[str] | None:
        known = fence.experiment in self.subject.readings or not fence.experiment
        return self.own.picture(fence) if self.own and known else None

    def image(self, fence: PictureFence) -> str | None:
        return illustrations.image(self.subject, fence)


def problems(subject: Subject) -> Iterator[Problem]:
    """Every fence that does not hold today's packets."""
    shown = _Packets(subject)
    again = _substituted(subject, shown)
    fresh = again.fences
    yield from illustrations.problems(subject, again, shown.own)
    for old, new in zip(subject.guide.fences, fresh, strict=True):
        if _lines(old.text) != _lines(new.text):
            what = (
                f"packets {old.experiment} {', '.join('..'.join(dict.fromkeys(pair)) for pair in old.steps)}"
            )
            said = f"The fence `{what.rstrip()}` is not what the reference shows today."
            yield subject.in_guide(old.line, said, f"Write it anew: machinelab check {subject.lab.id} --fix")
        elif (rows := _rows(subject, old)) is not None and not 0 < rows <= MOST:
            said = f"This fence shows {rows} rows, more than {MOST}." if rows else _NONE
            fix = "Name the steps that the prose is about: STEP, STEP..STEP" if rows else _NAME
            yield subject.in_guide(old.line, said, fix)


def _rows(subject: Subject, fence: Fence) -> int | None:
    """How many rows a fence shows, with steps that repeat folded; None where its experiment has no reference."""
    found = subject.readings.get(fence.experiment)
    if found is None:
        return None
    view = found.view()
    return len(list(folded(view.rows(view.once(chosen(found.run, fence))))))


def rewrite(subject: Subject) -> list[Path]:
    """Write the fences anew, and the pictures' files; gives the paths that changed."""
    shown = _Packets(subject)
    return [*filter(None, [_guide(subject, shown)]), *illustrations.rewrite(subject, shown.own)]


def _guide(subject: Subject, shown: _Packets) -> Path | None:
    fresh = _substituted(subject, shown)
    if fresh.text == subject.guide.text or not subject.guide.path.exists():
        return None
    subject.guide.path.write_text(fresh.text, encoding="utf-8")
    return subject.guide.path


def _substituted(subject: Subject, shown: _Packets) -> Guide:
    return guide.parse(guide.substitute(subject.guide, shown), subject.guide.path)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip("\n").split("\n")]

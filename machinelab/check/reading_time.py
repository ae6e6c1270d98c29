"""A guide is read, and its exercises are done, in the minutes that it claims."""

import re
from collections.abc import Iterator

from ..errors import Problem
from .subject import Subject

WORDS = 200  # a minute; readers of technical prose manage 200 to 250
EXPERIMENT = 2.0  # minutes to run one of the core path and to look at it
QUESTION = 1.5  # minutes to answer one of the worksheet
NEAR = 0.95  # of what is counted, a claim may be short by the rest: nobody reads by the clock
SPARE = 15  # minutes that a guide may claim beyond what is counted

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def problems(subject: Subject) -> Iterator[Problem]:
    """A claim that is too short, far too long, or not the one that the lab makes before it starts."""
    claimed, needed = subject.guide.minutes, needs(subject)
    if claimed and claimed != subject.lab.minutes:
        said = f"The lab says {subject.lab.minutes} minutes, its guide {claimed}."
        yield subject.at(subject.lab.id, said, f"Write minutes={claimed} in the Lab.")
    if not claimed or needed * NEAR <= claimed <= needed + SPARE:
        return
    line = next(
        (at for at, text in enumerate(subject.guide.text.split("\n"), 1) if text.startswith("minutes:")), 1
    )
    words, core, asked = _counts(subject)
    said = (
        f"The guide claims {claimed} minutes; {words:,} words, {core} experiments and {asked} questions"
        f" take about {needed}."
    )
    rounded = -(-needed // 5) * 5
    shorter = "Cut it, or write" if claimed < needed else "Write"
    yield subject.in_guide(line, said, f"{shorter} minutes: {rounded}.")


def needs(subject: Subject) -> int:
    """Minutes for the prose, the core path and the worksheet."""
    words, core, asked = _counts(subject)
    return round(words / WORDS + core * EXPERIMENT + asked * QUESTION)


def _counts(subject: Subject) -> tuple[int, int, int]:
    """Words of prose (packets, pictures, code and comments are none), experiments of the core path, questions."""
    text = "\n".join(line for _, line in subject.guide.prose())
    lab = subject.lab
    return len(_COMMENT.sub("", text).split()), len(lab.core_path), len(lab.questions)

"""The author's gate (each finding with file, line and fix), `machinelab new` and `machinelab test`.

    subject    the lab's files, read as far as they can be
    naming     names that mean nothing: fields, nodes, steps, knobs
    prose      steps without prose, prose without steps, references and links that lead nowhere, what is still TODO
    evidence   references: there, unaltered, small, and as the guide says, to the last packet
    elsewhere  experiments that are named for captures of other labs; what single steps claim there
    apart      two experiments that nobody could tell apart
    literal    a value in the prose that is another one in the next run
    core_path  four to six experiments, in order, each shown in the guide
    fences     packets in the guide that are not today's
    questions  the worksheet, its hints, and wrong answers it would accept
    copied     questions whose answer can be looked up in the guide
    illustrations  a guide's pictures: as text in their fences, as SVG beside the guide
    pictures   plots of experiments and knobs that there are not, or without a point
    compose_file  the compose file: privilege, ports, addresses
    strays     files that belong to nothing
    readme     README's table of labs and list of guides
    imports    Python that reaches outside the lab
    terms      italic terms that neither their sentence nor the glossary explains
    accepted   what a worksheet takes as an answer: `check --answers`
    scaffold   `machinelab new`

A group of rules is a function from a `Subject` to problems; none of them needs an engine.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from .. import catalog
from ..errors import Problem
from .subject import Subject, open_subject

__all__ = ["check", "mend"]


def check(labs: Sequence[str] = ()) -> list[Problem]:
    """All that is wrong with these labs (none named: with all there are). Raises UsageError for a lab that there is not."""
    from . import readme

    found = [] if labs else [*catalog.problems(), *readme.problems()]
    for id in labs or catalog.made():
        found += _whole(id, bool(labs))
    return _sorted(found)


def mend(labs: Sequence[str] = ()) -> list[Path]:
    """Write today's packets into the guides' fences, and README's tables; gives the files that changed."""
    from . import readme
    from .fences import rewrite

    subjects = (open_subject(id) for id in labs or catalog.made())
    changed = [path for subject in subjects if subject is not None for path in rewrite(subject)]
    return [*changed, *filter(None, [readme.rewrite()])]


def _whole(id: str, alone: bool) -> list[Problem]:
    catalog.status(id)
    subject = open_subject(id)
    found = _files(id) if alone else []
    if subject is None:
        return found or _files(id)
    return [*found, *_rules(subject)]


def _rules(subject: Subject) -> list[Problem]:
    from . import (
        apart,
        compose_file,
        copied,
        core_path,
        elsewhere,
        evidence,
        fences,
        imports,
        literal,
        naming,
        pictures,
        prose,
        questions,
        reading_time,
        strays,
        terms,
    )

    groups = (
        naming,
        prose,
        reading_time,
        terms,
        evidence,
        apart,
        elsewhere,
        literal,
        core_path,
        fences,
        questions,
        copied,
        pictures,
        compose_file,
        strays,
        imports,
    )
    return [problem for group in groups for problem in group.problems(subject)]


def _files(id: str) -> list[Problem]:
    """What the catalog says of this lab's files; of a planned lab, that it is not there."""
    if id not in catalog.made():
        fix = f"Make it: machinelab new {id}"
        return [Problem(catalog.lab_file(id), 0, f"{id} is planned: there is no such file yet.", fix)]
    own = (catalog.lab_file(id).parent, catalog.compose_file(id).parent)
    return [
        problem
        for problem in catalog.problems()
        if problem.path == catalog.guide_file(id)
        or any(problem.path.is_relative_to(folder) for folder in own)
    ]


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    """By file and line, each once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (str(problem.path), problem.line))

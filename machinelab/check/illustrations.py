"""The guide's pictures: text in their fences, an SVG file beside the guide, and an image below each fence that shows it."""

from collections.abc import Iterator
from pathlib import Path

from ..analysis import pictures
from ..errors import Problem
from ..guide import Guide, PictureFence
from ..workflow.guide_text import ReaderValues
from .subject import Subject, near


def problems(subject: Subject, fresh: Guide, values: ReaderValues | None) -> Iterator[Problem]:
    """A guide without a map of its lab; fences of pictures that there are not, or that are stale; files that are stale or of no fence."""
    if not subject.guide.path.exists():
        return
    titles = _titles(subject)
    if not subject.guide.pictures or subject.guide.pictures[0].id != pictures.TOPOLOGY:
        fix = "Put a fence `picture topology` into its opening, then: machinelab check --fix"
        yield subject.in_guide(1, "The guide does not begin with the lab's topology.", fix)
    for old, new in zip(subject.guide.pictures, fresh.pictures, strict=True):
        yield from _one(subject, old, new, titles, values)
    wanted = {_file(subject, fence) for fence in subject.guide.pictures}
    for path in sorted(set(_folder(subject).glob("*")) - wanted):
        yield Problem(path, 0, "This picture is in no fence of the guide.", "Remove it, or add its fence.")


def _one(
    subject: Subject,
    old: PictureFence,
    new: PictureFence,
    titles: dict[str, str],
    values: ReaderValues | None,
) -> Iterator[Problem]:
    again = f"Write it anew: machinelab check {subject.lab.id} --fix"
    experiments = [each.id for each in subject.lab.experiments]
    if old.id not in titles:
        fix = near(old.id, list(titles), f"Name one of: {', '.join(titles)}.")
        yield subject.in_guide(old.line, f"The lab has no picture {old.id!r}.", fix)
    elif old.experiment and old.experiment not in experiments:
        fix = near(old.experiment, experiments, f"Name one of: {', '.join(experiments)}.")
        said = f"This picture is of {old.experiment!r}, no experiment of the lab."
        yield subject.in_guide(old.line, said, fix)
    elif old.text.split() != new.text.split():
        said = f"The picture {old.id} is not what the reference shows today."
        yield subject.in_guide(old.line, said, again)
    elif not old.image:
        yield subject.in_guide(old.line, f"No image stands below the picture {old.id}.", again)
    elif values and _read(_file(subject, old)) != values.illustrations.svg(old):
        yield subject.in_guide(old.line, f"The file {_name(subject, old)} is not that picture.", again)


def rewrite(subject: Subject, values: ReaderValues | None) -> list[Path]:
    """Write each picture's file anew; gives those that changed."""
    changed = []
    for fence in subject.guide.pictures:
        svg, path = values.illustrations.svg(fence) if values else None, _file(subject, fence)
        if svg is not None and _read(path) != svg:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(svg, encoding="utf-8")
            changed.append(path)
    return changed


def image(subject: Subject, fence: PictureFence) -> str | None:
    """The Markdown that shows a picture's file: its title is the text alternative, and the text itself stands above."""
    title = _titles(subject).get(fence.id)
    return f"![{title}]({_name(subject, fence)})" if title else None


def _titles(subject: Subject) -> dict[str, str]:
    shown = pictures.available(subject.lab)
    return {each.id: each.title for each in shown} | {plot.id: plot.title for plot in subject.lab.plots}


def _folder(subject: Subject) -> Path:
    return subject.guide.path.parent / "pictures" / subject.lab.id


def _name(subject: Subject, fence: PictureFence) -> str:
    return f"pictures/{subject.lab.id}/{fence.file}.svg"


def _file(subject: Subject, fence: PictureFence) -> Path:
    return subject.guide.path.parent / _name(subject, fence)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""

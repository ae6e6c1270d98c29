"""Looking closer: diff, inspect, export."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError
from .app import app
from .common import (
    DEFAULT,
    LEARN,
    AsJson,
    DecodeRules,
    EvidenceOptions,
    ExperimentName,
    FilterText,
    GuideOf,
    Instance,
    Keys,
    LabName,
    Recorded,
    RunId,
    Shipped,
    StepName,
    What,
    emit,
    knobs,
    note,
    open_what,
    terminal,
    turned,
)
from .quick import is_file, path_of

if TYPE_CHECKING:
    from ..analysis.reading import Reading
    from ..model import Lab
    from ..sources.decoding import DecodeAs

RunName = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's number, or an experiment: its newest run.")
]


@app.command(rich_help_panel=LEARN)
def diff(
    lab: LabName,
    left: RunName,
    right: Annotated[
        str | None,
        typer.Argument(metavar="[RUN]", help="Another one; with --reference it may be left out."),
    ] = None,
    reference: Shipped = False,
    settings: Recorded = None,
    every: Annotated[bool, typer.Option("--all", help="Show steps that are alike too.")] = False,
    as_: Instance = DEFAULT,
    decode_as: DecodeRules = None,
    json: AsJson = False,
) -> None:
    """Two runs, step by step: what was there in one and not in the other, which fields changed."""
    from .. import catalog, guide
    from ..analysis import comparison
    from ..render import diff as draw
    from ..sources.decoding import decoding

    one, other = _both(catalog.load_lab(lab), left, right, reference, settings, as_, decoding(decode_as))
    found = comparison.compare(one.run, other.run)
    names = (_named(one), _named(other))
    if json:
        emit([draw.as_json(found, names, lab)])
    else:
        emit(draw.report(found, terminal(), names, guide.words(one.guide, one.experiment.id), every))
    raise typer.Exit(0 if found.same_shape else 1)


def _both(
    lab: "Lab",
    left: str,
    right: str | None,
    shipped: bool,
    settings: list[str] | None,
    instance: str,
    ports: "DecodeAs | None",
) -> tuple["Reading", "Reading"]:
    """`7 8`: two runs. `7 --reference`: a run and the capture that ships. `cold warm --reference`: two of those.

    `cold --reference --set type=MX`: two of those of one experiment, the second with a knob turned.
    """
    from ..analysis import reading

    if right is None and not shipped:
        raise UsageError(
            "Compare it with what?",
            f"Name another run, or add --reference: machinelab diff {lab.id} {left} --reference",
        )
    if settings:
        if not shipped:
            raise UsageError("--set chooses among the captures that ship with a lab.", "Add --reference.")
        one = reading.open_named(lab, left, instance, shipped=True, decode_as=ports)
        other = lab.experiment(right or one.experiment.id)
        return one, reading.open_reference(lab, other.id, turned(other, settings), ports)
    if right is None:
        one = reading.open_named(lab, left, instance, decode_as=ports)
        return one, reading.open_reference(lab, one.experiment.id, decode_as=ports)
    return (
        reading.open_named(lab, left, instance, shipped=shipped, decode_as=ports),
        reading.open_named(lab, right, instance, shipped=shipped, decode_as=ports),
    )


def _named(found: "Reading") -> str:
    from ..store import references

    shipped = found.origin == "reference"
    name = references.name_of(found.experiment, found.run.knobs) if shipped else found.experiment.id
    return f"{name} ({found.origin})"


@app.command("inspect", rich_help_panel=LEARN)
def inspect_(
    what: What,
    experiment: ExperimentName = None,
    guide: GuideOf = None,
    keys: Keys = None,
    decode_as: DecodeRules = None,
    run: RunId = None,
    reference: Shipped = False,
    settings: Recorded = None,
    as_: Instance = DEFAULT,
) -> None:
    """The same run in a full-screen inspector: packets, guide, fields and bytes in step."""
    import sys

    from .. import catalog
    from ..inspector import opening
    from ..sources.decoding import decoding

    ports = decoding(decode_as)
    if is_file(what) and path_of(what).exists() and not path_of(what).is_file():
        raise UsageError(
            f"{what} is no file that can be read more than once.",
            "Write the capture to a file, and inspect that.",
        )
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "The inspector needs a terminal.",
            f"Type it in one, or list the packets: machinelab packets {what}",
        )
    if "/" in what or "." in what:
        path = Path(what)
        if path.is_file() and path.stat().st_size > opening.LARGE:
            from ..inspector import large_capture

            large_capture.inspect(path, catalog.load_lab(guide) if guide else None, experiment, keys, ports)
            return
        whole = (
            opening.whole_of_file(path, catalog.load_lab(guide), experiment, keys, ports) if guide else None
        )
        opening.inspect(lambda: opening.first_of_file(path, guide or "", keys, ports), whole)
        return
    if settings and not reference:
        raise UsageError("--set chooses among the captures that ship with a lab.", "Add --reference.")
    opening.inspect_lab(what, experiment, as_, run, reference, knobs(settings), ports)


@app.command(rich_help_panel=LEARN)
def export(
    what: What,
    out: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Ends in .pcapng, .html, .svg or .json.")
    ],
    experiment: ExperimentName = None,
    filter: FilterText = "",
    step: StepName = None,
    guide: GuideOf = None,
    keys: Keys = None,
    decode_as: DecodeRules = None,
    run: RunId = None,
    reference: Shipped = False,
    settings: Recorded = None,
    redact: Annotated[
        bool,
        typer.Option("--redact", help="Mask passwords, codes, tokens, cookies, keys, and who a person is."),
    ] = False,
    as_: Instance = DEFAULT,
) -> None:
    """A run as a file: .pcapng for Wireshark, .html for a browser, .svg, .json."""
    from ..export import writing

    found = open_what(
        EvidenceOptions(what, experiment, guide, keys, decode_as, run, reference, settings, as_)
    )
    events = found.select(found.run.trace.events, filter, step) if filter or step else None
    note(writing.export(found, out, events, keys, redact=redact))

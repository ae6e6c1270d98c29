"""A lab's pictures and plots: which there are, one of them drawn in the terminal, as an SVG file or as its data."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError
from .app import app
from .common import (
    DEFAULT,
    LEARN,
    AsJson,
    ExperimentName,
    Instance,
    LabName,
    Recorded,
    RunId,
    Shipped,
    emit,
    open_of,
    terminal,
)

if TYPE_CHECKING:
    from ..model import Lab, Plot


def complete_picture(ctx: typer.Context, incomplete: str) -> list[str]:
    """Pictures and plots of the lab named before."""
    from .. import catalog
    from ..analysis import pictures

    lab = ctx.params.get("lab") or ""
    if lab not in catalog.ready():
        return []
    opened = catalog.load_lab(lab)
    ids = [*(each.id for each in pictures.available(opened)), *(plot.id for plot in opened.plots)]
    return [id for id in ids if id.startswith(incomplete)]


PictureName = Annotated[
    str | None,
    typer.Argument(
        metavar="PICTURE",
        help="One of the lab's; without one they are listed.",
        autocompletion=complete_picture,
    ),
]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE.svg", help="Write it into a file, as SVG.")
]


@app.command(rich_help_panel=LEARN)
@app.command("plot", hidden=True)
def show(
    lab: LabName,
    picture: PictureName = None,
    experiment: ExperimentName = None,
    run: RunId = None,
    reference: Shipped = False,
    settings: Recorded = None,
    as_: Instance = DEFAULT,
    output: Output = None,
    json: AsJson = False,
) -> None:
    """A lab's pictures: its map, a machine's states, a tree walked, offsets over time, latency against clients."""
    from .. import catalog
    from ..analysis import pictures
    from ..render.pictures import shown as draw

    opened = catalog.load_lab(lab)
    if picture is None:
        emit(_listed(opened, json))
        return
    plot = next((each for each in opened.plots if each.id == picture), None)
    if plot is not None:
        _plot(opened, plot, experiment, as_, run, reference, settings, output, json)
        return
    chosen = pictures.named(opened, picture)
    wanted = pictures.default_experiment(opened, chosen, experiment)
    most = pictures.MOST + 1  # one more than is looked into: so it is known that there are more
    found = pictures.show(chosen, open_of(opened, wanted, as_, run, reference, settings, most=most))
    if output is not None:
        _write(output, draw.svg(found))
    elif json:
        emit([draw.as_json(found)])
    else:
        emit(draw.lines(found, terminal()))


def _listed(lab: "Lab", json: bool) -> Iterator[str]:
    """What there is, a line each: id, title, and of which experiments."""
    from json import dumps

    from ..analysis import pictures

    rows = [(each.id, each.title, each.experiments) for each in pictures.available(lab)]
    rows += [(plot.id, plot.title, (plot.experiment,) if plot.experiment else ()) for plot in lab.plots]
    if json:
        yield from (dumps({"picture": id, "title": title, "experiments": list(of)}) for id, title, of in rows)
        return
    width = max(len(id) for id, _, _ in rows)
    for id, title, of in rows:
        told = f"{title} ({', '.join(of) or 'any experiment'})"
        yield from terminal().hang(terminal().text(told), f"  {id:<{width}}  ")
    yield ""
    yield f"  Draw one: machinelab show {lab.id} {rows[-1][0]}"


def _plot(
    lab: "Lab",
    plot: "Plot",
    experiment: str | None,
    instance: str,
    run: int | None,
    reference: bool,
    settings: list[str] | None,
    output: Path | None,
    json: bool,
) -> None:
    """A plot is of several runs, lanes are of one."""
    from ..analysis import pictures, plots
    from ..render import json as as_json
    from ..render import plot as draw
    from ..render.pictures import figure_svg

    if plot.lanes is not None and (run is not None or settings):
        wanted = experiment or plot.experiment or None
        found = plots.of_one(
            lab,
            plot,
            open_of(lab, wanted, instance, run, reference, settings, most=pictures.MOST + 1),
        )
    elif run is not None or settings:
        raise UsageError(f"The plot {plot.id} is of several runs.", "Leave --run and --set out.")
    else:
        found = plots.figure(lab, plot, instance, reference, experiment)
    if output is not None:
        _write(output, figure_svg.svg(found))
    else:
        emit([as_json.figure(found)] if json else [*draw.plot(found, terminal()), ""])


def _write(path: Path, content: str) -> None:
    if path.suffix != ".svg":
        raise UsageError(f"{path} is not an .svg file.", "Give -o a name that ends in .svg.")
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", "Choose another folder.") from error
    emit([f"Written: {path}"])

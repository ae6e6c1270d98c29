"""The engine room: up, down, reset, ps, shell, logs, doctor, images."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .common import (
    DEFAULT,
    AsJson,
    Instance,
    LabName,
    NodeName,
    complete_lab,
    complete_node,
    counted,
    emit,
    note,
    progress,
    terminal,
)

if TYPE_CHECKING:
    from ..engine.doctor import Check
    from ..engine.images import Image

ENGINE = "Engine"
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command(rich_help_panel=ENGINE)
def up(lab: LabName, as_: Instance = DEFAULT) -> None:
    """Start a lab: its servers, its networks; says first what it takes."""
    from .. import catalog
    from ..workflow import starting

    declared = catalog.load_lab(lab)
    note(
        f"{catalog.entry(lab).title}: about {declared.memory} MB of memory, {declared.minutes} minutes with its guide."
    )
    with progress() as tell:
        where = starting.up(declared, as_, tell)
    emit(starting.description(declared, where, terminal()))


@app.command(rich_help_panel=ENGINE)
def down(
    lab: Annotated[
        str | None, typer.Argument(metavar="LAB", help="Which one.", autocompletion=complete_lab)
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All that the kit ever started on this engine.")
    ] = False,
    as_: Instance = DEFAULT,
) -> None:
    """Stop a lab and take away all that belongs to it."""
    from ..engine import lifecycle
    from ..errors import UsageError

    if (lab is None) == (not everything):
        raise UsageError("Which lab shall go down?", "Name it, or take them all: machinelab down --all")
    if lab is not None:
        from .. import catalog

        catalog.status(lab)
    with progress() as tell:
        gone = lifecycle.down_all(tell) if lab is None else lifecycle.down(lab, as_, tell)
    note(
        f"{counted(gone.containers, 'container')} and {counted(gone.networks, 'network')} removed."
        if gone
        else "Nothing was up."
    )
    for network in gone.kept:
        note(
            f"The engine keeps the network {network}: it has lost count of who is in it, and nobody is. "
            "It can be removed when the engine was started anew; until then, up takes it as it is."
        )


@app.command(rich_help_panel=ENGINE)
def reset(lab: LabName, as_: Instance = DEFAULT) -> None:
    """Back to the known state: caches empty, nodes made anew from their (perhaps edited) files."""
    from .. import catalog
    from ..workflow import starting

    declared = catalog.load_lab(lab)
    with progress() as tell:
        starting.reset(declared, as_, tell)
    note("Back to the known state.")


@app.command(rich_help_panel=ENGINE)
def ps(
    stats: Annotated[
        bool,
        typer.Option(
            "--stats", help="With the memory and the processor time that each node uses, and their sums."
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    """What is up, read off the engine."""
    from dataclasses import asdict

    from ..engine.topology import ps as rows
    from ..engine.usage import usage
    from ..render.json import dump
    from ..render.processes import Process, processes

    found = rows()
    used = usage(row.container for row in found if row.state == "running") if stats else {}
    if json:
        emit(
            dump({**asdict(row), **(asdict(used[row.container]) if row.container in used else {})})
            for row in found
        )
    elif not found:
        note("Nothing is up. Start a lab: machinelab up dns")
    else:
        figures = {name: (each.memory, each.processor) for name, each in used.items()}
        rows_of = [
            Process(row.lab, row.instance, row.node or row.role, row.status, figures.get(row.container))
            for row in found
        ]
        emit(processes(rows_of))


@app.command(rich_help_panel=ENGINE, context_settings={"ignore_unknown_options": True})
def shell(
    lab: LabName,
    node: NodeName,
    command: Annotated[
        list[str] | None, typer.Argument(metavar="-- CMD", help="Run this there, in place of a shell.")
    ] = None,
    as_: Instance = DEFAULT,
) -> None:
    """A shell on a node, or a command there."""
    from .. import catalog
    from ..engine import nodes

    catalog.load_lab(lab)
    raise typer.Exit(nodes.shell(lab, as_, node, command or ()))


@app.command(rich_help_panel=ENGINE)
def logs(
    lab: LabName,
    node: Annotated[
        str | None, typer.Argument(metavar="NODE", help="That node alone.", autocompletion=complete_node)
    ] = None,
    tail: Annotated[int | None, typer.Option("--tail", help="Only the last lines.")] = None,
    as_: Instance = DEFAULT,
) -> None:
    """What the nodes said."""
    from .. import catalog
    from ..engine import nodes
    from ..engine.topology import topology
    from ..render import escape

    catalog.load_lab(lab)
    for name in [node] if node else topology(lab, as_).nodes:
        front = "" if node else f"{name}: "
        emit(
            front + escape.terminal(line.expandtabs(), None)
            for line in nodes.logs(lab, as_, name, tail=tail).splitlines()
        )


@app.command(rich_help_panel=ENGINE)
def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="Install and start what is missing (Debian, Ubuntu).")
    ] = False,
    yes: Yes = False,
    json: AsJson = False,
) -> None:
    """What is there and what is missing."""
    from ..engine import doctor as surgery

    checks = surgery.diagnose() if not fix else _fixed(yes)
    if json:
        sys.stdout.write(surgery.as_json(checks) + "\n")
    else:
        drawn = terminal()
        for check in checks:
            mark = drawn.paint(drawn.draw("✓"), "good") if check.ok else drawn.paint(drawn.draw("✗"), "bad")
            emit(
                [
                    f"{mark} {check.name}: {check.detail}",
                    *([f"    {check.hint}"] if check.hint and not check.ok else []),
                ]
            )
    raise typer.Exit(0 if surgery.healthy(checks) else 3)


def _fixed(yes: bool) -> "list[Check]":
    from ..engine import install

    return install.fix(
        note, lambda question: yes or (sys.stdin.isatty() and typer.confirm(question, err=True))
    )


images = typer.Typer(help="Build, save, load and prune the labs' images.", no_args_is_help=True)
app.add_typer(images, name="images", rich_help_panel=ENGINE)
Labs = Annotated[
    list[str] | None, typer.Argument(metavar="LAB", help="All that are ready, if none is named.")
]


def _of(labs: list[str] | None) -> "list[Image]":
    from .. import catalog
    from ..engine import images as store

    wanted = labs or catalog.ready()
    for lab in wanted:
        catalog.load_lab(lab)
    found = {image.tag: image for lab in wanted for image in store.of_lab(lab, catalog.compose_file(lab))}
    return list(found.values())


@images.command()
def build(
    labs: Labs = None, fresh: Annotated[bool, typer.Option("--fresh", help="The base image too.")] = False
) -> None:
    """Build images, whether or not they are there."""
    from ..engine import images as store

    with progress() as tell:
        store.build(_of(labs), tell, fresh=fresh)


@images.command()
def save(
    file: Annotated[Path, typer.Argument(metavar="FILE.tar.gz", help="The file to write.")], labs: Labs = None
) -> None:
    """Write a class's images to one file, for machines without a network."""
    from ..engine import bundle

    with progress() as tell:
        entries = bundle.save(_of(labs), file, tell)
    note(f"{len(entries)} images are in {file}. On the other machine: machinelab images load {file.name}")


@images.command()
def load(file: Annotated[Path, typer.Argument(metavar="FILE.tar.gz", help="What `save` wrote.")]) -> None:
    """Bring in the images of a bundle."""
    from ..engine import bundle

    with progress() as tell:
        entries = bundle.load(file, tell)
    note(f"{len(entries)} images are here.")


@images.command()
def prune(
    everything: Annotated[
        bool, typer.Option("--all", help="All of the kit's images, not only superseded ones.")
    ] = False,
) -> None:
    """Remove superseded images of the kit; nobody else's."""
    from ..engine import images as store

    note(f"{counted(store.prune(everything), 'image')} removed.")

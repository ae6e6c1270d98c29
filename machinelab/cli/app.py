"""The app that every file of commands adds to, and its global options."""

from typing import Annotated

import typer

app = typer.Typer(
    name="machinelab",
    help="Real servers in containers, real packets off their wires, every packet explained by the guide you are reading.",
    epilog="New here?  machinelab learn dns",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)

_debug = False


def debugging() -> bool:
    """Whether errors are to be shown with their traceback."""
    return _debug


def _version(wanted: bool) -> None:
    if wanted:
        from .. import __version__

        typer.echo(f"machinelab {__version__}")
        raise typer.Exit


@app.callback()
def globals_(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options before the command."""
    global _debug  # noqa: PLW0603 - the one switch that outlives the command it was given with
    _debug = debug

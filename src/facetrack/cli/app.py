"""Puts the commands together."""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Final

import typer

from facetrack import __version__
from facetrack.cli.commands import analyze, demo, pulse, report, routines, run, sessions, study
from facetrack.cli.commands.computer import bench, cameras, doctor, models

GREETING: Final = """\
facetrack watches a facial self-massage in front of a webcam and says in the moment what to change.

To begin with:
  facetrack demo      watch a drawn person being coached; no camera is needed
  facetrack doctor    check what this computer has for a live session
  facetrack run       coach your own massage, at the webcam

facetrack --help lists all commands."""
"""The text that facetrack prints when it is called without a command."""

app = typer.Typer(
    help="Watches a facial self-massage in front of a webcam and says in the moment what to change.",
    epilog="Everything stays on this computer. facetrack can't tell whether massage is safe for you: see the README.",
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run.run)
app.command()(demo.demo)
app.command()(analyze.analyze)
app.command()(pulse.pulse)
app.command()(report.report)
app.command()(cameras.cameras)
app.command()(doctor.doctor)
app.command()(bench.bench)
app.add_typer(models.app, name="models")
app.add_typer(routines.app, name="routines")
app.add_typer(sessions.app, name="sessions")
app.add_typer(study.app, name="study")


@cache
def command() -> Callable[..., Any]:
    """Build the command line out of all that is registered, once a process."""
    return typer.main.get_command(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"facetrack {__version__}")
        raise typer.Exit


@app.callback()
def _global(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
    debug: Annotated[  # noqa: ARG001
        bool, typer.Option("--debug", help="Show a traceback when something goes wrong.")
    ] = False,
) -> None:
    """Greet a newcomer who names no command. --version is handled by its callback, --debug by ``entry.main``."""
    if context.invoked_subcommand is None:
        typer.echo(GREETING)

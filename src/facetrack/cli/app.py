"""The commands, put together."""

from typing import Annotated

import typer

from facetrack import __version__
from facetrack.cli.commands import analyze, bench, cameras, demo, doctor, models, pulse, report, routines, run, sessions

app = typer.Typer(
    help="Watches a facial self-massage in front of a webcam and says in the moment what to change.",
    epilog="Everything stays on this computer. facetrack can't tell whether massage is safe for you: see the README.",
    no_args_is_help=True,
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


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"facetrack {__version__}")
        raise typer.Exit


@app.callback()
def _global(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback when something goes wrong.")] = False,
) -> None:
    """Both are dealt with before this is reached: --version by its callback, --debug by ``entry.main``."""

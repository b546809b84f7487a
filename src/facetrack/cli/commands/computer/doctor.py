"""facetrack doctor: what this computer has for a live session, what it lacks, and what to do about it."""

from typing import Annotated, Final

import typer

MARKS: Final = {"good": "ok", "degraded": "could be better", "missing": "missing", "unknown": "not known"}


def doctor(
    camera: Annotated[str | None, typer.Option(metavar="ID", help="The camera to look through. Default: the first.")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Look at camera, light, speed, models, display, sound, settings, history and folders; say what to do about each.

    Keeps no picture and changes nothing. Ends with 0 whatever it finds.
    """
    from facetrack.doctor import run_checks

    found = []
    for check in run_checks(camera):
        found.append(check)
        if not json_out:
            typer.echo(f"{check.name:10} {MARKS[check.state]:16} {check.found}")
            if check.advice:
                typer.echo(f"{'':10} {'':16} -> {check.advice}")
    if json_out:
        import json
        from dataclasses import asdict

        typer.echo(json.dumps({check.name: {k: v for k, v in asdict(check).items() if k != "name"} for check in found}))

"""facetrack cameras: which cameras there are, by the ids that ``--camera`` takes."""

from typing import Annotated

import typer

from facetrack.cli.console import print_message


def cameras(json_out: Annotated[bool, typer.Option("--json", help="One JSON array on stdout.")] = False) -> None:
    """List the cameras: the id that --camera takes, which stays the same where the system allows it, and the name."""
    from facetrack.capture import list_cameras
    from facetrack.capture.camera.devices import ADVICE

    found = list_cameras()
    if json_out:
        import json

        typer.echo(json.dumps([{"id": camera.id, "name": camera.name, "number": camera.target} for camera in found]))
    elif not found:
        print_message(f"No camera was found. {ADVICE}")
    for camera in () if json_out else found:
        typer.echo(
            f"{camera.target}  {camera.name}  {camera.id}" if camera.id != str(camera.target) else f"{camera.id}  {camera.name}"
        )

"""facetrack models: which models are there, fetch them, verify them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from facetrack.tracking.models import BundleStatus

app = typer.Typer(help="The models that find the face and the hands.", no_args_is_help=True)


@app.command()
def status(json_out: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False) -> None:
    """Show which models are there, where, and what they were built from."""
    from facetrack.tracking.models import model_status

    statuses = model_status()
    if json_out:
        import json

        typer.echo(json.dumps({item.name: _as_json(item) for item in statuses}))
    else:
        _print(statuses)


@app.command()
def fetch(
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="A mediapipe 0.10.21 wheel, a bundle, or a folder with both bundles."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Fetch again what is there.")] = False,
) -> None:
    """Fetch the models, about 36 MB once, through pip."""
    from facetrack.cli.console import print_line
    from facetrack.cli.progress import ProgressBar
    from facetrack.tracking.models import fetch_models

    with ProgressBar("Fetching the models", in_bytes=True) as bar:
        statuses = fetch_models(source, force=force, notify=print_line, progress=bar.reached)
    _print(statuses)


@app.command()
def verify() -> None:
    """Check the models' hashes, and that they find a face and a hand in a rendered picture."""
    from facetrack.errors import FacetrackError
    from facetrack.tracking.models import verify_models

    statuses = verify_models()
    _print(statuses)
    bad = [item for item in statuses if not item.ready]
    if bad:
        raise FacetrackError(
            f"Not ready: {', '.join(f'{item.name} ({item.state})' for item in bad)}. Run facetrack models fetch"
        )


def _as_json(item: "BundleStatus") -> dict[str, object]:
    stamp = item.stamp
    return {
        "state": item.state,
        "path": str(item.path),
        "sha256": stamp.sha256 if stamp else None,
        "size": stamp.size if stamp else None,
        "origin": stamp.origin if stamp else None,
    }


def _print(statuses: "list[BundleStatus]") -> None:
    for item in statuses:
        line = f"{item.name:5} {item.state:9} {item.path}"
        if item.stamp is not None:
            line += f"  {item.stamp.size / 1e6:.1f} MB, sha256 {item.stamp.sha256[:12]}…, from {item.stamp.origin}"
        typer.echo(line)

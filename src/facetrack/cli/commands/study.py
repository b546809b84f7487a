"""facetrack study: many sessions as one dataset, its figures, and how well facetrack and people agree."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetrack.cli.options import expand_patterns

if TYPE_CHECKING:
    from facetrack.study.agreement.compare import Comparison

app = typer.Typer(help="Studies: many sessions as one dataset, and labels that people made.", no_args_is_help=True)

JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]
DatasetArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The dataset that `study build` made.")]


@app.command()
def build(
    folders: Annotated[
        list[Path],
        typer.Argument(metavar="FOLDER...", help="Folders with sessions in them, at any depth.", callback=expand_patterns),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The dataset's folder.")],
    fingertips: Annotated[bool, typer.Option("--fingertips", help="Also every fingertip in every frame.")] = False,
) -> None:
    """Make one Parquet dataset of many sessions, partitioned by participant.

    Build into the same folder again to append what is new; nothing that is there is rewritten.
    """
    from facetrack.cli.console import print_message
    from facetrack.cli.progress import ProgressBar
    from facetrack.study.dataset.build import build_dataset

    with ProgressBar("Building") as bar:
        result = build_dataset(folders, out, fingertips=fingertips, progress=lambda done, of: bar.reached(done, of))
    for remark in result.remarks:
        print_message(remark)
    typer.echo(f"{out}: {result.added} sessions added, {result.known} were there before.")
    if result.remarks and not result.added:
        raise typer.Exit(1)


@app.command()
def summary(
    dataset: DatasetArgument,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write it. Default: DIR/summary.")] = None,
    json_out: JsonOption = False,
) -> None:
    """Sum up a dataset by participant, condition and session: CSV files and a page."""
    from facetrack.study.summary.summarise import summarise
    from facetrack.study.summary.write import write_summary

    made = summarise(dataset)
    if json_out:
        import json

        typer.echo(json.dumps({name: json.loads(frame.to_json(orient="records")) for name, frame in made.tables.items()}))
        return
    for path in write_summary(out or dataset / "summary", made):
        typer.echo(str(path))


@app.command()
def agree(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A dataset, or a folder with sessions.")],
    labels: Annotated[
        list[Path],
        typer.Argument(
            metavar="LABELS [LABELS2]",
            help="Labels by one person or two: ELAN (.eaf, tab-delimited), BORIS (CSV).",
            callback=expand_patterns,
        ),
    ],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE", help="What the labels' words mean (see `study label-template`).")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Also write JSON, CSV and a page.")] = None,
    json_out: JsonOption = False,
) -> None:
    """Compare facetrack's corrections with labels that people made, and two people with each other."""
    from facetrack.cli.console import print_message
    from facetrack.errors import UsageError
    from facetrack.study.agree import agree as compare, agreement_document, write_agreement

    if len(labels) > 2:
        raise UsageError("Labels of at most two people can be compared: put the files of one person into a folder.")
    made = compare(folder, labels, mapping)
    if json_out:
        import json

        typer.echo(json.dumps(agreement_document(made), ensure_ascii=False))
    else:
        for one in made:
            _print_comparison(one)
    for one in made:
        for remark in one.remarks:
            print_message(remark)
    if out is not None:
        for path in write_agreement(out, made, [*labels, *([mapping] if mapping else [])]):
            (print_message if json_out else typer.echo)(str(path))


def _print_comparison(one: "Comparison") -> None:
    from facetrack.cli.summary import table
    from facetrack.study.page import cell

    columns = ("kind", "side", "first", "second", "matched", "recall", "precision", "delay_s", "kappa", "withheld")
    typer.echo(f"{one.second} against {one.first}: {one.recordings} recordings of {one.participants} participants")
    rows = [columns, *(tuple(cell(row.as_dict()[name]) for name in columns) for row in one.rows)]
    typer.echo("\n".join(f"  {line}" for line in table(rows)))


@app.command("label-template")
def label_template(
    videos: Annotated[
        list[Path] | None, typer.Argument(metavar="[VIDEO]...", help="The recordings to be labelled.", callback=expand_patterns)
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write the files.")] = Path("labels"),
) -> None:
    """Write empty files to label recordings in: for ELAN one for each recording, and a project for BORIS."""
    from facetrack.study.labels.template import write_templates

    for path in write_templates(out, videos or []):
        typer.echo(str(path))

"""The command `pactscope`: one thin function a command; the only place that prints.

Exit codes: 0 all well, 1 some documents failed, 2 wrong use or a file that cannot be used.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.batch import Summary
    from pipeline.settings import Settings

app = typer.Typer(
    help="Reads security-cooperation documents: who commits to do what, with whom, how firmly, by when.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
codebook_app = typer.Typer(help="Look at and check a codebook.", no_args_is_help=True)
app.add_typer(codebook_app, name="codebook")

#: More would push the summary off the screen.
MOST_FAILURES = 10

SettingsFile = Annotated[Path | None, typer.Option("--settings", help="TOML file of settings.")]
Gazetteers = Annotated[list[Path] | None, typer.Option("--gazetteer", help="CSV of further actors; may be repeated.")]
ModelFolder = Annotated[str | None, typer.Option("--model", help="Folder of a classifier, or `terms` for terms alone.")]
CodebookFile = Annotated[Path | None, typer.Option("--codebook", help="TOML codebook of areas instead of the built-in one.")]


def main() -> None:
    """Entry point: one clear line for what went wrong, no traceback."""
    try:
        app()
    except PipelineError as error:
        typer.secho(f"pactscope: {error}", fg="red", err=True)
        sys.exit(2)
    except OSError as error:
        typer.secho(f"pactscope: {error.filename or 'A file'} cannot be used: {error.strerror or error}.", fg="red", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.secho("Stopped. Run the same command again to go on; nothing done so far is lost.", fg="yellow", err=True)
        sys.exit(130)


def _settings(
    file: Path | None, gazetteers: list[Path] | None, codebook: Path | None = None, model: str | None = None
) -> Settings:
    """The settings of a file, overridden by the options that were given."""
    from pipeline.settings import Settings, load_settings

    settings = load_settings(file) if file else Settings()
    given: dict[str, Any] = {"gazetteers": settings.gazetteers + tuple(gazetteers or ()), "codebook": codebook, "model": model}
    return dataclasses.replace(settings, **{name: value for name, value in given.items() if value})


@app.command()
def run(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, or catalogues (CSV) of documents.")],
    out: Annotated[Path, typer.Option(help="Folder for the dataset and the report.")],
    gazetteer: Gazetteers = None,
    codebook: CodebookFile = None,
    model: ModelFolder = None,
    settings: SettingsFile = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that work side by side.")] = 1,
    format: Annotated[list[str] | None, typer.Option(help="parquet, csv or jsonl; may be repeated.")] = None,
    retry: Annotated[bool, typer.Option(help="Try documents again that failed before.")] = False,
) -> None:
    """Analyse documents into a dataset; a second run does only what is new or changed."""
    from pipeline import batch, dataset, inputs
    from pipeline.codebook.actors import load_gazetteer
    from pipeline.dataset.made_from import is_current
    from pipeline.store import Store

    chosen = _settings(settings, gazetteer, codebook, model)
    found = inputs.gather(paths, load_gazetteer(chosen.gazetteers).actors)
    _warn(found.doubts)
    if retry and out.is_dir():
        with Store(out) as opened:
            opened.forget_failures()
    with _progress() as progress:
        summary = batch.run(
            found.jobs,
            out,
            make_analyser=batch.analyser_of(chosen),
            settings_id=chosen.settings_id,
            workers=workers,
            progress=progress,
        )
    _list_failures(out)
    if not summary.documents and not summary.interrupted:
        raise inputs.none_in(paths)
    dataset.build(out, formats=tuple(format or ("parquet",)), codebook=chosen.codebook)
    report = out / "report.html"
    if not is_current(report, out):
        _report(out, report, chosen.codebook)
    _warn(dataset.load_dataset(out).warnings)
    _summarise(summary, out, report, found.unfetched)
    if summary.interrupted:
        raise typer.Exit(130)
    raise typer.Exit(1 if summary.failures else 0)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(metavar="DATASET", help="Folder of a dataset.")],
    out: Annotated[Path | None, typer.Option(help="HTML file to write; DATASET/report.html if left out.")] = None,
    document: Annotated[list[str] | None, typer.Option(help="Key of a document to report on; may be repeated.")] = None,
) -> None:
    """Write the report of a dataset, or of some of its documents: a web page that opens from disk."""
    from pipeline.dataset import load_dataset
    from pipeline.dataset.datapackage import codebook_of

    path = out or folder / ("selection.html" if document else "report.html")
    files = _report(folder, path, codebook_of(folder), document)
    _warn(load_dataset(folder).warnings)
    if len(files) > 1:
        typer.echo(f"Split into {len(files)} files to stay small: {', '.join(file.name for file in files)}")
    typer.echo(f"Open in a browser: {path}")


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="One document.")],
    gazetteer: Gazetteers = None,
    codebook: CodebookFile = None,
    model: ModelFolder = None,
    settings: SettingsFile = None,
) -> None:
    """Print one document with its structure, tags and commitments."""
    from rich.console import Console

    from pipeline.analyse import Analyser
    from pipeline.display import render

    analysis = Analyser(_settings(settings, gazetteer, codebook, model)).analyse(file)
    Console(highlight=False).print(render(analysis))


@app.command()
def code(
    passages: Annotated[Path, typer.Argument(help="CSV or JSONL with the columns id and text.")],
    out: Annotated[Path, typer.Option(help="JSONL file to write, one line a passage.")],
    gazetteer: Gazetteers = None,
    codebook: CodebookFile = None,
    model: ModelFolder = None,
    settings: SettingsFile = None,
) -> None:
    """Code ready-made passages; optional columns are title, heading, lead, kind, date, parties and doc_type."""
    done, failed = _code(passages, out, _settings(settings, gazetteer, codebook, model))
    typer.echo(f"{done} passages coded, {failed} failed: {out}")
    raise typer.Exit(1 if failed else 0)


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="JSONL of coded passages to measure against.")],
    coded: Annotated[Path | None, typer.Option(help="Codes written by `pactscope code`; made first if left out.")] = None,
    out: Annotated[Path | None, typer.Option(help="Page of the errors to read (.html) or of the figures (.md).")] = None,
    codebook: CodebookFile = None,
    model: ModelFolder = None,
    settings: SettingsFile = None,
) -> None:
    """Score codes against gold passages, with bootstrap intervals over documents."""
    import tempfile

    from pipeline import evaluate as evaluation
    from pipeline.classify import files
    from pipeline.codebook.areas import load_codebook
    from pipeline.evaluate.page import check_name, markdown

    if out:
        check_name(out)
    chosen = _settings(settings, None, codebook, model)
    with tempfile.TemporaryDirectory() as folder:
        card = files.read_card(chosen.model_folder) if chosen.model_folder and coded is None else {}
        if coded is None:
            coded = Path(folder) / "coded.jsonl"
            _code(gold, coded, chosen)
        found = evaluation.evaluate(gold, coded, codebook=load_codebook(chosen.codebook), card=card)
    typer.echo(markdown(found))
    if out:
        evaluation.write_page(found, out)
        typer.echo(f"Written to {out}", err=True)


@app.command()
def train(
    out: Annotated[Path | None, typer.Option(help="Folder for the model; the shipped model's if left out.")] = None,
    documents: Annotated[Path | None, typer.Option(help="Folder of the real documents, or a file of coded passages.")] = None,
    labels: Annotated[
        Path | None, typer.Option(help="CSV or JSONL with the columns text and areas (ids joined by ';').")
    ] = None,
    leave_out: Annotated[Path | None, typer.Option(help="Gold passages to measure on, kept out of training.")] = None,
    learning_curve: Annotated[bool, typer.Option(help="Say in the card whether more labels would help; takes long.")] = False,
    codebook: CodebookFile = None,
    force: Annotated[bool, typer.Option(help="Overwrite a model that was trained on more passages.")] = False,
) -> None:
    """Train the classifier of areas and write it with its card."""
    from pipeline import modelling
    from pipeline.codebook.areas import load_codebook
    from pipeline.settings import shipped_models

    book = load_codebook(codebook)
    made = modelling.make(book, documents=documents, labels=labels, gold=leave_out)
    gathered = made.gathered
    typer.echo(f"{gathered.found} of {gathered.pointed} real passages found; {len(gathered.examples)} passages in all")
    for name, figures in made.figures.items():
        scores = ", ".join(f"{score} {figures[score][0]:.3f}" for score in ("macro_f1", "micro_f1", "false_alarms"))
        typer.echo(f"{name}: {scores}")
    more = {"learning_curve": modelling.learning_curve(made, book, leave_out)} if learning_curve else {}
    typer.echo(f"Model and card: {modelling.write(made, out or shipped_models(), force=force, more=more)}")


@app.command("export")
def export_(
    folder: Annotated[Path, typer.Argument(metavar="DATASET", help="Folder of a dataset.")],
    to: Annotated[
        str,
        typer.Option(help="csv, jsonl, xlsx, spacy, conllu, brat, inception, webannotation, bibtex, csl or zenodo."),
    ],
    out: Annotated[Path | None, typer.Option(help="File or folder to write; DATASET/export/… if left out.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over an earlier export.")] = False,
    without_text: Annotated[bool, typer.Option("--without-text", help="zenodo: leave the documents' words out.")] = False,
    settings: SettingsFile = None,
) -> None:
    """Write a dataset in another tool's format, with the corrections applied."""
    from pipeline.dataset import load_dataset
    from pipeline.export import Options, export

    options = Options(without_text=without_text, settings=_settings(settings, None) if settings else None)
    data = load_dataset(folder)
    with _stderr().status(f"writing {to}"):
        done = export(data, to, out, replace=replace, options=options)
    _warn(done.notes)
    typer.echo(f"Exported to {done.path}")


def _code(passages: Path, out: Path, settings: Settings) -> tuple[int, int]:
    """Codes a file of passages; returns how many were coded and how many failed."""
    from rich.progress import track

    from pipeline.analyse import Analyser
    from pipeline.passages import coded, read_passages, settle

    rows = read_passages(passages)
    analyser = Analyser(settings)
    analyser.load()
    _warn(settle(rows, passages, analyser.gazetteer.actors))
    failed = 0
    with out.open("w", encoding="utf-8") as lines:
        for row in track(rows, description="coding", console=_stderr()):
            try:
                analysis = analyser.passage(row)
                codes = coded(analysis, row["id"], analyser.probabilities(analysis)[-1])
            except PipelineError as error:
                failed += 1
                typer.secho(f"{row['id']}: {error}", fg="red", err=True)
                codes = {"id": row["id"], "failed": str(error)}
            lines.write(json.dumps(codes, ensure_ascii=False) + "\n")
    return len(rows) - failed, failed


@codebook_app.command("check")
def codebook_check(
    file: Annotated[Path | None, typer.Argument(help="TOML file; the built-in one if left out.")] = None,
) -> None:
    """Find overlapping terms, missing parts and cycles in a codebook."""
    from pipeline.codebook.areas import check, load_codebook

    book = load_codebook(file)
    found = check(book)
    for line in found:
        typer.echo(line)
    typer.echo(f"{len(book.areas)} areas, {len(book.terms)} terms, version {book.version} ({book.hash}): {len(found)} findings")
    raise typer.Exit(1 if found else 0)


@codebook_app.command("terms")
def codebook_terms(
    coded: Annotated[Path, typer.Argument(help="CSV or JSONL with the columns text and areas.")],
    codebook: CodebookFile = None,
    most: Annotated[float, typer.Option(help="List terms of at most this precision.")] = 1.0,
) -> None:
    """List every term with its precision and recall on coded passages, the least precise first."""
    from pipeline.codebook.areas import load_codebook
    from pipeline.codebook.review import score_terms
    from pipeline.training import read_coded

    examples = read_coded(coded)
    typer.echo("area\tterm\tpassages\tright\talone_wrong\tprecision\trecall")
    for s in score_terms(load_codebook(codebook), ((e.text, e.areas) for e in examples)):
        if s.precision <= most:
            typer.echo(f"{s.area}\t{s.term}\t{s.passages}\t{s.right}\t{s.alone}\t{s.precision:.2f}\t{s.recall:.3f}")


@codebook_app.command("diff")
def codebook_diff(
    old: Annotated[Path, typer.Argument(help="Codebook, TOML.")],
    new: Annotated[Path, typer.Argument(help="Codebook, TOML.")],
    folder: Annotated[Path, typer.Argument(help="Folder of a dataset.")],
) -> None:
    """List the passages of a dataset whose areas by terms would change."""
    from pipeline.codebook.areas import load_codebook
    from pipeline.codebook.review import changes
    from pipeline.dataset import load_dataset

    passages = load_dataset(folder).passages
    rows = zip(passages["record_id"], passages["citation"], passages["text"], strict=True)
    found = list(changes(load_codebook(old), load_codebook(new), rows))
    for c in found:
        signs = " ".join([*(f"-{a}" for a in c.lost), *(f"+{a}" for a in c.gained)])
        typer.echo(f"{c.record_id}\t{c.citation}\t{signs}\t{' '.join(c.text.split())[:160]}")
    typer.echo(f"{len(found)} of {len(passages)} passages would change")


def _warn(lines: Iterable[str]) -> None:
    for line in lines:
        typer.secho(line, fg="yellow", err=True)


def _list_failures(out: Path) -> None:
    """The first failures of a run's folder, and where the rest stands."""
    from pipeline.store import read_ledger

    failed = [entry for entry in read_ledger(out) if entry.status == "failed"]
    _warn(f"{e.shown}: {e.message.removeprefix(f'{Path(e.shown).name}: ')} {e.advice}" for e in failed[:MOST_FAILURES])
    if more := len(failed[MOST_FAILURES:]):
        _warn([f"… and {more} more"])


def _report(folder: Path, path: Path, codebook: Path | None, only: list[str] | None = None) -> list[Path]:
    """Writes the report of a dataset, or of the documents `only`; returns its files."""
    from pipeline.codebook.areas import load_codebook
    from pipeline.dataset import load_dataset
    from pipeline.report import write_report

    names = {a.id: a.name for a in load_codebook(codebook).areas}
    return write_report(load_dataset(folder), path, area_names=names, only=only or ())


@contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar on standard error, so that standard output stays clean."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("analysing"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}"),
    )
    with Progress(*columns, console=_stderr(), transient=True) as bar:
        task = bar.add_task("", total=None, name="", visible=False)

        def say(done: int, total: int, source: str) -> None:
            bar.update(task, completed=done, total=total, name=Path(source).name[:40], visible=total > 0)

        yield say


def _stderr() -> Console:
    from rich.console import Console

    return Console(stderr=True)


def _summarise(summary: Summary, out: Path, report: Path, unfetched: int) -> None:
    s = summary
    typer.echo(f"{s.documents} documents, {s.passages} passages, {s.commitments} commitments, {s.failures} failures")
    typer.echo(f"This run: {s.analysed} analysed, {s.failed} failed, {s.unchanged} unchanged, {s.seconds:.1f} seconds")
    if s.failures:
        typer.echo("What failed and why: the table failures")
    if s.duplicates:
        typer.echo(f"{s.duplicates} files hold the same bytes as another and count once; see the table failures")
    if unfetched:
        typer.echo(f"{unfetched} entries of the catalogue give only an address and were left out")
    if s.interrupted:
        typer.secho(s.how_to_go_on, fg="yellow")
    typer.echo(f"Tables and data package: {out}\nOpen in a browser: {report}")


if __name__ == "__main__":
    main()

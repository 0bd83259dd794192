"""Exports: what they have in common, CSV and JSON Lines, and the command."""

import csv
import importlib
import json
import zlib
from pathlib import Path

import exports
import fakes
import pandas as pd
import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.dataset import Dataset, load_dataset, schema, write_dataset
from pipeline.errors import PipelineError, SettingsError, StoreError
from pipeline.export import FORMATS, Options, export
from pipeline.export.target import MARKER, safe_name
from pipeline.export.texts import rows_of, texts

PLAIN = [name for name in FORMATS if name not in ("spacy", "conllu")]


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return exports.make(tmp_path / "data", fakes.TEXT, exports.ODD)


def test_every_format_has_its_module_and_the_command_names_it() -> None:
    printed = CliRunner().invoke(app, ["export", "--help"], env={"COLUMNS": "300"}).output
    for name, form in FORMATS.items():
        assert callable(importlib.import_module(f"pipeline.export.{form.module}").write)
        assert name in printed


@pytest.mark.parametrize("to", [pytest.param(n, marks=[] if n in PLAIN else pytest.mark.model) for n in FORMATS])
@pytest.mark.parametrize("documents", [(), ("",), (fakes.TEXT,)], ids=["no document", "an empty one", "one"])
def test_every_format_takes_small_datasets(to: str, documents: tuple[str, ...], tmp_path: Path) -> None:
    done = export(exports.make(tmp_path / "data", *documents), to)
    assert done.path == tmp_path / "data/out/export" / FORMATS[to].name
    assert done.path.is_file() == FORMATS[to].is_file
    left = [p.name for p in done.path.parent.iterdir()]
    assert left == [done.path.name]


def test_csv_holds_the_values_as_they_are(data: Dataset, tmp_path: Path) -> None:
    export(data, "csv", tmp_path / "csv")
    raw = (tmp_path / "csv/passages.csv").read_bytes()
    assert raw.startswith(b"record_id,")  # no byte order mark: base R would make it part of the first name
    with (tmp_path / "csv/passages.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["text"] for r in rows] == list(data.passages["text"])
    assert any(r["text"].startswith("=") for r in rows) and {r["residue"] for r in rows} <= {"true", "false"}
    again = pd.read_csv(tmp_path / "csv/commitments.csv", keep_default_na=False)
    assert list(again["aim_start"]) == list(data.commitments["aim_start"])


def test_jsonl_holds_the_rows(data: Dataset, tmp_path: Path) -> None:
    export(data, "jsonl", tmp_path / "jsonl")
    for table in schema.TABLES:
        lines = (tmp_path / f"jsonl/{table}.jsonl").read_text("utf-8").split("\n")
        assert [json.loads(line) for line in lines if line] == rows_of(data.table(table))


def test_corrections_are_in_and_those_without_record_are_told(tmp_path: Path) -> None:
    first = exports.make(tmp_path / "data", fakes.TEXT)
    record = first.commitments["record_id"][0]
    data = exports.make(
        tmp_path / "data", fakes.TEXT, corrections=f"{record},obligation,binding,me,x\n0:1-2:tag,area,space,me,x\n"
    )
    done = export(data, "jsonl", tmp_path / "jsonl")
    row = json.loads((tmp_path / "jsonl/commitments.jsonl").read_text("utf-8").split("\n")[0])
    assert (row["obligation"], row["obligation_level"]) == ("binding", 4)
    assert "no record 0:1-2:tag" in done.notes[0]


def test_an_unknown_format_and_an_option_that_does_not_fit(data: Dataset) -> None:
    with pytest.raises(SettingsError, match="Give one of csv"):
        export(data, "word")
    with pytest.raises(SettingsError, match="zenodo"):
        export(data, "csv", options=Options(without_text=True))


def test_nothing_is_written_over(data: Dataset, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    for replace in (False, True):
        with pytest.raises(StoreError, match="mine"):
            export(data, "csv", mine, replace=replace)
    assert [p.name for p in mine.iterdir()] == ["thesis.txt"]
    with pytest.raises(StoreError, match="is a folder"):
        export(data, "bibtex", mine)
    with pytest.raises(StoreError, match="is a file"):
        export(data, "csv", mine / "thesis.txt")


def test_an_earlier_export_is_replaced_on_request(data: Dataset, tmp_path: Path) -> None:
    for to in ("csv", "bibtex"):
        path = export(data, to, tmp_path / {"csv": "out.csv", "bibtex": "out.bib"}[to]).path
        with pytest.raises(StoreError, match="--replace"):
            export(data, to, path)
        if path.is_dir():
            assert (path / MARKER).read_text() == "csv\n"
            (path / "old.csv").touch()
        export(data, to, path, replace=True)
    assert not (tmp_path / "out.csv/old.csv").exists()


FILES = [name for name, form in FORMATS.items() if form.is_file]


@pytest.mark.parametrize("to", [pytest.param(n, marks=[] if n in PLAIN else pytest.mark.model) for n in FILES])
def test_a_file_that_no_export_wrote_is_never_replaced(to: str, data: Dataset, tmp_path: Path) -> None:
    name = FORMATS[to].name
    own = {
        "xlsx": _workbook(tmp_path / "own.xlsx"),
        "spacy": zlib.compress(b"other spaces"),
        "conllu": b"# newdoc id = mine\n# text = Words\n1\tWords\n",
        "bibtex": b"@misc{mine,\n title = {A book},\n}\n",
        "csl": b'[{"id": "mine", "title": "A book"}]',
    }[to]
    for path, content in ((tmp_path / "script.py", b"print()"), (tmp_path / name, own), (tmp_path / f"x{name}", b"not it")):
        path.write_bytes(content)
        with pytest.raises(StoreError, match="not replaced"):
            export(data, to, path, replace=True)
        assert path.read_bytes() == content
    written = export(data, to).path
    assert export(data, to, replace=True).path == written
    (tmp_path / "copy.py").write_bytes(written.read_bytes())
    with pytest.raises(StoreError, match=Path(name).suffix):
        export(data, to, tmp_path / "copy.py", replace=True)


def _workbook(path: Path) -> bytes:
    Workbook().save(path)
    return path.read_bytes()


def test_an_export_that_fails_leaves_nothing(data: Dataset, tmp_path: Path) -> None:
    (data.folder / "tags.parquet").write_bytes(b"damaged")
    for to in ("csv", "xlsx"):
        with pytest.raises(StoreError, match="tags"):
            export(load_dataset(data.folder), to, tmp_path / "new/out")
    assert not list((tmp_path / "new").iterdir())


def test_texts_come_with_their_rows(data: Dataset) -> None:
    found = list(texts(data))
    assert [t.name for t in found] == ["text-1", "text-2"]
    assert [t.document.text for t in found] == [fakes.TEXT, exports.ODD]
    assert sum(len(t.rows["commitments"]) for t in found) == len(data.commitments)


def test_a_dataset_without_texts_says_so(data: Dataset, tmp_path: Path) -> None:
    write_dataset({t: rows_of(data.table(t)) for t in schema.TABLES}, tmp_path / "tables")
    with pytest.raises(StoreError, match=r"not in .*tables"):
        export(load_dataset(tmp_path / "tables"), "brat")
    export(load_dataset(tmp_path / "tables"), "bibtex")


def test_tables_of_another_run_are_refused(data: Dataset) -> None:
    frame = data.passages.copy()
    frame["start"] = frame["start"] + 1
    frame.to_parquet(data.folder / "passages.parquet")
    with pytest.raises(StoreError, match="do not belong together"):
        list(texts(load_dataset(data.folder)))


def test_keys_make_safe_file_names() -> None:
    assert safe_name("EU/NATO: joint?") == "EU-NATO--joint-"
    assert safe_name("../../etc") == "-..-etc" and safe_name("") == "document"


def test_the_command_says_where_it_wrote_and_what_is_wrong(data: Dataset, tmp_path: Path) -> None:
    runner = CliRunner()
    done = runner.invoke(app, ["export", str(data.folder), "--to", "csl", "--out", str(tmp_path / "s.json")])
    assert done.exit_code == 0 and str(tmp_path / "s.json") in done.output.replace("\n", "")
    again = runner.invoke(app, ["export", str(data.folder), "--to", "csl", "--out", str(tmp_path / "s.json")])
    assert isinstance(again.exception, PipelineError) and "--replace" in str(again.exception)
    missing = runner.invoke(app, ["export", str(tmp_path / "none"), "--to", "csl"])
    assert isinstance(missing.exception, PipelineError) and "no dataset" in str(missing.exception)

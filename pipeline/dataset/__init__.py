"""Datasets: written from a run's folder, loaded as pandas frames with joins ready, corrected by hand.

>>> data = load_dataset("out")                               # doctest: +SKIP
>>> data.commitments_with_context().query("obligation_level >= 3")   # doctest: +SKIP

Rows are ordered by document key, then offset, so the same documents give the same tables in every run.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import store
from pipeline.dataset import citation, corrections, datapackage, schema, tables, views
from pipeline.dataset.tables import Tables
from pipeline.errors import SettingsError, StoreError
from pipeline.records import Analysis, Failure

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("parquet", "csv", "jsonl")
_PACKAGE = Path(__file__).resolve().parent
_CODEBOOKS = _PACKAGE.parent / "codebook"
_CODEBOOK = _CODEBOOKS / "areas.toml"
#: Code that decides what the tables hold: when it changes, they are written again from the parts.
_MAKERS = ("../precision.py", "../codebook/fora.toml", "schema.py", "tables.py", "citation.py", "formats.py", "datapackage.py")
_CONTEXT = ("title", "date", "publisher", "doc_type", "parties", "legal_status", "announced_status", "short_title", "url")


def build(out: Path, *, formats: Sequence[str] = ("parquet",), codebook: Path | None = None) -> bool:
    """Writes the tables of a run's folder into it, one document in memory at a time; returns False if they are up to date.

    Args:
        formats: any of `FORMATS`.
        codebook: the codebook of the run if it is not the one that comes with Pactscope; copied into the folder.

    Raises:
        SettingsError: a format is unknown.
        StoreError: the folder holds no run, or one of an incompatible version.
    """
    if not (out / store.LEDGER).is_file():
        raise StoreError(f"There is no run in {out}.", advice="Start one with 'pactscope run PATH --out DIR'.")
    entries = store.read_ledger(out)
    codebook = codebook or _CODEBOOK
    state = _state(entries, codebook)
    before = datapackage.read_state(out)
    whole = all((out / f"{table}.{form}").is_file() for table in schema.TABLES for form in formats)
    if whole and before.get("state") == state and before.get("formats") == list(formats):
        return False
    damaged: list[str] = []
    (out / datapackage.DESCRIPTOR).unlink(missing_ok=True)  # until all tables are new, nothing says that they are whole
    _write(_rows(out, entries, damaged), out, formats)
    for form in set(before.get("formats", ())) - set(formats):
        for table in schema.TABLES:
            (out / f"{table}.{form}").unlink(missing_ok=True)
    datapackage.write(out, formats, codebook=codebook, state="" if damaged else state)
    return True


def write_dataset(rows: Tables, folder: Path, *, formats: Sequence[str] = ("parquet",), codebook: Path | None = None) -> None:
    """Writes tables that are at hand, as of one analysis, as a dataset; missing tables are written empty.

    Raises:
        SettingsError: a format is unknown.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write([rows], folder, formats)
    datapackage.write(folder, formats, codebook=codebook or _CODEBOOK, state="")


def _write(documents: Iterable[Tables], folder: Path, formats: Sequence[str]) -> None:
    if not formats or (unknown := [f for f in formats if f not in FORMATS]):
        advice = f"Give one or more of {', '.join(FORMATS)}."
        raise SettingsError(f"There is no format {unknown[0]!r}." if formats else "No format is given.", advice=advice)
    from pipeline.dataset.formats import DatasetWriter

    with DatasetWriter(folder, formats) as writer:
        for rows in documents:
            writer.write(rows)


def _rows(out: Path, entries: list[store.Entry], damaged: list[str]) -> Iterator[Tables]:
    """The rows of every input by key; a part that was damaged since its run becomes a failure and is noted in `damaged`."""
    for entry in entries:
        if entry.status != "done":
            yield {"failures": [tables.failure_row(entry.failure, entry.doc_id)]}
            continue
        try:
            analysis = store.read_part(out / store.PARTS / entry.part, layout=False)
        except StoreError as error:
            damaged.append(entry.part)
            failure = Failure(entry.shown, "store", "StoreError", error.message, error.advice, entry.key)
            yield {"failures": [tables.failure_row(failure, entry.doc_id)]}
            continue
        yield tables.tables_of(analysis)


def _state(entries: list[store.Entry], codebook: Path) -> str:
    """Hash of all that the tables depend on: inputs, the code that makes rows, the codebook beside them."""
    total = hashlib.sha256(store.state_of(entries).encode())
    for path in (*(_PACKAGE / name for name in _MAKERS), _CODEBOOKS / "actors.csv", codebook):
        total.update(path.read_bytes())
    return total.hexdigest()


def frames_of(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """The tables of one analysis as pandas frames, columns and types as in a dataset."""
    from pipeline.dataset.formats import frame

    return {table: frame(table, rows) for table, rows in tables.tables_of(analysis).items()}


def load_dataset(folder: str | Path) -> Dataset:
    """The dataset in a folder, with the corrections beside it applied.

    Raises:
        StoreError: there is no dataset.
        CatalogueError: `corrections.csv` has a row that cannot be applied; the message names it.
    """
    path = Path(folder)
    form = next((f for f in FORMATS if (path / f"documents.{f}").is_file()), "")
    if not form:
        raise StoreError(f"There is no dataset in {path}.", advice="Write one with 'pactscope run PATH --out DIR'.")
    return Dataset(path, form)


class Dataset:
    """The tables of a folder as pandas frames, each read when it is first used.

    Attributes:
        folder: where it lies.
        corrections: what is applied on load, in the order of the file.
    """

    def __init__(self, folder: Path, form: str) -> None:
        self.folder = folder
        self.corrections = corrections.read(folder / corrections.FILE)
        self._form = form
        self._tables: dict[str, tuple[pd.DataFrame, list[str]]] = {}

    def table(self, name: str) -> pd.DataFrame:
        """The table called `name`, corrected.

        Raises:
            KeyError: no table has that name.
            StoreError: its file is missing or cannot be read.
        """
        return self._load(name)[0]

    @property
    def documents(self) -> pd.DataFrame:
        """One row a document."""
        return self.table("documents")

    @property
    def passages(self) -> pd.DataFrame:
        """One row a passage."""
        return self.table("passages")

    @property
    def mentions(self) -> pd.DataFrame:
        """One row a mention of an actor."""
        return self.table("mentions")

    @property
    def quotations(self) -> pd.DataFrame:
        """One row a quotation."""
        return self.table("quotations")

    @property
    def commitments(self) -> pd.DataFrame:
        """One row a commitment."""
        return self.table("commitments")

    @property
    def mechanisms(self) -> pd.DataFrame:
        """One row each time that a text sets up or continues a forum."""
        return self.table("mechanisms")

    @property
    def instruments(self) -> pd.DataFrame:
        """One row each time that a text names an instrument."""
        return self.table("instruments")

    @property
    def tags(self) -> pd.DataFrame:
        """One row for each area of a passage."""
        return self.table("tags")

    @property
    def failures(self) -> pd.DataFrame:
        """One row a source without analysis."""
        return self.table("failures")

    @functools.cached_property
    def warnings(self) -> list[str]:
        """One sentence for each correction that finds no record (its document may have changed) or names an unknown actor."""
        lost = [text for name in schema.TABLES for text in self._load(name)[1]] if self.corrections else []
        return [*lost, *self._strangers()]

    def _strangers(self) -> Iterator[str]:
        """A warning for each actor in the corrections that neither the list of actors nor the dataset itself has."""
        mine = [c for c in self.corrections if c.field in corrections.ACTORS]
        known = {*citation.known_actors(), *self._read("mentions")["actor_id"]} if mine else set()
        for c in mine:
            for actor in corrections.parts(c.value):
                if actor not in known and not actor.startswith("name:"):
                    yield f"{corrections.FILE}, row {c.row}: nobody else has the actor id {actor}; it was applied all the same."

    def commitments_with_context(self) -> pd.DataFrame:
        """The commitments with their document's metadata and their passage's text, kind, lead-in and areas (`passage_…`)."""
        passages = self.passages[["record_id", "text", "kind", "number", "lead_in", "areas"]].add_prefix("passage_")
        joined = self.commitments.merge(
            passages, how="left", left_on="passage_id", right_on="passage_record_id", validate="many_to_one"
        )
        return self._with_documents(joined.drop(columns="passage_record_id"))

    def mechanism_table(self) -> pd.DataFrame:
        """One row for each forum of a document: level, frequency, first date, areas (see `views.fora`)."""
        return views.fora(self.mechanisms)

    def condition_table(self) -> pd.DataFrame:
        """One row for each commitment that a condition or escape clause softens (see `views.conditions`)."""
        return views.conditions(self.commitments)

    def condition_counts(self) -> pd.DataFrame:
        """How many conditions of each kind a document has (see `views.condition_counts`)."""
        return views.condition_counts(self.commitments)

    def passages_with_tags(self) -> pd.DataFrame:
        """A row for every tag of a passage, and one with an empty area for a passage without; with the document's metadata."""
        tags = self.tags[["passage_id", "area", "probability", "status", "evidence", "sub_areas", "model_id"]]
        joined = self.passages.merge(tags, how="left", left_on="record_id", right_on="passage_id", validate="one_to_many")
        texts = ["area", "status", "evidence", "sub_areas", "model_id"]
        joined[texts] = joined[texts].fillna("")
        return self._with_documents(joined.drop(columns="passage_id"))

    def labels(self) -> pd.DataFrame:
        """The corrections that found their record, as labels: where it stands, its text, values before and after, who, why."""
        rows = []
        for correction in self.corrections:
            now, before = self.table(correction.table), self._read(correction.table)
            here = before["record_id"] == correction.record_id
            if here.any():
                rows.append(_label(correction, now[here.to_numpy()].iloc[0], before[here].iloc[0]))
        import pandas as pd

        columns = ["table", "record_id", "doc_id", "key", "start", "end", "text", "field", "before", "value", "who", "why"]
        return pd.DataFrame(rows, columns=columns)

    def _with_documents(self, frame: pd.DataFrame) -> pd.DataFrame:
        documents = self.documents[["doc_id", *_CONTEXT]]
        return frame.merge(documents, how="left", on="doc_id", validate="many_to_one")

    def __repr__(self) -> str:
        counts = [f"{len(self.table(name))} {name}" for name in ("documents", "passages", "commitments", "failures")]
        return f"Dataset({str(self.folder)!r}: {', '.join(counts)}, {len(self.warnings)} warnings)"

    def _repr_html_(self) -> str:
        from pipeline.dataset.notebook import overview

        return overview(self)

    @functools.cached_property
    def _settled(self) -> tuple[tuple[pd.DataFrame, list[str]], dict[str, str]]:
        """The corrected tags, and the areas of every passage that a correction touches."""
        frame, warnings = corrections.apply(self._read("tags"), "tags", self.corrections)
        frame, areas = corrections.settle_tags(frame, self.corrections)
        return (frame, warnings), areas

    def _load(self, name: str) -> tuple[pd.DataFrame, list[str]]:
        if name not in self._tables:
            self._tables[name] = self._settled[0] if name == "tags" else self._corrected(name)
        return self._tables[name]

    def _corrected(self, name: str) -> tuple[pd.DataFrame, list[str]]:
        frame, warnings = corrections.apply(self._read(name), name, self.corrections)
        if self.corrections:
            frame = corrections.carry_areas(frame, name, self._settled[1])
        return frame, warnings

    def _read(self, name: str) -> pd.DataFrame:
        if name not in schema.TABLES:
            raise KeyError(f"There is no table {name!r}; there are {', '.join(schema.TABLES)}.")
        from pipeline.dataset.formats import read

        path = self.folder / f"{name}.{self._form}"
        try:
            return read(name, path)
        except (OSError, ValueError, KeyError) as error:
            advice = "Run 'pactscope run' again with the same --out: the tables are then written anew."
            raise StoreError(f"The table {path} cannot be read: {error}.", advice=advice) from error


def _label(correction: corrections.Correction, now: pd.Series[Any], before: pd.Series[Any]) -> dict[str, Any]:
    found = {name: now.get(name, None) for name in ("record_id", "doc_id", "key", "start", "end")}
    return found | {
        "table": correction.table,
        "text": now.get("text", now.get("title", "")),
        "field": correction.field,
        "before": before[correction.field],
        "value": correction.value,
        "who": correction.who,
        "why": correction.why,
    }

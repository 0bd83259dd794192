"""The way from a file to its analysis, in about ten lines: `Analyser().analyse(path)`."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import annotate, classify, ingest, metadata, structure
from pipeline.classify.passages import passages
from pipeline.codebook.actors import Gazetteer, load_gazetteer
from pipeline.codebook.areas import Codebook, load_codebook
from pipeline.errors import PipelineError, UnexpectedError
from pipeline.highlight import card
from pipeline.ingest.catalogue import Entry
from pipeline.records import Analysis, Block, Document, Metadata, Page, Segment, Source, Value
from pipeline.settings import Settings

if TYPE_CHECKING:
    import pandas as pd
    from spacy.language import Language

    from pipeline.classify.model import Model


@dataclass(frozen=True, slots=True)
class TabledAnalysis(Analysis):
    """An analysis whose tables are at hand as frames, with the columns of the dataset."""

    def frame(self, table: str) -> pd.DataFrame:
        """One table of this document, any of `dataset.schema.TABLES` but `failures`."""
        from pipeline import dataset

        return dataset.frames_of(self)[table]

    def _repr_html_(self) -> str:
        """What a notebook shows: the text with commitments, actors and areas marked."""
        return card(self)

    @property
    def passages(self) -> pd.DataFrame:
        """One row a passage."""
        return self.frame("passages")

    @property
    def mentions(self) -> pd.DataFrame:
        """One row a mention of an actor."""
        return self.frame("mentions")

    @property
    def quotations(self) -> pd.DataFrame:
        """One row a quotation."""
        return self.frame("quotations")

    @property
    def commitments(self) -> pd.DataFrame:
        """One row a commitment."""
        return self.frame("commitments")

    @property
    def mechanisms(self) -> pd.DataFrame:
        """One row each time that the text sets up or continues a forum."""
        return self.frame("mechanisms")

    @property
    def instruments(self) -> pd.DataFrame:
        """One row each time that the text names an instrument."""
        return self.frame("instruments")

    @property
    def tags(self) -> pd.DataFrame:
        """One row a tag."""
        return self.frame("tags")


class Analyser:
    """Reads, structures, annotates and tags documents; loads its models on first use and keeps them.

    Args:
        settings: what to use; the defaults need nothing.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.settings_id = self.settings.settings_id

    def load(self) -> None:
        """Loads all that it works with, so that what cannot be used is one error, not one for each document.

        Raises:
            PipelineError: a gazetteer, the codebook, the model or the spaCy pipeline cannot be used.
        """
        _ = self.gazetteer, self.codebook, self.model, self.nlp

    @functools.cached_property
    def nlp(self) -> Language:
        """The spaCy pipeline with all components."""
        return annotate.build_nlp(self.settings)

    @functools.cached_property
    def codebook(self) -> Codebook:
        """The areas and their terms."""
        return load_codebook(self.settings.codebook)

    @functools.cached_property
    def model(self) -> Model | None:
        """The classifier; None where the codebook's terms alone decide."""
        from pipeline.classify import files

        folder = self.settings.model_folder
        return files.load(folder, self.codebook) if folder else None

    @functools.cached_property
    def gazetteer(self) -> Gazetteer:
        """The actors known by name."""
        return load_gazetteer(self.settings.gazetteers)

    def analyse(self, path: str | Path, entry: Entry | None = None) -> TabledAnalysis:
        """The analysis of one file.

        Args:
            entry: its row of a catalogue, which overrides what is detected.

        Raises:
            PipelineError: the file cannot be analysed; its `stage` says where, its `advice` what to do.
        """
        with _stage("read", path):
            source = ingest.read(Path(path))
        return self.analyse_source(source, entry)

    def analyse_source(self, source: Source, entry: Entry | None = None) -> TabledAnalysis:
        """The same for a source that is read already."""
        with _stage("structure", source.name):
            document = structure.build(source, key=entry.key if entry else "")
            document = metadata.describe(document, entry, self.gazetteer)
        return self.analyse_document(document)

    def analyse_document(self, document: Document) -> TabledAnalysis:
        """The same for a document that is structured already."""
        with _stage("annotate", document.source):
            annotations = annotate.annotate(self.nlp, document, stretch_chars=self.settings.stretch_chars)
        with _stage("classify", document.source):
            tags = classify.tag(document, annotations, self.codebook, self.model)
        codebook = f"{self.codebook.version} {self.codebook.hash}"
        return TabledAnalysis(document, annotations, tuple(tags), self.settings_id, codebook)

    def probabilities(self, analysis: Analysis) -> list[dict[str, float]]:
        """The calibrated probability of every area for each passage, in order; empty dicts where terms alone decide."""
        found = list(passages(analysis.document, analysis.annotations, self.codebook))
        if self.model is None:
            return [{} for _ in found]
        ids = [a.id for a in self.codebook.areas]
        return [dict(zip(ids, map(float, row), strict=True)) for row in self.model.predict(found)]

    def text(self, text: str, *, title: str = "", date: str = "", parties: str = "", doc_type: str = "") -> TabledAnalysis:
        """The analysis of words pasted in: each line that is not empty is read as plain text is.

        Args:
            date: YYYY, YYYY-MM or YYYY-MM-DD; anchor of "next year".
            parties: ids joined by ";" ("EU;GBR").
        """
        source = ingest.read_bytes(text.encode(), "text.txt")
        given = _given(title=title, date=date, parties=parties, doc_type=doc_type)
        return self.analyse_source(replace(source, metadata=given))

    def passage(self, row: dict[str, str]) -> TabledAnalysis:
        """The analysis of a ready-made passage: `text`, with optional `title, heading, lead, kind, date, parties`."""
        with _stage("structure", row.get("id", "")):
            document = metadata.describe(passage_document(row), None, self.gazetteer)
        return self.analyse_document(document)


def passage_document(row: dict[str, str]) -> Document:
    """A document of one passage, its last block, under its lead-in, if it has one; the headings go into the heading path."""
    path = tuple(h for h in (row.get("title"), row.get("heading")) if h)
    above = [("heading", row.get("heading") or ""), ("paragraph", row.get("lead") or "")]
    parts = [(kind, words) for kind, words in above if words] + [(row.get("kind") or "paragraph", row["text"])]
    whole = "\n".join(words for _, words in parts)
    blocks: list[Block] = []
    for kind, words in parts:
        start = blocks[-1].end + 1 if blocks else 0
        headings = path[:-1] if kind == "heading" else path
        blocks.append(Block(start, start + len(words), kind, heading_path=headings))
    if row.get("lead"):
        blocks[-1] = replace(blocks[-1], lead_in=len(blocks) - 2)
    given = _given(title=row.get("title"), date=row.get("date"), parties=row.get("parties"), doc_type=row.get("doc_type"))
    return Document(
        doc_id=hashlib.sha256(whole.encode()).hexdigest()[:12],
        key=row.get("id") or "passage",
        source=row.get("id") or "passage",
        metadata=given,
        pages=(Page(1, whole),),
        text=whole,
        segments=(Segment(0, len(whole), 1, 0),),
        blocks=tuple(blocks),
        media_type="text/plain",
    )


def _given(**values: str | None) -> Metadata:
    return Metadata(**{name: Value(value, "given") for name, value in values.items() if value})


@contextmanager
def _stage(name: str, what: str | Path) -> Iterator[None]:
    """Marks an error with the stage it arose in; a fault of the program becomes an error about one document."""
    try:
        yield
    except PipelineError as error:
        error.stage = error.stage or name
        raise
    except (KeyboardInterrupt, MemoryError):
        raise
    except Exception as error:
        fault = UnexpectedError(f"{what}: {type(error).__name__} in {name}: {error}.")
        fault.stage = name
        raise fault from error

"""An analysis as rows of the dataset's tables: what `schema` names, computed from the records alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from typing import Any

from pipeline import precision
from pipeline.dataset import citation, schema
from pipeline.records import (
    OBLIGATIONS,
    Analysis,
    Block,
    Commitment,
    Document,
    Extent,
    Failure,
    Instrument,
    Mechanism,
    Tag,
    Value,
)

Row = dict[str, Any]
Tables = dict[str, list[Row]]
#: Area of a term that speaks of security or defence cooperation in none of the areas, as in the codebook.
RESIDUE = ""
#: A sentence's end; what only looks like one (numbers, initials, "Art. 4", "U.S. Navy") is left to `_ABBREVIATION`.
_SENTENCE_END = re.compile(r"[.!?][”\"’')\]]*\s+(?=[“\"‘'(\[]?[A-Z0-9])")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:[A-Za-z]|[A-Z]\.[A-Z]|No|Nos|Art|Arts|paras?|Mr|Mrs|Ms|Dr|St|vs?|cf|pp?|i\.e|e\.g)$")
_EXTENTS = ("cue", "aim", "object", "recipient", "time", "condition")


def record_id(doc_id: str, start: int, end: int, label: str) -> str:
    """The identity of a record: where it stands and what it is, never what it says."""
    return f"{doc_id}:{start}-{end}:{label}"


def tables_of(analysis: Analysis) -> Tables:
    """The rows of one analysis, table by table, sorted by offset; `failures` is empty."""
    return _Tabler(analysis).tables()


def failure_row(failure: Failure, doc_id: str = "") -> Row:
    """The row of a document that failed."""
    key = failure.key or failure.source
    return schema.row(
        "failures",
        record_id=f"failure:{key}",
        doc_id=doc_id,
        key=key,
        source=failure.source,
        stage=failure.stage,
        error=failure.error,
        message=failure.message,
        advice=failure.advice,
    )


class _Tabler:
    """Rows of one analysis; looks up passages, pages and tags once for all tables."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.document = analysis.document
        self.name = citation.short_title(self.document, analysis.annotations.mentions)
        self.citer = citation.Citer(self.document, self.name)
        self.pages, self.position = self.citer.pages, self.citer.position
        self.block_starts = [b.start for b in self.document.blocks]
        self.passages = self.document.passages()
        self._places: dict[tuple[int, int | None], Row] = {}
        self.tags: dict[int, list[Tag]] = {}
        for tag in sorted(analysis.area_tags, key=lambda t: (t.start, t.area)):
            self.tags.setdefault(tag.start, []).append(tag)

    def tables(self) -> Tables:
        found = self.analysis.annotations
        commitments = [self.commitment(c) for c in sorted(found.commitments, key=lambda c: (c.aim.start, c.start))]
        counts = Counter(row["passage_id"] for row in commitments)
        residue: dict[int, list[str]] = {}
        for term in found.terms:
            if term.area == RESIDUE and (block := self.block(term.start)):
                residue.setdefault(block.start, []).append(self.text(term))
        return {
            "documents": [self.document_row()],
            "passages": [self.passage(b, counts, residue) for b in self.passages],
            "mentions": [self.mention(m) for m in sorted(found.mentions, key=lambda m: (m.start, m.end))],
            "quotations": [self.quotation(q) for q in sorted(found.quotations, key=lambda q: (q.start, q.end))],
            "commitments": commitments,
            "mechanisms": [self.mechanism(m) for m in sorted(found.mechanisms, key=lambda m: (m.start, m.end))],
            "instruments": [self.instrument(i) for i in sorted(found.instruments, key=lambda i: (i.start, i.end))],
            "tags": [self.tag(t) for tags in self.tags.values() for t in tags],
            "failures": [],
        }

    def document_row(self) -> Row:
        document, analysis = self.document, self.analysis
        found = analysis.annotations
        return schema.row(
            "documents",
            record_id=document.doc_id,
            doc_id=document.doc_id,
            key=document.key,
            source=document.source,
            short_title=self.name,
            **_metadata(document),
            media_type=document.media_type,
            languages=_languages(document),
            pages=len(document.pages) if self.pages.paged else None,
            chars=len(document.text),
            n_passages=len(self.passages),
            n_commitments=len(found.commitments),
            n_mentions=len(found.mentions),
            n_quotations=len(found.quotations),
            n_mechanisms=len(found.mechanisms),
            n_instruments=len(found.instruments),
            notes=" | ".join(f"{n.code}: {n.message}" for n in document.notes),
            settings_id=analysis.settings_id,
            codebook=analysis.codebook,
        )

    def passage(self, block: Block, counts: Counter[str], residue: dict[int, list[str]]) -> Row:
        tags = self.tags.get(block.start, [])
        areas = _areas(tags)
        lead = self.document.blocks[block.lead_in] if block.lead_in is not None else None
        row = self.record("passages", block, "passage")
        rest = [] if areas else residue.get(block.start, [])
        return row | {
            "passage": self.position[block.start],
            "kind": block.kind,
            "number": block.number,
            "lead_in": self.text(lead),
            "language": block.language,
            "areas": ";".join(areas),
            "uncertain_areas": ";".join(t.area for t in tags if t.status == "uncertain"),
            "residue": bool(rest),
            "residue_terms": " | ".join(dict.fromkeys(rest)),
            "n_commitments": counts[row["record_id"]],
        }

    def mention(self, mention: Any) -> Row:
        names = ("label", "actor_id", "role", "wikidata", "rule")
        return self.record("mentions", mention, "mention") | {name: getattr(mention, name) for name in names}

    def quotation(self, quotation: Any) -> Row:
        row = self.record("quotations", quotation, "quotation")
        row |= self.extent("cue", quotation.cue) | self.extent("source", quotation.source)
        return row | {"kind": quotation.kind, "speaker": quotation.speaker, "rule": quotation.rule}

    def commitment(self, commitment: Commitment) -> Row:
        row = self.record("commitments", commitment, "commitment", at=commitment.aim)
        sentence = self.sentence(commitment, at=commitment.aim)
        areas = self.commitment_areas(commitment, sentence)
        for name in _EXTENTS:
            row |= self.extent(name, getattr(commitment, name))
        names = ("joint", "obligation", "aim_lemma", "stage", "time_value", "condition_kind", "negated", "speaker", "rule")
        row |= {name: getattr(commitment, name) for name in names}
        row |= self.extent("actor", commitment.actor_at) | {"actor": " ".join(commitment.actor.split())}
        return (
            row
            | self.legalization(commitment)
            | {
                "sentence": self.text(sentence),
                "party_ids": ";".join(commitment.party_ids),
                "obligation_level": OBLIGATIONS.index(commitment.obligation) + 1,
                "confidence": float(commitment.confidence),
                "areas": ";".join(areas),
                "area_weight": 1 / len(areas) if areas else None,
            }
        )

    def legalization(self, commitment: Commitment) -> Row:
        """Precision and delegation, each with its evidence."""
        found = self.analysis.annotations
        said = precision.precision(self.document.text, commitment, found)
        handed = precision.delegation(self.document.text, commitment, found)
        return {
            "precision": said.level,
            "precision_evidence": self.evidence(said.evidence),
            "delegation": handed.kind,
            "delegation_evidence": self.evidence(handed.evidence),
        }

    def evidence(self, found: Iterable[precision.Evidence]) -> str:
        """Aspects with the words that show them."""
        return " | ".join(f"{e.aspect}: {self.text(e.extent)}" for e in found)

    def mechanism(self, mechanism: Mechanism) -> Row:
        row = self.record("mechanisms", mechanism, "mechanism")
        for name in ("cue", "frequency", "first"):
            row |= self.extent(name, getattr(mechanism, name))
        names = ("action", "kind", "level", "frequency_value", "first_value", "rule")
        row |= {name: getattr(mechanism, name) for name in names}
        return row | {"areas": ";".join(mechanism.areas), "sentence": self.text(self.sentence(mechanism))}

    def instrument(self, instrument: Instrument) -> Row:
        row = self.record("instruments", instrument, "instrument") | self.extent("cue", instrument.cue)
        commitments = self.analysis.annotations.commitments if instrument.cue else ()
        bound = [c for c in commitments if precision.instruments_of(c, [instrument])]
        ids = [record_id(self.document.doc_id, c.aim.start, c.aim.end, "commitment") for c in bound]
        return row | {"kind": instrument.kind, "nature": instrument.nature, "commitment_ids": ";".join(ids)}

    def tag(self, tag: Tag) -> Row:
        row = self.record("tags", tag, f"tag:{tag.area}")
        evidence = dict.fromkeys(tag.evidence)  # a term of two sub-areas is found twice
        return row | {
            "area": tag.area,
            "probability": float(tag.probability),
            "status": tag.status,
            "evidence": " | ".join(self.text(e) for e in evidence),
            "evidence_at": ";".join(f"{e.start}-{e.end}" for e in evidence),
            "sub_areas": ";".join(tag.sub_areas),
            "model_id": tag.model_id,
        }

    def record(self, table: str, item: Any, label: str, *, at: Extent | None = None) -> Row:
        """A row with what every record has; `at` is where it is identified, if not by its own extent."""
        where = at or item
        place = self.place(where.start)
        if "text" in schema.NAMES[table]:
            place["text"] = self.document.slice(item)
        if table == "passages":
            del place["passage_id"]
        return schema.row(
            table,
            record_id=record_id(self.document.doc_id, where.start, where.end, label),
            doc_id=self.document.doc_id,
            key=self.document.key,
            start=item.start,
            end=item.end,
            **place,
        )

    def place(self, offset: int) -> Row:
        """Passage, page, paragraph, headings and citation of an offset; worked out once for each block and page."""
        block, page = self.block(offset), self.pages.page(offset)
        found = self._places.get((block.start if block else -1, page))
        if found is None:
            found = self._places[block.start if block else -1, page] = self._place(block, page)
        return found.copy()

    def _place(self, block: Block | None, page: int | None) -> Row:
        if block is None:
            return {"passage_id": "", "page": page, "citation": self.citer.cite(None, page)}
        is_passage = block.start in self.position
        return {
            "passage_id": record_id(self.document.doc_id, block.start, block.end, "passage") if is_passage else "",
            "page": page,
            "paragraph": citation.paragraph(self.document, block),
            "heading_path": " > ".join(" ".join(h.split()) for h in block.heading_path),
            "citation": self.citer.cite(block, page),
        }

    def block(self, offset: int) -> Block | None:
        """The block that holds the character at `offset`."""
        i = bisect_right(self.block_starts, offset) - 1
        return self.document.blocks[i] if i >= 0 and offset < self.document.blocks[i].end else None

    def text(self, extent: Any) -> str:
        """The words of an extent with runs of white space as one space; empty for None."""
        return " ".join(self.document.slice(extent).split()) if extent else ""

    def extent(self, name: str, extent: Extent | None) -> Row:
        where = (extent.start, extent.end) if extent else (None, None)
        return {name: self.text(extent), f"{name}_start": where[0], f"{name}_end": where[1]}

    def sentence(self, item: Any, *, at: Extent | None = None) -> Extent:
        """The sentence around a statement or name, inside its block and after its number; `at` is what surely stands there."""
        block = self.block((at or item).start)
        if block is None:
            return Extent(item.start, item.end)
        numbered = self.document.text.startswith(block.number, block.start)
        start, end = block.start + (len(block.number) if numbered else 0), block.end
        for boundary in _boundaries(self.document.text[block.start : block.end]):
            if block.start + boundary <= item.start:
                start = block.start + boundary
            elif block.start + boundary >= item.end:
                end = block.start + boundary
                break
        return Extent(start, end)

    def commitment_areas(self, commitment: Commitment, sentence: Extent) -> list[str]:
        """CODEBOOK E: the areas of its passage with evidence in its own sentence; if there are none, all of the passage's."""
        block = self.block(commitment.aim.start)
        tags = [t for t in self.tags.get(block.start, []) if t.status == "asserted"] if block else []
        near = [t for t in tags if any(e.start < sentence.end and sentence.start < e.end for e in t.evidence)]
        return _areas(near or tags)


def _areas(tags: Iterable[Tag]) -> list[str]:
    return [t.area for t in tags if t.status == "asserted"]


def _boundaries(text: str) -> Iterable[int]:
    """Offsets at which a new sentence starts."""
    return (m.end() for m in _SENTENCE_END.finditer(text) if not _ABBREVIATION.search(text, max(0, m.start() - 8), m.start()))


def _metadata(document: Document) -> Row:
    out: Row = {}
    for name in schema.METADATA:
        value: Value | None = getattr(document.metadata, name)
        out |= {name: value.value if value else "", f"{name}_source": value.source if value else ""}
        if value and name in ("legal_status", "announced_status"):
            out[f"{name}_evidence"] = " ".join(value.evidence.split())
    return out


def _languages(document: Document) -> str:
    """Shares of the text by language, largest first; blocks too short to tell are left out of the sum."""
    chars: Counter[str] = Counter()
    for block in document.blocks:
        if block.language:
            chars[block.language] += block.end - block.start
    total = chars.total()
    return ";".join(f"{language}:{n / total:.2f}" for language, n in chars.most_common())

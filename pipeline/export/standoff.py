"""What Pactscope found in a document as labelled spans and relations: the model that brat and INCEpTION share.

| label | span | attributes |
|---|---|---|
| `Actor` | a mention | `ActorKind` |
| `Area_<id>` | a passage with that area | `Uncertain` where it is to be reviewed |
| `Commitment` | its aim (the verb) | `Obligation`, `Stage`, `Joint`, `Negated` |
| `Statement`, `Bearer`, `Cue`, `Object`, `Recipient`, `Time`, `Condition` | its parts | |
| `Quotation` | the quoted words | `QuotationKind` |
| `Speaker`, `Cue` | who says them, and the verb | |
| `Mechanism` | name of the forum | `Action`, `MechanismKind`, `Level` |
| `Frequency`, `First`, `Cue` | its parts | |
| `Instrument` | name of a treaty, strategy … | `InstrumentKind`, `Nature` |

A relation goes from a record to each of its parts and is called as the part is, in lower case (`Commitment` → `bearer` →
`Bearer`); from a commitment to the instrument that it is handed over to it is `instrument`. So a relation's name follows
from its target, and a tool that drops the names loses nothing. A part that two records share is one span.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.export.texts import PARTS, Row, Text

#: Table -> label of its spans; a commitment's span is its aim.
LABELS = {
    "mentions": "Actor",
    "quotations": "Quotation",
    "commitments": "Commitment",
    "mechanisms": "Mechanism",
    "instruments": "Instrument",
}
#: Label -> attribute -> column of its table. An attribute whose column is true or false stands or does not.
ATTRIBUTES = {
    "Actor": {"ActorKind": "label"},
    "Commitment": {"Obligation": "obligation", "Stage": "stage", "Joint": "joint", "Negated": "negated"},
    "Quotation": {"QuotationKind": "kind"},
    "Mechanism": {"Action": "action", "MechanismKind": "kind", "Level": "level"},
    "Instrument": {"InstrumentKind": "kind", "Nature": "nature"},
}
#: What a span's note holds beside its record_id.
_NOTED = {"Actor": ("actor_id", "role"), "Commitment": ("party_ids", "time_value", "condition_kind"), "Quotation": ("speaker",)}
_PART_LABELS = {("commitments", "actor"): "Bearer", ("quotations", "source"): "Speaker"}
AREA = "Area_"


@dataclass(frozen=True, slots=True)
class Span:
    """Labelled words.

    Attributes:
        start, end: offsets in the document's text.
        attributes: name -> value; True for one that only stands there.
        note: further values, `record_id` among them; empty for a part of a record.
    """

    label: str
    start: int
    end: int
    attributes: dict[str, str | bool] = field(default_factory=dict)
    note: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Relation:
    """A named arrow between two spans, given by their positions in the list of spans."""

    label: str
    source: int
    target: int


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document with its spans and relations."""

    name: str
    text: str
    spans: tuple[Span, ...]
    relations: tuple[Relation, ...]


def annotated(text: Text) -> Annotated:
    """The spans and relations of a document, in order of the text; tags that were rejected are left out."""
    builder = _Builder()
    for tag in text.rows["tags"]:
        if tag["status"] != "rejected":
            attributes: dict[str, str | bool] = {"Uncertain": True} if tag["status"] == "uncertain" else {}
            builder.add(Span(area_label(tag["area"]), tag["start"], tag["end"], attributes, {"record_id": tag["record_id"]}))
    for table in LABELS:
        for row in text.rows[table]:
            builder.record(table, row)
    return builder.finish(text)


def area_label(area: str) -> str:
    """The label of an area; brat takes letters, digits, `_` and `-`."""
    return AREA + "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "_" for c in area)


def part_label(table: str, part: str) -> str:
    """The label of a part of a record of `table`."""
    return _PART_LABELS.get((table, part), part.capitalize())


class _Builder:
    """Collects spans, so that equal parts are one, and relations between them."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.relations: set[Relation] = set()
        self.parts: dict[tuple[str, int, int], int] = {}
        self.records: dict[str, int] = {}

    def add(self, span: Span) -> int:
        self.spans.append(span)
        return len(self.spans) - 1

    def part(self, label: str, start: int, end: int) -> int:
        place = (label, start, end)
        if place not in self.parts:
            self.parts[place] = self.add(Span(label, start, end))
        return self.parts[place]

    def record(self, table: str, row: Row) -> None:
        label = LABELS[table]
        start, end = (row["aim_start"], row["aim_end"]) if table == "commitments" else (row["start"], row["end"])
        if start is None or end is None:
            return
        note = {name: row[name] for name in ("record_id", *_NOTED.get(label, ())) if row[name]}
        source = self.add(Span(label, start, end, _attributes(label, row), note))
        self.records[row["record_id"]] = source
        for name, part_start, part_end in _parts(table, row):
            self.relate(source, self.part(name, part_start, part_end))
        for commitment in filter(None, row.get("commitment_ids", "").split(";")):
            if commitment in self.records:
                self.relate(self.records[commitment], source)

    def relate(self, source: int, target: int) -> None:
        self.relations.add(Relation(self.spans[target].label.lower(), source, target))

    def finish(self, text: Text) -> Annotated:
        """All in order of the text, longer spans first, so that the same rows give the same files."""
        size = len(text.document.text)
        kept = [i for i, s in enumerate(self.spans) if 0 <= s.start < s.end <= size]
        order = sorted(kept, key=lambda i: (self.spans[i].start, -self.spans[i].end, self.spans[i].label, i))
        place = {old: new for new, old in enumerate(order)}
        moved = [
            Relation(r.label, place[r.source], place[r.target])
            for r in self.relations
            if r.source in place and r.target in place
        ]
        relations = sorted(moved, key=lambda r: (r.source, r.target, r.label))
        return Annotated(text.name, text.document.text, tuple(self.spans[i] for i in order), tuple(relations))


def _parts(table: str, row: Row) -> Iterator[tuple[str, int, int]]:
    """Label and extent of each part; the aim of a commitment is the commitment itself, its own extent a part."""
    if table == "commitments":
        yield "Statement", row["start"], row["end"]
    for part in PARTS[table]:
        start, end = row[f"{part}_start"], row[f"{part}_end"]
        if part != "aim" and start is not None and end is not None:
            yield part_label(table, part), start, end


def _attributes(label: str, row: Row) -> dict[str, str | bool]:
    values: dict[str, Any] = {name: row[column] for name, column in ATTRIBUTES.get(label, {}).items()}
    return {name: value for name, value in values.items() if value}

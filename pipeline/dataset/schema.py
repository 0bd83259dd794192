"""The nine tables of a dataset: fixed columns, types and descriptions, as data.

Rules for every table:

- `record_id` is stable: `doc_id:start-end:label`, for a commitment the offsets of its aim; a document's is its `doc_id`.
- A text column is never null: empty means unknown or absent. An integer or a number may be null.
- Lists are strings joined by ";" in every format, so that CSV, JSONL and Parquet hold the same values (list columns exist in
  Parquet only). Words of the text, which may hold a ";", are joined by " | ".
- Offsets are half-open and count characters of the document's text; pages count from 1 and are null in formats without pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.precision import DELEGATIONS
from pipeline.records import ACTIONS, DOC_TYPES, LEGAL_STATUSES, LEVELS, NATURES, OBLIGATIONS, STAGES

#: Goes up whenever a column is added, renamed or changes its meaning.
VERSION = "1.1"
TABLES = (
    "documents", "passages", "mentions", "quotations", "commitments", "mechanisms", "instruments", "tags", "failures",
)  # fmt: skip
#: Last part of a record's id -> its table; a document's id has no other part.
LABELS = {
    "passage": "passages",
    "mention": "mentions",
    "quotation": "quotations",
    "commitment": "commitments",
    "mechanism": "mechanisms",
    "instrument": "instruments",
    "tag": "tags",
    "failure": "failures",
}
#: Columns with a closed list of values; "rejected" is a tag that a researcher struck out.
ALLOWED: dict[tuple[str, str], tuple[str, ...]] = {
    ("documents", "doc_type"): DOC_TYPES,
    ("documents", "legal_status"): LEGAL_STATUSES,
    ("documents", "announced_status"): LEGAL_STATUSES,
    ("commitments", "obligation"): OBLIGATIONS,
    ("commitments", "stage"): STAGES,
    ("commitments", "delegation"): DELEGATIONS,
    ("mechanisms", "action"): ACTIONS,
    ("mechanisms", "level"): ("", *LEVELS),
    ("instruments", "nature"): NATURES,
    ("tags", "status"): ("asserted", "uncertain", "rejected"),
    ("quotations", "kind"): ("direct", "indirect"),
}
#: Columns that say which record it is and where: a correction cannot change them.
FIXED = frozenset({"record_id", "doc_id", "key", "passage_id", "start", "end", "page", "citation"})
_EMPTY = {"string": "", "integer": None, "number": None, "boolean": False}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its Frictionless type (`string`, `integer`, `number`, `boolean`) and what it holds."""

    name: str
    type: str
    description: str

    @property
    def empty(self) -> Any:
        """What stands in a cell for "nothing known"."""
        return _EMPTY[self.type]


def _columns(*lines: str) -> tuple[Column, ...]:
    """Columns from lines `name type description`; the type is its first letter."""
    types = {t[0]: t for t in _EMPTY}
    parts = (line.split(None, 2) for line in lines)
    return tuple(Column(name, types[letter], text) for name, letter, text in parts)


def _extent(name: str, text: str) -> tuple[str, str, str]:
    where = "in the document's text; null where there is none"
    return (
        f"{name} s {text}",
        f"{name}_start i Offset of its first character {where}",
        f"{name}_end i Offset after it, {where}",
    )


_IDS = (
    "record_id s Stable identity of the row: doc_id:start-end:label",
    "doc_id s First 12 hex digits of the SHA-256 of the source's bytes",
    "key s Readable name of the document, unique in the dataset",
)
_SPAN = (
    "start i Offset of the first character in the document's text",
    "end i Offset after the last character",
)
_PLACE = (
    "passage_id s record_id of the passage it stands in; empty in a heading or footnote",
    "page i Page on which it begins, from 1; null in formats without pages",
    "paragraph s Number of the paragraph as printed, without its full stop (12, 3.2, 12(b)); empty if it has none",
    "heading_path s Headings above it, outermost first, joined by ' > '",
    "citation s Ready pinpoint citation (EU-UK SDP 2025, para. 12, p. 4)",
)
_META = ("title", "date", "publisher", "doc_type", "parties", "url", "legal_status", "announced_status", "note")
_META_TEXT = {
    "title": "Title",
    "date": "Date as YYYY, YYYY-MM or YYYY-MM-DD",
    "publisher": "Publisher",
    "doc_type": "press_release, joint_statement, agreement, agreement_draft, treaty, readout, speech, web_page or other",
    "parties": "Ids of the parties, joined by ';' (EU;GBR)",
    "url": "Address of the original",
    "legal_status": "binding, non_binding or unstated: of the document itself",
    "announced_status": "binding, non_binding or unstated: of the instrument that the document announces",
    "note": "Remark from the catalogue",
}
METADATA = _META
_META_SOURCE = "s Where it comes from: catalogue, front matter, a meta tag, a rule"
_META_LINES = tuple(line for name in _META for line in (f"{name} s {_META_TEXT[name]}", f"{name}_source {_META_SOURCE}"))

COLUMNS: dict[str, tuple[Column, ...]] = {
    "documents": _columns(
        *_IDS,
        "source s File name or address it was read from",
        "short_title s Short name used in citations",
        *_META_LINES,
        "legal_status_evidence s Words of the document that say its legal status",
        "announced_status_evidence s Words of the document that say the announced instrument's legal status",
        "media_type s Format as told by the content",
        "languages s Share of the text's characters in each language (en:0.52;zh:0.48)",
        "pages i Number of pages; null in formats without pages",
        "chars i Length of the text in characters",
        "n_passages i Passages",
        "n_commitments i Commitments",
        "n_mentions i Mentions of actors",
        "n_quotations i Quotations",
        "n_mechanisms i Mechanisms",
        "n_instruments i Instruments named",
        "notes s What a user should know (code: message), joined by ' | '",
        "settings_id s Hash of all settings, code and models that the analysis depends on",
        "codebook s Version and hash of the codebook",
    ),
    "passages": _columns(
        *_IDS,
        *_SPAN,
        "passage i Position among the document's passages, from 1",
        "text s The passage, verbatim",
        "kind s paragraph, list_item, table_row or quotation",
        "number s Number or letter as printed (12., (b), Article 4)",
        *_PLACE[1:],
        "lead_in s Text that introduces a list item",
        "language s ISO 639-1 code; empty where the passage is too short to tell",
        "areas s Ids of the areas asserted for it, joined by ';'",
        "uncertain_areas s Ids of the areas to be reviewed, joined by ';'; never counted",
        "residue b Speaks of security or defence cooperation and has none of the areas",
        "residue_terms s The words that say so, joined by ' | '",
        "n_commitments i Commitments in it",
    ),
    "mentions": _columns(
        *_IDS,
        *_SPAN,
        "text s The words that name the actor, without article and title",
        "label s state, organisation, eu_body, format, person, armed_group, company, agency or unknown",
        "actor_id s ISO 3166-1 alpha-3, short upper-case id, or name: and the full name",
        "role s Office as written, for persons",
        "wikidata s Wikidata id, where a named source gives it",
        "rule s What found it: gazetteer, definition, ner, role, coreference",
        *_PLACE,
    ),
    "quotations": _columns(
        *_IDS,
        *_SPAN,
        "text s The quoted words, without quotation marks",
        "kind s direct or indirect",
        *_extent("cue", "Verb or phrase that introduces it"),
        *_extent("source", "Words that name the speaker"),
        "speaker s Actor id of the speaker; empty if unresolved",
        "rule s The rule that found it",
        *_PLACE,
    ),
    "commitments": _columns(
        *_IDS,
        *_SPAN,
        "text s The statement, verbatim",
        "sentence s The sentence it stands in",
        *_extent("actor", "Who is bound, as written, or an implicit actor in [brackets]"),
        "party_ids s Ids of the actors that are bound, joined by ';'",
        "joint b More than one party is bound",
        *_extent("cue", "The words that carry the modality"),
        "obligation s possible, intended, committed or binding (after Abbott et al. 2000)",
        "obligation_level i The same as an ordinal, 1 (possible) to 4 (binding)",
        *_extent("aim", "Main verb of what is to be done, as it stands; its offset identifies the commitment"),
        "aim_lemma s Its lemma",
        *_extent("object", "Object phrase of the aim"),
        *_extent("recipient", "With or for whom, if another actor"),
        "stage s new, continuing or reaffirmed",
        *_extent("time", "Deadline, date or frequency as written"),
        "time_value s Normalised time (ISO 8601), empty if it cannot be",
        *_extent("condition", "Hedge or escape clause as written"),
        "condition_kind s Kind of the condition, an id of the codebook",
        "negated b The commitment is not to do something",
        "precision i How much it specifies, 0 to 4: who, what, when and how much (after Abbott et al. 2000)",
        "precision_evidence s What is specified, with the words that say it (who: Arvenia | when: by 2030)",
        "delegation s none, instrument, body, review or decision: who else decides or reviews (after Abbott et al. 2000)",
        "delegation_evidence s Names and verbs that show it (instrument: Framework Participation Agreement)",
        "speaker s Actor id of the speaker, where it stands in a quotation",
        "rule s The rule that found it",
        "confidence n 0 to 1",
        "areas s Areas of its passage whose evidence lies in its sentence, else all of the passage's; joined by ';'",
        "area_weight n What it counts in each of its n areas: 1/n; null without an area",
        *_PLACE,
    ),
    "mechanisms": _columns(
        *_IDS,
        *_SPAN,
        "text s Name of the forum as it stands",
        "action s set_up or continues: what the text does with it",
        *_extent("cue", "The word that says so"),
        "kind s dialogue, committee, working_group, forum, exercise, liaison and others, an id of the codebook",
        "level s leaders, ministers, senior_officials or experts: who meets; empty if not said",
        *_extent("frequency", "How often it meets, as written"),
        "frequency_value s The same as an ISO 8601 repeat (R/P1Y), empty if it cannot be",
        *_extent("first", "When it first meets, as written"),
        "first_value s The same normalised (ISO 8601)",
        "areas s Ids of the areas of the terms in its name, else in its sentence; joined by ';'",
        "sentence s The sentence it stands in",
        "rule s The rule that found it",
        *_PLACE,
    ),
    "instruments": _columns(
        *_IDS,
        *_SPAN,
        "text s Name of the instrument as written",
        "kind s treaty, agreement, arrangement, decision, law, resolution, declaration, strategy, programme or partnership",
        "nature s binding, non_binding or unknown: legal nature by a known name, else by the kind",
        *_extent("cue", "Phrase by which a matter is handed over to it (in line with); empty where it is only named"),
        "commitment_ids s record_ids of the commitments so handed over to it, joined by ';'",
        *_PLACE,
    ),
    "tags": _columns(
        *_IDS,
        *_SPAN,
        "area s Id of the cooperation area",
        "probability n 0 to 1; 1 from terms alone",
        "status s asserted or uncertain",
        "evidence s The words that carried it, joined by ' | '",
        "evidence_at s Their offsets in the document's text (120-131;140-152)",
        "sub_areas s Ids of the sub-areas, joined by ';'",
        "model_id s What gave the tag: terms and a version, or a model's id",
        *_PLACE,
    ),
    "failures": _columns(
        *_IDS,
        "source s File or address that failed",
        "stage s read, structure, annotate, classify or store",
        "error s Class of the error",
        "message s What went wrong, and where",
        "advice s What to do about it",
    ),
}
NAMES = {table: tuple(c.name for c in columns) for table, columns in COLUMNS.items()}
_BLANK = {table: {c.name: c.empty for c in columns} for table, columns in COLUMNS.items()}


def row(table: str, **values: Any) -> dict[str, Any]:
    """A row with all columns of `table` in order; what is not given is empty.

    Raises:
        KeyError: a value is given for a column that the table lacks.
    """
    out = _BLANK[table].copy()
    for name, value in values.items():
        if name not in out:
            raise KeyError(f"table {table} has no column {name!r}")
        out[name] = value
    return out


def column(table: str, name: str) -> Column | None:
    """The column called `name`, or None."""
    return next((c for c in COLUMNS[table] if c.name == name), None)


def offsets(cell: str) -> Iterator[tuple[int, int]]:
    """Starts and ends in a cell of offsets such as `evidence_at` (`120-131;140-152`)."""
    for extent in filter(None, cell.split(";")):
        start, _, end = extent.partition("-")
        yield int(start), int(end)


def table_of(record_id: str) -> str:
    """The table that a record id belongs to (`3f2a…:120-180:commitment` -> `commitments`)."""
    if ":" not in record_id:
        return "documents"
    label = next((part for part in record_id.split(":") if part in LABELS), "")
    return LABELS.get(label, "")

"""spaCy's DocBin: one Doc a document, parsed anew, with what Pactscope found as span groups.

| group | spans | `attrs`, by `id_` |
|---|---|---|
| `passages` | `label_` kind | the row of the table |
| `areas` | the passage, `label_` area, asserted tags only | the row of the table |
| `evidence` | the words behind a tag, `label_` area | |
| `actors` | `label_` kind of actor, `kb_id_` Wikidata id | the row of the table |
| `quotations` | `label_` content, cue, source | the row of the table |
| `commitments` | `label_` statement, actor, cue, aim, object, recipient, time, condition | the row of the table |
| `mechanisms` | `label_` name, cue, frequency, first | the row of the table |
| `instruments` | `label_` name, cue | the row of the table |

`id_` is the record_id, shared by all spans of a record; texts are left out of the rows, since the spans hold them.
`doc.text` is the text of the analysis, `span.start_char` an offset of the tables, `doc.user_data` the document's metadata.
Blocks that are not in English are tokens without tags.

>>> from spacy.tokens import DocBin                                        # doctest: +SKIP
>>> docs = DocBin().from_disk("dataset.spacy").get_docs(nlp.vocab)         # doctest: +SKIP
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.dataset import Dataset, schema
from pipeline.export.options import Options
from pipeline.export.parsed import parser, pieces
from pipeline.export.texts import PARTS, Row, Text, extents, facts, texts

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_GROUPS = {"mentions": "actors"}
#: Words that the spans hold already, and what every row of the Doc repeats.
_LEFT_OUT = {"record_id", "doc_id", "key", "text", "sentence", "lead_in"}
_Found = tuple[int, int, str, Row]  # start, end, label, row


def write(data: Dataset, target: Path, options: Options) -> list[str]:
    """Writes the DocBin; returns a note if a span does not lie on token boundaries (it then covers whole tokens)."""
    from spacy.tokens import DocBin

    nlp, bin_, widened = parser(options.settings), DocBin(store_user_data=True), 0
    for text in texts(data):
        doc, n = _doc(nlp, text)
        bin_.add(doc)
        widened += n
    bin_.to_disk(target)
    return [f"{widened} spans were widened to whole tokens."] if widened else []


def _doc(nlp: Language, text: Text) -> tuple[Doc, int]:
    from spacy.tokens import Doc, SpanGroup

    docs = [piece.doc for piece in pieces(nlp, text.document)]
    for doc in docs:
        doc.spans.clear()
    # Pieces that were not analysed have no tensor to join; spaCy's type stub does not know the argument.
    joined = Doc.from_docs(docs, ensure_whitespace=False, exclude=["tensor"])  # type: ignore[call-arg]
    whole = joined or nlp.make_doc("")
    whole.user_data = facts(text)
    widened = 0
    for name, found in _groups(text).items():
        spans, attrs = [], {}
        for start, end, label, row in found:
            exact = whole.char_span(start, end)
            widened += exact is None
            span = exact or whole.char_span(start, end, alignment_mode="expand")
            if span is None:
                continue
            spans.append(_labelled(whole, span, label, row))
            attrs[row["record_id"]] = {k: v for k, v in row.items() if k not in _LEFT_OUT}
        whole.spans[name] = SpanGroup(whole, name=name, spans=spans, attrs={} if name == "evidence" else attrs)
    return whole, widened


def _labelled(doc: Doc, span: Any, label: str, row: Row) -> Any:
    from spacy.tokens import Span

    return Span(doc, span.start, span.end, label=label, kb_id=row.get("wikidata", ""), span_id=row["record_id"])


def _groups(text: Text) -> dict[str, list[_Found]]:
    """The spans of every group, in order."""
    groups: dict[str, list[_Found]] = defaultdict(list)
    groups["passages"] = [(r["start"], r["end"], r["kind"], r) for r in text.rows["passages"]]
    tags = [row for row in text.rows["tags"] if row["status"] == "asserted"]
    groups["areas"] = [(r["start"], r["end"], r["area"], r) for r in tags]
    groups["evidence"] = [(start, end, r["area"], r) for r in tags for start, end in schema.offsets(r["evidence_at"])]
    for table in PARTS:
        rows, group = text.rows[table], _GROUPS.get(table, table)
        groups[group] = [
            (start, end, r["label"] if table == "mentions" else part, r) for r in rows for part, start, end in extents(table, r)
        ]
    return groups

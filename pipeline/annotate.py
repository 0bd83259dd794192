"""Documents through spaCy and back: the only bridge between a `Doc` and the records.

A document goes in as stretches of whole English blocks and comes out as one set of records in document offsets, whatever the
stretches were. The conventions of the span groups stand in `CONTRIBUTING.md`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pipeline.errors import SettingsError
from pipeline.records import Annotations, Commitment, Document, Extent, Instrument, Mechanism, Mention, Quotation, TermHit

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span, SpanGroup

    from pipeline.settings import Settings

#: Blocks in other languages are kept and not analysed; "" is a document too short to tell.
LANGUAGES = ("en", "")
Part = tuple[int, int, int]  # start, end (document offsets), index of the block


def load_parser(settings: Settings) -> Language:
    """The spaCy pipeline of the settings with Pactscope's tokenizer rules, sentence boundaries and mended words alone.

    Raises:
        SettingsError: the named spaCy pipeline is not installed.
    """
    import spacy

    from pipeline.components import register, tokenizer

    register()
    try:
        # Without ner: on 640 coded passages it took actors from F1 0.864 to 0.834 and a third of the time (see CHANGELOG).
        nlp = spacy.load(settings.spacy_model, exclude=["senter", "ner"])
    except OSError as error:
        advice = f"Install it (pip install {settings.spacy_model}) or name another in the settings."
        raise SettingsError(f"The spaCy pipeline {settings.spacy_model!r} is not installed.", advice=advice) from error
    tokenizer.add_infixes(nlp)
    nlp.add_pipe("pact_boundaries", first=True)
    nlp.add_pipe("pact_damage", first=True)
    nlp.max_length = max(nlp.max_length, settings.stretch_chars + 1)
    return nlp


def build_nlp(settings: Settings) -> Language:
    """The spaCy pipeline with all of Pactscope's components, in the order that each needs.

    Raises:
        SettingsError: the named spaCy pipeline is not installed.
    """
    nlp = load_parser(settings)
    codebook = str(settings.codebook) if settings.codebook else None
    nlp.add_pipe("pact_actors", config={"gazetteer": [str(p) for p in settings.gazetteers]})
    nlp.add_pipe("pact_areas", config={"codebook": codebook})
    nlp.add_pipe("pact_quotations")
    nlp.add_pipe("pact_commitments")
    nlp.add_pipe("pact_mechanisms")
    nlp.add_pipe("pact_instruments")
    return nlp


def annotate(nlp: Language, document: Document, *, stretch_chars: int = 50_000) -> Annotations:
    """All that the pipeline finds in a document, sorted by offset.

    Args:
        stretch_chars: longest stretch given to spaCy at once, in characters.
    """
    parts = stretches(document, stretch_chars)
    facts = _facts(document) | (_memory(nlp, document, parts) if len(parts) > 1 else {})
    docs = (_make_doc(nlp, document, stretch, facts=facts) for stretch in parts)
    # A batch is in memory at once, at about 3 kB a character: many short stretches together, long ones one by one.
    longest = max((stretch[-1][1] - stretch[0][0] for stretch in parts), default=1)
    piped = nlp.pipe(docs, batch_size=max(1, min(16, stretch_chars // max(longest, 1))))
    found = [_records(doc, stretch[0][0]) for doc, stretch in zip(piped, parts, strict=True)]
    return Annotations(
        mentions=tuple(m for f in found for m in f.mentions),
        quotations=tuple(q for f in found for q in f.quotations),
        commitments=tuple(c for f in found for c in f.commitments),
        mechanisms=tuple(m for f in found for m in f.mechanisms),
        instruments=tuple(i for f in found for i in f.instruments),
        terms=tuple(t for f in found for t in f.terms),
    )


def stretches(document: Document, limit: int) -> list[list[Part]]:
    """Runs of consecutive analysable blocks, each run at most `limit` characters long; a longer block is cut at white space."""
    runs: list[list[Part]] = []
    before = None
    for part in _parts(document, limit):
        follows = before is not None and part[2] - before[2] <= 1
        if not (follows and runs and part[1] - runs[-1][0][0] <= limit):
            runs.append([])
        runs[-1].append(part)
        before = part
    return runs


def _parts(document: Document, limit: int) -> Iterator[Part]:
    for index, block in enumerate(document.blocks):
        if block.language not in LANGUAGES:
            continue
        start = block.start
        while block.end - start > limit:
            space = document.text.rfind(" ", start, start + limit)
            cut = space if space > start else start + limit
            yield start, cut, index
            start = cut + 1 if space > start else cut
        yield start, block.end, index


def _make_doc(nlp: Language, document: Document, stretch: list[Part], *, facts: dict[str, Any] | None = None) -> Doc:
    from spacy.tokens import SpanGroup

    offset = stretch[0][0]
    doc = nlp.make_doc(document.text[offset : stretch[-1][1]])
    spans = []
    attrs: dict[str, Any] = {"document": facts or _facts(document)}
    for start, end, index in stretch:
        block = document.blocks[index]
        span = doc.char_span(start - offset, end - offset, label=block.kind, span_id=str(index), alignment_mode="expand")
        if span is None:
            continue
        spans.append(span)
        attrs[str(index)] = {
            "number": block.number,
            "level": block.level,
            "headings": list(block.heading_path),
            "lead_in": None if block.lead_in is None else str(block.lead_in),
        }
    doc.spans["blocks"] = SpanGroup(doc, name="blocks", spans=spans, attrs=attrs)
    return doc


def _facts(document: Document) -> dict[str, Any]:
    """What components may know of the document as a whole."""
    known = document.metadata
    return {
        "title": known.text_of("title"),
        "date": known.text_of("date"),
        "parties": list(known.party_ids),
        "doc_type": known.text_of("doc_type"),
        "legal_status": known.text_of("legal_status"),
    }


def _memory(nlp: Language, document: Document, parts: list[list[Part]]) -> dict[str, Any]:
    """What the whole text says of its actors, so that "EMA" means the same in every stretch.

    Costs 2 to 5 % of the time of a document of several stretches; of 120 real documents 9 were such.
    """
    finder: Any = next((component for name, component in nlp.pipeline if name == "pact_actors"), None)
    if finder is None:
        return {}
    text = "\n".join(document.text[stretch[0][0] : stretch[-1][1]] for stretch in parts)
    return {"memory": finder.remember(text, _facts(document))}


def _records(doc: Doc, offset: int) -> Annotations:
    return Annotations(
        mentions=tuple(_mentions(_group(doc, "actors"), offset)),
        quotations=tuple(_quotations(_group(doc, "quotations"), offset)),
        commitments=tuple(_commitments(_group(doc, "commitments"), offset)),
        mechanisms=tuple(_mechanisms(_group(doc, "mechanisms"), offset)),
        instruments=tuple(_instruments(_group(doc, "instruments"), offset)),
        terms=tuple(
            TermHit(s.start_char + offset, s.end_char + offset, s.label_, s.id_, s.kb_id_) for s in _group(doc, "areas")
        ),
    )


def _group(doc: Doc, name: str) -> SpanGroup | list[Span]:
    found: SpanGroup | list[Span] = doc.spans.get(name, [])
    return found


def _attrs(group: SpanGroup | list[Span], key: str) -> dict[str, Any]:
    found: dict[str, Any] = {} if isinstance(group, list) else group.attrs.get(key, {})
    return found


def _mentions(group: SpanGroup | list[Span], offset: int) -> Iterator[Mention]:
    for span in group:
        attrs = _attrs(group, str(span.start_char))
        yield Mention(
            span.start_char + offset,
            span.end_char + offset,
            span.label_,
            span.id_,
            role=attrs.get("role", ""),
            wikidata=span.kb_id_,
            rule=attrs.get("rule", ""),
        )


def _by_id(group: Iterable[Span], offset: int) -> list[tuple[str, dict[str, Extent]]]:
    """The parts of each quotation or commitment by label, in the order of their first part that the text gives."""
    parts: dict[str, dict[str, Extent]] = defaultdict(dict)
    for span in group:
        parts[span.id_][span.label_] = _extent(span, offset)
    return list(parts.items())


def _extent(span: Span, offset: int) -> Extent:
    """Where a span stands, without the line feed between blocks that spaCy counts into the sentence before it."""
    text = span.text
    start = span.start_char + len(text) - len(text.lstrip())
    return Extent(start + offset, start + len(text.strip()) + offset)


def _quotations(group: SpanGroup | list[Span], offset: int) -> list[Quotation]:
    out = []
    for key, parts in _by_id(group, offset):
        attrs, content = _attrs(group, key), parts["content"]
        out.append(
            Quotation(
                content.start,
                content.end,
                attrs.get("kind", "direct"),
                cue=parts.get("cue"),
                source=parts.get("source"),
                speaker=attrs.get("speaker", ""),
                rule=attrs.get("rule", ""),
            )
        )
    return sorted(out, key=lambda q: (q.start, q.end))


def _commitments(group: SpanGroup | list[Span], offset: int) -> list[Commitment]:
    out = []
    kinds = {span.id_: span.kb_id_ for span in group if span.label_ == "condition"}
    for key, parts in _by_id(group, offset):
        verdict, statement = dict(_attrs(group, key)), parts["statement"]
        verdict["party_ids"] = tuple(verdict.get("party_ids", ()))
        out.append(
            Commitment(
                statement.start,
                statement.end,
                aim=parts["aim"],
                cue=parts.get("cue", parts["aim"]),
                actor_at=parts.get("actor"),
                object=parts.get("object"),
                recipient=parts.get("recipient"),
                time=parts.get("time"),
                condition=parts.get("condition"),
                condition_kind=kinds.get(key, ""),
                **verdict,
            )
        )
    return sorted(out, key=lambda c: (c.start, c.aim.start))


def _mechanisms(group: SpanGroup | list[Span], offset: int) -> list[Mechanism]:
    out = []
    for key, parts in _by_id(group, offset):
        verdict, name = dict(_attrs(group, key)), parts["name"]
        verdict["areas"] = tuple(verdict.get("areas", ()))
        where: dict[str, Any] = {label: parts.get(label) for label in ("cue", "frequency", "first")}
        out.append(Mechanism(name.start, name.end, **where, **verdict))
    return sorted(out, key=lambda m: (m.start, m.end))


def _instruments(group: SpanGroup | list[Span], offset: int) -> list[Instrument]:
    out = []
    for key, parts in _by_id(group, offset):
        name = parts["name"]
        out.append(Instrument(name.start, name.end, cue=parts.get("cue"), **_attrs(group, key)))
    return sorted(out, key=lambda i: (i.start, i.end))

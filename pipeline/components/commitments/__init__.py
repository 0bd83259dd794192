"""`pact_commitments`: finds who commits to what, how firmly and by when (codebook B and E).

Candidates come from the cues (`cues`, `aims`, `items`), their bearer from `bearers`; the rules here say which of them are
commitments, `details` adds time, condition, recipient and stage, `acceptance` the confidence. Written to
`doc.spans["commitments"]`: spans with label_ statement, actor, cue, aim, object, recipient, time, condition that share an id_
("c0", "c1", …); `attrs[id_]` holds the verdicts as plain JSON values; the kb_id_ of a condition is its kind.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.strings import get_string_id
from spacy.tokens import Doc, SpanGroup, Token

from pipeline.codebook import modality
from pipeline.components import clauses
from pipeline.components.commitments import acceptance
from pipeline.components.commitments.aims import Candidate
from pipeline.components.commitments.bearers import Bearer, BearerFinder, Parties, parties_of
from pipeline.components.commitments.cues import CueFinder
from pipeline.components.commitments.details import Details, limit
from pipeline.components.commitments.doubts import Context, Doubts, recitals
from pipeline.components.commitments.items import ItemFinder

GROUP = "commitments"
_PARTICLES = frozenset({"up", "out", "down", "off", "back", "over", "forward"})
CODED = frozenset({"paragraph", "list_item", "table_row", "quotation"})


@dataclass(frozen=True, slots=True)
class Found:
    """A commitment before it is written; ranges count characters of the Doc.

    Attributes:
        spans: label -> (start, end).
        attrs: the verdicts, fields of `records.Commitment`.
        condition_kind: kind of the condition, empty without one.
    """

    spans: dict[str, tuple[int, int]]
    attrs: dict[str, Any]
    condition_kind: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with its bearer and the reasons against it (none: it is a commitment)."""

    candidate: Candidate
    bearer: Bearer
    doubts: tuple[str, ...]
    confidence: float = 1.0


class Commitments:
    """The component.

    Args:
        name: its name in the pipeline.
        path: codebook of modality; empty for the one that comes with the package.
    """

    def __init__(self, name: str = "pact_commitments", path: str = "") -> None:
        self.name = name
        self.book = modality.load(Path(path)) if path else modality.load()
        self.cues = CueFinder(self.book)
        self.items = ItemFinder(self.book, self.cues)
        self.bearers = BearerFinder(self.book)
        self.details = Details(self.book)
        self.doubts = Doubts(self.book)
        self.weights = acceptance.load()

    def __call__(self, doc: Doc) -> Doc:
        """Finds and writes."""
        group = SpanGroup(doc, name=GROUP)
        for number, found in enumerate(self.find(doc)):
            key = f"c{number}"
            for label, (start, end) in found.spans.items():
                kind = found.condition_kind if label == "condition" else ""
                span = doc.char_span(start, end, label=label, kb_id=kind, span_id=key, alignment_mode="expand")
                if span is not None:
                    group.append(span)
            group.attrs[key] = found.attrs
        doc.spans[GROUP] = group
        return doc

    def find(self, doc: Doc) -> list[Found]:
        """The commitments of `doc` in order of their aims."""
        context = self.context(doc)
        kept = [self._weighed(doc, j) for j in self.judged(doc, context) if not j.doubts]
        return [self._describe(doc, j, kept, context) for j in kept]

    def _weighed(self, doc: Doc, judged: Judged) -> Judged:
        names = acceptance.features(doc, judged.candidate, judged.bearer, judged.doubts)
        return replace(judged, confidence=round(self.weights.probability(names), 3))

    def context(self, doc: Doc) -> Context:
        """Parties, treaty or not, and date of the Doc."""
        meta = doc.spans["blocks"].attrs.get("document", {}) if "blocks" in doc.spans else {}
        quoted = tuple((s.start, s.end) for s in doc.spans.get("quotations", []) if s.label_ == "content")
        return Context(
            parties_of(doc),
            self._is_treaty(doc, meta),
            str(meta.get("date", "")),
            str(meta.get("doc_type", "")),
            quoted,
            tuple(recitals(doc, self.book.words["recitals.openers"])),
        )

    def _is_treaty(self, doc: Doc, meta: dict[str, Any]) -> bool:
        if meta.get("doc_type") == "treaty" or meta.get("legal_status") == "binding":
            return True
        if (
            meta.get("doc_type") in ("press_release", "joint_statement", "readout", "speech")
            or meta.get("legal_status") == "non_binding"
        ):
            return False
        present = set(doc.to_array("LOWER")[:3000].tolist())
        present.update(get_string_id(word) for word in re.findall(r"\w+", str(meta.get("title", "")).lower()))
        orders, treaty = ({get_string_id(w) for w in self.book.words[f"treaty.{k}"]} for k in ("orders", "words"))
        return get_string_id("shall") in present and len(present & orders) <= len(present & treaty)

    def judged(self, doc: Doc, context: Context) -> list[Judged]:
        """Every candidate with its bearer and the doubts about it; one for each aim, in order."""
        best: dict[int, Judged] = {}
        for candidate, bearer in self._candidates(doc, context.parties):
            if bearer is None:
                bearer = self.bearers.find(doc, candidate, context.parties)
            if candidate.cue is not None and candidate.cue.treaty and context.treaty:
                candidate = self._raise(candidate)
            new = Judged(candidate, bearer, tuple(self.doubts.of(doc, candidate, bearer, context)))
            old = best.get(candidate.aim)
            if old is None or (bool(new.doubts), new.candidate.first) < (bool(old.doubts), old.candidate.first):
                best[candidate.aim] = new
        return [best[i] for i in sorted(best)]

    @staticmethod
    def _raise(candidate: Candidate) -> Candidate:
        """Treaty text makes a cue firmer, unless a weak verb holds it down."""
        cue = candidate.cue
        if cue is None or candidate.obligation != cue.obligation:
            return candidate
        return replace(candidate, obligation=cue.treaty)

    def _candidates(self, doc: Doc, parties: Parties) -> Iterator[tuple[Candidate, Bearer | None]]:
        blocks = list(doc.spans["blocks"]) if "blocks" in doc.spans else []
        starts = [b.start for b in blocks]
        for candidate in self.cues.find(doc):
            block = blocks[bisect.bisect_right(starts, candidate.aim) - 1] if blocks else None
            if block is None or (block.label_ in CODED and block.start <= candidate.head):
                yield candidate, None
        attrs = doc.spans["blocks"].attrs if blocks else {}
        by_id = {b.id_: b for b in blocks}
        for block in blocks:
            lead = by_id.get(str(attrs.get(block.id_, {}).get("lead_in")))
            if block.label_ in CODED:
                for candidate, opener in self.items.find(doc, block, lead):
                    yield candidate, self._item_bearer(doc, opener, parties)

    def _item_bearer(self, doc: Doc, opener: Candidate | None, parties: Parties) -> Bearer:
        if opener is None:
            return Bearer("implied", 0, 0, "[we]", parties.ids, len(parties.ids) > 1)
        bearer = self.bearers.find(doc, replace(opener, aim=opener.head), parties)
        return bearer if bearer.end else replace(bearer, kind="implied")

    def _describe(self, doc: Doc, judged: Judged, kept: list[Judged], context: Context) -> Found:
        one, bearer = judged.candidate, judged.bearer
        sentence = doc[one.aim].sent
        among = [j.candidate for j in kept if sentence.start <= j.candidate.aim < sentence.end]
        following = next((c for c in among if c.aim > one.aim), None)
        time = self.details.time(doc, one, among, context.anchor)
        condition = self.details.condition(doc, one, among)
        if condition is not None and condition.start < doc[bearer.start].idx < condition.end and bearer.start < one.aim:
            condition = replace(condition, end=doc[bearer.start - 1].idx + len(doc[bearer.start - 1]))
        behind = [hit.start for hit in (time, condition) if hit is not None and hit.kind != "frequency"]
        stop = min(sentence.end, limit(one, following), _token_at(doc, one.aim, sentence.end, behind))
        thing = clauses.object_phrase(doc[one.aim], stop)
        empty = thing is None or doc[thing[0]].pos_ == "ADP"
        if empty and following is not None and following.aim - one.aim <= 4 and following.head == one.head:
            thing = clauses.object_phrase(doc[following.aim], sentence.end)  # "encourage and protect allocations"
        tokens = {"object": thing, "recipient": self.details.recipient(doc, one, bearer, stop)}
        tokens["actor"] = (bearer.start, bearer.end) if bearer.end > bearer.start else None
        spans = {"statement": (sentence.start_char, sentence.end_char), **self._cue_and_aim(doc, one)}
        spans |= {label: _chars(doc, *found) for label, found in tokens.items() if found is not None}
        spans |= {label: (hit.start, hit.end) for label, hit in (("time", time), ("condition", condition)) if hit is not None}
        speaker = self._speaker(doc, one.aim)
        party_ids = (context.parties.side(speaker),) if speaker and bearer.kind == "we" else bearer.party_ids
        attrs = {
            "obligation": one.obligation,
            "stage": self.details.stage(doc, one, thing),
            "negated": one.negated or bearer.text.lower().startswith(("neither", "none ")),
            "joint": bearer.joint,
            "party_ids": list(party_ids),
            "actor": bearer.text,
            "aim_lemma": _lemma(doc[one.aim]),
            "time_value": time.value if time is not None else "",
            "speaker": speaker,
            "rule": one.rule + (f"+{one.far}" if one.far else ""),
            "confidence": judged.confidence,
        }
        return Found(spans, attrs, condition.kind if condition is not None else "")

    @staticmethod
    def _cue_and_aim(doc: Doc, one: Candidate) -> dict[str, tuple[int, int]]:
        aim = _chars(doc, one.aim, _particle_end(doc[one.aim]))
        if one.rule in ("lead_in", "imperative"):
            return {"cue": aim, "aim": aim}
        last = max(one.first, min(one.last, one.aim - 1))
        if last + 1 < one.aim and doc[last + 1].lower_ in ("not", "never"):
            last += 1
        return {"cue": _chars(doc, one.first, last + 1), "aim": aim}

    @staticmethod
    def _speaker(doc: Doc, at: int) -> str:
        """The actor id of who speaks the quotation around a token, empty outside quotations."""
        if "quotations" not in doc.spans:
            return ""
        group = doc.spans["quotations"]
        for span in group:
            if span.label_ == "content" and span.start <= at < span.end:
                return str(group.attrs.get(span.id_, {}).get("speaker", ""))
        return ""


def _token_at(doc: Doc, aim: int, end: int, starts: list[int]) -> int:
    """The first token behind the aim that begins at one of `starts` (characters), else `end`."""
    places = [span.start for at in starts if (span := doc.char_span(at, at + 1, alignment_mode="expand")) is not None]
    return min((i for i in places if aim < i < end), default=end)


def _particle_end(verb: Token) -> int:
    """End of the aim: with its particle where that stands next to it ("carried out")."""
    nxt = verb.nbor(1) if verb.i + 1 < len(verb.doc) else None
    if nxt is not None and nxt.text == "-" and not verb.whitespace_ and not nxt.whitespace_ and verb.i + 2 < len(verb.doc):
        return verb.i + 3  # "co-chair" is tokenised into three
    if nxt is None or nxt.head != verb:
        return verb.i + 1
    loose = nxt.lower_ in _PARTICLES and nxt.dep_ in ("prt", "advmod", "prep") and clauses.child(nxt, "pobj", "pcomp") is None
    return verb.i + 2 if loose or nxt.dep_ == "prt" else verb.i + 1


def _lemma(aim: Token) -> str:
    """The lemma of an aim; of a compound with a hyphen all of it."""
    words = aim.doc[aim.i : _particle_end(aim)]
    return (words.text if "-" in words.text else aim.lemma_).lower()


def _chars(doc: Doc, start: int, end: int) -> tuple[int, int]:
    return doc[start].idx, doc[end - 1].idx + len(doc[end - 1])


@Language.factory("pact_commitments", default_config={"path": ""})
def make_commitments(nlp: Language, name: str, path: str) -> Commitments:
    """Makes the component for a pipeline.

    Args:
        nlp: the pipeline; it must have a tagger, a parser and a lemmatizer before this component.
        name: the component's name.
        path: a codebook of modality in place of the package's own, empty for the latter.
    """
    return Commitments(name, path)

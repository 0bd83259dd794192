"""`pact_commitments`: finds who commits to what, how firmly and by when (codebook B and E).

Candidates come from the cues (`cues`, `aims`, `items`), their bearer from `bearers`; the rules here say which of them are
commitments, `describe` adds what is done to whom, by when and on which condition, `acceptance` the confidence. Written to
`doc.spans["commitments"]`: spans with label_ statement, actor, cue, aim, object, recipient, time, condition that share an id_
("c0", "c1", …); `attrs[id_]` holds the verdicts as plain JSON values; the kb_id_ of a condition is its kind.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.strings import get_string_id
from spacy.tokens import Doc, SpanGroup

from pipeline.codebook import modality
from pipeline.components.commitments import acceptance
from pipeline.components.commitments.aims import Candidate
from pipeline.components.commitments.bearers import Bearer, BearerFinder, Parties, parties_of
from pipeline.components.commitments.cues import CueFinder
from pipeline.components.commitments.describe import Describer, Found, Judged
from pipeline.components.commitments.details import Details
from pipeline.components.commitments.doubts import Context, Doubts
from pipeline.components.commitments.items import ItemFinder
from pipeline.components.commitments.recitals import recitals

GROUP = "commitments"
CODED = frozenset({"paragraph", "list_item", "table_row", "quotation"})


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
        describer = Describer(doc, kept, context=context, book=self.book, details=self.details)
        return [describer.describe(j) for j in kept]

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
        openers: dict[int, Candidate | None] = {}
        for block in blocks:
            lead = by_id.get(str(attrs.get(block.id_, {}).get("lead_in")))
            if block.label_ in CODED:
                for candidate, opener in self.items.find(doc, block, lead, openers=openers):
                    yield candidate, self._item_bearer(doc, opener, parties)

    def _item_bearer(self, doc: Doc, opener: Candidate | None, parties: Parties) -> Bearer:
        if opener is None:
            return Bearer("implied", 0, 0, "[we]", parties.ids, len(parties.ids) > 1)
        bearer = self.bearers.find(doc, replace(opener, aim=opener.head), parties)
        return bearer if bearer.end else replace(bearer, kind="implied")


@Language.factory("pact_commitments", default_config={"path": ""})
def make_commitments(nlp: Language, name: str, path: str) -> Commitments:
    """Makes the component for a pipeline.

    Args:
        nlp: the pipeline; it must have a tagger, a parser and a lemmatizer before this component.
        name: the component's name.
        path: a codebook of modality in place of the package's own, empty for the latter.
    """
    return Commitments(name, path)

"""What the rules of quotations look at: the text, its blocks, its actors, and the quotations found so far."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc

from pipeline.codebook.speech import Cues
from pipeline.components.quotations.marks import Marked, plain_marks, sentence_start
from pipeline.components.quotations.names import Extent
from pipeline.components.quotations.speakers import Speakers

#: A word right before a comma or colon and an opening mark is a verb, whatever the tagger says ("the declaration states, “").
_AT_MARK = re.compile(r"\s*[,:]\s*[“‘\"'«„]")


@dataclass(frozen=True, slots=True)
class Found:
    """A quotation in character offsets of the Doc, before it is written.

    Attributes:
        rule: `cue before`, `cue after`, `judged`, `continued`, `name and colon`, `heading`, `signature`, `own sentence`,
            `own paragraph`, `alone`, `reproduced`, `partial`, `clause`, `participle`, `as said` or `phrase`.
    """

    start: int
    end: int
    kind: str
    rule: str
    cue: Extent | None = None
    source: Extent | None = None
    speaker: str = ""


@dataclass(slots=True)
class Page:
    """A Doc as the rules see it."""

    doc: Doc
    text: str
    blocks: list[tuple[int, int, str]]
    speakers: Speakers
    cues: Cues
    found: list[Found] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    treaty: bool = False
    marked: list[Marked] = field(default_factory=list)

    @classmethod
    def of(cls, doc: Doc, cues: Cues) -> Page:
        """The page of a Doc; without the group `blocks` the whole of it is one paragraph."""
        group, text = doc.spans.get("blocks"), plain_marks(doc.text)
        blocks = [(b.start_char, b.end_char, b.label_) for b in group] if group else [(0, len(text), "paragraph")]
        facts = group.attrs.get("document", {}) if group else {}
        treaty = facts.get("doc_type") == "treaty" or facts.get("legal_status") == "binding"
        starts = [start for start, _, _ in blocks]
        return cls(doc, text, blocks, Speakers(doc, cues, text), cues, starts=starts, treaty=treaty)

    def block_of(self, place: int) -> int:
        """Index of the block that holds the offset."""
        return max(bisect.bisect_right(self.starts, place) - 1, 0)

    def block_text(self, index: int) -> str:
        """The words of a block without markup and space at their ends; empty where there is no such block."""
        if not 0 <= index < len(self.blocks):
            return ""
        start, end, _ = self.blocks[index]
        return self.text[start:end].strip(" *_\n")

    def last_sentence(self, index: int) -> Extent:
        """Extent of the last sentence of a block."""
        start, end, _ = self.blocks[index]
        return sentence_start(self.text, start, start + len(self.text[start:end].rstrip()) - 1), end

    def verbs(self, cues: re.Pattern[str], start: int, end: int) -> Iterator[re.Match[str]]:
        """The cues in the stretch that are active verbs; "remarks" can be a noun, and what "is added" to a law nobody says."""
        tagged = self.doc.has_annotation("POS")
        for match in cues.finditer(self.text, start, end):
            span = self.doc.char_span(*match.span(), alignment_mode="expand") if tagged else None
            passive = span is not None and any(t.dep_ in ("auxpass", "nsubjpass") and t.idx >= start for t in span.root.lefts)
            verbal = span is None or span.root.pos_ in ("VERB", "AUX") or bool(_AT_MARK.match(self.text, match.end()))
            if verbal and not passive:
                yield match


def overlaps(quotation: Found, others: Iterable[Found]) -> bool:
    """Whether a quotation shares a character with one of the others."""
    return any(quotation.start < o.end and o.start < quotation.end for o in others)

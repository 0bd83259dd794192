"""`pact_quotations`: who said what. Direct quotations by their marks, indirect ones by the verb and its clause.

A stretch between quotation marks is a quotation only if somebody says it: a verb of speech, a name and a colon, or a signature
stands by it. Scare quotes, titles and defined terms have none of these. The source is linked to the actors of
`doc.spans["actors"]`; without that group the source is the verb's subject and the speaker stays empty.

Writes `doc.spans["quotations"]`: spans `content`, `cue` and `source` that share an `id_`; the group's `attrs[id_]` holds
`kind`, `speaker` and `rule`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Token

from pipeline.codebook.speech import DEFAULT, Cues
from pipeline.components.quotations.marks import SENTENCE_END, Marked, last_of, scan, sentence_start, trimmed
from pipeline.components.quotations.speakers import Speakers

GROUP = "quotations"
_INTRODUCES = re.compile(r"\s*(?:[:,]|that(?:\s+the)?\b|as\b)?[\s*_]*")
_SIGNATURE = re.compile(r"^\W*[—–―(-]+\s*\S|^[*_]*[A-Z][\w.’'-]+ [A-Z][^.!?]{2,140}$")
#: Up to five words between "according to" and the actor ("the latest figures of the").
_NEAR = re.compile(r"(?:\s+[\w’'-]+){0,5},?\s+")
#: "the Commission" before "’s spokesperson, Ada Varn": the person speaks.
_SPOKESPERSON = re.compile(r"(?:['’]s?)?(?:\s+[a-z][\w-]*){1,4},?\s+")
#: A condition after a reported clause belongs to it, whatever the parser says.
_PROVISO = re.compile(r",? (?:provided|unless|as long as|as soon as|on condition that)\b[^.;\n]*")
#: After a source: "according to the Union’s rules" reports nobody's words.
_SOURCE_ENDS = re.compile(
    r"\s*(?:[,.;:)(\n]|$|’s? \w+,|['’]s\s+(?:spokes|latest|own|figures|data|report|estimate|minist|president))"
)
#: The office of a source between two commas: "according to Ada Varn, Director at the Glass Institute, …".
_OFFICE = re.compile(r",\s+[A-Z][^,.;]{2,100},")
#: A clause of its own before the phrase: "The ministry disagrees: according to …".
_BREAK = re.compile(r"[:;]\s+$")
#: A word right before a comma or colon and an opening mark is a verb, whatever the tagger says ("the declaration states, “").
_AT_MARK = re.compile(r"\s*[,:]\s*[“‘\"'«„]")
#: What joins two quotations of one speaker in one sentence.
_AND = re.compile(r"[\s,;]*(?:and|but|or|because)?(?:\s+(?:also|that))*\s*")
#: A name at the head of a block, before its office or its colon.
_NAME = re.compile(
    r"[\W_]*((?:[A-Z][\w.’'-]*\s+(?:(?:of|for|on|and|the|de|van|von)\s+){0,2}){0,6}[A-Z][\w.’'-]*\w)\s*(?:[,(:–—]|on\b|$)"
)
#: Words between the verb and the opening mark ("said in a statement on Monday: “"); longer stretches are a clause of their own.
_REACH = 130
#: Fewer words in marks inside a clause of reported speech are no quotation of their own.
SHORT = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A quotation in character offsets of the Doc, before it is written.

    Attributes:
        rule: `cue before`, `cue after`, `continued`, `name and colon`, `signature`, `own paragraph`, `clause` or `phrase`.
    """

    start: int
    end: int
    kind: str
    rule: str
    cue: tuple[int, int] | None = None
    source: tuple[int, int] | None = None
    speaker: str = ""


@dataclass(slots=True)
class _Page:
    """What the rules look at: the text, its blocks, and the quotations found so far."""

    doc: Doc
    text: str
    blocks: list[tuple[int, int, str]]
    speakers: Speakers
    found: list[Found] = field(default_factory=list)

    def block_of(self, place: int) -> int:
        """Index of the block that holds the offset."""
        return next((i for i, (start, end, _) in enumerate(self.blocks) if start <= place < end), len(self.blocks) - 1)

    def verbs(self, cues: re.Pattern[str], start: int, end: int) -> Iterator[re.Match[str]]:
        """The cues in the stretch that are active verbs; "remarks" can be a noun, and what "is added" to a law nobody says."""
        tagged = self.doc.has_annotation("POS")
        for match in cues.finditer(self.text, start, end):
            span = self.doc.char_span(*match.span(), alignment_mode="expand") if tagged else None
            passive = span is not None and any(t.dep_ in ("auxpass", "nsubjpass") for t in span.root.lefts)
            verbal = span is None or span.root.pos_ in ("VERB", "AUX") or bool(_AT_MARK.match(self.text, match.end()))
            if verbal and not passive:
                yield match


class Quotations:
    """Finds quotations. Holds only word lists, so it is the same after `to_disk`, `to_bytes` and pickling."""

    def __init__(self, cues: Cues) -> None:
        self.cues = cues

    def __call__(self, doc: Doc) -> Doc:
        """Finds and writes."""
        spans, attrs = [], {}
        for number, quotation in enumerate(self.find(doc)):
            name = f"q{number}"
            parts = {"content": (quotation.start, quotation.end), "cue": quotation.cue, "source": quotation.source}
            for label, extent in parts.items():
                span = extent and doc.char_span(*extent, label=label, span_id=name, alignment_mode="expand")
                if span:
                    spans.append(span)
            attrs[name] = {"kind": quotation.kind, "speaker": quotation.speaker, "rule": quotation.rule}
        doc.spans[GROUP] = spans
        doc.spans[GROUP].attrs.update(attrs)
        return doc

    def find(self, doc: Doc) -> list[Found]:
        """The quotations by start; the parts of an interrupted one are one each, with the same cue and source."""
        page = _Page(doc, doc.text, _blocks(doc), Speakers(doc, self.cues.pronouns, self.cues.titles))
        marked = scan(page.text, [(start, end) for start, end, _ in page.blocks])
        for i, words in enumerate(marked):
            before = marked[i - 1] if i else None
            after = marked[i + 1] if i + 1 < len(marked) else None
            quotation = self._direct(page, words, before, after)
            if quotation:
                page.found.append(quotation)
        direct = list(page.found)
        page.found += [q for q in self._set_apart(page) if not _overlaps(q, direct)]
        indirect = list(self._indirect(page))
        page.found = [q for q in page.found if not any(_is_part(page.text, q, whole) for whole in indirect)]
        page.found += [q for q in indirect if not _overlaps(q, page.found)]
        return sorted(page.found, key=lambda q: (q.start, q.end))

    # -- direct ---------------------------------------------------------------------------------------------------------------

    def _direct(self, page: _Page, words: Marked, before: Marked | None, after: Marked | None) -> Found | None:
        index = page.block_of(words.outer_start)
        left = max(page.blocks[index][0], before.outer_end if before else 0)
        last = page.blocks[page.block_of(words.outer_end - 1)][1]
        right = min(last, after.outer_start if after else last)
        if self._is_name(page.text, left, words):
            return None
        return (
            (self._cue_after(page, words, right) if page.text[words.end - 1] in ",?!" else None)
            or self._cue_before(page, words, left)
            or self._cue_after(page, words, right)
            or self._continued(page, words, before, left)
            or self._colon(page, words, left)
            or self._signature(page, words, index)
            or self._own_paragraph(page, words, index)
        )

    def _is_name(self, text: str, left: int, words: Marked) -> bool:
        """A title, a defined term, a scare quote: announced as one, in brackets, too short, or written like a title."""
        content = text[words.start : words.end]
        tokens = [w for w in re.findall(r"[^\W\d_][\w’'-]*", content) if len(w) > 3]
        capitals = sum(w[0].isupper() for w in tokens) / len(tokens) if tokens else 0.0
        titled = capitals == 1.0 or (
            capitals >= 0.7 and (content[-1] not in ".!?," or (content[-1] == "," and len(tokens) < 6))
        )
        in_brackets = (
            text[words.outer_start - 1 : words.outer_start] == "(" or text[words.outer_end : words.outer_end + 1] == ")"
        )
        return bool(
            len(content.split()) < 3 or titled or in_brackets or self.cues.not_before.search(text, left, words.outer_start)
        )

    def _cue_before(self, page: _Page, words: Marked, left: int) -> Found | None:
        segment = sentence_start(page.text, left, words.outer_start)
        above = page.block_of(words.outer_start) - 1
        if not page.text[segment : words.outer_start].strip(" *_") and above >= 0:
            start, end, _ = page.blocks[above]
            if not page.text[start:end].rstrip(" *_").endswith(":") or left != page.blocks[above + 1][0]:
                return None
            segment = sentence_start(page.text, start, end)
        cue = last_of(page.verbs(self.cues.direct, segment, words.outer_start))
        if cue is None or words.outer_start - cue.end() > _REACH:
            return None
        adjacent = _INTRODUCES.fullmatch(page.text, cue.end(), words.outer_start)
        if not adjacent and len(page.text[words.start : words.end].split()) < 5:
            return None
        source, speaker = page.speakers.of(cue.span(), (segment, words.outer_start))
        if source is None:
            return None
        return Found(words.start, words.end, "direct", "cue before", cue.span(), source, speaker)

    def _cue_after(self, page: _Page, words: Marked, right: int) -> Found | None:
        tail = page.text[words.outer_end : right]
        first = tail.lstrip(" *_")[:1]
        if (
            not (first == "," or first.islower() or first in "—–" or (page.text[words.end - 1] in ",?!" and words.closed))
            or not first
        ):
            return None
        stop = SENTENCE_END.search(page.text, words.outer_end, right)
        end = stop.start() + 1 if stop else right
        cue = self.cues.direct.search(page.text, words.outer_end, end) or self.cues.phrases.search(
            page.text, words.outer_end, end
        )
        if cue is None or cue.start() - words.outer_end > _REACH:
            return None
        source, speaker = page.speakers.of(cue.span(), (words.outer_end, end))
        if source is None:
            return None
        return Found(words.start, words.end, "direct", "cue after", cue.span(), source, speaker)

    def _continued(self, page: _Page, words: Marked, before: Marked | None, left: int) -> Found | None:
        """“…,” said X. “…”: the second part has its speaker from the first."""
        if before is None or not page.found or page.found[-1].start != before.start or before.outer_end != left:
            return None
        first = page.found[-1]
        joined = _AND.fullmatch(page.text, left, words.outer_start)
        ended = (
            first.rule in ("cue after", "continued")
            and sentence_start(page.text, left, words.outer_start) + 2 >= words.outer_start
        )
        if not joined and not ended:
            return None
        return Found(words.start, words.end, "direct", "continued", first.cue, first.source, first.speaker)

    def _colon(self, page: _Page, words: Marked, left: int) -> Found | None:
        """“Ada Varn, Minister: “…””: a name and a colon at the head of the block, or at the end of the one above."""
        start, end = left, words.outer_start
        above = page.block_of(words.outer_start) - 1
        if not page.text[start:end].strip(" *_") and above >= 0:
            start, end, _ = page.blocks[above]
        head = page.text[start:end].rstrip(" *_")
        if not head.endswith((":", "–", "—")) or len(head) > 250:
            return None
        name = _NAME.match(head)
        if name:
            named: tuple[tuple[int, int], str] | None = page.speakers.named(start + name.start(1), start + name.end(1))
        else:
            named = page.speakers.person_in(start, end)
        return named and Found(words.start, words.end, "direct", "name and colon", None, *named)

    def _signature(self, page: _Page, words: Marked, index: int) -> Found | None:
        """A block that is all quotation, with a name after it, on the same line or in the next block."""
        start = page.blocks[index][0]
        last = page.block_of(words.outer_end - 1)
        if words.outer_start - start > 2:
            return None
        rest = (words.outer_end, page.blocks[last][1])
        if not page.text[slice(*rest)].strip(" *_.") and last + 1 < len(page.blocks):
            rest = page.blocks[last + 1][:2]
        if rest[1] - rest[0] > 200 or not _SIGNATURE.search(page.text[slice(*rest)].strip()):
            return None
        person = page.speakers.person_in(*rest)
        return person and Found(words.start, words.end, "direct", "signature", None, *person)

    def _own_paragraph(self, page: _Page, words: Marked, index: int) -> Found | None:
        """A paragraph that is all quotation, after one whose last sentence is about a person: press offices write so."""
        start, end, kind = page.blocks[index]
        alone = words.outer_start - start <= 2 and not re.sub(r"\([^)]*\)|\W", "", page.text[words.outer_end : end])
        if not alone or kind != "paragraph" or index == 0 or page.text[words.end - 1] not in ".!?…":
            return None
        above_start, above_end, above_kind = page.blocks[index - 1]
        if above_kind != "paragraph" or not page.text[above_start:above_end].endswith(".") or words.end - words.start < 50:
            return None
        person = page.speakers.person_in(sentence_start(page.text, above_start, above_end - 1), above_end)
        return person and Found(words.start, words.end, "direct", "own paragraph", None, *person)

    def _set_apart(self, page: _Page) -> Iterator[Found]:
        """Blocks set apart as quotations, without marks, where a speaker stands above or below."""
        for i, (start, end, kind) in enumerate(page.blocks):
            if kind != "quotation" or any(q.start < end and start < q.end for q in page.found):
                continue
            words = Marked(start, end, start, end)
            quotation = (
                self._cue_before(page, words, start) or self._colon(page, words, start) or self._signature(page, words, i)
            )
            if quotation:
                yield quotation

    # -- indirect -------------------------------------------------------------------------------------------------------------

    def _indirect(self, page: _Page) -> Iterator[Found]:
        if page.doc.has_annotation("DEP"):
            for match in self.cues.indirect.finditer(page.text):
                yield from self._clause(page, match.span())
        for match in self.cues.phrases.finditer(page.text):
            yield from self._phrase(page, match.span())

    def _clause(self, page: _Page, cue: tuple[int, int]) -> Iterator[Found]:
        """Subject, verb of speech, clause with a subject of its own right after it: the clause is what was said."""
        span = page.doc.char_span(*cue, alignment_mode="expand")
        verb = span.root if span else None
        clause = next((t for t in verb.rights if t.dep_ == "ccomp"), None) if verb is not None else None
        if verb is None or clause is None or verb.pos_ not in ("VERB", "AUX"):
            return
        objects = [t for t in verb.rights if t.dep_ in ("dobj", "attr", "oprd") and t.i < clause.i]
        if objects and verb.lower_ not in self.cues.to_somebody:
            return
        if clause.left_edge.lower_ in self.cues.asking or not any(
            t.dep_ in ("nsubj", "nsubjpass", "expl", "csubj") for t in clause.lefts
        ):
            return
        source, speaker = page.speakers.subject(verb)
        if source is None or page.text[slice(*source)].lower() in self.cues.first_persons:
            return
        first, last = clause.left_edge, clause.right_edge
        if first.i <= verb.i:
            return
        opened = first.lower_ == "that" or page.text[cue[1] : cue[1] + 1] in ",:"
        if not opened and verb.lower_ not in self.cues.without_that:
            return
        start = first.idx + (len(first.text_with_ws) if first.lower_ == "that" else 0)
        start, end = trimmed(page.text, start, self._end_of_clause(clause, last))
        yield Found(start, end, "indirect", "clause", cue, source, speaker)

    def _end_of_clause(self, clause: Token, last: Token) -> int:
        """Where the clause ends: before "and called for …", which the speaker does and the parser counts in."""
        for token in clause.rights:
            own = any(t.dep_ in ("nsubj", "nsubjpass") for t in token.lefts)
            if token.dep_ == "conj" and not own and token.lower_ in self.cues.speaking:
                joiner = next((t for t in clause.rights if t.dep_ == "cc" and t.i < token.i), token)
                return joiner.idx
        end = last.idx + len(last)
        proviso = _PROVISO.match(last.doc.text, end)
        return proviso.end() if proviso else end

    def _phrase(self, page: _Page, cue: tuple[int, int]) -> Iterator[Found]:
        """“According to X, …”: the rest of the sentence, if X is an actor."""
        start, end, _ = page.blocks[page.block_of(cue[0])]
        start = sentence_start(page.text, start, cue[0])
        if _BREAK.search(page.text, start, cue[0]):
            start = cue[0]
        stop = SENTENCE_END.search(page.text, cue[1], end)
        end = stop.start() if stop else end
        actor = page.speakers.first_in(cue[1], min(end, cue[1] + 60))
        if actor is None or not _NEAR.fullmatch(page.text, cue[1], actor[0][0]):
            return
        person = page.speakers.person_in(actor[0][1], min(end, actor[0][1] + 60))
        if person is not None and _SPOKESPERSON.fullmatch(page.text, actor[0][1], person[0][0]):
            actor = person
        source, speaker = actor
        if not (self.cues.figures.fullmatch(page.text, cue[1], source[0]) and _SOURCE_ENDS.match(page.text, source[1])):
            return
        comma = page.text.find(",", source[1], end)
        office = _OFFICE.match(page.text, comma, end) if comma >= 0 else None
        comma = office.end() - 1 if office else comma
        if comma >= 0 and not page.text[start : cue[0]].strip():
            start = comma + 1 + (page.text[comma + 1 : comma + 2] == " ")
        elif page.text[start : cue[0]].strip():
            end = cue[0]
        else:
            return
        start, end = trimmed(page.text, start, end)
        yield Found(start, end, "indirect", "phrase", cue, source, speaker)


def _is_part(text: str, direct: Found, clause: Found) -> bool:
    """Whether a few words in marks only colour a clause that is quoted as a whole ("warned that it was “a back door”")."""
    inside = direct.cue == clause.cue and clause.start < direct.start and direct.end <= clause.end
    return inside and clause.rule == "clause" and len(text[direct.start : direct.end].split()) < SHORT


def _overlaps(quotation: Found, others: Iterable[Found]) -> bool:
    return any(quotation.start < o.end and o.start < quotation.end for o in others)


def _blocks(doc: Doc) -> list[tuple[int, int, str]]:
    if "blocks" not in doc.spans or not len(doc.spans["blocks"]):
        return [(0, len(doc.text), "paragraph")]
    return [(b.start_char, b.end_char, b.label_) for b in doc.spans["blocks"]]


@Language.factory("pact_quotations", assigns=["doc.spans"], default_config={"cues": None})
def make_quotations(nlp: Language, name: str, cues: str | None) -> Quotations:
    """Makes the component; `cues` is the path of a file like `quotations.toml`, None for the one of the package."""
    return Quotations(Cues.load(Path(cues) if cues else DEFAULT))

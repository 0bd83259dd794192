"""From a judged candidate to a commitment: the spans of its parts and its verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Doc, Token

from pipeline.codebook.modality import Modality
from pipeline.components import clauses
from pipeline.components.commitments.aims import Candidate
from pipeline.components.commitments.bearers import Bearer
from pipeline.components.commitments.details import Details, clipped, limit
from pipeline.components.commitments.doubts import Context
from pipeline.components.commitments.objects import ObjectFinder

_NOMINAL = frozenset({"DET", "ADJ", "NOUN", "PROPN", "PRON", "NUM"})
_PARTICLES = frozenset({"up", "out", "down", "off", "back", "over", "forward"})


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


class Describer:
    """Describes the commitments of one Doc.

    Args:
        doc: the Doc.
        kept: its commitments in order of their aims.
        context: parties and date of the Doc.
        book: the codebook of modality.
        details: the finder of times, conditions and stages.
    """

    def __init__(self, doc: Doc, kept: list[Judged], *, context: Context, book: Modality, details: Details) -> None:
        self.doc = doc
        self.context = context
        self.book = book
        self.details = details
        self.objects = ObjectFinder(book, context.parties.actors)
        self.among: dict[int, list[Candidate]] = defaultdict(list)
        for judged in kept:
            self.among[doc[judged.candidate.aim].sent.start].append(judged.candidate)
        self.quotations = list(_speakers(doc))

    def describe(self, judged: Judged) -> Found:
        """A commitment with all that its sentence says of it."""
        doc, context, one, bearer = self.doc, self.context, judged.candidate, judged.bearer
        sentence = doc[one.aim].sent
        among = self.among[sentence.start]
        following = next((c for c in among if c.aim > one.aim), None)
        time = self.details.time(doc, one, among, context.anchor)
        condition = self.details.condition(doc, one, among)
        if condition is not None:
            subject = doc[bearer.start].idx if bearer.start < bearer.end and bearer.start < one.aim else -1
            condition = clipped(sentence, condition, (subject, time.start if time is not None else -1))
        behind = [hit.start for hit in (time, condition) if hit is not None and hit.kind != "frequency"]
        ends = sentence.end if following is not None and _holds(doc[one.aim], following) else limit(one, following)
        stop = min(sentence.end, ends, _token_at(doc, one.aim, sentence.end, behind))
        asides = [(h.start, h.end) for h in (time, condition) if h is not None]
        thing = self.objects.object(doc[one.aim], stop)
        if thing is None or doc[thing[0]].pos_ not in _NOMINAL:
            thing = self.objects.behind_asides(doc[one.aim], asides, min(sentence.end, limit(one, following))) or thing
        if thing is None or doc[thing[0]].pos_ == "ADP":
            thing = self._shared_object(one, among) or thing
        if thing is not None and time is not None and time.start <= doc[thing[0]].idx and _chars(doc, *thing)[1] <= time.end:
            thing = None  # "meet every year"
        whom = self.objects.recipient(one, bearer, doc, min(sentence.end, limit(one, following)))
        tokens = {"object": thing, "recipient": whom}
        tokens["actor"] = (bearer.start, bearer.end) if bearer.end > bearer.start else None
        spans = {"statement": (sentence.start_char, sentence.end_char), **self._cue_and_aim(doc, one, among)}
        spans |= {label: _chars(doc, *found) for label, found in tokens.items() if found is not None}
        spans |= {label: (hit.start, hit.end) for label, hit in (("time", time), ("condition", condition)) if hit is not None}
        speaker = self._speaker(one.aim)
        party_ids = (context.parties.side(speaker),) if speaker and bearer.kind == "we" else bearer.party_ids
        attrs = {
            "obligation": one.obligation,
            "stage": self.details.stage(doc, one, thing),
            "negated": one.negated or self._is_denied(one, bearer),
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

    def _shared_object(self, one: Candidate, among: list[Candidate]) -> tuple[int, int] | None:
        """The object of the verb joined next to it: "encourage, develop and protect *allocations*"."""
        last = one.aim
        for other in (c for c in among if c.aim > one.aim and c.head == one.head):
            if other.aim - last > 4 or clauses.is_infinitive(self.doc[other.aim]):
                return None  # "to cooperate and to take measures"
            last = other.aim
            thing = self.objects.object(self.doc[other.aim], self.doc[other.aim].sent.end)
            if thing is not None and thing[0] > other.aim:
                return thing
        return None

    def _is_denied(self, one: Candidate, bearer: Bearer) -> bool:
        """Whether the words before the cue deny it: "Neither Party shall", "In no case shall either Party"."""
        if bearer.text.lower().startswith(("neither", "none ", "no ")):
            return True
        before = self.doc[self.doc[one.aim].sent.start : one.first].text.lower()
        return any(phrase in before for phrase in self.book.words["never.denials"])

    @staticmethod
    def _cue_and_aim(doc: Doc, one: Candidate, among: list[Candidate]) -> dict[str, tuple[int, int]]:
        aim = _chars(doc, one.aim, _particle_end(doc[one.aim]))
        if one.rule in ("lead_in", "imperative"):
            return {"cue": aim, "aim": aim}
        last = max(one.first, min(_last_of_cue(doc, one, among), one.aim - 1))
        following = doc[last + 1].lower_
        if last + 1 < one.aim and (following == "to" or (one.negated and following in ("not", "never"))):
            last += 1
        return {"cue": _chars(doc, one.first, last + 1), "aim": aim}

    def _speaker(self, at: int) -> str:
        """The actor id of who speaks the quotation around a token, empty outside quotations."""
        return next((speaker for start, end, speaker in self.quotations if start <= at < end), "")


def _speakers(doc: Doc) -> Iterator[tuple[int, int, str]]:
    """Token range and speaker's actor id of each quotation."""
    if "quotations" in doc.spans:
        group = doc.spans["quotations"]
        for span in group:
            if span.label_ == "content":
                yield span.start, span.end, str(group.attrs.get(span.id_, {}).get("speaker", ""))


def _last_of_cue(doc: Doc, one: Candidate, among: list[Candidate]) -> int:
    """The last word of a cue; of a later one of several joined aims that of the first, without its weak verb."""
    first = next(c for c in among if c.head == one.head)
    if first.through and not one.through and first.negated != one.negated:  # "to refrain from taxing goods; remove tariffs"
        weak = (t.i for t in doc[first.first : first.last + 1] if t.lemma_.lower() == first.through[-1])
        return next(weak, first.last + 1) - 1
    if first.negated and not one.negated:  # "not to tax goods and to remove tariffs"
        return next((t.i for t in doc[first.first : first.last + 1] if t.lower_ in ("not", "never")), first.last + 1) - 1
    return first.last if one.last > first.aim and not one.through else one.last


def _holds(aim: Token, following: Candidate) -> bool:
    """Whether the next commitment stands in the clause that an aim has for its object: "ensure that data shall be kept"."""
    clause = clauses.child(aim, "ccomp")
    return clause is not None and clause.left_edge.i < following.aim <= clause.right_edge.i and following.first > aim.i


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

"""What a commitment says besides its aim: time, condition, stage. Ranges count characters of the Doc."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from pipeline import times
from pipeline.codebook.modality import Modality
from pipeline.components import clauses
from pipeline.components.commitments.aims import Candidate

_END_OF_CLAUSE = re.compile(r"[,;:.](?:\s|$)|\n|$")
#: What may stand before the first word of a sentence: numbers, brackets, marks.
_FIRST = re.compile(r"(?:\W|\d|\([a-z]{1,3}\)|[a-z]\))*")
_END_OF_PHRASE = re.compile(_END_OF_CLAUSE.pattern + r"|\s+(?:shall|will|may|would|in order|so as|unless|if|provided)\b")
#: Lists inside a condition ("laws, policies and practices") go on behind a comma for at most so many words.
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Hedge:
    """A condition as written, with its kind; characters of the text given."""

    start: int
    end: int
    kind: str


class Details:
    """Finds the details of commitments by a codebook of modality.

    Args:
        book: the codebook.
    """

    def __init__(self, book: Modality) -> None:
        self.book = book
        self._last: tuple[str, tuple[Hedge, ...]] = ("", ())
        self._closed, self._open, self._opening = (
            _pattern({phrase: c.kind for c in book.conditions for phrase in getattr(c, which)})
            for which in ("closed", "open", "opening")
        )

    def time(self, doc: Doc, one: Candidate, among: list[Candidate], anchor: str) -> times.TimeExpression | None:
        """The time expression of a commitment: behind its aim, else before the first aim of its cue.

        Args:
            doc: the Doc.
            one: the candidate.
            among: the accepted candidates of its sentence in order, with `one`.
            anchor: date of the document.
        """
        sentence = doc[one.aim].sent
        after = doc[one.aim].idx - sentence.start_char if one.rule not in ("modal", "be_to") else 0
        placed = (_placed(sentence.text, t, anchor, after) for t in expressions(sentence.text, anchor))
        found = [t for t in placed if t is not None and not self._is_past(sentence, t, one) and _belongs(sentence, t, one)]
        if not found:
            return None
        shift = sentence.start_char
        own = _window(doc, _last_joined(one, among), among)
        own = (doc[one.aim].idx, own[1])
        cue = [c for c in among if c.head == one.head]
        earlier = [c for c in among if c.aim < cue[0].aim and c.head != one.head]
        start = (
            doc[earlier[-1].aim].idx
            if earlier and cue[0].first <= earlier[-1].aim
            else (doc[cue[0].first].idx if earlier else shift)
        )
        near = [t for t in found if own[0] <= t.start + shift < own[1]]
        shared = [
            t for t in found if start <= t.start + shift < doc[cue[0].aim].idx and not _is_elsewhere(doc, t.start + shift, one)
        ]
        chosen = near[0] if near else shared[-1] if shared else None
        return replace(chosen, start=chosen.start + shift, end=chosen.end + shift) if chosen is not None else None

    @staticmethod
    def _is_past(sentence: Span, time: times.TimeExpression, one: Candidate) -> bool:
        """Whether the time belongs to what was done: "signed in Brussels on 19 October"."""
        if time.kind == "indefinite":  # "the steps agreed above with utmost promptness"
            return False
        token = _token_at(sentence.doc, sentence.start_char + time.start)
        for _ in range(3):
            if token is None or token.head == token or token.head.i == one.aim:
                return False
            token = token.head
            if token.tag_ in ("VBN", "VBD") and token.dep_ in ("acl", "relcl"):
                return True
        return False

    def condition(self, doc: Doc, one: Candidate, among: list[Candidate]) -> Hedge | None:
        """The hedge or escape clause nearest to a commitment in its sentence.

        It stands behind its aim; or behind a comma after the last of several joined aims; or before the first of them.
        """
        sentence = doc[one.aim].sent
        shift = sentence.start_char
        found = [_whole(doc, h, shift) for h in self.hedges(sentence.text)]
        found = [h for h in found if _softens(doc, h, one)]
        if not found:
            return None
        start, end = _window(doc, one, among)
        near = [replace(h, end=min(h.end, end)) for h in found if start <= h.start < end]
        joined = [c for c in among if c.head == one.head]
        last = _window(doc, joined[-1], among)
        behind = [h for h in found if last[0] <= h.start < last[1] and _closes(doc, h, sentence)]
        floor = shift if among[0].head == one.head else doc[one.first].idx
        before = [h for h in found if floor <= h.start < doc[joined[0].aim].idx]
        chosen = near or before or behind
        return _stripped(sentence, chosen[0]) if chosen else None

    def hedges(self, text: str) -> tuple[Hedge, ...]:
        """The conditions of a sentence; the last sentence is kept, as several commitments ask for the same."""
        if self._last[0] != text:
            self._last = (text, self._find_hedges(text))
        return self._last[1]

    def _find_hedges(self, text: str) -> tuple[Hedge, ...]:
        out = [Hedge(m.start(), m.end(), self._closed[1][m[0].lower()]) for m in self._closed[0].finditer(text)]
        first = _FIRST.match(text)
        opening = self._opening[0].match(text, first.end()) if first is not None else None
        for m in (*((opening,) if opening is not None else ()), *self._open[0].finditer(text)):
            kind = (self._opening if m is opening else self._open)[1][m[0].lower()]
            end = (_END_OF_CLAUSE if kind == "if" else _END_OF_PHRASE).search(text, m.end())
            stop = min(end.start() if end else len(text), m.start() + _LONGEST)
            if not any(h.start <= m.start() < h.end for h in out):
                out.append(Hedge(m.start(), stop, kind))
        return tuple(sorted(out, key=lambda h: h.start))

    def stage(self, doc: Doc, one: Candidate, thing: tuple[int, int] | None) -> str:
        """New, continuing or reaffirmed."""
        words = self.book.words
        lemma = doc[one.aim].lemma_.lower()
        cue_words = {t.lower_ for t in doc[one.first : min(one.last + 1, one.aim)]} | _adverbs_before(doc[one.aim])
        if (
            one.stage == "reaffirmed"
            or self._is_reaffirmed(doc, one)
            or any(w.startswith(("reaffirm", "recommit", "reiterat", "renew")) for w in cue_words)
        ):
            return "reaffirmed"
        makes = lemma == "keep" and clauses.child(doc[one.aim], "ccomp", "oprd") is not None  # "keep our citizens safer"
        if (
            one.stage == "continuing"
            or (lemma in words["stage.continuing"] and not makes)
            or cue_words & words["stage.continuing_words"]
        ):
            return "continuing"
        if lemma in words["stage.deepening"] and thing is not None:
            head = [t.lower_ for t in doc[thing[0] : thing[1]]][:6]
            if any(w in words["stage.existing_words"] or w in words["stage.existing_nouns"] for w in head):
                return "continuing"
        return "new"

    def _is_reaffirmed(self, doc: Doc, one: Candidate) -> bool:
        """ "They reaffirmed that they will …"."""
        verb = doc[one.head].head
        return one.rule == "modal" and verb.dep_ == "ccomp" and verb.head.lemma_ in self.book.words["reporting.reaffirmed"]


@functools.lru_cache(maxsize=64)
def expressions(text: str, anchor: str) -> tuple[times.TimeExpression, ...]:
    """The time expressions of a sentence, kept as several commitments ask for the same."""
    return tuple(times.find(text, anchor=anchor))


def _adverbs_before(aim: Token) -> set[str]:
    """The words right before an aim that say how it goes on: "will *further* enhance", "pledged *continued* support"."""
    before = aim.nbor(-1) if aim.i > aim.sent.start else aim
    if before.tag_ == "RB" and before.lower_ != "further" and before.i > aim.sent.start:
        before = before.nbor(-1)  # "further strongly support"
    return {before.lower_}


def _token_at(doc: Doc, at: int) -> Token | None:
    """The token that holds a character."""
    span = doc.char_span(at, at + 1, alignment_mode="expand")
    return span[0] if span is not None and len(span) else None


def _placed(text: str, time: times.TimeExpression, anchor: str, after: int) -> times.TimeExpression | None:
    """A time that may be a commitment's: not before the document; "in March" behind `after` is the next March then."""
    if time.kind != "date" or not time.value or not anchor[:4].isdigit():
        return time
    if time.value == f"../{anchor}":
        return None  # "earlier this year"
    end = time.value.split("/")[-1]
    known = re.fullmatch(r"\d{4}(?:-(?:0\d|1[0-2])(?:-\d\d)?)?", end)  # no season, no week
    if known is None or end >= anchor[: len(end)]:
        return time
    if end[:4] in text[time.start : time.end] or time.start < after or end == time.value[:4]:
        return None
    return replace(time, value=time.value.replace(end[:4], str(int(end[:4]) + 1)))


def _belongs(sentence: Span, time: times.TimeExpression, one: Candidate) -> bool:
    """Whether an adjective tells how often the aim happens: "regular talks", not "the annual Arvenia Forum"."""
    if time.kind != "frequency" or " " in sentence.text[time.start : time.end]:
        return True
    token = _token_at(sentence.doc, sentence.start_char + time.start)
    if token is None or token.pos_ != "ADJ":
        return True
    named = token.head.pos_ == "PROPN" and token.i > 0 and token.nbor(-1).lower_ == "the"
    return token.head.i == one.aim if token.lower_ == "regular" else not named


def _last_joined(one: Candidate, among: list[Candidate]) -> Candidate:
    """The last of the aims that stand next to each other and share what follows: "*assess and adjust* the plan in June"."""
    for other in among:
        if other.head == one.head and 0 < other.aim - one.aim <= 3:
            one = other
    return one


def _window(doc: Doc, one: Candidate, among: list[Candidate]) -> tuple[int, int]:
    """From the aim to where the words of the next commitment of the sentence begin, in characters."""
    following = next((c for c in among if c.aim > one.aim), None)
    sentence = doc[one.aim].sent
    end = sentence.end_char if following is None else doc[limit(one, following)].idx
    return doc[one.aim].idx, end


def limit(one: Candidate, following: Candidate | None) -> int:
    """Where the words of the next commitment begin, as a token index."""
    if following is None:
        return 10**9
    return following.first if following.first > one.aim else following.aim


def _pattern(kinds: dict[str, str]) -> tuple[re.Pattern[str], dict[str, str]]:
    """A regular expression of phrases, the longest first, with the kind of each."""
    longest_first = sorted(kinds, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b", re.IGNORECASE), kinds


def _whole(doc: Doc, hedge: Hedge, shift: int) -> Hedge:
    """A hedge in characters of the Doc; a clause before its main clause to its end, over its own commas."""
    hedge = replace(hedge, start=hedge.start + shift, end=hedge.end + shift)
    token = _token_at(doc, hedge.start)
    if hedge.kind != "if" or token is None or token.dep_ not in ("mark", "advmod") or token.head.dep_ != "advcl":
        return hedge
    edge = token.head.right_edge
    return replace(hedge, end=max(hedge.end, edge.idx + len(edge))) if edge.i < token.head.head.i else hedge


def _closes(doc: Doc, hedge: Hedge, sentence: Span) -> bool:
    """Whether a hedge stands behind a comma and ends the sentence, so that it holds for all aims before it."""
    token = _token_at(doc, hedge.start)
    ends = all(not t.is_alpha for t in doc.char_span(hedge.end, sentence.end_char, alignment_mode="contract") or ())
    return ends and token is not None and token.i > 0 and token.nbor(-1).text == ","


def clipped(sentence: Span, hedge: Hedge, starts: tuple[int, ...]) -> Hedge:
    """A condition that ends before other parts of the commitment, which begin at `starts` (characters of the Doc)."""
    for start in sorted(starts, reverse=True):
        if hedge.start < start < hedge.end:
            hedge = _stripped(sentence, replace(hedge, end=start))
    return hedge


def _stripped(sentence: Span, hedge: Hedge) -> Hedge:
    """A hedge without the comma and the "and" before what follows it."""
    words = sentence.text[hedge.start - sentence.start_char : hedge.end - sentence.start_char]
    return replace(hedge, end=hedge.start + len(re.sub(r"(?:[\s,;]+(?:and|or|to)?)*$", "", words)))


def _softens(doc: Doc, hedge: Hedge, one: Candidate) -> bool:
    """Whether a hedge softens what will be done, and does not describe a thing: "data sent pursuant to this Agreement"."""
    token = _token_at(doc, hedge.start)
    if token is None or token.i == 0:
        return True
    before = token.nbor(-1)
    if before.lemma_ == "be" or (before.lower_ == "as" and token.lower_ == "in"):  # "are consistent with", "as in the case of"
        return False
    if token.lower_ == "if" and token.dep_ == "mark" and token.head.dep_ == "ccomp":  # "determine if"
        return False
    if token.lower_ == "where" and token.head.dep_ == "relcl" and hedge.kind == "if":  # "the harbour where they will meet"
        return False
    apart = before.text in (",", ";") or token.is_sent_start
    if token.lower_ == "pursuant" and not apart and before.i != one.aim:  # "requests pursuant to this Article"
        return False
    if hedge.kind not in ("law", "agreement"):
        inner = token.head if token.head.idx < hedge.end else token  # "data where necessary": nothing describes the data
        return token.i < one.aim or not _describes(inner, one)
    described = before.tag_ in ("VBN", "VBD") and before.i != one.aim and clauses.child(before, "aux", "auxpass") is None
    return before.lower_ != "as" and not described and (before.text == "," or not _describes(token, one))


def _describes(token: Token, one: Candidate) -> bool:
    """Whether a word hangs on a participle that describes a noun, or on the subject of the aim before it."""
    for _ in range(8):
        if token.dep_ in ("nsubj", "nsubjpass"):
            return True
        if token.head == token or token.head.i == one.aim:
            return False
        token = token.head
        if token.dep_ == "relcl" or (token.tag_ == "VBN" and token.dep_ == "acl"):
            return True
    return False


def _is_elsewhere(doc: Doc, at: int, one: Candidate) -> bool:
    """Whether a time before a cue belongs to another verb: "With its promise to pay over ten years, …"."""
    token = _token_at(doc, at)
    above = {t.i for t in doc[one.aim].ancestors} | {one.aim}
    while token is not None and token.head != token and token.head.i not in above:
        token = token.head
        if token.pos_ == "VERB" and token.dep_ in ("acl", "relcl", "ccomp", "pcomp"):
            return True
    head = token.head if token is not None else None  # "approved the plan for 2026, stressed their resolve to …"
    return head is not None and head.pos_ == "VERB" and head.idx < at and head.i < one.first

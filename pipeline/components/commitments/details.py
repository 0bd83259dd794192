"""What a commitment says besides its aim: time, condition, recipient, stage. Ranges count characters of the Doc."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from pipeline import times
from pipeline.codebook.modality import Condition, Modality
from pipeline.components import clauses
from pipeline.components.commitments.aims import Candidate
from pipeline.components.commitments.bearers import Bearer, singular

_END_OF_CLAUSE = re.compile(r"[,;:.](?:\s|$)|\n|$")
_END_OF_PHRASE = re.compile(_END_OF_CLAUSE.pattern + r"|\s+(?:shall|will|may|would|in order|so as)\s")
_WITH = frozenset({"with", "to", "for", "towards", "toward", "alongside"})
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
        self._closed, self._open = _patterns(book.conditions)

    def time(self, doc: Doc, one: Candidate, among: list[Candidate], anchor: str) -> times.TimeExpression | None:
        """The time expression of a commitment: behind its aim, else before the first aim of its cue.

        Args:
            doc: the Doc.
            one: the candidate.
            among: the accepted candidates of its sentence in order, with `one`.
            anchor: date of the document.
        """
        sentence = doc[one.aim].sent
        found = [
            t
            for t in expressions(sentence.text, anchor)
            if not _is_before(t, anchor) and not self._is_past(sentence, t) and _belongs(sentence, t, one)
        ]
        if not found:
            return None
        shift = sentence.start_char
        own = _window(doc, one, among)
        cue = [c for c in among if c.head == one.head]
        earlier = [c for c in among if c.aim < cue[0].aim and c.head != one.head]
        start = (
            doc[earlier[-1].aim].idx
            if earlier and cue[0].first <= earlier[-1].aim
            else (doc[cue[0].first].idx if earlier else shift)
        )
        near = [t for t in found if own[0] <= t.start + shift < own[1]]
        shared = [t for t in found if start <= t.start + shift < doc[cue[0].aim].idx]
        chosen = near[0] if near else shared[-1] if shared else None
        return replace(chosen, start=chosen.start + shift, end=chosen.end + shift) if chosen is not None else None

    @staticmethod
    def _is_past(sentence: Span, time: times.TimeExpression) -> bool:
        """Whether the time belongs to what was done: "signed in Brussels on 19 October"."""
        at = sentence.start_char + time.start
        token = _token_at(sentence.doc, at)
        for _ in range(3):
            if token is None or token.head == token:
                return False
            token = token.head
            if token.tag_ in ("VBN", "VBD") and token.dep_ in ("acl", "relcl"):
                return True
        return False

    def condition(self, doc: Doc, one: Candidate, among: list[Candidate]) -> Hedge | None:
        """The hedge or escape clause nearest to a commitment in its sentence."""
        sentence = doc[one.aim].sent
        shift = sentence.start_char
        found = self.hedges(sentence.text)
        if not found:
            return None
        own = _window(doc, one, among)
        near = [h for h in found if own[0] <= h.start + shift < own[1]]
        first = min(c.aim for c in among if c.head == one.head)
        shared = [
            h
            for h in found
            if h.start + shift < doc[first].idx
            and h.start + shift >= (shift if among[0].head == one.head else doc[one.first].idx)
        ]
        chosen = near or shared
        return replace(chosen[0], start=chosen[0].start + shift, end=chosen[0].end + shift) if chosen else None

    def hedges(self, text: str) -> tuple[Hedge, ...]:
        """The conditions of a sentence; the last sentence is kept, as several commitments ask for the same."""
        if self._last[0] != text:
            self._last = (text, self._find_hedges(text))
        return self._last[1]

    def _find_hedges(self, text: str) -> tuple[Hedge, ...]:
        out = [Hedge(m.start(), m.end(), self._closed[1][m[0].lower()]) for m in self._closed[0].finditer(text)]
        for m in self._open[0].finditer(text):
            kind = self._open[1][m[0].lower()]
            end = (_END_OF_CLAUSE if kind == "if" else _END_OF_PHRASE).search(text, m.end())
            stop = min(end.start() if end else len(text), m.start() + _LONGEST)
            if not any(h.start <= m.start() < h.end for h in out):
                out.append(Hedge(m.start(), stop, kind))
        return tuple(sorted(out, key=lambda h: h.start))

    def recipient(self, doc: Doc, one: Candidate, bearer: Bearer, stop: int) -> tuple[int, int] | None:
        """Token range of with or for whom it is done: after "with", "to" or "for", or a party as the object."""
        aim = doc[one.aim]
        for link in (c for c in aim.rights if c.lower_ in _WITH and c.i < stop and c.dep_ in ("prep", "dative")):
            noun = clauses.child(link, "pobj")
            if noun is not None and self._names_party(noun):
                return _phrase(noun)
        thing = clauses.child(aim, "dobj", "dative")
        if thing is not None and thing.i < stop and self._names_party(thing) and not bearer.start <= thing.i < bearer.end:
            return _phrase(thing)
        return None

    def _names_party(self, noun: Token) -> bool:
        actors = noun.doc.spans.get("actors", [])
        if any(span.start <= noun.i < span.end for span in actors):
            return True
        if noun.lower_ in ("other", "another") and noun.i and noun.nbor(-1).lower_ in ("each", "one"):
            return True
        lemma = singular(noun.lemma_.lower())
        return lemma in self.book.words["subjects.parties"] or (
            noun.pos_ == "PROPN" and noun.ent_type_ in ("GPE", "ORG", "NORP")
        )

    def stage(self, doc: Doc, one: Candidate, thing: tuple[int, int] | None) -> str:
        """New, continuing or reaffirmed."""
        words = self.book.words
        lemma = doc[one.aim].lemma_.lower()
        cue_words = {t.lower_ for t in doc[one.first : min(one.last + 1, one.aim)]}
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


def _phrase(noun: Token) -> tuple[int, int]:
    return (noun.i - 1, noun.i + 1) if noun.lower_ in ("other", "another") else clauses.phrase(noun)


def _token_at(doc: Doc, at: int) -> Token | None:
    """The token that holds a character."""
    span = doc.char_span(at, at + 1, alignment_mode="expand")
    return span[0] if span is not None and len(span) else None


def _is_before(time: times.TimeExpression, anchor: str) -> bool:
    """Whether a date lies in a year before the document's."""
    dated = time.kind == "date" and time.value[:4].isdigit() and anchor[:4].isdigit()
    return dated and int(time.value[:4]) < int(anchor[:4])


def _belongs(sentence: Span, time: times.TimeExpression, one: Candidate) -> bool:
    """Whether an adjective tells how often the aim happens: "regular talks", not "the annual Arvenia Forum"."""
    if time.kind != "frequency" or " " in sentence.text[time.start : time.end]:
        return True
    token = _token_at(sentence.doc, sentence.start_char + time.start)
    if token is None or token.pos_ != "ADJ":
        return True
    named = token.head.pos_ == "PROPN" and token.i > 0 and token.nbor(-1).lower_ == "the"
    return token.head.i == one.aim if token.lower_ == "regular" else not named


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


def _patterns(
    conditions: tuple[Condition, ...],
) -> tuple[tuple[re.Pattern[str], dict[str, str]], tuple[re.Pattern[str], dict[str, str]]]:
    def compiled(kinds: dict[str, str]) -> tuple[re.Pattern[str], dict[str, str]]:
        longest_first = sorted(kinds, key=len, reverse=True)
        return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b", re.IGNORECASE), kinds

    return (
        compiled({phrase: c.kind for c in conditions for phrase in c.closed}),
        compiled({phrase: c.kind for c in conditions for phrase in c.open}),
    )

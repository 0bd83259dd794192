"""When two codings mean the same: the places of aims, the sentences of a passage, names and phrases compared.

The definitions are those of the gold passages' own scorer, so that the figures are the same. Offsets are half-open, in
characters of the passage.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: A sentence starts after a full stop, semicolon, question or exclamation mark, before a capital or a digit.
SENTENCE = re.compile(r"(?<=[.!?;])[”\"’)]*\s+(?=[“\"(]?[A-Z0-9])")
#: The codebook's longest aim in words (CODEBOOK B); a longer one is no aim.
LONGEST_AIM = 4
#: By how many words two namings of one actor may differ ("the Parties", "the Parties to this Agreement").
FURTHER_WORDS = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """A commitment as coded, with the place of its aim.

    Attributes:
        start, end: the aim; both -1 if it stands nowhere in the passage, and then it matches nothing.
        sentence: where the sentence of the aim starts, or -1.
        rule: what found it, where the coder says so.
    """

    start: int
    end: int
    sentence: int
    actor: str = ""
    cue: str = ""
    aim: str = ""
    obligation: str = ""
    stage: str = ""
    time: str = ""
    negated: bool = False
    rule: str = ""

    @property
    def implicit(self) -> bool:
        """Is its actor not in the text, but written in [brackets]?"""
        return self.actor.startswith("[")


def place(commitments: Iterable[Mapping[str, Any]], text: str) -> list[Statement]:
    """Commitments with the places of their aims: `aim_start`, or else where the words of the aim stand first and free."""
    starts = sentence_starts(text)
    used: set[int] = set()
    placed = []
    for c in commitments:
        aim, at = c.get("aim") or "", c.get("aim_start")
        start = _search(c, text, used) if at is None else int(at)
        used.add(start)
        if start < 0 or not 0 < len(aim.split()) <= LONGEST_AIM:
            start = -1
        end = start + len(aim) if start >= 0 else -1
        sentence = starts[bisect.bisect_right(starts, start) - 1] if start >= 0 else -1
        placed.append(Statement(start, end, sentence, negated=bool(c.get("negated")), **_words_of(c)))
    return placed


def _words_of(c: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(c.get(name) or "") for name in ("actor", "cue", "aim", "obligation", "stage", "time", "rule")}


def _search(c: Mapping[str, Any], text: str, used: set[int]) -> int:
    """The first free place of the aim after its cue, else in or after its sentence, else anywhere; -1 if there is none."""
    sentence = max(text.find(c.get("sentence_start") or "\0"), 0)
    cue = max(find_words(text, c.get("cue") or "", sentence), sentence)
    places = (find_words(text, c.get("aim") or "", start, used) for start in (cue, sentence, 0))
    return next((at for at in places if at >= 0), -1)


def find_words(text: str, phrase: str, start: int = 0, used: Iterable[int] = ()) -> int:
    """Offset of `phrase` as whole words at or after `start` and not at one of `used`; -1 if it is not there."""
    if phrase:
        for match in re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", text):
            if match.start() >= start and match.start() not in used:
                return match.start()
    return -1


def sentence_starts(text: str) -> list[int]:
    """Where sentences start, in order; the same fixed rule for both sides."""
    return [0, *(m.end() for m in SENTENCE.finditer(text))]


def match(gold: Sequence[Statement], coded: Sequence[Statement]) -> list[tuple[Statement, Statement]]:
    """Pairs whose aims overlap; each statement is used once, the first that fits."""
    free = [c for c in coded if c.start >= 0]
    pairs = []
    for g in gold:
        partner = next((c for c in free if c.start < g.end and g.start < c.end), None)
        if partner:
            free = [c for c in free if c is not partner]
            pairs.append((g, partner))
    return pairs


def sentences(statements: Iterable[Statement]) -> set[object]:
    """Starts of the sentences that hold a commitment; one without a place counts too, but equals nothing."""
    return {s.sentence if s.sentence >= 0 else object() for s in statements}


def bare(name: str | None) -> str:
    """A name without article, possessive and brackets, in lower case."""
    return re.sub(r"^(the|a|an)\s+|['’]s?$", "", (name or "").strip().lower()).strip("[] .,")


def words(phrase: str) -> list[str]:
    """Its words in lower case."""
    return re.findall(r"\w+", phrase.lower())


def same_actor(a: str, b: str) -> bool:
    """Equal without articles, or one is the other with at most three words more."""
    ours, theirs = words(bare(a)), words(bare(b))
    short, long = sorted((f" {' '.join(w)} " for w in (ours, theirs)), key=len)
    return bool(ours and theirs) and short in long and abs(len(ours) - len(theirs)) <= FURTHER_WORDS


def same_time(a: str, b: str) -> bool:
    """Do both expressions of time share a word?"""
    return bool(set(words(a)) & set(words(b)))

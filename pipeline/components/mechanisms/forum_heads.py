"""Head nouns of fora: which entry of the codebook a noun is, and whether what it heads is a forum at all."""

from __future__ import annotations

import re

from spacy.tokens import Token

from pipeline.codebook.fora import Fora, Noun
from pipeline.components.commitments.bearers import Parties
from pipeline.components.mechanisms.forum_acts import Act, is_of_sides, words_before
from pipeline.components.mechanisms.forum_mentions import SAYS_LITTLE
from pipeline.components.mechanisms.forum_names import has_name, name_of, named_behind

_POINTING = frozenset({"this", "that", "these", "those", "such", "any", "it", "them", "each", "either"})
_INAUGURAL = frozenset({"inaugural", "annual"})
_FIRST = frozenset({"first", "first-ever", "inaugural"})
_AHEAD = frozenset({"next", "upcoming", "forthcoming"})
_PLURAL = frozenset({"NNS", "NNPS"})
_MODIFIES = frozenset({"compound", "amod", "nmod", "poss"})


def entry_of(head: Token, book: Fora) -> Noun | None:
    """The entry of a head noun that stands as one: no verb, no modifier ("committee members"), with the words it asks for."""
    following = head.nbor(1) if head.i + 1 < len(head.doc) else None
    meets = following is not None and following.lower_ in book.gatherings and has_name(head)
    named = meets or named_behind(head) > head.i + 1 or (following is not None and following.text == "(")
    noun = head.pos_ in ("NOUN", "PROPN") or head.dep_ in ("dobj", "pobj")  # "launch a ministers track"
    if not noun or (head.dep_ in _MODIFIES and head.head.i > head.i and not named):
        return None
    if following is not None and (following.text in ("-", "/") or (following.lower_ == "of" and head.lower_ == "exercise")):
        return None
    if following is not None and following.pos_ in ("NOUN", "PROPN") and following.sent_start != 1 and not named:
        return None
    return next((entry for entry in book.nouns[head.lower_] if _fits(head, entry, book)), None)


def _fits(head: Token, entry: Noun, book: Fora) -> bool:
    before = head.nbor(-1).lower_ if head.i else ""
    behind = head.doc[head.i + 1 : head.i + 6].text.lower()
    if (entry.before and before not in entry.before) or (entry.after and not any(re.match(a, behind) for a in entry.after)):
        return False
    if (entry.named and not has_name(head, least=2)) or (entry.sided and not is_of_sides(head, book)):
        return False
    return not entry.single or head.tag_ not in _PLURAL or has_name(head)


def is_somebodys(head: Token, noun: Noun, act: Act, parties: Parties, *, book: Fora) -> bool:
    """Whether a body is national or world-wide, or a centre or team of which nothing says that several sides have it."""
    words = words_before(head)
    if noun.kind == "committee":
        words |= {t.lower_ for t in head.doc[head.i : name_of(head, book.leading)[1]]}
    theirs = noun.kind != "dialogue" and bool(words & book.others) and "new" not in words  # a human rights dialogue is ours
    alone = len(parties.ids) == 1 and (noun.kind == "network" or noun.named) and not is_of_sides(head, book)
    return alone or (theirs and act.action == "continues")


def is_forum(head: Token, noun: Noun, act: Act, frequency: tuple[int, int, str] | None, *, book: Fora) -> bool:
    """Whether it is a forum by what its entry asks for: a topic, a word of its own, a frequency, a first of its kind."""
    if noun.weak and not _is_told_apart(head, act, frequency, book):
        return False
    words = words_before(head)
    if noun.repeated and not (words & _FIRST and book.again.search(head.sent.text)):
        start, _ = name_of(head, book.leading)
        return frequency is not None and act.rule != "use" and not (start == head.i and act.rule == "subject")
    if noun.event and frequency is None:
        first = (act.rule == "session" and act.action == "set_up") or bool(words & _INAUGURAL)
        return first or (is_of_sides(head, book) and (act.rule not in SAYS_LITTLE or bool(words & _AHEAD)))
    return True


def _is_told_apart(head: Token, act: Act, frequency: tuple[int, int, str] | None, book: Fora) -> bool:
    """Whether a weak noun has a word, a topic, members or a frequency that makes a forum of it ("dialogue" alone is none)."""
    doc = head.doc
    start, end = name_of(head, book.leading)
    if frequency is None and any(t.lower_ in _POINTING for t in doc[max(start - 1, 0) : head.i]):
        return False
    if frequency is not None and (act.rule != "use" or frequency[2]):
        return True
    about = doc[head.i + 1 : end]
    if len(about) > 1 and about[1].lower_ not in _POINTING and not book.anything.search(about.text):
        return True
    if act.action == "set_up" and end < len(doc) and doc[end].lower_ in ("among", "between") and _is_one(head):
        return True
    return bool({t.lower_ for t in doc[start : head.i] if t.is_alpha or "-" in t.text} - book.vague)


def _is_one(head: Token) -> bool:
    return any(token.lower_ in ("a", "an") for token in head.lefts)

"""Organisations by the head of their name, and abbreviations by their definition, from the words alone.

Official texts name organisations by a head ("Arvenia Space Agency"); these shapes need no statistical model. Indices
are those of `codebook.actors.Words`, half-open.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Container, Iterator

from pipeline.codebook.actors import Words
from pipeline.components.actors.persons import HYPHENS, Name, glued, is_given, starts_upper, word_set

MONTHS = frozenset(calendar.month_name[1:])


def organisations(words: Words, taken: Container[int] = ()) -> Iterator[Name]:
    """Names of organisations by their head; `taken` are indices that other names hold whole (not to be cut)."""
    heads = word_set("organisations", "heads")
    at = 0
    while at < len(words.forms):
        # "President-in-Office" is no office.
        if (
            words.forms[at] not in heads
            or at in taken
            or (at and words.forms[at - 1] in HYPHENS and words.forms[at - 2].islower())
        ):
            at += 1
            continue
        first, last = _left(words, at, taken), _right(words, at + 1)
        if _is_organisation(words, first, last, at):
            yield Name(first, last)
        at = last


def _left(words: Words, at: int, taken: Container[int]) -> int:
    """The first word of the capitalised stretch that ends at a head."""
    first = at
    while first > 0:
        word = words.forms[first - 1]
        if (word[0].isupper() and len(word) > 1) or (word in HYPHENS and glued(words, first - 1)) or word == "&":
            first -= 1
        elif (
            word == "and" and first - 2 not in taken and starts_upper(words, first - 2) and not _closes(words.forms[first - 2])
        ):
            first -= 2
        else:
            break
    if words.phrase(first - 2, first) == "house of":
        return first - 2
    while first < at and (
        words.forms[first] in word_set("organisations", "openers") or words.forms[first] in ("-", "&", *MONTHS)
    ):
        first += 1
    return first


def _closes(word: str) -> bool:
    """Whether a word before "and" ends a name of its own: a head or an abbreviation."""
    return word in word_set("organisations", "heads") or (word.isupper() and len(word) > 1)


def _right(words: Words, last: int) -> int:
    """The index after what follows a head: "of Glass and Stone", "for the Defence of Arvenia"."""
    heads = word_set("organisations", "heads")
    lists = words.forms[last - 1] in ("Ministry", "Department", "Bureau")
    links = {"of", "for", "on", "against", "in"} | (
        {"to"} if words.forms[last - 1] in ("Coalition", "Initiative", "Partnership") else set()
    )
    while last < len(words.forms) and words.forms[last] in heads:
        last += 1
    while words.phrase(last, last + 1) in links:
        at = last + 1 + (words.phrase(last + 1, last + 2) == "the")
        if not starts_upper(words, at) or words.forms[at] in MONTHS:
            break
        end = _capitals(words, at, lists)
        wide = _capitals(words, at, True)
        if not lists and abbreviation_at(words, end) == end and abbreviation_at(words, wide) > wide:
            end = wide
        if words.phrase(last, last + 1) == "in" and abbreviation_at(words, end) == end:
            break
        last = end
    return last


def _capitals(words: Words, at: int, lists: bool) -> int:
    """The index after capitalised words joined by "and", and by commas if `lists` ("Small, Medium and Large Firms")."""
    heads = word_set("organisations", "heads")
    while at < len(words.forms):
        joined = words.forms[at] in ("and", "-", "&") and starts_upper(words, at + 1)
        if words.forms[at] == "and" and any(word in heads for word in words.forms[at + 1 : at + 4]):
            return at
        joined = joined or (words.forms[at] in HYPHENS and glued(words, at)) or words.forms[at - 1] in HYPHENS
        comma = lists and words.forms[at] == "," and starts_upper(words, at + 1) and "and" in words.forms[at + 2 : at + 4]
        if not (starts_upper(words, at) or joined or comma) or _begins_person(words, at):
            return at
        at += 1
    return at


def _begins_person(words: Words, at: int) -> bool:
    """Whether a person's name begins within what looks like one name ("Bureau of Glass Affairs Ada Varn")."""
    return starts_upper(words, at - 1) and is_given(words, at) and starts_upper(words, at + 1)


def _is_organisation(words: Words, first: int, last: int, head: int) -> bool:
    """Whether a stretch is long enough to be a name and no document, law or event."""
    titles = word_set("titles", "heads") - word_set("organisations", "heads")
    if (
        last - first < 2
        or words.phrase(last, last + 1).capitalize() in titles
        or (starts_upper(words, last) and words.forms[last] in titles)
        or words.forms[last - 1] in titles
    ):
        return False
    if words.forms[head] not in word_set("organisations", "weak"):
        return True
    if abbreviation_at(words, last) > last:
        return True
    # Two states and a head ("Arvenia-Belmark Alliance") are a relationship, not a body.
    capitals = sum(starts_upper(words, i) for i in range(first, last))
    pair = any(words.forms[i] in HYPHENS and words.forms[i - 1] != "Indo" for i in range(first + 1, last))
    if words.forms[head] == "Administration":
        return capitals >= 3 and not pair
    return capitals >= 4 and (not pair or words.forms[head] in ("Group", "Command"))


def abbreviation_at(words: Words, at: int) -> int:
    """The index of the bracket that closes an abbreviation opened at `at` ("(EDC)"), or `at` if there is none."""
    if words.phrase(at, at + 1) != "(":
        return at
    inner = at + 1 + (words.phrase(at + 1, at + 2) in ("the", '"', "“", "'"))
    closing = next((i for i in range(inner, min(inner + 5, len(words.forms))) if words.forms[i] == ")"), 0)
    inside = "".join(words.forms[inner:closing]).strip("\"”“'")
    if re.search(r"\d{3}", inside):
        return at  # the number of a file
    return closing if closing and re.fullmatch(r"[A-Z][\w&/+-]*[A-Z+\d]s?|[A-Z]{2,}\d*", inside) else at

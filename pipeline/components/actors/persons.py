"""Persons by their office or given name, from the words alone.

Official texts name persons with their office ("President Ada Varn", "Ada Varn, Foreign Minister of Arvenia"); lists of
participants and signatures name them without, so that a common given name stands in for the office. No statistical
model is needed. Indices are those of `codebook.actors.Words`, half-open.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace

from pipeline.codebook.actors import HERE, Words, fold, load_context
from pipeline.components.actors.holders import is_doubled, key, office_holders

MAX_NAME = 6
MAX_PORTFOLIO = 12
HYPHENS = frozenset("-‐–")
#: After these "chair" and "judge" are verbs.
_BEFORE_VERBS = frozenset({"to", "will", "would", "shall", "should", "may", "can", "could", "must"})
#: Before an office that is somebody's: "the minister, Ada Varn", "Arvenia's minister", not "a list: minister, Port Arven".
_OWNED = frozenset({"the", "s", "'", "its", "their", "our", "his", "her"})


@dataclass(frozen=True, slots=True)
class Name:
    """A person's or an organisation's name: words `first` to `last` (excluded); `role` is the same of a person's office."""

    first: int
    last: int
    role: tuple[int, int] = (0, 0)


def cut_to_holder(words: Words, name: Name) -> Name:
    """The name without what a headline puts after it in capitals ("Varn Announces Aid"), as far as its beginning is known."""
    for last in range(name.last - 1, name.first, -1):
        if words.phrase(name.first, last) in office_holders() and not is_doubled(words, last):
            whole = key(words.text[words.spans[name.first][0] : words.spans[name.last - 1][1]])
            return name if whole in office_holders() else replace(name, last=last)
    return name


def name_at(words: Words, at: int, skip: Container[int] = ()) -> int:
    """The index after the person's name that begins at `at`, or `at` if none does."""
    particles = word_set("persons", "particles")
    end, last = at, at
    while end < len(words.forms) and end - at < 2 * MAX_NAME and end not in skip:
        word = words.forms[end]
        low = word.lower()
        office = office_at(words, end) if end > at else end
        if office > end and words.forms[office - 1] != ".":  # "met Hun Sen."
            break
        if _is_initial(words, end):
            end += 1 + (not word.endswith("."))
            last = end
        elif _is_part(word) or (end > at and word.isalpha() and words.forms[end - 1] in HYPHENS and glued(words, end - 1)):
            end += 1
            last = end
        elif end > at and (low in particles or word in HYPHENS or (word == "'" and glued(words, end))):
            if word in HYPHENS and not glued(words, end):
                break
            end += 1
        elif low in particles and word[0].islower() and starts_upper(words, end + 1):
            end += 1
        else:
            break
    return _with_suffix(words, at, last) if last > at else at


def _is_part(word: str) -> bool:
    """Whether a word can be a part of a person's name by itself."""
    low = word.lower()
    barred = any(low in word_set(*where) for where in (("persons", "never"), ("offices", "portfolio"), ("offices", "heads")))
    return word[0].isupper() and len(word) > 1 and word.isalpha() and not barred


def _is_initial(words: Words, at: int) -> bool:
    word = words.forms[at]
    if re.fullmatch(r"(?:[A-Z]\.)+", word):
        return word not in ("U.S.", "U.K.", "E.U.", "U.N.", "D.C.")
    follows = starts_upper(words, at + 2) or words.phrase(at + 2, at + 3) in word_set("persons", "particles")
    return len(word) == 1 and word.isupper() and words.phrase(at + 1, at + 2) == "." and follows


def glued(words: Words, at: int) -> bool:
    """Whether a sign stands between two words without a space ("el-Sisi", "Shi'a")."""
    if not 0 < at < len(words.forms) - 1 or words.forms[at + 1] in ("s", "S"):
        return False
    return words.spans[at - 1][1] == words.spans[at][0] and words.spans[at][1] == words.spans[at + 1][0]


def starts_upper(words: Words, at: int) -> bool:
    """Whether there is a word there and it is capitalised."""
    return 0 <= at < len(words.forms) and words.forms[at][0].isupper()


def _with_suffix(words: Words, first: int, last: int) -> int:
    """Takes in "Jr." and the comma before it."""
    at = last + (words.phrase(last, last + 1) == ",")
    if words.phrase(at, at + 1) in ("jr", "sr"):
        return at + 1 + (words.phrase(at + 1, at + 2) == ".")
    return last


@functools.cache
def word_set(section: str, name: str) -> frozenset[str]:
    """A list of `actors.toml` as a set."""
    return frozenset(load_context()[section][name])


@functools.cache
def given_names() -> frozenset[str]:
    """Common given names, folded, in lower case."""
    lines = (HERE / "given_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(fold(name).lower() for line in lines if not line.startswith("#") for name in line.split())


def is_given(words: Words, at: int) -> bool:
    """Whether a common given name stands there."""
    return starts_upper(words, at) and words.forms[at].lower() in given_names()


def without_office(words: Words, skip: Container[int] = ()) -> Iterator[Name]:
    """Persons in lists and signatures: a common given name and what follows it, where that is no longer name of a thing.

    Args:
        words: the text.
        skip: as in `persons`.
    """
    at = 0
    while at < len(words.forms):
        last = name_at(words, at, skip) if is_given(words, at) and at not in skip else at
        if last > at and _is_whole(words, at, last):
            yield Name(at, last)
        at = max(last, at + 1)


def _is_whole(words: Words, first: int, last: int) -> bool:
    """Whether a name of two to five words is not the beginning or end of a thing's ("Thomas Shoal", "HMS Ada Varn")."""
    things = word_set("persons", "things")
    parts = [w.lower() for w in words.forms[first:last] if w[0].isalpha()]
    goes_on = starts_upper(words, last) and office_at(words, last) == last
    body = not word_set("organisations", "heads").isdisjoint(words.forms[first:last])
    return 2 <= len(parts) <= 5 and not (goes_on or body) and things.isdisjoint({*parts, words.phrase(first - 1, first)})


def role_of(words: Words, name: Name) -> str:
    """A person's office as written, without the forms of address that begin or end it; empty if there is none."""
    first, last = name.role
    address = word_set("offices", "address") | {"", "his", "her"}
    while first < last and words.forms[first].lower().strip(".") in address:
        first += 1
    while first < last and words.forms[last - 1].lower().strip(".") in address:
        last -= 1
    return words.text[words.spans[first][0] : words.spans[last - 1][1]] if first < last else ""


def office_at(words: Words, at: int) -> int:
    """The index after the office that begins at `at`, the longest ("Vice President" before "Vice"), or `at` if none does."""
    if not words.forms[at][0].isupper():
        return at
    if words.forms[at].lower() not in _office_starts():
        return at
    heads = word_set("offices", "heads")
    ends = (at + n for n in (4, 3, 2, 1) if at + n <= len(words.forms))
    return next((end for end in ends if title_of(words, at, end) in heads), at)


@functools.cache
def _short_ranks() -> frozenset[str]:
    return frozenset(rank.removesuffix(" .") for rank in word_set("offices", "ranks")) - word_set("offices", "address")


@functools.cache
def _office_starts() -> frozenset[str]:
    return frozenset(re.split(r"[ '-]", head)[0] for head in word_set("offices", "heads"))


def title_of(words: Words, first: int, last: int) -> str:
    """An office in the form of `actors.toml`: in lower case, with signs joined to their words ("secretary-general")."""
    return words.phrase(first, last).replace(" - ", "-").replace(" ' ", "'")


def persons(words: Words, skip: Container[int] = ()) -> Iterator[Name]:
    """Persons with their office before or after the name.

    Args:
        words: the text.
        skip: indices of words that belong to names of the gazetteer; no person's name holds one of them.
    """
    at = 0
    while at < len(words.forms):
        office = office_at(words, at)
        if office > at:
            ranked = words.phrase(at, office) in word_set("offices", "ranks")
            following = office + (words.phrase(office, office + 1) == ".")
            if ranked and office_at(words, min(following, len(words.forms) - 1)) > following:
                at = following  # "Lt. Gov. Ada Varn"
                continue
            found = list(_after_office(words, at, office, skip))
            yield from found or _before_office(words, at, office, skip)
            at = max(office, found[-1].last if found else 0)
            continue
        office = _small_office_at(words, at)
        name = _beside_small_office(words, at, office, skip) if office > at else None
        if name:
            yield name
        at = max(office, name.last if name else 0, at + 1)


@functools.cache
def _small_heads() -> frozenset[str]:
    ranks = word_set("offices", "ranks") - word_set("offices", "common")
    return word_set("offices", "heads") - ranks


def _small_office_at(words: Words, at: int) -> int:
    """As `office_at` for an office in small letters ("the foreign minister, Ada Varn")."""
    if not words.forms[at].islower() or words.forms[at] not in _office_starts() or words.phrase(at - 1, at) in _BEFORE_VERBS:
        return at
    ends = (at + n for n in (3, 2, 1) if at + n <= len(words.forms))
    return next((e for e in ends if title_of(words, at, e) in _small_heads() and words.forms[e - 1].islower()), at)


def _beside_small_office(words: Words, at: int, office: int, skip: Container[int]) -> Name | None:
    """A name in full after it ("foreign minister Ada Varn", also between commas) or before it ("Ada Varn, the minister")."""
    start, portfolio = at, word_set("offices", "portfolio") - {"the", "his", "her"}
    while start > 0 and words.forms[start - 1].islower() and words.forms[start - 1] in portfolio:
        start -= 1
    comma = words.phrase(office, office + 1) == ","
    first = office + comma
    last = name_at(words, first, skip) if starts_upper(words, first) else first
    apart = words.phrase(last, last + 1) in (",", ".", "") and (
        words.phrase(start - 1, start) in _OWNED or is_given(words, first)
    )
    if last - first > 1 and _is_whole(words, first, last) and (apart or not comma):
        return Name(first, last, (start, office))
    last = start - 1 - (words.phrase(start - 1, start) == "the")
    if words.phrase(last, last + 1) != ",":
        return None
    for first in range(max(last - MAX_NAME, 0), last - 1):
        if is_given(words, first) and name_at(words, first, skip) == last and _is_whole(words, first, last):
            return Name(first, last, (start, office))
    return None


def _after_office(words: Words, at: int, office: int, skip: Container[int]) -> Iterator[Name]:
    """ "Minister for Foreign Affairs Ada Varn", "Presidents Varn and Oduya"."""
    start = _role_start(words, at)
    if words.phrase(at, office) in word_set("offices", "ranks"):
        role_end = office + (words.phrase(office, office + 1) == ".")
    else:
        role_end = portfolio_end(words, office, skip)
        if words.phrase(office, office + 2) == "' s" and role_end > office:
            return  # "the President's National Plan"; an office after it is found by itself
    for comma in (0, 1):
        if comma and (words.phrase(role_end, role_end + 1) != "," or role_end == office):
            return
        first = role_end + comma
        last = name_at(words, first, skip)
        body = words.phrase(first, last).title() in word_set("organisations", "heads")  # "Secretary of the Glass Council"
        if last - first == 1 and (body or words.phrase(at, office) in word_set("offices", "doubtful")):
            return
        if last - first > comma:
            yield Name(first, last, (start, role_end))
            yield from _coordinated(words, at, last, skip)
            return


def _coordinated(words: Words, at: int, last: int, skip: Container[int]) -> Iterator[Name]:
    """The further names after a plural office: "Presidents Varn and Oduya"."""
    if not words.forms[at].endswith("s") and not words.phrase(at, at + 2).endswith("ministers"):
        return
    while words.phrase(last, last + 1) in (",", "and"):
        first = last + 1 + (words.phrase(last, last + 2) == ", and")
        last = name_at(words, first, skip)
        if last == first:
            return
        yield Name(first, last, (at, at + 1))


def _role_start(words: Words, at: int) -> int:
    """Takes in ranks ("Lt. Gov.") and the capitalised words of the portfolio ("Deputy National Security Advisor") before it."""
    portfolio = word_set("offices", "portfolio")
    while at > 1 and words.forms[at - 1] == "." and words.forms[at - 2].lower() in _short_ranks():
        at -= 2
    while at > 0 and words.forms[at - 1][0].isupper() and words.forms[at - 1].lower() in portfolio - {"the", "his", "her"}:
        at -= 1
    return at


def portfolio_end(words: Words, at: int, skip: Container[int]) -> int:
    """The index after an office's field and country: "of Foreign Affairs of the Republic of Arvenia"."""
    portfolio, start = word_set("offices", "portfolio"), at
    while at < len(words.forms) and at - start < MAX_PORTFOLIO:
        low = words.forms[at].lower()
        link = low in ("of", "for", "the", "and", "to", "on", "'", "s", ".", "&") and (
            low != "." or words.forms[at - 1].lower() in ("mr", "mrs", "ms", "dr", "e")
        )
        named = words.forms[at][0].isupper() and low in portfolio
        if not link and at not in skip and not named and not _is_short(words, at, skip):
            break
        at += 1
    while at > start and words.forms[at - 1].lower() in ("of", "for", "the", "and", "to", "on", "'", "s", "&"):
        at -= 1
    return at


def _is_short(words: Words, at: int, skip: Container[int]) -> bool:
    """Whether an abbreviation stands between an office and a whole name ("Assistant Secretary of INL Ada Varn")."""
    word = words.forms[at]
    if not (word.isupper() and 1 < len(word) < 7 and word.isalpha() and words.phrase(at - 1, at) in ("of", "for", "the")):
        return False
    end = name_at(words, at + 1, skip)
    return end - at > 2 and not words.forms[at + 1].isupper() and not starts_upper(words, end)


def _before_office(words: Words, at: int, office: int, skip: Container[int]) -> Iterator[Name]:
    """ "Ada Varn, Foreign Minister of Arvenia": a full name, a comma, and within six words the office."""
    start = _role_start(words, at)
    comma = start - 1
    while comma > start - 7 and comma > 0 and words.forms[comma] != ",":
        if not (words.forms[comma][0].isupper() or words.forms[comma] in ("the", "of", "for", "'", "s", "and", *HYPHENS)):
            return
        comma -= 1
    if comma < 2 or words.forms[comma] != "," or words.forms[comma + 1] == "and":
        return
    for first in range(max(comma - MAX_NAME, 0), comma - 1):
        if name_at(words, first, skip) == comma and comma - first >= 2 and office_at(words, first) == first:
            yield Name(first, comma, (start, portfolio_end(words, office, skip)))
            return

"""Offices without a person, and bodies by the last word of their name, from the words alone.

An office that only one person can hold stands for its state ("the Prime Minister of Arvenia", "the Arvenian Foreign
Minister"; CODEBOOK E). A body that the text has named in full is afterwards called by its head ("the Agency"). Indices
are those of `codebook.actors.Words`, half-open.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.codebook.actors import Hit, Words, load_context
from pipeline.components.actors.persons import MAX_PORTFOLIO, office_at, portfolio_end, starts_upper, title_of, word_set

#: Offices of `actors.toml` that other states have too.
_SHARED = frozenset({"Attorney General", "Secretary of State"})


@dataclass(frozen=True, slots=True)
class Office:
    """An office with its state: words `first` to `last` (excluded), the state's id and the office as written."""

    first: int
    last: int
    state: str
    title: str


def offices(words: Words, hits: Iterable[Hit], taken: Container[int]) -> Iterator[Office]:
    """Unique offices of the states in `hits`.

    Args:
        words: the text.
        hits: names and demonyms of states.
        taken: indices of words in persons' names and roles: those offices have a person.
    """
    for hit in hits:
        found = _after_state(words, hit) or _before_state(words, hit)
        if found and not any(i in taken for i in range(found.first, found.last)):
            yield found


def _after_state(words: Words, hit: Hit) -> Office | None:
    """ "Arvenian Foreign Minister", "Arvenia's Secretary of State"."""
    at = hit.last + (2 if words.phrase(hit.last, hit.last + 2) == "' s" else words.phrase(hit.last, hit.last + 1) == "'")
    end = _unique_at(words, at)
    return Office(hit.first, end, hit.actor_id, words.phrase(at, end)) if end > at else None


def _before_state(words: Words, hit: Hit) -> Office | None:
    """ "Prime Minister of Arvenia", "Secretary of Defence of the Republic of Arvenia"."""
    link = hit.first - 1 - (words.phrase(hit.first - 1, hit.first) == "the")
    if hit.form != "name" or starts_upper(words, hit.last) or words.phrase(link, link + 1) not in ("of", "to"):
        return None
    for first in range(max(link - MAX_PORTFOLIO, 0), link):
        alone = words.forms[first - 1] in ("The", "Our") or not starts_upper(words, first - 1)
        if _unique_at(words, first) == link and alone and words.phrase(first - 1, first) != "as":
            return Office(first, hit.last, hit.actor_id, words.phrase(first, link))
    return None


def _unique_at(words: Words, at: int) -> int:
    """The index after the office that begins at `at` if only one person holds it, else `at`; a portfolio belongs to it."""
    if at >= len(words.forms) or at < 0:
        return at
    end = office_at(words, at)
    title = title_of(words, at, end)
    if end == at:
        return at
    wide = portfolio_end(words, end, ())
    if title in word_set("offices", "with_portfolio"):
        end = wide if wide > end and words.phrase(end, end + 1) in ("of", "for") else at
    elif title not in word_set("offices", "unique"):
        return at
    return at if starts_upper(words, end) else end


def by_head(words: Words, named: Sequence[tuple[int, int]], known: Container[str]) -> Iterator[tuple[int, int, int]]:
    """Where a body is called by its head alone ("the Agency").

    Args:
        words: the text.
        named: characters of the full names, in order.
        known: heads that mean one body wherever they stand.

    Yields:
        start and end in characters, and the index in `named` of the nearest full name before; -1 for a head of `known`
        before which there is none.
    """
    heads = word_set("organisations", "short")
    places = [(end, head_of(words.text[start:end]), i) for i, (start, end) in enumerate(named)]
    latest: dict[str, int] = {}
    waiting = iter([*places, (len(words.text) + 1, "", -1)])
    following = next(waiting)
    for at, form in enumerate(words.forms):
        while following[0] <= words.spans[at][0]:
            latest[following[1]] = following[2]
            following = next(waiting)
        if (
            form in heads
            and (form in latest or form in known)
            and words.phrase(at - 1, at) == "the"
            and not _goes_on(words, at + 1)
        ):
            yield (*words.spans[at], latest.get(form, -1))


def head_of(name: str) -> str:
    """The head of a body's name: its last word, or the first before "of" and "for"; empty if it is none of the codebook's."""
    heads = word_set("organisations", "short")
    parts: list[str] = re.findall(r"\w+", name)
    if len(parts) > 1 and parts[-1] in heads:
        return parts[-1]
    at = next((i for i, part in enumerate(parts) if part in ("of", "for", "on")), 0)  # "Joint Council on Glass"
    return parts[at - 1] if at and parts[at - 1] in heads else ""


def _goes_on(words: Words, at: int) -> bool:
    """Whether the name goes on: "the Agency Board", "the Council of Glaziers"."""
    return starts_upper(words, at) or (words.phrase(at, at + 1) in ("of", "for", "on") and starts_upper(words, at + 1))


def side_of_office(text: str) -> str:
    """The state that alone has such an office: "National Cyber Director"."""
    local = load_context()["local"]
    return next(
        (s for s in local for office, of in local[s].items() if of != s and office not in _SHARED and office in text), ""
    )

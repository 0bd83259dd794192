"""Short names and abbreviations that a text gives to an actor: "(EDC)", "hereinafter 'the Union'"."""

from __future__ import annotations

import re
from collections.abc import Iterator

DEFINED = re.compile(
    r"\s*,?\s*\(?\s*(?:hereinafter|hereafter)(?:\s+(?:jointly\s+)?(?:referred\s+to\s+as|called|the))?\s*(?:the\s+)?[\"“”'‘’„«]*(?:the\s+)?"
    r"(?P<name>[A-Z][\w.&-]*(?:[^\S\n]+[A-Z][\w.&-]*){0,3})"
)
BRACKET = re.compile(
    r"\s*\(\s*(?:the\s+)?(?P<quote>[\"“”'‘’]\s*(?:the\s+)?)?(?P<name>[A-Z][\w&/+-]*(?:\s[A-Z][\w&/+-]*)?)[\"“”'‘’]?\s*\)"
)
#: Names of roles in the text, not of actors (CODEBOOK E).
NOT_DEFINED = frozenset(
    {
        "parties",
        "party",
        "contracting parties",
        "agreement",
        "sides",
        "participants",
        "participant",
        "signatories",
        "arrangement",
        "member states",
    }
)


def definitions(text: str, start: int, end: int, *, state: bool = False) -> Iterator[str]:
    """What the text calls the actor named from `start` to `end` from here on: "(EDC)", "hereinafter 'the Union'".

    Args:
        text: all of it.
        start: where the name begins, in characters.
        end: where it ends.
        state: whether it is a state's: what stands in brackets after one is most often something else of that state.
    """
    bracket = BRACKET.match(text, end, end + 60)
    if bracket and (bracket["quote"] or _abbreviates(bracket["name"], text, start, end, state=state)):
        yield bracket["name"]
    defined = DEFINED.match(text, end, end + 120)
    if defined:
        name = defined["name"]
        yield name.rstrip(".") if name.count(".") == 1 else name  # not of "U.S."


def _abbreviates(short: str, text: str, start: int, end: int, *, state: bool) -> bool:
    """Whether what stands in brackets after a name is an abbreviation of it.

    After the test of Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation definitions in
    biomedical text": its letters stand in the name in this order. Words that were cut from the name may hold them too.
    One word in capitals passes without, for a body may keep its abbreviation of another language; a state's must
    be the initials of its name. Two words may share one with it instead ("Arvenia Glass Commission (Glasslight Arvenia)").
    """
    name = text[start:end]
    if sum(c.isupper() for c in short) < 2 or re.search(r"\d{3}", short):  # "(SPA0026)" is the number of a file
        return False
    if state:
        return short.lower() == "".join(word[0] for word in re.findall(r"\w+", name)).lower()
    if " " in short:
        return in_order(short, name) or not set(short.split()).isdisjoint(re.findall(r"\w+", name))
    return re.fullmatch(r"[A-Z&/+-]+", short) is not None or in_order(short, text[max(end - 120, 0) : end])


def in_order(short: str, name: str) -> bool:
    """Whether the letters and digits of `short` stand in `name` in this order."""
    letters = iter(name.lower())
    return all(c in letters for c in short.removesuffix("s").lower() if c.isalnum())

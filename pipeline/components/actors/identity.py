"""Ids of bodies that no gazetteer knows: the whole name, after the state it names ("NLD_MINISTRY_OF_DEFENCE").

A name is no abbreviation: of the bodies in 980 documents five shared the initials CCC, and one body had an id with its
abbreviation and another without. What many states have ("Ministry of Defence", "Joint Committee") takes the
state that owns it, or the document's parties. Indices are those of `codebook.actors.Words`, half-open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.codebook.actors import Gazetteer, Hit, Words, load_context, styled
from pipeline.components.actors.definitions import definitions, in_order
from pipeline.components.actors.persons import Name

#: Joins the states before a name: "Arvenia-Belmark Glass Council".
_LINKS = frozenset({"-", "‐", "–", "—", "/", "&", "and", "'", "s"})
#: With more parties than this the id of a body without owner is its name alone.
MAX_PARTIES = 8


def owners_of(gazetteer: Gazetteer, hits: Iterable[Hit]) -> dict[int, Hit]:
    """Names of what may own a body, by their first word: states with their demonyms and capitals, and the EU."""
    named = (h for h in hits if h.actor_id in gazetteer.actors)
    return {h.first: h for h in named if h.actor_id == "EU" or gazetteer.actors[h.actor_id].kind == "state"}


def base_id(words: Words, name: Name, owners: Mapping[int, Hit]) -> tuple[str, str]:
    """The owners' ids, sorted and joined, empty without any; and the rest of the name as an id.

    Owners stand before the name ("Arvenian Glass Agency", "Arvenia's Glass Agency") or end it ("of the Republic of Arvenia").
    """
    first, last, found = name.first, name.last, set()
    while first < last and first in owners:
        found.add(owners[first].actor_id)
        first = owners[first].last
        while first < last and words.forms[first] in _LINKS:
            first += 1
    if not found and words.phrase(first - 2, first) == "' s":
        found.update(owners[at].actor_id for at in range(first - 7, first - 2) if at in owners and owners[at].last == first - 2)
    for at in range(first + 1, last):
        if at in owners and owners[at].form == "name" and _ends(words, owners, at, last):
            start = styled(words, at)
            start -= words.phrase(start - 1, start) == "the"
            if words.phrase(start - 1, start) == "of" and start - 1 > first:
                found.add(owners[at].actor_id)
                last = start - 1
                break
    if last - first < 2 and len(found) < 2:
        return "", _snake(words, name.first, name.last)
    return "_".join(sorted(found)), _snake(words, first, last)


def _ends(words: Words, owners: Mapping[int, Hit], at: int, last: int) -> bool:
    """Whether only a seat follows the name of a state ("of Arvenia, Port Arven")."""
    at = owners[at].last
    while at < last and (words.forms[at] == "," or (at in owners and owners[at].form == "capital")):
        at = owners[at].last if at in owners else at + 1
    return at >= last


def _snake(words: Words, first: int, last: int) -> str:
    return "_".join(w.upper() for w in words.forms[first:last] if w[0].isalnum())


def is_generic(rest: str) -> bool:
    """Whether many states or agreements have a body of that name."""
    generic = load_context()["organisations"]["generic"]
    parts = rest.split("_")
    return parts[0].capitalize() in generic or parts[-1].capitalize() in ("Ministry", "Department")


def settle(
    words: Words, named: Sequence[Name], owners: Mapping[int, Hit], gazetteer: Gazetteer, parties: Iterable[str]
) -> dict[str, str]:
    """Ids by the id that a name would have by itself, where the rest of the document says more.

    Args:
        words: the text.
        named: names of bodies in it that the gazetteer lacks.
        owners: see `owners_of`.
        gazetteer: for the known body that a bracket names ("Arvenia Aid Mission (ARAM Belmark)").
        parties: ids of the document's parties.
    """
    bases = [base_id(words, name, owners) for name in named]
    owned: dict[str, set[str]] = {}
    for owner, rest in bases:
        if owner:
            owned.setdefault(rest, set()).add(owner)
    of = sorted(parties)
    ids: dict[str, str] = {}
    for rest in {rest for owner, rest in bases if not owner}:
        alone = owned.get(rest, set())
        owner = next(iter(alone)) if len(alone) == 1 else "_".join(of) if is_generic(rest) and len(of) <= MAX_PARTIES else ""
        ids[rest] = joined(owner, rest)
    shorts: dict[str, str] = {}
    for name, base in zip(named, bases, strict=True):
        start, end = words.spans[name.first][0], words.spans[name.last - 1][1]
        for short in definitions(words.text, start, end):
            known = gazetteer.whole(short)
            # Three letters stand for too many: another body than the known one may have them.
            if known and len(short) > 3 and in_order(short, words.text[start:end]):
                ids[joined(*base)] = known
            elif not known:
                shorts.setdefault(short.upper(), ids.get(joined(*base), joined(*base)))
    for rest in ids:  # "(GTA)" and afterwards "the GTA Agency"
        short, _, more = rest.partition("_")
        if short in shorts and more and "_" not in more:
            ids[rest] = shorts[short]
    return ids


def joined(owner: str, rest: str) -> str:
    """The id of a body with its owner, if it has one."""
    return f"{owner}_{rest}" if owner else rest

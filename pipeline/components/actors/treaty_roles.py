"""Roles that a treaty on a mission or an office gives to its parties: the host State, the Head of Mission (CODEBOOK E).

Such words name one actor only, so that they are mentions; "the Parties" and "the requested State" are none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from pipeline.codebook.actors import Gazetteer, load_context, split

#: "‘Host State’ shall mean the Republic of Arvenia": the role stands before the name.
MEANS = re.compile(
    r"[\"“”„'‘’]+(?:the\s+)?(?P<role>[A-Z]?[a-z]*\s?(?:State|Party|Government))[\"“”'‘’]+\s+(?:shall\s+)?means?\s+(?:the\s+)?$"
)
#: As many characters before a name may hold the beginning of such a definition.
BEFORE = 80


def hosts(parties: Collection[str]) -> dict[str, str]:
    """The host State of a treaty between an organisation and one state: the state, by each way to write it."""
    organisations = load_context()["roles"]["organisations"]
    states = [party for party in parties if party not in organisations]
    alone = len(parties) == 2 and len(states) == 1
    return dict.fromkeys(load_context()["roles"]["host"], states[0]) if alone else {}


def defined_before(text: str, start: int) -> Iterator[str]:
    """The role that a text defines by the name that begins at `start`."""
    found = MEANS.search(text, max(start - BEFORE, 0), start)
    if found and found["role"].split()[0].lower() not in load_context()["roles"]["open"]:
        yield found["role"]


def commands(ids: Iterable[str], title: str, gazetteer: Gazetteer) -> dict[str, str]:
    """Who leads a mission stands for it, where a document names one mission only.

    Args:
        ids: actors that the text names.
        title: the document's, which may name the mission, too.
        gazetteer: where missions are known by the beginning of their id.
    """
    prefixes = tuple(load_context()["roles"]["missions"])
    titled = {hit.actor_id for hit in gazetteer.scan(split(title)) if hit.actor_id.startswith(prefixes)}
    missions = titled or {actor_id for actor_id in ids if actor_id.startswith(prefixes)}
    return dict.fromkeys(load_context()["roles"]["command"], next(iter(missions))) if len(missions) == 1 else {}

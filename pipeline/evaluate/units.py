"""What is judged: the areas of the codebook, and the actors whose linking counts."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from pipeline.codebook import Codebook, load_codebook
from pipeline.codebook.actors import HERE, read_actors
from pipeline.errors import CatalogueError
from pipeline.evaluate.rows import Pair

#: Besides states: organisations whose id anyone would write the same way, so that another id is a mistake.
ORGANISATIONS = ("EU", "NATO", "UN", "G7")


def area_names(pairs: Iterable[Pair], codebook: Codebook | None = None) -> dict[str, str]:
    """Areas to judge with their names, in the codebook's order.

    Raises:
        CatalogueError: a passage carries an area that the codebook does not have.
    """
    book = codebook or load_codebook()
    names = {a.id: a.name or a.id for a in book.areas}
    unknown = sorted({a for p in pairs for a in p.gold.areas | p.coded.areas} - names.keys())
    if unknown:
        message = f"The codebook {book.name!r} {book.version} has no area {', '.join(unknown)}."
        raise CatalogueError(message, advice="Give the codebook by which the passages were coded.")
    return names


@functools.cache
def states() -> frozenset[str]:
    """Ids of all states of ISO 3166-1, as the gazetteer has them."""
    return frozenset(a.id for a in read_actors(HERE / "actors.csv") if a.kind == "state" and a.source.startswith("ISO 3166-1"))


def linked_actors() -> frozenset[str]:
    """Ids of the actors whose linking is judged: states, and the organisations above."""
    return states() | frozenset(ORGANISATIONS)

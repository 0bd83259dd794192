"""What to call the areas, documents and actors of a dataset."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from pipeline.compare.frames import Data, chosen, table
from pipeline.dataset.citation import known_actors


class _Area(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


class _Codebook(Protocol):
    @property
    def areas(self) -> Iterable[_Area]: ...


def names_of(data: Data, codebook: _Codebook | None = None) -> dict[str, str]:
    """Names for the charts' argument `names`: areas in the order of the codebook, documents by date, actors by name.

    A document is called by its short title. An actor is called as in the list of actors that comes with Pactscope, or, if it
    comes from a list of one's own, as the documents call it most often.

    Args:
        codebook: of `pipeline.codebook.areas.load_codebook`; without it areas are called by their ids.
    """
    areas = {area.id: area.name for area in codebook.areas} if codebook else {}
    documents = dict(chosen(data, None)[["key", "short_title"]].itertuples(index=False, name=None))
    return areas | documents | dict(sorted(_actors(data).items(), key=lambda item: (item[1], item[0])))


def _actors(data: Data) -> dict[str, str]:
    known, mentions = known_actors(), table(data, "mentions")
    counts = mentions[mentions["actor_id"] != ""].groupby(["actor_id", "text"]).size().reset_index(name="n")
    most = counts.sort_values(["actor_id", "n", "text"], ascending=[True, False, True]).drop_duplicates("actor_id")
    pairs = most[["actor_id", "text"]].itertuples(index=False)
    return {actor: known[actor]["name"] if actor in known else text for actor, text in pairs}

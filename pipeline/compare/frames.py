"""What all comparisons share: tables in one order, groups of documents, areas with their weights, the parties behind organs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from pipeline.dataset import schema
from pipeline.dataset.citation import known_actors
from pipeline.dataset.notebook import TableFrame
from pipeline.errors import SettingsError, StoreError

if TYPE_CHECKING:
    from pipeline.dataset import Dataset

#: A loaded dataset, or frames by table name (a selection of rows, the frames of one analysis).
Data: TypeAlias = "Dataset | Mapping[str, pd.DataFrame]"
BY = ("document", "partner", "year", "publisher")
RESIDUE, NO_AREA, ALL = "(residue)", "(none)", "(all)"
UNKNOWN = "(unknown)"
#: Tables that datasets of earlier versions lack.
_LATER = frozenset({"mechanisms", "instruments"})
_DTYPES: dict[str, Any] = {"string": "str", "integer": "Int32", "number": "float64", "boolean": "bool"}


def table(data: Data, name: str) -> pd.DataFrame:
    """The table called `name` with all its columns, sorted by key and offset, so that the order of the input never matters.

    A table that datasets of earlier versions lack is empty if it is missing.

    Raises:
        StoreError: another table is missing.
    """
    found = _find(data, name)
    if found is None:
        if name not in _LATER:
            raise StoreError(f"The dataset has no table {name!r}.", advice="Give a dataset loaded with load_dataset().")
        found = pd.DataFrame()
    found = _complete(found, name)
    order = [c for c in ("key", "start", "end", "record_id") if c in found]
    return found.sort_values(order, kind="stable", ignore_index=True)


def _find(data: Data, name: str) -> pd.DataFrame | None:
    if isinstance(data, Mapping):
        return data.get(name)
    try:
        found: pd.DataFrame | None = getattr(data, name, None)
    except StoreError:
        if name in _LATER:
            return None
        raise
    return found


def _complete(found: pd.DataFrame, name: str) -> pd.DataFrame:
    """The frame with every column that it should have; those that it lacks are empty."""
    missing = [c for c in schema.COLUMNS[name] if c.name not in found]
    blank = {c.name: pd.Series([c.empty] * len(found), index=found.index, dtype=_DTYPES[c.type]) for c in missing}
    return found.assign(**blank) if blank else found


def has(data: Data, name: str) -> bool:
    """Whether the dataset holds the table at all."""
    return _find(data, name) is not None


def result(rows: Iterable[Any], columns: Sequence[str]) -> pd.DataFrame:
    """Rows as a frame whose columns are there even without rows."""
    return TableFrame(list(rows), columns=list(columns))


def chosen(data: Data, documents: Iterable[str] | None) -> pd.DataFrame:
    """The documents with the given keys (one or several; all for None) in order of date, then key, undated ones last.

    Raises:
        SettingsError: there is no document with one of the keys.
    """
    found = table(data, "documents")
    if documents is not None:
        keys = {documents} if isinstance(documents, str) else set(documents)
        if unknown := sorted(keys - set(found["key"])):
            raise SettingsError(f"There is no document {unknown[0]!r} in the dataset.", advice="Give keys of `documents`.")
        found = found[found["key"].isin(list(keys))]
    return in_time(found)


def in_time(frame: pd.DataFrame, *then: str) -> pd.DataFrame:
    """Rows by date, key and further columns; undated ones last, since nothing says that others took their words from them."""
    rank = frame["date"].where(frame["date"] != "", "~")
    order = frame.assign(_date=rank).sort_values(["_date", "key", *then], kind="stable", ignore_index=True)
    return order.drop(columns="_date")


def of(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows of one document."""
    return frame[frame["key"] == key].reset_index(drop=True)


def split(cell: str, separator: str = ";") -> list[str]:
    """The parts of a list in one cell."""
    return [part.strip() for part in cell.split(separator) if part.strip()] if cell else []


def groups(data: Data, by: str, home: str = "") -> pd.DataFrame:
    """Which documents belong to which group: columns key, group.

    Args:
        by: one of `BY`. A document with several partners belongs to each; one without has the group `(unknown)`.
        home: party that is not a partner; by default the one that stands in most documents.

    Raises:
        SettingsError: `by` is something else.
    """
    if by not in BY:
        raise SettingsError(f"Documents cannot be grouped by {by!r}.", advice=f"Give one of {', '.join(BY)}.")
    documents = table(data, "documents")
    if by == "partner":
        return _partners(documents, home)
    values = {"document": documents["key"], "year": documents["date"].str[:4], "publisher": documents["publisher"]}[by]
    return pd.DataFrame({"key": documents["key"], "group": values.replace("", UNKNOWN)})


def _partners(documents: pd.DataFrame, home: str) -> pd.DataFrame:
    parties = {key: split(cell) for key, cell in zip(documents["key"], documents["parties"], strict=True)}
    home = home or usual_party(parties.values())
    rows = [(key, p) for key, ps in parties.items() for p in ([p for p in dict.fromkeys(ps) if p != home] or [UNKNOWN])]
    return result(rows, ("key", "group"))


def usual_party(parties: Iterable[Sequence[str]]) -> str:
    """The party that stands in most documents, the first by name of several; empty if there is none."""
    counts = Counter(party for ps in parties for party in set(ps))
    return min(counts, key=lambda party: (-counts[party], party), default="")


def explode_areas(frame: pd.DataFrame, size: str) -> pd.DataFrame:
    """A row for each area of each row of `frame`, with its share of the column `size` (CODEBOOK E: 1/n in each of n areas).

    Rows without an area stand under `(residue)` where their column `residue` is true, else under `(none)`.
    """
    lists = [split(cell) or [RESIDUE if left else NO_AREA] for cell, left in zip(frame["areas"], frame["residue"], strict=True)]
    weights = [float(n) / len(areas) for n, areas in zip(frame[size], lists, strict=True)]
    parts = frame.assign(area=pd.Series(lists, index=frame.index, dtype=object), weight=weights)
    return parts.explode("area", ignore_index=True)


def numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with numbers for its columns key and place, as `document` and `place`, which are quick to count by."""
    return frame.assign(document=pd.factorize(frame["key"])[0], place=pd.factorize(frame["place"])[0])


def party_behind(actor: str, parties: Iterable[str]) -> str:
    """The party that an actor is or belongs to (EEAS -> EU, XAA_NAVY -> XAA), empty if none of `parties`."""
    known, seen = set(parties), set[str]()
    while actor and actor not in seen:
        if actor in known:
            return actor
        seen.add(actor)
        actor = known_actors().get(actor, {}).get("parent") or (actor.rpartition("_")[0] if ":" not in actor else "")
    return ""

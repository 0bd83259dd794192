"""Who commits together, to whom, and which instruments documents refer to: edge lists for any network tool."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pandas as pd

from pipeline.compare.frames import Data, result, split, table

ACTORS = ("source", "target", "relation", "n", "n_documents", "mean_level", "areas", "years")
INSTRUMENTS = ("key", "date", "parties", "instrument", "kind", "nature", "n", "n_handed_over", "citations")

_LEADING = re.compile(r"^(?:the|this|that|these)\s+", re.IGNORECASE)


def actor_network(data: Data) -> pd.DataFrame:
    """Edges between actors that commit together, and from actors to those with or for whom they commit.

    Method: co-occurrence of bound actors in one commitment (undirected, ids in order) and, directed, from each bound actor to
    each actor named in the recipient; weights are commitments (Wasserman & Faust 1994, ch. 3 and 8, two-mode data projected).

    Returns:
        A row an edge: source and target (actor ids), relation `together` or `to`, n commitments, in how many documents, their
        mean obligation level (1 to 4), the areas with their commitments ("maritime:3;space:1"), years. Strongest first.
    """
    commitments = table(data, "commitments").merge(table(data, "documents")[["key", "date"]], on="key", how="left")
    named = _mentions(data)
    rows = []
    for row in commitments.to_dict("records"):
        actors = sorted(set(split(row["party_ids"])))
        edges = [(a, b, "together") for a, b in combinations(actors, 2)]
        edges += [(a, b, "to") for a in actors for b in _recipients(row, named) if b not in actors]
        found = (row["key"], float(row["obligation_level"]), row["areas"], str(row["date"])[:4])
        rows += [(*edge, *found) for edge in edges]
    frame = result(rows, ("source", "target", "relation", "key", "level", "areas", "year"))
    groups = frame.groupby(["source", "target", "relation"], sort=True)
    edges = [_edge((str(a), str(b), str(relation)), part) for (a, b, relation), part in groups]
    return result(sorted(edges, key=lambda e: (-e[3], *e[:3])), ACTORS)


def _edge(edge: tuple[str, str, str], part: pd.DataFrame) -> tuple[Any, ...]:
    areas = Counter(area for cell in part["areas"] for area in split(cell))
    shown = ";".join(f"{area}:{n}" for area, n in sorted(areas.items(), key=lambda item: (-item[1], item[0])))
    years = ";".join(sorted(set(part["year"]) - {""}))
    return (*edge, len(part), part["key"].nunique(), float(part["level"].mean()), shown, years)


def _mentions(data: Data) -> dict[str, tuple[list[int], list[str]]]:
    """Offsets and actor ids of each document's mentions, in order."""
    out: dict[str, tuple[list[int], list[str]]] = {}
    for key, start, actor in table(data, "mentions")[["key", "start", "actor_id"]].itertuples(index=False):
        starts, actors = out.setdefault(key, ([], []))
        starts.append(int(start))
        actors.append(actor)
    return out


def _recipients(row: Mapping[Any, Any], named: dict[str, tuple[list[int], list[str]]]) -> list[str]:
    """Ids of the actors mentioned in the recipient of a commitment."""
    if not row["recipient"] or pd.isna(row["recipient_start"]):
        return []
    starts, actors = named.get(row["key"], ([], []))
    first, last = (bisect_left(starts, int(row[name])) for name in ("recipient_start", "recipient_end"))
    return sorted(set(actors[first:last]) - {""})


def instrument_network(data: Data) -> pd.DataFrame:
    """Edges from documents to the treaties, decisions and agreements that they refer to.

    Method: citation network (de Solla Price 1965), weight the number of references; what several documents refer to first.

    Returns:
        A row a document and instrument (its commonest spelling; case and a leading article make no other): n references with
        their citations, joined by " | ", n_handed_over commitments handed over to it. Empty where the dataset has no
        instruments.
    """
    frame = table(data, "instruments")
    frame = frame.assign(same=[_LEADING.sub("", " ".join(text.split())).casefold() for text in frame["text"]])
    frame = frame.merge(table(data, "documents")[["key", "date", "parties"]], on="key", how="left")
    rows = []
    for _, found in frame.groupby("same", sort=True):
        texts = Counter(_LEADING.sub("", " ".join(text.split())) for text in found["text"])
        name = min(texts, key=lambda text: (-texts[text], text))
        documents = [part for _, part in found.groupby("key", sort=True)]
        rows += [(-len(documents), name, _reference(name, part)) for part in documents]
    return result([row for *_, row in sorted(rows, key=lambda r: (r[0], r[1], r[2][0]))], INSTRUMENTS)


def _reference(name: str, part: pd.DataFrame) -> tuple[Any, ...]:
    first = dict(part.iloc[0])
    handed = {record for cell in part["commitment_ids"] for record in split(cell)}
    citations = " | ".join(dict.fromkeys(part["citation"]))
    place = (first["key"], first["date"], first["parties"])
    return (*place, name, first["kind"], first["nature"], len(part), len(handed), citations)

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
_YEAR, _UN = re.compile(r"^[12]\d{3}\s+"), re.compile(r"\b(?:un|united nations)\b")
_SMALL = frozenset({"of", "on", "the", "for", "and", "in", "to"})
#: An abbreviation in brackets right after a name, which the text so introduces.
_ABBREVIATION = re.compile(r"\s*\(\W*((?=\w*[A-Z]\w*[A-Z])\w{3,})\W*\)")


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

    One instrument are names with the same words, small ones, a leading year and the order apart ("UN Charter", "Charter of the
    United Nations"), and abbreviations that a document introduces ("… on the Law of the Sea (UNCLOS)"). Names that say no more
    than the kind ("Memorandum of Understanding") may mean another one in each document.

    Returns:
        A row a document and instrument (its commonest spelling): n references with their citations, joined by " | ",
        n_handed_over commitments handed over to it. Empty where the dataset has no instruments.
    """
    frame = table(data, "instruments")
    names = [_LEADING.sub("", " ".join(text.split())) for text in frame["text"]]
    same = [_same(name) for name in names]
    short = _abbreviations(data, frame, same)
    frame = frame.assign(name=names, same=[short.get(one, one) for one in same])
    frame = frame.merge(table(data, "documents")[["key", "date", "parties"]], on="key", how="left")
    spelt: dict[str, Counter[str]] = {}
    found: dict[tuple[str, str], list[dict[Any, Any]]] = {}
    for row in frame.to_dict("records"):
        spelt.setdefault(row["same"], Counter())[row["name"]] += 1
        found.setdefault((row["same"], row["key"]), []).append(row)
    documents = Counter(same for same, _ in found)
    called = {same: min(names, key=lambda text: (-names[text], text)) for same, names in spelt.items()}
    ranked = sorted(found, key=lambda pair: (-documents[pair[0]], called[pair[0]], pair))
    return result([_reference(called[pair[0]], found[pair]) for pair in ranked], INSTRUMENTS)


def _same(name: str) -> str:
    """What all names of one instrument have in common."""
    words = _UN.sub("un", _YEAR.sub("", name.casefold())).split()
    return " ".join(sorted(set(words) - _SMALL))


def _abbreviations(data: Data, instruments: pd.DataFrame, same: list[str]) -> dict[str, str]:
    """Abbreviation -> the instrument that it most often is introduced for."""
    passages = table(data, "passages")
    places = {row[0]: row[1:] for row in passages[["record_id", "start", "text"]].itertuples(index=False, name=None)}
    found: Counter[tuple[str, str]] = Counter()
    for passage, end, name in zip(instruments["passage_id"], instruments["end"], same, strict=True):
        start, text = places.get(passage, (0, ""))
        if match := _ABBREVIATION.match(text, int(end) - int(start)) if text else None:
            found[_same(match[1]), name] += 1
    ranked = sorted(found, key=lambda pair: (found[pair], pair))
    return {short: name for short, name in ranked if short != name}


def _reference(name: str, rows: list[dict[Any, Any]]) -> tuple[Any, ...]:
    first = rows[0]
    handed = {record for row in rows for record in split(row["commitment_ids"])}
    citations = " | ".join(dict.fromkeys(row["citation"] for row in rows))
    place = (first["key"], first["date"], first["parties"])
    return (*place, name, first["kind"], first["nature"], len(rows), len(handed), citations)

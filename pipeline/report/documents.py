"""The page of each document: its facts with their sources, its outline, its text with everything that was found in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline.dataset.schema import METADATA, offsets
from pipeline.highlight import Mark, render

if TYPE_CHECKING:
    import pandas as pd
    from jinja2 import Template

    from pipeline.dataset import Dataset

Row: TypeAlias = dict[Any, Any]
#: Parts of a commitment that can be shown in the text, each by its offsets.
PARTS = ("actor", "object", "recipient", "time", "condition")
#: Facts at the end of the list, without a source of their own.
_FURTHER = ("source", "media_type", "languages", "pages", "chars", "settings_id", "codebook")
#: What security and defence cooperation outside the areas is called among them.
REST = "(rest)"
_INSIDE = ("mentions", "quotations", "commitments", "mechanisms", "instruments", "tags")


class Pages:
    """Makes the pages of a dataset's documents, one after the other.

    Args:
        template: of one document.
        areas: names of the areas by id.
        actors: names of the actors by id.
        nearest: for each document that shares clauses with another the one it shares most with: key, name, share.
    """

    def __init__(
        self,
        dataset: Dataset,
        template: Template,
        *,
        areas: dict[str, str],
        actors: dict[str, str],
        nearest: dict[str, Row] | None = None,
    ) -> None:
        self.template, self.areas, self.actors, self.nearest = template, areas, actors, nearest or {}
        self.tables = {name: _by_key(dataset.table(name)) for name in ("passages", *_INSIDE)}
        first = dataset.mechanism_table().assign(record_id=lambda fora: fora["record_ids"].str.split(";").str[0])
        placed = with_places(dataset.mechanisms, dataset.passages)[["record_id", "place"]]
        self.fora = _by_key(first.merge(placed, on="record_id", how="left"))

    def page(self, document: Row) -> str:
        """The page of one row of `documents`, as HTML."""
        key = document["key"]
        found = {name: rows.get(key, []) for name, rows in self.tables.items()}
        passages = list(self._passages(document["title"], found))
        return self.template.render(
            document=document,
            facts=facts(document),
            notes=notes(document),
            passages=passages,
            outline=[heading for passage in passages for heading in passage["headings"]],
            fora=self.fora.get(key, []),
            instruments=_named(found["instruments"], found["passages"]),
            nearest=self.nearest.get(key),
            areas=self.areas,
        )

    def _passages(self, title: str, found: dict[str, list[Row]]) -> Iterator[Row]:
        """Each passage with its text as HTML, the headings that begin at it, its tags and what it is filtered by."""
        inside = {name: _by(found[name], "passage_id") for name in _INSIDE}
        numbers = {row["record_id"]: n for n, row in enumerate(found["commitments"])}
        last: list[str] = []
        heading = 0
        for n, row in enumerate(found["passages"]):
            own = {name: rows.get(row["record_id"], []) for name, rows in inside.items()}
            path = row["heading_path"].split(" > ") if row["heading_path"] else []
            above = int(path[:1] == [title])  # the title stands above the text already
            new = [(level - above, text) for level, text in _new_headings(last, path) if level > above]
            headings = [{"id": f"h{heading + i}", "level": level, "text": text} for i, (level, text) in enumerate(new)]
            heading, last = heading + len(new), path
            yield {
                "row": row,
                "id": f"p{n}",
                "headings": headings,
                "html": render(row["text"], self._marks(row, own, numbers)),
                "tags": [tag for tag in own["tags"] if tag["status"] != "rejected"],
                "levels": " ".join(sorted({c["obligation"] for c in own["commitments"]})),
            }

    def _marks(self, passage: Row, own: dict[str, list[Row]], numbers: dict[str, int]) -> Iterator[Mark]:
        if passage["number"] and passage["text"].startswith(passage["number"]):
            yield Mark(0, len(passage["number"]), "num")
        at = passage["start"]
        for row in own["mentions"]:
            yield Mark(row["start"] - at, row["end"] - at, "actor", {"title": self._actor(row["actor_id"], row["role"])})
        for row in own["quotations"]:
            said = f"{row['kind']} quotation of {self._actor(row['speaker'])}" if row["speaker"] else f"{row['kind']} quotation"
            yield Mark(row["start"] - at, row["end"] - at, "quote", {"title": said})
        for row in own["mechanisms"]:
            details = ", ".join(_words(row[name]) for name in ("kind", "action", "level", "frequency") if row[name])
            yield Mark(row["start"] - at, row["end"] - at, "forum", {"title": details})
        for row in own["instruments"]:
            yield Mark(row["start"] - at, row["end"] - at, "instrument", {"title": f"{row['kind']}, {_words(row['nature'])}"})
        yield from _evidence(own["tags"], at)
        yield from _commitments(own["commitments"], numbers, at)

    def _actor(self, actor: str, role: str = "") -> str:
        name = self.actors.get(actor) or actor.removeprefix("name:")
        return f"{name}, {role}" if role else f"{name} ({actor})" if name != actor and ":" not in actor else name


def in_order(dataset: Dataset) -> pd.DataFrame:
    """The table of documents in order of date, then key; those without a date last."""
    found = dataset.documents
    dates = found["date"].where(found["date"] != "", "~")
    return found.assign(_date=dates).sort_values(["_date", "key"], ignore_index=True).drop(columns="_date")


def facts(document: Row) -> list[tuple[str, str, str]]:
    """What is known of a document: (name, value, where it comes from)."""
    out = []
    for name in METADATA:
        evidence = document.get(f"{name}_evidence") or ""
        source = document[f"{name}_source"] + (f": “{evidence}”" if evidence else "")
        if document[name]:
            out.append((_words(name), document[name].replace(";", "; ") if name == "parties" else document[name], source))
    return [*out, *((_words(name), str(document[name]), "") for name in _FURTHER if document[name] != "")]


def notes(document: Row) -> list[tuple[str, str]]:
    """What a user should know of a document: (code, message)."""
    parts = (note.partition(": ") for note in document["notes"].split(" | ") if note)
    return [(code, message or code) for code, _, message in parts]


def _evidence(tags: list[Row], at: int) -> Iterator[Mark]:
    """The words that carried each area."""
    areas: dict[tuple[int, int], list[str]] = {}
    for tag in tags:
        for extent in offsets(tag["evidence_at"]):
            areas.setdefault(extent, []).append(tag["area"])
    for (start, end), ids in areas.items():
        yield Mark(start - at, end - at, "ev", {"data-a": " ".join(dict.fromkeys(ids))})


def _commitments(rows: list[Row], numbers: dict[str, int], at: int) -> Iterator[Mark]:
    """Statement and parts of each commitment, marks of the same words as one; the aim leads to its evidence."""
    shared: dict[tuple[int, int, str], list[str]] = {}
    linked = -1
    for row in sorted(rows, key=lambda r: int(r["aim_start"])):
        number = str(numbers[row["record_id"]])
        shared.setdefault((row["start"], row["end"], "statement"), []).append(number)
        shared.setdefault((row["cue_start"], row["cue_end"], f"cue {row['obligation']}"), []).append(number)
        for part in PARTS:
            if row[f"{part}_start"] != "":
                shared.setdefault((row[f"{part}_start"], row[f"{part}_end"], f"part {part}"), []).append(number)
        start, end = int(row["aim_start"]), int(row["aim_end"])
        tag, linked = ("a", end) if start >= linked else ("span", linked)  # a link cannot stand in a link
        attributes = {"id": f"c{number}", "data-c": number, "title": f"{row['obligation']}, {row['stage']}"}
        yield Mark(start - at, end - at, f"aim {row['obligation']}", attributes, tag)
    for (start, end, classes), ids in shared.items():
        yield Mark(int(start) - at, int(end) - at, classes, {"data-c": " ".join(ids)})


def _new_headings(last: list[str], path: list[str]) -> list[tuple[int, str]]:
    """The headings of `path`, with their depth from 1, from the first that differs from the last passage's."""
    same = next((i for i, (a, b) in enumerate(zip(last, path, strict=False)) if a != b), min(len(last), len(path)))
    return list(enumerate(path, start=1))[same:]


def with_places(frame: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table with `place`: the id that the passage of each has in its document's page, empty outside of one."""
    numbers = passages.groupby("key", sort=False).cumcount()
    places = {record: f"p{n}" for record, n in zip(passages["record_id"], numbers, strict=True)}
    return frame.assign(place=[places.get(passage, "") for passage in frame["passage_id"]])


def _named(instruments: list[Row], passages: list[Row]) -> list[Row]:
    """Each instrument once, with how often it is named, its first citation and place."""
    places = {row["record_id"]: f"p{n}" for n, row in enumerate(passages)}
    out: dict[str, Row] = {}
    for row in instruments:
        name = " ".join(row["text"].split())
        facts = {column: row[column] for column in ("kind", "nature", "citation")}
        known = out.setdefault(name.casefold(), {"name": name, "n": 0, "place": places.get(row["passage_id"], ""), **facts})
        known["n"] += 1
    return list(out.values())


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows of a table, nulls as empty texts."""
    found: list[Row] = frame.astype(object).where(frame.notna(), "").to_dict("records")
    return found


def _by_key(frame: pd.DataFrame) -> dict[str, list[Row]]:
    return _by(records(frame), "key")


def _by(rows: list[Row], column: str) -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = {}
    for row in rows:
        out.setdefault(row[column], []).append(row)
    return out


def _words(name: str) -> str:
    return str(name).replace("_", " ")

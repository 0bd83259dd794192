"""Tables as scholars draw them by hand, made from the tables of a dataset: fora, conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pipeline.records import LEVELS

if TYPE_CHECKING:
    import pandas as pd

_FORUM = ["doc_id", "key", "forum", "kind", "action", "level", "frequency", "first", "areas", "n", "citation", "record_ids"]
_CONDITION = ["record_id", "doc_id", "key", "condition", "condition_start", "condition_end", "condition_kind"]
_SOFTENED = ["actor", "party_ids", "aim", "aim_lemma", "object", "obligation", "sentence", "areas", "citation"]


def file_name(source: str) -> str:
    """An address, or the name of a file without its folders, which are nobody's business where a dataset is published."""
    return source if "://" in source else re.split(r"[\\/]", source)[-1]


def fora(mechanisms: pd.DataFrame) -> pd.DataFrame:
    """One row for each forum of a document, in order of its first mention.

    Mentions are one forum if their names are equal but for case and plural, or if the words of one stand in this order in
    another and in no third ("the Joint Committee" of a text that has one "Joint Cooperation Committee").

    Args:
        mechanisms: the table of that name.

    Returns:
        Columns: doc_id, key, forum (its longest name, see `forum_names`), kind, action (`set_up` if the text sets it up
        anywhere), level (the highest), frequency (normalised, else as written), first, areas (all), n (mentions), citation
        (of the first) and record_ids (joined by ";").
    """
    import pandas as pd

    documents: dict[str, list[dict[Any, Any]]] = {}
    for name, row in zip(forum_names(mechanisms), mechanisms.to_dict("records"), strict=True):
        documents.setdefault(row["doc_id"], []).append({**row, "name": name})
    rows = [_forum(mentions) for found in documents.values() for mentions in _by_forum(found)]
    return pd.DataFrame(rows, columns=_FORUM)


def _by_forum(mechanisms: list[dict[Any, Any]]) -> Iterable[list[dict[Any, Any]]]:
    """The mechanisms of a document by forum, in order of first mention."""
    out: dict[str, list[dict[Any, Any]]] = {}
    for name, row in zip(_canonical([_plain(row["text"]) for row in mechanisms]), mechanisms, strict=True):
        out.setdefault(name, []).append(row)
    return out.values()


def forum_names(mechanisms: pd.DataFrame) -> list[str]:
    """What to call each mechanism: its text, but "meeting of experts" or "meeting" where persons are said to meet.

    Args:
        mechanisms: rows of the table of that name.
    """
    columns = mechanisms[["text", "kind", "level", "end", "cue_end"]].itertuples(index=False, name=None)
    return [_name(text, level, clause=kind == "meeting" and end == cue) for text, kind, level, end, cue in columns]


def _name(text: str, level: str, *, clause: bool) -> str:
    if not clause:
        return " ".join(text.split())
    return f"meeting of {level.replace('_', ' ')}" if level else "meeting"


def _plain(name: str) -> str:
    """A name for comparing: lower case, single spaces, without plural."""
    words = name.lower().replace("’", "'").split()
    last = words[-1] if words else ""
    return " ".join([*words[:-1], last[:-1] if last.endswith("s") and not last.endswith("ss") else last])


def _canonical(names: list[str]) -> list[str]:
    """For each name the one longer name that holds it, else itself."""
    longest: dict[str, str] = {}
    for name in set(names):
        longer = {other for other in names if other != name and _stands_in(name, other)}
        longest[name] = longer.pop() if len(longer) == 1 else name
    return [longest[name] for name in names]


def _stands_in(name: str, other: str) -> bool:
    """Whether the words of one name stand in another in the same order."""
    words = iter(other.split())
    return all(word in words for word in name.split())


def _forum(mentions: list[dict[Any, Any]]) -> dict[str, Any]:
    first = mentions[0]
    levels = {row["level"] for row in mentions}
    areas = dict.fromkeys(a for row in mentions for a in row["areas"].split(";") if a)
    return {
        **{name: first[name] for name in ("doc_id", "key", "kind", "citation")},
        "forum": max((row["name"] for row in mentions), key=len),
        "action": "set_up" if any(row["action"] == "set_up" for row in mentions) else "continues",
        "level": next((level for level in LEVELS if level in levels), ""),
        "frequency": _told(mentions, "frequency"),
        "first": _told(mentions, "first"),
        "areas": ";".join(areas),
        "n": len(mentions),
        "record_ids": ";".join(row["record_id"] for row in mentions),
    }


def _told(mentions: list[dict[Any, Any]], column: str) -> str:
    """The first normalised value, else the first words."""
    told = [row[name] for name in (f"{column}_value", column) for row in mentions]
    return next((str(value) for value in told if value), "")


def conditions(commitments: pd.DataFrame) -> pd.DataFrame:
    """One row for each commitment that a condition or escape clause softens, with what it softens.

    Returns:
        Columns: record_id (of the commitment), doc_id, key, condition with its offsets and kind, then actor, party_ids, aim,
        aim_lemma, object, obligation, sentence, areas and citation of the commitment.
    """
    return commitments.loc[commitments["condition"] != "", [*_CONDITION, *_SOFTENED]].reset_index(drop=True)


def condition_counts(commitments: pd.DataFrame) -> pd.DataFrame:
    """How many conditions of each kind a document has, and how many commitments they soften.

    A condition that softens several commitments is counted once.

    Returns:
        Columns: doc_id, key, condition_kind, n_conditions, n_commitments; by key, then commonest first.
    """
    softened = conditions(commitments)
    place = ["doc_id", "key", "condition_kind"]
    counted = softened.groupby(place, as_index=False).agg(n_commitments=("record_id", "size"))
    distinct = softened.drop_duplicates(["doc_id", "condition_start", "condition_end"])
    once = distinct.groupby(place, as_index=False).agg(n_conditions=("record_id", "size"))
    joined = once.merge(counted, on=place, validate="one_to_one").sort_values(
        ["key", "n_conditions", "condition_kind"], ascending=[True, False, True]
    )
    return joined.reset_index(drop=True)

"""Which commitment of one document is which of another: aim, object and statement compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from pipeline.compare import linking, wording
from pipeline.compare.frames import Data, of, split, table
from pipeline.compare.intervals import Array

#: What aim with object, the whole statement, the passage around it and the same aim are worth in a score from 0 to 1, where one
#: text amends the other.
AMENDED = {"core": 0.4, "words": 0.2, "context": 0.3, "aim": 0.1}
#: The same where one text retells the other; "area" takes so much off where no area is shared. Of 100 commitments that were
#: announced (16 pairs of press release or fact sheet and agreement or joint statement, judged by hand) 73 were found with a
#: precision of 0.85 (before `gap` asked more of doubtful pairs), by the weights of an amended text 53. A tenth or three of
#: static embeddings (wordllama) made it 74 or 72.
RETOLD = {"core": 0.2, "words": 0.8, "area": 0.2}


def commitments_of(data: Data, key: str) -> pd.DataFrame:
    """The commitments of one document with their words, names of its parties masked.

    Columns `core` (aim, object and recipient), `words` (the statement), `context` (its passage), each a list.
    """
    frame = of(table(data, "commitments"), key)
    passages = of(table(data, "passages"), key)
    mask = wording.masker(data, key)
    around = {record: wording.words(mask(text)) for record, text in zip(passages["record_id"], passages["text"], strict=True)}
    words = [wording.words(mask(text)) for text in frame["text"]]
    lists = {
        "core": [
            [lemma.casefold(), *wording.words(mask(f"{what} {whom}"))]
            for lemma, what, whom in frame[["aim_lemma", "object", "recipient"]].itertuples(index=False)
        ],
        "words": words,
        "context": [around.get(passage, own) for passage, own in zip(frame["passage_id"], words, strict=True)],
    }
    return frame.assign(**{name: pd.Series(values, index=frame.index, dtype=object) for name, values in lists.items()})


def similarities(a: pd.DataFrame, b: pd.DataFrame, worth: Mapping[str, float] = AMENDED) -> Array:
    """How far each commitment of `a` and each of `b` are the same, 0 to 1: shape (len(a), len(b)).

    Method: cosine of TF-IDF vectors (Salton & Buckley 1988) of aim with object, of the statement and of the passage around
    it, equality of the aim and a shared area, as far as `worth` names them.
    """
    found = np.zeros((len(a), len(b)))
    if not found.size:
        return found
    for name in ("core", "words", "context"):
        if name in worth:
            found += worth[name] * cosines(a[name], b[name])
    found += worth.get("aim", 0.0) * np.equal.outer(a["aim_lemma"].to_numpy(object), b["aim_lemma"].to_numpy(object))
    if "area" in worth:
        found *= 1 - worth["area"] * (1 - _shared_areas(a, b))
    return np.asarray(np.round(found, 9), dtype=np.float64)


def _shared_areas(a: pd.DataFrame, b: pd.DataFrame) -> Array:
    """1 where two commitments have an area in common, 0.5 where one has none, else 0."""
    mine, theirs = ([set(split(cell)) for cell in side["areas"]] for side in (a, b))
    return np.array([[1.0 if x & y else 0.0 if x and y else 0.5 for y in theirs] for x in mine])


def cosines(a: Any, b: Any) -> Array:
    """Cosine of the TF-IDF vectors of each list of words in `a` and each in `b`, rare words emphasised."""
    weights = linking.vectors([*a, *b], emphasis=True)
    return np.asarray((weights[: len(a)] @ weights[len(a) :].T).toarray(), dtype=np.float64)


def pairs(worth: Array, least: float) -> list[tuple[int, int]]:
    """One-to-one pairs with the largest sum (Kuhn 1955; Crouse 2016), in order, those worth less than `least` left out."""
    rows, columns = linear_sum_assignment(np.where(worth >= least, worth, 0.0), maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if worth[i, j] >= least]

"""Which commitment of one document is which of another: aim, object and statement compared."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from pipeline.compare import linking, wording
from pipeline.compare.frames import Data, of, table
from pipeline.compare.intervals import Array

#: What aim with object, the whole statement, the passage around it and the same aim are worth in a score from 0 to 1.
_WORTH = {"core": 0.4, "words": 0.2, "context": 0.3, "aim": 0.1}


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


def similarities(a: pd.DataFrame, b: pd.DataFrame) -> Array:
    """How far each commitment of `a` and each of `b` are the same, 0 to 1: shape (len(a), len(b)).

    Method: cosine of TF-IDF vectors (Salton & Buckley 1988) of aim with object, of the statement and of the passage around
    it, and equality of the aim.
    """
    found = np.zeros((len(a), len(b)))
    if not found.size:
        return found
    for name in ("core", "words", "context"):
        found += _WORTH[name] * _cosines(a[name], b[name])
    aims = a["aim_lemma"].to_numpy(dtype=object)[:, None] == b["aim_lemma"].to_numpy(dtype=object)[None, :]
    return np.asarray(np.round(found + _WORTH["aim"] * aims, 9), dtype=np.float64)


def _cosines(a: Any, b: Any) -> Array:
    weights = linking.vectors([*a, *b], emphasis=True)
    cosines: Array = (weights[: len(a)] @ weights[len(a) :].T).toarray()
    return cosines


def pairs(worth: Array, least: float) -> list[tuple[int, int]]:
    """One-to-one pairs with the largest sum (Kuhn 1955; Crouse 2016), in order, those worth less than `least` left out."""
    rows, columns = linear_sum_assignment(np.where(worth >= least, worth, 0.0), maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if worth[i, j] >= least]

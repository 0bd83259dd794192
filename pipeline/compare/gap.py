"""What a press release announces beside what its agreement says."""

from __future__ import annotations

import re
from collections import Counter
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from pipeline.compare import matching, wording
from pipeline.compare.frames import Data, chosen, of, result, split, table
from pipeline.compare.intervals import Array

BOTH, MENTIONED, PRESS_ONLY, AGREEMENT_ONLY = "both", "mentioned", "press_only", "agreement_only"
_SIDE = ("text", "aim", "object", "areas", "obligation", "citation", "record_id")
GAP = ("gap", "score", *(f"press_{n}" for n in _SIDE), *(f"agreement_{n}" for n in _SIDE), "areas_missing")
_COUNTED = ("passages", "commitments", "text")
AREAS = ("gap", "area", *(f"press_{n}" for n in _COUNTED), *(f"agreement_{n}" for n in _COUNTED))
#: Score from which a commitment of a press release is one of the agreement, as `matching.RETOLD` was measured, and from which
#: a further one of the agreement is told by it: of 12 such pairs 10 are right, of 10 between 0.15 and 0.2 only 5.
_TOLD_FROM, _KEPT_FROM = 0.16, 0.2
#: Below this score a pair needs a shared area, or a word of the one's object in the other's statement. Of 87 pairs
#: found from 0.15 on without this 71 are right, of 83 with it 71; of 79 from 0.16 on 69. Chosen on these same pairs, of which a
#: few were judged anew then, so expect less on others.
_SURE_FROM = 0.3
#: Cosine from which a sentence speaks of the matter without committing to it, and the words that it must have. In the 16 pairs
#: of `matching.RETOLD` 20 of 24 such sentences do; most report as done what the press release promises.
_MENTIONED_FROM, _MENTIONED_WORDS = 0.2, 5
_TEXTS = 3
#: Between sentences, but not after "U.S.".
_SENTENCE_END = re.compile(r"(?<![A-Z]\.)(?<=[.;:!?])\s+")
_Beside: TypeAlias = tuple[str, float, tuple[str, ...]]
_Flags: TypeAlias = npt.NDArray[np.bool_]


def announcement_gap(data: Data, press: str, agreement: str) -> pd.DataFrame:
    """Commitments that a press release and its agreement share, and those that only one of them has, side by side.

    Method: TF-IDF cosine of statement, aim and object (Salton & Buckley 1988), shared areas counting for a pair; each
    commitment with the nearest of the other document, since a press release may tell one twice, else with the nearest
    sentence; where they are alike in few words, they must share an area or a word of what they are about. Of 100 announced
    commitments with a counterpart, judged by hand, 69 are found, and 87 % of what is found is right (on the pairs that the
    thresholds were set on). What is told in quite other words is missed: read `press_only` beside the nearest text, which
    is always shown.

    Returns:
        In the order of the press release, then what it leaves out: gap `both` (a commitment in both), `mentioned` (the other
        document speaks of it without committing to it; its sentence, without aim, object, obligation), `press_only` or
        `agreement_only`; score 0 to 1; both texts with aim, object, areas, obligation, citation; areas_missing: areas of the
        first text that the whole other document lacks.

    Raises:
        SettingsError: there is no such document.
    """
    chosen(data, [press, agreement])
    claims, promises = matching.commitments_of(data, press), matching.commitments_of(data, agreement)
    scores = matching.similarities(claims, promises, matching.RETOLD)
    apt = _related(claims, promises) | (scores >= _SURE_FROM)
    near, back = (_sentences(data, agreement, promises), _sentences(data, press, claims))
    told = _beside(scores, apt, other=promises, words=claims["words"], sentences=near, least=_TOLD_FROM)
    kept = _beside(scores.T, apt.T, other=claims, words=promises["words"], sentences=back, least=_KEPT_FROM)
    areas = {key: _areas_of(data, key) for key in (press, agreement)}
    rows = [
        (gap or PRESS_ONLY, score, *mine, *theirs, _missing(mine, areas[agreement]))
        for mine, (gap, score, theirs) in zip(_sides(claims), told, strict=True)
    ]
    found = {theirs[-1] for gap, _, theirs in told if gap == BOTH}
    rows += [
        (gap or AGREEMENT_ONLY, score, *theirs, *mine, _missing(mine, areas[press]))
        for mine, (gap, score, theirs) in zip(_sides(promises), kept, strict=True)
        if mine[-1] not in found
    ]
    return result(rows, GAP)


def _sentences(data: Data, key: str, commitments: pd.DataFrame) -> pd.DataFrame:
    """The sentences of one document as the other side of a commitment, with their words, names of its parties masked.

    `holds` is the position of the first of its commitments in the sentence, -1 without one.
    """
    mask = wording.masker(data, key)
    inside: dict[str, list[tuple[int, str]]] = {}
    for i, (passage, said) in enumerate(zip(commitments["passage_id"], commitments["text"], strict=True)):
        inside.setdefault(passage, []).append((i, said))
    rows = []
    passages = of(table(data, "passages"), key)[["text", "areas", "citation", "record_id"]]
    for text, areas, citation, record in passages.itertuples(index=False):
        for sentence in _SENTENCE_END.split(text):
            if len(words := wording.words(mask(sentence))) >= _MENTIONED_WORDS:
                held = next((i for i, said in inside.get(record, []) if said in sentence or sentence in said), -1)
                rows.append((sentence, "", "", areas, "", citation, record, words, held))
    return result(rows, (*_SIDE, "words", "holds"))


def _sides(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(frame[list(_SIDE)].itertuples(index=False, name=None))


def _related(a: pd.DataFrame, b: pd.DataFrame) -> _Flags:
    """Whether two commitments share an area, or one's statement has a word of what the other is about."""
    areas = ([set(split(cell)) for cell in side["areas"]] for side in (a, b))
    objects = ([_content(core[1:]) for core in side["core"]] for side in (a, b))
    texts = ([_content(said) for said in side["words"]] for side in (a, b))
    mine, theirs = (list(zip(*side, strict=True)) for side in zip(areas, objects, texts, strict=True))
    found = [[bool(x[0] & y[0] or x[1] & y[2] or x[2] & y[1]) for y in theirs] for x in mine]
    return np.array(found, dtype=bool).reshape(len(mine), len(theirs))


def _content(words: list[str]) -> set[str]:
    return {word for word in words if word not in ENGLISH_STOP_WORDS and word != wording.PARTY}


def _beside(
    scores: Array, apt: _Flags, *, other: pd.DataFrame, words: pd.Series, sentences: pd.DataFrame, least: float
) -> list[_Beside]:
    """For each commitment what is nearest in the other document: gap (empty if it is too far), score and text.

    Args:
        scores, apt: a row a commitment, a column one of `other`: how near, and whether the two can be a pair.
        other, sentences: commitments and sentences of the other document.
        words: of each commitment.
    """
    commitments, said, holds = _sides(other), _sides(sentences), sentences["holds"].to_list()
    out: list[_Beside] = []
    for near, fits, spoken in zip(scores, apt, matching.cosines(words, sentences["words"]), strict=True):
        j, score = _nearest(np.where(fits, near, 0.0))
        k, cosine = _nearest(spoken)
        held = holds[k] if k >= 0 else -1
        if score >= least:
            out.append((BOTH, score, commitments[j]))
        elif cosine >= _MENTIONED_FROM and held < 0:
            out.append((MENTIONED, cosine, said[k]))
        elif cosine >= _MENTIONED_FROM and (fits[held] or cosine >= _SURE_FROM):
            out.append((BOTH, cosine, commitments[held]))
        else:
            j, score = _nearest(near)
            out.append(("", score, commitments[j] if j >= 0 else ("",) * len(_SIDE)))
    return out


def _nearest(scores: Array) -> tuple[int, float]:
    best = int(np.argmax(scores)) if scores.size else -1
    return (best, round(float(scores[best]), 9)) if best >= 0 and scores[best] > 0 else (-1, 0.0)


def _missing(mine: tuple[str, ...], known: set[str]) -> str:
    return ";".join(area for area in split(mine[_SIDE.index("areas")]) if area not in known)


def _areas_of(data: Data, key: str) -> set[str]:
    return {area for cell in of(table(data, "passages"), key)["areas"] for area in split(cell)}


def announced_areas(data: Data, press: str, agreement: str) -> pd.DataFrame:
    """Areas that a press release and its agreement speak of, with passages, commitments and the first texts of both.

    Method: presence and counts of asserted areas (the project's codebook, A) in both documents; a commitment counts in each
    area.

    Returns:
        A row an area that either has: gap `both`, `press_only` or `agreement_only`, counts, up to three texts joined by " | ".

    Raises:
        SettingsError: there is no such document.
    """
    chosen(data, [press, agreement])
    sides = [_counted(data, key) for key in (press, agreement)]
    rows = []
    for area in sorted(set(sides[0]) | set(sides[1])):
        found = [side.get(area, (0, 0, "")) for side in sides]
        gap = BOTH if all(f[0] for f in found) else PRESS_ONLY if found[0][0] else AGREEMENT_ONLY
        rows.append((gap, area, *found[0], *found[1]))
    return result(rows, AREAS)


def _counted(data: Data, key: str) -> dict[str, tuple[int, int, str]]:
    """Area -> passages, commitments, first texts."""
    passages, commitments = of(table(data, "passages"), key), of(table(data, "commitments"), key)
    promised = Counter(area for cell in commitments["areas"] for area in split(cell))
    texts: dict[str, list[str]] = {}
    for cell, text in zip(passages["areas"], passages["text"], strict=True):
        for area in split(cell):
            texts.setdefault(area, []).append(text)
    return {area: (len(found), promised[area], " | ".join(found[:_TEXTS])) for area, found in texts.items()}

"""How sure a commitment is: a learned probability from its cue, aim, bearer and place in the parse.

A logistic regression whose weights stand as plain numbers in a JSON file; scoring is a sum of weights, so each value can be
read. It rejects nothing: cross-validated by document over the coded training passages, rejecting the least likely changed the
F1 of the rules by 0.001 or less. As a confidence it holds: of commitments from 0.85 to 0.95 (mean 0.92) 0.93 were
right, from 0.7 to 0.85 (mean 0.80) 0.91. `tests/benchmarks/fit_commitment_confidence.py` fits it and prints these figures.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Doc, Token

from pipeline.codebook import modality
from pipeline.components import clauses
from pipeline.components.commitments.aims import Candidate
from pipeline.components.commitments.bearers import Bearer, singular
from pipeline.errors import CodebookError

PATH = Path(modality.__file__).with_name("commitment_confidence.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a logistic regression over named binary features.

    Attributes:
        bias: the constant.
        weights: feature -> weight; a feature that is not here weighs nothing.
    """

    bias: float
    weights: dict[str, float]

    def probability(self, features: Iterator[str]) -> float:
        """The probability of a commitment."""
        total = self.bias + sum(self.weights.get(name, 0.0) for name in features)
        return 1.0 / (1.0 + math.exp(-total))


@functools.cache
def load(path: Path = PATH) -> Weights:
    """The weights of a JSON file with `bias` and `weights`.

    Raises:
        CodebookError: if the file is missing, no JSON, or lacks a field.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Weights(float(data["bias"]), {k: float(v) for k, v in data["weights"].items()})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CodebookError(f"{path.name} cannot be read as weights: {error!r}.", advice="Restore the file.") from error


def features(doc: Doc, candidate: Candidate, bearer: Bearer, doubts: tuple[str, ...]) -> Iterator[str]:
    """Names of the features that hold for a candidate; each at most once."""
    head, aim = doc[candidate.head], doc[candidate.aim]
    cue = candidate.cue.lemma if candidate.cue is not None else "-"
    lemma = aim.lemma_.lower()
    yield from _of_candidate(candidate, cue)
    yield f"aim={lemma}"
    yield f"rule+aim={candidate.rule}+{lemma}"
    yield f"kind+aim={bearer.kind}+{lemma}"
    yield from (f"doubt={d}" for d in doubts)
    yield "doubt" if doubts else "sure"
    yield from (f"rule+doubt={candidate.rule}+{d}" for d in doubts)
    yield f"kind={bearer.kind}"
    yield f"kind+rule={bearer.kind}+{candidate.rule}"
    yield f"kind+cue={bearer.kind}+{cue}"
    yield from _of_place(head, aim, candidate)
    yield from _of_subject(doc, bearer)
    yield from _of_object(aim, lemma)


def _of_candidate(candidate: Candidate, cue: str) -> Iterator[str]:
    yield f"rule={candidate.rule}"
    yield f"cue={cue}"
    yield f"cue+rule={cue}+{candidate.rule}"
    yield f"obligation={candidate.obligation}"
    yield f"depth={min(candidate.depth, 3)}"
    yield f"far={candidate.far}+{min(candidate.depth, 2)}"
    yield f"far+rule={candidate.far}+{candidate.rule}"
    yield from (f"through={t}" for t in candidate.through[:2])
    yield f"distance={min((candidate.aim - candidate.head) // 5, 8)}"
    if candidate.negated:
        yield "negated"


def _of_place(head: Token, aim: Token, candidate: Candidate) -> Iterator[str]:
    """Where cue and aim stand in the tree and the sentence."""
    yield f"aim_tag={aim.tag_}+{candidate.rule}"
    yield f"aim_dep={aim.dep_}"
    yield f"head_tag={head.tag_}+{candidate.rule}"
    yield f"head_dep={head.dep_}+{candidate.rule}"
    if clauses.is_passive(aim):
        yield "passive"
        yield f"passive+aim={aim.lemma_.lower()}"
    top = aim if candidate.rule == "modal" else head
    for _ in range(6):
        if top.dep_ in ("relcl", "ccomp", "advcl", "acl") or top.head == top:
            break
        top = top.head
    yield f"clause={top.dep_}"
    yield f"clause+rule={top.dep_}+{candidate.rule}"
    if top.dep_ == "ccomp":
        yield f"under={top.head.lemma_.lower()}"
    mark = clauses.child(top, "mark")
    if mark is not None:
        yield f"mark={mark.lower_}"
    if candidate.governor >= 0:
        yield f"governor={head.doc[candidate.governor].lemma_.lower()}"
        yield f"governor_tag={head.doc[candidate.governor].tag_}"
        yield f"owner={'poss' if clauses.child(head, 'poss') is not None else 'none'}"
    before = aim.nbor(-1) if aim.i else aim
    yield f"before={before.lower_}" if before.pos_ in ("PUNCT", "CCONJ", "PART", "ADP") else f"before={before.pos_}"
    yield f"between={aim.head.tag_}+{candidate.far}"


def _of_subject(doc: Doc, bearer: Bearer) -> Iterator[str]:
    if bearer.end <= bearer.start:
        yield "no_subject"
        return
    words = [t for t in doc[bearer.start : bearer.end] if t.pos_ in ("NOUN", "PROPN", "PRON", "NUM")]
    yield f"subject={singular(words[-1].lemma_.lower())}" if words else "subject=-"
    if words:
        yield f"subject_first={singular(words[0].lemma_.lower())}"
    yield f"determiner={doc[bearer.start].lower_}" if doc[bearer.start].pos_ in ("DET", "PRON") else "determiner=-"


def _of_object(aim: Token, lemma: str) -> Iterator[str]:
    thing = clauses.child(aim, "dobj", "attr", "acomp")
    if thing is None:
        link = clauses.child(aim, "prep")
        yield f"link={link.lower_}" if link is not None else "link=-"
        return
    yield f"object={thing.lemma_.lower()}"
    first = thing.left_edge
    yield f"object_first={first.lower_}" if first.pos_ in ("DET", "PRON") else f"object_first={first.pos_}"

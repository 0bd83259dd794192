"""From coded passages to a model on disk with its card (`pactscope train`)."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import training
from pipeline.classify import compare, curve, files, leave_out, measure, train
from pipeline.codebook.areas import Codebook
from pipeline.errors import CatalogueError

CLASSIFY = Path(train.__file__).parent


@dataclass(frozen=True)
class Made:
    """A trained model with what its card says, and how many of the real passages were found.

    Attributes:
        figures: name -> scores, see `measure.figures`; also in the card.
    """

    trained: train.Trained
    card: dict[str, Any]
    gathered: training.Gathered

    @property
    def figures(self) -> dict[str, dict[str, Any]]:
        """Scores by the name of the passages that they were made on."""
        found: dict[str, dict[str, Any]] = self.card["figures"]
        return found


def make(
    codebook: Codebook,
    *,
    documents: Path | None = None,
    labels: Path | None = None,
    gold: Path | None = None,
    folder: Path = training.TRAINING,
) -> Made:
    """Trains a model on all passages at hand.

    Args:
        documents: folder of the real documents, or a file of coded passages; see `training.gather`.
        labels: the researcher's own coded passages.
        gold: coded passages to measure on. Nothing of their documents and nothing that shares most of its words with them is
            trained on, and the figures on them go into the card.

    Raises:
        CatalogueError: a file cannot be read, or the passages are too few; the message says which.
    """
    gathered = training.gather([a.id for a in codebook.areas], documents=documents, labels=labels, folder=folder)
    examples = list(gathered.examples)
    if gold:
        examples = leave_out.leave_out(examples, _rows(gold), documents)
    trained = train.train(examples, codebook)
    figures = {f"{origin}, out of fold": values for origin, values in measure.out_of_fold(trained).items()}
    if gold:
        figures[f"{gold.name}, left out of training"] = measure.measure(trained.model, training.read_coded(gold), codebook)
    return Made(trained, {**_said(gathered), "code_hash": code_hash(), "figures": figures}, gathered)


def write(made: Made, out: Path, *, force: bool = False, more: Mapping[str, Any] | None = None) -> Path:
    """Writes model and card into a folder.

    Args:
        more: further entries of the card, such as figures of the model that was trained for measuring.

    Raises:
        ModelError: the folder holds a model that was trained on more passages and `force` is not given.
    """
    extra = dict(more or {})
    figures = {**extra.pop("figures", {}), **made.figures}
    return files.save(made.trained.model, out, card={**made.card, **extra, "figures": figures}, force=force)


def learning_curve(made: Made, codebook: Codebook, gold: Path | None = None, *, draws: int = curve.DRAWS) -> dict[str, Any]:
    """How scores grow with the documents of `made`, for its card; a training run for each share and draw, five without gold.

    Args:
        gold: the passages that `made` was measured on; without them the examples judge themselves, by documents.

    Returns:
        `judged`: what the scores were made on; `points`: rows of `curve.learning_curve`.
    """
    judged = training.read_coded(gold) if gold else []
    name = gold.name if gold else "the training passages, by documents that were kept out"
    points = curve.learning_curve(made.trained.data.examples, codebook, gold=judged, draws=draws)
    return {"judged": name, "points": points}


def comparison(made: Made, codebook: Codebook, gold: Path | None = None, *, transformer: bool = False) -> list[dict[str, Any]]:
    """The methods that were weighed against each other on the passages of `made`, for its card; takes minutes.

    Args:
        transformer: a small transformer's embeddings too, see `compare.table`.
    """
    return compare.table(made.trained, codebook, training.read_coded(gold) if gold else [], transformer=transformer)


def code_hash() -> str:
    """First 12 hex digits of a SHA-256 over the code that makes and applies models."""
    total = hashlib.sha256()
    for path in sorted(
        [*CLASSIFY.glob("*.py"), *(CLASSIFY.parent / "codebook" / name for name in ("areas.py", "patterns.py"))]
    ):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()[:12]


def _said(gathered: training.Gathered) -> dict[str, Any]:
    """What the card says in words: of passages that are all the researcher's own, the method only."""
    said = tomllib.loads((CLASSIFY / "card.toml").read_text("utf-8"))
    own_only = all(e.origin == "own" for e in gathered.examples)
    return {**said["method"], **({} if own_only else said["passages"])}


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}.", advice="Give coded passages in JSON Lines.") from error

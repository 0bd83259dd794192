"""Models on disk: a folder with `model.skops` and its card, `card.json` and `card.md`.

The file holds arrays, strings and numbers only, so that loading runs no code of its own: a file that asks for any other type
is refused.
"""

from __future__ import annotations

import importlib.metadata
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.classify.card import as_markdown
from pipeline.classify.features import Trust, Weights
from pipeline.classify.model import STACK_COLUMNS, Model
from pipeline.codebook.areas import Codebook
from pipeline.errors import PipelineError

#: Raised when the arrays change their meaning.
FORMAT = 1
MODEL, CARD, PAGE = "model.skops", "card.json", "card.md"
#: Their major versions must be those that the model was trained with.
PACKAGES = ("numpy", "scikit-learn")


class ModelError(PipelineError):
    """A model cannot be loaded, does not fit the codebook, or must not be overwritten."""


def versions() -> dict[str, str]:
    """The installed versions of the packages that a model depends on."""
    return {name: importlib.metadata.version(name) for name in (*PACKAGES, "skops")}


def save(model: Model, folder: Path, *, card: dict[str, Any], force: bool = False) -> Path:
    """Writes a model and its card into a folder, which is made.

    Args:
        card: what `card.json` holds beside what the model says of itself.
        force: overwrite a model that was trained on more passages.

    Raises:
        ModelError: the folder holds a model trained on more passages, or cannot be written.
    """
    import skops.io

    if not force:
        _refuse_to_lose(folder, model)
    info = {**model.info, "versions": versions(), "format": FORMAT}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        skops.io.dump(_state(model, info), folder / MODEL, compression=zipfile.ZIP_DEFLATED, compresslevel=6)
        write_card({**info, **card}, folder)
    except OSError as error:
        raise ModelError(f"The model cannot be written to {folder}: {error.strerror}.") from error
    return folder / MODEL


def write_card(card: dict[str, Any], folder: Path) -> None:
    """Writes `card.json` and `card.md`."""
    (folder / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (folder / PAGE).write_text(as_markdown(card), "utf-8")


def read_card(folder: Path) -> dict[str, Any]:
    """What `card.json` holds; nothing if there is none that can be read."""
    try:
        card = json.loads((folder / CARD).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return card if isinstance(card, dict) else {}


def _refuse_to_lose(folder: Path, model: Model) -> None:
    before = read_card(folder).get("passages", {}).get("all", 0)
    now = model.info["passages"]["all"]
    if now < before:
        message = f"The model in {folder} was trained on {before} passages, this one on {now}."
        raise ModelError(message, advice="Write to another folder, or overwrite it with --force.")


def load(folder: Path, codebook: Codebook) -> Model:
    """Loads a model for a codebook.

    Raises:
        ModelError: there is no model, the file is damaged or holds a type that is not trusted, the model is of another
            codebook, or was trained with another major version of a package; the message says what to do.
    """
    import skops.io

    path = folder / MODEL
    if not path.is_file():
        raise ModelError(f"There is no model at {path}.", advice="Train one with `pactscope train`, or give another folder.")
    try:
        if unknown := skops.io.get_untrusted_types(file=path):
            message = f"{path} holds the type {unknown[0]}, which a model of Pactscope does not need."
            raise ModelError(message, advice="Do not use this file; train a model with `pactscope train`.")
        state = skops.io.load(path, trusted=[])
        info = json.loads(state["info"])
        _check(info, codebook, path)
        return _model(state, info)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, zipfile.BadZipFile) as error:
        message = f"{path} is damaged or no model of Pactscope ({type(error).__name__}: {error})."
        raise ModelError(message, advice="Train it again with `pactscope train`.") from error


def _check(info: dict[str, Any], codebook: Codebook, path: Path) -> None:
    again = "Train one with `pactscope train`"
    if info.get("format") != FORMAT:
        raise ModelError(f"{path} is of format {info.get('format')}, not {FORMAT}.", advice=f"{again} of this version.")
    made = info["codebook"]
    if made["hash"] != codebook.hash:
        message = (
            f"{path} was trained by codebook {made['version']} ({made['hash']}), not {codebook.version} ({codebook.hash})."
        )
        raise ModelError(message, advice=f"{again} by this codebook, or use the codebook's terms alone.")
    for name in PACKAGES:
        then, now = (str(v).partition(".")[0] for v in (info["versions"][name], importlib.metadata.version(name)))
        if then != now:
            message = f"{path} was trained with {name} {then}, installed is {now}."
            raise ModelError(message, advice=f"{again}, or install {name} {then}.")


def _state(model: Model, info: dict[str, Any]) -> dict[str, Any]:
    keys = sorted(model.trust.logits)
    return {
        "info": json.dumps(info, ensure_ascii=False),
        "areas": _lines(model.areas),
        "text": _weights_state(model.text),
        "context": _weights_state(model.context),
        "trust_areas": _lines([a for a, _ in keys]),
        "trust_terms": _lines([t for _, t in keys]),
        "trust": np.array([model.trust.logits[k] for k in keys], dtype=np.float64),
        "prior": float(model.trust.prior),
        **{name: getattr(model, name) for name in ("bias", "stack", "intercept", "upper", "lower")},
    }


def _weights_state(weights: Weights) -> dict[str, Any]:
    # One string, since skops stores a dictionary entry by entry and would take seconds to read 20,000 of them.
    return {"grams": _lines(list(weights.vocabulary)), "idf": weights.idf, "weights": weights.weights}


def _model(state: dict[str, Any], info: dict[str, Any]) -> Model:
    areas = tuple(state["areas"].split("\n"))
    keys = zip(_split(state["trust_areas"]), _split(state["trust_terms"]), strict=True)
    trust = Trust(dict(zip(keys, state["trust"].tolist(), strict=True)), state["prior"])
    arrays = {name: np.asarray(state[name]) for name in ("bias", "stack", "intercept", "upper", "lower")}
    if arrays["stack"].shape != (len(areas), len(STACK_COLUMNS)):
        raise ValueError("the weights do not fit the areas")
    return Model(areas, _weights(state["text"]), _weights(state["context"]), trust=trust, info=info, **arrays)


def _weights(state: dict[str, Any]) -> Weights:
    grams = _split(state["grams"])
    return Weights({gram: i for i, gram in enumerate(grams)}, np.asarray(state["idf"]), np.asarray(state["weights"]))


def _lines(values: Sequence[str]) -> str:
    return "\n".join(values)


def _split(text: str) -> list[str]:
    return text.split("\n") if text else []

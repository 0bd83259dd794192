"""Scores of coded passages against gold, and agreement between coders.

>>> from pipeline.evaluate import evaluate, write_page
>>> result = evaluate(Path("gold.jsonl"), Path("coded.jsonl"))
>>> result.figures["area_macro_f1"]
>>> write_page(result, Path("mistakes.html"))
"""

from pipeline.evaluate.agreement import Agreement, agreement
from pipeline.evaluate.evaluation import Evaluation, evaluate
from pipeline.evaluate.page import write_page
from pipeline.evaluate.scores import AreaScore, Figure

__all__ = ["Agreement", "AreaScore", "Evaluation", "Figure", "agreement", "evaluate", "write_page"]

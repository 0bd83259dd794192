"""The quality gate: scores on the gold passages must not fall under the pinned floors of `floors.toml`."""

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.codebook import load_codebook
from pipeline.evaluate import evaluate

pytestmark = [pytest.mark.shared, pytest.mark.model, pytest.mark.slow]
FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))["dev"]
#: Scores of which less is better.
CEILINGS = {"area_false_alarm_rate", "calibration_error"}


def run(*arguments: str | Path) -> None:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="module")
def scores(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """Trains without the gold documents, codes the gold passages, and scores the codes."""
    folder = tmp_path_factory.mktemp("gate")
    gold, out, model = shared / "gold" / "dev.jsonl", folder / "coded.jsonl", folder / "model"
    run("train", "--documents", shared / "realdocs", "--leave-out", gold, "--out", model)
    run("code", gold, "--model", model, "--out", out)
    found = evaluate(gold, out, codebook=load_codebook(), resamples=10)
    scores = {name: figure.value for name, figure in found.figures.items()}
    assert found.calibration is not None
    scores["calibration_error"] = found.calibration.error
    print(json.dumps({name: round(scores[name], 3) for name in FLOORS}, indent=1))
    return scores


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_score_holds_its_floor(name: str, scores: dict[str, float]) -> None:
    floor = FLOORS[name]
    if name in CEILINGS:
        assert scores[name] <= floor, f"{name} rose to {scores[name]:.3f}, above {floor}"
    else:
        assert scores[name] >= floor, f"{name} fell to {scores[name]:.3f}, below {floor}"

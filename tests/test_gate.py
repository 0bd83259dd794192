"""The quality gate: scores on the gold passages must not fall under the pinned floors of `floors.toml`."""

import importlib.util
import json
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from pipeline.cli import app

pytestmark = [pytest.mark.shared, pytest.mark.model, pytest.mark.slow]
FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))["dev"]


def load_scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "gold" / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def scores(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    gold, out = shared / "gold" / "dev.jsonl", tmp_path_factory.mktemp("gate") / "coded.jsonl"
    result = CliRunner().invoke(app, ["code", str(gold), "--out", str(out)])
    assert result.exit_code == 0, result.output
    scorer = load_scorer(shared)
    found: dict[str, float] = scorer.score(scorer.read(gold), scorer.read(out))
    print(json.dumps({name: round(found[name], 3) for name in FLOORS}, indent=1))
    return found


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_score_holds_its_floor(name: str, scores: dict[str, float]) -> None:
    floor = FLOORS[name]
    if name == "area_false_alarm_rate":
        assert scores[name] <= floor, f"{name} rose to {scores[name]:.3f}, above {floor}"
    else:
        assert scores[name] >= floor, f"{name} fell to {scores[name]:.3f}, below {floor}"

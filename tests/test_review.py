"""How terms do on coded passages, and what a change of the codebook changes."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.codebook.areas import DEFAULT, Codebook, load_codebook
from pipeline.codebook.review import changes, score_terms

CODED = [
    ("Both sides will train mediators for peace talks.", ["peacebuilding"]),
    ("Mediators settled the wage dispute.", []),
    ("Ransomware gangs attacked hospitals.", ["cyber_emerging_tech"]),
]


@pytest.fixture(scope="module")
def book() -> Codebook:
    return load_codebook()


def test_every_term_has_its_precision_and_recall(book: Codebook) -> None:
    scores = {(s.area, s.term): s for s in score_terms(book, CODED)}
    ransomware = next(s for (area, term), s in scores.items() if area == "cyber_emerging_tech" and "ransomware" in term)
    assert (ransomware.precision, ransomware.recall, ransomware.positives) == (1.0, 1.0, 1)
    assert all(0 <= s.precision <= 1 and s.alone <= s.passages - s.right for s in scores.values())


def test_a_codebook_differs_from_itself_in_nothing_and_from_a_shorter_one_in_its_terms(book: Codebook, tmp_path: Path) -> None:
    rows = [(f"d:{i}", "Sample 2026", text) for i, (text, _) in enumerate(CODED)]
    assert list(changes(book, book, rows)) == []
    shorter = tmp_path / "shorter.toml"
    shorter.write_text(DEFAULT.read_text("utf-8").replace("ransomware", "ransomwarez"), "utf-8")
    (change,) = changes(book, load_codebook(shorter), rows)
    assert (change.record_id, change.lost, change.gained) == ("d:2", ("cyber_emerging_tech",), ())


def test_terms_are_listed_by_a_command(tmp_path: Path) -> None:
    path = tmp_path / "coded.csv"
    path.write_text("text,areas\n" + "".join(f'"{text}",{";".join(areas)}\n' for text, areas in CODED), "utf-8")
    result = CliRunner().invoke(app, ["codebook", "terms", str(path)])
    assert result.exit_code == 0 and "ransomware" in result.output

"""The direction of imports, read from the syntax tree, and that importing the package stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PIPELINE = Path(__file__).resolve().parent.parent / "pipeline"
BASE = {"records", "findings", "errors"}
CODEBOOK = BASE | {"codebook"}
#: What each module may import of the package; a folder stands for the modules in it. `CONTRIBUTING.md` draws the same house.
MAY: dict[str, set[str]] = {
    "findings": set(),
    "records": {"findings"},
    "errors": set(),
    "numbering": set(),
    "roundtrip": set(),
    "tabular": {"errors"},
    "ligatures": {"errors"},
    "times": {"errors"},
    "language": BASE,
    "settings": BASE,
    "codebook": BASE,
    "ingest": BASE | {"numbering", "tabular"},
    "structure": BASE | {"language", "ligatures", "numbering"},
    "metadata": CODEBOOK | {"ingest"},
    "components": CODEBOOK | {"ligatures", "times"},
    "annotate": BASE | {"components"},
    "classify": CODEBOOK,
    "modelling": CODEBOOK | {"classify", "training"},
    "training": BASE | {"ingest", "structure", "classify", "tabular"},
    "analyse": CODEBOOK | {"ingest", "structure", "metadata", "annotate", "classify", "settings", "dataset", "highlight"},
    "passages": BASE | {"tabular"},
    "evaluate": CODEBOOK | {"tabular"},
    "store": BASE | {"roundtrip"},
    "workers": BASE,
    "batch": BASE | {"store", "workers", "analyse", "roundtrip"},
    "inputs": BASE | {"batch", "ingest", "tabular"},
    "precision": CODEBOOK,
    "dataset": CODEBOOK | {"store", "precision", "tabular"},
    "highlight": BASE,
    "report": BASE | {"dataset", "compare", "charts", "highlight"},
    "compare": BASE | {"dataset"},
    "charts": BASE | {"dataset", "compare"},
    "export": BASE | {"dataset", "store", "settings", "annotate"},
    "display": BASE,
}
TABLES_ONLY = {"dataset", "store", "report", "highlight", "evaluate", "compare", "charts"}


def imported(path: Path) -> set[str]:
    """Names of the modules that a file imports, type-checking blocks left out."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            return
        if isinstance(node, ast.Import):
            found.update(a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"pipeline.{a.name}" for a in node.names if a.name[0] != "_"}
            found.update(names if node.module == "pipeline" else {node.module})
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text("utf-8")))
    return found


def room(path: Path) -> str:
    """The module, or the folder of modules, that a file belongs to."""
    return path.relative_to(PIPELINE).parts[0].removesuffix(".py")


FILES = [p for p in sorted(PIPELINE.rglob("*.py")) if room(p) not in ("__init__", "cli")]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PIPELINE)))
def test_imports_point_one_way(path: Path) -> None:
    inside = {m.split(".")[1] for m in imported(path) if m.startswith("pipeline.")}
    assert room(path) in MAY, f"say in MAY what {room(path)} may import"
    assert inside <= MAY[room(path)] | {room(path)}


@pytest.mark.parametrize("path", [p for p in FILES if room(p) in TABLES_ONLY], ids=lambda p: p.name)
def test_tables_never_load_spacy(path: Path) -> None:
    assert not {m for m in imported(path) if m.split(".")[0] == "spacy"}


def test_the_rooms_are_those_that_are_there_and_are_drawn() -> None:
    rooms = {room(path) for path in FILES}
    assert set(MAY) == rooms
    assert rooms >= TABLES_ONLY
    drawn = (PIPELINE.parent / "CONTRIBUTING.md").read_text("utf-8")
    assert not {name for name in rooms if f"`{name}.py`" not in drawn and f"`{name}/`" not in drawn}


def test_nothing_behind_the_tables_loads_spacy() -> None:
    names = sorted(TABLES_ONLY | {"export.brat", "export.xlsx", "export.zenodo"})
    code = f"import sys, {', '.join(f'pipeline.{name}' for name in names)}; print('spacy' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PIPELINE.parent)
    assert out.stdout.strip() == "False"


def test_records_and_errors_use_the_standard_library_only() -> None:
    for name in ("records.py", "findings.py", "errors.py"):
        outside = imported(PIPELINE / name) - {"pipeline.findings"}
        assert all(m.split(".")[0] in sys.stdlib_module_names for m in outside)


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, pipeline, pipeline.cli; print([m for m in ('spacy', 'pandas', 'sklearn', 'lxml') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PIPELINE.parent)
    assert out.stdout.strip() == "[]"


def test_files_stay_small() -> None:
    long = {p.name: n for p in PIPELINE.rglob("*.py") if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert not long

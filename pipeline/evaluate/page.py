"""An evaluation to read: one self-contained HTML page with every mistake, or a Markdown summary without any text.

The page quotes the gold passages; it is written only where the user says.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SettingsError
from pipeline.evaluate.evaluation import Curve, Evaluation, Point
from pipeline.evaluate.mistakes import Group, Line, Mark, Mistake
from pipeline.evaluate.rows import Passage
from pipeline.evaluate.scores import Figure

FOLDER = Path(__file__).parent
#: Figures at the head of the page, with what to call them.
HEAD = {
    "area_macro_f1": "Areas, macro-F1",
    "area_micro_f1": "Areas, micro-F1",
    "area_false_alarm_rate": "False alarms on passages with no area",
    "commitment_sentence_f1": "Sentences with commitments, F1",
    "commitment_p": "Commitments, precision",
    "commitment_r": "Commitments, recall",
    "commitment_f1": "Commitments, F1",
    "obligation_accuracy": "Obligation right",
    "stage_accuracy": "Stage right",
    "negated_accuracy": "Negation right",
    "attribute_accuracy": "Actor of the commitment right",
    "time_f1": "Time, F1",
    "actor_p": "Actors, precision",
    "actor_r": "Actors, recall",
    "actor_f1": "Actors, F1",
    "actor_id_accuracy": "Actor linked right",
}
PARTS = ("areas", "commitments", "actors")
#: Scores of a learning curve, with what to call them.
CURVE = {"macro_f1": "macro-F1", "micro_f1": "micro-F1", "false_alarms": "false alarms"}


@dataclass(frozen=True, slots=True)
class Card:
    """A passage with all its mistakes of one kind: pieces of text with the classes of their marks, and tables to compare."""

    passage: Passage
    pieces: tuple[tuple[str, str], ...]
    tables: tuple[tuple[Line, ...], ...]


def write_page(evaluation: Evaluation, path: Path) -> None:
    """Writes the page to `path`: Markdown (summary tables) if it ends in `.md`, HTML (with every mistake) if in `.html`.

    Raises:
        SettingsError: it ends in something else.
    """
    check_name(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(markdown(evaluation) if path.suffix == ".md" else html(evaluation), "utf-8")


def check_name(path: Path) -> None:
    """Raises SettingsError unless a page can be written under this name."""
    if path.suffix not in (".html", ".md"):
        raise SettingsError(f"A page of mistakes cannot be written to {path}.", advice="Give a name that ends in .html or .md.")


def html(evaluation: Evaluation) -> str:
    """The whole page; all text passes through Jinja2's autoescape."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    env = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    env.filters["number"] = number
    return env.get_template("page.html").render(
        e=evaluation,
        head=HEAD,
        parts={part: [g for g in evaluation.groups if g.part == part] for part in PARTS},
        most=max([0, *evaluation.confusion.given.values(), *evaluation.confusion.nothing.values()]),
        title=lambda group: title(group, evaluation),
        cards=cards,
        curves=CURVE,
        by_size=by_size,
        style=(FOLDER / "page.css").read_text("utf-8"),
    )


def number(value: float, digits: int = 2) -> str:
    """A figure as printed; a dash where it is not defined."""
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def by_size(curve: Curve) -> list[dict[str, Point]]:
    """The points of a learning curve by score, one dictionary a size."""
    sizes: dict[tuple[int, int], dict[str, Point]] = {}
    for point in curve.points:
        sizes.setdefault((point.documents, point.passages), {})[point.score] = point
    return list(sizes.values())


def title(group: Group, evaluation: Evaluation) -> str:
    """What the mistakes of a group are, in words."""
    what = evaluation.names.get(group.what, group.what)
    return f"{group.kind}: {what}" if what else group.kind


def cards(group: Group) -> list[Card]:
    """The mistakes of a group by passage; equal tables and marks stand once."""
    by_passage: dict[str, list[Mistake]] = {}
    for mistake in group.mistakes:
        by_passage.setdefault(mistake.passage.id, []).append(mistake)
    return [_card(members) for members in by_passage.values()]


def _card(members: Sequence[Mistake]) -> Card:
    passage = members[0].passage
    marks = [mark for m in members for mark in m.marks]
    return Card(passage, tuple(pieces(passage.text, marks)), tuple(dict.fromkeys(m.lines for m in members)))


def pieces(text: str, marks: Sequence[Mark]) -> Iterator[tuple[str, str]]:
    """The text cut at the ends of marks, each piece with the classes of the marks over it ("coded aim"), or ""."""
    edges = sorted({0, len(text), *(e for m in marks for e in (m.start, m.end) if 0 < e < len(text))})
    for start, end in itertools.pairwise(edges):
        over = [m for m in marks if m.start <= start and end <= m.end]
        yield text[start:end], " ".join(sorted({c for m in over for c in (m.side, m.role)}))


def markdown(evaluation: Evaluation) -> str:
    """Figures, areas, confusion, calibration and kinds of mistakes as tables; no text of the passages."""
    e = evaluation
    blocks = [
        f"# Evaluation\n\n{e.passages} passages of {e.documents} documents; {len(e.missing)} not coded, {len(e.failed)} "
        "failed. Intervals: 95 %, over documents.",
        _table(("figure", "value", "interval"), ((HEAD[n], *_both(f)) for n, f in e.figures.items() if n in HEAD)),
        "## Areas",
        _table(("area", "gold", "coded", "precision", "recall", "F1", "interval of F1"), _areas(e)),
        "## Missed area and area given there",
        _table(("missed", "given", "passages"), _confusion(e)),
        "## Calibration",
        _calibration(e),
        "## Learning curve",
        _curve(e.curve),
        "## Mistakes",
        _table(("part", "kind", "count"), ((g.part, title(g, e), str(g.count)) for g in e.groups)),
    ]
    return "\n\n".join(blocks) + "\n"


def _both(figure: Figure) -> tuple[str, str]:
    return number(figure.value, 3), f"{number(figure.low, 3)} to {number(figure.high, 3)}"


def _areas(e: Evaluation) -> Iterator[tuple[str, ...]]:
    for a in e.areas:
        parts = (number(figure.value) for figure in (a.precision, a.recall, a.f1))
        yield e.names[a.area], str(a.support), str(a.given), *parts, f"{number(a.f1.low)} to {number(a.f1.high)}"


def _confusion(e: Evaluation) -> Iterator[tuple[str, ...]]:
    for (missed, given), count in sorted(e.confusion.given.items(), key=lambda item: (-item[1], item[0])):
        yield e.names.get(missed, "(no area)"), e.names[given], str(count)


def _calibration(e: Evaluation) -> str:
    c = e.calibration
    if c is None:
        return "Not judged: the coded file gives no probabilities of all areas."
    figures = (
        f"Expected calibration error {number(c.error, 3)} (by chance alone {number(c.error_by_chance, 3)}), "
        f"Brier score {number(c.brier, 3)}, {c.passages} passages."
    )
    rows = ((f"{b.low:.1f} to {b.high:.1f}", str(b.count), number(b.said), number(b.observed)) for b in c.table)
    return f"{figures}\n\n{_table(('probability', 'count', 'mean said', 'share right'), rows)}"


def _curve(curve: Curve | None) -> str:
    if curve is None:
        return "Not known: `pactscope train --learning-curve` writes it into the model's card."
    rows = (
        (str(size["macro_f1"].documents), str(size["macro_f1"].passages), *(_point(size[score]) for score in CURVE))
        for size in by_size(curve)
    )
    return f"Judged on {curve.judged}.\n\n{_table(('documents', 'passages', *CURVE.values()), rows)}"


def _point(point: Point) -> str:
    return f"{number(point.value, 3)} ({number(point.low)} to {number(point.high)})"


def _table(columns: Sequence[str], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)

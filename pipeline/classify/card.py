"""A model's card as Markdown, from the same values as `card.json`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

SCORES = {"macro_f1": "macro-F1", "micro_f1": "micro-F1", "false_alarms": "false alarms on passages with no area"}


def as_markdown(card: dict[str, Any]) -> str:
    """The card for people; parts that the card lacks are left out."""
    parts = [
        f"# Model {card['model_id']}",
        card.get("summary", ""),
        "## Made from",
        _table(["", ""], _made_from(card)),
        *(
            part
            for title, name in (("Intended use", "intended_use"), ("Limits", "limits"), ("Known errors", "known_errors"))
            for part in _list(title, card.get(name, ()))
        ),
        *_list("How it was trained", card.get("training", ())),
        *(part for name, values in card.get("figures", {}).items() for part in _figures(name, values)),
    ]
    if card.get("learning_curve"):
        parts += _learning_curve(card["learning_curve"])
    if card.get("comparison"):
        parts += ["## Comparison", card.get("comparison_note", ""), _comparison(card["comparison"])]
    return "\n\n".join(p for p in parts if p) + "\n"


def _made_from(card: dict[str, Any]) -> list[list[str]]:
    book, passages = card["codebook"], card["passages"]
    rows = [
        ["codebook", f"{book['name']}, version {book['version']} ({book['hash']})"],
        ["passages", ", ".join(f"{n} {origin}" for origin, n in passages.items())],
        ["hash of the passages", card["data_hash"]],
        ["versions", ", ".join(f"{name} {version}" for name, version in card["versions"].items())],
    ]
    if card.get("code_hash"):
        rows.append(["hash of the code", card["code_hash"]])
    return rows


def _figures(name: str, values: dict[str, Any]) -> list[str]:
    size = f"{values['passages']} passages of {values['documents']} documents, {values['without_area']} of them without an area"
    uncertain = values["uncertain"]
    rows = [[label, *(_number(v) for v in values[key])] for key, label in SCORES.items()]
    return [
        f"## Figures: {name}",
        f"{size[0].upper()}{size[1:]}. Intervals are drawn over documents.",
        _table(["", "value", "from", "to"], rows),
        f"Expected calibration error {values['calibration_error']:.4f} (ten bins of equal count for each area, mean of "
        f"the areas with at least ten positives), Brier score {values['brier']:.4f}. Uncertain: {uncertain['tags']} tags in "
        f"{uncertain['passages']} passages, of which {uncertain['true']} are right.",
        _table(
            ["area", "positives", "precision", "recall", "F1"],
            [
                [str(r["area"]), str(r["positives"]), *(_number(r[k]) for k in ("precision", "recall", "f1"))]
                for r in values["areas"]
            ],
        ),
        "Reliability over all areas (ten bins of equal count):",
        _table(
            ["mean probability", "share true", "decisions"],
            [[_number(p), _number(t), str(n)] for p, t, n in values["reliability"]],
        ),
    ]


def _learning_curve(curve: dict[str, Any]) -> list[str]:
    """A row a share of the documents, the scores side by side."""
    rows: dict[tuple[int, int], list[str]] = {}
    for point in curve["points"]:
        cell = f"{_number(point['value'])} ({_number(point['low'])}–{_number(point['high'])})"
        rows.setdefault((point["documents"], point["passages"]), []).append(cell)
    return [
        "## Learning curve",
        f"Scores by how much was trained on, judged on {curve['judged']}; in brackets 95 % intervals over documents.",
        _table(["documents", "passages", *SCORES.values()], [[*map(str, size), *cells] for size, cells in rows.items()]),
    ]


def _comparison(rows: Sequence[dict[str, Any]]) -> str:
    names = [name for name in rows[0] if name != "method"]
    return _table(["method", *names], [[row["method"], *(_number(row[n]) for n in names)] for row in rows])


def _list(title: str, lines: Iterable[str]) -> list[str]:
    items = "\n".join(f"- {line}" for line in lines)
    return [f"## {title}", items] if items else []


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _number(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)

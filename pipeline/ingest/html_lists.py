"""The numbers of ordered HTML lists, which stand in no text but on every screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.numbering import letters, roman

_LIST_STYLES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman", "1": "decimal"}


def list_numbers(element: Any, items: list[Any]) -> Iterator[str]:
    """The number of each item of an ordered list as a browser shows it (HTML standard 4.4.5), a bullet where it shows none."""
    backwards = "reversed" in element.attrib
    value = _whole(element.get("start"), len(items) if backwards else 1)
    for item in items:
        value = _whole(item.get("value"), value)
        yield _shown(value, _list_style(item) or _list_style(element) or "decimal")
        value += -1 if backwards else 1


def _list_style(element: Any) -> str:
    named = re.search(r"list-style(?:-type)?\s*:\s*([\w-]+)", element.get("style") or "")
    if named:
        return named.group(1)
    if re.search(r"(?:^|[\s_-])(?:list-unstyled|unstyled|no-?bullets?|list-none)(?=$|[\s_-])", element.get("class") or ""):
        return "none"
    return _LIST_STYLES.get(element.get("type") or "", "")


def _shown(value: int, style: str) -> str:
    if style in ("none", "disc", "circle", "square"):
        return "•"
    if value > 0 and style in ("lower-alpha", "lower-latin", "upper-alpha", "upper-latin"):
        text = letters(value)
    elif 0 < value < 4000 and style in ("lower-roman", "upper-roman"):
        text = roman(value)
    else:
        text = str(value)
    return f"{text.upper() if style.startswith('upper') else text}."


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\s*-?\d{1,6}\s*", text) else default

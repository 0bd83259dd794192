"""Printed numbers at the head of a line: "12.", "3.2", "(b)", "iv)", "Article 4", "TITLE II"."""

from __future__ import annotations

import re

_ROMAN = r"[ivxlc]{1,7}|[IVXLC]{1,7}"
_DIVISION = re.compile(
    r"(?:(?:ARTICLE|Article|Art\.|SECTION|Section|Sec\.|CHAPTER|Chapter|TITLE|Title|PART|Part|ANNEX|Annex|APPENDIX|Appendix|"
    r"PROTOCOL|Protocol|SCHEDULE|Schedule|SUB-PART|Sub-part|Regulation|Rule|§|No\.?|Nr\.?)[\s\xa0]*"
    r"(?:\d+(?:[.-]\d+)*[a-z]?|[IVXLC]+|[A-Z])(?:bis|ter)?\b\.?|(?:ANNEX|PREAMBLE|PROTOCOL|APPENDIX)\b|(?:Annex|Preamble|Appendix)\b(?=\s*$|\s*[:–—]))"
)
_PLAIN = re.compile(
    r"(?P<dec>\d{1,3}(?:\.\d{1,3}){1,4}\.?)(?=\s+[A-Z“‘\"]|$)"
    r"|(?P<dig>\d{1,3}[.)])(?=\s|$|[A-Z“‘\"])"
    rf"|(?P<par>\((?:\d{{1,3}}|[a-z]{{1,2}}|[A-Z]|{_ROMAN})\))(?=\s|$|[A-Za-z“‘\"])"
    rf"|(?P<let>(?:[a-z]|{_ROMAN}|[A-Z])\))(?=\s|$|[A-Za-z“‘\"])"
    rf"|(?P<dot>(?:[a-z]|[ivxl]{{1,6}})\.)(?=\s|$|[A-Z“‘\"])"
    rf"|(?P<cap>(?:[A-Z]|[IVXL]{{1,6}})\.)(?=\s+[A-Z]|$|[A-Z]?[a-z]{2})"
)
#: A bullet at the head of a line, with the white space after it.
BULLET = re.compile(r"[-*+•·▪●◦‣\uf0b7–—][ \t\xa0]+")
_RANKS = {"annex": 2, "appendix": 2, "protocol": 2, "schedule": 2, "part": 2, "title": 3, "sub": 4, "chapter": 4, "section": 5}
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def division(text: str) -> str:
    """The number of a heading ("Article 4", "TITLE II", "Annex"), empty if it has none of these."""
    m = _DIVISION.match(text)
    return m.group().rstrip() if m else ""


def number_of(text: str) -> str:
    """The number at the head of a paragraph or item ("12.", "3.2", "(b)", "a)"), empty if there is none."""
    m = _PLAIN.match(text)
    return m.group() if m else ""


def rank_of(number: str) -> int:
    """The heading level of a division of an agreement by its word: annex and part 2, title 3, chapter 4, section 5, else 6."""
    word = re.match(r"[A-Za-z]*", number)
    return _RANKS.get(word.group().lower() if word else "", 6)


def style_of(number: str) -> str:
    """What numbers of one series have in common: "1", "I", "A", "a", or the word of "Article 4"; empty for none."""
    core = re.sub(r"[\W_]+", " ", number).strip()
    if not core or not core[0].isalpha() or " " in core:
        return core.split(" ")[0].lower() if " " in core and core[0].isalpha() else "1" * bool(core)
    return "I" if re.fullmatch(r"[IVX]+", core) else "A" if core.isupper() else "a"


def successor(before: str, number: str) -> bool:
    """Whether `number` is the next after `before` in one series: "(c)" after "(b)", "iv." after "iii.", "3." after "2."."""
    a, b = before.strip("()."), number.strip("().")
    if not a or not b or before.replace(a, "") != number.replace(b, ""):
        return False
    if a.isdigit() and b.isdigit():
        return int(b) == int(a) + 1
    if len(a) == len(b) == 1 and ord(b) == ord(a) + 1:
        return True
    return not (set((a + b).lower()) - set(_ROMAN_VALUES)) and _value(b.lower()) == _value(a.lower()) + 1


def roman(value: int) -> str:
    """Lower-case Roman numeral of a positive number."""
    out = ""
    for size, sign in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
        (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        out, value = out + sign * (value // size), value % size
    return out


def letters(value: int) -> str:
    """a, b, ..., z, aa, ab, ... of a positive number."""
    out = ""
    while value > 0:
        value, rest = divmod(value - 1, 26)
        out = chr(97 + rest) + out
    return out


class Levels:
    """Depth of list items told by the style of their numbers, as long as one list lasts.

    The first style is level 1; another style opens the level below; a style seen before goes back to its level. "(i)" is the
    letter after "(h)" and otherwise a Roman numeral.
    """

    def __init__(self) -> None:
        self._styles: list[str] = []
        self._last = ""
        self._paragraph = ""

    def reset(self) -> None:
        """Forgets the list, at a heading, a numbered paragraph or a paragraph that introduces nothing."""
        self._styles.clear()
        self._last = ""

    def place(self, number: str, words: str, lead: str) -> tuple[str, int]:
        """Kind and level of a block that begins with `number`.

        "12." and "3.2" number the paragraphs of an agreement, unless the words before (`lead`) introduce a list or the words
        are a part of a sentence; once there was a paragraph 1, what follows it with the next number is a paragraph as well.
        """
        core = number.rstrip(".)")
        if re.fullmatch(r"\d{1,3}(?:\.\d{1,3})*", core) and not number.startswith("("):
            rest = words[len(number) :].strip()
            part = rest[:1].islower() or rest.endswith((";", ",", "; and", "; or"))
            follows = core.isdigit() and self._paragraph.isdigit() and int(core) == int(self._paragraph) + 1
            if (follows and not part) or not (part or lead.endswith((":", ",", "—"))):
                self._paragraph = core
                self.reset()
                return "paragraph", 0
        return "list_item", self.of(number)

    def of(self, number: str) -> int:
        """The level, from 1, of an item with this number (empty: a bullet)."""
        style = self._style(number)
        if style in self._styles:
            del self._styles[self._styles.index(style) + 1 :]
        else:
            self._styles.append(style)
        return len(self._styles)

    def _style(self, number: str) -> str:
        core = number.strip("().")
        if not core:
            return "-"
        frame = number.replace(core, "")
        if core[0].isdigit():
            return f"1{frame}"
        case = "A" if core.isupper() else "a"
        before, self._last = self._last, core
        return f"{case}{'i' if _is_roman(core.lower(), before.lower()) else 'a'}{frame}"


def _is_roman(core: str, before: str) -> bool:
    if set(core) - set(_ROMAN_VALUES) or (len(core) == 1 and ord(core) - 1 == ord(before[-1:] or " ") and len(before) == 1):
        return False
    return len(core) > 1 or core == "i" or (before != "" and roman(_value(before) + 1) == core)


def _value(numeral: str) -> int:
    values = [_ROMAN_VALUES.get(c, 0) for c in numeral]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))

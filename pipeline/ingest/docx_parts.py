"""The parts of a Word file below its text: the package, paragraph styles, and automatic numbers.

After ECMA-376 (Office Open XML), part 1, section 17.9 for numbering. Names are compared without their namespace, so that the
strict and the transitional form of the format are read alike.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from pipeline.errors import ReadError

Element = etree._Element
_LEVELS = 9
# A Word file of 1,000 pages has about 20 MB of XML; more than this is a fault or an attack (a "zip bomb").
_MOST_BYTES = 300_000_000
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_UNITS = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
# Only as far as articles and chapters are counted in words.
_CARDINALS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
_ORDINALS = ("", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth", "Eleventh")


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str) -> str:
    """An attribute by its name without namespace; empty if it is not there."""
    if element is not None:
        for key, value in element.attrib.items():
            if str(key).rsplit("}", 1)[-1] == name:
                return str(value)
    return ""


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along `path`, or None."""
    for name in path:
        if element is None:
            return None
        element = next((c for c in element if local(c) == name), None)
    return element


def value(element: Element | None, *path: str) -> str:
    """The `val` attribute of the descendant along `path`, empty if there is none."""
    return attribute(child(element, *path), "val")


def switched_on(element: Element | None, *path: str) -> bool:
    """Whether a toggle such as `<w:b/>` is there and not switched off."""
    found = child(element, *path)
    return found is not None and attribute(found, "val") not in {"0", "false", "off", "none"}


class Package:
    """The XML parts of a Word file, by what they are.

    Raises:
        ReadError: empty, encrypted, truncated or damaged, or not a Word file.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        if not data:
            raise ReadError(f"{name} is empty.", advice="Get the file again.")
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise ReadError(
                f"{name} is an encrypted Word file or one in the old .doc format.",
                advice="Open it in a word processor, remove the password and save it as .docx.",
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise self._damaged(f"its archive cannot be opened ({error})") from error
        main = next(self._related("", "officeDocument"), "word/document.xml")
        document = self._part(main)
        if document is None:
            raise ReadError(f"{name} is not a Word file: it has no {main}.", advice="Check that it is the right file.")
        self.document: Element = document
        parts = {kind: next(self._related(main, kind), "") for kind in ("styles", "numbering", "footnotes", "endnotes")}
        self.parts = {kind: self._part(path) for kind, path in parts.items()}
        self.core = self._part(next(self._related("", "core-properties"), "docProps/core.xml"))

    def _damaged(self, why: str) -> ReadError:
        return ReadError(f"{self.name} is damaged: {why}.", advice="Get the file again or save it anew in a word processor.")

    def _part(self, path: str) -> Element | None:
        if not path or path not in self._zip.namelist():
            return None
        if self._zip.getinfo(path).file_size > _MOST_BYTES:
            raise self._damaged(f"{path} unpacks to more than {_MOST_BYTES // 1_000_000} MB")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        try:
            return etree.fromstring(self._zip.read(path), parser)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise self._damaged(f"{path} cannot be unpacked ({error})") from error
        except etree.XMLSyntaxError as error:
            raise self._damaged(f"{path} is not well-formed XML ({error})") from error

    def _related(self, path: str, kind: str) -> Iterator[str]:
        """Paths of the parts that part `path` (empty: the package) names as `kind`."""
        folder, base = posixpath.split(path)
        relations = self._part(posixpath.join(folder, "_rels", f"{base}.rels"))
        for relation in relations if relations is not None else ():
            target = attribute(relation, "Target")
            if attribute(relation, "Type").endswith(f"/{kind}") and attribute(relation, "TargetMode") != "External":
                yield target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


class Styles:
    """Paragraph styles with what they inherit."""

    def __init__(self, root: Element | None) -> None:
        found = [e for e in root if local(e) == "style"] if root is not None else []
        self._by_id = {attribute(e, "styleId"): e for e in found}
        defaults = [s for s, e in self._by_id.items() if attribute(e, "type") == "paragraph" and attribute(e, "default") == "1"]
        self._default = defaults[0] if defaults else ""

    def chain(self, style_id: str) -> list[tuple[str, Element]]:
        """The style and those that it is based on, nearest first, each with its id; the default style if it is unknown."""
        chain: list[tuple[str, Element]] = []
        style_id = style_id if style_id in self._by_id else self._default
        while style_id in self._by_id and len(chain) < 20:
            element = self._by_id[style_id]
            chain.append((style_id, element))
            style_id = value(element, "basedOn")
        return chain

    def names(self, style_id: str) -> list[str]:
        """The English names of the style and its ancestors, in lower case ("heading 1", "title")."""
        return [value(element, "name").lower() for _, element in self.chain(style_id)]

    def numbering_of(self, style_id: str) -> str:
        """The `numId` of a numbering style."""
        return value(self._by_id.get(style_id), "pPr", "numPr", "numId")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: its format, its text with `%1` to `%9` for the counters, and when it starts again.

    Attributes:
        restart: number of the level (from 1) whose use restarts this one; 0 never; None every higher level.
        style: paragraph style that is tied to this level.
    """

    format: str = "decimal"
    text: str = ""
    start: int = 0
    restart: int | None = None
    legal: bool = False
    style: str = ""


@dataclass(slots=True)
class _Instance:
    """A list: the counters belong to its abstract definition, which several lists may share."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)
    used: bool = False


class Numbering:
    """Counts automatic numbers as Word does: call `count` once for every numbered paragraph, in order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        elements = list(root) if root is not None else []
        self._abstract = {attribute(e, "abstractNumId"): e for e in elements if local(e) == "abstractNum"}
        self._nums = {attribute(e, "numId"): e for e in elements if local(e) == "num"}
        self._styles = styles
        self._instances: dict[str, _Instance] = {}
        self._counters: dict[str, list[int | None]] = {}

    def level_of_style(self, num_id: str, style_id: str) -> int | None:
        """The level (from 0) that list `num_id` ties to a paragraph style, or None."""
        instance = self._instance(num_id)
        levels = instance.levels if instance else {}
        return next((i for i, level in levels.items() if level.style == style_id), None)

    def format_of(self, num_id: str, level: int) -> str:
        """`decimal`, `lowerLetter`, `bullet`, …; empty if there is no such list."""
        instance = self._instance(num_id)
        return instance.levels.get(level, Level()).format if instance else ""

    def count(self, num_id: str, level: int) -> str:
        """Counts a paragraph and returns its number as printed ("3.2", "(b)"); empty for bullets and unknown lists."""
        instance = self._instance(num_id)
        if instance is None or level not in instance.levels:
            return ""
        counters = self._counters.setdefault(instance.abstract, [None] * _LEVELS)
        if not instance.used:
            instance.used = True
            for at in instance.starts:
                counters[at] = None
        now = counters[level]
        counters[level] = instance.levels[level].start if now is None else now + 1
        for below in range(level + 1, _LEVELS):
            restart = instance.levels.get(below, Level()).restart
            if restart is None or level < restart:
                counters[below] = None
        return self._print(instance.levels, counters, level)

    def _print(self, levels: dict[int, Level], counters: list[int | None], at: int) -> str:
        shown = levels[at]
        if shown.format == "bullet":
            return ""

        def counter(match: re.Match[str]) -> str:
            level = levels.get(int(match[1]) - 1, Level())
            now = counters[int(match[1]) - 1]
            # A level that was skipped shows its start, as in "1.1.1" right below "1".
            number = level.start if now is None else now
            return format_number(number, "decimal" if shown.legal and level.format != "none" else level.format)

        text = re.sub(r"%([1-9])", counter, shown.text).strip()
        return text if any(c.isalnum() for c in text) else ""

    def _instance(self, num_id: str) -> _Instance | None:
        if num_id not in self._instances and num_id in self._nums:
            self._instances[num_id] = self._read(self._nums[num_id])
        return self._instances.get(num_id)

    def _read(self, num: Element) -> _Instance:
        abstract_id = self._resolve(value(num, "abstractNumId"))
        abstract = self._abstract.get(abstract_id)
        levels = dict(_levels(abstract)) if abstract is not None else {}
        starts = {}
        for override in (e for e in num if local(e) == "lvlOverride"):
            at = _integer(attribute(override, "ilvl"), 0)
            levels.update(_levels(override))
            if start := value(override, "startOverride"):
                starts[at] = _integer(start, 1)
                levels[at] = replace(levels.get(at, Level()), start=starts[at])
        return _Instance(abstract_id, levels, starts)

    def _resolve(self, abstract_id: str) -> str:
        """Follows a link to a list style to the definition that holds the levels."""
        for _ in range(_LEVELS):
            style = value(self._abstract.get(abstract_id), "numStyleLink")
            num = self._nums.get(self._styles.numbering_of(style)) if style else None
            if num is None:
                break
            abstract_id = value(num, "abstractNumId")
        return abstract_id


def _levels(parent: Element) -> Iterator[tuple[int, Level]]:
    for e in (e for e in parent if local(e) == "lvl"):
        restart = value(e, "lvlRestart")
        # A format that only newer versions know stands in an alternative; its fallback names a plain one.
        numbers = value(e, "numFmt") or value(e, "AlternateContent", "Fallback", "numFmt") or "decimal"
        yield (
            _integer(attribute(e, "ilvl"), 0),
            Level(
                format=numbers,
                text=value(e, "lvlText"),
                start=_integer(value(e, "start"), 0),
                restart=_integer(restart, 0) if restart else None,
                legal=switched_on(e, "isLgl"),
                style=value(e, "pStyle"),
            ),
        )


def _integer(text: str, default: int) -> int:
    return int(text) if text.lstrip("-").isdigit() else default


def format_number(number: int, kind: str) -> str:
    """A counter in one of Word's number formats; unknown formats in plain figures.

    >>> [format_number(28, k) for k in ("decimal", "lowerLetter", "upperRoman", "ordinal", "decimalZero")]
    ['28', 'bb', 'XXVIII', '28th', '28']
    """
    if kind in {"lowerLetter", "upperLetter"} and number > 0:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters.upper() if kind == "upperLetter" else letters
    if kind in {"lowerRoman", "upperRoman"} and number > 0:
        return _roman(number).upper() if kind == "upperRoman" else _roman(number)
    if kind == "ordinal":
        ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{ending}"
    words = {"cardinalText": _CARDINALS, "ordinalText": _ORDINALS}.get(kind)
    if words and number < len(words):
        return words[number]
    if kind == "none":
        return ""
    return f"{number:02d}" if kind == "decimalZero" else str(number)


def _roman(number: int) -> str:
    out = ""
    for size, letters in (*_ROMAN, *_ROMAN_UNITS):
        out += letters * (number // size)
        number %= size
    return out

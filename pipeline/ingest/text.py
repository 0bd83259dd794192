"""Plain text and Markdown, with YAML front matter.

Page text is the decoded file with line feeds as line ends and HTML entities decoded; the lines are slices of it.
"""

from __future__ import annotations

import hashlib
import html
import re
from pathlib import PurePath
from typing import Any

import yaml

from pipeline.errors import ReadError
from pipeline.ingest import markdown, plain
from pipeline.ingest.decoding import decode
from pipeline.records import Line, Metadata, Note, Page, Source, Value

_FRONT = re.compile(r"\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
#: Keys of the front matter and the fields they fill; the first that is there counts.
_KEYS = {
    "title": ("title",),
    "date": ("date", "published", "published_time"),
    "publisher": ("publisher", "source", "author"),
    "doc_type": ("doc_type", "type"),
    "parties": ("parties",),
    "url": ("url", "source_url", "canonical_url", "link"),
    "legal_status": ("legal_status",),
    "note": ("note",),
}
_MARKDOWN_SIGNS = re.compile(r"^#{1,6}[ \t]*\S|\*\*\S|\]\(\S+\)|^>[ \t]|^\|.*\|[ \t]*$|^[ \t]*[*+-][ \t]{1,3}\S", re.M)


def read(data: bytes, name: str) -> Source:
    """Reads a text or Markdown file.

    Markdown is told by its suffix (`.md`, `.markdown`) or, in a file with front matter or headings, by its signs.

    Raises:
        ReadError: if the bytes are not text or there is nothing but front matter.
    """
    text, notes = decode(data)
    marked = is_markdown(text, name)
    text, literal = _unescape(text)
    metadata, start, more = _front_matter(text)
    lines = markdown.read_lines(text, start, literal) if marked else plain.read_lines(text, start)
    if not lines:
        raise ReadError(f"{name} holds no text.", advice="Check that the file is complete.")
    if metadata.title is None:
        metadata = Metadata(**{**_fields(metadata), "title": _title(text, lines)})
    media_type = "text/markdown" if marked else "text/plain"
    page = Page(1, text, lines)
    return Source(name, media_type, hashlib.sha256(data).hexdigest(), (page,), metadata, notes + more)


def is_markdown(text: str, name: str) -> bool:
    """Whether a text is Markdown: by suffix, or by headings with `#`, or by front matter and other signs."""
    suffix = PurePath(name).suffix.lower()
    if suffix in (".md", ".markdown", ".mdown", ".qmd", ".rmd"):
        return True
    front = _FRONT.match(text)
    body = text[front.end() if front else 0 :][:20000]
    if len(re.findall(r"^#{1,6} \S", body, re.M)) > 0:
        return True
    return bool(front and suffix != ".txt" and _MARKDOWN_SIGNS.search(body))


def _unescape(text: str) -> tuple[str, frozenset[int]]:
    """The text with HTML entities decoded, and the offsets of `<` signs that were entities."""
    parts: list[str] = []
    literal: list[int] = []
    length = last = 0
    for m in _ENTITY.finditer(text):
        sign = html.unescape(m.group())
        parts += [text[last : m.start()], sign]
        length += m.start() - last + len(sign)
        last = m.end()
        if sign == "<":
            literal.append(length - 1)
    return "".join([*parts, text[last:]]).replace("\x00", "�"), frozenset(literal)


def _front_matter(text: str) -> tuple[Metadata, int, tuple[Note, ...]]:
    """Metadata from YAML front matter, the offset behind it, and a note where it cannot be read."""
    m = _FRONT.match(text)
    if not m:
        return Metadata(), 0, ()
    try:
        found = yaml.safe_load(m.group(1))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = str(error).splitlines()[0] if str(error) else type(error).__name__
        return Metadata(), m.end(), (Note("front_matter", f"The front matter is not valid YAML and was left out: {where}."),)
    if not isinstance(found, dict):
        return Metadata(), m.end(), ()
    return Metadata(**{field: _value(found, keys) for field, keys in _KEYS.items()}), m.end(), ()


def _value(found: dict[Any, Any], keys: tuple[str, ...]) -> Value | None:
    for key in keys:
        value = found.get(key)
        if isinstance(value, (list, tuple)):
            value = ";".join(str(v) for v in value)
        text = "" if value is None or isinstance(value, dict) else re.sub(r"\s+", " ", str(value)).strip()
        if key in _KEYS["date"] and not re.match(r"\d{4}(-\d\d){0,2}", text):
            continue
        if text:
            return Value(text[:10] if key in _KEYS["date"] else text, "front matter")
    return None


def _fields(metadata: Metadata) -> dict[str, Value | None]:
    return {name: getattr(metadata, name) for name in _KEYS}


def _title(text: str, lines: tuple[Line, ...]) -> Value | None:
    """The first heading among the first ten blocks."""
    blocks: list[list[Line]] = []
    for line in lines:
        if line.kind == "furniture":
            continue
        if line.joiner is None:
            blocks.append([])
        blocks[-1].append(line)
        if len(blocks) > 10:
            break
    for block in blocks[:10]:
        if block[0].kind == "heading":
            title = "".join((line.joiner or "") + text[line.start : line.end] for line in block)
            return Value(title, "heading", text[block[0].start : block[-1].end])
    return None

"""A source as a web page with the furniture that such pages have: navigation, cookie notice, share bar, related links."""

from __future__ import annotations

import json
import re
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from build import Part, Written

TEMPLATES = Path(__file__).resolve().parent / "sources" / "templates"
TYPES = {"press_release": "NewsArticle", "agreement": "Report", "treaty": "Legislation"}


def inline(text: str) -> str:
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", escape(text, quote=False))


def anchor(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def group(kind: str, parts: list[Part]) -> str:
    """Consecutive parts of one kind as HTML; lettered items lose their letters, which the browser counts itself."""
    if kind == "item":
        opening, closing = ("<ul>", "</ul>") if parts[0].number == "-" else ('<ol class="letters" type="a">', "</ol>")
        return "\n".join([opening, *(f"<li>{inline(p.text)}</li>" for p in parts), closing])
    if kind == "row":
        lines = []
        for n, part in enumerate(parts):
            cell = "td" if n else "th"
            lines.append("<tr>" + "".join(f"<{cell}>{inline(c.strip())}</{cell}>" for c in part.text.split("|")) + "</tr>")
        return "\n".join(["<table>", *lines, "</table>"])
    return "\n".join(single(kind, part) for part in parts)


def single(kind: str, part: Part) -> str:
    if kind == "heading":
        return f'<h{part.level} id="{anchor(part.text)}">{inline(part.text)}</h{part.level}>'
    if kind == "quote":
        return f"<blockquote><p>{inline(part.text)}</p></blockquote>"
    if kind == "language":
        return f'</div>\n<div class="text" lang="{part.text}" id="{part.text}">'
    number = f"{part.number} " if part.number else ""
    return f"<p>{number}{inline(part.text)}</p>"


def contents(written: Written) -> str:
    links = [
        f'<li><a href="#{anchor(p.text)}">{inline(p.text)}</a></li>'
        for p in written.parts
        if p.kind == "heading" and p.level > 1
    ]
    if len(links) < 5:
        return ""
    return "\n".join(['<div class="contents" role="navigation"><h2>Contents</h2><ol>', *links, "</ol></div>"])


def linked_data(written: Written) -> str:
    meta = written.meta
    data = {
        "@context": "https://schema.org",
        "@type": TYPES[meta["doc_type"]],
        "headline": meta["title"],
        "datePublished": meta["date"],
        "publisher": {"@type": "Organization", "name": meta["publisher"]},
        "mainEntityOfPage": meta["url"],
    }
    return json.dumps(data, ensure_ascii=False)


def html(written: Written) -> bytes:
    meta = written.meta
    name = meta["layout"].removeprefix("html-")
    # The title of a press or government page stands in its template; a treaty has one title for each language.
    parts = [p for p in written.parts if name == "treaty" or p.level != 1]
    notice = f'<p class="notice"><em>{inline(parts[0].text)}</em></p>'
    body = "\n".join([notice, *(group(kind, list(items)) for kind, items in groupby(parts[1:], key=lambda p: p.kind))])
    if name == "treaty":
        body = f'<div class="head">\n{body}\n</div>'
    values = {key: escape(value) for key, value in meta.items()}
    day = date.fromisoformat(meta["date"])
    return (
        Template((TEMPLATES / f"{name}.html").read_text("utf-8"))
        .substitute(
            values,
            body=body,
            day=f"{day.day} {day:%B %Y}",
            label=meta["doc_type"].replace("_", " ").capitalize(),
            contents=contents(written),
            json_ld=linked_data(written),
            description=escape(next(p.text for p in parts[1:] if p.kind == "paragraph")[:150]),
        )
        .encode()
    )

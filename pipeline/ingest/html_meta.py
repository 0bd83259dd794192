"""What a page says of itself: title, date, publisher and address, each with the place that says so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import htmldate

from pipeline.ingest.html_blocks import Piece
from pipeline.records import Metadata, Note, Value

_TITLES = ("og:title", "dc.title", "dcterms.title", "citation_title", "twitter:title")
_DATES = (
    "article:published_time", "og:article:published_time", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date",
    "dcterms.created", "citation_publication_date", "datepublished", "date", "pubdate", "publish-date", "publication_date",
    "publishdate", "og:published_time", "wt.z_date",
)  # fmt: skip
_PUBLISHERS = ("og:site_name", "dc.publisher", "dcterms.publisher", "citation_publisher", "publisher", "application-name")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?=\D|$)")
_SITE_MARK = re.compile(r"\s+[|–—»·•-]\s+|\s*[|»]\s*")


def describe(tree: Any, pieces: list[Piece]) -> tuple[Metadata, tuple[Note, ...]]:
    """Metadata of a page, and a note where its date is only a guess."""
    metas = _metas(tree)
    linked = _linked_data(tree)
    publisher = _first(metas, _PUBLISHERS) or _linked(linked, ("publisher", "sourceOrganization"))
    date, notes = _date(tree, metas, linked)
    title = _title(tree, metas, linked, pieces, publisher)
    return Metadata(title=title, date=date, publisher=publisher, url=_url(tree, metas, linked)), notes


def _metas(tree: Any) -> dict[str, str]:
    """Contents of the meta tags by their names in lower case; the first of each name counts."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        content = _clean(meta.get("content"))
        if name and content:
            found.setdefault(name, content)
    return found


def _linked_data(tree: Any) -> list[dict[str, Any]]:
    """The objects of the page's JSON-LD, articles and pages first; broken ones are passed over."""
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        found += _objects(data)
    return sorted(found, key=lambda d: not re.search(r"Article|Posting|Report|WebPage|Legislation", str(d.get("@type"))))


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
        yield from _objects(data.get("@graph"))
    elif isinstance(data, list):
        for item in data:
            yield from _objects(item)


def _first(metas: dict[str, str], names: tuple[str, ...]) -> Value | None:
    return next((Value(metas[n], f"meta {n}") for n in names if n in metas), None)


def _linked(linked: list[dict[str, Any]], keys: tuple[str, ...]) -> Value | None:
    for data in linked:
        for key in keys:
            value = data.get(key)
            value = value[0] if isinstance(value, list) and value else value
            value = value.get("name") or value.get("@id") if isinstance(value, dict) else value
            if isinstance(value, str) and _clean(value):
                return Value(_clean(value), f"json-ld {key}")
    return None


def _title(
    tree: Any, metas: dict[str, str], linked: list[dict[str, Any]], pieces: list[Piece], publisher: Value | None
) -> Value | None:
    """The one `<h1>` if the other titles contain it; else meta tags, JSON-LD, `<title>` without the site's name, a heading."""
    named = _first(metas, _TITLES) or _linked(linked, ("headline",))
    head = _clean(tree.findtext(".//title"))
    tops = [t for t in (_clean(h.text_content()) for h in tree.iter("h1")) if t]
    others = " ".join(filter(None, (named.value if named else "", head))).casefold()
    if len(set(tops)) == 1 and (not others or tops[0].casefold() in others):
        return Value(tops[0], "heading", tops[0])
    if named:
        return Value(_without_site(named.value, publisher), named.source)
    if head:
        return Value(_without_site(head, publisher), "title tag")
    first = next((p.text for p in pieces[:5] if p.kind == "heading" and p.level == 1), "")
    return Value(first, "heading", first) if first else None


def _without_site(title: str, publisher: Value | None) -> str:
    """The title without the name of the site at its end or beginning."""
    parts = _SITE_MARK.split(title)
    if len(parts) < 2:
        return title
    site = publisher.value.casefold() if publisher else ""
    if parts[-1].casefold() == site or ("|" in title and len(parts[-1]) < 0.4 * len(title)):
        return title[: title.rfind(parts[-1])].rstrip(" |–—»·•-")
    if parts[0].casefold() == site:
        return title[len(parts[0]) :].lstrip(" |–—»·•-")
    return title


def _date(tree: Any, metas: dict[str, str], linked: list[dict[str, Any]]) -> tuple[Value | None, tuple[Note, ...]]:
    stated = [
        *((metas[n], f"meta {n}") for n in _DATES if n in metas),
        *((v.value, v.source) for v in [_linked(linked, ("datePublished", "dateCreated", "legislationDate"))] if v),
        *((t.get("datetime"), "time tag") for t in tree.iter("time") if t.get("datetime") and _is_publication(t)),
    ]
    for text, source in stated:
        if value := _iso(text or ""):
            return Value(value, source), ()
    guess = htmldate.find_date(tree, original_date=True, extensive_search=False)
    if not guess:
        return None, ()
    note = Note("date_guessed", f"The page does not state its date in its metadata; {guess} was found in its text or address.")
    return Value(guess, "rule htmldate"), (note,)


def _is_publication(time: Any) -> bool:
    """Whether a time tag stands for the page as a whole: it says so, or it is the only one."""
    named = f"{time.get('itemprop') or ''} {time.get('class') or ''} {time.get('pubdate') or ''}".lower()
    if "publish" in named or "pubdate" in time.attrib:
        return True
    return sum(1 for _ in time.getroottree().getroot().iter("time")) == 1


def _iso(text: str) -> str:
    """YYYY, YYYY-MM or YYYY-MM-DD at the head of a date and time; empty if there is none."""
    if m := re.match(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", text):
        text = f"{m.group(1)}-{int(m.group(2)):02}-{int(m.group(3)):02}"
    m = _DATE.match(text.strip())
    if not m or not 1500 <= int(m.group(1)) <= 2200:
        return ""
    month, day = m.group(2), m.group(3)
    if month and not 1 <= int(month) <= 12:
        return m.group(1)
    return "-".join(filter(None, (m.group(1), month, day if day and 1 <= int(day) <= 31 else None)))


def _url(tree: Any, metas: dict[str, str], linked: list[dict[str, Any]]) -> Value | None:
    canonical = next((link.get("href") for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"), None)
    found = [
        Value(_clean(canonical), "link canonical"),
        Value(metas.get("og:url", ""), "meta og:url"),
        _linked(linked, ("url", "mainEntityOfPage")),
    ]
    return next((v for v in found if v and re.match(r"https?://[^\s/]+", v.value)), None)


def _clean(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip()

"""Which blocks of a page are its main text: trafilatura's choice where it covers the prose, else the page's structure."""

from __future__ import annotations

import re
from bisect import bisect
from itertools import accumulate
from typing import Any

import trafilatura

from pipeline.ingest.html_blocks import Piece
from pipeline.numbering import division

#: Shorter blocks ("Background", "Share") occur more than once on a page, so they are looked for only between longer ones.
_LONG = 30
#: A block of at least this many characters with the end of a sentence and few links is prose.
_PROSE = 80
_SENTENCE = re.compile(r"[.!?;:。！？；][”’\"')\]]*(?:\s|$)|[。！？；]")
#: The longest kicker above a title ("Press release", "Policy paper").
_KICKER = 40
_IMPRINT = {"from", "published", "publisher", "date", "last updated", "updated", "publication date", "author", "authors"}
_RENAMED = {
    "head": "h2", "list": "ul", "item": "li", "row": "tr", "cell": "td", "quote": "blockquote", "lb": "br", "hi": "span",
    "ref": "a", "graphic": "img", "main": "div",
}  # fmt: skip


def trafilatura_body(html: str) -> Any:
    """The body that trafilatura chooses (Barbaresi 2021), as its own XML tree; None if it finds nothing."""
    found: Any = trafilatura.bare_extraction(html, include_comments=False, include_tables=True, with_metadata=False)
    return None if found is None else found.body


def select(pieces: list[Piece], body: Any) -> list[bool] | None:
    """Which pieces are main text; None if trafilatura's text cannot be found again among the pieces.

    Args:
        pieces: all blocks of the page.
        body: the tree from `trafilatura_body`, or None.
    """
    if body is None:
        return _structural(pieces, [False] * len(pieces))
    wanted = _letters(" ".join(body.itertext()))
    chosen, covered = _align(pieces, wanted)
    _add_headings(pieces, chosen)
    if _lost_much(pieces, chosen):
        return _structural(pieces, chosen)
    return chosen if covered >= 0.8 * len(wanted) else None


def without_labels(pieces: list[Piece]) -> list[Piece]:
    """Leaves out what stands around the title for readers of the site: a kicker above it, a list of publisher and dates."""
    titles = [i for i, p in enumerate(pieces) if p.kind == "heading" and p.level == 1]
    top = titles[0] if len(titles) == 1 else 0
    return [
        piece
        for i, piece in enumerate(pieces)
        if not (i < top and piece.kind == "paragraph" and len(piece.text) <= _KICKER and not _SENTENCE.search(piece.text))
        and not any(e.tag == "dl" and _is_imprint(e) for e in piece.element.iterancestors("dl"))
    ]


def _is_imprint(element: Any) -> bool:
    """Whether a definition list says who published the page and when."""
    terms = {"".join(dt.itertext()).strip(" :\n").casefold() for dt in element.iter("dt")}
    return sum(len(t) for t in element.itertext()) < 600 and (bool(terms & _IMPRINT) or element.find(".//time") is not None)


def as_html(body: Any) -> Any:
    """Trafilatura's tree with HTML's names of elements, to be read like a page."""
    for element in body.iter():
        if element.tag == "list" and element.get("rend") == "ol":
            element.tag = "ol"
        elif element.tag == "head" and re.fullmatch(r"h[1-6]", element.get("rend") or ""):
            element.tag = element.get("rend")
        else:
            element.tag = _RENAMED.get(element.tag, element.tag)
    return body


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _align(pieces: list[Piece], wanted: str) -> tuple[list[bool], int]:
    """Finds the pieces in the wanted text, long ones first, and counts the letters found."""
    keys = [_letters(p.text[len(p.number) :] if p.number else p.text) for p in pieces]
    # An entry of a contents list reads like the heading that it leads to.
    proper = {key for key, piece in zip(keys, pieces, strict=True) if not piece.furniture}
    at: list[int | None] = [None] * len(pieces)
    here = covered = 0
    used: set[str] = set()
    for i, key in enumerate(keys):
        if len(key) < _LONG or (pieces[i].furniture and key in proper):
            continue
        place = wanted.find(key, here)
        if place < 0 and key not in used:
            place = wanted.find(key)
        if place < 0 and not pieces[i].furniture and _mostly_in(key, wanted[here : here + 2 * len(key) + 200]):
            place = here
        if place >= 0:
            at[i] = place
            here = place + len(key) if place >= here else here
            covered += len(key)
            used.add(key)
    ends = _next_places(at, len(wanted))
    here = 0
    chosen = [place is not None for place in at]
    for i, key in enumerate(keys):
        anchor = at[i]
        if anchor is not None:
            here = max(here, anchor + len(key))
        elif 0 < len(key) < _LONG and not pieces[i].furniture:
            place = wanted.find(key, here, max(here, ends[i]) + 1)
            if place >= 0:
                chosen[i], here, covered = True, place + len(key), covered + len(key)
    return chosen, covered


def _add_headings(pieces: list[Piece], chosen: list[bool]) -> None:
    """Takes in the title, and headings in the midst of the text whose section was chosen: trafilatura drops some."""
    tops = [i for i, p in enumerate(pieces) if p.kind == "heading" and p.level == 1 and not p.furniture]
    if len(tops) == 1 and any(chosen[tops[0] :]):
        above = (len(p.text) for p, wanted in zip(pieces[: tops[0]], chosen, strict=False) if wanted)
        chosen[tops[0]] |= max(above, default=0) <= _KICKER
    begun = False
    for i, piece in enumerate(pieces):
        if begun and not chosen[i] and piece.kind == "heading" and not (piece.furniture or piece.links or piece.bold):
            after = next((j for j in range(i + 1, len(pieces)) if pieces[j].kind != "heading"), i)
            chosen[i] = chosen[after] and (_is_prose(pieces[after]) or pieces[after].kind == "table_row")
        begun = begun or chosen[i]


def _next_places(at: list[int | None], end: int) -> list[int]:
    """For each piece the place of the next piece that was found."""
    out = [end] * len(at)
    for i in range(len(at) - 2, -1, -1):
        following = at[i + 1]
        out[i] = out[i + 1] if following is None else following
    return out


def _mostly_in(key: str, near: str) -> bool:
    """Whether most of a block was kept where it is due, though not all of it (a caption or a link left out in its midst)."""
    chunks = [key[i : i + 20] for i in range(0, len(key) - 19, 20)]
    return len(key) >= 60 and sum(chunk in near for chunk in chunks) > 0.6 * len(chunks)


def _is_prose(piece: Piece) -> bool:
    size = len(piece.text)
    wide = sum(ord(c) > 0x2E80 for c in piece.text)  # a Chinese or Japanese character says as much as three letters
    return size + 2 * wide >= _PROSE and piece.links < 0.3 * size and bool(_SENTENCE.search(piece.text))


def _lost_much(pieces: list[Piece], chosen: list[bool]) -> bool:
    """The coverage check: is there strong evidence that trafilatura left out a large share of the main text?

    Only prose outside furniture counts. What follows an article (comments, other articles, related texts) is no evidence, so it
    is taken from three signs: prose left out in between chosen prose, at least 1,500 characters and 30 % of what stands there;
    articles or sections with numbers left out; the page's one `<main>` or `<article>` mostly left out. Of a treaty in two
    languages trafilatura leaves out 75 % in between; of 140 pages of documentation one had more than 30 %, and rightly: nested
    lists were lost.
    """
    prose = [i for i, p in enumerate(pieces) if not p.furniture and _is_prose(p)]
    kept = [i for i in prose if chosen[i]]
    lost = [i for i in prose if not chosen[i]]
    if not kept:
        return _size(pieces, lost) >= 500
    size = _size(pieces, _between(pieces, kept, lost))
    if size >= 1500 and size >= 0.3 * (size + _size(pieces, kept)):
        return True
    if _size(pieces, lost) >= 0.25 * _size(pieces, prose) and _lost_provisions(pieces, chosen) >= 3:
        return True
    main = _only_main(pieces)
    inside = [i for i in lost if main is not None and _stands_in(pieces[i], main) and not _in_other_article(pieces[i], main)]
    size = _size(pieces, inside)
    return size >= 3000 and size >= 0.6 * _size(pieces, prose) and not _is_tail(inside, kept)


def _between(pieces: list[Piece], kept: list[int], lost: list[int]) -> list[int]:
    """Prose left out with at least 15 % of the chosen prose on either side, so that one stray match counts little."""
    total = _size(pieces, kept)
    sums = [0, *accumulate(len(pieces[i].text) for i in kept)]
    return [i for i in lost if 0.15 * total <= sums[bisect(kept, i)] <= 0.85 * total]


def _is_tail(lost: list[int], kept: list[int]) -> bool:
    """Whether all that was left out follows what was chosen, as comments follow an article."""
    return bool(lost) and lost[0] > kept[-1]


def _stands_in(piece: Piece, element: Any) -> bool:
    return piece.element is element or element in piece.element.iterancestors()


def _size(pieces: list[Piece], which: list[int]) -> int:
    return sum(len(pieces[i].text) for i in which)


def _lost_provisions(pieces: list[Piece], chosen: list[bool]) -> int:
    """Number of left-out headings like "Article 4" that are followed by left-out prose."""
    pairs = zip(pieces, pieces[1:], chosen, chosen[1:], strict=False)
    return sum(
        not (here or after or p.furniture) and bool(division(p.text)) and len(p.text) < 120 and len(q.text) >= _PROSE
        for p, q, here, after in pairs
    )


def _only_main(pieces: list[Piece]) -> Any:
    if not pieces:
        return None
    root = pieces[0].element.getroottree().getroot()
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = root.findall(path)
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _in_other_article(piece: Piece, main: Any) -> bool:
    """Whether the piece stands in an article of its own (with heading or date) inside the main part."""
    for element in piece.element.iterancestors():
        if element is main:
            return False
        if element.tag == "article" and (element.find(".//h1") is not None or element.find(".//time") is not None):
            return True
    return False


def _structural(pieces: list[Piece], chosen: list[bool]) -> list[bool]:
    """Choice by structure: what is no furniture, in the element that holds the prose, without blocks of links."""
    prose = [p for p in pieces if not p.furniture and _is_prose(p)]
    main = _only_main(pieces)
    home = _home(prose, main)
    out = []
    for piece, already in zip(pieces, chosen, strict=True):
        inside = home is None or _stands_in(piece, home)
        linked = piece.links > 0.5 * len(piece.text) and piece.kind != "heading"
        out.append(already or (inside and not piece.furniture and not linked))
    return out


def _home(prose: list[Piece], main: Any) -> Any:
    """The page's one main part, or else the deepest element, that holds nine tenths of the prose by characters."""
    weights: dict[Any, int] = {}
    for piece in prose:
        for element in (piece.element, *piece.element.iterancestors()):
            weights[element] = weights.get(element, 0) + len(piece.text)
    total = sum(len(p.text) for p in prose)
    holders = [e for e, w in weights.items() if w >= 0.9 * total]
    if main in holders:
        return main
    return max(holders, key=lambda e: sum(1 for _ in e.iterancestors()), default=None)

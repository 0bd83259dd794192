"""Quotations by the line they stand on: after a name and a colon, below a name, above a signature, in a list, in a headline."""

from __future__ import annotations

import re

from pipeline.components.quotations.marks import Marked, sentence_start
from pipeline.components.quotations.names import Extent, name_in
from pipeline.components.quotations.page import Found, Page
from pipeline.components.quotations.terms import FEW, LONG

_LINK = r"(?:of|for|on|and|the|to|in|against|at|de|van|von)"
SIGNATURE = re.compile(r"^\W*[—–―(-]+\s*\S|^[*_]*[A-Z][\w.’'-]+ [A-Z][^.!?]{2,140}$")
#: A name at the head of a block, before its office or its colon.
_NAME = re.compile(rf"[\W_]*((?:[A-Z][\w.’'-]*\s+(?:{_LINK}\s+){{0,2}}){{0,6}}[A-Z][\w.’'-]*\w)\s*(?:[,(:–—|]|on\b|$)")
#: The same as a line of its own above the words: only a comma, bracket, stroke or dash, or nothing, after the name.
_HEADED = re.compile(r"[\W_]*((?:[A-Z][\w.’'-]*\s+){1,6}[A-Z][\w.’'-]*\w)\s*(?:[,(|–—]|$)")
#: A short name before words in marks in a list of such lines.
_LISTED = re.compile(r"[\W_]*([A-Z][\w.’'&-]*(?:\s+[\w.’'&-]+){0,5})\s*(?:\[[^\]]*\])?\s*:?[\s*_]*")
_BRACKETS = re.compile(r"[\[(][^\])]*[\])]")
#: "Malu, Arvenia County Supervisor Bo Lind": the name after a place and a title.
_TITLED_LAST = re.compile(r"[\W_]*[A-Z][^,:]+,\s+((?:[A-Z][\w.’'-]*\s+){2,6}[A-Z][\w’'-]+)\s*:")


def colon(page: Page, words: Marked, left: int) -> Found | None:
    """“Ada Varn, Minister: “…””: a name and a colon at the head of the block, or at the end of the one above."""
    index = page.block_of(words.outer_start)
    start, end = left, words.outer_start
    if not page.text[start:end].strip(" *_") and index:
        start, end, _ = page.blocks[index - 1]
    head = page.text[start:end].rstrip(" *_")
    if not head.endswith((":", "–", "—")) or len(head) > 250:
        return None
    named: tuple[Extent, str] | None
    name, last = _NAME.match(head), _TITLED_LAST.fullmatch(head)
    titled = last and not page.cues.titles.isdisjoint(last[1].split()) and (start + last.start(1), start + last.end(1))
    own = name_in(page.text, *titled, page.cues) if titled else None
    if own:
        named = page.speakers.bearer(*own) or page.speakers.link(own)
    elif name:
        named = page.speakers.named(start + name.start(1), start + name.end(1))
    else:
        sentence = sentence_start(page.text, start, end)
        named = page.speakers.subject_in(sentence, end) or page.speakers.person_in(sentence, end)
        if named is None and page.cues.sayings.search(page.text, sentence, end):
            return Found(words.start, words.end, "direct", "name and colon")
    return Found(words.start, words.end, "direct", "name and colon", None, *named) if named else None


def listed(page: Page, words: Marked, index: int) -> Found | None:
    """A line of a list of names with their words, whose colon is missing or whose words look like a title."""
    start, end, _ = page.blocks[index]
    name = _LISTED.fullmatch(page.text, start, words.outer_start)
    rest = _BRACKETS.sub("", page.text[words.outer_end : end]).strip()
    if not name or rest[:1].isalnum() or len(page.text[words.start : words.end].split()) < LONG:
        return None
    if sum(q.rule == "name and colon" for q in page.found[-LONG:]) < LONG - 2:
        return None
    return Found(words.start, words.end, "direct", "name and colon", None, *page.speakers.named(*name.span(1)))


def heading(page: Page, words: Marked, index: int) -> Found | None:
    """The words are a block, and the line above is a person's name and office, which signs no quotation before it."""
    start, end, _ = page.blocks[index - 1] if index else (0, 0, "")
    line = page.text[start:end].strip(" *_")
    if not index or words.outer_start - page.blocks[index][0] > 2 or not 0 < len(line) < 160 or line[-1] in ".:;!?”":
        return None
    name = _HEADED.match(page.text, start, end)
    signs = any(q.source and start <= q.source[0] < end for q in page.found)
    named = page.speakers.bearer(name.start(1), name.end(1)) if name and not signs else None
    return Found(words.start, words.end, "direct", "heading", None, *named) if named else None


def signature(page: Page, words: Marked, index: int) -> Found | None:
    """A block that is all quotation, with a name after it, on the same line or in the next block."""
    start = page.blocks[index][0]
    last = page.block_of(words.outer_end - 1)
    if words.outer_start - start > 2:
        return None
    rest: Extent = (words.outer_end, page.blocks[last][1])
    if not any(map(str.isalnum, page.text[slice(*rest)])) and last + 1 < len(page.blocks):
        rest = page.blocks[last + 1][:2]
    line = page.text[slice(*rest)].strip(" *_.")
    if not 0 < len(line) < 200 or line.endswith(":") or not SIGNATURE.search(line):
        return None
    person = page.speakers.person_in(*rest) or page.speakers.signed(*rest)
    return Found(words.start, words.end, "direct", "signature", None, *person) if person else None


def headline(page: Page, words: Marked, index: int) -> Found | None:
    """ "Varn tells the yards: ‘Pay your crews now’": words at the end of the first line, or after a name and a colon in it."""
    start, end, kind = page.blocks[index]
    before, content = page.text[start : words.outer_start], page.text[words.start : words.end]
    if (kind != "heading" and index) or len(content.split()) < FEW or page.text[words.outer_end : end].strip(" *_."):
        return None
    head = before.rstrip()
    if not head.endswith(":") or page.cues.not_before.search(before):
        return None
    named = page.speakers.person_in(start, start + len(head))
    return Found(words.start, words.end, "direct", "name and colon", None, *named) if named else None

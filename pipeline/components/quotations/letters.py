"""Letters, notes and declarations that a text gives in full: "your letter of today, which reads as follows: “…”"."""

from __future__ import annotations

from pipeline.components.quotations.marks import Marked, last_of, sentence_start
from pipeline.components.quotations.names import Extent
from pipeline.components.quotations.page import Found, Page

#: Whose a writing is stands this near behind it: "a declaration by the Governments of Arvenia".
_NEAR = 100


def reproduced(page: Page, words: Marked) -> Found | None:
    """Words that a sentence before them announces as a letter or declaration, with its writer if told."""
    start, end = _announcement(page, words)
    if not page.text[start:end].rstrip(" *_\n").endswith(":"):
        return None
    writing = last_of(page.cues.writings.finditer(page.text, start, end))
    if writing is None or page.cues.amends.search(page.text, start, end):
        return None
    source, speaker = _writer(page, writing.span(writing.lastgroup or 0), end)
    return Found(words.start, words.end, "direct", "reproduced", None, source, speaker)


def _announcement(page: Page, words: Marked) -> Extent:
    """The sentence before the words, or the last one of the block before theirs."""
    index = page.block_of(words.outer_start)
    start = page.blocks[index][0]
    if page.text[start : words.outer_start].strip(" *_") or not index:
        return sentence_start(page.text, start, words.outer_start), words.outer_start
    return page.last_sentence(index - 1)


def _writer(page: Page, writing: Extent, end: int) -> tuple[Extent, str]:
    by = page.cues.written_by.match(page.text, writing[1], end)
    named = page.speakers.first_in(by.end(), min(by.end() + _NEAR, end)) if by else None
    return named or (writing, "")

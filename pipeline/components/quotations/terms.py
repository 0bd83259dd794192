"""Words in marks that nobody says: titles, defined terms, scare quotes; and how they differ from words that are said."""

from __future__ import annotations

import re

from pipeline.components.quotations.marks import Marked, last_letter, sentence_end, sentence_start
from pipeline.components.quotations.names import Extent, name_in
from pipeline.components.quotations.page import Page

#: Words between the verb and the opening mark ("said in a statement on Monday: “"); longer stretches are a clause of their own.
REACH = 130
#: Fewer words are a term unless a verb of speech stands beside them.
FEW = 3
#: Words in marks away from their verb: from so many on a quotation, wherever they stand; fewer only at the end of a clause.
LONG = 5
_AND_THEN = re.compile(r"\s*(?:and|but|or)\b")
#: Small words of titles, which have no capital there.
_SMALL = frozenset(["a", "an", "the", "of", "for", "and", "or", "in", "on", "to", "at", "by", "with", "from", "as", "but"])
#: Between words and a verb of speech with its subject there is no other verb: "“The Sea,” which is on show, said …".
_FINITE = re.compile(r"\b(?:is|was|are|were|has|had|have|will|would|can|could|which|that)\b")


def is_name(page: Page, words: Marked, around: Extent, *, goes_on: bool) -> bool:
    """A title, a defined term, a scare quote: announced as one, in brackets, too short, or written like a title."""
    if is_announced(page, around[0], words):
        return True
    content = page.text[words.start : words.end]
    if goes_on or _is_said(page, words, around):
        inside = page.text[sentence_start(page.text, around[0], words.outer_start) : words.outer_start].strip(" *_")
        return content[-1] == "," and bool(inside) and is_titled(content)
    return len(content.split()) < FEW or is_titled(content)


def is_titled(content: str) -> bool:
    """Whether most words but the small ones of titles ("of", "and") have a capital; the first word has one in any sentence."""
    tokens = [w for w in re.findall(r"[^\W\d_][\w’'-]*", content) if w.lower() not in _SMALL]
    capitals = sum(w[0].isupper() for w in tokens) / len(tokens) if tokens else 0.0
    return capitals == 1.0 or (capitals >= 0.7 and (content[-1:] not in ".!?," or (content[-1:] == "," and len(tokens) < 6)))


def _is_said(page: Page, words: Marked, around: Extent) -> bool:
    """Whether a verb of speech, with its subject at most, stands beside words that end like a sentence."""
    if last_letter(page.text, words) not in ".!?,":
        return False
    before = page.cues.just_before.search(page.text, around[0], words.outer_start)
    return bool(before or _said_after(page, words, around[1]))


def _said_after(page: Page, words: Marked, right: int) -> re.Match[str] | None:
    """The verb of speech after words that end with a comma or like a sentence."""
    end = min(sentence_end(page.text, words.outer_end, right), words.outer_end + REACH)
    cue = next(page.verbs(page.cues.direct, words.outer_end, end), None) if last_letter(page.text, words) in ".!?," else None
    return None if cue is None or _FINITE.search(page.text, words.outer_end, cue.start()) else cue


def named_after(page: Page, words: Marked, right: int) -> bool:
    """Whether a name and a verb of speech follow: what comes before is part of what that person says."""
    cue = _said_after(page, words, right)
    if cue is None or _AND_THEN.match(page.text, words.outer_end):
        return False
    return name_in(page.text, words.outer_end, cue.start(), page.cues) is not None


def is_announced(page: Page, left: int, words: Marked) -> bool:
    """Whether the words stand in brackets, or after something that announces a name or term."""
    brackets = page.text[words.outer_start - 1 : words.outer_start] + page.text[words.outer_end : words.outer_end + 1]
    return "(" in brackets or ")" in brackets or bool(page.cues.not_before.search(page.text, left, words.outer_start))

"""Words in marks within a reported clause or sentence: "said the talks were “frank”", "Varn’s claim of “a swindle”"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.components.quotations.marks import Marked, last_of, sentence_start
from pipeline.components.quotations.page import Found, Page, overlaps
from pipeline.components.quotations.terms import is_announced, is_titled

#: Words before a noun, after an article, are a name for it: "a “follow the money” approach".
_NAMES_NOUN = frozenset(("NOUN", "PROPN", "ADJ", "VERB"))
_FEW = 5
#: From the verb to the words; farther away the sentence speaks of something else.
_REACH = 250
_IS = re.compile(r"\b(?:is|was|are|were|be|been)\s+(?:[a-z]+ly\s+)?$")
_BETWEEN = re.compile(r"[^“”\"]*")


def partial(page: Page, clauses: Sequence[Found]) -> Iterator[Found]:
    """The words in marks that no other rule took, in the voice of whoever speaks in their clause or sentence.

    Args:
        clauses: the indirect quotations of the page, by start.
    """
    if page.treaty:
        return
    for words in page.marked:
        free = not overlaps(Found(words.start, words.end, "", ""), page.found)
        if free and words.closed and _is_wording(page, words):
            found = _in_clause(words, clauses) or _after_noun(page, words) or _in_sentence(page, words)
            if found:
                yield found


def _is_wording(page: Page, words: Marked) -> bool:
    """Whether the words may be somebody's: no title, announced term, or name of the noun that follows."""
    content = page.text[words.start : words.end]
    if not any(map(str.isalpha, content)) or is_announced(page, page.blocks[page.block_of(words.start)][0], words):
        return False
    if content[0].isupper() and (is_titled(content) or len(content.split()) < _FEW):
        return False
    return len(content.split()) >= _FEW or not _names_noun(page, words)


def _names_noun(page: Page, words: Marked) -> bool:
    span = page.doc.char_span(words.outer_start, words.outer_end, alignment_mode="expand")
    rest = page.doc[span.end : span.end + 2] if span is not None else ()
    after = next((t for t in rest if not t.is_space), None)
    if span is None or after is None or page.text[words.end - 1] in ",.":
        return False
    last = page.doc[span.end - 2]
    if last.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM"):
        return False
    return after.pos_ in _NAMES_NOUN and after.lower_ not in page.cues.no_names


def _in_clause(words: Marked, clauses: Sequence[Found]) -> Found | None:
    around = [c for c in clauses if c.start <= words.start and words.end <= c.end + 1]
    return Found(words.start, words.end, "direct", "partial", *_voice(around[-1])) if around else None


def _voice(clause: Found) -> tuple[tuple[int, int] | None, tuple[int, int] | None, str]:
    return clause.cue, clause.source, clause.speaker


def _after_noun(page: Page, words: Marked) -> Found | None:
    """ "Varn’s claim that it was “a swindle”": the noun's owner says so."""
    segment = sentence_start(page.text, page.blocks[page.block_of(words.start)][0], words.outer_start)
    noun = last_of(page.cues.claims.finditer(page.text, segment, words.outer_start))
    if noun is None or not _BETWEEN.fullmatch(page.text, noun.end(), words.outer_start):
        return None
    owner = page.speakers.owner_of(noun.span(1))
    return Found(words.start, words.end, "direct", "partial", noun.span(1), *owner) if owner else None


def _in_sentence(page: Page, words: Marked) -> Found | None:
    """ "Varn stressed the need to “lock arms” against it": words in the sentence of a verb of speech."""
    segment = sentence_start(page.text, page.blocks[page.block_of(words.start)][0], words.outer_start)
    cue = last_of(page.verbs(page.cues.holding, max(segment, words.outer_start - _REACH), words.outer_start))
    content = page.text[words.start : words.end]
    predicate = _IS.search(page.text, segment, words.outer_start)
    if cue is None or cue.group() in page.cues.acts or (len(content.split()) < 2 and not predicate):
        return None
    if page.cues.things.search(page.text, segment, cue.start()):
        return None
    source, speaker = page.speakers.named_subject(cue.span(), (segment, words.outer_start), segment)
    if source is None or page.text[slice(*source)].lower() in page.cues.first_persons:
        return None
    return Found(words.start, words.end, "direct", "partial", cue.span(), source, speaker)

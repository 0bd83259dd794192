"""Indirect quotations: the clause under a verb of saying, "according to", "as X said"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Token

from pipeline.components.quotations.marks import sentence_end, sentence_start, trimmed
from pipeline.components.quotations.names import Extent
from pipeline.components.quotations.page import Found, Page

#: Up to five words between "according to" and the actor ("the latest figures of the").
_NEAR = re.compile(r"(?:\s+[\w’'-]+){0,5},?\s+")
#: "the Commission" before "’s spokesperson, Ada Varn": the person speaks.
_SPOKESPERSON = re.compile(r"(?:['’]s?)?(?:\s+[a-z][\w-]*){1,4},?\s+")
#: A condition after a reported clause belongs to it, whatever the parser says.
_PROVISO = re.compile(r",? (?:provided|unless|as long as|as soon as|on condition that)\b[^.;\n]*")
#: After a source: "according to the Union’s rules" reports nobody's words.
_SOURCE_ENDS = re.compile(
    r"\s*(?:[,.;:)(\n]|$|’s? \w+,|['’]s\s+(?:spokes|latest|own|figures|data|report|estimate|minist|president))"
)
#: The office of a source between two commas: "according to Ada Varn, Director at the Glass Institute, …".
_OFFICE = re.compile(r",\s+[A-Z][^,.;]{2,100},")
#: A clause of its own before the phrase: "The ministry disagrees: according to …".
_BREAK = re.compile(r"[:;]\s+$")
#: Between a clause and the source after it: "…, Foreign Minister Ada Varn said".
_TITLED = re.compile(r"\s*(?:(?:the|[A-Z][\w.-]*)\s+)*")
#: After the verb and its source: "…, said Ada Varn in the harbour."
_SAID_SO = re.compile(r"\s*(?:[.,]|$|(?:in|at|on|during|after|to|yesterday|today|last)\b)")
_AS = re.compile(r"[Aa]s\s+(?:(?:the|our|an?|[A-Z][\w.-]*)\s+)*(?=\w)")
_THAT = re.compile(r"\s+(?:(?:again|also|further|once more|today)\s+)?that\b\s*")
_SOON = 8
_FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))
#: Where a clause may go on although the parser ends it: ", undermines …", "(not only this), but that".
_MORE = re.compile(r"\s*,\s+(?:and\s+)?(?=\w)")
_NOT_ONLY = re.compile(r"\bnot (?:just|only|merely|simply)\b[^.;]*$")
_BUT = re.compile(r"\s*,?\s+but\b")
_TRAILING = re.compile(r"[\s,]*(?:\b(?:and|but))?\s*$")
_HEARER = re.compile(r"(?:\s+[\w’'-]+){1,6}\s+that\b\s*")
_AND_THAT = re.compile(r",?\s+(?:and|but)(?:\s+(?:also|further))?\s+that\s+")


def indirect(page: Page) -> Iterator[Found]:
    """The indirect quotations, by the kind of rule; inner ones of others are among them."""
    if page.speakers.parsed:
        for match in page.cues.indirect.finditer(page.text):
            yield from _clause(page, match.span())
    for match in page.cues.phrases.finditer(page.text):
        yield from _phrase(page, match.span())


def _clause(page: Page, cue: Extent) -> Iterator[Found]:
    """Subject, verb of speech, and what was said: after "that", as the parser's clause, or before the verb."""
    span = page.doc.char_span(*cue, alignment_mode="expand")
    verb = span.root if span else None
    if verb is None or verb.pos_ not in ("VERB", "AUX") or any(t.dep_ == "auxpass" or t.tag_ == "MD" for t in verb.lefts):
        return
    source, speaker = page.speakers.subject(verb)
    speaker = speaker or page.speakers.person_at(source, whole=True)
    if source is None:
        return
    own_voice = page.treaty or page.text[slice(*source)].lower() in page.cues.first_persons
    if own_voice and verb.tag_ != "VBD":
        return  # "we reaffirm that", in a treaty "the Parties reaffirm that"; but "I said that" reports
    if any(t.dep_ == "nsubj" and t.lower_ in page.cues.mute for t in verb.lefts):
        return
    extent = _after_that(page, cue) or _after(page, verb, cue) or _as_said(page, cue, source)
    if extent is None and speaker:
        extent = _before(page, verb, cue, source)
    if extent:
        rule = "participle" if verb.tag_ == "VBG" else "clause"
        yield Found(*trimmed(page.text, *extent), "indirect", rule, cue, source, speaker)


def _after_that(page: Page, cue: Extent) -> Extent | None:
    """ "said that …": from after "that" to where the clause ends."""
    that = _THAT.match(page.text, cue[1])
    if not that and page.text[slice(*cue)] in page.cues.to_somebody:
        that = _HEARER.match(page.text, cue[1])
    if not that:
        return None
    word = page.doc.char_span(that.end() - len(that[0].rstrip()), that.end(), alignment_mode="contract")
    token = next((t for t in word or () if t.lower_ == "that"), None)
    if token is None or not (token.dep_ == "mark" or token.tag_ == "IN"):
        return None
    clause = token.head
    while clause.pos_ not in ("VERB", "AUX") and clause.head.i > token.i and clause.head != clause:
        clause = clause.head
    verbal = clause.i > token.i and clause.pos_ in ("VERB", "AUX")
    return that.end(), _end_of_clause(page, clause if verbal else None, that.end())


def _after(page: Page, verb: Token, cue: Extent) -> Extent | None:
    """The parser's clause after the verb: "told the press that …", "said the harbour was open"."""
    clause = next((t for t in verb.rights if t.dep_ == "ccomp"), None)
    if clause is None or clause.left_edge.i <= verb.i:
        return None
    objects = [t for t in verb.rights if t.dep_ in ("dobj", "attr", "oprd") and t.i < clause.i]
    own = any(t.dep_ in ("nsubj", "nsubjpass", "expl", "csubj") for t in clause.lefts)
    first = clause.left_edge
    if (objects and verb.lower_ not in page.cues.to_somebody) or not own or first.lower_ in page.cues.asking:
        return None
    opened = first.lower_ == "that" or page.text[cue[1] : cue[1] + 1] in ",:"
    opened = opened or (first.i == verb.i + 1 and _finite(clause, verb))
    if not opened and verb.lower_ not in page.cues.without_that:
        return None
    start = first.idx + (len(first.text_with_ws) if first.lower_ == "that" else 0)
    return start, _end_of_clause(page, clause, start)


def _finite(clause: Token, verb: Token) -> bool:
    """Whether a form of be, have or a modal verb stands near: "noted the harbour was open", not "noted the need to open it"."""
    near = (t for t in (clause, *clause.lefts) if verb.i < t.i <= verb.i + _SOON)
    return any(t.tag_ in _FINITE and (t.pos_ == "AUX" or t.lemma_ == "be") for t in near)


def _end_of_clause(page: Page, clause: Token | None, start: int) -> int:
    """Where a reported clause ends: with the parser's, or before what else the speaker does ("and called for …")."""
    block = page.blocks[page.block_of(start)]
    stop = sentence_end(page.text, start, block[1])
    end = stop if clause is None else min(_last_char(clause, page), stop)
    end = stop if _unfinished(page, start, end) else end
    proviso = _PROVISO.match(page.text, end, stop)
    end = proviso.end() if proviso else _further(page, start, end, stop)
    joined = _TRAILING.search(page.text, start, end)
    end = joined.start() if joined and _AND_THAT.match(page.text, joined.start(), stop) else end
    more = _AND_THAT.match(page.text, end, stop)
    while more and more.end() > end:
        end = _rest(page, more.end(), stop)
        more = _AND_THAT.match(page.text, end, stop)
    cut = page.cues.goes_on.search(page.text, start, end)
    return cut.start() if cut else end


def _unfinished(page: Page, start: int, end: int) -> bool:
    """No clause ends with "will" or "of": the parser lost the thread."""
    span = page.doc.char_span(start, end, alignment_mode="contract")
    return span is not None and len(span) > 0 and (span[-1].tag_ in ("MD", "IN", "DT") or span[-1].dep_ == "aux")


def _further(page: Page, start: int, end: int, stop: int) -> int:
    """The clause goes on with a verb in the present ("noted that it harms trade, undermines …"), or "not only this, but …"."""
    at = start + len(page.text[start:end].rstrip(", "))
    but = _BUT.match(page.text, at, stop)
    if but and _NOT_ONLY.search(page.text, start, end):
        return stop
    more = _MORE.match(page.text, at, stop)
    span = page.doc.char_span(more.end(), more.end() + 1, alignment_mode="expand") if more else None
    return stop if span is not None and span[0].tag_ in ("VBZ", "MD") else end


def _last_char(clause: Token, page: Page) -> int:
    for token in clause.subtree:
        own = any(t.dep_ in ("nsubj", "nsubjpass") for t in token.lefts)
        other = token.head == clause or token.tag_ != token.head.tag_
        if token.dep_ == "conj" and token.i > clause.i and other and not own and token.lower_ in page.cues.speaking:
            joiner = next((t for t in token.head.rights if t.dep_ == "cc" and t.i < token.i), token)
            return joiner.idx
    last = clause.right_edge
    return last.idx + len(last)


def _rest(page: Page, start: int, stop: int) -> int:
    """The end of a further clause that begins there: that of its verb, by the parser."""
    span = page.doc.char_span(start, stop, alignment_mode="contract")
    verb = next(
        (t for t in span or () if t.pos_ in ("VERB", "AUX") and any(c.dep_ in ("nsubj", "nsubjpass", "expl") for c in t.lefts)),
        None,
    )
    return max(min(_last_char(verb, page), stop), start) if verb is not None else stop


def _before(page: Page, verb: Token, cue: Extent, source: Extent) -> Extent | None:
    """ "The harbour is open, said Varn.": the clause that is the sentence up to the comma before the verb and its source."""
    clause = next((t for t in verb.lefts if t.dep_ == "ccomp"), None)
    if clause is None or verb.dep_ != "ROOT":
        return None
    block = page.blocks[page.block_of(cue[0])]
    start, end = sentence_start(page.text, block[0], cue[0]), min(cue[0], source[0])
    comma = page.text.rfind(",", start, end)
    own = any(t.dep_ in ("nsubj", "nsubjpass", "expl") for t in clause.lefts)
    titled = comma >= 0 and _TITLED.fullmatch(page.text, comma + 1, end)
    plain = comma > start and titled and page.text[start].isalpha() and _balanced(page.text[start:comma])
    ends = _SAID_SO.match(page.text, max(cue[1], source[1]))
    return (start, comma) if plain and own and ends and clause.idx < comma else None


def _balanced(text: str) -> bool:
    """Whether marks that open in a clause close in it."""
    return text.count("“") == text.count("”") and not text.count('"') % 2


def _as_said(page: Page, cue: Extent, source: Extent) -> Extent | None:
    """ "As Varn said, the harbour is open.": the rest of the sentence."""
    block = page.blocks[page.block_of(cue[0])]
    start = sentence_start(page.text, block[0], cue[0])
    comma = page.text.find(",", cue[1], cue[1] + 100)
    opens = _AS.match(page.text, start, source[0] + 1) and source[1] <= cue[0] and comma >= 0
    plain = opens and not any(c in page.text[source[1] : comma] for c in ",;:")
    after = page.text[cue[1] : comma].split()
    named = not after or after[0] in ("in", "on", "at", "during", "this", "last", "yesterday", "today", "earlier", "to")
    named = named or page.text[slice(*cue)] in page.cues.to_somebody
    return (comma + 1, sentence_end(page.text, comma, block[1])) if plain and named else None


def _phrase(page: Page, cue: Extent) -> Iterator[Found]:
    """“According to X, …”: the rest of the sentence, if X is an actor."""
    start, end, _ = page.blocks[page.block_of(cue[0])]
    start = sentence_start(page.text, start, cue[0])
    if _BREAK.search(page.text, start, cue[0]):
        start = cue[0]
    end = sentence_end(page.text, cue[1], end)
    actor = _source_after(page, cue, end)
    if actor is None:
        return
    source, speaker = actor
    comma = page.text.find(",", source[1], end)
    office = _OFFICE.match(page.text, comma, end) if comma >= 0 else None
    comma = office.end() - 1 if office else comma
    if comma >= 0 and not page.text[start : cue[0]].strip():
        start = comma + 1 + (page.text[comma + 1 : comma + 2] == " ")
    elif page.text[start : cue[0]].strip():
        end = cue[0]
    else:
        return
    yield Found(*trimmed(page.text, start, end), "indirect", "phrase", cue, source, speaker)


def _source_after(page: Page, cue: Extent, end: int) -> tuple[Extent, str] | None:
    """The actor after "according to", or the person who speaks for it."""
    actor = page.speakers.first_in(cue[1], min(end, cue[1] + 60))
    if actor is None or not _NEAR.fullmatch(page.text, cue[1], actor[0][0]):
        return _unnamed_after(page, cue, end)
    person = page.speakers.person_in(actor[0][1], min(end, actor[0][1] + 60))
    if person is not None and _SPOKESPERSON.fullmatch(page.text, actor[0][1], person[0][0]):
        actor = person
    source = actor[0]
    said = page.cues.figures.fullmatch(page.text, cue[1], source[0]) and _SOURCE_ENDS.match(page.text, source[1])
    return actor if said else _unnamed_after(page, cue, end)


def _unnamed_after(page: Page, cue: Extent, end: int) -> tuple[Extent, str] | None:
    """Somebody without an id who says things, or what is read: "according to two officials", "according to a report by …"."""
    source = page.cues.reports.match(page.text, cue[1], end)
    return (source.span(1), "") if source else None

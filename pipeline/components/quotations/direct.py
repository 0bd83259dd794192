"""Direct quotations: which words between marks are somebody's, and whose, by what stands before, after and above them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.components.quotations.letters import reproduced
from pipeline.components.quotations.lines import SIGNATURE, colon, heading, headline, listed, signature
from pipeline.components.quotations.marks import SENTENCE_END, Marked, last_letter, last_of, scan, sentence_end, sentence_start
from pipeline.components.quotations.page import Found, Page, overlaps
from pipeline.components.quotations.terms import FEW, LONG, REACH, is_announced, is_name, named_after

_INTRODUCES = re.compile(r"\s*(?:[:,]|that(?:\s+the)?\b|as\b)?[\s*_]*")
#: What joins two quotations of one speaker in one sentence.
_AND = re.compile(r"[\s,;]*(?:and|but|or|because)?(?:\s+(?:also|that|an?|the))*\s*")
#: "called the deal “a historic step”", "described it as “historic”": between the verb and the words only what is judged.
_JUDGED = re.compile(r"\s+(?:[\w’'.-]+,?\s+){1,14}?(?:as\s+)?(?:an?\s+|the\s+|both\s+|being\s+)?")
_AS = re.compile(r"\b(?:as|of|for|on)\s+(?:an?\s+|the\s+|both\s+|being\s+)?$")
#: "the deal, which Varn called “a historic step”": nothing stands between the verb and the words.
_WHAT = re.compile(r"\b(?:which|what|that)\b[^,;.]{2,60}$")
_PLAINLY = re.compile(r"\s*(?:as\s+(?:an?\s+|the\s+)?)?")
#: "“The Sea and Us”, which opened on Monday": what follows is about the thing, not by a speaker.
_ABOUT = re.compile(r"[,\s]*(?:which|that|who|whose|where|when)\b")
#: Who speaks after an inverted verb, whatever the parser makes of it: "said one of the pilots".
_SOMEBODY = re.compile(r"\s+((?:[\w’'-]+\s+){0,5}[\w’'-]+)(?=\s*[,.;(:]|\s*$)")
_ARTICLE = re.compile(r"\b(?:an?|the|its|his|her|their|our|this|these|such|new|any|no)\s+$", re.I)
#: Somebody judges in so few words; more only where they follow the verb at once.
_FEW_WORDS, _LENGTHY = 12, 40
#: Between a verb and its colon is at most the hearer: "texted her crew: “Come back.”".
_NEAR = 40
_VERB = re.compile(r"\w+")
#: So many paragraphs that begin with somebody's words make a story.
_STORY = 4
#: Longer ones are found by what is in them.
SHORTEST = 25
_TOLD = frozenset(("cue after", "continued", "alone", "own sentence"))
_OF_SUBJECT = frozenset(("PROPN", "DET", "NOUN", "ADJ", "PRON", "NUM", "PART", "PUNCT", "SPACE"))
#: What people say rather than write: contractions, and the first person.
_SPOKEN = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Mm]y|me|us|[Yy]ou)\b|n[’']t\b|[’'](?:re|ve|ll|m)\b")
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Mm]y|us|me)\b")
_RETELLS = "“‘\"'«„»”‚"


def direct(page: Page) -> Iterator[Found]:
    """The direct quotations in order; each may look at those before it in `page.found`, where they must have been put."""
    marked = [part for words in scan(page.text, [(s, e) for s, e, _ in page.blocks]) for part in _parts(page, words)]
    page.marked = marked
    page.speakers.marked = [(words.start, words.end) for words in marked]
    for i, words in enumerate(marked):
        around = marked[i - 1] if i else None, marked[i + 1] if i + 1 < len(marked) else None
        quotation = reproduced(page, words) or _direct(page, words, *around)
        if quotation:
            yield quotation


def _parts(page: Page, words: Marked) -> list[Marked]:
    """Two quotations where a first paragraph that nobody closed has its source before it and the next has one after it."""
    first = page.block_of(words.outer_start)
    if page.block_of(words.end - 1) == first or not words.closed:
        return [words]
    end, second = page.blocks[first][1], page.blocks[first + 1][0]
    introduced = page.text[page.blocks[first][0] : words.outer_start].strip(" *_") or colon(page, words, page.blocks[first][0])
    tail = page.text[words.outer_end : words.outer_end + REACH].lstrip(" ,")
    if page.text[second] not in _RETELLS or not introduced or not page.cues.direct.match(tail):
        return [words]
    end -= len(page.text[words.start : end]) - len(page.text[words.start : end].rstrip())
    rest = Marked(second + 1, words.end, second, words.outer_end)
    return [Marked(words.start, end, words.outer_start, end, closed=False), rest]


def _direct(page: Page, words: Marked, before: Marked | None, after: Marked | None) -> Found | None:
    index = page.block_of(words.outer_start)
    left = max(page.blocks[index][0], before.outer_end if before else 0)
    last = page.blocks[page.block_of(words.outer_end - 1)][1]
    right = min(last, after.outer_start if after else last)
    judged = None if named_after(page, words, right) else _judged(page, words, left)
    goes_on = _goes_on(page, words, before, left)
    lined = judged or listed(page, words, index)
    if lined or is_name(page, words, (left, right), goes_on=goes_on):
        return lined or headline(page, words, index) or _dialogue(page, words, index)
    return (
        (_cue_after(page, words, right) if last_letter(page.text, words) in ",?!" else None)
        or _cue_before(page, words, left)
        or _phrase_before(page, words, left)
        or _cue_after(page, words, right)
        or _continued(page, words, before, left)
        or colon(page, words, left)
        or heading(page, words, index)
        or signature(page, words, index)
        or _own_sentence(page, words, left, right)
        or _own_paragraph(page, words, index)
        or _alone(page, words, index)
        or _dialogue(page, words, index)
    )


def _judged(page: Page, words: Marked, left: int) -> Found | None:
    """A few words by which somebody judges something: "called the deal “a historic step”"."""
    content = page.text[words.start : words.end]
    if not content or content[0].isupper():
        return None
    segment = sentence_start(page.text, left, words.outer_start)
    cue = last_of(page.verbs(page.cues.judging, segment, words.outer_start))
    if cue is None:
        return None
    plain = cue.group().lower() in page.cues.judging_plain
    what = _PLAINLY.fullmatch(page.text, cue.end(), words.outer_start) and _WHAT.search(page.text, segment, cue.start())
    if what and page.text[what.start() : cue.start()].split()[1:2] in (["it"], ["they"]):
        return None
    adjacent = not page.text[cue.end() : words.outer_start].strip() and len(content.split()) >= FEW
    if len(content.split()) > (_LENGTHY if adjacent else _FEW_WORDS):
        return None
    near = adjacent or _JUDGED.fullmatch(page.text, cue.end(), words.outer_start)
    if not what and (is_announced(page, left, words) or not near):
        return None
    if not plain and not adjacent and not _AS.search(page.text, cue.end(), words.outer_start):
        return None
    opens = not page.text[segment : cue.start()].strip()  # "Calling it “historic”, Varn …"
    end = sentence_end(page.text, words.outer_end, page.blocks[page.block_of(words.start)][1]) if opens else words.outer_start
    source, speaker = page.speakers.named_subject(cue.span(), (segment, end), left)
    if source is None or page.text[slice(*source)].lower() in page.cues.first_persons:
        return None
    return Found(words.start, words.end, "direct", "judged", cue.span(), source, speaker)


def _cue_before(page: Page, words: Marked, left: int) -> Found | None:
    segment = sentence_start(page.text, left, words.outer_start)
    index = page.block_of(words.outer_start)
    begin = page.blocks[index][0]
    if not page.text[segment : words.outer_start].strip(" *_") and index:
        start, end, _ = page.blocks[index - 1]
        if not page.text[start:end].rstrip(" *_").endswith(":") or left != begin:
            return None
        segment = sentence_start(page.text, start, end)
        begin = start
    cue = last_of(page.verbs(page.cues.direct, segment, words.outer_start))
    if cue is None or words.outer_start - cue.end() > REACH:
        return None
    adjacent = bool(_INTRODUCES.fullmatch(page.text, cue.end(), words.outer_start))
    if not adjacent and not _stands_alone(page, segment, words, cue[0]):
        return None
    if page.cues.things.search(page.text, segment, cue.start()):
        return None
    source, speaker = page.speakers.of(cue.span(), (segment, words.outer_start), begin)
    own = source and (adjacent or page.text[slice(*source)].lower() not in page.cues.first_persons)
    return Found(words.start, words.end, "direct", "cue before", cue.span(), source, speaker) if own else None


def _stands_alone(page: Page, segment: int, words: Marked, cue: str) -> bool:
    """Whether words away from their verb are a quotation and no term: long, or the last words of a clause."""
    content, before = page.text[words.start : words.end], page.text[segment : words.outer_start].rstrip()
    after = page.text[words.outer_end : words.outer_end + 2].strip()[:1]
    article = _ARTICLE.search(page.text, segment, words.outer_start)
    if content[0].isupper() and content[-1] not in ".!?," and not before.endswith((":", ",", "that")):
        return False
    if len(content.split()) >= LONG:
        return not (article and after.isalnum() and page.text[words.outer_start] in "‘'")
    if before.endswith(":") and content[-1] in ".!?" and len(before) - before.rfind(cue) < _NEAR:
        return True
    ends = content[-1] in ".!?," or not after.isalnum()
    return bool(ends and content[0].islower() and not article and cue not in page.cues.acts)


def _phrase_before(page: Page, words: Marked, left: int) -> Found | None:
    """ "According to Varn, “…”", "in the words of Varn: “…”"."""
    segment = sentence_start(page.text, left, words.outer_start)
    cue = last_of(page.cues.phrases.finditer(page.text, segment, words.outer_start))
    if cue is None or not page.text[segment : words.outer_start].rstrip().endswith((",", ":")):
        return None
    named = page.speakers.person_in(cue.end(), words.outer_start) or page.speakers.first_in(cue.end(), words.outer_start)
    return Found(words.start, words.end, "direct", "cue before", cue.span(), *named) if named else None


def _cue_after(page: Page, words: Marked, right: int) -> Found | None:
    text = page.text
    tail = text[words.outer_end : right]
    first = tail.lstrip(" *_")[:1]
    pointed = last_letter(text, words) in ",?!" and words.closed
    if not first or _ABOUT.match(tail) or not (first == "," or first.islower() or first in "—–" or pointed):
        return None
    end = sentence_end(text, words.outer_end, right)
    cue = next(page.verbs(page.cues.direct, words.outer_end, end), None) or page.cues.phrases.search(text, words.outer_end, end)
    cue = cue or (_unlisted_verb(page, words, end) if pointed else None)
    if cue is None or cue.start() - words.outer_end > REACH:
        return None
    start = page.blocks[page.block_of(words.outer_start)][0]
    inside = text[sentence_start(text, start, words.outer_start) : words.outer_start].strip(" *_—–-")
    if inside and first.islower() and not pointed and not tail.lstrip(" *_").startswith(cue.group()):
        return None
    source, speaker = page.speakers.of(cue.span(), (words.outer_end, end), words.outer_end)
    if source is None and pointed and not text[words.outer_end : cue.start()].strip(" ,"):
        unnamed = _SOMEBODY.match(text, cue.end(), end)
        source = unnamed.span(1) if unnamed else None
    return Found(words.start, words.end, "direct", "cue after", cue.span(), source, speaker) if source else None


def _unlisted_verb(page: Page, words: Marked, end: int) -> re.Match[str] | None:
    """The verb of whom does what in no list ("“It is simple,” Varn sneered"), beside words that are a sentence."""
    span = page.doc.char_span(words.outer_end, end, alignment_mode="contract")
    start = page.blocks[page.block_of(words.outer_start)][0]
    whole = sentence_start(page.text, start, words.outer_start) + 2 >= words.outer_start
    if span is None or not whole or len(page.text[words.start : words.end].split()) < FEW:
        return None
    for token in span[:10]:
        if token.pos_ == "VERB" and token.tag_ in ("VBD", "VBZ"):
            return _VERB.match(page.text, token.idx)
        if token.pos_ not in _OF_SUBJECT:
            return None
    return None


def _continued(page: Page, words: Marked, before: Marked | None, left: int) -> Found | None:
    """“…,” said X. “…”: the second part has its speaker from the first."""
    if before is None or not _follows(page, before, left):
        return None
    first = page.found[-1]
    joined = _AND.fullmatch(page.text, left, words.outer_start) or _resumes(page, words, left)
    if not joined and not _goes_on(page, words, before, left):
        return None
    return Found(words.start, words.end, "direct", "continued", first.cue, first.source, first.speaker)


def _resumes(page: Page, words: Marked, left: int) -> bool:
    """Whether a sentence goes on that was broken off for "…, Ada Varn said of her crew, …", without another verb of speech."""
    first, between = page.found[-1], page.text[left : words.outer_start].rstrip()
    broken = first.rule == "cue after" and page.text[first.end - 1] == "," and between.endswith((",", ";"))
    if not broken or first.cue is None or SENTENCE_END.search(between):
        return False
    return next(page.verbs(page.cues.direct, first.cue[1], words.outer_start), None) is None


def _follows(page: Page, before: Marked, left: int) -> bool:
    """Whether the marks before held a quotation, and nothing lies between."""
    return bool(page.found) and page.found[-1].start == before.start and before.outer_end == left


def _goes_on(page: Page, words: Marked, before: Marked | None, left: int) -> bool:
    """Whether the words begin a sentence right after one that ends with "…”, said Ada Varn."."""
    if before is None or not _follows(page, before, left) or page.found[-1].rule not in ("cue after", "continued"):
        return False
    return sentence_start(page.text, left, words.outer_start) + 2 >= words.outer_start


def _own_sentence(page: Page, words: Marked, left: int, right: int) -> Found | None:
    """Whole sentences in marks after a sentence about somebody: "Ada Varn thanked the crews. “You saved lives.”"."""
    start = page.blocks[page.block_of(words.outer_start)][0]
    content = page.text[words.start : words.end]
    opens = sentence_start(page.text, left, words.outer_start) + 2 >= words.outer_start
    tail = page.text[words.outer_end : right].strip(" *_")
    if not opens or content[0].islower() or len(content.split()) < LONG:
        return None
    above = page.text[start : words.outer_start].rstrip(" *_")
    sentence = sentence_start(page.text, start, start + len(above) - 1) if above else start
    last = page.found[-1] if above and page.found and page.found[-1].source and sentence <= page.found[-1].end else None
    if last:
        return Found(words.start, words.end, "direct", "own sentence", last.cue, last.source, last.speaker)
    if content[-1] not in ".!?…" or tail[:1].islower():
        return None
    if not above:
        spoken = _SPOKEN.search(content) if tail else None
        below = page.speakers.subject_in(words.outer_end, sentence_end(page.text, words.outer_end, right)) if spoken else None
        return Found(words.start, words.end, "direct", "own sentence", None, *below) if below else None
    named = page.speakers.subject_in(sentence, words.outer_start)
    return Found(words.start, words.end, "direct", "own sentence", None, *named) if named else None


def _own_paragraph(page: Page, words: Marked, index: int) -> Found | None:
    """A paragraph that is all quotation, after one that ends with a speaker's words or a sentence about a person."""
    start, end, kind = page.blocks[index]
    alone = words.outer_start - start <= 2 and not re.sub(r"\([^)]*\)|\W", "", page.text[words.outer_end : end])
    if not alone or kind == "heading" or index == 0 or page.text[words.end - 1] not in ".!?…" or words.end - words.start < 50:
        return None
    begin, stop, _ = page.blocks[index - 1]
    last = page.found[-1] if page.found and page.found[-1].source and begin < page.found[-1].end <= stop else None
    if last and sentence_end(page.text, last.end, stop) >= stop - 1:
        return Found(words.start, words.end, "direct", "own paragraph", last.cue, last.source, last.speaker)
    if not page.block_text(index - 1).endswith("."):
        return None
    extent = page.last_sentence(index - 1)
    named = page.speakers.subject_in(*extent) or page.speakers.person_in(*extent)
    return Found(words.start, words.end, "direct", "own paragraph", None, *named) if named else None


def _alone(page: Page, words: Marked, index: int) -> Found | None:
    """A paragraph that is all spoken words, with nobody in sight who says them; one that nobody closed goes on below."""
    start, _, kind = page.blocks[index]
    end = page.blocks[page.block_of(words.outer_end - 1)][1]
    whole = words.outer_start - start <= 2 and not any(map(str.isalnum, page.text[words.outer_end : end]))
    content = page.text[words.start : words.end]
    announced = index and page.block_text(index - 1).endswith(":")
    if page.treaty or announced or kind != "paragraph" or not whole or content[-1] not in ".!?…" or content[0].islower():
        return None
    spoken = _SPOKEN.search(content) or not words.closed
    return Found(words.start, words.end, "direct", "alone") if spoken and len(content.split()) >= LONG else None


def _dialogue(page: Page, words: Marked, index: int) -> Found | None:
    """In a story, where several paragraphs are somebody's words: a short one is too, whoever says it."""
    start, end, kind = page.blocks[index]
    whole = words.outer_start - start <= 2 and not any(map(str.isalnum, page.text[words.outer_end : end]))
    said = [q for q in page.found if q.rule in _TOLD and page.text[q.start - 2 : q.start - 1] in ("\n", "")]
    story = kind == "paragraph" and not page.treaty and len(said) >= _STORY and page.text[words.end - 1] in ".!?…—"
    short = len(page.text[words.start : words.end].split()) < SHORTEST
    return Found(words.start, words.end, "direct", "alone") if whole and story and short else None


def set_apart(page: Page) -> Iterator[Found]:
    """Runs of blocks set apart as quotations, without marks, where a speaker stands above or below."""
    index = 0
    while index < len(page.blocks):
        last = index
        while last < len(page.blocks) and page.blocks[last][2] == "quotation":
            last += 1
        if last > index:
            quotation = _apart(page, index, last - 1)
            if quotation:
                yield quotation
        index = max(last, index + 1)


def _apart(page: Page, first: int, last: int) -> Found | None:
    signed = last > first and len(page.block_text(last)) < 160 and SIGNATURE.search(page.block_text(last))
    start, end = page.blocks[first][0], page.blocks[last - 1 if signed else last][1]
    words = Marked(start, end, start, end)
    if overlaps(Found(start, end, "", ""), page.found):
        return None
    quotation = _cue_before(page, words, start) or colon(page, words, start) or heading(page, words, first)
    return quotation or signature(page, words, first)


def unmarked(page: Page) -> Iterator[Found]:
    """Paragraphs after "Ada Varn said:" that have lost their marks, as long as they speak in the first person."""
    for i in range(len(page.blocks) - 1):
        start, end, _ = page.blocks[i]
        cue = page.cues.opens.search(page.text, max(start, end - 60), end)
        last = i
        while cue and last + 1 < len(page.blocks) and _in_first_person(page, last + 1):
            last += 1
        if cue and last > i:
            source, speaker = page.speakers.of(cue.span(1), (sentence_start(page.text, start, cue.start()), end), start)
            found = Found(page.blocks[i + 1][0], page.blocks[last][1], "direct", "cue before", cue.span(1), source, speaker)
            if source and speaker.startswith("name:") and not overlaps(found, page.found):
                yield found


def _in_first_person(page: Page, index: int) -> bool:
    start, end, kind = page.blocks[index]
    text = page.text[start:end]
    return kind == "paragraph" and bool(_FIRST_PERSON.search(text)) and not text.rstrip().endswith(":") and "“" not in text

"""`pact_instruments`: finds the treaties, agreements, decisions, strategies, programmes and resolutions that a text names.

By their kind word with a name of its own ("Framework Participation Agreement"; not "this Agreement"), by the number of an act,
or by a known name (`codebook/instruments.toml`). Written to `doc.spans["instruments"]`: spans with label_ name and cue that
share an id_ ("i0", "i1", …); the cue is the phrase by which a matter is handed over ("in line with"); `attrs[id_]` holds kind
and nature.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.strings import get_string_id
from spacy.tokens import Doc, SpanGroup, Token

from pipeline.codebook import instruments
from pipeline.codebook.instruments import Kind

GROUP = "instruments"
CODED = frozenset({"paragraph", "list_item", "table_row", "quotation", "footnote"})
_LINKS = frozenset({"and", "of", "on", "for", "the", "in", "&", "-", "–", "/", "'s", "’s", "to", "’", "'", "against"})
_TOPIC = frozenset(
    {"on", "of", "for", "concerning", "between", "against", "relating", "regarding", "establishing", "with", "to", "in", "at"}
)
_ARTICLES = frozenset({"the", "a", "an", "new"})
_SELF = frozenset(
    {
        "this",
        "present",
        "that",
        "such",
        "each",
        "any",
        "an",
        "a",
        "no",
        "these",
        "said",
        "new",
        "another",
        "our",
        "their",
        "its",
    }
)
MONTHS = frozenset(calendar.month_name[1:])
#: "No 12/34", "(EC) No 12/34", "1325 (2000)", "of 12 May 2031".
#: A paragraph's number in front of its first sentence ("12.2").
_PRINTED = re.compile(r"\d[\d.]*")
_NUMBERED = re.compile(
    r"(?:\s+(?:\([\w, ]+\)\s*)?(?:[Nn]o\.?\s*)?(?:\(\w+\)\s*)?\d(?:[\d/.-]*\d)?(?:/[A-Z]{2,5})?(?:\s*\(\d{4}\))?)?"
    r"(?:\s+of\s+\d{1,2}\s+\w+\s+(?:19|20)\d\d)?"
)
#: Parts of an instrument before its name, which is left out of it, and words that open a sentence.
_PART = re.compile(
    r"(?:(?:Articles?|Title|Chapters?|Annex|Annexes|Part|Section|Paragraph)\s.*?\sof\s+)?"
    r"(?:(?:[Tt]he|[Tt]his|[Tt]hese|Via|Under|By|Since|Both|Our|Through|Implement|INTO ACCOUNT)\s+)*"
)
#: Words before a name that may open its sentence, by part of speech.
_OPENERS = frozenset(("ADP", "DET", "SCONJ", "VERB", "PRON", "ADV", "AUX"))
_LONGEST, _LONGEST_TOPIC = 16, 24
_BEFORE = 90


@dataclass(frozen=True, slots=True)
class Found:
    """An instrument before it is written; `start`, `end` and `cue` count characters of the Doc; `cue` is empty if equal."""

    start: int
    end: int
    kind: str
    nature: str
    cue: tuple[int, int] = (0, 0)


class Instruments:
    """The component.

    Args:
        name: its name in the pipeline.
    """

    def __init__(self, name: str = "pact_instruments") -> None:
        self.name = name
        self.book = instruments.load()
        numbers = {
            form for word in self.book.numbers for form in (word, word.capitalize(), word.upper(), word.upper()[:-1] + "s")
        }
        self._triggers = {get_string_id(word) for word in {*self.book.kinds, *self.book.first_words, *numbers}}

    def __call__(self, doc: Doc) -> Doc:
        """Finds and writes."""
        group = SpanGroup(doc, name=GROUP)
        for number, found in enumerate(self.find(doc)):
            key = f"i{number}"
            for label, (start, end) in {"name": (found.start, found.end), "cue": found.cue}.items():
                span = doc.char_span(start, end, label=label, span_id=key, alignment_mode="expand") if end > start else None
                if span is not None:
                    group.append(span)
            group.attrs[key] = {"kind": found.kind, "nature": found.nature}
        doc.spans[GROUP] = group
        return doc

    def find(self, doc: Doc) -> list[Found]:
        """The instruments of `doc` in order, none within another."""
        found = sorted(self._named(doc), key=lambda f: (f.start, -f.end))
        out: list[Found] = []
        for f in found:
            if out and f.start < out[-1].end:
                if f.end - f.start > out[-1].end - out[-1].start:
                    out[-1] = f
            else:
                out.append(f)
        coded, text = _coded(doc), doc.text if out else ""
        return [self._handed(text, f) for f in out if coded is None or any(s <= f.start < e for s, e in coded)]

    def _named(self, doc: Doc) -> Iterator[Found]:
        """Every instrument, told by one look at each token: the first word of a known name, a numbered act, a kind word."""
        actors: frozenset[int] | None = None
        text = doc.text  # made anew at each asking
        for i, orth in enumerate(doc.to_array("ORTH").tolist()):
            if orth not in self._triggers:
                continue
            word = doc[i]
            yield from self._known(text, word)
            if word.lower_ in self.book.numbers:
                yield from self._numbered(text, word.idx)
            if word.text in self.book.kinds:
                actors = _actor_tokens(doc) if actors is None else actors
                found = self._at(word, text) if i not in actors else None
                if found is not None:
                    yield found

    def _known(self, text: str, word: Token) -> Iterator[Found]:
        match = self.book.names.match(text, word.idx) if word.text in self.book.first_words else None
        if match and not text.startswith((" Organi", " Council"), match.end()):
            kind = self.book.known[" ".join(match[0].lower().split())]
            yield Found(match.start(), match.end(), kind.kind, kind.nature)

    def _numbered(self, text: str, at: int) -> Iterator[Found]:
        for match in self.book.numbered.finditer(text, max(at - _BEFORE // 2, 0), at + _BEFORE):
            if match.start() <= at < match.end():
                yield Found(match.start(), match.end(), self.book.numbered_kind.kind, self.book.numbered_kind.nature)

    def _at(self, word: Token, text: str) -> Found | None:
        """The instrument whose kind word stands at `word`, if it has a name."""
        doc = word.doc
        following = doc[word.i + 1] if word.i + 1 < len(doc) else None
        if following is not None and following.text[0].isupper() and following.sent_start != 1 and following.text != "No":
            return None  # "Treaty Organization", "Framework Agreement": the last word is the head
        start = self._start(word)
        end = self._end(word, text)
        if start == word.i and (end == word.idx + len(word) or not self._tells(text[word.idx + len(word) : end])):
            return None
        before = doc[start - 1].lower_ if start else ""
        bare = start == word.i
        if bare and (before in _SELF or (following is not None and following.lower_ == "with")):
            return None
        if self.book.never.match(text, doc[start].idx, end):
            return None
        kind = self._kind(text[doc[start].idx : end], word)
        return Found(doc[start].idx, end, kind.kind, kind.nature)

    def _kind(self, name: str, word: Token) -> Kind:
        match = self.book.names.search(name)
        return self.book.known[" ".join(match[0].lower().split())] if match else self.book.kinds[word.text]

    @staticmethod
    def _tells(rest: str) -> bool:
        """Whether what follows a bare kind word makes a name of it: a capital, a number or a subject."""
        return bool(re.search(r"[A-Z0-9]|^\s+(?:on|concerning)\s", rest))

    def _start(self, word: Token) -> int:
        """First token of the name: the capitalised words before the kind word and what links them."""
        doc, i = word.doc, word.i
        opening = word.sent.start if doc.has_annotation("SENT_START") else 0
        opening += bool(_PRINTED.fullmatch(doc[opening].text))
        first = max(opening, word.i - _LONGEST)
        while i > first and self._belongs_before(doc, i - 1, first):
            i -= 1
        part = _PART.match(doc[i : word.i + 1].text)
        skip = doc[i].idx + (part.end() if part else 0)
        while i < word.i and doc[i].idx < skip:
            i += 1
        i = self._list_start(doc, i, first, word.i)
        while i < word.i and (doc[i].lower_ in _LINKS or doc[i].is_punct or (i == opening and doc[i].pos_ in _OPENERS)):
            i += 1
        return i

    def _list_start(self, doc: Doc, i: int, first: int, last: int) -> int:
        """Where a name that holds a list begins: "the Climate, Ports and Clean Energy Compact"; `i` if it holds none."""
        if i - 1 <= first or doc[i - 1].text != "," or "and" not in {t.lower_ for t in doc[i:last]}:
            return i
        start = i - 1
        while start > first and (doc[start - 1].text[0].isupper() or doc[start - 1].lower_ == "and"):
            start -= 1
        return start if start > first and doc[start - 1].lower_ in _ARTICLES and start < i - 1 else i

    def _belongs_before(self, doc: Doc, i: int, first: int) -> bool:
        token = doc[i]
        glued = token.text.isdigit() and not token.whitespace_  # "5G", "10-Year"
        if token.text[0].isupper() or (token.is_digit and len(token.text) == 4) or glued:
            return not (token.text in self.book.kinds and doc[i + 1].lower_ in ("and", ","))
        if token.is_space or (token.text == "-" and doc[i - 1].is_digit):  # "Executive\xa0Order 7"; "10-Year Plan"
            return i > first
        if token.text in "()":
            return _in_short_form(doc, i, first)
        link = token.lower_ in _LINKS and token.lower_ not in ("the", "to", "in", "on", "against")
        return link and i > first and doc[i - 1].text[0].isupper()

    def _end(self, word: Token, text: str) -> int:
        """Where the name ends, in characters: behind the number or the topic."""
        doc = word.doc
        end = word.idx + len(word)
        number = _NUMBERED.match(text, end)
        if number and number.end() > end:
            return number.end()
        return self._topic_end(word) if _opens_topic(doc, word.i + 1) else end

    def _topic_end(self, word: Token) -> int:
        """Where the topic behind a kind word ends, in characters: "on the Law of the Sea"."""
        doc, last = word.doc, word.i
        first = doc[word.i + 1].lower_
        bound = self.book.kinds[word.text].nature == "binding"  # "Programme for the first time" is none
        plain = first in ("on", "concerning", "establishing") or (first == "for" and bound)  # "Agreement on trade in goods"
        for i in range(word.i + 1, min(len(doc), word.i + _LONGEST_TOPIC)):
            token = doc[i]
            another = token.text in self.book.kinds and doc[i - 2 : i].text.lower() == "and the"
            if token.sent_start == 1 or another or token.text in MONTHS:
                break
            if token.text[0].isupper() or token.text[0].isdigit() or self._goes_with(token, last, plain):
                plain = plain and not token.text[0].isupper()
                last = i
                continue
            told = {t.lower_ for t in doc[word.i + 1 : i]}
            sides = "between" in told
            opens = i - 1 > last or last == word.i or plain or token.text == "-" or _leads_on(doc, i, both=sides)
            listed = token.text == "," and sides and "and" not in told  # "between Arvenia, Belmark and Corvia"
            if not opens or not (listed or token.lower_ in _LINKS | _TOPIC):
                break
        return doc[last].idx + len(doc[last])

    @staticmethod
    def _goes_with(token: Token, last: int, plain: bool) -> bool:
        """Whether a word without capital belongs to the topic: of a plain one, or behind a hyphen."""
        noun = token.pos_ in ("NOUN", "ADJ", "PROPN") and token.text.isalpha()
        return noun and (plain or (token.i - 1 == last + 1 and token.nbor(-1).text == "-"))

    def _handed(self, text: str, found: Found) -> Found:
        """The instrument with the phrase that hands the matter over to it, if one stands before it."""
        match = self.book.delegation.search(text[max(found.start - _BEFORE, 0) : found.start])
        if match is None:
            return found
        shift = max(found.start - _BEFORE, 0)
        return Found(found.start, found.end, found.kind, found.nature, (match.start("cue") + shift, match.end("cue") + shift))


def _opens_topic(doc: Doc, i: int) -> bool:
    """Whether a topic begins at token `i`."""
    if i + 1 >= len(doc) or doc[i].sent_start == 1:
        return False
    aim = doc[i].lower_ == "to" and doc[i + 1].text[0].isupper()  # "Strategy to Prevent Smuggling"
    return aim or (doc[i].lower_ in _TOPIC and doc[i].lower_ not in ("in", "at", "to"))


def _leads_on(doc: Doc, i: int, *, both: bool) -> bool:
    """Whether a link is followed by a capital, or by "the" and a capital where the link is no "and" (or joins "between")."""
    after = doc[i + 1 : i + 3]
    if len(after) and after[0].text[0].isupper():
        return after[0].text not in MONTHS
    return (
        len(after) == 2 and after[0].lower_ in ("the", "a") and after[1].text[0].isupper() and (doc[i].lower_ != "and" or both)
    )


def _in_short_form(doc: Doc, i: int, first: int) -> bool:
    """Whether a bracket is that of a short form inside a name: "Harbour Control Systems (HCS) Programme"."""
    start = i if doc[i].text == "(" else i - 2
    inside = doc[start + 1].text if start > first else ""
    return start > first and doc[start].text == "(" and inside.isupper() and doc[start - 1].text[0].isupper()


def _actor_tokens(doc: Doc) -> frozenset[int]:
    """Tokens of actors that the gazetteer knows by name, so that "Charter" or "Facility" in them is no instrument."""
    group = doc.spans.get("actors")
    if group is None:
        return frozenset()
    known = (s for s in group if group.attrs.get(str(s.start_char), {}).get("rule") == "gazetteer")
    return frozenset(t.i for span in known for t in span)


def _coded(doc: Doc) -> list[tuple[int, int]] | None:
    """Extents of the passages and footnotes in characters, or None where the Doc has no blocks."""
    if "blocks" not in doc.spans:
        return None
    return [(b.start_char, b.end_char) for b in doc.spans["blocks"] if b.label_ in CODED]


@Language.factory("pact_instruments")
def make_instruments(nlp: Language, name: str) -> Instruments:
    """Makes the component; it uses parts of speech and sentences where the Doc has them."""
    return Instruments(name)

"""Short names of documents and pinpoint citations: "EU-UK SDP 2025, para. 12, p. 4"."""

from __future__ import annotations

import csv
import functools
import itertools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pipeline.records import Block, Document, Mention

#: States that nobody cites by their name in full.
_ABBREVIATED = {"USA": "US", "GBR": "UK", "ARE": "UAE"}
_ACTORS = Path(__file__).resolve().parent.parent / "codebook" / "actors.csv"
#: Kinds of instrument that are known by their initials, and kinds of document that are not.
_INSTRUMENT = re.compile(r"^(Partnership|Agreement|Treaty|Convention|Compact|Charter|Pact|Accord)$")
_DOCUMENT = re.compile(r"^(Statement|Declaration|Communiqu[eé]|Memorandum|Protocol|Arrangement|Conclusions|Vision|Plan)$")
_SMALL = frozenset({"and", "of", "on", "for", "the", "in", "&"})
#: Words before the kind of a document that are no name: written small, as in "leaders’ statement".
_QUALIFIERS = """action advisors bilateral common cooperation cybersecurity defence defense disaster economic emergency final
framework general humanitarian implementation jobs joint leader leaders leaders' leaders’ leader's leader’s level military
ministerial ministers' ministers’ mutual political presidential press sectoral security strategic summit technical trade
trilateral extradition"""
_COMMON = frozenset(_QUALIFIERS.split())
_ANNOUNCES = {"press_release": "press release", "readout": "readout", "speech": "speech", "web_page": "web page"}
_AGREED = frozenset({"agreement", "agreement_draft", "treaty"})
_DIVISION = re.compile(
    r"^(?:(article|art\.|section|sec\.)\s+(\d+[a-z]?|[IVXLC]+)\b|(annex|appendix)(?:\s+(\d+|[IVXLC]+|[A-Z]))?\b)", re.IGNORECASE
)
_DIVISION_NAMES = {
    "article": "Art.",
    "art.": "Art.",
    "section": "sec.",
    "sec.": "sec.",
    "annex": "Annex",
    "appendix": "Appendix",
}
_TITLE_CHARS = 48
#: More parties than this make a name longer than a title.
_MOST_PARTIES = 3


def short_title(document: Document, mentions: Iterable[Mention] = ()) -> str:
    """A name for citations: parties, instrument, and the year (of a statement or press release: the date).

    States are named as people do ("Norway", not NOR). Falls back on the title cut at a word, then on the key.
    """
    metadata = document.metadata
    doc_type, title = metadata.text_of("doc_type"), " ".join(metadata.text_of("title").split())
    parties = party_names(document, mentions)
    kind = _kind(title, doc_type)
    date = metadata.text_of("date")
    when = date[:4] if doc_type in _AGREED else date
    if kind and parties and len(parties) <= _MOST_PARTIES:
        return f"{'-'.join(parties)} {kind} {when}".strip()
    return f"{_cut(title) or document.key} {when}".strip()


def party_names(document: Document, mentions: Iterable[Mention] = ()) -> list[str]:
    """The parties' names in the metadata's order: states and what has one word for a name by name, other
    organisations by id, others as most mentions have them."""
    seen: dict[str, Counter[str]] = {}
    for mention in mentions:
        seen.setdefault(mention.actor_id, Counter())[" ".join(document.slice(mention).split())] += 1
    return [_party_name(party, seen.get(party)) for party in document.metadata.party_ids]


def _party_name(party: str, seen: Counter[str] | None) -> str:
    if found := _ABBREVIATED.get(party):
        return found
    actor = known_actors().get(party)
    if actor and (actor["kind"] == "state" or " " not in actor["name"]):  # Norway; Quad, whose id only looks like initials
        return actor["name"]
    # A state that only a user's gazetteer knows; organisations have short ids that everybody knows (EU, NATO).
    if len(party) == 3 and party.startswith("X") and seen:
        return seen.most_common(1)[0][0]
    return party.removeprefix("name:")


@functools.cache
def known_actors() -> dict[str, dict[str, str]]:
    """By id the rows of the list of actors that comes with Pactscope: name, kind, parent and more."""
    with _ACTORS.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def _kind(title: str, doc_type: str) -> str:
    """What the document is: "SDP", "SDP press release", "joint statement"."""
    name = _instrument(title)
    if doc_type in _ANNOUNCES:
        return f"{name if name.isupper() else ''} {_ANNOUNCES[doc_type]}".strip()
    if doc_type == "agreement_draft":
        return f"{name} draft".strip()
    return name or (doc_type.replace("_", " ") if doc_type != "other" else "")


def _instrument(title: str) -> str:
    """Initials of the capitalised run that ends in a kind of instrument; of other documents the last two words of it."""
    words = re.findall(r"[^\W\d_][\w'’.&-]*|&", title)
    for i, word in enumerate(words):
        if _INSTRUMENT.match(word) or _DOCUMENT.match(word):
            run = _run(words, i)
            capitals = [w for w in run if w not in _SMALL]
            if _INSTRUMENT.match(word) and len(capitals) >= 3:
                return "".join(w[0] for w in capitals)
            return _plain_kind(run)
    return ""


def _plain_kind(run: list[str]) -> str:
    """The kind of document with the word before it: "joint statement"; with a name before it, as printed: "Port Arven Pact"."""
    before = list(itertools.takewhile(lambda word: word.lower() not in _SMALL, reversed(run[:-1])))
    if before and before[0].lower() in _COMMON:
        return f"{before[0]} {run[-1]}".lower()
    names = list(itertools.takewhile(lambda word: word.lower() not in _COMMON, before))
    # Three words and more are a list of states or half a sentence, not what people call it.
    return " ".join([*reversed(names), run[-1]]) if 1 <= len(names) <= 2 else run[-1].lower()


def _run(words: list[str], last: int) -> list[str]:
    """The words that belong to the name ending at `last`: back over capitalised and small ones, not over "EU-UK"."""
    first = last
    while first and (words[first - 1] in _SMALL or _is_name_word(words[first - 1])):
        first -= 1
    while words[first] in _SMALL:
        first += 1
    return words[first : last + 1]


def _is_name_word(word: str) -> bool:
    return word[0].isupper() and not word.isupper() and "-" not in word and "." not in word and not word.endswith(("'s", "’s"))


def _cut(title: str) -> str:
    if len(title) <= _TITLE_CHARS:
        return title
    return title[:_TITLE_CHARS].rsplit(" ", 1)[0].rstrip(",;:–-") + " …"


def paragraph(document: Document, block: Block) -> str:
    """Number of a block as one cites it: "12", "3.2", an item (b) under paragraph 12 "12(b)"; empty if there is none.

    An item without a number of its own takes that of the paragraph that introduces it.
    """
    own = "" if _DIVISION.match(block.number) else block.number.strip().strip(".()").strip()
    if block.lead_in is None:
        return own
    above = paragraph(document, document.blocks[block.lead_in])
    if not above or (own and own.startswith(f"{above}.")):
        return own
    return f"{above}({own})" if own else above


def division(block: Block) -> str:
    """The article, section or annex that the block stands in, outermost first: "Annex II, Art. 4"; empty outside of one."""
    found = [m for m in map(_DIVISION.match, (*block.heading_path, block.number)) if m]
    names = {_DIVISION_NAMES[(m[1] or m[3]).lower()]: m[2] or m[4] or "" for m in found}
    return ", ".join(f"{name} {number}".strip() for name, number in names.items())


def pinpoint(name: str, place: str, number: str, *, heading: str = "", passage: int = 0, page: int | None = None) -> str:
    """A citation from its parts: short name, division, paragraph; where neither is printed, the passage's position.

    >>> pinpoint("EU-Norway SDP 2024", "Art. 3", "1(b)", page=4)
    'EU-Norway SDP 2024, Art. 3(1)(b), p. 4'

    Args:
        heading: given where the number alone would not tell which paragraph is meant.
        passage: position among the document's passages, from 1; 0 for a heading or footnote.
        page: page from 1, None in formats without pages.
    """
    first, _, rest = number.partition("(")
    points = f"({rest}" if rest else ""
    if place:
        where = f"{place}({first}){points}" if number else place
    elif number:
        where = f"para. {first}{points}" if first[0].isdigit() else f"para. ({first}){points}"
    else:
        where = f"passage {passage}" if passage else ""
    quoted = f"“{heading}”" if heading else ""
    return ", ".join(part for part in (name, quoted, where, f"p. {page}" if page else "") if part)


class Citer:
    """Cites the places of one document under a short name; knows which printed numbers come more than once."""

    def __init__(self, document: Document, name: str) -> None:
        self.document = document
        self.name = name
        self.pages = Pages(document)
        self.position = {b.start: i for i, b in enumerate(document.passages(), 1)}
        # An item without a number shares its paragraph's: only those that print one count.
        self._printed = Counter(self._place(b) for b in document.passages() if b.number)
        self._under = Counter((*self._place(b), b.heading_path) for b in document.passages() if b.number)

    def cite(self, block: Block | None, page: int | None) -> str:
        """The citation of a place in `block` on `page`."""
        if block is None:
            return pinpoint(self.name, "", "", page=page)
        place, number = self._place(block)
        position = self.position.get(block.start, 0)
        if not number or self._printed[place, number] < 2:
            return pinpoint(self.name, place, number, passage=position, page=page)
        if self._under[place, number, block.heading_path] > 1 and position:
            return pinpoint(self.name, "", "", passage=position, page=page)
        heading = _cut(" ".join(block.heading_path[-1].split())) if block.heading_path else ""
        return pinpoint(self.name, place, number, heading=heading, page=page)

    def _place(self, block: Block) -> tuple[str, str]:
        return division(block), paragraph(self.document, block)


class Pages:
    """Finds the page of an offset; None throughout in formats without pages."""

    def __init__(self, document: Document) -> None:
        self.paged = document.media_type == "application/pdf" or len(document.pages) > 1
        self._starts = [s.start for s in document.segments]
        self._pages = [s.page for s in document.segments]

    def page(self, offset: int) -> int | None:
        """Number of the page on which the character at `offset` stands."""
        if not self.paged or not self._starts:
            return None
        return self._pages[max(0, bisect_right(self._starts, offset) - 1)]

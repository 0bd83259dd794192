"""What is known of a document as a whole: title, date, publisher, type, parties, legal status, each with its source.

A catalogue overrides what the file itself says (front matter, meta tags), and that overrides the rules of
`codebook/documents.toml`. File properties of Word and PDF come last: templates and copies leave them behind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from pipeline.codebook.actors import Gazetteer, load_gazetteer
from pipeline.codebook.documents import Host, Pattern, Rules, load_rules
from pipeline.codebook.patterns import sentence_at
from pipeline.ingest.catalogue import Entry
from pipeline.metadata.dates import find_date, mentioned_date
from pipeline.metadata.parties import as_ids, find_parties, publishing_party
from pipeline.records import DOC_TYPES, LEGAL_STATUSES, Block, Document, Metadata, Value

_FIELDS = ("title", "date", "publisher", "doc_type", "parties", "url", "legal_status", "note")
_ALLOWED = {"doc_type": DOC_TYPES, "legal_status": LEGAL_STATUSES}
_START = 1500
# A letterhead stands among so many blocks at the head.
_LETTERHEADS = 3
#: Lines at the head of gazettes and web exports that are no title: dates, page and document numbers, language codes.
_NO_TITLE = re.compile(
    r"[\W\d]*$|[A-Z]{2}$|[A-Z]{1,3} ?\d+/\d+$|(?:\d{1,2}[./]){2}\d{4}$|Official Journal|EUR-Lex|Avis juridique"
    r"|Important legal notice|\d{5}[A-Z]\d{4}|TRANSLATION$|Page \d+",
)
_OPEN_TITLE = re.compile(
    r"(?:[A-Z][A-Z ]*(?:AGREEMENT|TREATY|CONVENTION|PROTOCOL|STATEMENT|DECLARATION|ARRANGEMENT)|AGREEMENT)$"
)
_INSTRUMENT = re.compile(r"\b(?:partnership|agreement|treaty|memorandum of understanding|pact|arrangement)\b", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:Subject|Re|Betr\.|Objet)\s*:\s+")
# A title is rarely longer; a first paragraph nearly always is.
_LONGEST_TITLE = 40
# Characters before the subject of a sentence: a number or "(a)" at most.
_SUBJECT_BY = 8


def describe(document: Document, entry: Entry | None = None, gazetteer: Gazetteer | None = None) -> Document:
    """The document with its metadata completed.

    Args:
        entry: the document's row of a catalogue; what it says counts.
        gazetteer: names of states and organisations with their ids; by default those that come with Pactscope.

    Returns:
        The same document with new metadata; `key` from the catalogue, if it gives one.
    """
    rules = load_rules()
    known = _known(document.metadata, entry)
    url = known.text_of("url")
    host = _host(url, rules)
    title = known.title or _title(document, rules) or document.metadata.title
    known = replace(known, title=title, publisher=known.publisher or _publisher(document, host, rules))
    known = replace(known, date=known.date or _date(document, url))
    words = title.value if title else ""
    kind = known.doc_type or _doc_type(document, words, url, rules)
    known = replace(known, doc_type=kind)
    names = gazetteer or load_gazetteer()
    if known.parties:
        known = replace(known, parties=as_ids(known.parties, names))
    else:
        party = host.party if host else publishing_party(known.text_of("publisher"), names)
        known = replace(known, parties=find_parties(document, words, names, kind=kind.value, host=party))
    known = _with_status(document, known, rules)
    return replace(document, metadata=known, key=entry.key if entry and entry.key else document.key)


def _known(found: Metadata, entry: Entry | None) -> Metadata:
    """What the catalogue and the file say for sure."""
    strong = {name: value for name in _FIELDS if (value := getattr(found, name)) and not _is_weak(name, value)}
    if entry:
        strong |= {name: Value(text, "catalogue") for name in _FIELDS if (text := getattr(entry, name))}
    return Metadata(**strong)


def _is_weak(name: str, value: Value) -> bool:
    """Whether a value that the file gives is no more than a hint, or none of ours ("type: blog")."""
    if value.value not in _ALLOWED.get(name, (value.value,)):
        return True
    if (
        name == "title"
        and value.source == "heading"
        and (_is_foreign(value.value) or _is_letterhead(value.value, load_rules()))
    ):
        return True
    return any(word in value.source for word in ("properties", "pdf info"))


def _host(url: str, rules: Rules) -> Host | None:
    """The publisher behind an address; the most particular one of the table."""
    try:
        name = urlsplit(url).hostname or ""
    except ValueError:
        return None
    parts = name.split(".")
    candidates = (".".join(parts[i:]) for i in range(len(parts)))
    return next((rules.hosts[c] for c in candidates if c in rules.hosts), None)


def _date(document: Document, url: str) -> Value | None:
    """From the text, its file name or address; properties of a PDF are made with it, those of Word come from the template."""
    weak = document.metadata.date
    from_pdf = weak if weak and "pdf" in weak.source else None
    return find_date(document, url) or from_pdf or mentioned_date(document) or weak


def _publisher(document: Document, host: Host | None, rules: Rules) -> Value | None:
    """Named in the first lines as a gazette or in a letterhead, or known by the address."""
    for pattern, name in rules.imprints:
        if found := pattern.search(document.text[:500]):
            return Value(name, "rule imprint", found[0])
    if host:
        return Value(host.name, "address")
    heads = (document.slice(block) for block in document.blocks[:_LETTERHEADS])
    found_head = next((text for text in heads if rules.offices.match(text)), "")
    return Value(found_head, "letterhead", found_head) if found_head else None


def _title(document: Document, rules: Rules) -> Value | None:
    """The subject line of an official note, a heading of level 1, a line that names an instrument, a heading, a first line.

    A title in the file's properties counts if it stands in the text as well.
    """
    weak = document.metadata.title
    if (
        weak
        and len(weak.value) > 12
        and not _is_foreign(weak.value)
        and weak.value.casefold() in document.text[:3000].casefold()
    ):
        return weak
    head = [b for b in document.blocks[:15] if not _is_letterhead(document.slice(b), rules)]
    head = [b for b in head if not _is_foreign(document.slice(b))] or head  # a page in two scripts
    subject = next((b for b in head if _SUBJECT.match(document.slice(b))), None)
    if subject:
        text = document.slice(subject)
        return Value(_SUBJECT.sub("", text), "subject line", text)
    lines = [b for b in head[:3] if len(document.slice(b).split()) <= _LONGEST_TITLE and not document.slice(b).endswith(".")]
    headings = [b for b in head if b.kind == "heading"]
    top = [b for b in headings if b.level == 1]
    named = [b for b in lines if _INSTRUMENT.search(document.slice(b)) or _OPEN_TITLE.match(document.slice(b))]
    first = next(iter([*top, *named, *headings, *lines]), None)
    if first is None:
        return None
    source = "heading" if first.kind == "heading" else "first line"
    text = document.slice(first)
    if _OPEN_TITLE.match(text):
        at = head.index(first) + 1
        following = head[at : at + 1]
        more = " ".join(document.slice(b) for b in following if len(document.slice(b).split()) <= _LONGEST_TITLE)
        text = f"{text} {more}".strip()
    return Value(text, source, document.slice(first))


def _is_letterhead(text: str, rules: Rules) -> bool:
    return bool(_NO_TITLE.match(text) or rules.letterheads.match(text))


def _is_foreign(text: str) -> bool:
    """Whether a text is in another script than the Latin one, of which nothing is analysed."""
    letters = [c for c in text if c.isalpha()]
    return sum("LATIN" not in unicodedata.name(c, "") for c in letters) * 2 > len(letters)


def _doc_type(document: Document, title: str, url: str, rules: Rules) -> Value:
    places = {"title": title, "url": url, "start": document.text[:_START], "text": document.text}
    for rule in rules.types:
        found = rule.any.search(places[rule.where])
        if found and not (rule.unless and rule.unless.search(places[rule.where])):
            return Value(rule.doc_type, f"rule {rule.where}", found[0] if rule.where != "url" else "")
    kind = "web_page" if document.media_type == "text/html" else "other"
    return Value(kind, "rule default")


def _with_status(document: Document, known: Metadata, rules: Rules) -> Metadata:
    """Legal status of the document and of the instrument it announces, with the words that say so."""
    kind, title = known.text_of("doc_type"), known.text_of("title")
    own, announced = known.legal_status, None
    if kind in rules.status.own:
        subject = rules.status.subject if kind == "joint_statement" else rules.status.instrument
        own = own or _said(document, rules, subject) or _formula(document, kind, rules)
    elif kind != "other":
        unstated = Value("unstated", "rule default") if _INSTRUMENT.search(title) else None
        announced = _said(document, rules, rules.status.announced) or unstated
    found = known.doc_type
    if own and own.value == "binding" and found and found.value == "agreement" and found.source.startswith("rule"):
        # An agreement that binds is a treaty "whatever its particular designation" (Vienna Convention of 1969, Article 2).
        known = replace(known, doc_type=Value("treaty", "rule binding", own.evidence))
    return replace(known, legal_status=own or Value("unstated", "rule default"), announced_status=announced)


def _said(document: Document, rules: Rules, subject: Pattern) -> Value | None:
    """What a sentence says of its subject; that it does not bind wins over all else."""
    for status, cue in (("non_binding", rules.status.non_binding), ("binding", rules.status.binding)):
        later = ""
        for block, found in _cues(document, cue):
            start, end = sentence_at(document.text, block.start, block.end, found.start())
            sentence, before = document.text[start:end].strip(), _before(document, block, start, found.start())
            about = subject.search(before)
            if about is None or rules.status.not_after.search(before):
                continue
            # The sentence that opens with its subject says it most plainly.
            if about.start() <= _SUBJECT_BY:
                return Value(status, "rule words", sentence)
            later = later or sentence
        if later:
            return Value(status, "rule words", later)
    return None


def _before(document: Document, block: Block, start: int, cue: int) -> str:
    """The words of the sentence before the cue; where they begin with "It", those of the sentence before as well."""
    before = document.text[start:cue].lstrip()
    if re.match(r"it\b", before, re.IGNORECASE) and start > block.start:
        earlier, end = sentence_at(document.text, block.start, block.end, max(block.start, start - 3))
        return document.text[earlier:end].strip() + " " + before
    return before


def _formula(document: Document, kind: str, rules: Rules) -> Value | None:
    if kind == "joint_statement":
        return None
    found = next(_cues(document, rules.status.formulas), None)
    return Value("binding", "rule formula", found[1][0]) if found else None


def _cues(document: Document, cue: Pattern) -> Iterator[tuple[Block, re.Match[str]]]:
    for block in document.blocks:
        if block.kind != "footnote" and block.language in {"en", ""}:
            for found in cue.finditer(document.text, block.start, block.end):
                yield block, found

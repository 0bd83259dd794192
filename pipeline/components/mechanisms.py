"""`pact_mechanisms`: finds the fora that a text sets up or continues: dialogues, committees, working groups, exercises.

Each is looked for at its head noun (`codebook/fora.toml`); the verb that governs it says what happens to it. A meeting held in
the past, a body of third parties and a consultation to settle a dispute are none. Written to `doc.spans["mechanisms"]`: spans
with label_ name, cue, frequency, first that share an id_ ("m0", "m1", …); `attrs[id_]` holds action, kind, level,
frequency_value, first_value, areas (list) and rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from spacy.language import Language
from spacy.strings import get_string_id
from spacy.tokens import Doc, Span, SpanGroup, Token

from pipeline import times
from pipeline.codebook import fora
from pipeline.codebook.fora import Noun, Verb
from pipeline.codebook.modality import load as load_modality
from pipeline.components import clauses
from pipeline.components.bearers import BearerFinder, Parties, parties_of, singular

GROUP = "mechanisms"
CODED = frozenset({"paragraph", "list_item", "table_row", "quotation"})
#: Words at which a topic ends ("dialogue on space *between* …"), and how long it can be.
_TOPIC_ENDS = frozenset({"between", "with", "to", "at", "by", "including", "within", "as", "that", "which", "through", "under", "from", "during", "using"})
_LONGEST_TOPIC = 12
_LONGEST_NAME = 12
_NOT_YET = frozenset({"may", "might", "can", "could", "would", "should"})
_NEXT = re.compile(r"\s*(?:It|They|These?|This|The (?:first|inaugural|next|dialogue|group|committee|working|task|forum|panel|council|meetings?))\b")
_MEETS = re.compile(r"\b(?:meet|meets|met|held|convened?|take place|meeting|co-chaired|chaired)\b")
_ONE_OFF = re.compile(r"\b(?:today|yesterday|(?:met|held|convened) (?:on|in))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A mechanism before it is written; ranges count characters of the Doc.

    Attributes:
        spans: label -> (start, end).
        attrs: the other fields of `records.Mechanism`.
    """

    spans: dict[str, tuple[int, int]]
    attrs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """What happens to a forum: the word that says so, its action and the verb or noun whose subject does it."""

    cue: Token
    action: str
    rule: str


class Mechanisms:
    """The component.

    Args:
        name: its name in the pipeline.
    """

    def __init__(self, name: str = "pact_mechanisms") -> None:
        self.name = name
        self.book = fora.load()
        self.bearers = BearerFinder(load_modality())
        self._heads = {get_string_id(word) for word in self.book.nouns}

    def __call__(self, doc: Doc) -> Doc:
        """Finds and writes."""
        group = SpanGroup(doc, name=GROUP)
        for number, found in enumerate(self.find(doc)):
            key = f"m{number}"
            for label, (start, end) in found.spans.items():
                span = doc.char_span(start, end, label=label, span_id=key, alignment_mode="expand")
                if span is not None:
                    group.append(span)
            group.attrs[key] = found.attrs
        doc.spans[GROUP] = group
        return doc

    def find(self, doc: Doc) -> list[Found]:
        """The mechanisms of `doc` in order, one for each name that is set up or continued."""
        tokens = [i for i, lower in enumerate(doc.to_array("LOWER").tolist()) if lower in self._heads]
        if not tokens:
            return []
        parties, coded, anchor = parties_of(doc), _coded(doc), _anchor(doc)
        out: list[Found] = []
        for i in tokens:
            if coded is None or any(start <= i < end for start, end in coded):
                found = self._at(doc[i], parties, anchor)
                if found is not None and not (out and found.spans["name"][0] < out[-1].spans["name"][1]):
                    out.append(found)
        return out

    def _at(self, head: Token, parties: Parties, anchor: str) -> Found | None:
        noun = self._noun(head)
        if noun is None:
            return None
        act = self._act(head)
        if act is None or self._is_foreign(act, head, parties):
            return None
        start, end = name_of(head, self.book.leading)
        if self._names_an_actor(head.doc[start:end], parties):
            return None
        when = self._times(head, (start, end), anchor)
        if not self._is_forum(noun, head.doc[start : head.i], "frequency" in when or end > head.i + 1):
            return None
        if noun.repeated and "frequency" not in when:
            return None
        return self._describe(head.doc[start:end], noun, act, when)

    def _noun(self, head: Token) -> Noun | None:
        """The entry of a head noun that stands as one: no verb, no modifier ("committee members"), with its word before."""
        if head.pos_ not in ("NOUN", "PROPN") or (head.dep_ in ("compound", "amod", "nmod", "poss") and head.head.i > head.i):
            return None
        following = head.nbor(1) if head.i + 1 < len(head.doc) else None
        if following is not None and (following.text in ("-", "/") or (following.lower_ == "of" and head.lower_ == "exercise")):
            return None
        if following is not None and following.pos_ in ("NOUN", "PROPN") and following.sent_start != 1:
            return None
        before = head.nbor(-1).lower_ if head.i else ""
        entries = self.book.nouns[head.lower_]
        return next((n for n in entries if not n.before or before in n.before), None)

    def _act(self, head: Token) -> Act | None:
        """What the text says of the forum: by the parse, else by the verb right before its name."""
        top = head
        while top.dep_ in ("conj", "appos", "compound", "nmod") and top.head is not top and top.head.pos_ in ("NOUN", "PROPN"):
            top = top.head
        verb = top.head
        if top.dep_ in ("dobj", "oprd", "attr", "dative") or (top.dep_ == "conj" and verb.pos_ == "VERB"):
            return self._of_verb(verb, "") or self._of_neighbour(head)
        if top.dep_ in ("nsubj", "nsubjpass"):
            return self._of_subject(verb, top.dep_ == "nsubjpass" or clauses.is_passive(verb))
        if top.dep_ == "pobj":
            link, above = top.head.lower_, top.head.head
            if above.pos_ == "NOUN":
                return self._of_noun(above, link)
            return self._of_verb(above, link) or self._of_neighbour(head)
        return self._of_neighbour(head)

    def _of_verb(self, verb: Token, link: str) -> Act | None:
        for entry in self.book.verbs.get(verb.lemma_.lower(), ()):
            particles = {link} | {c.lower_ for c in verb.rights if c.dep_ == "prt"}
            fits = bool(entry.particles & particles) if entry.particles else not link
            if fits and self._happens(verb, entry):
                return Act(verb, entry.action, "object" if not link else "preposition")
        return None

    def _happens(self, verb: Token, entry: Verb) -> bool:
        """Whether it is done or to be done: not denied, not merely possible, not a meeting of the past, not a condition."""
        while verb.dep_ == "conj" and not any(c.dep_ == "aux" for c in verb.lefts) and verb.head.pos_ in ("VERB", "AUX"):
            if verb.tag_ in ("VBD", "VBN") and not entry.past:
                return False
            verb = verb.head
        aux = {c.lower_ for c in verb.lefts if c.dep_ in ("aux", "auxpass")}
        if clauses.is_negated(verb) or aux & _NOT_YET or any(c.dep_ == "mark" and c.lower_ in ("if", "unless", "whether") for c in verb.lefts):
            return False
        past = verb.tag_ == "VBD" or (verb.tag_ == "VBN" and aux & {"has", "have", "had", "having", "was", "were", "been"})
        return entry.past or not past

    def _of_subject(self, verb: Token, passive: bool) -> Act | None:
        lemma, told = verb.lemma_.lower(), self.book.subjects
        if passive and lemma in told["set_up"]:
            fits = self._happens(verb, Verb(lemma, "set_up"))
            return Act(verb, "set_up", "passive") if fits else None
        words = told["passive" if passive else "active"]
        if lemma not in words or not self._happens(verb, Verb(lemma, "continues", past=False)):
            return None
        future = clauses.has_modal(verb) or clauses.is_infinitive(verb) or verb.lemma_ in ("continue", "remain")
        return Act(verb, "continues", "subject") if future or verb.lemma_ == "meet" else None

    def _of_noun(self, noun: Token, link: str) -> Act | None:
        act = self.book.acts.get(noun.lemma_.lower())
        if act is not None and link == "of":
            return Act(noun, act.action, "act")
        if link in ("to", "on") and noun.lemma_.lower() in ("commitment", "agreement", "intention"):
            return Act(noun, "set_up", "act")
        return None

    def _of_neighbour(self, head: Token) -> Act | None:
        """Where the parse hangs the forum elsewhere: the verb right before its name."""
        start, _ = name_of(head, frozenset())
        i = start - 1
        while i > 0 and head.doc[i].pos_ in ("DET", "ADJ", "ADV", "NUM", "PRON") and head.doc[i].sent_start != 1:
            i -= 1
        verb = head.doc[i]
        if i < 0 or verb.sent != head.sent or verb.tag_ not in ("VB", "VBG", "VBP"):
            return None
        found = self._of_verb(verb, "")
        return Act(found.cue, found.action, "neighbour") if found is not None else None

    def _is_foreign(self, act: Act, head: Token, parties: Parties) -> bool:
        """Whether somebody else's forum is meant: who acts is a third party or an actor that is none of the parties."""
        if act.rule in ("subject", "passive"):
            return any(c.dep_ == "poss" and self._is_other(c, parties) for c in head.lefts)
        verb = act.cue
        doer = clauses.subject(verb) if verb.pos_ == "VERB" else clauses.child(verb, "poss")
        owned = any(c.dep_ == "poss" and self._is_other(c, parties) for c in head.lefts)
        return owned or (doer is not None and self._is_other(doer, parties))

    def _is_other(self, token: Token, parties: Parties) -> bool:
        kind = self.bearers.kind(token, parties)
        if kind == "other_named":
            actor = parties.actors.get(token.i, "")
            return bool(actor) and bool(parties.ids) and parties.side(actor) not in parties.ids
        return kind == "third"

    @staticmethod
    def _names_an_actor(name: Span, parties: Parties) -> bool:
        """Whether the name is that of a known body ("Security Council"), as the gazetteer says."""
        group = name.doc.spans.get("actors")
        if group is None:
            return False
        for span in group:
            if span.start < name.end and name.start < span.end and span.end >= name.root.i + 1 and span.label_ != "format":
                rule = str(group.attrs.get(str(span.start_char), {}).get("rule", ""))
                if rule == "gazetteer" and span.start <= name.root.i < span.end:
                    return True
        return False

    def _is_forum(self, noun: Noun, modifiers: Span, specific: bool) -> bool:
        """Whether a weak noun has a word, a topic or a frequency that makes a forum of it."""
        if self.book.never.search(modifiers.sent.text):
            return False
        words = {t.lower_ for t in modifiers if t.is_alpha or "-" in t.text} - self.book.vague
        return specific or not noun.weak or bool(words)

    def _times(self, head: Token, name: tuple[int, int], anchor: str) -> dict[str, tuple[int, int, str]]:
        """Frequency and first date from the sentence, and from the next where that goes on about the forum."""
        doc, sentence = head.doc, head.sent
        out: dict[str, tuple[int, int, str]] = {}
        own = doc[name[0] : name[1]]
        spans = [sentence]
        if sentence.end < len(doc):
            following = doc[sentence.end].sent
            if _NEXT.match(following.text) and _MEETS.search(following.text) and "\n" not in sentence.text.strip("\n"):
                spans.append(following)
        for span in spans:
            for time in times.find(span.text, anchor=anchor):
                start, end = span.start_char + time.start, span.start_char + time.end
                label = {"frequency": "frequency", "date": "first", "deadline": "first"}.get(time.kind, "")
                if not label or label in out or (label == "first" and (start < own.start_char or not _is_ahead(time.value, anchor))):
                    continue
                if label == "first" or self._is_own(doc, own, start, end):
                    out[label] = (start, end, time.value)
        return out

    @staticmethod
    def _is_own(doc: Doc, name: Span, start: int, end: int) -> bool:
        """Whether a frequency is this forum's and not another's: within the name or behind it, or that of its verb."""
        if start < name.start_char:
            return end >= name.start_char - 25
        return True

    def _describe(self, name: Span, noun: Noun, act: Act, when: dict[str, tuple[int, int, str]]) -> Found:
        spans = {"name": (name.start_char, name.end_char), "cue": (act.cue.idx, act.cue.idx + len(act.cue))}
        spans |= {label: (start, end) for label, (start, end, _) in when.items()}
        attrs = {
            "action": act.action,
            "kind": noun.kind,
            "level": self._level(name, noun),
            "frequency_value": when["frequency"][2] if "frequency" in when else "",
            "first_value": when["first"][2] if "first" in when else "",
            "areas": _areas(name),
            "rule": act.rule,
        }
        return Found(spans, attrs)

    def _level(self, name: Span, noun: Noun) -> str:
        """Who meets: by the name, else by the words behind it, else by those before it."""
        sentence = name.sent
        behind = name.doc[name.end : min(sentence.end, name.end + 25)].text
        before = name.doc[max(sentence.start, name.start - 15) : name.start].text
        for text in (name.text, behind, before):
            level = next((level for level, words in self.book.levels.items() if words.search(text)), "")
            if level:
                return level
        return noun.level


def name_of(head: Token, leading: frozenset[str]) -> tuple[int, int]:
    """Token range of a forum's name: its modifiers, the head and its topic ("on space"), without `leading` words."""
    doc, start = head.doc, head.i
    floor = max(head.sent.start, head.i - _LONGEST_NAME)
    while start > floor and _belongs_before(doc, start - 1, head):
        start -= 1
    while start < head.i and (doc[start].lower_ in leading or doc[start].pos_ in ("CCONJ", "PUNCT", "DET") or doc[start].lower_ in ("and", "'s", "’s", "-", "/")):
        start += 1
    return start, _topic_end(head)


def _belongs_before(doc: Doc, i: int, head: Token) -> bool:
    token, following = doc[i], doc[i + 1]
    if token.is_space or token.sent_start == 1 and token.pos_ in ("VERB", "ADP", "SCONJ"):
        return False
    capital = head.text[0].isupper()
    if token.text in ("-", "/", "–", "&"):
        return not token.whitespace_ or token.text == "&"
    if token.lower_ == "and" or token.text == ",":
        before = doc[i - 1] if i else token
        if capital:
            return token.lower_ == "and" and before.text[0].isupper() and following.text[0].isupper() and before.pos_ in ("PROPN", "NOUN", "ADJ")
        return before.pos_ in ("ADJ", "NOUN") and following.pos_ in ("ADJ", "NOUN") and before.i >= head.left_edge.i and _modifies(before, head)
    if capital and token.text[0].isupper():
        return token.pos_ not in ("DET", "PRON", "VERB", "ADP", "AUX") or (token.tag_ in ("VBN", "VBG") and token.sent_start != 1)
    if capital and token.lower_ in ("on", "of", "for"):
        return doc[i - 1].text[0].isupper() and i - 1 > head.sent.start and following.text[0].isupper() and False
    return token.pos_ in ("ADJ", "NOUN", "PROPN", "NUM", "ADV", "VERB") and token.i >= head.left_edge.i and _modifies(token, head)


def _modifies(token: Token, head: Token) -> bool:
    """Whether a word hangs on the head noun as a modifier, over compounds and coordination."""
    for _ in range(6):
        if token.head is head:
            return token.dep_ in ("amod", "compound", "nmod", "nummod", "npadvmod", "advmod", "conj")
        if token.dep_ not in ("amod", "compound", "nmod", "conj", "npadvmod", "advmod", "nummod", "punct"):
            return False
        token = token.head
    return False


def _topic_end(head: Token) -> int:
    """End of the name: behind "on …", "for …" or "of …"."""
    doc, end = head.doc, head.i + 1
    if end >= len(doc) or doc[end].lower_ not in ("on", "for", "of"):
        return end
    topic = next((c for c in doc[end].children if c.dep_ in ("pobj", "pcomp")), None)
    if topic is None or (topic.tag_ == "CD" and topic.pos_ == "NUM") or topic.ent_type_ == "DATE":
        return end
    _, stop = clauses.phrase(topic)
    stop = min(stop, end + 1 + _LONGEST_TOPIC)
    cut = next((i for i in range(end + 1, stop) if doc[i].lower_ in _TOPIC_ENDS or doc[i].text in (";", ":", "(", ".")), stop)
    _, cut = clauses.trim(doc, end, cut)
    if times.find(doc[end:cut].text):  # "on 12 May" is a date
        return end
    return cut


def _is_ahead(value: str, anchor: str) -> bool:
    """Whether a date is not before the document's own."""
    years = re.findall(r"\d{4}", value)
    return bool(years) and (not anchor[:4].isdigit() or years[-1] >= anchor[:4])


def _areas(name: Span) -> list[str]:
    """Areas of the terms in the name, else in its sentence."""
    group: Iterable[Span] = name.doc.spans.get("areas", ())
    inside = {s.label_ for s in group if s.label_ and s.start < name.end and name.start < s.end}
    sentence = name.sent
    return sorted(inside or {s.label_ for s in group if s.label_ and s.start < sentence.end and sentence.start < s.end})


def _coded(doc: Doc) -> list[tuple[int, int]] | None:
    """Token ranges of the passages, or None where the Doc has no blocks."""
    if "blocks" not in doc.spans:
        return None
    return [(b.start, b.end) for b in doc.spans["blocks"] if b.label_ in CODED]


def _anchor(doc: Doc) -> str:
    meta = doc.spans["blocks"].attrs.get("document", {}) if "blocks" in doc.spans else {}
    return str(meta.get("date", ""))


@Language.factory("pact_mechanisms")
def make_mechanisms(nlp: Language, name: str) -> Mechanisms:
    """Makes the component for a pipeline that has a tagger, a parser and a lemmatizer before it."""
    return Mechanisms(name)

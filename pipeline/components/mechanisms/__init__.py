"""`pact_mechanisms`: finds the fora that a text sets up or continues: dialogues, committees, working groups, exercises.

Each is looked for at its head noun (`codebook/fora.toml`); the verb that governs it says what happens to it. A meeting held in
the past, a body of third parties and a consultation to settle a dispute are none. Written to `doc.spans["mechanisms"]`: spans
with label_ name, cue, frequency, first that share an id_ ("m0", "m1", …); `attrs[id_]` holds action, kind, level,
frequency_value, first_value, areas (list) and rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from spacy.language import Language
from spacy.strings import get_string_id
from spacy.tokens import Doc, Span, SpanGroup, Token

from pipeline import times
from pipeline.codebook import fora
from pipeline.codebook.fora import Noun
from pipeline.codebook.modality import load as load_modality
from pipeline.components import clauses
from pipeline.components.commitments.bearers import BearerFinder, Parties, parties_of
from pipeline.components.mechanisms.forum_acts import Act, ActFinder, happens, words_before
from pipeline.components.mechanisms.forum_items import listed_act
from pipeline.components.mechanisms.forum_names import name_of, named_behind

GROUP = "mechanisms"
CODED = frozenset({"paragraph", "list_item", "table_row", "quotation"})
#: Rules by which a forum is only at work: told once for each name, and again where a frequency or date comes with it.
_SAYS_LITTLE = frozenset({"subject", "use", "held", "participle"})
_POINTING = frozenset({"this", "that", "these", "those", "such", "any", "it", "them", "each", "either"})
#: "In 2027, …": a date that opens its sentence is of what follows; in characters.
_OPENING = 4
#: In tokens: from who meets to the verb.
_LONGEST = 14
_NO_ONE = frozenset({"it", "which", "that", "who", "this"})
#: Kinds whose bodies the gazetteer may know and the text still sets up or continues.
_OWN = frozenset({"working_group", "dialogue"})
_INAUGURAL = frozenset({"inaugural", "annual"})
#: In characters: a meeting told by a verb so close behind one told by a noun is the same.
_SAME_CLAUSE = 60
#: "Shall report once a year" is not how often it meets.
_REPORTS = re.compile(r"\breport(?:s|ing|ed)?\b[^,;.]{0,40}$")
#: Verbs whose subject is who meets.
_HOLDS = frozenset({"hold", "conduct", "meet"})
_NEXT = re.compile(
    r"\s*(?:It|They|These?|This|The (?:first|inaugural|next|dialogue|group|"
    r"committee|working|task|forum|panel|council|meetings?))\b"
)
_MEETS = re.compile(r"\b(?:meet|meets|met|held|convened?|take place|meeting|co-chaired|chaired)\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A mechanism before it is written; ranges count characters of the Doc.

    Attributes:
        spans: label -> (start, end).
        attrs: the other fields of `records.Mechanism`.
    """

    spans: dict[str, tuple[int, int]]
    attrs: dict[str, Any]


class Mechanisms:
    """The component.

    Args:
        name: its name in the pipeline.
    """

    def __init__(self, name: str = "pact_mechanisms") -> None:
        self.name = name
        self.book = fora.load()
        self.acts = ActFinder(self.book)
        self.bearers = BearerFinder(load_modality())
        self._heads = {get_string_id(word) for word in (*self.book.nouns, *self.book.meetings)}

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
        text = doc.text  # made anew at each asking
        out: list[Found] = []
        seen: set[str] = set()
        for i in tokens:
            if coded is None or any(start <= i < end for start, end in coded):
                at = self._meeting if doc[i].lower_ in self.book.meetings else self._at
                found = at(doc[i], parties, anchor)
                if found is None or (out and _is_told(found, out[-1])):
                    continue
                name = text[slice(*found.spans["name"])].lower()
                known = found.attrs["rule"] in _SAYS_LITTLE and any(other.endswith(name) for other in seen)
                if not known or len(found.spans) > 2:
                    out.append(found)
                seen.add(name)
        return [_completed(text, f, out[n + 1 :]) for n, f in enumerate(out)]

    def _at(self, head: Token, parties: Parties, anchor: str) -> Found | None:
        noun = self._noun(head)
        if noun is None:
            return None
        act = self.acts.find(head) or listed_act(head, self.acts)
        if act is None or self._is_foreign(act, head, parties):
            return None
        start, end = name_of(head, self.book.leading)
        own = noun.kind in _OWN and act.rule not in _SAYS_LITTLE
        if not own and self._names_an_actor(head.doc[start:end], parties):
            return None
        when = self._times(head, (start, end), anchor)
        topic = end > head.i + 1 and head.doc[head.i + 2].lower_ not in _POINTING
        if not self._is_forum(noun, head.doc[start : head.i], "frequency" in when or topic):
            return None
        pointing = any(t.lower_ in _POINTING for t in head.doc[max(start - 1, 0) : head.i])
        if noun.repeated and ("frequency" not in when or act.rule == "use" or (start == head.i and act.rule == "subject")):
            return None
        if pointing and noun.weak and "frequency" not in when:
            return None
        first = act.rule == "session" and act.action == "set_up"
        if noun.event and not (first or "frequency" in when or words_before(head) & _INAUGURAL):
            return None
        return self._describe(head.doc[start:end], noun, act, when)

    def _meeting(self, verb: Token, parties: Parties, anchor: str) -> Found | None:
        """Persons or sides that will meet, where the text says how often and names no forum."""
        doer = clauses.subject(verb)
        if verb.pos_ != "VERB" or doer is None or doer.lower_ in _NO_ONE or doer.lower_ in self.book.nouns:
            return None
        start, end = doer.left_edge.i, verb.i + 1
        ahead = (clauses.has_modal(verb) or clauses.is_infinitive(verb)) and happens(verb, past=False)
        if not ahead or not 0 < end - start <= _LONGEST or self._is_other(doer, parties):
            return None
        while start < doer.i and (doer.doc[start].lower_ in self.book.standing or doer.doc[start].pos_ == "DET"):
            start += 1
        when = self._times(verb, (start, end), anchor)
        if "frequency" not in when or self.book.never.search(verb.sent.text):
            return None
        found = self._describe(doer.doc[start:end], Noun(verb.lower_, "meeting"), Act(verb, "continues", "meeting"), when)
        told = bool(found.attrs["frequency_value"]) or (bool(found.attrs["level"]) and doer.pos_ != "PRON")
        return found if told else None  # "the sides will meet regularly" says too little

    def _noun(self, head: Token) -> Noun | None:
        """The entry of a head noun that stands as one: no verb, no modifier ("committee members"), with its word before."""
        following = head.nbor(1) if head.i + 1 < len(head.doc) else None
        named = named_behind(head) > head.i + 1 or (following is not None and following.text == "(")
        modifies = head.dep_ in ("compound", "amod", "nmod", "poss") and head.head.i > head.i
        noun = head.pos_ in ("NOUN", "PROPN") or head.dep_ in ("dobj", "pobj")  # "launch a ministers track"
        if not noun or (modifies and not named):
            return None
        if following is not None and (following.text in ("-", "/") or (following.lower_ == "of" and head.lower_ == "exercise")):
            return None
        if following is not None and following.pos_ in ("NOUN", "PROPN") and following.sent_start != 1 and not named:
            return None
        before = head.nbor(-1).lower_ if head.i else ""
        behind = head.doc[head.i + 1 : head.i + 4].text.lower()
        entries = self.book.nouns[head.lower_]
        fits = (n for n in entries if (not n.before or before in n.before) and (not n.after or behind.startswith(n.after)))
        return next(fits, None)

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
        own = head.doc[name[0] : name[1]]
        out: dict[str, tuple[int, int, str]] = {}
        adjective = next((t for t in own if t.lower_ in self.book.frequencies), None)
        if adjective is not None:
            value = next((t.value for t in times.find(f"{adjective.lower_} meetings")), "")
            out["frequency"] = (adjective.idx, adjective.idx + len(adjective), value)
        for span in _told_in(head):
            for time in times.find(span.text, anchor=anchor):
                start, end = span.start_char + time.start, span.start_char + time.end
                if _REPORTS.search(span.text[: time.start]) or span.text[time.end :].startswith(" report"):
                    continue
                label = {"frequency": "frequency", "date": "first", "deadline": "first"}.get(time.kind, "")
                told = start >= own.start_char or time.start < _OPENING
                if label == "first" and not (told and _is_ahead(time.value, anchor)):
                    continue
                if label and (label not in out or (label == "frequency" and not out[label][2] and time.value)):
                    out[label] = (start, end, time.value)
        return out

    def _describe(self, name: Span, noun: Noun, act: Act, when: dict[str, tuple[int, int, str]]) -> Found:
        spans = {"name": (name.start_char, name.end_char), "cue": (act.cue.idx, act.cue.idx + len(act.cue))}
        spans |= {label: (start, end) for label, (start, end, _) in when.items()}
        attrs = {
            "action": act.action,
            "kind": noun.kind,
            "level": self._level(name, noun, act),
            "frequency_value": when["frequency"][2] if "frequency" in when else "",
            "first_value": when["first"][2] if "first" in when else "",
            "areas": _areas(name),
            "rule": act.rule,
        }
        return Found(spans, attrs)

    def _level(self, name: Span, noun: Noun, act: Act) -> str:
        """Who meets: by the name, else by the words behind it, else by who sets it up."""
        sentence = name.sent
        behind = name.doc[name.end : min(sentence.end, name.end + 25)].text
        doer = clauses.own_subject(act.cue) if act.cue.lemma_ in _HOLDS else None
        before = doer.doc[slice(*clauses.phrase(doer))].text if doer is not None and doer.i < name.start else ""
        for text in (name.text, behind, before):
            level = next((level for level, words in self.book.levels.items() if words.search(text)), "")
            if level:
                return level
        return noun.level


def _is_told(found: Found, last: Found) -> bool:
    """Whether a find lies in the one before, or says again by a verb what a noun has said."""
    near = found.spans["name"][0] - last.spans["name"][1]
    again = found.attrs["rule"] == "meeting" != last.attrs["rule"] and last.attrs["kind"] == "meeting"
    return near < 0 or (again and near < _SAME_CLAUSE)


def _completed(text: str, found: Found, later: Iterable[Found]) -> Found:
    """A forum that is set up, with the frequency told where the text comes back to it ("The Committee shall meet yearly")."""
    if found.attrs["action"] != "set_up" or "frequency" in found.spans:
        return found
    name = text[slice(*found.spans["name"])].lower()
    for other in later:
        short = text[slice(*other.spans["name"])].lower()
        if other.attrs["rule"] == "subject" and "frequency" in other.spans and f" {short} " in f" {name} ":
            spans = found.spans | {"frequency": other.spans["frequency"]}
            return Found(spans, found.attrs | {"frequency_value": other.attrs["frequency_value"]})
        if other.attrs["action"] == "set_up" and other.attrs["kind"] == found.attrs["kind"]:
            return found  # from here on "the Committee" may be another
    return found


def _told_in(head: Token) -> list[Span]:
    """The forum's sentence, and the next of the paragraph where that goes on to say how it meets."""
    doc, sentence = head.doc, head.sent
    if sentence.end >= len(doc) or "\n" in doc[sentence.end - 1].text_with_ws:
        return [sentence]
    following = doc[sentence.end].sent
    goes_on = _NEXT.match(following.text) and _MEETS.search(following.text)
    return [sentence, following] if goes_on else [sentence]


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

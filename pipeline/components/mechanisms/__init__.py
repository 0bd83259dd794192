"""`pact_mechanisms`: finds the fora that a text sets up or continues: dialogues, committees, working groups, exercises.

Each is looked for at its head noun (`codebook/fora.toml`); the verb that governs it says what happens to it. A meeting held in
the past, a body of third parties and a consultation to settle a dispute are none. Written to `doc.spans["mechanisms"]`: spans
with label_ name, cue, frequency, first that share an id_ ("m0", "m1", …); `attrs[id_]` holds action, kind, level,
frequency_value, first_value, areas (list) and rule.
"""

from __future__ import annotations

from collections.abc import Iterable

from spacy.language import Language
from spacy.strings import get_string_id
from spacy.tokens import Doc, Span, SpanGroup, Token

from pipeline.codebook import fora
from pipeline.codebook.fora import Noun
from pipeline.codebook.modality import load as load_modality
from pipeline.components import clauses
from pipeline.components.commitments.bearers import BearerFinder, Parties, parties_of
from pipeline.components.mechanisms.forum_acts import Act, ActFinder, happens, is_paired
from pipeline.components.mechanisms.forum_heads import entry_of, is_forum, is_somebodys
from pipeline.components.mechanisms.forum_items import listed_act
from pipeline.components.mechanisms.forum_mentions import SAYS_LITTLE, Found, merge
from pipeline.components.mechanisms.forum_names import name_of
from pipeline.components.mechanisms.forum_standing import StandingFinder, is_of_others
from pipeline.components.mechanisms.forum_times import Told, times_of

GROUP = "mechanisms"
CODED = frozenset({"paragraph", "list_item", "table_row", "quotation"})
#: In tokens: from who meets to the verb.
_LONGEST = 14
_NO_ONE = frozenset({"it", "which", "that", "who", "this"})
#: Kinds whose bodies the gazetteer may know and the text still sets up or continues.
_OWN = frozenset({"working_group", "dialogue"})
#: In characters: a meeting told by a verb so close behind one told by a noun is the same.
_SAME_CLAUSE = 60
#: In tokens and characters: how far behind a name its members are told, and how long that may be.
_BEHIND = 30
_MEMBERS = 45
#: Verbs whose subject is who meets.
_HOLDS = frozenset({"hold", "conduct", "meet"})


class Mechanisms:
    """The component.

    Args:
        name: its name in the pipeline.
    """

    def __init__(self, name: str = "pact_mechanisms") -> None:
        self.name = name
        self.book = fora.load()
        self.acts = ActFinder(self.book)
        self.standing = StandingFinder(self.book)
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
        """The mechanisms of `doc` in order, one for each forum that is set up or continued."""
        tokens = [i for i, lower in enumerate(doc.to_array("LOWER").tolist()) if lower in self._heads]
        if not tokens:
            return []
        parties, coded, anchor = parties_of(doc), _coded(doc), _anchor(doc)
        out: list[Found] = []
        for i in tokens:
            if coded is None or any(start <= i < end for start, end in coded):
                at = self._meeting if doc[i].lower_ in self.book.meetings else self._at
                found = at(doc[i], parties, anchor)
                if found is not None and not (out and _is_told(found, out[-1])):
                    out.append(found)
        return merge(doc.text, out)

    def _at(self, head: Token, parties: Parties, anchor: str) -> Found | None:
        noun = entry_of(head, self.book)
        if noun is None:
            return None
        act = self.acts.find(head) or listed_act(head, self.acts) or self.standing.find(head, noun, parties)
        if act is None or self._is_foreign(act, head, parties) or is_somebodys(head, noun, act, parties, book=self.book):
            return None
        name = head.doc[slice(*name_of(head, self.book.leading))]
        own = noun.kind in _OWN and act.rule not in SAYS_LITTLE
        if not own and self._names_an_actor(name, parties):
            return None
        when = times_of(head, name, act, anchor=anchor, book=self.book)
        if self.book.never.search(head.sent.text) or not is_forum(head, noun, act, when.get("frequency"), book=self.book):
            return None
        return self._describe(name, noun, act, when)

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
        act = Act(verb, "continues", "meeting")
        when = times_of(verb, doer.doc[start:end], act, anchor=anchor, book=self.book)
        if "frequency" not in when or self.book.never.search(verb.sent.text):
            return None
        found = self._describe(doer.doc[start:end], Noun(verb.lower_, "meeting"), act, when)
        told = bool(found.attrs["frequency_value"]) or (bool(found.attrs["level"]) and doer.pos_ != "PRON")
        return found if told else None  # "the sides will meet regularly" says too little

    def _is_foreign(self, act: Act, head: Token, parties: Parties) -> bool:
        """Whether somebody else's forum is meant: who acts is a third party or an actor that is none of the parties."""
        owned = any(c.dep_ == "poss" and self._is_other(c, parties) for c in head.lefts)
        if owned or act.rule in ("subject", "passive") or is_paired(head, self.book):
            return owned or is_of_others(head, name_of(head, self.book.leading), parties)
        verb = act.cue
        doer = clauses.subject(verb) if verb.pos_ == "VERB" else clauses.child(verb, "poss")
        return doer is not None and self._is_other(doer, parties)

    def _is_other(self, token: Token, parties: Parties) -> bool:
        kind = self.bearers.kind(token, parties)
        if kind == "other_named":
            actor = parties.actors.get(token.i, "")
            known = bool(actor) and bool(parties.ids) and actor not in parties.formed
            return known and parties.side(actor) not in parties.ids
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

    def _describe(self, name: Span, noun: Noun, act: Act, when: Told) -> Found:
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
        rest = name.doc[name.end : min(name.sent.end, name.end + _BEHIND)].text
        behind = " ".join(rest[m.end() : m.end() + _MEMBERS] for m in self.book.members.finditer(rest))
        doer = clauses.own_subject(act.cue) if act.cue.lemma_ in _HOLDS else None
        before = doer.doc[slice(*clauses.phrase(doer))].text if doer is not None and doer.i < name.start else ""
        for text in (name.text, behind, before):
            level = next((level for level, words in self.book.levels.items() if words.search(text)), "")
            if level:
                return level
        return noun.level if self._has_no_topic(name) else ""

    def _has_no_topic(self, name: Span) -> bool:
        """Whether a name says only whose and how often ("annual Arvenia-Belmark summits", not "health summit")."""
        words = self.book.sided | self.book.frequencies | {name.root.lower_}
        known = {t for span in name.doc.spans.get("actors", ()) for t in span.text.lower().split()}
        told = {w for w in name.text.lower().split() if "-" not in w} - words - known
        return not told


def _is_told(found: Found, last: Found) -> bool:
    """Whether a find lies in the one before, or says again by a verb what a noun has said."""
    near = found.spans["name"][0] - last.spans["name"][1]
    again = found.attrs["rule"] == "meeting" != last.attrs["rule"] and last.attrs["kind"] == "meeting"
    return near < 0 or (again and near < _SAME_CLAUSE)


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

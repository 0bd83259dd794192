"""`pact_actors`: who is named in a text (CODEBOOK C): states, organisations, formats, persons, armed groups.

Five sources, the surer first: the gazetteer (`codebook/actors.csv`); persons and organisations by the shape of their
names (`components.persons`, `components.names`); unique offices and bodies called by their head (`components.bodies`);
abbreviations and names that the text itself defines; names that stand again without office or definition. Where the Doc
is parsed, a name that only modifies another noun ("NATO summit") or says where something is, is left out.

spaCy's `ner` is not used: on 640 training passages these rules alone had an F1 of 0.864, with its persons added 0.865,
with its organisations 0.832, with both 0.834, and it takes a fifth of the pipeline's time. Since then given names, unique
offices, heads, towns and more bodies in the gazetteer brought these passages from 0.872 to 0.908 (P 0.92, R 0.90) and the
gold passages from 0.862 to 0.870 (P 0.93, R 0.82).

Writes `doc.spans["actors"]`: `label_` is the kind (`records.Mention.label`), `id_` the actor's id, `kb_id_` its
Wikidata id; the group's `attrs[str(span.start_char)]` holds `role`, `rule` and `side`: the state or organisation that
a person or body speaks for.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.codebook.actors import Actor, Gazetteer, Hit, Words, in_title, load_context, load_gazetteer, split
from pipeline.components.actors import bodies, names, persons

GROUP = "actors"
MODIFIERS = frozenset({"compound", "amod", "nmod", "nummod"})
DEFINED = re.compile(
    r"\s*,?\s*\(?\s*(?:hereinafter|hereafter)(?:\s+(?:jointly\s+)?(?:referred\s+to\s+as|called|the))?\s*(?:the\s+)?[\"“”'‘’„«]*(?:the\s+)?"
    r"(?P<name>[A-Z][\w.&-]*(?:\s+[A-Z][\w.&-]*){0,3})"
)
BRACKET = re.compile(r"\s*\(\s*(?:the\s+)?[\"“”'‘’]?([A-Z][\w&/+-]*(?:\s[A-Z][\w&/+-]*)?)[\"“”'‘’]?\s*\)")
#: Prepositions that make a name a place.
PLACES = frozenset({"in", "throughout", "across", "near", "inside", "within", "at"})
#: What only treaties say.
TREATY = re.compile(r"\bContracting Part|\bthis (?:Agreement|Convention|Treaty|Protocol)\b")
#: Names of roles in the text, not of actors (CODEBOOK E).
NOT_DEFINED = frozenset(
    {
        "parties",
        "party",
        "contracting parties",
        "agreement",
        "sides",
        "participants",
        "participant",
        "signatories",
        "arrangement",
        "member states",
    }
)


@dataclass(frozen=True, slots=True)
class Found:
    """A mention: characters `start` to `end` of the Doc's text; the rest as in `records.Mention`."""

    start: int
    end: int
    label: str
    actor_id: str
    role: str = ""
    wikidata: str = ""
    rule: str = "gazetteer"
    side: str = ""


class Actors:
    """Finds the actors of a Doc; holds no state of the documents it has seen."""

    def __init__(self, name: str, gazetteer: Sequence[str] = ()) -> None:
        self.name = name
        self.gazetteer = load_gazetteer(tuple(Path(path) for path in gazetteer))
        known = [actor for actor in self.gazetteer.actors.values() if actor.kind == "person"]
        self.persons = {persons.key(form): actor.id[5:] for actor in known for form in (actor.name, *actor.aliases)}

    def __call__(self, doc: Doc) -> Doc:
        """Finds the actors and writes them into `doc.spans["actors"]`."""
        spans, attrs = [], {}
        for found in self.find(doc):
            span = span_of(doc, found.start, found.end)
            spans.append(Span(doc, span.start, span.end, label=found.label, kb_id=found.wikidata, span_id=found.actor_id))
            attrs[str(span.start_char)] = {"role": found.role, "rule": found.rule, "side": found.side}
        doc.spans[GROUP] = spans
        doc.spans[GROUP].attrs.update(attrs)
        return doc

    def find(self, doc: Doc) -> list[Found]:
        """The mentions of a Doc in order, none within another."""
        words = split(doc.text)
        hits = [hit for hit in self.gazetteer.scan(words) if not hit.actor_id.startswith("name:")]
        skip = {i for hit in hits for i in range(hit.first, hit.last)}
        people = self._persons(words, hits, skip)
        found = [*self._named(doc, words, hits), *self._organisations(words, hits)]
        found = [f for f in longest(found) if not _in_office(words, f, people)]
        roles = {i for name in people for i in range(min(name.first, *name.role), max(name.last, name.role[1]))}
        found += self._offices(words, hits, roles)
        found += self._defined(words, found, parties_of(doc))
        found += [f for f in self._local(words, found, parties_of(doc), roles) if not is_modifier(span_of(doc, f.start, f.end))]
        found += self._by_head(words, found)
        found += self._people(words, people, hits, self._known(doc))
        return longest(found)

    def _known(self, doc: Doc) -> persons.People:
        """The persons of the user's gazetteer, and those whom the document's title names in full."""
        known = persons.People(dict(self.persons))
        title = split(facts_of(doc).get("title", ""))
        for name in [*persons.persons(title), *persons.without_office(title)]:
            full = title.text[title.spans[name.first][0] : title.spans[name.last - 1][1]]
            if " " in full and not known.full(full):
                known.add(persons.holder(full, "") or full)
        return known

    def _offices(self, words: Words, hits: Sequence[Hit], roles: Container[int]) -> Iterator[Found]:
        """Offices of states that one person holds ("the Prime Minister of Arvenia")."""
        states = [
            hit for hit in hits if hit.form in ("name", "demonym") and self.gazetteer.actors[hit.actor_id].kind == "state"
        ]
        for office in bodies.offices(words, states, roles):
            actor_id = f"{office.state}_{re.sub(r'[^a-z]+', '_', office.title).upper()}"
            start, end = words.spans[office.first][0], words.spans[office.last - 1][1]
            yield Found(start, end, "agency", actor_id, rule="role", side=office.state)

    def _local(self, words: Words, found: Sequence[Found], parties: Container[str], roles: Container[int]) -> Iterator[Found]:
        """Names that mean one state's government and offices in its own documents ("the Secretary of State")."""
        # Britain has a Secretary of State too, and treaties speak of administrations.
        other = any(f.actor_id == "GBR" for f in found) or TREATY.search(words.text)
        for state in load_context()["local"]:
            if state in parties or not (parties or other):
                for hit in _local_names(state).scan(words):
                    if hit.first not in roles and stands_alone(words, hit) and not in_title(words, hit):
                        kind = "state" if hit.actor_id == state else "agency"
                        yield Found(hit.start, hit.end, kind, hit.actor_id, side=state, rule="definition")

    def _by_head(self, words: Words, found: Iterable[Found]) -> Iterator[Found]:
        """Bodies called by the head of their name: "the Agency"."""
        named = sorted((f for f in found if f.label in ("organisation", "agency", "eu_body")), key=lambda f: f.end)
        for start, end, i in bodies.by_head(words, [(f.start, f.end) for f in named]):
            yield replace(named[i], start=start, end=end, rule="definition")

    def _persons(self, words: Words, hits: Sequence[Hit], skip: set[int]) -> list[persons.Name]:
        """Persons with office, then those without."""
        # "Lisa Monaco" is no state: after a given name a state's name is a surname.
        surnames = {hit.first for hit in hits if hit.last - hit.first == 1 and persons.is_given(words, hit.first - 1)}
        found = list(persons.persons(words, skip - surnames))
        taken = {i for name in found for i in range(name.first, name.last)}
        return [*found, *persons.without_office(words, (skip - surnames) | taken)]

    def _named(self, doc: Doc, words: Words, hits: Sequence[Hit]) -> Iterator[Found]:
        """Names of the gazetteer that are used as actors."""
        narrow = {hit.first: hit for hit in hits}
        parsed = doc.has_annotation("DEP")  # once: spaCy looks through all tokens of a Doc that is not
        for hit in self.gazetteer.used(words, hits):
            if not parsed or hit != narrow.get(hit.first) or not self._is_aside(doc, words, hit):
                yield self._found(hit)

    def _is_aside(self, doc: Doc, words: Words, hit: Hit) -> bool:
        """Whether the parse says that a name only modifies a noun ("NATO summit") or is a place ("elections in Arvenia")."""
        if words.phrase(hit.last, hit.last + 1) in ("'", "("):
            return False
        span = span_of(doc, hit.start, hit.end)
        kind = self.gazetteer.actors[hit.actor_id].kind
        return is_modifier(span) or (kind == "state" and is_place(span))

    def _found(self, hit: Hit) -> Found:
        actor = self.gazetteer.actors.get(hit.actor_id)
        kind, wikidata = (actor.kind, actor.wikidata) if actor else ("agency", "")
        return Found(hit.start, hit.end, kind, hit.actor_id, wikidata=wikidata, side=self.side_of(hit.actor_id))

    def side_of(self, actor_id: str) -> str:
        """The state or organisation that a body belongs to, over all `parent`s; empty for one that stands for itself."""
        actor = self.gazetteer.actors.get(actor_id)
        above = actor.parent if actor else actor_id.partition("_")[0]
        return (self.side_of(above) or above) if above in self.gazetteer.actors and above != actor_id else ""

    def _side_of_person(self, words: Words, name: persons.Name, hits: Sequence[Hit], firsts: Sequence[int]) -> str:
        """The side named in or beside an office: "Arvenian Foreign Minister X", "X, President of Arvenia"."""
        first, last = min(name.first, name.role[0]), max(name.last, name.role[1])
        near = hits[bisect.bisect_left(firsts, first - 8) : bisect.bisect_right(firsts, last + 2)]
        inside = [h for h in near if name.role[0] <= h.first < name.role[1]]
        before = [h for h in near if h.last <= first and words.phrase(h.last, first) in ("", "'", "' s")]
        after = [h for h in near if h.first >= last and words.phrase(last, h.first) in ("of", "of the")]
        known = next((h.actor_id for h in (*inside, *before, *after) if h.actor_id), "")
        return self.side_of(known) or known

    def _organisations(self, words: Words, hits: Sequence[Hit]) -> list[Found]:
        """Names of organisations that the gazetteer lacks, each with one id through the text."""
        known = {i for hit in hits if hit.last - hit.first > 1 and hit.form != "demonym" for i in range(hit.first, hit.last)}
        spans = [(words.spans[n.first][0], words.spans[n.last - 1][1]) for n in names.organisations(words, known)]
        ids: dict[str, str] = {}
        for start, end in spans:
            short = next(definitions(words.text, end), "").upper()
            if re.fullmatch(r"[A-Z][A-Z0-9&-]{2,}", short) and short not in self.gazetteer.actors:
                ids.setdefault(persons.key(words.text[start:end]), short)
        return [
            Found(start, end, "organisation", ids.get(persons.key(text)) or self._new_id(text), rule="shape")
            for start, end in spans
            for text in (words.text[start:end],)
        ]

    def _new_id(self, name: str) -> str:
        """An id for an organisation without abbreviation: its initials, or the name where they are short or another's id."""
        short = "".join(word[0] for word in re.findall(r"\w+", name) if word[0].isupper() or word[0].isdigit())
        return short if len(short) > 2 and short not in self.gazetteer.actors else re.sub(r"\W+", "_", name).upper()

    def _defined(self, words: Words, found: Sequence[Found], parties: Container[str]) -> list[Found]:
        """Abbreviations and short names that the text defines for an actor, and where they stand."""
        aliases: dict[str, Found] = {}
        for f in found:
            for alias in definitions(words.text, f.end):
                if f.label == "state" and alias.isupper() and not in_order(alias, words.text[f.start : f.end]):
                    continue  # "the tariff schedule of the United States (HTSUS)"
                known = self.gazetteer.match(alias)
                if alias.lower() not in NOT_DEFINED and (not known or known[0][2] != f.actor_id):
                    aliases.setdefault(alias, f)
        for alias, actor_id in load_context()["short"].items():
            if alias not in aliases and (actor_id in parties or any(f.actor_id == actor_id for f in found)):
                actor = self.gazetteer.actors[actor_id]
                aliases[alias] = Found(0, 0, actor.kind, actor_id, wikidata=actor.wikidata)
        local = Gazetteer(Actor(f.actor_id, alias, f.label) for alias, f in aliases.items())
        kinds = {f.actor_id: f for f in aliases.values()}
        used = (hit for hit in local.scan(words) if not in_title(words, hit) and stands_alone(words, hit))
        return [replace(kinds[hit.actor_id], start=hit.start, end=hit.end, rule="definition") for hit in used]

    def _people(self, words: Words, people: Iterable[persons.Name], hits: Sequence[Hit], known: persons.People) -> list[Found]:
        """Persons with office, and the same persons without it elsewhere in the text; adds them to `known`."""
        found: list[Found] = []
        firsts = [hit.first for hit in hits]
        for name in people:
            name = persons.cut_to_holder(words, name)
            start, end = words.spans[name.first][0], words.spans[name.last - 1][1]
            role = persons.role_of(words, name)
            text = words.text[start:end]
            full = known.full(text) or persons.holder(text, role) or persons.in_small_letters(text)
            if text.isupper() and " " not in full:
                continue
            known.add(full)
            known.names.setdefault(persons.key(text), full)
            side = self._side_of_person(words, name, hits, firsts) if role else ""
            found.append(Found(start, end, "person", f"name:{full}", role, rule="role" if role else "shape", side=side))
        roles = {f.actor_id: f.role for f in reversed(found)}
        within = {i for hit in hits if hit.last - hit.first > 1 for i in range(hit.first, hit.last)}
        for first, last, full in persons.again(words, known):
            if first in within:
                continue  # "the Biden Administration"
            start, end = words.spans[first][0], words.spans[last - 1][1]
            found.append(Found(start, end, "person", f"name:{full}", roles.get(f"name:{full}", ""), rule="coreference"))
        return found

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to save: the gazetteer's files are named in the config."""
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> Actors:
        """The component as it is."""
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Nothing to save."""

    def from_disk(self, path: str | Path, **_: Any) -> Actors:
        """The component as it is."""
        return self


@functools.cache
def _local_names(state: str) -> Gazetteer:
    return Gazetteer(Actor(actor_id, name, "agency") for name, actor_id in load_context()["local"][state].items())


def longest(found: Iterable[Found]) -> list[Found]:
    """Of mentions that overlap the longest, of equal ones the first given; in order of the text."""
    ranked = sorted(found, key=lambda f: f.start - f.end)
    taken = bytearray(max((f.end for f in ranked), default=0))
    kept = []
    for f in ranked:
        if not any(taken[f.start : f.end]):
            taken[f.start : f.end] = b"\1" * (f.end - f.start)
            kept.append(f)
    return sorted(kept, key=lambda f: f.start)


def span_of(doc: Doc, start: int, end: int) -> Span:
    """The tokens that hold the characters `start` to `end`."""
    return cast(Span, doc.char_span(start, end, alignment_mode="expand"))


def is_modifier(span: Span) -> bool:
    """Whether a name modifies a noun after it ("NATO summit", "U.S. and EU companies")."""
    token = span.root
    while token.dep_ == "conj":
        token = token.head
    return token.dep_ in MODIFIERS and token.head.i >= span.end


def facts_of(doc: Doc) -> dict[str, Any]:
    """What the Doc carries of its document: title, date, parties (see `annotate`); empty without them."""
    group = doc.spans.get("blocks")
    facts: dict[str, Any] = group.attrs.get("document", {}) if group is not None else {}
    return facts


def parties_of(doc: Doc) -> frozenset[str]:
    """Ids of the document's parties where the Doc carries them."""
    return frozenset(facts_of(doc).get("parties", ()))


def stands_alone(words: Words, hit: Hit) -> bool:
    """Whether a defined name is no part of a longer one ("the Union", not "Customs Union" or "Union of Glaziers")."""
    before, after = words.forms[hit.first - 1 : hit.first], words.phrase(hit.last, hit.last + 2)
    if words.forms[hit.first].isupper():
        return True
    word = before[0] if before else ""
    joined = (word[:1].isupper() and word != "The") or word in ("a", "an", "-", "each", "every")
    return not joined and not (after.startswith("of ") and words.forms[hit.last + 1][0].isupper())


def is_place(span: Span) -> bool:
    """Whether a name says only where something is ("elections in Arvenia and Belmark")."""
    token = span.root
    while token.dep_ == "conj":
        token = token.head
    return token.dep_ == "pobj" and token.head.lower_ in PLACES


def _in_office(words: Words, f: Found, people: Sequence[persons.Name]) -> bool:
    """Whether a unique office of the gazetteer is a person's office here ("High Representative Ada Varn")."""
    for name in people:
        start, end = words.spans[name.role[0]][0], words.spans[max(name.role[1] - 1, 0)][1]
        if name.role[1] and start <= f.start and f.end <= end and words.text[start : f.start].strip() == "":
            return True
    return False


def definitions(text: str, end: int) -> Iterator[str]:
    """What the text calls an actor whose name ends at `end` from here on: "(EDC)", "hereinafter 'the Union'"."""
    bracket = BRACKET.match(text, end, end + 60)
    numbered = bracket is not None and re.search(r"\d{3}", bracket[1])  # "(SPA0026)" is the number of a file
    if (
        bracket
        and not numbered
        and sum(c.isupper() for c in bracket[1]) > 1
        and abbreviates(bracket[1], text[max(end - 120, 0) : end])
    ):
        yield bracket[1]
    defined = DEFINED.match(text, end, end + 120)
    if defined:
        yield defined["name"]


def abbreviates(short: str, name: str) -> bool:
    """Whether the letters and digits of an abbreviation stand in the name in this order ("EDC": "European Defence College").

    The test of Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation definitions in biomedical
    text". It is asked only of what holds digits, which may be the number of a file; a body may keep the abbreviation of its
    name in another language.
    """
    return not any(c.isdigit() for c in short) or in_order(short, name)


def in_order(short: str, name: str) -> bool:
    """Whether the letters and digits of `short` stand in `name` in this order."""
    letters = iter(name.lower())
    return all(c in letters for c in short.removesuffix("s").lower() if c.isalnum())


@Language.factory("pact_actors", default_config={"gazetteer": []}, assigns=["doc.spans"])
def make_actors(nlp: Language, name: str, gazetteer: list[str]) -> Actors:
    """The component; `gazetteer` are paths of a user's own files (columns in `codebook/actors.py`)."""
    return Actors(name, gazetteer)

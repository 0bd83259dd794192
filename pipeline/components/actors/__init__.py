"""`pact_actors`: who is named in a text (CODEBOOK C): states, organisations, formats, persons, armed groups.

Five sources, the surer first: the gazetteer (`codebook/actors.csv`); persons and organisations by the shape of their
names (`components.persons`, `components.names`); unique offices and bodies called by their head (`components.bodies`);
abbreviations, names and roles that the text itself defines (`components.actors.treaty_roles`); names that stand again
without office or definition. What holds for the whole document (`components.actors.memory`) comes with the Doc if that
is a stretch of it. Where the Doc is parsed, a name that only modifies another noun ("NATO summit") or says where
something is, is left out.

spaCy's `ner` is not used: on 640 training passages these rules alone had an F1 of 0.864, with its persons added 0.865,
with its organisations 0.832, with both 0.834, and it takes a fifth of the pipeline's time. Since then given names, unique
offices, heads, towns and more bodies in the gazetteer brought these passages from 0.872 to 0.918 (P 0.92, R 0.91) and the
gold passages from 0.862 to 0.888 (P 0.93, R 0.85).

Writes `doc.spans["actors"]`: `label_` is the kind (`records.Mention.label`), `id_` the actor's id, `kb_id_` its
Wikidata id; the group's `attrs[str(span.start_char)]` holds `role`, `rule` and `side`: the state or organisation that
a person or body speaks for.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.codebook.actors import Actor, Gazetteer, Hit, Words, in_title, load_context, load_gazetteer, split
from pipeline.components.actors import bodies, holders, identity, names, persons, treaty_roles
from pipeline.components.actors.asides import is_modifier, is_owner, is_place, span_of
from pipeline.components.actors.definitions import NOT_DEFINED, definitions
from pipeline.components.actors.memory import Alias, Memory, facts_of, parties_of

GROUP = "actors"
BODIES = frozenset({"organisation", "agency", "eu_body"})
#: Signs that make a pair of two names.
PAIRS = frozenset({"-", "‐", "–", "/"})
#: What only treaties say.
TREATY = re.compile(r"\bContracting Part|\bthis (?:Agreement|Convention|Treaty|Protocol)\b")


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
        self.persons = {holders.key(form): actor.id[5:] for actor in known for form in (actor.name, *actor.aliases)}

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
        hits, people = self._seen(words)
        facts = facts_of(doc)
        memory = Memory.of(facts["memory"]) if "memory" in facts else self._memory(words, hits, people, facts)
        found = [*self._named(doc, words, hits), *self._organisations(words, hits, memory.organisations)]
        found = [f for f in longest(found) if not _in_office(words, f, people)]
        held = [(name.first, name.last, *name.role) if name.role[1] else (name.first, name.last) for name in people]
        # Two words more: "Ada Varn, Foreign Minister" is one person, though the rules may miss that office.
        roles = {i for ends in held for i in range(min(ends), max(ends) + 2)}
        found += self._offices(words, hits, roles)
        defined = self._defined(words, memory)
        found += [f for f in defined if f.label != "state" or not is_place(span_of(doc, f.start, f.end))]
        short = [*self._local(words, parties_of(doc), roles, several=memory.several), *self._by_head(words, found, memory)]
        found += [f for f in short if not is_modifier(span_of(doc, f.start, f.end))]
        found += self._people(words, people, hits, memory)
        return longest(found)

    def remember(self, text: str, facts: dict[str, Any]) -> dict[str, Any]:
        """What a text says of its actors in one place and means everywhere, as plain values for `facts["memory"]`.

        A document that goes through the pipeline in several stretches is asked for it as a whole; else `find` does.

        Args:
            text: all of the document.
            facts: title and parties, as in `annotate`.
        """
        words = split(text)
        return self._memory(words, *self._seen(words), facts).plain()

    def _seen(self, words: Words) -> tuple[list[Hit], list[persons.Name]]:
        """Names of the gazetteer and of persons, by the words alone."""
        hits = [hit for hit in self.gazetteer.scan(words) if not hit.actor_id.startswith("name:")]
        return hits, self._persons(words, hits, {i for hit in hits for i in range(hit.first, hit.last)})

    def _memory(self, words: Words, hits: Sequence[Hit], people: Iterable[persons.Name], facts: dict[str, Any]) -> Memory:
        owners, parties = identity.owners_of(self.gazetteer, hits), frozenset(facts.get("parties", ()))
        ids = identity.settle(words, self._shaped(words, hits), owners, self.gazetteer, parties)
        used = [self._found(hit) for hit in self.gazetteer.used(words, hits)]
        found = longest([*used, *self._organisations(words, hits, ids)])
        several = any(f.actor_id == "GBR" for f in found) or TREATY.search(words.text) is not None
        aliases = self._aliases(words, found, parties, facts.get("title", ""))
        memory = Memory(self._known(facts).names, {}, ids, aliases, self._heads(words, found, parties), several)
        firsts = [hit.first for hit in hits]
        named = [
            (name, words.text[words.spans[name.first][0] : words.spans[name.last - 1][1]], persons.role_of(words, name))
            for name in (persons.cut_to_holder(words, name) for name in people)
        ]
        # Known holders of offices claim their surname first, then full names: "Minister Varn" may come before "Ada Varn".
        for name, text, role in sorted(named, key=lambda n: (not holders.holder(n[1], n[2]), " " not in n[1])):
            memory.meet(text, role, self._side_of_person(words, name, hits, firsts) if role else "")
        return memory

    def _known(self, facts: dict[str, Any]) -> holders.People:
        """The persons of the user's gazetteer, and those whom the document's title names in full."""
        known = holders.People(dict(self.persons))
        title = split(facts.get("title", ""))
        for name in [*persons.persons(title), *persons.without_office(title)]:
            full = title.text[title.spans[name.first][0] : title.spans[name.last - 1][1]]
            if " " in full and not known.full(full):
                known.add(holders.holder(full, "") or full)
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

    def _local(self, words: Words, parties: Container[str], roles: Container[int], *, several: bool) -> Iterator[Found]:
        """Names that mean one state's government and offices in its own documents ("the Secretary of State")."""
        # Britain has a Secretary of State too, and treaties speak of administrations.
        for state in load_context()["local"]:
            if state in parties or not (parties or several):
                for hit in _local_names(state).scan(words):
                    shouted = words.forms[hit.first - 1 : hit.first]  # "TRANSITIONAL FEDERAL GOVERNMENT"
                    if shouted and shouted[0].isupper() and shouted[0] not in ("THE", "FOR", "I"):
                        continue
                    if hit.first not in roles and stands_alone(words, hit) and not in_title(words, hit):
                        kind = "state" if hit.actor_id == state else "agency"
                        yield Found(hit.start, hit.end, kind, hit.actor_id, side=state, rule="definition")

    def _by_head(self, words: Words, found: Iterable[Found], memory: Memory) -> Iterator[Found]:
        """Bodies called by the head of their name: "the Agency"."""
        named = sorted((self._by_its_head(f) for f in found if f.label in BODIES), key=lambda f: f.end)
        for start, end, i in bodies.by_head(words, [(f.start, f.end) for f in named], memory.heads):
            if i >= 0:
                yield replace(named[i], start=start, end=end, rule="definition")
            else:
                actor_id, kind, wikidata, side = memory.heads[words.text[start:end]]
                yield Found(start, end, kind, actor_id, wikidata=wikidata, rule="definition", side=side)

    def _by_its_head(self, f: Found) -> Found:
        """A body as it is meant when its head stands alone: after "European Council" "the Council" is that of the EU."""
        other = load_context()["heads"]["instead"].get(f.actor_id)
        return replace(self._known_as(other), start=f.start, end=f.end) if other else f

    def _known_as(self, actor_id: str) -> Found:
        actor = self.gazetteer.actors[actor_id]
        return Found(0, 0, actor.kind, actor_id, wikidata=actor.wikidata, side=self.side_of(actor_id))

    def _heads(self, words: Words, found: Iterable[Found], parties: Container[str]) -> dict[str, Alias]:
        """Heads of the names of bodies that belong to one body only; those of the EU's institutions in its own texts."""
        of: dict[str, set[Alias]] = {}
        for f in (self._by_its_head(f) for f in found if f.label in BODIES):
            of.setdefault(bodies.head_of(words.text[f.start : f.end]), set()).add(_alias(f))
        for head, actor_id in load_context()["heads"]["EU"].items() if "EU" in parties else ():
            of.setdefault(head, {_alias(self._known_as(actor_id))})
        return {head: next(iter(alias)) for head, alias in of.items() if head and len(alias) == 1}

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
        aside, following = False, 0
        for hit in reversed(list(self.gazetteer.used(words, hits))):
            plain = parsed and hit == narrow.get(hit.first)
            # Both sides of "Arvenia–Belmark talks" or neither: the parse sees only the second before the noun.
            paired = aside and persons.glued(words, hit.last) and words.forms[hit.last] in PAIRS and hit.last + 1 == following
            if plain:
                aside = paired or self._is_aside(doc, words, hit)
            else:  # "Arvenian government experts"
                aside = parsed and is_modifier(span_of(doc, hit.start, hit.end))
            following = hit.first
            if not aside:
                yield self._found(hit)

    def _is_aside(self, doc: Doc, words: Words, hit: Hit) -> bool:
        """Whether the parse says that a name only modifies a noun ("NATO summit") or is a place ("elections in Arvenia")."""
        after = words.phrase(hit.last, hit.last + 1)
        enclosed = after == ")" and words.phrase(hit.first - 1, hit.first) == "("  # "the Belmark Glass Office (BGO) staff"
        if after in ("'", "(") or enclosed:
            return False
        span = span_of(doc, hit.start, hit.end)
        kind = self.gazetteer.actors[hit.actor_id].kind
        owner = kind in ("format", "eu_body") and is_owner(span)
        return (is_modifier(span) and not owner) or (kind == "state" and is_place(span))

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
        return (
            self.side_of(known) or known or bodies.side_of_office(words.text[words.spans[first][0] : words.spans[last - 1][1]])
        )

    def _shaped(self, words: Words, hits: Sequence[Hit]) -> list[persons.Name]:
        """Names of organisations that the gazetteer lacks."""
        known = {i for hit in hits if hit.last - hit.first > 1 and hit.form != "demonym" for i in range(hit.first, hit.last)}
        return list(names.organisations(words, known))

    def _organisations(self, words: Words, hits: Sequence[Hit], ids: dict[str, str]) -> list[Found]:
        """Organisations that the gazetteer lacks, each with one id through the document (see `components.actors.identity`)."""
        owners, found = identity.owners_of(self.gazetteer, hits), []
        for name in self._shaped(words, hits):
            base = identity.joined(*identity.base_id(words, name, owners))
            start, end = words.spans[name.first][0], words.spans[name.last - 1][1]
            found.append(Found(start, end, "organisation", ids.get(base, base), rule="shape"))
        return found

    def _aliases(self, words: Words, found: Sequence[Found], parties: Collection[str], title: str) -> dict[str, Alias]:
        """Abbreviations, short names and roles that the text defines for an actor."""
        aliases: dict[str, Alias] = {}
        for i, f in enumerate(found):
            for role in treaty_roles.defined_before(words.text, f.start) if f.label == "state" else ():
                aliases.setdefault(role, _alias(f))
            for alias in definitions(words.text, f.start, f.end, state=f.label == "state"):
                if alias.lower() not in NOT_DEFINED and not self.gazetteer.whole(alias):
                    aliases.setdefault(alias, _alias(_namesake(words, found, i, alias)))
        named = {f.actor_id for f in found}
        known = {alias: i for alias, i in load_context()["short"].items() if {i, self.side_of(i)} & {*parties, *named}}
        known |= treaty_roles.hosts(parties) | treaty_roles.commands(named, title, self.gazetteer)
        return {alias: _alias(self._known_as(i)) for alias, i in known.items() if i in self.gazetteer.actors} | aliases

    def _defined(self, words: Words, memory: Memory) -> list[Found]:
        """Where those stand."""
        local = Gazetteer(Actor(actor_id, alias, kind) for alias, (actor_id, kind, *_) in memory.aliases.items())
        of = {actor_id: (kind, wikidata, side) for actor_id, kind, wikidata, side in memory.aliases.values()}
        out = []
        for hit in local.scan(words):
            if not in_title(words, hit) and stands_alone(words, hit):
                kind, wikidata, side = of[hit.actor_id]
                wide = (local.widened(words, hit) if kind == "state" else None) or hit
                out.append(Found(wide.start, wide.end, kind, hit.actor_id, wikidata=wikidata, rule="definition", side=side))
        return out

    def _people(self, words: Words, people: Iterable[persons.Name], hits: Sequence[Hit], memory: Memory) -> list[Found]:
        """Persons with office, and the same persons without it elsewhere in the text."""
        found: list[Found] = []
        firsts = [hit.first for hit in hits]
        for name in people:
            name = persons.cut_to_holder(words, name)
            start, end = words.spans[name.first][0], words.spans[name.last - 1][1]
            role = persons.role_of(words, name)
            full = memory.full(words.text[start:end], role)
            if full:
                side = self._side_of_person(words, name, hits, firsts) if role else ""
                found.append(Found(start, end, "person", f"name:{full}", role, rule="role" if role else "shape", side=side))
        within = {i for hit in hits if hit.last - hit.first > 1 for i in range(hit.first, hit.last)}
        for first, last, full in holders.again(words, memory.names):
            if first in within:
                continue  # "the Biden Administration"
            start, end = words.spans[first][0], words.spans[last - 1][1]
            role, side = memory.offices.get(full, ("", ""))
            found.append(Found(start, end, "person", f"name:{full}", role, rule="coreference", side=side))
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


def _alias(f: Found) -> Alias:
    return f.actor_id, f.label, f.wikidata, f.side


def _namesake(words: Words, found: Sequence[Found], i: int, alias: str) -> Found:
    """Whom a defined head names: of "the Commission of X, acting for Y, hereinafter 'the Commission'" the former.

    Args:
        words: the text.
        found: mentions in its order.
        i: index of the mention after which the definition stands.
        alias: what is defined.
    """
    if alias in load_context()["organisations"]["short"]:
        for f in reversed(found[max(i - 2, 0) : i + 1]):
            if alias.lower() in words.text[f.start : f.end].lower() and "\n" not in words.text[f.end : found[i].start]:
                return f
    return found[i]


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


def stands_alone(words: Words, hit: Hit) -> bool:
    """Whether a defined name is no part of a longer one ("the Union", not "Customs Union" or "Union of Glaziers")."""
    before, after = words.forms[hit.first - 1 : hit.first], words.phrase(hit.last, hit.last + 2)
    if words.forms[hit.first].isupper():
        return True
    word = before[0] if before else ""
    styled = words.phrase(hit.first - 2, hit.first) in load_context()["styles"]["heads"]  # "Republic of"
    joined = (word[:1].isupper() and word not in ("The", "My", "Our")) or styled or word in ("a", "an", "-", "each", "every")
    return not joined and not (after.startswith("of ") and words.forms[hit.last + 1][0].isupper())


def _in_office(words: Words, f: Found, people: Sequence[persons.Name]) -> bool:
    """Whether a unique office of the gazetteer is a person's office here ("High Representative Ada Varn")."""
    for name in people:
        start, end = words.spans[name.role[0]][0], words.spans[max(name.role[1] - 1, 0)][1]
        if name.role[1] and start <= f.start and f.end <= end and words.text[start : f.start].strip() == "":
            return True
    return False


@Language.factory("pact_actors", default_config={"gazetteer": []}, assigns=["doc.spans"])
def make_actors(nlp: Language, name: str, gazetteer: list[str]) -> Actors:
    """The component; `gazetteer` are paths of a user's own files (columns in `codebook/actors.py`)."""
    return Actors(name, gazetteer)

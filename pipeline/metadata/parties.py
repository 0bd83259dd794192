"""The parties of a document, as ids: from its title, its opening, and who published it.

Formats (G7, Quad) stay themselves; bodies of the European Union count as the Union.
"""

from __future__ import annotations

import csv
import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.resources import files

from pipeline.codebook.actors import Gazetteer, split
from pipeline.codebook.documents import Rules, load_rules
from pipeline.records import Document, Value

_KINDS = frozenset({"state", "organisation", "format", "eu_body"})
_TREATIES = frozenset({"agreement", "agreement_draft", "treaty"})
_BILATERAL = _TREATIES | {"joint_statement", "readout"}
# A compound of names makes parties of them even in a topic: "on the U.S.-Arvenia Dialogue".
_COMPOUND = re.compile(r"\s*[-–—/]\s*(?:the\s+)?(?:aotearoa\s+)?", re.IGNORECASE)
_SIDES = re.compile(r"([A-Z][\w.]*)[-–—/]([A-Z][\w.]*)\s")
_STOP = re.compile(r"(?<![A-Z])(?<!Jr)(?<!Mr)(?<!Mrs)[.;]\s+[A-Z]")
_ID = re.compile(r"[A-Z][A-Z0-9_]+")
# A paragraph that opens with at least so many names is a list of parties.
_LIST = 4
Found = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class _Names:
    """Finds names in texts of one document."""

    gazetteer: Gazetteer
    rules: Rules

    def find(self, text: str) -> list[Found]:
        """All names of states, organisations and formats, nationalities included, in order."""
        found: list[Found] = []
        end = -9
        for hit in self.gazetteer.scan(split(text)):
            actor = self.gazetteer.actors.get(hit.actor_id)
            # "Russian Security Council" is no council of the United Nations.
            owned = hit.start - end <= 1 and text[end : hit.start].isspace()
            if actor and actor.kind in _KINDS and hit.form in {"name", "demonym"} and not owned:
                found += self._sides(text, hit.start, hit.end) if actor.kind == "format" else []
                found.append((hit.start, hit.end, hit.actor_id))
            end = hit.end
        return found

    def _sides(self, text: str, start: int, end: int) -> list[Found]:
        """The two sides in the name of a format ("U.S.-Arvenia Council")."""
        pair = _SIDES.match(text, start, end)
        if not pair:
            return []
        hits = [(part, self.gazetteer.scan(split(pair[part]))) for part in (1, 2)]
        return [(pair.start(part), pair.end(part), found[0].actor_id) for part, found in hits if len(found) == 1]

    def holders(self, title: str) -> list[Found]:
        """Office-holders in a title ("President A and Prime Minister B"), as the state or organisation that they speak for."""
        found = [(m.start(), m.end(), _speaks_for()[_fold(m["name"])]) for m in _holders().finditer(_fold(title))]
        return [f for f in found if f[2] in self.gazetteer.actors]

    def kind(self, actor_id: str) -> str:
        """`state`, `format`, … of an id."""
        return self.gazetteer.actors[actor_id].kind if actor_id in self.gazetteer.actors else ""

    def ids(self, found: Iterable[Found]) -> list[str]:
        """Ids in order, each once, organs as what they belong to; no formats beside two states or organisations.

        A format of two stands for both ("Trade and Technology Council").
        """
        ids: dict[str, None] = {}
        for _, _, actor_id in found:
            actor = self.gazetteer.actors[actor_id]
            organ = bool(actor.parent) and actor.kind not in {"state", "format"}
            ids["EU" if actor_id in self.rules.european_union else actor.parent if organ else actor_id] = None
        plain = [i for i in ids if self.kind(i) != "format"]
        if len(plain) > 1:
            return plain
        pairs = [m for i in ids if len(m := self.rules.members.get(i, ())) == 2 and set(plain) <= set(m)]
        return list(pairs[0]) if pairs else list(ids)

    def is_side(self, actor_id: str) -> bool:
        """Whether it is a state or the European Union."""
        return actor_id == "EU" or self.kind(actor_id) == "state"


def find_parties(document: Document, title: str, gazetteer: Gazetteer, *, kind: str, host: str = "") -> Value | None:
    """The parties, or None if neither title nor opening nor publisher tells.

    Args:
        title: as found; its topic ("… on Ukraine") names no parties, what is joined or stands after "between" does.
        kind: type of the document; where it has two sides, the opening is searched for those that the title lacks.
        host: id of the government or organisation that publishes it, empty if unknown.
    """
    names = _Names(gazetteer, load_rules())
    found = _in_title(title, names)
    if kind in _TREATIES and len(names.ids(found)) < 2:
        found = _in_dutch(title, names) or found
    if kind in {"joint_statement", "readout"} and len(names.ids(found)) < 2:
        speakers = sorted({*found, *names.holders(title)})
        found = speakers if len(names.ids(speakers)) > 1 else found
    ids, source, evidence = names.ids(found), "rule title", _evidence(title, found)
    if kind in _BILATERAL and (not ids or (len(ids) < 2 and (names.is_side(ids[0]) or kind in _TREATIES) and ids[0] != host)):
        topics = {f[2] for f in names.find(title)} - {f[2] for f in found}
        text, more = _in_opening(document, names, kind=kind, without=topics if kind not in _TREATIES else set())
        if len(more) > len(ids) and not (ids and host and kind not in _TREATIES):
            ids, source, evidence = names.ids(more), "rule opening", _evidence(text, more)
    if host and kind == "joint_statement":
        ids = _joined_by_host(ids, host, names, opening=source == "rule opening")
    elif host and kind not in _TREATIES:
        ids = _reported_by_host(ids, host, names, kind=kind, title=title)
        evidence = evidence if ids != [host] else ""
    if kind == "treaty" and len(ids) < 2:
        return None
    return Value(";".join(ids), source if evidence else "publisher", evidence) if ids else None


def as_ids(parties: Value, gazetteer: Gazetteer) -> Value:
    """Parties that a file gives by name ("European Union, Arvenia") as ids; ids and unknown names stay as they are."""
    names = _Names(gazetteer, load_rules())
    ids: dict[str, None] = {}
    for part in filter(None, map(str.strip, parties.value.split(";"))):
        found = [] if _ID.fullmatch(part) else names.ids(names.find(part))
        ids |= dict.fromkeys(found or [part])
    return replace(parties, value=";".join(ids))


def publishing_party(publisher: str, gazetteer: Gazetteer) -> str:
    """The id of the one state or organisation in a publisher's name ("Ministry of Defence of Arvenia"), or empty."""
    names = _Names(gazetteer, load_rules())
    ids = names.ids(names.find(publisher))
    return ids[0] if len(ids) == 1 else ""


def _joined_by_host(ids: list[str], host: str, names: _Names, *, opening: bool) -> list[str]:
    """The parties of a joint statement: the government that publishes it may be left to be known.

    "President A spoke with the Prime Minister of B" leaves the state of A to be known.
    """
    alone = host not in ids and all(names.is_side(i) for i in ids) and (len(ids) < 2 or opening)
    return [host, *ids] if alone else ids


def _reported_by_host(ids: list[str], host: str, names: _Names, *, kind: str, title: str) -> list[str]:
    """The parties of what one government publishes: those who met, the format that speaks for itself, or it alone."""
    formats = [i for i in ids if host in names.rules.members.get(i, ())]
    if kind == "readout" and formats:
        # "The President's meeting with Quad leaders": who publishes is one of them.
        return [i for i in ids if i != host]
    if kind == "readout":
        return ids if host in ids else [host, *ids]
    if kind == "other" or names.rules.alone.match(title):
        return [host]
    speaks = [f[2] for f in names.find(title) if names.rules.label.fullmatch(title[: f[0]]) and f[2] in formats]
    # A release of one government that names others in its title speaks about them.
    return speaks or ([i for i in ids if names.kind(i) != "format"] if host in ids else [host])


@functools.cache
def _speaks_for() -> dict[str, str]:
    """The state or organisation of each office-holder, by every form of the name."""
    with files("pipeline").joinpath("codebook/office_holders.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {_fold(form): row["of"] for row in rows for form in (row["name"], *row["aliases"].split(";")) if form}


@functools.cache
def _holders() -> re.Pattern[str]:
    """An office and a name, so that "Macron" alone or a ship of that name is nobody."""
    forms = "|".join(re.escape(form) for form in sorted(_speaks_for(), key=len, reverse=True))
    return re.compile(rf"\b(?:{load_rules().offices_held}),? (?:dr\. )?(?P<name>{forms})\b")


def _fold(text: str) -> str:
    """Small letters without accents, of the same length."""
    return "".join((unicodedata.normalize("NFKD", c)[0].lower() or c)[0] for c in text)


def _in_title(title: str, names: _Names) -> list[Found]:
    rules = names.rules
    # "Funding for partners in Arvenia" is about a place; "at the G7" is not.
    found = [f for f in names.find(title) if not (names.kind(f[2]) == "state" and rules.place.search(title[: f[0]]))]
    topic = rules.topic.search(title)
    before = [f for f in found if not topic or f[1] <= topic.start()]
    pairs = [pair for pair in itertools.pairwise(found) if _COMPOUND.fullmatch(title[pair[0][1] : pair[1][0]])]
    joined = [f for pair in pairs for f in pair]
    within: list[Found] = []
    for circle in rules.circle.finditer(title):
        stop = rules.topic.search(title, circle.end())
        within += [f for f in found if f[0] >= circle.start() and (not stop or f[1] <= stop.start())]
    if before and (len(before) > 1 or not within):
        return before
    return [f for f in found if f in before or f in within or f in joined]


def _in_dutch(title: str, names: _Names) -> list[Found]:
    """The parties that a Dutch title names: "Verdrag tussen het Koninkrijk der Nederlanden en …"; empty if fewer than two."""
    dutch = names.rules.dutch
    opens = dutch.opens.search(title)
    if not opens:
        return []
    stop = dutch.ends.search(title, opens.end())
    end = stop.start() if stop else len(title)
    hits = [(m.start(), m.end(), i) for i, stems in dutch.names.items() for m in stems.finditer(title, opens.end(), end)]
    found = sorted(hit for hit in hits if hit[2] in names.gazetteer.actors)
    return found if len(names.ids(found)) > 1 else []


def _in_opening(document: Document, names: _Names, *, kind: str, without: set[str]) -> tuple[str, list[Found]]:
    """The first paragraph that says who meets, agrees or speaks, and the names of those in it."""
    # Listed recitals of treaties cite the treaties of others.
    blocks = [b for b in document.blocks[:30] if kind not in _TREATIES or b.kind != "list_item"]
    texts = [document.slice(b)[:1500] for b in blocks if b.language in {"en", ""}]
    opening = [t for t in texts if names.rules.opening.search(t[:700]) or len(names.find(t[:400])) >= _LIST]
    allowed = _KINDS if kind.startswith("agreement") else {"state", "eu_body"}
    best: tuple[str, list[Found]] = ("", [])
    for text in [*opening[:4], " ".join(texts)[:1500]]:
        verb = names.rules.verbs.search(text, 20) if kind == "joint_statement" else None
        end = min(m.start() if m else len(text) for m in (verb, _STOP.search(text, 20)))
        found = [f for f in names.find(text[:end]) if not names.rules.place.search(text[: f[0]]) and f[2] not in without]
        found = [f for f in found if names.kind(f[2]) in allowed or f[2] in {"EU", "NATO"}]
        sides = [f for f in found if names.is_side(names.ids([f])[0])]
        found = sides if len(names.ids(sides)) > 1 else found
        if len(names.ids(found)) > 1:
            return text, found
        best = best if len(found) <= len(best[1]) else (text, found)
    return best


def _evidence(text: str, found: list[Found]) -> str:
    return text[found[0][0] : max(f[1] for f in found)] if found else ""

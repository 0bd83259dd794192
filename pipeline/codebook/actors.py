"""The gazetteer of actors: data in `actors.csv`, words of context in `actors.toml`, and the search for names in plain text.

The columns of `actors.csv` and of a user's gazetteer (`id,name,kind` are required, lists are separated by `;`):

- `id`: ISO 3166-1 alpha-3 code of a state (user-assigned XAA to XZZ for what has none), else a short upper-case id.
- `name`, `aliases`: the names under which it is found as they stand.
- `kind`: one of `KINDS`; `not_an_actor` guards a longer name that holds an actor's ("Gulf of Guinea"); its id is empty.
- `demonym`: nationalities, adjective and plural; they count only as in "the Arvenian government" and "the Arvenians".
- `capital`: seats of power; they count only where the words around make them an actor ("London and Brussels agreed").
- `parent`: id of the state or organisation to which it belongs. `iso2`, `wikidata`, `source`: as they say; no source, no
  value ("QID from" tells where the Wikidata id is taken from, if elsewhere than the rest of the row).

Offsets are half-open and count characters of the text given.
"""

from __future__ import annotations

import csv
import functools
import re
import tomllib
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import CatalogueError

HERE = Path(__file__).parent
KINDS = ("state", "organisation", "eu_body", "format", "agency", "armed_group", "company", "person", "not_an_actor")
COLUMNS = ("id", "name", "kind", "aliases", "demonym", "capital", "parent", "iso2", "wikidata", "source")
REQUIRED = ("id", "name", "kind")
#: A word, an abbreviation with points ("U.S."), one other sign, or the line feed between blocks, which no name crosses.
WORD = re.compile(r"(?:[A-Z]\.){2,}|\w+|[^\w\s]|\n")
#: British and American spellings and the typesetter's apostrophes are one name.
SPELLINGS = (("isation", "ization"), ("ISATION", "IZATION"), ("efence", "efense"), ("EFENCE", "EFENSE"), ("entre", "enter"))
#: The first word of the names of bodies, as others write it.
SHORTS = (
    ("U.S. ", "US "),
    ("U.S. ", "United States "),
    ("UK ", "U.K. "),
    ("UN ", "U.N. "),
    ("United Nations ", "UN "),
    ("EU ", "European Union "),
)
APOSTROPHES = {ord(c): "'" for c in "’‘ʼʻ`´"}


@dataclass(frozen=True, slots=True)
class Actor:
    """One row of the gazetteer; see the columns at the head of this module."""

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    demonym: tuple[str, ...] = ()
    capital: tuple[str, ...] = ()
    parent: str = ""
    iso2: str = ""
    wikidata: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A name in a text: `form` is `name`, `demonym`, `capital` or `guard`; it is the words `first` to `last` (excluded)."""

    start: int
    end: int
    actor_id: str
    form: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Words:
    """A text cut into words: their folded forms and their offsets, of equal length."""

    text: str
    forms: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def phrase(self, first: int, last: int) -> str:
        """The words `first` to `last` (excluded) in lower case, one space between; cut at the ends of the text."""
        return " ".join(self.forms[max(first, 0) : last]).lower()


@functools.lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """A word without accents and in one spelling ("Défence" -> "Defense"), for comparing only."""
    word = word.translate(APOSTROPHES)
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    for old, new in SPELLINGS:
        word = word.replace(old, new)
    return word


def split(text: str) -> Words:
    """Cuts a text into words (see `WORD`)."""
    found = list(WORD.finditer(text))
    return Words(text, tuple(fold(m.group()) for m in found), tuple(m.span() for m in found))


class Gazetteer:
    """Actors by id and a search for their names."""

    def __init__(self, actors: Iterable[Actor]) -> None:
        self.actors: dict[str, Actor] = {}
        self._names: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        for actor in actors:
            self._add(actor)
        for rows in self._names.values():
            rows.sort(key=lambda row: -len(row[0]))

    def _add(self, actor: Actor) -> None:
        if actor.id:
            self.actors[actor.id] = actor
        form = "guard" if actor.kind == "not_an_actor" else "name"
        for name in (actor.name, *actor.aliases):
            self._enter(name, actor.id, form)
        for name in actor.demonym:
            self._enter(name, actor.id, "demonym")
        for name in actor.capital:
            self._enter(name, actor.id, "capital")

    def _enter(self, name: str, actor_id: str, form: str) -> None:
        words = split(name).forms
        variants = {words} | {
            split(other + name.removeprefix(short)).forms for short, other in SHORTS if name.startswith(short)
        }
        # Treaties print names in capitals; of short ones ("us", "Lao") capitals would be another word.
        if len(name) > 3:
            variants.add(tuple(w.upper() for w in words))
        for variant in variants:
            rows = self._names.setdefault(variant[0], [])
            if not any(row[0] == variant for row in rows):
                rows.append((variant, actor_id, form))

    def scan(self, words: Words) -> list[Hit]:
        """Every longest name, whatever it does in its sentence; no two overlap."""
        hits, at, names, forms = [], 0, self._names, words.forms
        while at < len(forms):
            for name, actor_id, form in names.get(forms[at], ()):
                if forms[at : at + len(name)] == name:
                    end = at + len(name)
                    hits.append(Hit(words.spans[at][0], words.spans[end - 1][1], actor_id, form, at, end))
                    at = end - 1
                    break
            at += 1
        return hits

    def whole(self, name: str) -> str:
        """The id of the actor that has exactly this name, empty if none has."""
        words = split(name)
        hits = [hit for hit in self.scan(words) if hit.form == "name" and hit.last - hit.first == len(words.forms)]
        return hits[0].actor_id if hits else ""

    def match(self, text: str) -> list[tuple[int, int, str]]:
        """The actors that a text names, by the words around each name alone (no parse): start, end, id, in order.

        A government or the members of a format are named with their head ("Arvenian government", "Quad partners");
        nationalities and capitals count only as actors; an actor's name within a treaty's or a summit's does not count.
        """
        words = split(text)
        return [(hit.start, hit.end, hit.actor_id) for hit in self.used(words, self.scan(words))]

    def used(self, words: Words, hits: Sequence[Hit]) -> Iterator[Hit]:
        """Those of `hits` that are actors by the words around them, widened by their heads."""
        capitals = {hit.first for hit in hits if hit.form == "capital"} | {hit.last for hit in hits if hit.form == "capital"}
        states = {i for hit in hits if hit.form != "capital" for i in range(hit.first, hit.last)}
        for hit in hits:
            if hit.form == "guard" or is_adjective(words, hit) or is_address(words, hit, states):
                continue
            wide = self.widened(words, hit)
            if wide is not None:
                if not in_title(words, wide):
                    yield wide
            elif not in_title(words, hit) if hit.form == "name" else is_seat(words, hit, capitals) or is_people(words, hit):
                yield hit

    def widened(self, words: Words, hit: Hit) -> Hit | None:
        """The hit with the head that follows it ("Arvenian government") or comes before ("Government of Arvenia"), or None."""
        kind = self.actors[hit.actor_id].kind
        government = load_context()["government"]
        if hit.form != "capital":
            after = hit.last + 2 * (words.phrase(hit.last, hit.last + 2) == "' s")
            for last in range(min(after + 4, len(words.forms)), after, -1):
                head = words.phrase(after, last)
                # "Arvenia's Glass Ministry" names it; of "Arvenia's armed forces" Arvenia is the name.
                common = after > hit.last and words.forms[after].islower()
                actor_id = "" if common else head_id(head, hit, kind, possessive=after > hit.last)
                # "the Arvenian leadership" are people, "under Arvenian leadership" nobody is.
                if actor_id and (head != "leadership" or words.phrase(hit.first - 1, hit.first) == "the"):
                    first = hit.first - (words.forms[hit.first - 1 : hit.first] == ("Royal",))
                    return Hit(words.spans[first][0], words.spans[last - 1][1], actor_id, "name", first, last)
        if hit.form != "name" or kind != "state":
            return None
        first = styled(words, hit.first)
        at = first - (words.phrase(first - 1, first) == "the")
        if words.phrase(at - 2, at) in government["before"]:
            return Hit(words.spans[at - 2][0], hit.end, hit.actor_id, "name", at - 2, hit.last)
        if words.phrase(at - 3, at) == "armed forces of":
            return Hit(words.spans[at - 3][0], hit.end, f"{hit.actor_id}_ARMED_FORCES", "name", at - 3, hit.last)
        return Hit(words.spans[first][0], hit.end, hit.actor_id, "name", first, hit.last) if first < hit.first else None


def styled(words: Words, first: int) -> int:
    """The index where the full style of a state begins whose name begins at `first` ("Federal Republic of Arvenia")."""
    context = load_context()["styles"]
    at = first - (words.phrase(first - 1, first) == "the")
    if words.phrase(at - 2, at) not in context["heads"] or not words.forms[at - 2][0].isupper():
        return first
    at -= 2
    while at > 0 and words.forms[at - 1].capitalize() in context["adjectives"] and words.forms[at - 1][0].isupper():
        at -= 1
    return at


def head_id(head: str, hit: Hit, kind: str, *, possessive: bool) -> str:
    """The id that a head gives to the name before it: the actor's own, that of a state's body, or none."""
    context = load_context()
    if possessive and head not in context["agencies"]:
        return ""
    if kind == "state":
        if head in context["agencies"]:
            return f"{hit.actor_id}_{context['agencies'][head]}"
        return hit.actor_id if head in context["government"]["heads"] else ""
    return hit.actor_id if kind in ("organisation", "format") and head in context["members"]["heads"] else ""


def is_adjective(words: Words, hit: Hit) -> bool:
    """Whether a name is part of a compound ("Arvenia-based"), of a sum ("US$") or of an address ("example.UK")."""
    sign, after = words.phrase(hit.last, hit.last + 1), words.forms[hit.last + 1 : hit.last + 2]
    before = words.text[max(hit.start - 2, 0) : hit.start]
    if len(before) == 2 and before[0].isalnum() and before[1] in ".@_/" and (before[1] != "/" or before[0].isdigit()):
        return True  # "283/2010/EU" is the number of an act
    glued = hit.last < len(words.spans) and words.spans[hit.last][0] == hit.end
    return glued and (sign == "$" or (sign in ("-", "‐", "–") and bool(after) and after[0][0].islower()))


def in_title(words: Words, hit: Hit) -> bool:
    """Whether the name stands in that of a treaty, law, programme or event ("Arvenia Act", "Statute of the Court")."""
    heads = load_context()["titles"]["heads"]
    if in_act(words, hit):
        return True
    before = hit.first - 1 - (words.phrase(hit.first - 1, hit.first) == "the")
    if before > 0 and words.forms[before] in ("of", "on") and words.forms[before - 1] in load_context()["titles"]["before"]:
        return True
    at = hit.last + (words.phrase(hit.last, hit.last + 1) == "'" and words.forms[hit.last - 1].endswith("s"))
    while (
        at < len(words.forms)
        and at < hit.last + 6
        and (words.forms[at][0].isupper() or words.forms[at] in ("-", "–", "/", "&"))
    ):
        if words.forms[at] in heads:
            return True
        at += 1
    return False


def in_act(words: Words, hit: Hit) -> bool:
    """Whether the name belongs to the number or the authors of an act: "Regulation (EU) No 12/2019 of the Council"."""
    before = words.forms[max(hit.first - 16, 0) : hit.first]
    acts = load_context()["titles"]["acts"]
    at = next((i for i in reversed(range(len(before))) if before[i] in acts), -1)
    between = before[at + 1 :]
    if at < 0 or "\n" in between or ";" in between:
        return False
    return between in (("(",), ("No", "(")) or (between[-2:] == ("of", "the") and any(word.isdigit() for word in between[:6]))


def is_address(words: Words, hit: Hit, taken: Container[int]) -> bool:
    """Whether a name only says where a town lies ("in Port Arven, Arvenia"); `taken` are indices of names of actors."""
    at = hit.first - 1
    if hit.form != "name" or words.phrase(at, at + 1) != "," or words.phrase(hit.last, hit.last + 1) == "'":
        return False
    first = at
    while first > 0 and at - first < 4 and words.forms[first - 1][0].isupper() and first - 1 not in taken:
        first -= 1
    return first < at and words.phrase(first - 1, first) in load_context()["places"]["before"]


def is_people(words: Words, hit: Hit) -> bool:
    """Whether a nationality names its people as the actor ("the Arvenians")."""
    plural = hit.form == "demonym" and words.forms[hit.last - 1].endswith("s")
    return plural and words.phrase(hit.first - 1, hit.first) == "the"


def is_seat(words: Words, hit: Hit, capitals: set[int]) -> bool:
    """Whether a capital stands for its government here."""
    seat = load_context()["seat"]
    if hit.form != "capital":
        return False
    if words.phrase(hit.first - 1, hit.first) in ("in", "at", "to", "from", "near", "of", "outside"):
        return False
    if any(words.phrase(hit.first - n, hit.first) in seat["before"] for n in (1, 2)):
        return words.phrase(hit.first - 1, hit.first) != "with" or hit.last + 1 in capitals
    after = words.phrase(hit.last, hit.last + 1)
    if after in seat["verbs"]:
        return True
    joined = after == "and" and hit.last + 1 in capitals
    return joined or (words.phrase(hit.first - 1, hit.first) == "and" and hit.first - 1 in capitals)


@functools.cache
def load_context() -> dict[str, Any]:
    """The word lists of `actors.toml`, as sets where they are asked for membership."""
    with (HERE / "actors.toml").open("rb") as file:
        data = tomllib.load(file)
    return {
        section: {key: frozenset(value) if isinstance(value, list) else value for key, value in table.items()}
        for section, table in data.items()
    }


@functools.lru_cache(maxsize=8)
def load_gazetteer(extra: Sequence[Path] = ()) -> Gazetteer:
    """The gazetteer of the package and the user's own files after it (give a tuple: the result is cached).

    Raises:
        CatalogueError: a file is missing, lacks a column or has a wrong value; the message names file, line and column.
    """
    own = [actor for path in extra for actor in read_actors(Path(path))]
    # The user's rows come first: of two equal names the first entered is kept.
    return Gazetteer([*own, *read_actors(HERE / "actors.csv")])


def read_actors(path: Path) -> list[Actor]:
    """The rows of one gazetteer file.

    Raises:
        CatalogueError: as in `load_gazetteer`.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            check_columns(path, reader.fieldnames or ())
            return [read_row(path, reader.line_num, row) for row in reader]
    except OSError as error:
        raise CatalogueError(f"The gazetteer {path} cannot be read: {error.strerror}.", advice="Check the path.") from error
    except UnicodeDecodeError as error:
        raise CatalogueError(f"The gazetteer {path} is not UTF-8.", advice="Save it as CSV in UTF-8.") from error


def check_columns(path: Path, columns: Sequence[str]) -> None:
    """Raises CatalogueError if a column is missing or unknown."""
    missing = [c for c in REQUIRED if c not in columns]
    unknown = [c for c in columns if c not in COLUMNS]
    if missing or unknown:
        wrong = f"lacks the column {', '.join(missing)}" if missing else f"has the unknown column {', '.join(unknown)}"
        raise CatalogueError(f"The gazetteer {path.name} {wrong}.", advice=f"Its columns may be: {', '.join(COLUMNS)}.")


def read_row(path: Path, line: int, row: dict[str, str]) -> Actor:
    """One row as an Actor, checked."""
    value = {key: (row.get(key) or "").strip() for key in COLUMNS}
    where = f"The gazetteer {path.name}, line {line}:"
    if value["kind"] not in KINDS:
        raise CatalogueError(f"{where} unknown kind {value['kind']!r}.", advice=f"Use one of {', '.join(KINDS)}.")
    if not value["name"] or (not value["id"] and value["kind"] != "not_an_actor"):
        raise CatalogueError(
            f"{where} no {'name' if not value['name'] else 'id'}.", advice="Fill the cell or leave out the row."
        )
    if value["kind"] == "state" and not re.fullmatch(r"[A-Z]{3}", value["id"]):
        advice = "Use an ISO 3166-1 alpha-3 code; XAA to XZZ are free for users."
        raise CatalogueError(f"{where} {value['id']!r} is no code of a state.", advice=advice)
    lists = {key: tuple(v.strip() for v in value.pop(key).split(";") if v.strip()) for key in ("aliases", "demonym", "capital")}
    return Actor(**value, **lists)  # type: ignore[arg-type]

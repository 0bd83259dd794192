"""What was coded wrongly, passage by passage, in kinds: the commonest first, to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.evaluate.matching import Statement, find_words, match, same_actor, same_time
from pipeline.evaluate.rows import Coding, Pair, Passage
from pipeline.evaluate.units import linked_actors, states

FIELDS = ("actor", "cue", "aim", "obligation", "stage", "time")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing both sides speak of: a field, an area, a name; `wrong` where they differ."""

    name: str
    gold: str
    coded: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """Words to highlight: `side` is gold or coded, `role` what they are (aim, cue, evidence, name)."""

    start: int
    end: int
    side: str
    role: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """One difference between gold and coded.

    Attributes:
        part: `areas`, `commitments` or `actors`.
        kind: `missed`, `invented`, or `wrong` with the field.
        what: what exactly, to group by: the area, or "intended → committed" (gold first).
    """

    part: str
    kind: str
    what: str
    passage: Passage
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The mistakes of one kind."""

    part: str
    kind: str
    what: str
    mistakes: tuple[Mistake, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.mistakes)


@dataclass(frozen=True, slots=True)
class Confusion:
    """Which area was given where another was missed.

    Attributes:
        given: (missed, given) to passages; the missed area is "" for passages that have no area at all.
        nothing: area to passages where it was missed and no wrong one given.
    """

    given: Mapping[tuple[str, str], int]
    nothing: Mapping[str, int]


def confuse(pairs: Sequence[Pair]) -> Confusion:
    """Counts, for every missed area of a passage, the areas given wrongly there; and false alarms where nothing was due."""
    given: Counter[tuple[str, str]] = Counter()
    nothing: Counter[str] = Counter()
    for pair in pairs:
        missed, invented = pair.gold.areas - pair.coded.areas, pair.coded.areas - pair.gold.areas
        given.update((m, i) for m in missed for i in invented)
        nothing.update(missed if not invented else ())
        given.update(("", i) for i in invented if not pair.gold.areas)
    return Confusion(dict(given), dict(nothing))


def mistakes(pairs: Sequence[Pair]) -> list[Group]:
    """All mistakes in groups, the largest first."""
    groups: dict[tuple[str, str, str], list[Mistake]] = {}
    for pair in pairs:
        for m in (*_areas(pair), *_commitments(pair), *_actors(pair)):
            groups.setdefault((m.part, m.kind, m.what), []).append(m)
    found = [Group(*key, tuple(members)) for key, members in groups.items()]
    return sorted(found, key=lambda g: (-g.count, g.part, g.kind, g.what))


def _areas(pair: Pair) -> Iterator[Mistake]:
    gold, coded = pair.gold.areas, pair.coded.areas
    # Evidence of areas given rightly would only distract from what went wrong.
    marks = tuple(Mark(s, e, "coded", "evidence") for a in sorted(coded - gold) for s, e in pair.coded.evidence.get(a, ()))
    lines = tuple(
        Line(a, "yes" if a in gold else "–", _verdict(a, pair.coded), (a in gold) != (a in coded)) for a in sorted(gold | coded)
    )
    for area in sorted(gold ^ coded):
        yield Mistake("areas", "missed" if area in gold else "invented", area, pair.passage, lines, marks)


def _verdict(area: str, coded: Coding) -> str:
    verdict = "yes" if area in coded.areas else "uncertain" if area in coded.uncertain else "–"
    known = area in coded.probabilities
    return f"{verdict} ({coded.probabilities[area]:.2f})" if known else verdict


def _commitments(pair: Pair) -> Iterator[Mistake]:
    gold, coded = pair.gold.statements, pair.coded.statements
    pairs = match(gold, coded)
    for g in _others(gold, [g for g, _ in pairs]):
        yield _commitment(pair, "missed", g.obligation, (g, None))
    for c in _others(coded, [c for _, c in pairs]):
        yield _commitment(pair, "invented", c.obligation, (None, c))
    for g, c in pairs:
        for name, what in _differences(g, c).items():
            yield _commitment(pair, f"wrong {name}", what, (g, c))


def _others(all_of: Sequence[Statement], matched: Sequence[Statement]) -> Iterator[Statement]:
    return (s for s in all_of if not any(s is m for m in matched))


def _differences(gold: Statement, coded: Statement) -> dict[str, str]:
    """Field to what is wrong with it, for two statements of the same aim."""
    found = {}
    for name in ("obligation", "stage"):
        ours, theirs = getattr(gold, name), getattr(coded, name)
        if ours != theirs:
            found[name] = f"{ours} → {theirs or 'none'}"
    if gold.negated != coded.negated:
        found["negation"] = f"{_yes(gold.negated)} → {_yes(coded.negated)}"
    if not gold.implicit and not same_actor(gold.actor, coded.actor):
        found["actor"] = "implicit" if coded.implicit else "another" if coded.actor else "none"
    if (gold.time or coded.time) and not same_time(gold.time, coded.time):
        found["time"] = "another" if gold.time and coded.time else "missed" if gold.time else "invented"
    return found


def _yes(value: bool) -> str:
    return "negated" if value else "not negated"


def _commitment(pair: Pair, kind: str, what: str, sides: tuple[Statement | None, Statement | None]) -> Mistake:
    gold, coded = sides
    wrong = _differences(gold, coded) if gold and coded else {}
    values = [(n, getattr(gold, n, ""), getattr(coded, n, "")) for n in FIELDS]
    lines = [Line(n, g or "–", c or "–", n in wrong) for n, g, c in values if g or c]
    if (gold and gold.negated) or (coded and coded.negated):
        lines.append(
            Line("negation", _yes(bool(gold and gold.negated)), _yes(bool(coded and coded.negated)), "negation" in wrong)
        )
    if coded and coded.rule:
        lines.append(Line("rule", "", coded.rule, False))
    text = pair.passage.text
    marks = (*_marks(gold, text, "gold"), *_marks(coded, text, "coded"))
    return Mistake("commitments", kind, what, pair.passage, tuple(lines), marks)


def _marks(statement: Statement | None, text: str, side: str) -> Iterator[Mark]:
    if statement is None or statement.start < 0:
        return
    yield Mark(statement.start, statement.end, side, "aim")
    cue = find_words(text, statement.cue, statement.sentence)
    if cue >= 0 and statement.cue != statement.aim:
        yield Mark(cue, cue + len(statement.cue), side, "cue")


def _actors(pair: Pair) -> Iterator[Mistake]:
    gold, coded = pair.gold.actors, pair.coded.actors
    for name in sorted(gold.keys() | coded.keys()):
        (ours, g), (theirs, c) = gold.get(name, ("", "")), coded.get(name, ("", ""))
        if not ours or not theirs:
            kind, what, side = ("missed", _sort(g), "gold") if ours else ("invented", _sort(c), "coded")
        elif g in linked_actors() and g != c:
            kind, what, side = "wrong id", f"{g} → {c or 'none'}", "gold"
        else:
            continue
        line = Line(ours or theirs, g or "–", c or "–", True)
        yield Mistake("actors", kind, what, pair.passage, (line,), tuple(_names(ours or theirs, pair.passage.text, side)))


def _sort(actor_id: str) -> str:
    """What an actor is, as far as its id tells (CODEBOOK C)."""
    if not actor_id:
        return "unknown"
    if actor_id.startswith("name:"):
        return "person or other by name"
    return "state" if actor_id in states() else "organisation"


def _names(name: str, text: str, side: str) -> Iterator[Mark]:
    at = find_words(text, name)
    while at >= 0:
        yield Mark(at, at + len(name), side, "name")
        at = find_words(text, name, at + len(name))

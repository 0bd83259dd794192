"""The codebook of cooperation areas: loaded from TOML, checked, and ready to find its terms in a text.

The rules stand in `areas.toml`, in the words of the codebook that people code by. Nothing about a single area stands in code:
any other codebook of the same form can be used instead.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.codebook.patterns import Language, Match, Matcher, compile_pattern, longest, samples, search_regex, sentence_at
from pipeline.errors import CodebookError

DEFAULT = Path(__file__).with_name("areas.toml")
#: Places from which a term can reach the passages below it (`[headings]` in the file).
CONTEXTS = ("heading", "lead_in")


@dataclass(frozen=True, slots=True)
class Example:
    """A short invented passage with its verdict: does the area apply, and why."""

    text: str
    tag: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class SubArea:
    """A named part of an area."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What else a term needs.

    Attributes:
        within: `sentence` or `passage`, where `needed` and `barred` are looked for.
        needed, barred: terms of which one must, or none may, stand there; empty if there is no such condition.
    """

    within: str = "sentence"
    needed: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the codebook.

    Attributes:
        text: as written in the file.
        areas: ids of the areas it counts for; empty for terms of the residue and for phrases to ignore.
        sub_area: id of the sub-area of the first of `areas`, or empty.
        use: `area`, `residue` or `ignore`.
    """

    text: str
    areas: tuple[str, ...] = ()
    sub_area: str = ""
    use: str = "area"
    condition: Condition = Condition()


@dataclass(frozen=True, slots=True)
class Area:
    """An area with the rules by which people code it, in the codebook's words."""

    id: str
    name: str
    wording: str
    definition: str
    tag: tuple[str, ...]
    do_not_tag: tuple[str, ...]
    settled: tuple[str, ...]
    sub_areas: tuple[SubArea, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Term `term` at `start` to `end` of the text given; `area` is empty for the residue."""

    start: int
    end: int
    area: str
    term: Term


@dataclass(frozen=True)
class Codebook:
    """Areas, their terms and the shared rules.

    Attributes:
        version: as the file states it.
        hash: first 12 hex digits of the SHA-256 of the file's bytes.
        language: word classes and spelling pairs of the terms.
        headings: kind of passage -> context -> share of the context's letters from which its terms count for the passage
            (`{"list_item": {"heading": 0.6}}`).
        path: where it was loaded from.
    """

    name: str
    version: str
    hash: str
    rule: str
    settled: tuple[str, ...]
    areas: tuple[Area, ...]
    terms: tuple[Term, ...]
    language: Language
    headings: dict[str, dict[str, float]]
    path: str = ""

    def area(self, area_id: str) -> Area:
        """The area of that id.

        Raises:
            KeyError: if there is none.
        """
        for area in self.areas:
            if area.id == area_id:
                return area
        raise KeyError(area_id)

    @functools.cached_property
    def _matcher(self) -> Matcher:
        return Matcher([compile_pattern(t.text, self.language) for t in self.terms])

    @functools.cached_property
    def _conditions(self) -> dict[tuple[str, ...], re.Pattern[str] | None]:
        return {}

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Hit]:
        """The terms that count in the passage `text[start:end]`, by start, one hit for an extent and area."""
        stop = len(text) if end is None else end
        matches = [m for m in self._matcher.find(text, start, stop) if self._holds(m, text, start, stop)]
        found: dict[tuple[int, int, str], Hit] = {}
        for m in longest(matches, self._hides):
            term = self.terms[m.index]
            for area in ("",) if term.use == "residue" else term.areas:
                found.setdefault((m.start, m.end, area), Hit(m.start, m.end, area, term))
        return list(found.values())

    def _hides(self, longer: Match, shorter: Match) -> bool:
        """Whether a term counts instead of one inside it: with words between its own, only if it is of the same area."""
        outer, inner = self.terms[longer.index], self.terms[shorter.index]
        return "~" not in outer.text or outer.use == "ignore" or not set(outer.areas).isdisjoint(inner.areas)

    def _holds(self, match: Match, text: str, start: int, end: int) -> bool:
        condition = self.terms[match.index].condition
        if not condition.needed and not condition.barred:
            return True
        if condition.within == "sentence":
            start, end = sentence_at(text, start, end, match.start)
        needed, barred = self._any_of(condition.needed), self._any_of(condition.barred)
        return bool(not needed or needed.search(text, start, end)) and not (barred and barred.search(text, start, end))

    def _any_of(self, texts: tuple[str, ...]) -> re.Pattern[str] | None:
        if texts not in self._conditions:
            self._conditions[texts] = search_regex(texts, self.language)
        return self._conditions[texts]


def load_codebook(path: Path | None = None) -> Codebook:
    """Loads a codebook, by default the one that comes with the package; a file that has not changed is read once.

    Raises:
        CodebookError: if the file is missing, is not TOML, or lacks a part without which nothing can be tagged.
    """
    file = Path(path or DEFAULT)
    return _load(str(file), file.stat().st_mtime_ns if file.is_file() else 0)


@functools.lru_cache(maxsize=8)
def _load(path: str, changed: int) -> Codebook:
    try:
        raw = Path(path).read_bytes()
        data = tomllib.loads(raw.decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        advice = "Give the path of a codebook, a TOML file in UTF-8."
        raise CodebookError(f"Codebook {path} cannot be read: {why}.", advice=advice) from error
    try:
        return _build(data, hashlib.sha256(raw).hexdigest()[:12], path)
    except (KeyError, TypeError, AttributeError) as error:
        message = f"Codebook {path} lacks a part or has one of the wrong kind: {error}."
        raise CodebookError(message, advice="Compare it with the codebook that comes with the package.") from error


def _build(data: dict[str, Any], digest: str, path: str) -> Codebook:
    terms = [t for a in data["areas"] for g in a.get("terms", ()) for t in _group(g, "area", (a["id"], *g.get("also", ())))]
    terms += [t for g in data.get("ignore", ()) for t in _group(g, "ignore")]
    terms += [t for g in data.get("residue", ()) for t in _group(g, "residue")]
    spelling = tuple((a, b) for a, b in data.get("spelling", ()))
    return Codebook(
        name=data["name"],
        version=str(data["version"]),
        hash=digest,
        rule=data.get("rule", ""),
        settled=tuple(data.get("settled", ())),
        areas=tuple(_area(a) for a in data["areas"]),
        terms=tuple(terms),
        language=Language({k: tuple(v) for k, v in data.get("classes", {}).items()}, spelling),
        headings={kind: dict(shares) for kind, shares in data.get("headings", {}).items()},
        path=path,
    )


def _area(data: dict[str, Any]) -> Area:
    return Area(
        id=data["id"],
        name=str(data.get("name", "")),
        wording=str(data.get("wording", "")),
        definition=str(data.get("definition", "")),
        tag=tuple(data.get("tag", ())),
        do_not_tag=tuple(data.get("do_not_tag", ())),
        settled=tuple(data.get("settled", ())),
        sub_areas=tuple(SubArea(**s) for s in data.get("sub_areas", ())),
        examples=tuple(Example(**e) for e in data.get("examples", ())),
    )


def _group(data: dict[str, Any], use: str, areas: tuple[str, ...] = ()) -> Iterable[Term]:
    condition = Condition(data.get("within", "sentence"), tuple(data.get("with", ())), tuple(data.get("without", ())))
    for text in data["any"]:
        yield Term(text, areas, data.get("sub_area", ""), use, condition)


def check(codebook: Codebook) -> list[str]:
    """What is wrong with a codebook, one sentence each; empty if nothing is."""
    return [
        *_missing_parts(codebook.areas),
        *_unknown_names(codebook),
        *_bad_patterns(codebook),
        *_doubled(codebook.terms),
        *_swallowed(codebook),
        *_failed_examples(codebook),
    ]


def _missing_parts(areas: Sequence[Area]) -> Iterable[str]:
    ids = [a.id for a in areas]
    for area in areas:
        if ids.count(area.id) > 1:
            yield f"Area id '{area.id}' is used twice."
        for name in ("name", "wording", "definition", "tag", "do_not_tag", "examples"):
            if not getattr(area, name):
                yield f"Area '{area.id}' has no {name}."
        if area.examples and len({e.tag for e in area.examples}) < 2:
            yield f"Area '{area.id}' needs examples of both kinds, tagged and not tagged."


def _unknown_names(codebook: Codebook) -> Iterable[str]:
    subs = {a.id: {s.id for s in a.sub_areas} for a in codebook.areas}
    for area_id in subs:
        if not any(area_id in t.areas for t in codebook.terms):
            yield f"Area '{area_id}' has no terms."
    for term in codebook.terms:
        for unknown in [a for a in term.areas if a not in subs]:
            yield f"Term '{term.text}' names the unknown area '{unknown}'."
        if term.sub_area and term.sub_area not in subs.get(term.areas[0], set()):
            yield f"Term '{term.text}' names the unknown sub-area '{term.sub_area}'."
        if term.condition.within not in ("sentence", "passage"):
            yield f"Term '{term.text}' has within = '{term.condition.within}'; use 'sentence' or 'passage'."
    for kind, contexts in codebook.headings.items():
        for unknown in [c for c in contexts if c not in CONTEXTS]:
            yield f"[headings] {kind} names the unknown context '{unknown}'."


def _bad_patterns(codebook: Codebook) -> Iterable[str]:
    texts = {x for t in codebook.terms for x in (t.text, *t.condition.needed, *t.condition.barred)}
    for text in sorted(texts):
        try:
            compile_pattern(text, codebook.language)
        except CodebookError as error:
            yield str(error)


def _doubled(terms: Sequence[Term]) -> Iterable[str]:
    seen: set[tuple[str, tuple[str, ...], Condition]] = set()
    for term in terms:
        key = (term.text, term.areas, term.condition)
        if key in seen:
            yield f"Term '{term.text}' stands twice under {', '.join(term.areas) or term.use}."
        seen.add(key)


def _swallowed(codebook: Codebook) -> Iterable[str]:
    """Terms that another area's, or an ignored, unconditional term matches at full length."""
    free = [t for t in codebook.terms if not t.condition.needed and t.use != "residue" and _readable(t, codebook)]
    matcher = Matcher([compile_pattern(t.text, codebook.language) for t in free])
    reported = set()
    for term in [t for t in free if t.use == "area"]:
        for phrase in samples(term.text, codebook.language):
            for m in matcher.find(phrase):
                other = free[m.index]
                pair = frozenset((term.text, other.text))
                if (m.start, m.end) == (0, len(phrase)) and _contrary(term, other) and pair not in reported:
                    reported.add(pair)
                    whose = f"of {', '.join(other.areas)}" if other.areas else "to ignore"
                    yield f"'{phrase}' is both '{term.text}' of {', '.join(term.areas)} and '{other.text}' {whose}."


def _contrary(term: Term, other: Term) -> bool:
    """Do they say different things of the same words? A term of one area does not contradict the same of two."""
    ours, theirs = set(term.areas), set(other.areas)
    return not theirs or not (ours <= theirs or theirs <= ours)


def _readable(term: Term, codebook: Codebook) -> bool:
    try:
        compile_pattern(term.text, codebook.language)
    except CodebookError:
        return False
    return True


def _failed_examples(codebook: Codebook) -> Iterable[str]:
    if not all(_readable(t, codebook) for t in codebook.terms):
        return
    for area in codebook.areas:
        for example in area.examples:
            if any(h.area == area.id for h in codebook.find(example.text)) != example.tag:
                verdict = "is not found" if example.tag else "is found"
                yield f"Example of '{area.id}' {verdict} by its terms: {example.text}"

"""The words by which documents report somebody's words: `quotations.toml`, loaded and compiled."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pipeline.errors import CodebookError

DEFAULT = Path(__file__).with_name("quotations.toml")


@dataclass(frozen=True, slots=True)
class Cues:
    """The words of `quotations.toml`, compiled."""

    direct: re.Pattern[str]
    indirect: re.Pattern[str]
    phrases: re.Pattern[str]
    not_before: re.Pattern[str]
    pronouns: frozenset[str]
    first_persons: frozenset[str]
    titles: frozenset[str]
    to_somebody: frozenset[str]
    asking: frozenset[str]
    mute: frozenset[str]
    without_that: frozenset[str]
    speaking: frozenset[str]
    figures: re.Pattern[str]
    judging: re.Pattern[str]
    judging_plain: frozenset[str]
    just_before: re.Pattern[str]
    acts: frozenset[str]
    opens: re.Pattern[str]
    sayings: re.Pattern[str]
    offices: re.Pattern[str]
    particles: frozenset[str]
    name_ends: frozenset[str]
    no_names: frozenset[str]
    person_after: re.Pattern[str]
    person_near: re.Pattern[str]
    body_near: re.Pattern[str]
    things: re.Pattern[str]
    goes_on: re.Pattern[str]
    described: frozenset[str]
    reports: re.Pattern[str]
    claims: re.Pattern[str]
    holding: re.Pattern[str]
    writings: re.Pattern[str]
    written_by: re.Pattern[str]
    amends: re.Pattern[str]

    @classmethod
    def load(cls, path: Path) -> Cues:
        """Reads the file.

        Raises:
            CodebookError: if it cannot be read or lacks a list.
        """
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            before = rf"{_any_of(data['not_before']).pattern}\W*(?:the|an?)?\W*$"
            words: dict[str, Any] = {f.name: frozenset(data[f.name]) for f in fields(cls) if f.type == "frozenset[str]"}
            return cls(
                **words,
                direct=_any_of(data["direct"]),
                indirect=_any_of(data["indirect"]),
                phrases=_any_of([*data["phrases"], *(p.capitalize() for p in data["phrases"])]),
                not_before=re.compile(before, re.I),
                judging=_any_of([*data["judging"], *(v.capitalize() for v in data["judging"] if v.endswith("ing"))]),
                just_before=re.compile(rf"{_any_of(data['direct']).pattern}\s*[:,]\s*$"),
                opens=re.compile(rf"({_any_of(data['opening']).pattern})[^.:;]{{0,40}}:[\s*_]*$"),
                sayings=_any_of(data["sayings"]),
                offices=re.compile(rf"\b(?:{'|'.join(data['offices'])})\b", re.I),
                person_after=re.compile(rf"(?:{'|'.join(data['person_after'])})"),
                person_near=_any_of(data["person_near"]),
                body_near=_any_of(data["body_near"]),
                things=re.compile(rf"{_any_of(data['things']).pattern}\s+(?:(?:that|which)\s+)?$"),
                goes_on=_goes_on(data),
                reports=re.compile(
                    rf"\s+((?:(?:an?|the|its|his|her|their|some|several|many|two|three|one)\s+)?(?:[\w’'-]+\s+){{0,5}}?{_any_of(data['reports']).pattern})"
                ),
                claims=re.compile(rf"({_any_of(data['claims']).pattern})\s+(?:that|of|about|for|as)\b"),
                holding=_any_of([*data["direct"], *data["holding"]]),
                writings=_writings(data["writings"]),
                written_by=re.compile(rf"\s+{_any_of(data['written_by']).pattern}\s+"),
                amends=_any_of(data["amending"]),
                figures=re.compile(rf"(?:[\s,]+(?:{'|'.join(data['figures'])}|[A-Z][\w’'-]*))*[\s,]+"),
            )
        except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
            raise CodebookError(
                f"{path} cannot be used: {error}.", advice="Give a file of the form of quotations.toml."
            ) from error


def _goes_on(data: dict[str, list[str]]) -> re.Pattern[str]:
    """Where a speaker, or the next one, goes on after a reported clause: ", noting …", ", while Bo Lind said that …"."""
    participle = rf"(?:,?\s+and|,)\s+(?:also\s+|further\s+)?{_any_of(data['speaking_on']).pattern}"
    another = rf",\s+(?:while|whereas|and|but)\s+[^,;]{{2,80}}?{_any_of(data['indirect']).pattern}\s+that\b"
    return re.compile(f"{participle}|{another}")


def _writings(nouns: list[str]) -> re.Pattern[str]:
    """Where a sentence gives a writing in full: "your letter, which reads as follows:", "the following declaration …:"."""
    noun = _any_of(nouns).pattern
    reads = r"[^:;]{0,250}\b(?:reads?|reading|worded|as\s+follows)\b[^:;]{0,30}:"
    owned = rf"(?:\b(?:[Yy]our|[Hh]is|[Hh]er|[Tt]heir|[Tt]he|an?)\s+)?{noun}"
    return re.compile(rf"(?P<writing>{owned})(?={reads})|\bfollowing\s+(?P<announced>{noun})(?=[^:;]{{0,250}}:)")


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b{_branches(sorted(words))}\b")


def _branches(words: Sequence[str]) -> str:
    """A pattern of the words, branching letter by letter: the engine tries few of a hundred words at each place."""
    out = ["" for w in words if not w]
    for letter, group in itertools.groupby((w for w in words if w), key=lambda w: w[0]):
        out.append((r"\s+" if letter == " " else re.escape(letter)) + _branches([w[1:] for w in group]))
    return out[0] if len(out) == 1 else f"(?:{'|'.join(sorted(out, key=len, reverse=True))})"

"""The words by which documents report somebody's words: `quotations.toml`, loaded and compiled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

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
    without_that: frozenset[str]
    speaking: frozenset[str]
    figures: re.Pattern[str]

    @classmethod
    def load(cls, path: Path) -> Cues:
        """Reads the file.

        Raises:
            CodebookError: if it cannot be read or lacks a list.
        """
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            before = rf"{_any_of(data['not_before']).pattern}\W*(?:the|an?)?\W*$"
            return cls(
                direct=_any_of(data["direct"]),
                indirect=_any_of(data["indirect"]),
                phrases=_any_of([*data["phrases"], *(p.capitalize() for p in data["phrases"])]),
                not_before=re.compile(before, re.I),
                pronouns=frozenset(data["pronouns"]),
                first_persons=frozenset(data["first_persons"]),
                titles=frozenset(data["titles"]),
                to_somebody=frozenset(data["to_somebody"]),
                asking=frozenset(data["asking"]),
                without_that=frozenset(data["without_that"]),
                speaking=frozenset(data["speaking"]),
                figures=re.compile(rf"(?:[\s,]+(?:{'|'.join(data['figures'])}|[A-Z][\w’'-]*))*[\s,]+"),
            )
        except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
            raise CodebookError(
                f"{path} cannot be used: {error}.", advice="Give a file of the form of quotations.toml."
            ) from error


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in longest_first) + r")\b")

"""Names of persons as they are compared, and the known holders of offices (`codebook/office_holders.csv`)."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.codebook.actors import HERE, Words, fold, split


@dataclass(slots=True)
class People:
    """The persons known so far: full name by every form of it, in folded words joined by a space."""

    names: dict[str, str] = field(default_factory=dict)

    def full(self, name: str) -> str:
        """The full name for a form of it, empty if unknown."""
        return self.names.get(key(name), "")

    def add(self, name: str) -> None:
        """Enters a full name; its last part alone will lead to it as long as no other name claims it."""
        parts = [p for p in re.split(r"\s+", name) if fold(p).lower().strip(".,") not in ("jr", "sr", "ii", "iii")]
        for form in (name, parts[-1], " ".join(parts[-2:])):
            self.names.setdefault(key(form), name)


def in_small_letters(name: str) -> str:
    """A name whose parts in capitals ("Ada VARN", "ADA VARN") are written as elsewhere."""
    return re.sub(r"[^\W\d_]{3,}", lambda m: m[0].capitalize() if m[0].isupper() else m[0], name)


def key(name: str) -> str:
    """A name in the form in which names are compared: folded, in lower case, without signs."""
    return " ".join(w for w in (fold(w) for w in split(name).forms) if w[0].isalnum()).lower()


@functools.cache
def office_holders() -> dict[str, str]:
    """Full name by every form in `office_holders.csv`, folded."""
    with (HERE / "office_holders.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {key(form): row["name"] for row in rows for form in (row["name"], *row["aliases"].split(";")) if form}


@functools.cache
def _surnames() -> dict[str, list[tuple[str, str]]]:
    """(office, full name) by the last word of the name, for "Prime Minister Varn"."""
    found: dict[str, list[tuple[str, str]]] = {}
    with (HERE / "office_holders.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for part in {key(row["name"]).split()[-1], key(row["name"]).split()[0]}:
                found.setdefault(part, []).append((row["office"].lower(), row["name"]))
    return found


def holder(name: str, role: str) -> str:
    """The full name of a known holder of an office, by any form of the name or by its surname with the office; or nothing."""
    full = office_holders().get(key(name))
    if full:
        return full
    last = key(name).split()[-1:]
    found = [full for office, full in _surnames().get(last[0], ()) if office in role.lower()] if last else []
    plain = len(key(name).split()) == 1
    return found[0] if len(set(found)) == 1 and plain else ""


def is_doubled(words: Words, last: int) -> bool:
    """Whether a name that ends before `last` goes on after a hyphen: "Varn" in "Varn-Oduya"."""
    following = words.forms[last : last + 2]
    return len(following) == 2 and following[0] in ("-", "‐") and following[1][0].isupper()


def again(words: Words, known: dict[str, str]) -> Iterator[tuple[int, int, str]]:
    """Names of persons that stand without office: first and last word (excluded) and full name.

    Names of the text itself, and those of `office_holders.csv` that nothing else is called.

    Args:
        words: the text.
        known: full name by every form of it, as in `People`.
    """
    table = {**office_holders(), **known}
    longest = max((len(form.split()) for form in table), default=0)
    starts = {form.split()[0] for form in table if form}
    at = 0
    while at < len(words.forms):
        if not words.forms[at][0].isupper() or words.forms[at].lower() not in starts:
            at += 1
            continue
        for last in range(min(at + 2 * longest, len(words.forms)), at, -1):
            form = " ".join(w for w in words.forms[at:last] if w[0].isalnum()).lower()
            if form in table and words.forms[last - 1][0].isupper() and not is_doubled(words, last):
                yield at, last, table[form]
                at = last - 1
                break
        at += 1

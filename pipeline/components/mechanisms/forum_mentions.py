"""One find for each forum of a text: what later or passing mentions tell of it is added to the one that says most."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

#: Rules by which a forum is only at work, or there.
SAYS_LITTLE = frozenset({"subject", "use", "held", "participle", "named"})
_CALLED = re.compile(r"\W[^.;]{0,110}?(?:called|named|titled|entitled|known as|referred to as)\s+(?:the\s+)?\W{0,2}")
_PAIR = re.compile(r"\b([A-Z][A-Za-z]*)[-–—/]([A-Z][A-Za-z]*)\b")
_TOPIC = re.compile(r"\s(?:on|for|of|between)\s")
#: Words before a name that tell its forum from no other.
_NOT_PART = frozenset({"annual", "regular", "new", "first", "inaugural", "next", "upcoming", "biannual", "existing"})
#: In characters: "annual meetings" so near behind a forum are its own.
_NEAR = 300


@dataclass(frozen=True, slots=True)
class Found:
    """A mechanism before it is written; ranges count characters of the Doc.

    Attributes:
        spans: label -> (start, end).
        attrs: the other fields of `records.Mechanism`.
    """

    spans: dict[str, tuple[int, int]]
    attrs: dict[str, Any]

    @property
    def says_little(self) -> bool:
        """Whether it only tells that the forum is at work, or there."""
        return self.attrs["rule"] in SAYS_LITTLE


def merge(text: str, found: Sequence[Found]) -> list[Found]:
    """The finds without those that only come back to another.

    A mention goes to the nearest find before it that it is short for ("the Committee", "the Joint Committee" after the "Joint
    Harbour Committee"); one that says little waits for a later one that says more.
    """
    found, names = _renamed(text, found)
    out: dict[int, Found] = {}
    waiting: list[int] = []
    for i, one in enumerate(found):
        if out and _says_how_often(one, out[max(out)]):
            continue
        known = next((j for j in reversed(out) if _is_again(one, names[i], found[j], names[j])), None)
        if known is None and any(_announces(one, names[i], found[j], names[j]) for j in range(i + 1, len(found))):
            waiting.append(i)
            continue
        place = i if known is None else known
        out[place] = one if known is None else _with(out[place], one)
        for k in [k for k in waiting if _announces(found[k], names[k], one, names[i])]:
            out[place] = _with(out[place], found[k])
            waiting.remove(k)
    return list(out.values())


def _renamed(text: str, found: Sequence[Found]) -> tuple[list[Found], list[str]]:
    """Finds and their names; a forum that is named behind ("a joint committee called “Lantern Committee”") has both.

    A bare one takes the new name; one with a name of its own keeps it ("… Committee on Ports, known as the Joint Committee").
    """
    out: list[Found] = []
    names: list[str] = []
    for one in found:
        start, stop = one.spans["name"]
        end = out[-1].spans["name"][1] if out else start
        if out and not out[-1].says_little and _CALLED.fullmatch(text[end : max(start, end)]):
            own = text[slice(*out[-1].spans["name"])]
            spans = out[-1].spans if own[0].isupper() and " " in own else out[-1].spans | {"name": (start, stop)}
            out[-1] = _with(Found(spans, out[-1].attrs), one)
            names[-1] += f" {text[start:stop]}"
        else:
            out.append(one)
            names.append(text[start:stop])
    return out, names


def _says_how_often(one: Found, last: Found) -> bool:
    """Whether "annual meetings" only says how often the forum right before them meets."""
    series = one.attrs["kind"] == "meeting" and one.attrs["rule"] == "named"
    near = one.spans["name"][0] - last.spans["name"][1] < _NEAR
    return series and near and one.attrs["frequency_value"] == last.attrs["frequency_value"]


def _is_again(one: Found, name: str, other: Found, known: str) -> bool:
    """Whether a find is that of a name before it: says little, or repeats it, in capitals or in all its words."""
    if one.attrs["rule"] == "meeting":
        return name.split(maxsplit=1)[0] == _initials(known)  # "the JHC shall meet" after the "Joint Harbour Committee"
    short, longer = _plain(name), _plain(known)
    proper = name.rsplit(maxsplit=1)[-1][:1].isupper() or (len(short) > 1 and short == longer)
    if one.attrs["kind"] != other.attrs["kind"] or not (one.says_little or proper):
        return False
    if _is_short_for(short, longer) or (len(longer) > 2 and _is_short_for(longer, short)):
        return True
    bare = _plain(_TOPIC.split(known)[0])  # "the Council" after the "Joint Council for Ports"
    other_order = one.says_little and len(short) > 2 and set(short) <= set(longer)
    return other_order or ((one.says_little or len(short) == 1) and _is_short_for(short, bare))


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.split(r"[\s-]+", name) if word[:1].isupper())


def _announces(one: Found, name: str, other: Found, later: str) -> bool:
    """Whether a forum is named before the text says what happens to it."""
    short = _plain(name)
    return one.says_little and not other.says_little and len(short) > 1 and _is_short_for(short, _plain(later))


def _plain(name: str) -> list[str]:
    """The words of a name for comparing: lower case, no dots and hyphens, two sides in the order of the alphabet."""
    name = _PAIR.sub(lambda pair: " ".join(sorted(pair.groups())), name.replace(".", "")).lower()
    words = name.replace("’", "'").replace("-", " ").replace("task force", "taskforce").split()
    return [w for w in words if w not in _NOT_PART] or words[-1:]


def _is_short_for(short: list[str], longer: list[str]) -> bool:
    """Whether the words of a name stand in a longer one in the same order, with the same last word."""
    rest = iter(longer)
    return short[-1:] == longer[-1:] and all(word in rest for word in short)


def _with(one: Found, other: Found) -> Found:
    """A find with what another tells and it does not: frequency, first meeting, level."""
    spans, attrs = dict(one.spans), dict(one.attrs)
    for label in ("frequency", "first"):
        if label not in spans and label in other.spans:
            spans[label], attrs[f"{label}_value"] = other.spans[label], other.attrs[f"{label}_value"]
    attrs["level"] = attrs["level"] or other.attrs["level"]
    return Found(spans, attrs)

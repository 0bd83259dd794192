"""The codebook's words of commitment: cues with their obligation, weak verbs, stage words, subjects.

The data stand in `modality.toml`; this module checks them once and hands them out as frozen records.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import CodebookError
from pipeline.records import OBLIGATIONS, STAGES

PATH = Path(__file__).with_name("modality.toml")
KINDS = ("modals", "verbs", "adjectives", "nouns")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that carries the modality of a commitment.

    Attributes:
        lemma: in lower case.
        kind: `modals`, `verbs`, `adjectives` or `nouns`.
        obligation: one of `OBLIGATIONS`.
        treaty: the obligation in treaty text, where it differs.
        prepositions: open a gerund or an activity noun ("committed to …ing").
        gerund_only: after its preposition only a gerund counts, no noun.
        particle: a word that must stand beside it ("look *forward*").
        orders: its object is told to act ("instructed their teams to").
        own: its object must be an organ of the bearer ("ask *our ministers* to"), else it asks others.
        reported: counts only under a verb of speech.
        under_modal: counts only under a modal ("will be responsible for").
        participle_only: as a verb it counts only as a participle after "be".
        objects: its object may be the activity itself ("pledged continued support").
        stage: the stage that it says by itself.
        example: invented, with `<a>`, `<c>`, `<v>` around actor, cue and aims.
    """

    lemma: str
    kind: str
    obligation: str
    example: str
    treaty: str = ""
    prepositions: tuple[str, ...] = ()
    gerund_only: bool = False
    particle: str = ""
    orders: bool = False
    own: bool = False
    reported: bool = False
    under_modal: bool = False
    participle_only: bool = False
    objects: bool = False
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Weak:
    """A verb under a cue that lowers its obligation or belongs to it.

    Attributes:
        obligation: empty where the verb leaves it as it is.
        through: the aim is the verb after it ("work to *disrupt*").
        negates: "refrain from".
        particle: a word that must stand beside it.
    """

    lemma: str
    example: str
    obligation: str = ""
    through: bool = False
    negates: bool = False
    particle: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A kind of hedge or escape clause.

    Attributes:
        kind: short name ("law", "if").
        closed: phrases that are a condition by themselves.
        open: phrases that open one; it runs to the end of its clause.
        opening: phrases that open one where they begin the sentence.
        example: invented, with `<k>` around the condition.
    """

    kind: str
    closed: tuple[str, ...]
    open: tuple[str, ...]
    example: str
    opening: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Modality:
    """All of `modality.toml`; sets of lemmas in lower case.

    Attributes:
        cues: kind -> lemma -> cue.
        weak: lemma -> weak verb.
        words: `table.key` -> the set of words of a plain list ("stage.continuing", "subjects.parties").
        opportunity_verbs: verb -> obligation of "seek opportunities to".
        conditions: hedges and escape clauses by kind.
        examples: those of the lists.
    """

    version: str
    cues: dict[str, dict[str, Cue]]
    weak: dict[str, Weak]
    words: dict[str, frozenset[str]]
    opportunity_verbs: dict[str, str]
    conditions: tuple[Condition, ...]
    examples: tuple[str, ...] = field(default=())


@functools.cache
def load(path: Path = PATH) -> Modality:
    """The checked codebook of modality.

    Raises:
        CodebookError: if the file cannot be read as TOML, or an entry lacks its example or has an unknown field or value.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CodebookError(f"{path.name} cannot be read: {error}.", advice="Restore or correct the file.") from error
    cues = {kind: {lemma: _cue(path, kind, lemma, entry) for lemma, entry in data.get(kind, {}).items()} for kind in KINDS}
    weak = {lemma: _weak(path, lemma, entry) for lemma, entry in data.get("weak", {}).items()}
    words = {
        f"{table}.{key}": frozenset(value)
        for table, entries in data.items()
        if isinstance(entries, dict)
        for key, value in entries.items()
        if isinstance(value, list)
    }
    examples = (*data["carriers"]["examples"], data["activities"]["example"])
    conditions = tuple(
        Condition(c["kind"], tuple(c["closed"]), tuple(c["open"]), c["example"], tuple(c.get("opening", ())))
        for c in data["conditions"]
    )
    return Modality(str(data["version"]), cues, weak, words, dict(data["carriers"]["opportunity_verbs"]), conditions, examples)


def _cue(path: Path, kind: str, lemma: str, entry: dict[str, Any]) -> Cue:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    try:
        cue = Cue(lemma=lemma, kind=kind, **values)
    except TypeError as error:
        raise _wrong(path, f"{kind}.{lemma}", str(error)) from error
    known = cue.obligation in OBLIGATIONS and cue.treaty in ("", *OBLIGATIONS) and cue.stage in ("", *STAGES)
    if not known or not cue.example:
        raise _wrong(path, f"{kind}.{lemma}", "obligation, stage or example is missing or unknown")
    return cue


def _weak(path: Path, lemma: str, entry: dict[str, Any]) -> Weak:
    try:
        weak = Weak(lemma=lemma, **entry)
    except TypeError as error:
        raise _wrong(path, f"weak.{lemma}", str(error)) from error
    if weak.obligation not in ("", *OBLIGATIONS):
        raise _wrong(path, f"weak.{lemma}", f"unknown obligation {weak.obligation!r}")
    return weak


def _wrong(path: Path, where: str, what: str) -> CodebookError:
    return CodebookError(
        f"{path.name}: {where}: {what}.", advice="Correct the entry; the head of the file says what each holds."
    )

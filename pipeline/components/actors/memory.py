"""What a document says of its actors in one place and means everywhere: full names, offices, abbreviations."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from spacy.tokens import Doc

from pipeline.components.actors import holders

#: id, kind, Wikidata id and side of the actor that a short name stands for.
Alias = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of one document.

    Attributes:
        names: full name of a person by every form of it (`holders.key`).
        offices: role and side of a person by full name, where the text tells them first.
        organisations: id of an organisation that the gazetteer lacks by the id of its name alone (`identity.settle`).
        aliases: what a short name or an abbreviation stands for.
        heads: the same of the head of a body's name ("the Agency") where the text names one such body.
        several: whether "the Secretary of State" may be one of several states'.
    """

    names: dict[str, str]
    offices: dict[str, tuple[str, str]]
    organisations: dict[str, str]
    aliases: dict[str, Alias]
    heads: dict[str, Alias]
    several: bool

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Memory:
        """From plain values, as they come back from a Doc's bytes."""
        offices = {full: (role, side) for full, (role, side) in plain["offices"].items()}
        aliases, heads = ({short: (a, b, c, d) for short, (a, b, c, d) in plain[key].items()} for key in ("aliases", "heads"))
        return cls(dict(plain["names"]), offices, dict(plain["organisations"]), aliases, heads, bool(plain["several"]))

    def plain(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)

    def full(self, text: str, role: str) -> str:
        """The full name of a person named so, empty if nobody is; an office tells more than a surname."""
        known = self.names.get(holders.key(text), "")
        return (holders.holder(text, role) if role or not known else "") or known

    def meet(self, text: str, role: str, side: str) -> None:
        """Enters a person by a name of the text; a lone name in capitals is a heading, unless its full name is known."""
        known = holders.People(self.names)
        full = self.full(text, role) or holders.in_small_letters(text)
        if text.isupper() and " " not in full:
            return
        known.add(full)
        self.names.setdefault(holders.key(text), full)
        if role and not self.offices.get(full, ("", ""))[1]:
            self.offices[full] = (self.offices.get(full, (role, ""))[0], side)


def facts_of(doc: Doc) -> dict[str, Any]:
    """What the Doc carries of its document: title, date, parties (see `annotate`); empty without them."""
    group = doc.spans.get("blocks")
    facts: dict[str, Any] = group.attrs.get("document", {}) if group is not None else {}
    return facts


def parties_of(doc: Doc) -> frozenset[str]:
    """Ids of the document's parties where the Doc carries them."""
    return frozenset(facts_of(doc).get("parties", ()))

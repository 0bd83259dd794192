"""What is found in a document: mentions, quotations, commitments, mechanisms, instruments, terms and tags.

Part of `records`, which hands all of it on and states the conventions; offsets count in `Document.text`.
"""

from __future__ import annotations

from dataclasses import dataclass

ACTIONS = ("set_up", "continues")
LEVELS = ("leaders", "ministers", "senior_officials", "experts")
NATURES = ("binding", "non_binding", "unknown")


@dataclass(frozen=True, slots=True)
class Extent:
    """A half-open stretch of the document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name an actor, without article and title.

    Attributes:
        label: `state, organisation, eu_body, format, person, armed_group, company, agency` or `unknown`.
        actor_id: ISO 3166-1 alpha-3, short upper-case id, or `name:` and the full name.
        role: office as written, for persons.
        rule: what found it: `gazetteer`, `definition`, `ner`, `role`, `coreference`.
    """

    start: int
    end: int
    label: str
    actor_id: str
    role: str = ""
    wikidata: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody's words: content `start` to `end` without the quotation marks.

    Attributes:
        kind: `direct` or `indirect`.
        cue: the verb or phrase that introduces it ("said", "according to"), if any.
        source: the words that name the speaker, if any.
        speaker: their actor id, empty if unresolved.
    """

    start: int
    end: int
    kind: str
    cue: Extent | None = None
    source: Extent | None = None
    speaker: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Commitment:
    """One statement of intent (CODEBOOK B); `start` to `end` is the statement. Identified by the offset of its aim.

    Attributes:
        actor: who is bound, as written, or an implicit one in [brackets].
        actor_at: where that stands, None if implicit.
        party_ids: the actors that are bound, resolved.
        obligation: one of `OBLIGATIONS`.
        aim: main verb as it stands (at most four words).
        stage: one of `STAGES`.
        time_value: normalised time (ISO 8601 date, interval or repeat, e.g. "2030", "R/P1Y"), empty if it cannot be.
        condition_kind: kind of the hedge or escape clause, an id of `codebook/modality.toml`.
        speaker: actor id of the speaker where it stands in a quotation.
        rule: the rule that found it.
        confidence: 0 to 1.
    """

    start: int
    end: int
    actor: str
    aim: Extent
    cue: Extent
    obligation: str
    aim_lemma: str = ""
    actor_at: Extent | None = None
    party_ids: tuple[str, ...] = ()
    joint: bool = False
    object: Extent | None = None
    recipient: Extent | None = None
    stage: str = "new"
    time: Extent | None = None
    time_value: str = ""
    condition: Extent | None = None
    condition_kind: str = ""
    negated: bool = False
    speaker: str = ""
    rule: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A forum that the text sets up or continues: dialogue, committee, working group, exercise, liaison post.

    Attributes:
        start, end: its name as it stands ("annual space security dialogue").
        action: one of `ACTIONS`.
        kind: what it is, an id of `codebook/fora.toml` ("dialogue", "working_group").
        cue: the word that says what happens to it.
        level: who meets, one of `LEVELS`, or empty.
        frequency, frequency_value: how often, as written and as an ISO 8601 repeat (`R/P1Y`), empty if it cannot be.
        first, first_value: when it first meets, as written and normalised.
        areas: areas of the terms in its name, else in its sentence.
        rule: the rule that found it.
    """

    start: int
    end: int
    action: str
    kind: str
    cue: Extent | None = None
    level: str = ""
    frequency: Extent | None = None
    frequency_value: str = ""
    first: Extent | None = None
    first_value: str = ""
    areas: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A treaty, agreement, decision, strategy, programme or resolution that the text names.

    Attributes:
        start, end: its name as written.
        kind: an id of `codebook/instruments.toml`.
        nature: one of `NATURES`; by a known name, else by the kind.
        cue: the phrase by which a matter is handed over to it ("in line with"), None where it is only named.
    """

    start: int
    end: int
    kind: str
    nature: str = "unknown"
    cue: Extent | None = None


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term of the codebook in the text.

    Attributes:
        area: id of the area.
        sub_area: id of the sub-area, empty if the area has none or the term does not decide.
        term: the term as the codebook spells it.
    """

    start: int
    end: int
    area: str
    term: str
    sub_area: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """An area given to a passage.

    Attributes:
        start, end: the passage.
        probability: 0 to 1, calibrated where the model is; 1.0 from terms alone.
        evidence: the words that carried it.
        model_id: what gave it (`terms-1.1` or a model's id).
        status: `asserted` or `uncertain`.
        sub_areas: ids of sub-areas whose terms stand in the passage.
    """

    start: int
    end: int
    area: str
    probability: float
    evidence: tuple[Extent, ...] = ()
    model_id: str = ""
    status: str = "asserted"
    sub_areas: tuple[str, ...] = ()

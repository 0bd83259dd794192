"""The project's own test labels: reading them, finding their places in a document, and measuring against them.

The files and their columns are described in `tests/labels/README.md`. Run as a program it prints the figures of one half, or of
the later set c: `python tests/labels.py a`; with a folder of its own for the documents in `PACTSCOPE_SHARED` as for the tests.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.analyse import Analyser
from pipeline.records import Analysis, Commitment, Mechanism, Quotation
from pipeline.training import fingerprint, words_of

FOLDER = Path(__file__).resolve().parent / "labels"
REAL = Path(os.environ.get("PACTSCOPE_SHARED", FOLDER.parent.parent.parent / "shared")).resolve() / "realdocs"
#: Words that the fingerprint covers at least, so that "we" is told from the next "we".
CONTEXT = 12
#: Two quotations are the same if they share this much of the longer one's characters.
SAME = 0.8
Span = tuple[int, int]
Words = list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Label:
    """A row of a label file; start and end count words of the document, half-open."""

    file: str
    sha256: str
    half: str
    start: int
    end: int
    digest: str
    fields: dict[str, str]

    @property
    def unsure(self) -> bool:
        return self.fields["unsure"] == "true"


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with its place in characters of the document's text."""

    label: Label
    span: Span
    source: Span | None = None


@dataclass(slots=True)
class Tally:
    """Counts of one measurement, and its errors by kind for reading."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[tuple[str, str, Span]] = field(default_factory=list)

    def share(self, part: str, whole: str) -> float:
        return self.counts[part] / self.counts[whole] if self.counts[whole] else 0.0

    def add(self, other: Tally) -> None:
        self.counts.update(other.counts)
        self.errors += other.errors


def read(name: str, half: str) -> dict[str, list[Label]]:
    """The labels of `<name>.csv` in one half by file, with an empty list for a document that was coded and has none."""
    with (FOLDER / "documents.csv").open(encoding="utf-8", newline="") as lines:
        rows = [r for r in csv.DictReader(lines) if r["half"] == half and name in r["coded_for"].split(";")]
    out: dict[str, list[Label]] = {r["file"]: [] for r in rows}
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["half"] == half:
                place = int(row["start"]), int(row["end"])
                out[row["file"]].append(Label(row["file"], row["file_sha256"], half, *place, row["stretch_sha256"], row))
    return out


def partly_coded(half: str) -> set[str]:
    """Documents of which only a stretch was coded for quotations: from the first to the last of its labels."""
    with (FOLDER / "documents.csv").open(encoding="utf-8", newline="") as lines:
        return {r["file"] for r in csv.DictReader(lines) if r["half"] == half and r["part"] == "true"}


def within(found: Sequence[Quotation], coded: Sequence[Placed]) -> list[Quotation]:
    """What is found between the first and the last of a document's labels."""
    start, end = min((p.span[0] for p in coded), default=0), max((p.span[1] for p in coded), default=0)
    return [q for q in found if touch((q.start, q.end), (start, end))]


def stretch_digest(words: Sequence[str], start: int, end: int) -> str:
    """What `stretch_sha256` holds: the fingerprint of the stretch, or of `CONTEXT` words from its start if it is shorter."""
    return fingerprint(words[start : max(end, min(start + CONTEXT, len(words)))])


def locate(words: Words, start: int, end: int, digest: str) -> Span | None:
    """Characters of a stretch that is where it was, or else at the nearest place with the same words; None if there is none."""
    plain = [w for w, _, _ in words]
    length = end - start
    for first in sorted(range(len(plain) - length + 1), key=lambda i: abs(i - start)):
        if stretch_digest(plain, first, first + length) == digest:
            return words[first][1], words[first + length - 1][2]
    return None


def place(labels: Iterable[Label], text: str) -> list[Placed]:
    """The labels that are found in the text, in order."""
    words = words_of(text)
    out = []
    for label in labels:
        span = locate(words, label.start, label.end, label.digest)
        if span:
            out.append(Placed(label, span, _source(words, label)))
    return out


def _source(words: Words, label: Label) -> Span | None:
    if not label.fields.get("source_start"):
        return None
    return locate(words, int(label.fields["source_start"]), int(label.fields["source_end"]), label.fields["source_sha256"])


def overlap(a: Span, b: Span) -> float:
    """Shared characters as a share of the longer of two spans."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return max(shared, 0) / max(a[1] - a[0], b[1] - b[0], 1)


def touch(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def pair(coded: Sequence[Span], found: Sequence[Span], fit: Callable[[Span, Span], float]) -> dict[int, int]:
    """Best pairs first, each used once: index in `coded` to index in `found`; pairs with fit 0 are none."""
    every = [(fit(c, f), i, j) for i, c in enumerate(coded) for j, f in enumerate(found)]
    out: dict[int, int] = {}
    for value, i, j in sorted(every, key=lambda e: (-e[0], e[1], e[2])):
        if value > 0 and i not in out and j not in out.values():
            out[i] = j
    return out


def _same(a: Span, b: Span) -> float:
    value = overlap(a, b)
    return value if value >= SAME else 0.0


def score_quotations(coded: Sequence[Placed], found: Sequence[Quotation], text: str = "") -> Tally:
    """Precision, recall, exact spans and right speakers of one document, by kind and by form.

    What is found counts as neither right nor wrong where it matches an unsure label, or lies within one or within a coded
    quotation of the other kind; so does an indirect one that overlaps a coded direct one.
    """
    tally = Tally()
    for kind in ("direct", "indirect"):
        mine = [p for p in coded if p.label.fields["kind"] == kind]
        theirs = [q for q in found if q.kind == kind]
        pairs = pair([p.span for p in mine], [(q.start, q.end) for q in theirs], _same)
        for i, placed in enumerate(mine):
            if not placed.label.unsure:
                _count_coded(tally, placed, theirs[pairs[i]] if i in pairs else None, text)
        used = set(pairs.values())
        sure = [j for i, j in pairs.items() if not mine[i].label.unsure]
        wrong = [q for j, q in enumerate(theirs) if j not in used and not _excused(q, kind, coded)]
        tally.counts[f"{kind} found"] += len(sure) + len(wrong)
        tally.counts[f"{kind} true"] += len(sure)
        tally.errors += [(f"{kind} wrong", q.rule, (q.start, q.end)) for q in wrong]
    return tally


def _excused(found: Quotation, kind: str, coded: Sequence[Placed]) -> bool:
    span = (found.start, found.end)
    for placed in coded:
        shared = min(span[1], placed.span[1]) - max(span[0], placed.span[0])
        inner = min(span[1] - span[0], placed.span[1] - placed.span[0])
        if placed.label.unsure and shared >= SAME * inner:
            return True
        if placed.label.fields["kind"] != kind and shared > 0 and (kind == "indirect" or shared >= SAME * (span[1] - span[0])):
            return True
    return False


def _count_coded(tally: Tally, placed: Placed, found: Quotation | None, text: str) -> None:
    fields = placed.label.fields
    groups = (fields["kind"], f"form {fields['form']}")
    for group in groups:
        tally.counts[f"{group} coded"] += 1
    if found is None:
        tally.errors.append((f"{fields['kind']} missed", fields["form"], placed.span))
        return
    exact = words_of(text[found.start : found.end]) == words_of(text[slice(*placed.span)])
    sourced = bool(placed.source)
    source_right = bool(placed.source and found.source and touch((found.source.start, found.source.end), placed.source))
    known = bool(fields["speaker"])
    right = known and same_speaker(fields["speaker"], found, placed)
    for group in groups:
        tally.counts[f"{group} matched"] += 1
        tally.counts[f"{group} exact"] += exact
        tally.counts[f"{group} source named"] += sourced
        tally.counts[f"{group} source right"] += source_right
        tally.counts[f"{group} speaker known"] += known
        tally.counts[f"{group} speaker right"] += right
    if known and not right:
        tally.errors.append((f"speaker {found.speaker or 'none'} for {fields['speaker']}", fields["form"], placed.span))


def same_speaker(coded: str, found: Quotation, placed: Placed) -> bool:
    """Persons by their name, states and organisations with an id by the id, other organisations by the source words."""
    if coded.startswith("name:"):
        return found.speaker.startswith("name:") and _same_person(coded, found.speaker)
    if not coded.startswith("org:"):
        return coded == found.speaker
    return bool(found.source and placed.source and touch((found.source.start, found.source.end), placed.source))


def _same_person(one: str, other: str) -> bool:
    """The last name is the same, or one is part of the other (family names come first in East Asia)."""
    a, b = _name(one), _name(other)
    return bool(a and b) and (a[-1] == b[-1] or set(a) <= set(b) or set(b) <= set(a))


def _name(actor_id: str) -> list[str]:
    parts = actor_id.removeprefix("name:").replace(",", " ").lower().split()
    return [p for p in parts if p.rstrip(".") not in {"jr", "sr", "ii", "iii"}]


def score_mechanisms(found: Sequence[Span], coded: Sequence[Placed]) -> Tally:
    """Precision and recall of mechanisms in one document, by any overlap with the name.

    A later mention of the same mechanism (`action` again) and an unsure label count neither way.
    """
    tally = Tally()
    sure = [p for p in coded if p.label.fields["action"] != "again" and not p.label.unsure]
    open_ = [p for p in coded if p not in sure]
    pairs = pair([p.span for p in sure], found, overlap)
    rest = [f for j, f in enumerate(found) if j not in pairs.values()]
    wrong = [f for f in rest if not any(touch(f, p.span) for p in (*open_, *sure))]
    tally.counts.update({"coded": len(sure), "matched": len(pairs), "found": len(pairs) + len(wrong)})
    tally.errors += [("mechanism missed", p.label.fields["action"], p.span) for i, p in enumerate(sure) if i not in pairs]
    tally.errors += [("mechanism wrong", "", f) for f in wrong]
    return tally


def score_mechanism_fields(found: Sequence[Mechanism], coded: Sequence[Placed]) -> Tally:
    """The same with how many of those found have the coded action, level and frequency."""
    spans = [(m.start, m.end) for m in found]
    tally = score_mechanisms(spans, coded)
    sure = [p for p in coded if p.label.fields["action"] != "again" and not p.label.unsure]
    for i, j in pair([p.span for p in sure], spans, overlap).items():
        fields, mine = sure[i].label.fields, found[j]
        given = {"action": mine.action, "level": mine.level, "frequency": mine.frequency_value}
        for name, value in given.items():
            tally.counts[f"{name} right"] += value == fields[name]
            if value != fields[name]:
                tally.errors.append((f"{name} {value or 'none'} for {fields[name] or 'none'}", mine.rule, sure[i].span))
    return tally


def score_parties(coded: Sequence[Placed], commitments: Sequence[Commitment]) -> Tally:
    """How many coded actors carry a commitment in the product, and how many of those have just the right `party_ids`.

    A second answer after "|" (a format for its members) counts as accepted, not as right.
    """
    tally = Tally()
    by_actor: dict[Span, Commitment] = {}
    for commitment in commitments:
        if commitment.actor_at:
            by_actor.setdefault((commitment.actor_at.start, commitment.actor_at.end), commitment)
    for placed in coded:
        if placed.label.unsure:
            continue
        tally.counts["coded"] += 1
        found = [c for at, c in by_actor.items() if touch(at, placed.span)]
        if not found:
            tally.errors.append(("actor missed", placed.label.fields["party_ids"], placed.span))
            continue
        answers = [set(a.split(";")) for a in placed.label.fields["party_ids"].split("|")]
        right = set(found[0].party_ids) == answers[0]
        tally.counts["matched"] += 1
        tally.counts["right"] += right
        tally.counts["accepted"] += set(found[0].party_ids) in answers
        if not right:
            kind = f"parties {';'.join(found[0].party_ids) or 'none'} for {placed.label.fields['party_ids']}"
            tally.errors.append((kind, found[0].actor, placed.span))
    return tally


def analyses(half: str, folder: Path = REAL) -> Iterator[tuple[str, Analysis]]:
    """The product's analysis of every labelled document of a half."""
    files = {file for name in ("quotations", "mechanisms", "parties") for file in read(name, half)}
    analyser = Analyser()
    for file in sorted(files):
        yield file, analyser.analyse(folder / file)


def measure(half: str, folder: Path = REAL) -> dict[str, dict[str, Tally]]:
    """Tallies of quotations, mechanisms and parties, by file."""
    quotations, mechanisms, parties = (read(name, half) for name in ("quotations", "mechanisms", "parties"))
    partly = partly_coded(half)
    out: dict[str, dict[str, Tally]] = defaultdict(dict)
    for file, analysis in analyses(half, folder):
        text, found = analysis.document.text, analysis.annotations
        if file in quotations:
            coded = place(quotations[file], text)
            said = within(found.quotations, coded) if file in partly else list(found.quotations)
            out["quotations"][file] = score_quotations(coded, said, text)
        if file in mechanisms:
            out["mechanisms"][file] = score_mechanism_fields(found.mechanisms, place(mechanisms[file], text))
        if file in parties:
            out["parties"][file] = score_parties(place(parties[file], text), found.commitments)
    return out


def total(tallies: Iterable[Tally]) -> Tally:
    out = Tally()
    for tally in tallies:
        out.add(tally)
    return out


def figures(tallies: dict[str, dict[str, Tally]]) -> dict[str, float]:
    """The shares that floors are set on."""
    q, m, p = (total(tallies[name].values()) for name in ("quotations", "mechanisms", "parties"))
    out = {}
    for kind in ("direct", "indirect"):
        out[f"{kind}_recall"] = q.share(f"{kind} matched", f"{kind} coded")
        out[f"{kind}_precision"] = q.share(f"{kind} true", f"{kind} found")
        out[f"{kind}_exact"] = q.share(f"{kind} exact", f"{kind} matched")
        out[f"{kind}_source"] = q.share(f"{kind} source right", f"{kind} source named")
        out[f"{kind}_speaker"] = q.share(f"{kind} speaker right", f"{kind} speaker known")
    out["mechanism_recall"] = m.share("matched", "coded")
    out["mechanism_precision"] = m.share("matched", "found")
    for name in ("action", "level", "frequency"):
        out[f"mechanism_{name}"] = m.share(f"{name} right", "matched")
    out["party_actor_recall"] = p.share("matched", "coded")
    out["party_accuracy"] = p.share("right", "matched")
    out["party_accepted"] = p.share("accepted", "matched")
    return out


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else "a"
    measured = measure(wanted)
    for key, share in figures(measured).items():
        print(f"{key:22} {share:.3f}")
    for set_name, by_file in measured.items():
        print(set_name, dict(sorted(total(by_file.values()).counts.items())))
        for name, tally in by_file.items():
            for error, detail, at in tally.errors:
                print(f"{set_name}\t{error}\t{detail}\t{name}\t{at[0]}-{at[1]}")

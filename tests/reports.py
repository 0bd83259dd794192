"""Small datasets for the tests of the report: invented sentences, and one document that tries to be more than text."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.dataset import Dataset, load_dataset, write_dataset
from pipeline.dataset.tables import tables_of
from pipeline.records import (
    Analysis,
    Annotations,
    Block,
    Commitment,
    Document,
    Extent,
    Failure,
    Mechanism,
    Mention,
    Metadata,
    Note,
    Page,
    Segment,
    Tag,
    Value,
)  # fmt: skip

AREAS = {"space": "Space Security", "maritime": "Maritime Security"}
HOSTILE = (
    "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'> {{ 7 * 7 }} ${7*7} </script> </template> =1+1 "
    '\u2028 javascript:alert(1) " onclick="window.hacked = 1'
)


def analysis_of(key: str, sentences: Sequence[str], *, title: str = "", date: str = "2026-01-02", url: str = "") -> Analysis:
    """Each sentence "We will …" is a numbered passage with one commitment; every second one is about space.

    The actor is the European Union, mentioned in the first word; "dialogue" is a forum.
    """
    text, blocks, commitments, tags, mentions, fora = "\n".join(sentences), [], [], [], [], []
    for number, sentence in enumerate(sentences):
        start = sum(len(s) + 1 for s in sentences[:number])
        end = start + len(sentence)
        heading = "First part" if number < 2 else "Second part"
        blocks.append(Block(start, end, "paragraph", heading_path=(title or key, heading)))
        aim = Extent(start + 8, start + 8 + len(sentence[8:].split()[0]))
        firm = "committed" if number % 2 else "intended"
        actor = Extent(start, start + 2)
        cue = Extent(start + 3, start + 7)
        commitments.append(Commitment(start, end, "We", aim, cue, firm, actor_at=actor, party_ids=("EU",), rule="modal"))
        mentions.append(Mention(start, start + 2, "organisation", "EU", rule="gazetteer"))
        area, word = ("space", "orbits") if number % 2 else ("maritime", "ports")
        at = text.find(word, start, end)
        evidence = (Extent(at, at + len(word)),) if at >= 0 else ()
        tags.append(Tag(start, end, area, 0.93, evidence, model_id="terms"))
        if (at := text.find("dialogue", start, end)) >= 0:
            fora.append(Mechanism(at, at + 8, "set_up", "dialogue", cue=cue, areas=(area,)))
    facts = Metadata(title=Value(title or key, "heading"), date=Value(date, "given"), url=Value(url, "given") if url else None)
    segments = (Segment(0, len(text), 1, 0),)
    notes = (Note("other_language", f"Something about {title or key}."),)
    pages = (Page(1, text),)
    document = Document(
        key[:12].ljust(12, "0"), key, f"{title}.txt", facts, pages, text, segments, tuple(blocks), notes, "text/plain"
    )
    found = Annotations(mentions=tuple(mentions), commitments=tuple(commitments), mechanisms=tuple(fora))
    return Analysis(document, found, tuple(tags), "s", "c")


def dataset_of(folder: Path, analyses: Sequence[Analysis], failures: Sequence[Failure] = ()) -> Dataset:
    """The analyses written and loaded as a dataset."""
    from pipeline.dataset.tables import failure_row

    rows = [tables_of(analysis) for analysis in analyses] + [{"failures": [failure_row(f, "")]} for f in failures]
    merged = {table: [row for tables in rows for row in tables.get(table, [])] for table in {t for r in rows for t in r}}
    write_dataset(merged, folder)
    return load_dataset(folder)


DRAFT = ["We will guard ports together.", "We will watch orbits every day of the year.", "We will hold a dialogue in ports."]
FINAL = [
    "We will guard ports together.",
    "We will watch orbits every second day of the year.",
    "We will refuse everything else.",
]


def three(folder: Path) -> Dataset:
    """A draft, its final text, a hostile document, and a failure."""
    analyses = [
        analysis_of("draft", DRAFT, title="Draft", date="2026-01-02"),
        analysis_of("final", FINAL, title="Final", date="2026-02-03", url="https://example.org/final"),
        analysis_of(
            f"x/{HOSTILE}", [f"We will refuse {HOSTILE} in full."], title=HOSTILE, date="2026-03-04", url="javascript:alert(1)"
        ),
    ]
    failure = Failure(f"{HOSTILE}.pdf", "read", "ReadError", f"It is broken: {HOSTILE}", "Open it and look.", "broken")
    return dataset_of(folder, analyses, [failure])

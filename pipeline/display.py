"""One analysis for a terminal: structure, tags and commitments as coloured text (`pactscope show`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipeline.records import OBLIGATIONS, Analysis, Block, Commitment

#: Firmer is warmer; names of the terminal's own colours, so that light and dark themes both stay readable.
COLOURS = dict(zip(OBLIGATIONS, ("cyan", "blue", "magenta", "red"), strict=True))
FIELDS = ("title", "date", "publisher", "doc_type", "parties", "url", "legal_status", "announced_status")


def render(analysis: Analysis) -> Group:
    """The whole document: facts, notes, passages with their codes, and counts."""
    return Group(_facts(analysis), *_notes(analysis), *_blocks(analysis), _legend(analysis))


def _facts(analysis: Analysis) -> RenderableType:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name in FIELDS:
        value = getattr(analysis.document.metadata, name)
        if value:
            because = f"{value.source}: “{value.evidence}”" if value.evidence else value.source
            table.add_row(Text(name.replace("_", " "), "dim"), Text(value.value, "bold"), Text(because, "dim"))
    return Panel(table, title=Text(analysis.document.key), title_align="left")


def _notes(analysis: Analysis) -> Iterator[RenderableType]:
    for note in analysis.document.notes:
        where = f" (page {note.page})" if note.page else ""
        yield Text(f"Note{where}: {note.message}", "yellow")


def _blocks(analysis: Analysis) -> Iterator[RenderableType]:
    for block in analysis.document.blocks:
        yield from _block(analysis, block)


def _block(analysis: Analysis, block: Block) -> Iterator[RenderableType]:
    document = analysis.document
    if block.kind == "heading":
        yield Text("\n" + document.slice(block), f"bold {'underline' if block.level <= 1 else ''}")
        return
    text = Text(document.slice(block))
    for m in analysis.annotations.mentions:
        if block.start <= m.start < block.end:
            text.stylize("italic", m.start - block.start, m.end - block.start)
    inside = [c for c in analysis.annotations.commitments if block.start <= c.aim.start < block.end]
    for c in inside:
        for part in (c.cue, c.aim):
            if block.start <= part.start < block.end:
                text.stylize(f"bold {COLOURS[c.obligation]}", part.start - block.start, part.end - block.start)
    if block.kind == "list_item" and not block.number:
        text = Text("• ") + text
    if block.language not in ("en", ""):
        text.stylize("dim")
    indent = 2 * max(block.level, 1) if block.kind == "list_item" else 4 if block.kind in ("quotation", "footnote") else 0
    yield Padding(Group(Text(), text, *_codes(analysis, block, inside)), (0, 0, 0, indent))


def _codes(analysis: Analysis, block: Block, commitments: list[Commitment]) -> Iterator[RenderableType]:
    tags = [t for t in analysis.area_tags if t.start == block.start]
    if tags:
        yield Text("  ▪ " + ", ".join(t.area + ("?" if t.status == "uncertain" else "") for t in tags), "green")
    for c in commitments:
        yield _commitment(analysis, c)


def _commitment(analysis: Analysis, c: Commitment) -> Text:
    words = analysis.document.slice
    line = Text("  → ", COLOURS[c.obligation])
    line.append(f"{c.obligation} {c.stage}", f"bold {COLOURS[c.obligation]}")
    bound = "+".join(c.party_ids) or "?"
    aim = "not " * c.negated + words(c.aim)
    line.append(f"  {c.actor} [{bound}] · {words(c.cue)} · {aim}")
    for label, part in (("object", c.object), ("with", c.recipient), ("when", c.time), ("if", c.condition)):
        if part:
            line.append(f"  {label}: ", "dim").append(words(part))
    if c.speaker:
        line.append("  says: ", "dim").append(c.speaker)
    return line


def _legend(analysis: Analysis) -> RenderableType:
    found = analysis.annotations
    firm = Counter(c.obligation for c in found.commitments)
    line = Text(f"\n{len(analysis.document.passages())} passages, {len(found.mentions)} mentions, ")
    line.append(f"{len(found.quotations)} quotations, {len(found.commitments)} commitments: ")
    for name in OBLIGATIONS:
        line.append(f" {name} {firm[name]} ", COLOURS[name])
    areas = Counter(t.area for t in analysis.area_tags if t.status == "asserted")
    return Group(line, Text("Areas: " + (", ".join(f"{a} {n}" for a, n in areas.most_common()) or "none"), "green"))

"""Text with marks as safe HTML: marks may nest, cross and repeat; and one analysis as a card for a notebook.

Nothing here reads a text as markup: text and attribute values are escaped, and the names of tags, classes and attributes come
from the program, never from a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from pipeline.records import OBLIGATIONS, Analysis, Block

_STYLE = Path(__file__).with_name("highlight.css")
#: Passages shown in a notebook; the rest is counted.
_SHOWN = 60
_FACTS = ("date", "doc_type", "parties", "publisher", "legal_status")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text to be shown as something.

    Attributes:
        start, end: half-open offsets in the text; what lies outside of it is cut off.
        classes: CSS classes, separated by spaces.
        attributes: further attributes; an `id` stands at the first piece only.
        tag: name of the element.
    """

    start: int
    end: int
    classes: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    tag: str = "span"


def render(text: str, marks: Iterable[Mark]) -> str:
    """The text as HTML with an element for each mark, outer marks first.

    Elements must nest, marks need not: where two cross, the one that began later is closed and opened again (`class="… cont"`),
    so that every character stands in the elements of all marks that cover it.
    """
    cut = [_cut(mark, len(text)) for mark in marks]
    kept = sorted((m for m in cut if m.start < m.end), key=lambda m: (m.start, -m.end))
    places = sorted({0, len(text), *(m.start for m in kept), *(m.end for m in kept)})
    out: list[str] = []
    stack: list[Mark] = []
    following = 0
    for place, then in zip(places, [*places[1:], len(text)], strict=True):
        again = _close(stack, place, out)
        new = following
        while new < len(kept) and kept[new].start == place:
            new += 1
        for mark in [*again, *kept[following:new]]:
            out.append(_opening(mark, begun=mark.start < place))
            stack.append(mark)
        following = new
        out.append(escape(text[place:then], quote=False))
    return "".join(out)


def _cut(mark: Mark, length: int) -> Mark:
    return Mark(max(mark.start, 0), min(mark.end, length), mark.classes, mark.attributes, mark.tag)


def _close(stack: list[Mark], place: int, out: list[str]) -> list[Mark]:
    """Closes the open marks that end here and those inside of them; returns what has to be opened again, outermost first."""
    ending = next((i for i, mark in enumerate(stack) if mark.end <= place), len(stack))
    closed = stack[ending:]
    del stack[ending:]
    out.extend(f"</{mark.tag}>" for mark in reversed(closed))
    return [mark for mark in closed if mark.end > place]


def _opening(mark: Mark, *, begun: bool) -> str:
    classes = f"{mark.classes} cont" if begun else mark.classes
    rest = {name: value for name, value in mark.attributes.items() if not (begun and name == "id")}
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in {"class": classes, **rest}.items())
    return f"<{mark.tag}{attributes}>"


def card(analysis: Analysis) -> str:
    """One analysis for a notebook: what it is, its passages with commitments, actors and areas marked, and counts.

    The HTML brings its own style, which is scoped to it and follows the notebook's light or dark theme.
    """
    document = analysis.document
    title = document.metadata.text_of("title") or document.key
    facts = " · ".join(escape(_words(value)) for name in _FACTS if (value := document.metadata.text_of(name)))
    notes = "".join(f'<p class="note">{escape(note.message)}</p>' for note in document.notes)
    passages = document.passages()
    body = "".join(_passages(analysis, passages[:_SHOWN]))
    more = f"<p class='fact'>… and {len(passages) - _SHOWN} more passages</p>" if len(passages) > _SHOWN else ""
    style = f"<style>{_STYLE.read_text('utf-8')}</style>"
    head = f"<h4>{escape(title)}</h4><p class='fact'>{facts}</p><p class='fact'>{_counts(analysis)}</p>"
    return f"{style}<div class='pactscope'>{head}{notes}<div class='text'>{body}{more}</div></div>"


def _counts(analysis: Analysis) -> str:
    found = analysis.annotations
    firm = [sum(c.obligation == name for c in found.commitments) for name in OBLIGATIONS]
    levels = " ".join(f'<span class="cue {name}">{n} {name}</span>' for n, name in zip(firm, OBLIGATIONS, strict=True) if n)
    passages, mentions, commitments = len(analysis.document.passages()), len(found.mentions), len(found.commitments)
    return f"{passages} passages, {mentions} mentions of actors, {commitments} commitments{': ' if levels else ''}{levels}"


def _passages(analysis: Analysis, passages: list[Block]) -> Iterator[str]:
    """Each passage as a paragraph, below its headings where they change."""
    title, last = analysis.document.metadata.text_of("title"), tuple[str, ...]()
    for block in passages:
        same = next((i for i, (a, b) in enumerate(zip(last, block.heading_path, strict=False)) if a != b), len(last))
        new = block.heading_path[same:]
        yield from (f"<p class='heading'>{escape(heading)}</p>" for heading in new if heading != title)
        last = block.heading_path
        text = render(analysis.document.slice(block), _marks(analysis, block))
        yield f"<p class='{block.kind}'>{text}{_chips(analysis, block)}</p>"


def _marks(analysis: Analysis, block: Block) -> Iterator[Mark]:
    found = analysis.annotations
    inside = (m for m in found.mentions if block.start <= m.start < block.end)
    yield from (_mark(block, m, "actor", m.actor_id) for m in inside)
    for c in found.commitments:
        if block.start <= c.start < block.end:
            yield _mark(block, c, "statement", f"{c.obligation}, {c.stage}: {'; '.join(c.party_ids)}")
            yield _mark(block, c.cue, f"cue {c.obligation}", f"cue: {c.obligation}")
            yield _mark(block, c.aim, f"aim {c.obligation}", f"{c.obligation}, {c.stage}")


def _mark(block: Block, item: Any, classes: str, title: str) -> Mark:
    return Mark(item.start - block.start, item.end - block.start, classes, {"title": title})


def _chips(analysis: Analysis, block: Block) -> str:
    tags = [t for t in analysis.area_tags if t.start == block.start]
    chips = (f" <span class='chip'>{escape(_words(t.area))}{'?' if t.status == 'uncertain' else ''}</span>" for t in tags)
    return "".join(chips)


def _words(ids: str) -> str:
    return ids.replace("_", " ").replace(";", ", ")

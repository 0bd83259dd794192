"""What blocks are to each other: headings of two lines, heading paths, and the lead-ins of list items."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from pipeline.numbering import division, successor
from pipeline.records import Block
from pipeline.structure.blocks import Part

_INTRODUCES = re.compile(
    r"(?:[:—–]|\b(?:to|that|by|as follows|including|includes?|namely|in particular|such as|will|shall|should|may|must)"
    r"[,;]?)\s*$",
    re.I,
)
_ENDED = re.compile(r"[.!?;…][”’\"')\]]*\s*$")
#: The sentence goes on in the items; behind other colons stand whole sentences ("have agreed as follows:").
_GOES_ON = re.compile(r"\b(?:to|that|by|including|includes?|will|shall|should|may|must)[,;:—–]*\s*$", re.I)
_LOWER = re.compile(r"\b[a-z]+\b")


def merge_titles(parts: Iterable[Part], words: Callable[[Part], str]) -> Iterator[Part]:
    """Joins the number of a division to its title: "Article 4" over "Exchange of personnel" is one heading."""
    last: Part | None = None
    for part in parts:
        if last and _is_title_of(last, part, words=words):
            last.slices += [replace(part.slices[0], joiner=" "), *part.slices[1:]]
        else:
            if last:
                yield last
            last = part
    if last:
        yield last


def _is_title_of(above: Part, part: Part, *, words: Callable[[Part], str]) -> bool:
    if above.kind != "heading" or part.kind != "heading" or part.number or part.level < above.level:
        return False
    first = words(above).strip()
    return first.rstrip(".:–—- ") == division(first).rstrip(".") != "" and not division(words(part))


def heading_paths(blocks: Iterable[Block], text: str) -> Iterator[Block]:
    """Gives every block the headings above it, outermost first."""
    open_: list[tuple[int, str]] = []
    for block in blocks:
        if block.kind == "heading":
            open_ = [(level, words) for level, words in open_ if level < block.level]
        yield replace(block, heading_path=tuple(words for _, words in open_))
        if block.kind == "heading":
            open_.append((block.level, text[block.start : block.end]))


@dataclass(slots=True)
class _Lists:
    """The lists that are open: by depth the lead-in that their items share, and the number of the last item."""

    leads: dict[int, int | None] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)

    def enter(self, level: int) -> None:
        """Closes the lists below a depth."""
        self.leads = {depth: lead for depth, lead in self.leads.items() if depth <= level}
        self.numbers = {depth: number for depth, number in self.numbers.items() if depth <= level}

    def resumes(self, level: int, number: str) -> bool:
        """Whether an item is the next of a list that a paragraph seemed to end."""
        return level in self.leads and bool(number) and successor(self.numbers.get(level, ""), number)


def lead_ins(blocks: Iterable[Block], text: str) -> list[Block]:
    """Gives every list item the block that introduces it: all items of a list share it, nested ones have their parent item.

    The items of one list may have footnotes and further paragraphs of an item between them: a paragraph that its source places
    inside an item (its level says so), or behind which the numbers go on. A lead-in right above a heading ("The Parties will:")
    holds for the lists right under that heading and its sisters.
    """
    done: list[Block] = []
    finder = _Finder(text)
    for i, block in enumerate(blocks):
        if block.kind == "list_item":
            block = finder.item(i, block)
        elif block.kind == "heading":
            finder.heading(i, block)
        elif block.kind != "footnote":
            block = finder.other(i, block)
        done.append(block)
    return done


class _Finder:
    """Goes through blocks and keeps what may introduce the next list item."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lists = _Lists()
        self._closed = _Lists()
        self._introduction: int | None = None
        self._over: tuple[int, int] | None = None  # a lead-in above headings, and their level
        self._last = -1  # the last paragraph that introduces,
        self._opens = False  # and whether its sentence goes on in the items

    def item(self, i: int, block: Block) -> Block:
        """The item with its lead-in."""
        level = max(1, block.level)
        if not self._lists.leads and self._introduction is None and self._closed.resumes(level, block.number):
            self._lists = self._closed
        self._lists.enter(level)
        lead = self._lists.leads.setdefault(level, self._introduction)
        self._lists.numbers[level] = block.number
        self._introduction = i if _INTRODUCES.search(self._text, block.start, block.end) else lead
        return replace(block, lead_in=lead)

    def heading(self, i: int, block: Block) -> None:
        """Ends all lists."""
        if self._last == i - 1 >= 0 and not block.number and self._opens:
            self._over = (self._last, block.level)
        elif self._over and block.level < self._over[1]:
            self._over = None
        self._lists, self._closed = _Lists(), _Lists()
        self._introduction = self._over[0] if self._over else None

    def other(self, i: int, block: Block) -> Block:
        """A paragraph ends the list, unless it belongs to an item; its level has then served its purpose."""
        introduces = _introduces(block, self._text)
        if block.kind != "paragraph" or not block.level or not self._lists.leads:
            self._closed = self._lists if self._lists.leads else self._closed
            self._lists = _Lists()
            self._introduction = i if introduces else None
            self._last = i if introduces else self._last
            self._opens = _GOES_ON.search(self._text, block.start, block.end) is not None
        elif introduces:
            self._introduction = i
        return replace(block, level=0) if block.kind == "paragraph" else block


def _introduces(block: Block, text: str) -> bool:
    """Whether a block leads to what follows: by its last sign or word, or because its sentence has not ended."""
    if block.kind in ("heading", "table_row"):
        return False
    if _INTRODUCES.search(text, block.start, block.end):
        return True
    words = text[block.start : block.end].split()
    if len(words) < 4 or _ENDED.search(text, block.start, block.end) or not words[-1].rstrip(",").islower():
        return False
    return sum(bool(_LOWER.fullmatch(word)) for word in words) >= 3

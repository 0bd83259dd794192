"""An analyser for tests that needs no model: every line a paragraph, "# " a heading, every "will" a commitment.

A line FAULT raises a ValueError, REFUSE a ReadError, CRASH kills the process it runs in; SLOW waits a moment.
"""

import hashlib
import os
import re
import time
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.records import (
    Analysis,
    Annotations,
    Block,
    Commitment,
    Document,
    Extent,
    Instrument,
    Mechanism,
    Mention,
    Metadata,
    Note,
    Page,
    Quotation,
    Segment,
    Tag,
    TermHit,
    Value,
)

SETTINGS = "fakesettings"
TEXT = """# Arvenia-Belmark Security and Defence Partnership
1. Arvenia and Belmark will hold a dialogue on maritime security by 2030. The Parties will meet.
2. The Parties:
- will train together
The press said “we will see”.
"""


class FakeAnalyser:
    """Has the interface of `analyse.Analyser`."""

    def analyse(self, path: Path, entry: dict[str, str] | None = None) -> Analysis:
        data = Path(path).read_bytes()
        text = data.decode()
        for word, act in {"SLOW": _wait, "CRASH": _crash, "FAULT": _fault, "REFUSE": _refuse}.items():
            if word in text:
                act()
        return analysis_of(text, name=Path(path).name, entry=entry or {})


def make() -> FakeAnalyser:
    return FakeAnalyser()


def make_none() -> FakeAnalyser:
    raise AssertionError("the analyser must not be made when nothing is pending")


def _wait() -> None:
    time.sleep(0.02)


def _crash() -> None:
    os._exit(9)


def _fault() -> None:
    raise ValueError("cannot be parsed")


def _refuse() -> None:
    error = ReadError("The file is encrypted.", advice="Save it without a password.")
    error.stage = "read"
    raise error


def analysis_of(text: str, *, name: str = "fake.txt", entry: dict[str, str] | None = None) -> Analysis:
    """The fake analysis of a text."""
    blocks = _blocks(text)
    metadata = {"title": "Arvenia-Belmark Security and Defence Partnership", "date": "2025-05-19", "doc_type": "agreement"}
    metadata |= {"parties": "XAA;XAB"} | {k: v for k, v in (entry or {}).items() if k != "file"}
    document = Document(
        doc_id=hashlib.sha256(text.encode()).hexdigest()[:12],
        key="",
        source=name,
        metadata=Metadata(**{k: Value(v, "catalogue") for k, v in metadata.items()}),
        pages=(Page(1, text),),
        text=text,
        segments=(Segment(0, len(text), 1, 0),),
        blocks=tuple(blocks),
        notes=(Note("no_text_layer", "Page 3 has no text."),),
        media_type="text/plain",
    )
    found = Annotations(
        mentions=tuple(_mentions(text)),
        quotations=tuple(Quotation(m.start() + 1, m.end() - 1, "direct") for m in re.finditer("“.*?”", text)),
        commitments=tuple(_commitment(text, m) for m in re.finditer(r"will (\w+)", text)),
        mechanisms=tuple(
            Mechanism(m.start(), m.end(), "set_up", "dialogue", level="ministers", frequency_value="R/P1Y", areas=("maritime",))
            for m in re.finditer(r"dialogue on \w+ \w+|forum", text)
        ),
        instruments=tuple(
            Instrument(m.start(1), m.end(1), "treaty", "binding", Extent(m.start(), m.start() + 5))
            for m in re.finditer(r"under the (\w+ Pact)", text)
        ),
        terms=tuple(TermHit(m.start(), m.end(), "", "train") for m in re.finditer("train", text)),
    )
    return Analysis(document, found, tuple(_tags(text, blocks)), SETTINGS, "1.1 abc")


def _blocks(text: str) -> list[Block]:
    blocks: list[Block] = []
    headings: tuple[str, ...] = ()
    lead: int | None = None
    for line in re.finditer(r"[^\n]+", text):
        number = re.match(r"\d+\.", line[0])
        if line[0].startswith("# "):
            blocks.append(Block(line.start() + 2, line.end(), "heading", level=1))
            headings = (line[0][2:],)
        elif line[0].startswith("- "):
            blocks.append(Block(line.start() + 2, line.end(), "list_item", "", 1, headings, lead, "en"))
        else:
            lead = len(blocks) if line[0].endswith(":") else None
            blocks.append(Block(line.start(), line.end(), "paragraph", number[0] if number else "", 0, headings, None, "en"))
    return blocks


def _mentions(text: str) -> list[Mention]:
    ids = {"Arvenia": "XAA", "Belmark": "XAB"}
    return [Mention(m.start(), m.end(), "state", ids[m[0]], rule="gazetteer") for m in re.finditer("Arvenia|Belmark", text)]


def _commitment(text: str, cue: re.Match[str]) -> Commitment:
    start = max(text.rfind(c, 0, cue.start()) for c in ".:\n-") + 1
    start += len(text[start:]) - len(text[start:].lstrip())
    time_ = re.compile(r"by \d{4}").search(text, cue.end(), cue.end() + 60)
    return Commitment(
        start=start,
        end=cue.end(),
        actor="The Parties",
        aim=Extent(*cue.span(1)),
        cue=Extent(cue.start(), cue.start() + 4),
        obligation="committed",
        aim_lemma=cue[1],
        party_ids=("XAA", "XAB"),
        joint=True,
        time=Extent(*time_.span()) if time_ else None,
    )


def _tags(text: str, blocks: list[Block]) -> list[Tag]:
    words = {"maritime": "maritime", "dialogue": "peacebuilding"}
    tags = []
    for block in blocks:
        for word, area in words.items():
            at = text.find(word, block.start, block.end)
            if at >= 0:
                tags.append(Tag(block.start, block.end, area, 1.0, (Extent(at, at + len(word)),), "terms-1.1"))
    return tags

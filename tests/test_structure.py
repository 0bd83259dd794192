"""Documents made of sources: offsets, heading paths, lead-ins, notes and the way back to the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import ingest, structure
from pipeline.errors import ReadError
from pipeline.numbering import division, number_of
from pipeline.records import BLOCK_KINDS, JOINERS, Document, Line, Page, Source
from pipeline.structure.hyphens import Hyphens


def source(*lines: tuple[str, str, int], name: str = "Pact of Arvenia.html") -> Source:
    """A marked-up source of (kind, words, level); words that begin with "+" go on with the block before."""
    text, made = "", []
    for kind, words, level in lines:
        joined = words.startswith("+")
        words = words.lstrip("+")
        number = number_of(words) if kind == "list_item" else division(words)
        made.append(Line(len(text), len(text) + len(words), kind, level, number, " " if joined else None))
        text += words + "\r\n"
    return Source(name, "text/html", "0123456789abcdef" * 4, (Page(1, text, tuple(made)),))


def assert_true_offsets(doc: Document) -> None:
    """The invariants of `records`: verbatim segments in order, joiners between them, blocks side by side."""
    pages = {page.number: page.text for page in doc.pages}
    end = 0
    for s in doc.segments:
        assert doc.text[end : s.start] in JOINERS
        assert s.start < s.end
        assert doc.text[s.start : s.end] == pages[s.page][s.source_start : s.source_start + s.end - s.start]
        end = s.end
    assert end == len(doc.text)
    place = 0
    for i, block in enumerate(doc.blocks):
        assert block.start == place and block.start < block.end and block.kind in BLOCK_KINDS
        assert block.lead_in is None or block.lead_in < i
        assert i == len(doc.blocks) - 1 or doc.text[block.end] == "\n"
        place = block.end + 1
    assert place == len(doc.text) + 1


# --- offsets --------------------------------------------------------------------------------------------------------------

WORDS = st.text(st.sampled_from("abcXYZ äﬁ.,:-—\xad\n\t1(•😀"), min_size=1, max_size=40)


@st.composite
def marked_sources(draw: st.DrawFn) -> Source:
    """Pages of any text, cut into lines anywhere, in any order, of any kind and joiner."""
    pages = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        text = draw(WORDS)
        lines = []
        for _ in range(draw(st.integers(0, 5))):
            start = draw(st.integers(0, len(text)))
            end = draw(st.integers(start, len(text)))
            kind = draw(st.sampled_from([*BLOCK_KINDS, "furniture"]))
            joiner = draw(st.sampled_from([None, *JOINERS[:3]]))
            lines.append(Line(start, end, kind, draw(st.integers(0, 4)), joiner=joiner))
        pages.append(Page(number, text, tuple(lines)))
    return Source("a", "text/html", "0" * 64, tuple(pages))


@st.composite
def laid_out_sources(draw: st.DrawFn) -> Source:
    """Pages whose lines lie anywhere on the paper, in any size."""
    pages = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        words = draw(st.lists(WORDS, max_size=8))
        text, lines = "", []
        for word in words:
            x, y = draw(st.integers(0, 500)), draw(st.integers(0, 800))
            size = draw(st.sampled_from([8.0, 10.0, 11.0, 18.0]))
            box = (float(x), float(y), x + 5.0 * len(word), y + size)
            lines.append(Line(len(text), len(text) + len(word), box=box, font_size=size, bold=draw(st.booleans())))
            text += word + "\r\n"
        pages.append(Page(number, text, tuple(lines), (595.0, 842.0)))
    return Source("a.pdf", "application/pdf", "0" * 64, tuple(pages))


@settings(max_examples=200, deadline=None)
@given(st.one_of(marked_sources(), laid_out_sources()))
def test_offsets_hold_for_any_lines(made: Source) -> None:
    try:
        doc = structure.build(made)
    except ReadError:
        return
    assert_true_offsets(doc)
    for block in doc.blocks:
        places = structure.locate(doc, block.start, block.end)
        found = "".join(doc.pages[p.page - 1].text[p.start : p.end] for p in places)
        assert [c for c in found if c in doc.slice(block)] == list(found)


def real_files(shared: Path) -> Iterator[Path]:
    for folder in sorted((shared / "realdocs").iterdir()):
        if folder.is_dir():
            yield from sorted(folder.iterdir())


@pytest.mark.shared
@pytest.mark.slow
def test_offsets_hold_for_every_real_file(shared: Path) -> None:
    for file in real_files(shared):
        try:
            doc = structure.build(ingest.read(file))
        except ReadError:
            continue
        assert_true_offsets(doc)


# --- blocks ---------------------------------------------------------------------------------------------------------------


def test_a_block_is_a_line_and_the_joined_lines_after_it() -> None:
    doc = structure.build(source(("paragraph", "The Parties will meet", 0), ("paragraph", "+every year.", 0)))
    assert doc.text == "The Parties will meet every year." and len(doc.blocks) == 1
    assert doc.doc_id == "0123456789ab" and doc.key == "pact-of-arvenia"


def test_furniture_is_no_text() -> None:
    doc = structure.build(source(("furniture", "Share this page", 0), ("paragraph", "The Parties will meet.", 0)))
    assert doc.text == "The Parties will meet."


def test_a_source_without_text_is_an_error() -> None:
    with pytest.raises(ReadError, match="no text"):
        structure.build(source(("furniture", "Share this page", 0)))


def test_heading_paths_follow_the_levels() -> None:
    doc = structure.build(
        source(
            ("heading", "Pact", 1),
            ("heading", "Space", 2),
            ("paragraph", "One.", 0),
            ("heading", "Cyber", 2),
            ("paragraph", "Two.", 0),
            ("heading", "Annex", 1),
            ("paragraph", "Three.", 0),
        )
    )
    paths = {doc.slice(b): b.heading_path for b in doc.blocks}
    assert paths["One."] == ("Pact", "Space") and paths["Two."] == ("Pact", "Cyber")
    assert paths["Three."] == ("Annex",) and paths["Cyber"] == ("Pact",)


def test_items_share_their_lead_in_and_nested_ones_have_their_parent() -> None:
    doc = structure.build(
        source(
            ("paragraph", "The Parties will, as appropriate:", 0),
            ("list_item", "meet every year,", 1),
            ("list_item", "cooperate on space, including:", 1),
            ("list_item", "debris;", 2),
            ("list_item", "launches;", 2),
            ("list_item", "exchange officers.", 1),
            ("paragraph", "They will review the Pact.", 0),
            ("list_item", "a list of its own", 1),
        )
    )
    assert [b.lead_in for b in doc.blocks] == [None, 0, 0, 2, 2, 0, None, None]


def test_a_footnote_does_not_end_a_list() -> None:
    doc = structure.build(
        source(
            ("paragraph", "The Parties will:", 0),
            ("list_item", "meet;", 1),
            ("footnote", "1 In Arvenia.", 0),
            ("list_item", "talk.", 1),
        )
    )
    assert [b.lead_in for b in doc.blocks] == [None, 0, None, 0]


def test_a_paragraph_inside_an_item_does_not_end_the_list() -> None:
    doc = structure.build(
        source(
            ("paragraph", "The Parties will:", 0),
            ("list_item", "meet;", 1),
            ("paragraph", "The place alternates.", 1),
            ("list_item", "talk.", 1),
        )
    )
    assert [b.lead_in for b in doc.blocks] == [None, 0, None, 0]
    assert [b.level for b in doc.blocks] == [0, 1, 0, 1]


def test_a_list_whose_numbers_go_on_behind_a_paragraph_is_one_list() -> None:
    doc = structure.build(
        source(
            ("paragraph", "The Parties will:", 0),
            ("list_item", "(a) meet;", 1),
            ("list_item", "(b) talk;", 1),
            ("paragraph", "The place of the talks alternates.", 0),
            ("list_item", "(c) write to each other.", 1),
            ("paragraph", "The costs are shared.", 0),
            ("list_item", "(a) This is another list.", 1),
        )
    )
    assert [b.lead_in for b in doc.blocks] == [None, 0, 0, None, 0, None, None]


def test_a_sentence_that_has_not_ended_leads_in_even_over_headings() -> None:
    doc = structure.build(
        source(
            ("paragraph", "Under the Pact, Arvenia and Belmark plan", 0),
            ("list_item", "to meet.", 1),
            ("paragraph", "The Pact will:", 0),
            ("heading", "At sea", 2),
            ("list_item", "protect cables;", 1),
            ("heading", "On land", 2),
            ("list_item", "protect pipes.", 1),
            ("heading", "Annex", 1),
            ("list_item", "Pipes", 1),
        )
    )
    assert [b.lead_in for b in doc.blocks] == [None, 0, None, None, 2, None, 2, None, None]


def test_articles_have_no_lead_in_from_above_their_headings() -> None:
    doc = structure.build(
        source(
            ("paragraph", "The Parties have agreed as follows:", 0),
            ("heading", "Article 1", 2),
            ("list_item", "(a) The Parties shall meet.", 1),
        )
    )
    assert doc.blocks[2].lead_in is None


def test_the_number_and_the_title_of_an_article_are_one_heading() -> None:
    doc = structure.build(
        source(
            ("heading", "Article 1", 3),
            ("heading", "Scope", 4),
            ("paragraph", "This Pact covers the sea.", 0),
            ("heading", "TITLE II", 2),
            ("heading", "Article 2", 3),
        )
    )
    first, paragraph, *rest = doc.blocks
    assert (doc.slice(first), first.number, first.level) == ("Article 1 Scope", "Article 1", 3)
    assert paragraph.heading_path == ("Article 1 Scope",)
    assert [doc.slice(b) for b in rest] == ["TITLE II", "Article 2"]


def test_the_source_is_a_file_name_and_no_path(tmp_path: Path) -> None:
    file = tmp_path / "pact.txt"
    file.write_text("The Parties will meet every year in Arvenia.", "utf-8")
    assert structure.build(ingest.read(file)).source == "pact.txt"


def test_other_languages_are_marked_and_counted() -> None:
    doc = structure.build(
        source(
            ("paragraph", "The Parties shall hold consultations on the security of the region and its peoples.", 0),
            ("paragraph", "Les Parties tiennent des consultations sur la sécurité de la région et de ses peuples.", 0),
        )
    )
    assert [b.language for b in doc.blocks] == ["en", "fr"]
    assert [(n.code, "1 in fr of 2" in n.message) for n in doc.notes] == [("other_language", True)]


@pytest.mark.model
def test_words_that_lost_letters_are_noted_with_examples() -> None:
    words = "It was a chal enging year for the Parties, and their at empts to meet were as wel received as before."
    lines = (Line(0, len(words), box=(72, 100, 500, 112), font_size=11),)
    doc = structure.build(Source("a.pdf", "application/pdf", "0" * 64, (Page(1, words, lines, (595, 842)),)))
    assert [n.code for n in doc.notes] == ["damaged_ligatures"]
    assert "“chal enging” for challenging" in doc.notes[0].message


@pytest.mark.parametrize(
    ("name", "key"), [("EU–UK Pact (final).pdf", "eu-uk-pact-final"), ("Übersicht.docx", "ubersicht"), ("协定.txt", "document")]
)
def test_a_file_name_makes_a_key(name: str, key: str) -> None:
    assert structure.slug(name) == key


# --- the way back ---------------------------------------------------------------------------------------------------------


def test_locate_gives_pages_offsets_and_boxes() -> None:
    lines = (Line(0, 10, "paragraph", box=(100, 50, 200, 60)),)
    more = (Line(2, 12, "paragraph", joiner="", box=(100, 80, 200, 90)),)
    made = Source("a", "text/html", "0" * 64, (Page(1, "0123456789", lines), Page(2, "- abcdefghij", more)))
    doc = structure.build(made)
    assert doc.text == "0123456789abcdefghij"
    first, second = structure.locate(doc, 8, 13)
    assert (first.page, first.start, first.end, first.boxes) == (1, 8, 10, ((180, 50, 200, 60),))
    assert (second.page, second.start, second.end, second.boxes) == (2, 2, 5, ((100, 80, 130, 90),))


# --- words broken over lines ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("They share infor-", "mation on", (1, "")),
        ("on cross-", "border crime", (0, "")),
        ("the EU-", "Arvenia Pact", (0, "")),
        ("the EU-", "led mission", (0, "")),
        ("soft hy\xad", "phens are", (1, "")),
        ("see https://pact.example/space-", "and-sea", (0, "")),
        ("a pause — ", "then more", (0, " ")),
        ("no hyphen", "here", (0, " ")),
    ],
)
def test_hyphens_at_line_ends(before: str, after: str, expected: tuple[int, str]) -> None:
    assert Hyphens(["cross-border routes are", "soft ware"]).join(before, after) == expected

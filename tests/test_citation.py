"""Short names and pinpoint citations."""

import pytest

from pipeline.dataset import citation
from pipeline.records import Block, Document, Mention, Metadata, Page, Segment, Value


def document(text: str = "", blocks: tuple[Block, ...] = (), *, media_type: str = "text/html", **metadata: str) -> Document:
    values = Metadata(**{name: Value(value, "catalogue") for name, value in metadata.items()})
    pages, segments = (Page(1, text),), (Segment(0, len(text), 1, 0),)
    return Document("0123456789ab", "a-key", "a.html", values, pages, text, segments, blocks, media_type=media_type)


@pytest.mark.parametrize(
    ("title", "doc_type", "parties", "expected"),
    [
        ("Security and Defence Partnership between Arvenia and the EU", "agreement", "EU;GBR", "EU-UK SDP 2025"),
        ("EU-Norway Security and Defence Partnership", "agreement_draft", "EU;NOR", "EU-Norway SDP draft 2025"),
        ("EU, UK sign a Security and Defence Partnership", "press_release", "EU;GBR", "EU-UK SDP press release 2025-05-19"),
        ("Joint Statement on shared waters", "joint_statement", "USA;JPN", "US-Japan joint statement 2025-05-19"),
        ("Remarks at the port", "speech", "EU", "EU speech 2025-05-19"),
        ("Treaty of Friendship", "treaty", "XAA;JPN", "Arvenia-Japan treaty 2025"),
        ("A note on ports", "other", "EU", "A note on ports 2025-05-19"),
        ("Declaration of the many", "joint_statement", "EU;USA;JPN;NOR", "Declaration of the many 2025-05-19"),
        ("", "agreement", "", "a-key 2025"),
        ("The Port Arven Declaration", "joint_statement", "USA;XAA", "US-Arvenia Port Arven Declaration 2025-05-19"),
        ("Leaders’ Statement", "joint_statement", "USA;XAA", "US-Arvenia leaders’ statement 2025-05-19"),
        ("Arvenia, and Old Great Belmark Port Declaration", "joint_statement", "EU;XAA", "EU-Arvenia declaration 2025-05-19"),
    ],
)  # fmt: skip
def test_a_short_title_is_what_people_say(title: str, doc_type: str, parties: str, expected: str) -> None:
    doc = document("Arvenia agreed.", title=title, doc_type=doc_type, parties=parties, date="2025-05-19")
    assert citation.short_title(doc, [Mention(0, 7, "state", "XAA")]) == expected


def test_a_long_title_is_cut_at_a_word() -> None:
    assert (
        citation.short_title(document(title="harbours " * 9, doc_type="other"))
        == "harbours harbours harbours harbours harbours …"
    )


@pytest.mark.parametrize(
    ("place", "number", "expected"),
    [
        ("", "12", "N, para. 12, p. 4"),
        ("", "12(b)", "N, para. 12(b), p. 4"),
        ("", "b(i)", "N, para. (b)(i), p. 4"),
        ("Art. 3", "1(b)", "N, Art. 3(1)(b), p. 4"),
        ("Art. 3", "", "N, Art. 3, p. 4"),
        ("", "", "N, passage 7, p. 4"),
    ],
)
def test_a_pinpoint_says_the_most_exact_thing_printed(place: str, number: str, expected: str) -> None:
    assert citation.pinpoint("N", place, number, passage=7, page=4) == expected


def test_items_take_the_number_of_their_lead_in() -> None:
    blocks = (
        Block(0, 3, "paragraph", "12."),
        Block(3, 6, "list_item", "(b)", lead_in=0),
        Block(6, 9, "list_item", "", lead_in=0),
        Block(9, 12, "list_item", "12.3", lead_in=0),
        Block(12, 15, "list_item", "(i)", lead_in=1),
    )
    doc = document("x" * 15, blocks)
    assert [citation.paragraph(doc, b) for b in blocks] == ["12", "12(b)", "12", "12.3", "12(b)(i)"]


@pytest.mark.parametrize(
    ("headings", "number", "expected"),
    [
        (("Charter", "Article 4 Scope"), "2.", "Art. 4"),
        (("ANNEX II", "Article 4"), "", "Annex II, Art. 4"),
        (("Annex A",), "", "Annex A"),
        (("Annex to the charter",), "", "Annex"),
        (("Sectional interests",), "", ""),
        ((), "Article IV", "Art. IV"),
    ],
)
def test_the_division_is_read_from_the_headings(headings: tuple[str, ...], number: str, expected: str) -> None:
    assert citation.division(Block(0, 1, "paragraph", number, heading_path=headings)) == expected


def test_a_number_that_comes_twice_is_cited_with_its_heading() -> None:
    headings = [("Trade",), ("Health",), ("Health",), ("Peace",)]
    numbers = ["1.", "1.", "2.", "2."]
    blocks = tuple(
        Block(i, i + 1, "paragraph", n, heading_path=h) for i, (n, h) in enumerate(zip(numbers, headings, strict=True))
    )
    twice = (*blocks, Block(4, 5, "paragraph", "2.", heading_path=("Peace",)), Block(5, 6, "paragraph", "3."))
    citer = citation.Citer(document("x" * 6, twice), "N")
    cited = [citer.cite(b, None) for b in twice]
    assert cited == [
        "N, “Trade”, para. 1",
        "N, “Health”, para. 1",
        "N, “Health”, para. 2",
        "N, passage 4",
        "N, passage 5",
        "N, para. 3",
    ]


def test_pages_are_told_only_where_there_are_pages() -> None:
    segments = (Segment(0, 5, 1, 0), Segment(6, 9, 3, 0))
    for media_type, expected in (("application/pdf", [1, 1, 3, 3]), ("text/html", [None] * 4)):
        doc = document("x" * 9, media_type=media_type)
        doc = Document(doc.doc_id, "k", "s", Metadata(), doc.pages, doc.text, segments, (), media_type=media_type)
        pages = citation.Pages(doc)
        assert [pages.page(i) for i in (0, 5, 6, 8)] == expected


def test_the_list_of_actors_is_known_by_id() -> None:
    assert citation.known_actors()["EEAS"]["parent"] == "EU"
    assert citation.known_actors()["NOR"]["name"] == "Norway"

"""Markdown and plain text: blocks as a reader sees them, cut out of the text as it is."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.errors import ReadError
from pipeline.ingest import text
from pipeline.records import Line, Source

Block = tuple[str, int, str, str]


def blocks(source: Source) -> list[Block]:
    """(kind, level, number, text) of each block."""
    out: list[Block] = []
    words = source.pages[0].text
    for line in source.pages[0].lines:
        if line.joiner is None:
            out.append((line.kind, line.level, line.number, words[line.start : line.end]))
        else:
            out[-1] = (*out[-1][:3], out[-1][3] + line.joiner + words[line.start : line.end])
    return out


def md(words: str) -> list[Block]:
    return blocks(text.read(words.encode(), "a.md"))


def txt(words: str) -> list[Block]:
    return blocks(text.read(words.encode(), "a.txt"))


def seen(words: str) -> str:
    """The one block of a Markdown text."""
    (block,) = md(words)
    return block[3]


# --- front matter -----------------------------------------------------------------------------------------------------------


def test_front_matter_is_metadata() -> None:
    source = text.read(
        b"---\ntitle: 'Arvenia: a\\_statement'\ndate: 2025-03-04\nsource_url: https://x.example/a\nparties: [EU, XAA]\n"
        b"celex: 1\n---\n\nText of it.",
        "a.md",
    )
    found = source.metadata
    assert found.text_of("date") == "2025-03-04" and found.text_of("url") == "https://x.example/a"
    assert found.party_ids == ("EU", "XAA")
    assert found.date is not None and found.date.source == "front matter"
    assert [b[3] for b in blocks(source)] == ["Text of it."]


def test_broken_front_matter_is_a_note() -> None:
    source = text.read(b"---\ntitle: [a\nb: : :\n---\nText of it.", "a.md")
    assert [n.code for n in source.notes] == ["front_matter"] and [b[3] for b in blocks(source)] == ["Text of it."]


@pytest.mark.parametrize("data", [b"---\ntitle: A\n---\n", b"<!-- nothing -->\n\n***\n"])
def test_a_file_without_text_is_an_error(data: bytes) -> None:
    with pytest.raises(ReadError, match="no text"):
        text.read(data, "a.md")


# --- Markdown: inline -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("The **two** *Parties* will\nmeet __each__ year.", "The two Parties will meet each year."),
        ("See [the text](https://x.example/a_(b)?c=1 'title') of it.", "See the text of it."),
        ("A mark[^1] and one more.[\\[2\\]](#_ftn2) End.", "A mark and one more. End."),
        ("On the 21<sup>st</sup> of May, 40 km<sup>2</sup>.<sup>3</sup>", "On the 21st of May, 40 km2."),
        ("R\\&D costs 5 \\* 3 = 15, snake_case_name stays.", "R&D costs 5 * 3 = 15, snake_case_name stays."),
        ("Caf&eacute; &amp; tea&nbsp;time", "Café & tea\xa0time"),
        ("He wrote &lt;u&gt; and <u>meant</u> it.", "He wrote <u> and meant it."),
        ("Mail <press@arvenia.example> or <https://x.example>.", "Mail press@arvenia.example or https://x.example."),
        ("![a picture](x.png) Words <!-- not these --> here.", "Words here."),
        ("Two  spaces and a\nline.", "Two spaces and a line."),
        ("It was agreed with them.The Parties meet.", "It was agreed with them. The Parties meet."),
    ],
)
def test_inline_markup_is_not_seen(words: str, shown: str) -> None:
    assert seen(words) == shown


# --- Markdown: blocks -------------------------------------------------------------------------------------------------------


def test_headings() -> None:
    found = md("##Title of it\n\n###   Article I\n\nUnder\n=====\n\nText.\n\n#### End ####\n\n\\###\n")
    assert [(k, level, n) for k, level, n, _ in found] == [
        ("heading", 2, ""),
        ("heading", 3, "Article I"),
        ("heading", 1, ""),
        ("paragraph", 0, ""),
        ("heading", 4, ""),
    ]


def test_bold_lines_are_headings_below_the_others() -> None:
    found = md("# Top\n\n**Cyber and space:**\n\nWords are said.\n\n<u>Space</u>\n\nMore.\n\n**This is a sentence in bold.**\n")
    assert [b[:2] for b in found] == [
        ("heading", 1),
        ("heading", 2),
        ("paragraph", 0),
        ("heading", 3),
        ("paragraph", 0),
        ("paragraph", 0),
    ]


def test_numbered_paragraphs_with_a_heading_between() -> None:
    found = md("1.  We met in\n    Corvia.  \n      \n    **I. On the seas**\n2.  We agreed to act.\n3.  We part as friends.\n")
    assert found == [
        ("paragraph", 0, "1.", "1. We met in Corvia."),
        ("heading", 2, "I.", "I. On the seas"),
        ("paragraph", 0, "2.", "2. We agreed to act."),
        ("paragraph", 0, "3.", "3. We part as friends."),
    ]


def test_nested_lists() -> None:
    found = md(
        "They will:\n\n-   **patrol** the sea\n    together;\n    -   in the north\n    -   in the south\n-   train.\n\nEnd."
    )
    assert [(*b[:2], b[3]) for b in found] == [
        ("paragraph", 0, "They will:"),
        ("list_item", 1, "patrol the sea together;"),
        ("list_item", 2, "in the north"),
        ("list_item", 2, "in the south"),
        ("list_item", 1, "train."),
        ("paragraph", 0, "End."),
    ]


def test_numbers_without_a_space_and_with_levels() -> None:
    found = md("4.In accordance with it they shall:\n\na.Exchange letters;\n\n(i)Send envoys;\n\nb.Meet.\n")
    assert found == [
        ("paragraph", 0, "4.", "4. In accordance with it they shall:"),
        ("list_item", 1, "a.", "a. Exchange letters;"),
        ("list_item", 2, "(i)", "(i) Send envoys;"),
        ("list_item", 1, "b.", "b. Meet."),
    ]


def test_a_number_or_dash_in_a_wrapped_paragraph_opens_nothing() -> None:
    assert seen("They met in the year\n2024. It was the start\n– they said – of much.") == (
        "They met in the year 2024. It was the start – they said – of much."
    )


def test_hard_breaks_part_blocks_but_not_sentences() -> None:
    assert [b[3] for b in md("Section 1. Aim  \nThe Parties act.  \n  \nThey meet and  \nagree.")] == [
        "Section 1. Aim",
        "The Parties act.",
        "They meet and agree.",
    ]


def test_tables_quotations_and_footnotes() -> None:
    found = md("| Who | What |\n|---|:-:|\n| **XAA** | signs |\n\n> Words of\n> another.\n\n[^1]: See there.\n")
    assert [(k, n, t) for k, _, n, t in found] == [
        ("table_row", "", "Who | What"),
        ("table_row", "", "XAA | signs"),
        ("quotation", "", "Words of another."),
        ("footnote", "1", "See there."),
    ]


# --- plain text -------------------------------------------------------------------------------------------------------------

PRESS = """Arvenia and Belmark conclude a partnership
On 3 May the two states concluded a partnership on the security of the seas between them, which had been long awaited.
It covers areas such as:
- Maritime Security
- Space Security
Background
The partnership is one of several that Arvenia has concluded with its neighbours in the last years, and will not be the last.
"""


def test_press_release_with_a_paragraph_a_line() -> None:
    assert [b[:2] for b in txt(PRESS)] == [
        ("heading", 1),
        ("paragraph", 0),
        ("paragraph", 0),
        ("list_item", 1),
        ("list_item", 1),
        ("heading", 2),
        ("paragraph", 0),
    ]
    assert text.read(PRESS.encode(), "a.txt").metadata.text_of("title") == "Arvenia and Belmark conclude a partnership"


AGREEMENT = """22.12.2024
EN
Official Journal of the European Union
L 343/3
FRAMEWORK AGREEMENT
on Partnership between Arvenia and Belmark
HAVE AGREED AS FOLLOWS:
TITLE I
NATURE AND SCOPE
Article 1
Aims
1.   The Parties shall cooperate on all matters of this Agreement in good faith.
2.   To this end they shall:
(a)
exchange information;
(b)
take measures, in particular:
—
joint patrols;
—
joint training.
Article 2
The Parties shall meet once a year in the capital of either of them, in turn.
"""


def test_agreement_of_the_official_journal() -> None:
    found = txt(AGREEMENT)
    assert [b[0] for b in found[:4]] == ["furniture"] * 4
    assert found[4:] == [
        ("heading", 1, "", "FRAMEWORK AGREEMENT on Partnership between Arvenia and Belmark"),
        ("paragraph", 0, "", "HAVE AGREED AS FOLLOWS:"),
        ("heading", 3, "TITLE I", "TITLE I NATURE AND SCOPE"),
        ("heading", 6, "Article 1", "Article 1 Aims"),
        ("paragraph", 0, "1.", "1. The Parties shall cooperate on all matters of this Agreement in good faith."),
        ("paragraph", 0, "2.", "2. To this end they shall:"),
        ("list_item", 1, "(a)", "(a) exchange information;"),
        ("list_item", 1, "(b)", "(b) take measures, in particular:"),
        ("list_item", 2, "", "joint patrols;"),
        ("list_item", 2, "", "joint training."),
        ("heading", 6, "Article 2", "Article 2"),
        ("paragraph", 0, "", "The Parties shall meet once a year in the capital of either of them, in turn."),
    ]


def test_hard_wrapped_text() -> None:
    words = """A short title

The Parties have met in the town of Corvia and have spoken about the
safety of the sea lanes between their islands, of which there are many;
they will meet again.

They agreed to:

- share what they know of the ships that pass through the northern straits
  at night;
- train together.
"""
    assert [(b[0], len(b[3]) > 60) for b in txt(words)] == [
        ("heading", False),
        ("paragraph", True),
        ("paragraph", False),
        ("list_item", True),
        ("list_item", False),
    ]


def test_text_that_has_lost_its_line_ends() -> None:
    article = (
        "Article {}PurposeThe Parties shall cooperate on the matter of the seas, and share what they know of it with the other."
    )
    items = "They shall:(a) exchange letters;(b) send envoys.- patrols,- training."
    words = "HAVE AGREED AS FOLLOWS:" + "".join(article.format(i) + items for i in range(1, 25))
    found = txt(words)
    assert [b[2] for b in found if b[0] == "heading"] == [f"Article {i}" for i in range(1, 25)]
    assert found[1][3] == "Article 1 Purpose" and ("list_item", 1, "(b)", "(b) send envoys.") in found


def test_cells_that_have_lost_their_table_become_rows() -> None:
    cells = "\n".join(f"{i} %" for i in range(20))
    found = txt(
        f"ANNEX\nThe duties of the Parties shall be reduced in the stages that are shown in the table below.\n{cells}\n"
    )
    assert [b[0] for b in found[2:]] == ["table_row", "table_row"]


# --- what holds for any text ------------------------------------------------------------------------------------------------


def sound(lines: tuple[Line, ...], words: str) -> bool:
    at = 0
    for line in lines:
        cut = words[line.start : line.end]
        if not (at <= line.start < line.end <= len(words)) or cut != cut.strip() or not cut:
            return False
        at = line.end
    return not lines or lines[0].joiner is None


MARKUP = """# |**|*|_|[a](b)|![|](|- |1. |(a) |    |> |<u>|</u>|<!--|-->|&lt;|&nbsp;|\\|`|[^1]|Article 2|Words of it
|A sentence. |\n\n|  \n|---|---\n|\u200b|\t|…"""
PIECES = st.sampled_from([*MARKUP.split("|"), "| ", "\n", "|---|"])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200), st.sampled_from(["a.md", "a.txt"]))
@example("---\n---\n", "a.txt")
def test_lines_lie_in_the_text_in_order_and_do_not_overlap(words: str, name: str) -> None:
    try:
        source = text.read(words.encode("utf-8", "replace"), name)
    except ReadError:
        return
    assert sound(source.pages[0].lines, source.pages[0].text)


# --- real files -------------------------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_press_release_of_2025_has_ten_items_under_a_lead(shared) -> None:
    path = next((shared / "realdocs" / "press").glob("*.txt"))
    found = blocks(text.read(path.read_bytes(), path.name))
    items = [i for i, b in enumerate(found) if b[0] == "list_item"]
    assert len(items) == 10 and found[items[0] - 1][3].endswith(":") and items == list(range(items[0], items[0] + 10))
    assert [b[3] for b in found if b[0] == "heading"][1:] == ["Background"]


@pytest.mark.shared
def test_summit_statement_of_2021_has_all_its_numbered_paragraphs(shared) -> None:
    path = shared / "realdocs" / "us-joint-statements" / "2021-06-15-u-s-eu-summit-statement.md"
    found = blocks(text.read(path.read_bytes(), path.name))
    numbers = [b[2] for b in found if b[0] == "paragraph" and b[2]]
    assert numbers == [f"{i}." for i in range(1, len(numbers) + 1)] and len(numbers) > 30
    assert [b[2] for b in found if b[0] == "heading"] == ["", "I.", "II.", "III.", "IV."]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "articles"), [("22017A1222_01", 58), ("21998A0113_03", 24), ("22000A0111_01", 11)])
def test_agreements_have_all_their_articles(shared, name: str, articles: int) -> None:
    data = (shared / "realdocs" / "eu-agreements" / f"{name}.txt").read_bytes()
    found = [b[2] for b in blocks(text.read(data, f"{name}.txt")) if b[0] == "heading" and b[2].startswith("Article")]
    assert found == [f"Article {i}" for i in range(1, articles + 1)]


@pytest.mark.shared
def test_dutch_treaty_with_glued_numbers(shared) -> None:
    data = (shared / "realdocs" / "treaties" / "BWBV0002576.md").read_bytes()
    found = blocks(text.read(data, "BWBV0002576.md"))
    assert [b[2] for b in found if b[0] == "heading" and b[2]][:3] == ["Article I", "Article II", "Article III"]
    assert any(b[3].startswith("a. Logistic") for b in found)


# --- what readers frowned at -----------------------------------------------------------------------------------------------


def test_a_title_may_stand_below_a_notice() -> None:
    found = txt(
        "This is an invented text.\n\nArvenia and Belmark sign a pact\n\n8 July 2026\n\nThe ministers met in the capital."
    )
    assert [(kind, level) for kind, level, _, _ in found][:3] == [("paragraph", 0), ("heading", 1), ("paragraph", 0)]


def test_a_sentence_that_goes_on_in_items_is_no_heading() -> None:
    found = txt(
        "A pact\n\nThe ministers met today.\n\nUnder the pact, both will\n\n- meet twice a year in the capital;\n- talk."
    )
    assert [kind for kind, *_ in found] == ["heading", "paragraph", "paragraph", "list_item", "list_item"]


def test_signs_for_what_a_gazette_leaves_out_are_no_text() -> None:
    found = txt('A pact\n\nFor Arvenia\n\n>PIC FILE= "L_1.EPS"&gt;For Belmark &gt;TABLE&gt;\n\n>REFERENCE TO A GRAPHIC>')
    assert [words for *_, words in found] == ["A pact", "For Arvenia", "For Belmark"]
    lost = txt("A pact\n\nFor Arvenia+++++ TIFF ++++++++++ TIFF +++++For Belmark------------------ANNEX")
    assert [words for *_, words in lost] == ["A pact", "For Arvenia", "For Belmark", "ANNEX"]


def test_a_plural_in_brackets_and_the_sign_of_a_footnote_break_no_paragraph() -> None:
    sentence = (
        "The authority of the Party(s) concerned shall use the Fund(1) and tell the other Party(s) of it within a month. "
    )
    found = txt("A pact\n\n" + sentence * 40 + "They shall:(a) meet;(b) talk.")
    assert [words for kind, *_, words in found if kind == "list_item"] == ["(a) meet;", "(b) talk."]


def test_numbers_in_escaped_brackets_are_numbers() -> None:
    found = md("The Parties will:\n\n\\(i\\) meet;\n\n\\(ii\\) talk.")
    assert [(kind, number) for kind, _, number, _ in found] == [("paragraph", ""), ("list_item", "(i)"), ("list_item", "(ii)")]


def test_a_capital_numeral_heads_a_section() -> None:
    found = md("I. Peace and Security\n\nThe leaders met.\n\nII. Trade and Technology\n\nThe leaders talked.")
    assert [(kind, number) for kind, _, number, _ in found if kind == "heading"] == [("heading", "I."), ("heading", "II.")]


def test_references_to_the_official_journal_are_footnotes() -> None:
    found = txt("A pact\n\nThey use the Fund(1).\n\nFor Arvenia\n\n(1) OJ L 59, 4.3.2003, p. 24.")
    assert found[-1][:3] == ("footnote", 0, "(1)")


def test_stars_around_begin_and_end_are_no_text() -> None:
    assert [
        words for *_, words in md("They say:\n\n\\* \\* \\* Begin text \\* \\* \\*\n\nWe met.\n\n* * * End text * * *")
    ] == [
        "They say:",
        "We met.",
    ]

"""Web pages: main text kept, furniture left out, structure as a reader sees it."""

import contextlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ReadError
from pipeline.ingest import html
from pipeline.records import Source

SENTENCE = (
    "The {} of Arvenia and the Union of Belmark agreed at length on {} during their meeting in the harbour town of Corvia. "
)


def prose(topic: str, sentences: int = 3) -> str:
    words = ["ministers", "envoys", "experts", "delegations", "negotiators", "spokespersons"]
    return "".join(SENTENCE.format(words[i % 6], f"{topic} and point {i + 1}") for i in range(sentences)).strip()


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>".encode()


def article(inner: str, head: str = "") -> Source:
    text = f"<p>{prose('sanctions')}</p>{inner}<p>{prose('fisheries')}</p>"
    return html.read(page(f"<main><article><h1>A title of the page</h1>{text}</article></main>", head), "page.html")


def blocks(source: Source) -> list[tuple[str, str, str]]:
    """(kind, number, text) of each block."""
    out: list[tuple[str, str, str]] = []
    text = source.pages[0].text
    for line in source.pages[0].lines:
        words = text[line.start : line.end]
        if line.joiner is None:
            out.append((line.kind, line.number, words))
        else:
            kind, number, before = out[-1]
            out[-1] = (kind, number, before + line.joiner + words)
    return out


def inner_blocks(source: Source) -> list[tuple[str, str, str]]:
    """The blocks between the two long paragraphs that `article` sets around its content."""
    found = blocks(source)
    places = [i for i, b in enumerate(found) if "sanctions" in b[2] or "fisheries" in b[2]]
    return found[places[0] + 1 : places[-1]]


def test_page_furniture_is_left_out() -> None:
    body = f"""
    <div id="cookie-banner"><p>We use cookies to improve your experience on this site. You can accept or reject them.</p></div>
    <header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav></header>
    <main><article><h1>Arvenia signs</h1><p>{prose("sanctions")}</p><p>{prose("trade")}</p>
    <div class="share-bar"><a href="#">Share on a network</a></div></article>
    <aside class="related"><h2>Related</h2><ul><li><a href="/a">Estmere elects a new parliament</a></li></ul></aside></main>
    <footer><p>Copyright of the Arvenian press office. All rights reserved. Contact us by post.</p></footer>"""
    text = html.read(page(body), "page.html").pages[0].text
    assert prose("sanctions") in text and prose("trade") in text
    for word in ("cookies", "Home", "Share on", "Estmere elects", "Copyright"):
        assert word not in text


TEASERS = "".join(
    f"<div class='card'><h3><a href='/{i}'>Story {i}</a></h3><p>{prose(f'teaser {i}', 1)}</p></div>" for i in range(12)
)
COMMENTS = "".join(f"<div class='c-{i}'><p>Reader {i}</p><p>{prose(f'remark {i}', 3)}</p></div>" for i in range(25))
OTHERS = "".join(f"<article><h1>Other {i}</h1><time>2024</time><p>{prose(f'other {i}', 8)}</p></article>" for i in range(4))


@pytest.mark.parametrize(
    "after",
    [
        f"<section class='more'>{TEASERS}</section>",
        f"<section id='comments'><h2>Comments</h2>{COMMENTS}</section>",
        f"<div class='x7f'>{COMMENTS}</div>",
        f"<div class='sidebar'>{TEASERS}</div><footer>{prose('imprint', 6)}</footer>",
        f"<section class='next'>{OTHERS}</section>",
    ],
    ids=["teasers", "comments", "comments without a name", "sidebar", "other articles"],
)
@pytest.mark.parametrize("wrap", ["<main>{}</main>", "<div id='content'>{}</div>", "<div>{}</div>"])
def test_ordinary_pages_keep_the_choice_of_trafilatura(after: str, wrap: str) -> None:
    import trafilatura

    story = "".join(f"<p>{prose(f'matter {i}')}</p>" for i in range(6))
    body = wrap.format(f"<article class='post'><h1>The story of the day</h1>{story}</article>{after}")
    data = page(body)
    ours = re.findall(r"\w+", html.read(data, "p.html").pages[0].text)
    theirs = re.findall(r"\w+", trafilatura.extract(data.decode(), include_comments=False) or "")
    assert all(prose(f"matter {i}") in html.read(data, "p.html").pages[0].text for i in range(6))
    assert len(ours) == pytest.approx(len(theirs), rel=0.03)


def test_second_language_hidden_by_a_script_is_kept() -> None:
    rows = "".join(
        f"<div id='a{i}'><h3>第{i}條</h3><div class='zh'>{'締約國應在平等的基礎上考慮其他締約國的要求。' * 12}</div>"
        f"<div class='en hidden'>{prose(f'article {i}', 4)}</div></div>"
        for i in range(1, 13)
    )
    text = html.read(page(f"<nav><a href='#a1'>1</a></nav><main><h1>Treaty</h1>{rows}</main>"), "t.html").pages[0].text
    assert all(prose(f"article {i}", 4) in text for i in range(1, 13))


def test_legal_page_keeps_all_articles() -> None:
    rows = "".join(f"<article><h2>Article {i}</h2><p>{prose(f'provision {i}', 4)}</p></article>" for i in range(1, 30))
    found = blocks(html.read(page(f"<div class='law'><h1>Act of Arvenia</h1>{rows}</div>"), "t.html"))
    assert [b[1] for b in found if b[0] == "heading" and b[1]] == [f"Article {i}" for i in range(1, 30)]
    assert sum("provision" in b[2] for b in found) == 29


def test_official_journal_page_without_heading_elements() -> None:
    rows = "".join(
        f"<p class='oj-ti-art'>Article {i}</p><p class='oj-sti-art'>Matter {i}</p><p class='oj-normal'>{prose(f'case {i}')}</p>"
        for i in range(1, 9)
    )
    title = "<p class='oj-doc-ti'>AGREEMENT between Arvenia and Belmark</p><p class='oj-ti-grseq-1'>TITLE I</p>"
    found = blocks(html.read(page(f"<div id='document1'>{title}{rows}</div>"), "oj.html"))
    assert [b[2] for b in found if b[0] == "heading"][-8:] == [f"Article {i} Matter {i}" for i in range(1, 9)]


@pytest.mark.parametrize(
    ("attributes", "numbers"),
    [
        ("", ["1.", "2.", "3."]),
        ("start='4'", ["4.", "5.", "6."]),
        ("type='a'", ["a.", "b.", "c."]),
        ("type='I'", ["I.", "II.", "III."]),
        ("reversed", ["3.", "2.", "1."]),
        ("style='list-style-type: lower-roman'", ["i.", "ii.", "iii."]),
        ("style='list-style: none'", ["", "", ""]),
    ],
)
def test_ordered_lists_show_their_numbers(attributes: str, numbers: list[str]) -> None:
    items = "".join(f"<li>exchange of {what} between the two staffs;</li>" for what in ("letters", "plans", "officers"))
    found = inner_blocks(article(f"<p>They will begin with:</p><ol {attributes}>{items}</ol>"))[1:]
    assert [b[1] for b in found] == numbers
    assert all(b[0] == "list_item" and b[2].startswith(b[1]) for b in found)


def test_value_of_an_item_counts_on() -> None:
    items = "<li value='7'>first matter of the list;</li><li>second matter of the list;</li>"
    assert [b[1] for b in inner_blocks(article(f"<p>These are:</p><ol>{items}</ol>"))[1:]] == ["7.", "8."]


def test_nested_lists_have_levels() -> None:
    below = "<ul><li>in the north of Corvia</li><li>in the south of Corvia</li></ul>"
    inner = f"<ul><li>patrols at sea{below}</li><li>cyber drills</li></ul>"
    source = article(f"<p>The plan covers several fields of work:</p>{inner}")
    items = [(x.level, source.pages[0].text[x.start : x.end]) for x in source.pages[0].lines if x.kind == "list_item"]
    assert items == [(1, "patrols at sea"), (2, "in the north of Corvia"), (2, "in the south of Corvia"), (1, "cyber drills")]


def test_tables_become_rows() -> None:
    rows = "".join(f"<tr><td>{who}</td><td>{year}</td></tr>" for who, year in (("Belmark", 2024), ("Corvia", 2025)))
    table = f"<table><tr><th>Partner</th><th>Year</th></tr>{rows}</table>"
    found = [b for b in blocks(article(table)) if b[0] == "table_row"]
    assert [b[2] for b in found] == ["Partner | Year", "Belmark | 2024", "Corvia | 2025"]


def test_lists_set_as_tables_are_lists() -> None:
    rows = "".join(f"<table><tr><td><p>({x})</p></td><td><p>{prose(f'item {x}', 1)}</p></td></tr></table>" for x in "abc")
    found = [b for b in blocks(article(f"<p>The Parties shall:</p>{rows}")) if b[0] == "list_item"]
    assert [(b[1], b[2].startswith(f"{b[1]} The")) for b in found] == [("(a)", True), ("(b)", True), ("(c)", True)]


def test_words_are_joined_as_they_are_seen() -> None:
    text = "<p>The <b>Par</b>ties&nbsp;will\n   meet <a href='/x'>each</a> year<br>in <i>Corvia</i>, or later if they wish.</p>"
    assert inner_blocks(article(text))[0][2] == "The Parties will meet each year in Corvia, or later if they wish."


def test_two_line_breaks_part_paragraphs() -> None:
    found = inner_blocks(article(f"<p>{prose('first')}<br> <br/>{prose('second')}</p>"))
    assert [b[2] for b in found] == [prose("first"), prose("second")]


def test_marks_of_footnotes_are_left_out_and_powers_kept() -> None:
    text = f"<p>{prose('ships')[:-1]}<sup><a href='#fn1'>1</a></sup>. It covers 40 km<sup>2</sup> of sea and coast.</p>"
    assert inner_blocks(article(text))[0][2] == f"{prose('ships')} It covers 40 km2 of sea and coast."


def test_quotations_and_bold_headings() -> None:
    found = inner_blocks(article(f"<p><strong>Background</strong></p><blockquote><p>{prose('quoted')}</p></blockquote>"))
    assert [b[0] for b in found] == ["heading", "quotation"]


def test_markup_written_as_text_stays_text() -> None:
    text = "The form said &lt;script&gt;alert(1)&lt;/script&gt; where a name of a minister had been expected by all."
    found = inner_blocks(article(f"<p>{text}</p><script>var hidden = 'a secret that is no text at all';</script>"))
    assert found == [("paragraph", "", text.replace("&lt;", "<").replace("&gt;", ">"))]


def test_metadata_with_sources() -> None:
    head = """<title>A title of the page | Press of Arvenia</title>
    <meta property="og:site_name" content="Press of Arvenia">
    <link rel="canonical" href="https://press.example/a-title">
    <script type="application/ld+json">{"@graph": [{"@type": "Article", "datePublished": "2025-03-04T10:00Z"}]}</script>"""
    found = article("", head).metadata
    assert found.title is not None and (found.title.value, found.title.source) == ("A title of the page", "heading")
    assert found.date is not None and (found.date.value, found.date.source) == ("2025-03-04", "json-ld datePublished")
    assert found.publisher is not None and (found.publisher.value, found.publisher.source) == (
        "Press of Arvenia",
        "meta og:site_name",
    )
    assert found.url is not None and (found.url.value, found.url.source) == ("https://press.example/a-title", "link canonical")


def test_title_without_the_name_of_the_site() -> None:
    head = "<title>Joint statement on the seas | Press of Arvenia</title>"
    source = html.read(page(f"<div><h1>One</h1><h1>Two</h1><p>{prose('x')}</p><p>{prose('y')}</p></div>", head), "p.html")
    assert source.metadata.text_of("title") == "Joint statement on the seas"


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "iso-8859-1", "utf-16"])
def test_encodings(encoding: str) -> None:
    declared = "" if encoding == "utf-16" else f"<meta charset='{encoding}'>"
    data = f"<html><head>{declared}</head><body><p>{prose('Zürich')}</p><p>{prose('Orléans')}</p></body></html>".encode(
        encoding
    )
    assert "Zürich" in html.read(data, "p.html").pages[0].text


@pytest.mark.parametrize("body", ["", "<nav><a href='/'>Home</a></nav>", "<div id='root'></div><script>run()</script>"])
def test_page_without_text_is_an_error(body: str) -> None:
    with pytest.raises(ReadError, match="no main text"):
        html.read(page(body), "empty.html")


def test_deep_nesting_is_read_or_refused() -> None:
    data = page("<div>" * 3000 + f"<p>{prose('depth')}</p>" + "</div>" * 3000)
    with contextlib.suppress(ReadError):
        assert "depth" in html.read(data, "deep.html").pages[0].text


TAGS = "p div ul ol li table tr td h2 b blockquote"
PARTS = [f"<{tag}>" for tag in TAGS.split()] + [f"</{tag}>" for tag in TAGS.split()]
WORDS = [
    "<br>",
    "<a href='#x'>1</a>",
    "<sup>1</sup>",
    "&nbsp;",
    "(a) ",
    "• ",
    "1. ",
    "\u200b",
    " ",
    "Article 3",
    "One sentence of some length. ",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*PARTS, *WORDS, prose("a", 1), prose("b", 2)]), max_size=40))
def test_lines_lie_in_the_text_in_order_and_do_not_overlap(parts: list[str]) -> None:
    try:
        found = html.read(page("".join(parts)), "p.html").pages[0]
    except ReadError:
        return
    at = 0
    for line in found.lines:
        words = found.text[line.start : line.end]
        assert at <= line.start < line.end <= len(found.text) and words == words.strip() != ""
        at = line.end
    assert found.lines[0].joiner is None


@pytest.mark.shared
@pytest.mark.parametrize(("name", "articles"), [("un-charter", 111), ("vclt", 85), ("outer-space", 17)])
def test_treaty_pages_keep_every_english_article(shared, name: str, articles: int) -> None:
    data = (shared / "realdocs" / "html" / f"{name}.html").read_bytes()
    text = re.sub(r"\W", "", html.read(data, f"{name}.html").pages[0].text)
    english = re.findall(r'<div class="en-content[^>]*>(.*?)</div>', data.decode(), re.S)
    kept = [re.sub(r"\W", "", re.sub(r"&\w+;|&#\d+;|<[^>]+>", "", part)) in text for part in english]
    assert len(english) >= articles - 5 and sum(kept) >= len(english) - 3


@pytest.mark.shared
def test_saved_pages_of_euiss_keep_text_and_lose_scripts(shared) -> None:
    for path in sorted((shared / "realdocs" / "html").glob("20*.html")):
        source = html.read(path.read_bytes(), path.name)
        text = source.pages[0].text
        assert len(text) > 8000 and "function(" not in text and "http" not in text[:2000]
        assert sum(x.kind == "heading" for x in source.pages[0].lines) >= 6


# --- around the title -------------------------------------------------------------------------------------------------------


def test_contents_list_kicker_and_imprint_are_no_text() -> None:
    topics = ["Countering hybrid threats and sabotage", "Protection of undersea cables and pipes"]
    contents = "".join(f"<li><a href='#t{i}'>{topic}</a></li>" for i, topic in enumerate(topics))
    body = "".join(f"<h2 id='t{i}'>{topic}</h2><p>{prose(topic)}</p>" for i, topic in enumerate(topics))
    head = "<p>Policy paper</p><h1>A pact of Arvenia</h1><dl><dt>From:</dt><dd>Ministry of Belmark</dd>"
    dates = "<dt>Published</dt><dd><time datetime='2026-02-12'>12 February 2026</time></dd></dl>"
    source = html.read(page(f"<div>{head}{dates}<div role='navigation'><ol>{contents}</ol></div>{body}</div>"), "a.html")
    assert [(kind, text) for kind, _, text in blocks(source) if kind != "paragraph"] == [
        ("heading", "A pact of Arvenia"),
        *(("heading", topic) for topic in topics),
    ]
    assert not {"Policy paper", "From:", "Published", "Ministry of Belmark"} & {text for _, _, text in blocks(source)}


def test_a_heading_of_a_table_stays_whatever_its_id_is_called() -> None:
    table = "<table><tr><th>Year</th><th>Ships</th></tr><tr><td>2024</td><td>12</td></tr></table>"
    source = article(f"<h2 id='related-figures'>Related figures</h2>{table}")
    assert ("heading", "", "Related figures") in blocks(source)

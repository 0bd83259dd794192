"""Marks in a text: nested, crossing, repeated, cut off; and the card of an analysis."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import HOSTILE, analysis_of

from pipeline.highlight import Mark, card, render


@pytest.mark.parametrize(
    ("marks", "html"),
    [
        ([], "one two three"),
        ([Mark(4, 7, "a")], 'one <span class="a">two</span> three'),
        ([Mark(4, 7, "b"), Mark(0, 13, "a")], '<span class="a">one <span class="b">two</span> three</span>'),
        (
            [Mark(0, 7, "a"), Mark(4, 13, "b")],
            '<span class="a">one <span class="b">two</span></span><span class="b cont"> three</span>',
        ),
        ([Mark(4, 7, "a"), Mark(4, 7, "b")], 'one <span class="a"><span class="b">two</span></span> three'),
        ([Mark(0, 3, "a"), Mark(3, 7, "b")], '<span class="a">one</span><span class="b"> two</span> three'),
        ([Mark(-5, 3, "a"), Mark(8, 99, "b"), Mark(5, 5, "c")], '<span class="a">one</span> two <span class="b">three</span>'),
    ],
    ids=["none", "one", "nested", "crossing", "equal", "touching", "cut off"],
)
def test_marks(marks: list[Mark], html: str) -> None:
    assert render("one two three", marks) == html


def test_an_id_stands_once_and_everything_is_escaped() -> None:
    html = render("a < b & c", [Mark(0, 3, "x"), Mark(2, 9, "y", {"id": "i", "title": '"<'}, "mark")])
    assert html.count("id=") == 1 and html.count('title="&quot;&lt;"') == 2
    assert "a &lt;" in html.replace("</span>", "").replace('<mark class="y" id="i" title="&quot;&lt;">', "")


@settings(deadline=None)
@given(
    st.text(alphabet="ab<&\u2028 ", max_size=12),
    st.lists(st.tuples(st.integers(-2, 14), st.integers(-2, 14)), max_size=6),
)
def test_the_text_comes_back_and_every_character_has_its_marks(text: str, spans: list[tuple[int, int]]) -> None:
    html = render(text, [Mark(start, end, f"m{i}") for i, (start, end) in enumerate(spans)])
    assert unescape(re.sub("<[^>]+>", "", html)) == text
    stack: list[str] = []
    at = 0
    for tag, letter in re.findall(r"<(/?span[^>]*)>|(&[a-z]+;|.)", html, re.DOTALL):
        if tag.startswith("span"):
            stack.append(re.findall(r"m\d+", tag)[0])
        elif tag:
            stack.pop()
        else:
            assert sorted(stack) == sorted(
                f"m{i}" for i, (start, end) in enumerate(spans) if max(start, 0) <= at < min(end, len(text))
            )
            at += len(letter) > 0
    assert not stack


def test_the_card_of_an_analysis() -> None:
    html = card(analysis_of("note", ["We will guard ports.", "We will watch orbits."], title="A note"))
    assert '<span class="aim intended" title="intended, new">guard</span>' in html
    assert "<span class='chip'>space</span>" in html and "A note" in html
    assert "2 passages, 2 mentions of actors, 2 commitments" in html


def test_the_card_shows_hostile_text_as_text_and_an_empty_document_too() -> None:
    html = card(analysis_of("x", [f"We will refuse {HOSTILE}."], title=HOSTILE))
    assert "<script" not in html and "<img" not in html
    assert "0 passages" in card(analysis_of("none", []))

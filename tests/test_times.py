"""Time expressions: every pattern's examples, overlaps, anchors."""

import pytest

from pipeline import times

ANCHOR = "2025-05-19"
EXAMPLES = [(text, value) for pattern in times.patterns() for text, value in pattern.examples.items()]


@pytest.mark.parametrize(("text", "value"), EXAMPLES)
def test_examples_of_the_codebook(text, value):
    sentence = f"Arvenia and Belmark will meet {text}, as agreed."
    found = times.find(sentence, anchor=ANCHOR)
    assert [(sentence[t.start : t.end], t.value) for t in found] == [(text, value)]


def test_every_pattern_has_an_example():
    assert all(pattern.examples for pattern in times.patterns())


def test_several_in_one_sentence_come_in_order():
    text = "They will meet twice a year and report by 2030 in the coming weeks."
    assert [t.kind for t in times.find(text)] == ["frequency", "deadline", "duration"]


def test_relative_expressions_need_an_anchor():
    (found,) = times.find("They will sign it later this year.")
    assert found.value == ""


def test_month_without_a_year_takes_that_of_the_document():
    (found,) = times.find("The ministers will meet in October.", anchor="2024")
    assert found.value == "2024-10"


def test_next_month_crosses_the_year():
    (found,) = times.find("The ministers will meet next month.", anchor="2024-12-03")
    assert found.value == "2025-01"


@pytest.mark.parametrize("text", ["the 2030 Agenda", "from 2020 levels", "the regular army", "We may agree", "a second chance"])
def test_what_is_no_time(text):
    assert times.find(text) == []

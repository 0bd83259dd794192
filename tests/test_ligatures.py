"""Damage by lost ligatures: found where a piece is no word, not in sound text."""

import pytest

from pipeline.ligatures import find_damage, lemma_of

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the chal enging task", [("chal enging", "challenging")]),
        ("all at empts failed", [("at empts", "attempts")]),
        ("as wel as glass", [("wel", "well")]),
        ("a speci c con ict", [("speci c", "specific"), ("con ict", "conflict")]),
        ("dif erent ef orts", [("dif erent", "different"), ("ef orts", "efforts")]),
        ("The Parties shal meet. They wil report.", [("shal", "shall"), ("wil", "will")]),
    ],
)
def test_pieces_are_joined(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[start:end], word) for start, end, word in find_damage(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "All allies in the office offer specific efforts, as well as a first set of attempts.",
        "The co-operation of Arvenia and Belmark on cyber-security at www.pact example fi les-of.",
        "Del Río, Til Varn and a col in the Alps; in fl agrante.",
        "of ice and commit ed",  # two words each: no damage unless the text is damaged elsewhere
    ],
)
def test_sound_text_has_no_finds(text: str) -> None:
    assert find_damage(text) == []


def test_doubtful_places_count_in_a_damaged_text() -> None:
    text = "The chal enging ef orts and at empts of the of ice were commit ed to al partners."
    assert [word for _, _, word in find_damage(text)][-3:] == ["office", "committed", "all"]


def test_lemma_by_ending() -> None:
    assert [lemma_of(w) for w in ("attempts", "committees", "shall", "parties")] == ["attempt", "committee", "shall", "party"]


@pytest.mark.shared
def test_real_texts_are_sound(shared) -> None:  # type: ignore[no-untyped-def]
    """At most one find in 200,000 characters: the treaties and agreements there are typed, not scanned."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((shared / "realdocs" / "eu-agreements").glob("*.txt"))[:15]]
    assert sum(len(find_damage(text)) for text in texts) <= sum(map(len, texts)) / 200_000

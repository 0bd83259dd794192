"""What stands between quotation marks, on plain text: a line is a block."""

import pytest

from pipeline.components.quotations.marks import plain_marks, scan


def contents(text: str) -> list[str]:
    blocks, place = [], 0
    for line in text.split("\n"):
        blocks.append((place, place + len(line)))
        place += len(line) + 1
    return [text[m.start : m.end] for m in scan(text, blocks)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said: “We will go. All of us.” Then he went.", ["We will go. All of us."]),
        ('He said: "We will go." Then "soon" came.', ["We will go.", "soon"]),
        ("« Nous irons », he said.", ["Nous irons"]),
        ("„Wir gehen“, he said.", ["Wir gehen"]),
        ("„Wir gehen”, he said.", ["Wir gehen"]),
        ("»Wir gehen«, he said.", ["Wir gehen"]),
        ("”Wir gehen”, he said.", ["Wir gehen"]),
        ("“Wir gehen“, he said.", ["Wir gehen"]),
        ('“We go", he said.', ["We go"]),
        ("‘We back the Philippines’ President,’ she said.", ["We back the Philippines’ President,"]),
        ("The ‘few regrets’ and the ‘no regrets’ policies.", ["few regrets", "no regrets"]),
        ("‘The parties’ aims don’t differ,’ she said.", ["The parties’ aims don’t differ,"]),
        ("The parties’ aims and the 1990s’ end.", []),
        ("“He called it ‘sad’ and left.”", ["He called it ‘sad’ and left."]),
        ("“He called it “sad” and left.”", ["He called it “sad” and left."]),
        ("“First part.\n“Second part.”\nAfter.", ["First part.\n“Second part."]),
        ("“First part.\n“Second part.\n“Third.” She left.", ["First part.\n“Second part.\n“Third."]),
        ("“First part.\nSecond part.” He left “us” there.", ["First part.\nSecond part.", "us"]),
        ("‘First part.\n‘Second part.’ She left.", ["First part.\n‘Second part."]),
        ("“Nobody closed this.\nAfter that, “he” came.", ["Nobody closed this.", "he"]),
        ("“Nobody closed this.\nAfter that, he came.\n“He” left.", ["Nobody closed this.", "He"]),
        ("A 5\" pipe and the 6' wall.", []),
        ("No marks at all.", []),
    ],
)
def test_marks(text: str, expected: list[str]) -> None:
    assert contents(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("``We go,'' he said. ''Now.''", " “We go,”  he said.  “Now.” "),
        ("It's the crews' port.", "It's the crews' port."),
        ("", ""),
    ],
)
def test_marks_typed_as_two_keep_every_offset(text: str, expected: str) -> None:
    assert plain_marks(text) == expected
    assert len(plain_marks(text)) == len(text)

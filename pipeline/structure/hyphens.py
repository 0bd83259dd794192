"""Words broken over lines: whether the hyphen at the end of a line belongs to the word.

Nothing is rewritten: the answer is how many characters of the first line to leave out and what joins the two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"[^\s-]+(?:-[^\s-]+)*[-\xad‐]\n\S+")
_PAIR = re.compile(r"([^\W\d_]+)[-\xad‐]\n([a-z]+)")
#: Broken compounds that tell how a document is set: the report looked at has 49 of them
#: and two words that it also writes as one.
_ENOUGH = 5
_LAST = re.compile(r"([^\W_]+(?:-[^\W_]+)*)[-\xad‐]$")
_ADDRESS = re.compile(r"(?:://|www\.|@|\w\.\w{2,}/)\S*$")


class Hyphens:
    """The words of a document, as the judge of its broken words."""

    def __init__(self, lines: Iterable[str]) -> None:
        text = "\n".join(lines)
        self._words = Counter(_WORD.findall(_BROKEN.sub(" ", text).lower()))
        pairs = [(left.lower(), right.lower()) for left, right in _PAIR.findall(text)]
        parted = sum(left + right in self._words for left, right in pairs)
        # Many compounds broken at their hyphen and hardly another word: the document was set without hyphenation.
        self._hyphenated = len(pairs) < _ENOUGH or parted * 10 > len(pairs)

    def join(self, before: str, after: str) -> tuple[int, str]:
        """How two lines meet.

        Args:
            before: a line.
            after: the line that goes on.

        Returns:
            How many characters at the end of `before` to leave out, and the joiner: ("infor-", "mation") gives (1, ""),
            ("cross-", "border") gives (0, ""), any other two lines (0, " ").
        """
        if before.endswith(("—", "/")) or (before.endswith(("-", ".", "_")) and _ADDRESS.search(before)):
            return 0, ""
        last = _LAST.search(before) if before.endswith(("-", "\xad", "‐")) else None
        if not last:
            return 0, " "
        first = _WORD.match(after)
        if not first or not first.group()[0].islower() or last.group(1).isupper():
            return (0, "") if first or after[:1].isdigit() else (0, " ")
        return (0, "") if before[-1] != "\xad" and self._is_compound(last.group(1).lower(), first.group().lower()) else (1, "")

    def _is_compound(self, left: str, right: str) -> bool:
        """Whether the hyphen belongs to the word, told by how the rest of the document writes it."""
        words = self._words
        if "-".join((left, right)) in words or left + right in words:
            return words["-".join((left, right))] > words[left + right]
        # Both halves are words by themselves ("whole-", "system"): halves of syllables hardly ever are.
        return not self._hyphenated or "-" in left or (words[left] > 0 and words[right] > 0 and len(left) > 2)

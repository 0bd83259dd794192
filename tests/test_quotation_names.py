"""The name that a few words of news give their speaker: `[…]` marks it."""

import pytest

from pipeline.codebook.speech import DEFAULT, Cues
from pipeline.components.quotations.names import name_in


@pytest.mark.parametrize(
    "markup",
    [
        " President [Ada Varn]",
        " the ferry line’s chief executive, [Ada Varn], 51,",
        " Sgt. [Ada Varn] of the coast guard",
        " one of the pilots, [Ada Varn],",
        " Bo Lind’s mother, [Ada Varn]",
        " European Harbour spokesman [Bo Lind]",
        " the Secretary of State [Bo Lind]",
        " [Varn], a Democrat,",
        " Rep. [Ada Varn], R-Ohio,",
        " [Jan van der Berg], who had waited with Bo Lind,",
        " Dr. [Farid al-Hashimi], an expert on ports",
        " [Ada Varn] angrily",
        " [Bo Lind Jr.], the mayor,",
        " a trader in the port of Malu",
        " the old man, who lives with his son, Bo,",
        " the Minister",
        " a Democrat",
        " on Monday",
        "",
    ],
)
def test_names(markup: str) -> None:
    text = markup.replace("[", "").replace("]", "")
    found = name_in(text, 0, len(text), Cues.load(DEFAULT))
    assert (text[slice(*found)] if found else "") == (
        markup[markup.index("[") + 1 : markup.index("]")] if "[" in markup else ""
    )

"""Languages of blocks: English by its function words, others by trigrams, short texts with their neighbours."""

from pathlib import Path

import pytest
from lxml import html

from pipeline import language

ENGLISH = "The Parties shall consult each other on the measures that they intend to take."
FRENCH = "Les parties se consultent régulièrement sur les mesures qu'elles ont l'intention de prendre."
DUTCH = "De partijen plegen regelmatig overleg over de maatregelen die zij voornemens zijn te nemen."
CHINESE = "各方应就其拟采取的措施相互协商。"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ENGLISH, "en"),
        (FRENCH, "fr"),
        (DUTCH, "nl"),
        (CHINESE, "zh"),
        ("当事国は、とるべき措置について相互に協議する。", "ja"),
        ("당사국은 취할 조치에 관하여 서로 협의한다.", "ko"),
        ("Стороны проводят консультации о мерах, которые они намерены принять.", "ru"),
        ("Τα μέρη διαβουλεύονται μεταξύ τους σχετικά με τα μέτρα.", "el"),
        ("يتشاور الطرفان بشأن التدابير التي يعتزمان اتخاذها.", "ar"),
        ("Udfærdiget i Arvenia den fjerde december to tusind og tyve.", "da"),
        ("participation in joint programmes", ""),
        ("For the Government of Arvenia", "en"),
        ("JOINT STATEMENT OF THE LEADERS OF ARVENIA AND BELMARK", ""),
        ("Albania, Argentina, Costa Rica, El Salvador, Montenegro, Nicaragua, Panama", ""),
        ("1 200 | 3.5 | 2024", ""),
        ("https://example.org/una/pagina/sobre/cooperacion", ""),
        ("", ""),
    ],
)
def test_one_text(text: str, code: str) -> None:
    assert language.detect(text) == code


def test_short_texts_go_with_their_neighbours() -> None:
    names = "Albania, Argentina, Costa Rica, El Salvador, Montenegro"
    assert language.mark(["ARTICLE 1", ENGLISH, names, ENGLISH]) == ["en"] * 4


def test_between_two_languages_the_better_fit_wins() -> None:
    marks = language.mark([ENGLISH, "Article premier", FRENCH, FRENCH, "Security and defence", ENGLISH])
    assert marks == ["en", "fr", "fr", "fr", "en", "en"]


def test_latin_headings_of_a_two_script_document_are_not_chinese() -> None:
    assert language.mark([CHINESE, "Article 1", CHINESE, "第二条", ENGLISH, "64."]) == ["zh", "en", "zh", "zh", "en", "en"]


def test_an_undecidable_document_stays_open() -> None:
    assert language.mark(["Arvenia", "1 200"]) == ["", ""]
    assert language.mark([]) == []


@pytest.mark.shared
def test_charter_in_two_languages(shared: Path) -> None:
    page = html.fromstring((shared / "realdocs/html/un-charter.html").read_bytes())
    texts = [" ".join(p.text_content().split()) for p in page.iter("p", "h2", "h3", "li", "div") if not len(p)]
    marks = language.mark(texts)
    # The charter has 111 articles, each in both languages.
    assert set(marks) == {"en", "zh"}
    assert marks.count("en") >= 111


def test_a_short_item_goes_with_its_neighbours_unless_it_is_clearly_foreign() -> None:
    fibres, dutch = "synthetic man-made staple fibres of polytetrafluoroethylene,", "Wordt voorlopig toegepast per 13-03-2006"
    assert language.mark([ENGLISH, fibres, ENGLISH, dutch, ENGLISH]) == ["en", "en", "en", "nl", "en"]
    assert language.mark([FRENCH, "fibres de polyimide", FRENCH]) == ["fr", "fr", "fr"]

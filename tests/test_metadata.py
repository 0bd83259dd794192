"""Titles, dates, publishers, types, parties and legal status of documents, each with its source and the words that say so."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.codebook.actors import Actor, Gazetteer
from pipeline.ingest.catalogue import Entry
from pipeline.metadata import describe
from pipeline.records import Block, Document, Metadata, Page, Value

ACTORS = [
    Actor("EU", "European Union", "organisation", aliases=("EU",)),
    Actor("EC", "European Commission", "eu_body", parent="EU"),
    Actor("NATO", "NATO", "organisation"),
    Actor("G7", "G7", "format"),
    Actor("USA", "United States", "state", aliases=("U.S.",)),
    Actor("XAA", "Arvenia", "state", aliases=("Republic of Arvenia",), demonym=("Arvenian",)),
    Actor("XAB", "Belmark", "state", aliases=("Kingdom of Belmark",)),
    Actor("XAC", "Corvia", "state"),
    Actor("XAD", "Dravonia", "state"),
]
WHITE_HOUSE = "https://www.whitehouse.gov/briefings-statements/2025/05/a-call/"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(ACTORS)


def make(*texts: str, source: str = "pact.txt", media_type: str = "text/plain", **known: str) -> Document:
    """A document of paragraphs; "# " begins a heading of level 1, "- " a list item."""
    blocks, whole = [], ""
    for text in texts:
        words = text.removeprefix("# ").removeprefix("- ")
        start = len(whole) + bool(whole)
        whole += ("\n" if whole else "") + words
        kind = {"#": "heading", "-": "list_item"}.get(text[:1], "paragraph")
        blocks.append(Block(start, len(whole), kind, level=int(kind == "heading"), language="en"))
    metadata = Metadata(**{name: Value(value, "front matter") for name, value in known.items()})
    return Document("0" * 12, "pact", source, metadata, (Page(1, whole),), whole, (), tuple(blocks), media_type=media_type)


def found(document: Document, gazetteer: Gazetteer) -> Metadata:
    return describe(document, None, gazetteer).metadata


def test_the_catalogue_overrides_the_file_and_the_file_the_rules(gazetteer: Gazetteer) -> None:
    document = make("# Joint Statement of Arvenia and Belmark", date="2024-01-02", title="Old title")
    entry = Entry(key="a-b-2025", title="New title", parties="XAC", legal_status="binding")
    described = describe(document, entry, gazetteer)
    metadata = described.metadata
    assert described.key == "a-b-2025"
    assert metadata.title == Value("New title", "catalogue")
    assert metadata.date == Value("2024-01-02", "front matter")
    assert (metadata.party_ids, metadata.text_of("legal_status")) == (("XAC",), "binding")


def test_given_parties_and_type_stay(gazetteer: Gazetteer) -> None:
    metadata = found(make("Arvenia will act.", parties="XAD;EU", doc_type="speech"), gazetteer)
    assert (metadata.party_ids, metadata.text_of("doc_type")) == (("XAD", "EU"), "speech")


def test_names_become_ids_and_unknown_types_are_not_taken_over(gazetteer: Gazetteer) -> None:
    metadata = found(make("# The Sea", parties="European Union;Arvenia", doc_type="blog", url="http://[broken"), gazetteer)
    assert (metadata.party_ids, metadata.text_of("doc_type")) == (("EU", "XAA"), "other")
    assert found(make("# The Sea", parties="XZZ; EU;Nowhere"), gazetteer).party_ids == ("XZZ", "EU", "Nowhere")


def test_properties_of_the_file_come_last(gazetteer: Gazetteer) -> None:
    weak = Metadata(title=Value("Template", "docx properties"), date=Value("2001-01-01", "docx properties"))
    document = make("# Agreement between Arvenia and Belmark", "Belmark City, 3 May 2025")
    document = replace(document, metadata=weak)
    metadata = found(document, gazetteer)
    assert metadata.text_of("title") == "Agreement between Arvenia and Belmark"
    assert metadata.text_of("date") == "2025-05-03"
    assert found(replace(make("and so on."), metadata=weak), gazetteer).date == weak.date


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Security: EU and Arvenia conclude a Security and Defence Partnership", "press_release"),
        ("FACT SHEET: Arvenia and the Sea", "press_release"),
        ("Statement by President Oram on the Agreement with Belmark", "press_release"),
        ("Arvenia-Belmark Joint Statement", "joint_statement"),
        ("Joint Leaders’ Statement on Arvenia", "joint_statement"),
        ("G7 Leaders’ Statement", "joint_statement"),
        ("The Lindmoor Declaration on Migration", "joint_statement"),
        ("LINDMOOR SUMMIT COMMUNIQUÉ", "joint_statement"),
        ("President Oram Approves Lindmoor Emergency Declaration", "press_release"),
        ("Readout of President Oram’s Call with the King of Belmark", "readout"),
        ("Remarks by President Oram in Lindmoor", "speech"),
        ("AGREEMENT between the European Union and Arvenia", "agreement"),
        ("Framework Agreement on Partnership and Cooperation", "agreement"),
        ("Memorandum of Understanding Between Arvenia and Belmark", "agreement"),
        ("Memorandum on Critical Infrastructure", "other"),
        ("Security and Defence Partnership between the European Union and Arvenia", "agreement"),
        ("Draft Security and Defence Partnership with Arvenia", "agreement_draft"),
        ("Treaty on the Rivers of Arvenia", "treaty"),
        ("Protocol to the Rivers Treaty", "treaty"),
        ("Executive Order on Rivers", "other"),
        ("The Rivers of Arvenia", "other"),
    ],
)
def test_types_from_titles(title: str, kind: str, gazetteer: Gazetteer) -> None:
    assert found(make(f"# {title}", "Some words."), gazetteer).text_of("doc_type") == kind


def test_types_from_address_text_and_format(gazetteer: Gazetteer) -> None:
    assert found(make("# The Sea", url="https://x.example/press-releases/1"), gazetteer).text_of("doc_type") == "press_release"
    agreed = make("# Rivers", "The Parties have agreed as follows:")
    # An agreement that binds is a treaty by the Vienna Convention.
    assert found(agreed, gazetteer).text_of("doc_type") == "treaty"
    assert found(make("# Rivers", media_type="text/html"), gazetteer).text_of("doc_type") == "web_page"
    proclaimed = "I do hereby proclaim May to be Harbour Month. In witness whereof, I have hereunto set my hand."
    assert found(make("# Harbour Month", proclaimed), gazetteer).text_of("doc_type") == "other"


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("Keeping Harbours Safe", "By the authority vested in me as President, it is hereby ordered:", "other"),
        ("Statement on the Harbour Framework", "We, Arvenia, Belmark and Corvia, share a sea.", "joint_statement"),
        ("Statement on the Harbour Framework", "We, the people of Arvenia, share a sea.", "press_release"),
        ("Statement by Spokesperson Lena Oram on Arvenia", "The Foreign Minister met today with King Rolf.", "readout"),
        ("Statement by President Oram on Arvenia", "Today I met with King Rolf.", "press_release"),
    ],
)
def test_types_from_first_words(title: str, text: str, kind: str, gazetteer: Gazetteer) -> None:
    assert found(make(f"# {title}", text), gazetteer).text_of("doc_type") == kind


@pytest.mark.parametrize(
    ("texts", "source", "date", "rule"),
    [
        (("Brussels, 19 May 2025", "They met."), "a.txt", "2025-05-19", "rule dateline"),
        (("May 19, 2025", "They met."), "a.txt", "2025-05-19", "rule dateline"),
        (("Title", "Done at Brussels, 14 December 2012."), "2013-01-01-a.txt", "2012-12-14", "rule signature"),
        (
            (
                "Title",
                "Done at Lindmoor on the twenty-first day of May in the year one thousand nine hundred and eighty-five, in "
                "two copies.",
            ),
            "a.txt",
            "1985-05-21",
            "rule signature",
        ),
        (
            ("Title", "Done at Lindmoor this fifth day of June, two thousand and twenty-five."),
            "a.txt",
            "2025-06-05",
            "rule signature",
        ),
        (
            ("Title", "Done at Lindmoor on twelfth september nineteen ninety-nine, in two copies."),
            "a.txt",
            "1999-09-12",
            "rule signature",
        ),
        (("Title", "On 19 May, they met."), "2025-05-19-eu-xaa.txt", "2025-05-19", "file name"),
        (("Title", "They met."), "report_2026_01_b.html", "2026-01", "file name"),
        (("Title", "They met on 3 June 2024 at sea."), "a.txt", "2024-06-03", "rule first paragraph"),
        (("4.12.2020", "Title", "They met on 3 June 2024."), "a.txt", "2020-12-04", "rule dateline"),
    ],
)
def test_dates(texts: tuple[str, ...], source: str, date: str, rule: str, gazetteer: Gazetteer) -> None:
    value = found(make(*texts, source=source), gazetteer).date
    assert value is not None
    assert (value.value, value.source) == (date, rule)


def test_a_file_name_is_confirmed_by_the_day_in_the_text(gazetteer: Gazetteer) -> None:
    value = found(make("Title", "On 19 May, they met.", source="2025-05-19-a.txt"), gazetteer).date
    assert value == Value("2025-05-19", "file name", "19 May")
    assert found(make("Title", "They met."), gazetteer).date is None
    assert found(make("Title", "On 31 February 2025 they met."), gazetteer).date is None


def test_titles_skip_the_head_of_a_gazette(gazetteer: Gazetteer) -> None:
    document = make("4.12.2020", "EN", "L 12/3", "AGREEMENT", "between Arvenia and Belmark on rivers", "ARVENIA and BELMARK,")
    title = found(document, gazetteer).title
    assert title == Value("AGREEMENT between Arvenia and Belmark on rivers", "first line", "AGREEMENT")


def test_the_title_of_a_page_in_two_scripts_is_the_latin_one(gazetteer: Gazetteer) -> None:
    document = make("玻璃條約", "Treaty on Glass", "They met.")
    assert found(document, gazetteer).text_of("title") == "Treaty on Glass"
    assert found(make("玻璃條約"), gazetteer).text_of("title") == "玻璃條約"


def test_titles_from_subject_lines_and_from_properties_that_the_text_confirms(gazetteer: Gazetteer) -> None:
    note = make(
        "# European Union", "NOTE", "Subject: Security and Defence Partnership with Arvenia", "Delegations will find it below."
    )
    assert found(note, gazetteer).text_of("title") == "Security and Defence Partnership with Arvenia"
    weak = Metadata(title=Value("Rivers and Seas of Arvenia", "pdf info"))
    document = replace(make("# MINISTRY OF RIVERS", "Rivers and seas of Arvenia"), metadata=weak)
    assert found(document, gazetteer).title == weak.title


def test_a_dateline_can_stand_at_the_end(gazetteer: Gazetteer) -> None:
    document = make(*["Some words."] * 30, "Lindmoor, 30 September 2025", "Signatures")
    assert found(document, gazetteer).date == Value("2025-09-30", "rule dateline", "30 September 2025")


def test_publishers(gazetteer: Gazetteer) -> None:
    eeas = found(make("# Title", url="https://www.eeas.europa.eu/node/1_en"), gazetteer)
    assert eeas.publisher == Value("EEAS", "address")
    journal = found(make("Official Journal of the European Union", "# Title"), gazetteer).publisher
    assert journal is not None and journal.source == "rule imprint"
    assert found(make("# Title", url="https://notgov.uk/x"), gazetteer).publisher is None


@pytest.mark.parametrize(
    ("title", "text", "url", "parties"),
    [
        ("Security: EU and Arvenia conclude a Partnership", "", "", "EU;XAA"),
        ("Arvenia-Belmark Joint Statement", "", "", "XAA;XAB"),
        ("Joint Statement on the Arvenia-Belmark Dialogue", "", "", "XAA;XAB"),
        ("Joint Statement from Arvenia, Belmark, and Corvia on Dravonia", "", "", "XAA;XAB;XAC"),
        ("G7 Leaders’ Statement on Arvenia", "", "", "G7"),
        ("AGREEMENT between the European Commission and the Republic of Arvenia on fish", "", "", "EU;XAA"),
        ("Rivers Agreement", "ARVENIA and BELMARK, hereinafter referred to as the Parties,", "", "XAA;XAB"),
        ("Joint Statement on Dravonia", "We, the leaders of Arvenia and Belmark, condemn the war on Dravonia.", "", "XAA;XAB"),
        ("Readout of the President’s Call with King Rolf of Belmark", "They spoke.", WHITE_HOUSE, "USA;XAB"),
        ("Statement by the President on Arvenia’s Election", "Well done.", WHITE_HOUSE, "USA"),
        ("Statement by the President on the U.S.-Arvenia Summit", "Well done.", WHITE_HOUSE, "USA"),
        ("FACT SHEET: President Oram Strengthens the U.S.-Arvenia Alliance", "Well done.", WHITE_HOUSE, "USA"),
        ("FACT SHEET: The U.S.-Arvenia Alliance", "Well done.", WHITE_HOUSE, "USA;XAA"),
        ("FACT SHEET: The 2025 NATO Summit", "Well done.", WHITE_HOUSE, "USA"),
        ("Executive Order on the U.S.-Arvenia Agreement", "Be it so.", WHITE_HOUSE, "USA"),
        # A format of which the publisher is a member is no second party beside it.
        ("Readout of the President’s Meeting with G7 Leaders", "They met.", WHITE_HOUSE, "G7"),
        ("Fact Sheet: 2025 G7 Leaders’ Summit", "They met.", WHITE_HOUSE, "G7"),
        ("FACT SHEET: The 2025 G7 Summit in Lindmoor", "They met.", WHITE_HOUSE, "USA"),
        ("FACT SHEET: United States and G7 Act on Dravonia", "They met.", WHITE_HOUSE, "USA"),
        # Listed recitals cite the treaties of others.
        ("CONVENTION on rivers", "- the Agreement between Arvenia and Belmark on lakes,", "", ""),
        ("The Sea", "It is wide.", "", ""),
    ],
)
def test_parties(title: str, text: str, url: str, parties: str, gazetteer: Gazetteer) -> None:
    document = make(f"# {title}", *([text] if text else []), **({"url": url} if url else {}))
    assert found(document, gazetteer).text_of("parties") == parties


def test_a_government_that_publishes_is_a_party(gazetteer: Gazetteer) -> None:
    document = make("# Speech on the sea", "We care.", publisher="Ministry of Defence of Arvenia")
    assert found(document, gazetteer).parties == Value("XAA", "publisher")


@pytest.mark.parametrize(
    ("title", "text", "status"),
    [
        ("Rivers Agreement", "This Agreement shall enter into force on signature.", "binding"),
        ("Rivers Agreement", "The Parties have agreed as follows:", "binding"),
        ("Memorandum of Understanding between A and B", "This Memorandum is not legally binding.", "non_binding"),
        ("Joint Statement", "This statement does not create rights or obligations under international law.", "non_binding"),
        ("Joint Statement", "Today’s Memorandum is a start. It does not create any legal obligations.", "non_binding"),
        ("Joint Statement", "The agreement should include binding and non-binding commitments.", "unstated"),
        ("Partnership Agreement", "The Partnership creates no legal obligations.", "non_binding"),
        ("Rivers Agreement", "The provisions of a void treaty have no legal force.", "unstated"),
        ("Rivers Agreement", "This Agreement provides that awards are binding.", "unstated"),
        ("FACT SHEET: Rivers", "This Agreement shall enter into force on signature.", "unstated"),
    ],
)
def test_legal_status_of_the_document(title: str, text: str, status: str, gazetteer: Gazetteer) -> None:
    value = found(make(f"# {title}", text), gazetteer).legal_status
    assert value is not None
    assert value.value == status
    assert value.evidence in text and bool(value.evidence) == (status != "unstated")


def test_status_of_the_instrument_that_is_announced(gazetteer: Gazetteer) -> None:
    title = "# EU and Arvenia sign a Security and Defence Partnership"
    told = found(make(title, "They met. The Partnership is a non-binding framework."), gazetteer)
    assert told.announced_status == Value("non_binding", "rule words", "The Partnership is a non-binding framework.")
    assert told.text_of("legal_status") == "unstated"
    silent = found(make(title, "They met."), gazetteer)
    assert silent.text_of("announced_status") == "unstated"
    assert found(make("# Remarks by Ms Oram on the sea", "They met."), gazetteer).announced_status is None


def test_the_status_of_a_kind_of_instrument_is_that_of_the_one_announced(gazetteer: Gazetteer) -> None:
    title = "# EU and Arvenia sign a Security and Defence Partnership"
    told = found(make(title, "Security and Defence Partnerships are tailored, non-binding arrangements."), gazetteer)
    assert told.text_of("announced_status") == "non_binding"


def test_an_agreement_that_binds_is_a_treaty(gazetteer: Gazetteer) -> None:
    title = "# Agreement between the European Union and Arvenia on ships"
    treaty = found(make(title, "This Agreement shall enter into force on signature."), gazetteer)
    assert treaty.doc_type == Value("treaty", "rule binding", "This Agreement shall enter into force on signature.")
    assert treaty.text_of("parties") == "EU;XAA"
    assert found(make(title, "The two sides will meet."), gazetteer).text_of("doc_type") == "agreement"


def test_a_letterhead_names_the_publisher(gazetteer: Gazetteer) -> None:
    told = found(make("MINISTRY OF DEFENCE OF ARVENIA", "# A pact is signed", "They met."), gazetteer)
    assert told.publisher == Value("MINISTRY OF DEFENCE OF ARVENIA", "letterhead", "MINISTRY OF DEFENCE OF ARVENIA")


def test_office_holders_in_a_title_stand_for_their_states() -> None:
    states = [Actor("USA", "United States", "state"), Actor("FRA", "France", "state"), Actor("XAA", "Arvenia", "state")]
    title, text = (
        "# Joint Statement by President Biden and President Macron",
        "We met on the border of Arvenia and the United States.",
    )
    assert found(make(title, text), Gazetteer(states)).text_of("parties") == "USA;FRA"


def test_a_format_named_after_its_two_sides_gives_these(gazetteer: Gazetteer) -> None:
    council = Actor("XCO", "U.S.-Arvenia Council on Trade", "format")
    named = Gazetteer([*ACTORS, council])
    assert found(make("# Readout of U.S.-Arvenia Council on Trade meeting"), named).text_of("parties") == "USA;XAA"


def test_a_format_of_two_stands_for_both(gazetteer: Gazetteer) -> None:
    named = Gazetteer([*ACTORS, Actor("TTC", "Trade and Technology Council", "format")])
    assert found(make("# Joint Statement of the Trade and Technology Council"), named).text_of("parties") == "EU;USA"
    assert found(make("# EU-Arvenia Joint Statement of the Trade and Technology Council"), named).text_of("parties") == "EU;XAA"


@pytest.mark.parametrize(
    ("title", "parties"),
    [
        ("Verdrag tussen het Koninkrijk der Nederlanden en de Verenigde Staten van Amerika inzake vis", "NLD;USA"),
        ("Notawisseling houdende een verdrag tussen de Nederlandse en de Amerikaanse Regering inzake vis", "NLD;USA"),
        ("Verdrag tussen de Staten die aan zee liggen inzake vis uit Nederland en Amerika", ""),
        ("Verdrag inzake vis uit Nederland", ""),
    ],
)
def test_parties_of_dutch_titles(title: str, parties: str) -> None:
    named = Gazetteer([*ACTORS, Actor("NLD", "Netherlands", "state")])
    assert found(make(f"# {title}", "They agree."), named).text_of("parties") == parties


@pytest.mark.shared
def test_the_press_release_on_the_partnership_with_the_united_kingdom(shared: Path) -> None:
    from pipeline import ingest, structure

    path = shared / "realdocs/press/2025-05-19-eu-uk-security-and-defence-partnership.txt"
    metadata = describe(structure.build(ingest.read(path), key="press")).metadata
    assert metadata.text_of("title").endswith("EU and UK conclude a Security and Defence Partnership")
    assert metadata.date == Value("2025-05-19", "file name", "19 May")
    assert metadata.text_of("doc_type") == "press_release"
    assert metadata.text_of("parties") == "EU;GBR"
    assert metadata.text_of("legal_status") == "unstated"
    assert metadata.announced_status is not None
    assert metadata.announced_status.value == "non_binding"
    assert "non-binding" in metadata.announced_status.evidence

"""Mechanisms: fora that a text sets up or continues. Sentences are invented; `<n>`, `<c>`, `<f>` mark what must be found."""

import re

import markup
import pytest

from pipeline import annotate, ingest, structure
from pipeline.codebook import fora
from pipeline.components.mechanisms.forum_mentions import Found, merge
from pipeline.errors import CodebookError

LABELS = {"n": "name", "c": "cue", "f": "frequency", "1": "first"}


def marked(sentence):
    """Plain text and the marked words by label."""
    text, found = markup.marked(sentence, LABELS)
    return text, {label: words[-1] for label, words in found.items()}


@pytest.fixture(scope="module")
def nlp():
    from pipeline.settings import Settings

    return annotate.build_nlp(Settings())


def run(nlp, text):
    """The mechanisms of a text: the words of each span, and the attrs."""
    doc = nlp(text)
    group = doc.spans["mechanisms"]
    spans = {}
    for span in group:
        spans.setdefault(span.id_, {})[span.label_] = span.text
    return [(spans[key], group.attrs[key]) for key in spans]


@pytest.mark.model
@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        ("set_up", "Arvenia and Belmark will <c>launch</c> a <n>maritime security dialogue</n>."),
        ("set_up", "A <n>Joint Cooperation Committee</n> is hereby <c>established</c>."),
        ("set_up", "We agreed to <c>hold</c> <n>annual consultations on space</n>."),
        ("set_up", "The ministers welcomed the <c>establishment</c> of a <n>working group on undersea cables</n>."),
        ("set_up", "They will <c>create</c> a <n>Talent for Peace Task Force</n>."),
        ("continues", "Both sides will <c>maintain</c> their <n>counter-terrorism dialogue</n>."),
        ("continues", "The <n>Joint Committee</n> shall <c>meet</c> <f>once a year</f>."),
        ("continues", "The leaders <c>look</c> forward to the next meeting of the <n>Sea Lanes Forum</n>."),
        ("continues", "We will <c>coordinate</c> through the <n>Arvenia-Belmark Cyber Forum</n>."),
        ("continues", "They agreed to continue to <c>hold</c> the <n>Harbour Dialogue</n>."),
        ("continues", "The two sides <c>held</c> the <n>Arvenia-Belmark Space Dialogue</n> in May."),
        ("continues", "Cables were <c>discussed</c> at the <n>Arvenia-Belmark Cyber Dialogue</n>."),
        ("continues", "They will <c>deepen</c> ties, including through the <n>annual maritime dialogue</n>."),
        ("continues", "We will <c>strengthen</c> the bodies for deterrence, including the <n>Lantern Working Group</n>."),
        ("set_up", "The Agreement shall be <c>administered</c> by a <n>Joint Harbour Committee</n>."),
        ("set_up", "We <c>welcomed</c> the newly established <n>Combined Task Force 77</n>."),
        ("set_up", "We welcome the <n>maritime policy dialogue</n> <c>planned</c> in October."),
        ("set_up", "The ministers decided that they would <c>launch</c> a <n>harbour working group</n>."),
        ("continues", "Belmark will <c>strengthen</c> <n>Exercise SEA LANTERN</n>."),
        ("continues", "They are members of the <n>Arvenia-Belmark Harbour Council</n>."),
        ("continues", "Corvian crews took part in the <n>SEA LANTERN exercise</n>."),
        ("continues", "They spoke of <n>leaders’ meetings</n> <f>every two years</f>."),
        ("continues", "We are committed to the <c>work</c> of the <n>Multilateral Reef Monitoring Team</n>."),
        ("continues", "We <c>commend</c> the <n>bilateral dialogue on fish</n>."),
        ("set_up", "They will <c>hold</c> another <n>Global Harbour Forum</n> meeting."),
        ("set_up", "They are pleased to <c>launch</c> a <n>dialogue</n> among the three navies."),
        ("set_up", "We will work on cables, <c>beginning</c> with a <n>cable repair working group</n>."),
        ("set_up", "They will <c>place</c> three <n>liaison officers</n> in Port Arven."),
        ("set_up", "A <n>Joint Council for ports</n>, hereafter the ‘Council’, is hereby <c>established</c> with two chairs."),
        ("set_up", "They will <c>set</c> up a joint committee called ‘<n>Arvenia/Belmark Harbour Committee</n>’."),
        ("continues", "They work through the <n>Defence Science and Technology (S&T) Cooperation Group</n>."),
        ("set_up", "The crews attended the inaugural <c>meeting</c> of the <n>Trilateral Ferry Committee</n>."),
        ("continues", "They spoke of the <c>progress</c> made by our <n>trilateral working groups</n>."),
        ("continues", "The <n>foreign ministers will meet</n> <f>twice a year</f>."),
    ],
)
def test_name_and_cue(nlp, action, sentence):
    text, expected = marked(sentence)
    ((spans, attrs),) = run(nlp, text)
    assert {label: spans.get(label) for label in expected} == expected
    assert attrs["action"] == action


@pytest.mark.model
@pytest.mark.parametrize(
    "sentence",
    [
        "The ministers held a productive dialogue on Tuesday.",
        "We welcome the committee members of both parliaments.",
        "The Parties may set up a joint committee.",
        "The Parties shall regulate the exercise of their rights.",
        "Corvian authorities rebuilt the telecommunications network.",
        "The Parties shall hold consultations on trade at the request of either Party.",
        "We remain committed to dialogue.",
        "If they establish a joint committee, costs will rise.",
        "They discussed trade at the Counter-Terrorism Conference.",
        "We look forward to the 13th ministerial conference.",
        "Work with the Harbour Council, which will publish a report.",
        "The ministers will meet tomorrow.",
        "The third meeting of the National Harbour Council took place in May.",
        "They will promote dialogue on issues of mutual interest.",
        "They will build information-sharing mechanisms for climate data.",
        "We met the Wagner Group and the Lantern Network.",
        "It was agreed at the Arvenia-Belmark Summit in June.",
        "They will maintain the Lantern Strike Group in the strait.",
    ],
)
def test_what_is_none(nlp, sentence):
    assert run(nlp, sentence) == []


@pytest.mark.model
def test_a_forum_of_third_parties_is_none(nlp):
    from test_annotate import document_of

    document = document_of("Norway established a joint panel of experts.", "The European Union will set up a panel of experts.")
    assert [document.slice(m) for m in annotate.annotate(nlp, document).mechanisms] == ["panel of experts"]


@pytest.mark.model
@pytest.mark.parametrize(
    ("level", "text"),
    [
        ("leaders", "We will launch an annual leaders' forum."),
        ("ministers", "They will hold an annual security dialogue between foreign ministers."),
        ("senior_officials", "They will set up a committee of senior officials."),
        ("experts", "Arvenia and Belmark will convene an expert working group."),
        ("", "They will establish a joint committee."),
        ("ministers", "They will establish a joint committee composed of ministers."),
        ("", "They will hold the Harbour Dialogue, hosted by the President's office."),
        ("leaders", "They will hold annual Arvenia-Belmark summits."),
        ("", "They will hold an annual harbour health summit."),
        ("ministers", "The foreign ministers will hold annual talks."),
    ],
)
def test_level(nlp, level, text):
    ((_, attrs),) = run(nlp, text)
    assert attrs["level"] == level


@pytest.mark.model
def test_times_are_normalised_and_taken_from_what_follows(nlp):
    ((spans, attrs),) = run(nlp, "They will launch a space dialogue. It will meet twice a year from March 2031.")
    assert (spans["frequency"], attrs["frequency_value"]) == ("twice a year", "R/P6M")
    assert attrs["first_value"] == "2031-03"


@pytest.mark.model
def test_a_committee_gets_its_frequency_where_the_text_comes_back_to_it(nlp):
    text = (
        "The Parties shall establish a Joint Harbour Committee. Each names three members. The Committee shall meet every year."
    )
    ((spans, attrs),) = run(nlp, text)
    assert (spans["name"], attrs["frequency_value"]) == ("Joint Harbour Committee", "R/P1Y")


@pytest.mark.model
def test_areas_come_from_the_name_before_the_sentence(nlp):
    text = "Concerned about terrorism, they will launch a maritime security dialogue."
    ((_, attrs),) = run(nlp, text)
    assert attrs["areas"] == ["maritime"]


@pytest.mark.model
def test_a_forum_at_work_is_told_once(nlp):
    sentences = ("will review progress", "will report to ministers", "shall meet yearly")
    text = " ".join(f"The Sea Lanes Forum {sentence}." for sentence in sentences)
    assert [spans.get("frequency") for spans, _ in run(nlp, text)] == ["yearly"]


@pytest.mark.model
@pytest.mark.parametrize("entry", fora.examples(), ids=lambda e: e[1][:40])
def test_every_example_of_the_codebook(nlp, entry):
    kind, sentence = entry
    text, expected = marked(sentence)
    found = run(nlp, text)
    assert expected.get("name") in (None, *(spans["name"] for spans, _ in found)), found
    assert expected.get("cue") in (None, *(spans["cue"] for spans, _ in found)), found
    assert kind in ("", *(attrs["kind"] for _, attrs in found)), found


@pytest.mark.parametrize("wrong", ['level = "kings"', 'action = "ends"', 'example = ""'])
def test_a_wrong_codebook_is_named(tmp_path, wrong):
    path = tmp_path / "fora.toml"
    name = wrong.split(" = ")[0]
    text = re.sub(rf'^{name} = ".*"$', wrong, fora.PATH.read_text("utf-8"), count=1, flags=re.M)
    path.write_text(text, "utf-8")
    with pytest.raises(CodebookError, match=r"fora\.toml"):
        fora.load(path)


def in_document(nlp, text):
    """The mechanisms of a Markdown text that is read as a document: words of the name, and the record."""
    document = structure.build(ingest.read_bytes(text.encode(), "sample.md"))
    return [(document.slice(m), m) for m in annotate.annotate(nlp, document).mechanisms]


@pytest.mark.model
def test_items_take_what_is_done_from_their_lead_in(nlp):
    ((name, found),) = in_document(nlp, "The Parties agree to hold:\n\n- an annual meeting of ministers;\n- visits.")
    assert (name, found.action, found.rule) == ("annual meeting of ministers", "set_up", "lead_in")


@pytest.mark.model
def test_a_name_before_a_colon_takes_it_from_what_follows(nlp):
    ((name, found),) = in_document(nlp, "Harbour Security Dialogue: The leaders will launch an exchange of views on ports.")
    assert (name, found.action, found.rule) == ("Harbour Security Dialogue", "set_up", "label")


@pytest.mark.model
def test_how_often_it_reports_is_not_how_often_it_meets(nlp):
    ((_, attrs),) = run(nlp, "They will establish a Lantern Committee, which shall report once a year to ministers.")
    assert attrs["frequency_value"] == ""


@pytest.mark.model
@pytest.mark.parametrize(
    ("frequency", "first", "text"),
    [
        ("R/P1Y", "", "A Joint Harbour Committee shall be set up. The JHC shall meet once a year."),
        ("", "", "They will ease annual fish exports and launch a harbour dialogue."),
        ("R/P1Y", "", "They will hold annual, named, multi-domain exercises."),
        ("R/P1Y", "", "The Harbour Committee, which reports to ministers, shall meet annually."),
        ("", "", "They will launch a harbour dialogue to ease trade this decade."),
        ("", "", "On 3 May 2021 the Arvenia-Belmark Harbour Committee met."),
    ],
)
def test_frequency_and_first_are_the_forums_own(nlp, frequency, first, text):
    ((_, attrs),) = run(nlp, text)
    assert (attrs["frequency_value"], attrs["first_value"]) == (frequency, first)


@pytest.mark.model
def test_two_fora_that_are_joined_are_two(nlp):
    found = run(nlp, "They look forward to the upcoming Reef Safety Working Group and Harbour Security Dialogue.")
    assert [spans["name"] for spans, _ in found] == ["Reef Safety Working Group", "Harbour Security Dialogue"]


@pytest.mark.model
def test_an_item_takes_what_is_done_from_a_lead_in_that_announces(nlp):
    text = "The ministers announced key outcomes including:\n\n- A dedicated taskforce on cables;\n- visits."
    ((name, found),) = in_document(nlp, text)
    assert (name, found.action) == ("dedicated taskforce on cables", "set_up")


def find(name, rule="named", kind="committee", **attrs):
    """A find whose name stands alone in its text."""
    whole = {"action": "continues", "kind": kind, "level": "", "frequency_value": "", "first_value": "", "rule": rule}
    return name, whole | attrs


def merged(*finds):
    """Names and frequencies that are left of finds in a row."""
    text = ". ".join(name for name, _ in finds)
    starts = [text.index(name, sum(len(n) + 2 for n, _ in finds[:i])) for i, (name, _) in enumerate(finds)]
    found = [
        Found({"name": (at, at + len(name))} | ({"frequency": (0, 1)} if attrs["frequency_value"] else {}), attrs)
        for at, (name, attrs) in zip(starts, finds, strict=True)
    ]
    return [(text[slice(*f.spans["name"])], f.attrs["frequency_value"]) for f in merge(text, found)]


@pytest.mark.parametrize(
    ("finds", "left"),
    [
        (
            [find("Joint Reef Committee", "passive"), find("Committee", "subject", frequency_value="R/P1Y")],
            ["Joint Reef Committee R/P1Y"],
        ),
        ([find("Reef Committee"), find("Reef Committee", "passive")], ["Reef Committee"]),
        (
            [find("Arvenia-Belmark Reef Council"), find("Belmark-Arvenia Reef Council", "object")],
            ["Belmark-Arvenia Reef Council"],
        ),
        ([find("Reef Committee on Fish", "act"), find("Reef Committee")], ["Reef Committee on Fish"]),
        (
            [find("Reef Committee", "act"), find("annual Reef Committee", "object", frequency_value="R/P1Y")],
            ["Reef Committee R/P1Y"],
        ),
        ([find("reef dialogue", "act", "dialogue"), find("Reef Committee", "act")], ["reef dialogue", "Reef Committee"]),
        ([find("Reef Committee", "act"), find("Fish Committee", "act")], ["Reef Committee", "Fish Committee"]),
        ([], []),
    ],
)
def test_a_forum_is_told_once_by_the_find_that_says_most(finds, left):
    assert [f"{name} {frequency}".strip() for name, frequency in merged(*finds)] == left

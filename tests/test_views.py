"""Tables as scholars draw them: fora and conditions of a document."""

import fakes
import pandas as pd

from pipeline import dataset
from pipeline.dataset import views


def mechanisms(*rows: dict[str, str]) -> pd.DataFrame:
    """A table of mechanisms; what is not given is empty."""
    columns = ("text", "kind", "action", "level", "frequency", "frequency_value", "first", "first_value", "areas", "citation")
    blank = dict.fromkeys(columns, "") | {"doc_id": "d", "key": "k", "end": "1", "cue_end": "0"}
    return pd.DataFrame([blank | {"record_id": str(n)} | row for n, row in enumerate(rows)])


def test_mentions_of_one_forum_are_one_row() -> None:
    table = views.fora(
        mechanisms(
            {"text": "Joint Harbour Committee", "action": "set_up", "areas": "maritime", "kind": "committee"},
            {"text": "committee", "action": "continues", "frequency_value": "R/P1Y", "level": "ministers"},
            {"text": "space dialogues", "action": "continues", "areas": "space", "frequency": "regular"},
            {"text": "Space dialogue", "action": "continues", "level": "experts", "first_value": "2031"},
        )
    )
    assert table["forum"].tolist() == ["Joint Harbour Committee", "space dialogues"]
    assert table["action"].tolist() == ["set_up", "continues"]
    assert table["level"].tolist() == ["ministers", "experts"]
    assert table["frequency"].tolist() == ["R/P1Y", "regular"]
    assert table["first"].tolist() == ["", "2031"]
    assert table["areas"].tolist() == ["maritime", "space"]
    assert table["record_ids"].tolist() == ["0;1", "2;3"]


def test_a_short_name_of_two_fora_stays_alone() -> None:
    table = views.fora(mechanisms({"text": "Space Committee"}, {"text": "Cyber Committee"}, {"text": "Committee"}))
    assert len(table) == 3


def test_no_mechanisms_give_an_empty_table() -> None:
    frames = dataset.frames_of(fakes.analysis_of("Nothing."))
    assert views.fora(frames["mechanisms"]).empty
    assert views.condition_counts(frames["commitments"]).empty


def test_conditions_are_counted_once_and_told_with_what_they_soften() -> None:
    frames = dataset.frames_of(fakes.analysis_of("We will meet. We will train. We will help."))
    commitments = frames["commitments"].copy()
    commitments.loc[:1, ["condition", "condition_kind", "condition_start", "condition_end"]] = [
        "where possible",
        "feasible",
        5,
        9,
    ]
    told = views.conditions(commitments)
    assert told["aim"].tolist() == ["meet", "train"]
    counts = views.condition_counts(commitments)
    assert counts[["condition_kind", "n_conditions", "n_commitments"]].to_numpy().tolist() == [["feasible", 1, 2]]


def test_a_short_name_in_the_same_order_of_words_is_the_same_forum() -> None:
    table = views.fora(mechanisms({"text": "Joint Harbour Cooperation Committee"}, {"text": "Joint Committee"}))
    assert table["forum"].tolist() == ["Joint Harbour Cooperation Committee"]


def test_persons_who_meet_are_called_a_meeting() -> None:
    clause = {"kind": "meeting", "end": "9", "cue_end": "9"}
    table = mechanisms(
        clause | {"text": "Experts will meet", "level": "senior_officials"},
        clause | {"text": "We agree to meet"},
        {"text": "annual\nmeetings", "kind": "meeting", "level": "ministers"},
    )
    assert views.forum_names(table) == ["meeting of senior officials", "meeting", "annual meetings"]
    assert views.fora(table)["forum"].tolist() == views.forum_names(table)

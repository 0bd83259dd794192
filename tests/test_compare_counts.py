"""Profiles, firmness, mechanisms, keyness, networks and due dates, against counts made by hand."""

import numpy as np
import pandas as pd
import pytest
from test_compare import DOCUMENTS, SMALL, corpus

from pipeline import compare
from pipeline.compare import due
from pipeline.dataset import schema
from pipeline.dataset.formats import frame
from pipeline.errors import SettingsError


def row(found: pd.DataFrame, **wanted: str) -> pd.Series:
    for name, value in wanted.items():
        found = found[found[name] == value]
    assert len(found) == 1
    return found.iloc[0]


def test_shares_of_a_group_sum_to_one_with_residue_and_none() -> None:
    for unit in ("words", "passages", "commitments"):
        found = compare.area_profile(SMALL, by="partner", unit=unit, n=20)
        assert found.groupby("group")["share"].sum().round(9).eq(1).all()
        assert set(found["area"]) >= {"(residue)", "(none)"}


def test_a_passage_with_two_areas_counts_half_in_each() -> None:
    found = compare.area_profile(SMALL, unit="passages", n=0)
    assert row(found, group="final", area="cyber")["amount"] == 0.5
    assert row(found, group="final", area="space")["amount"] == 1.5
    assert row(found, group="other", area="(residue)")["share"] == 0.5
    assert row(found, group="other", area="space")["share"] == 0  # found elsewhere, so shown


def test_intervals_are_drawn_over_documents_or_passages_and_left_out_for_one_passage() -> None:
    few = compare.area_profile(SMALL, by="partner", n=20).query("group == 'XAA'")
    assert set(few["resampled"]) == {"passages"}  # three documents can be drawn in ten ways only
    five = corpus(*[(f"d{i}", "2025", "EU;XAA", DOCUMENTS[i % 3][3]) for i in range(5)])
    assert set(compare.area_profile(five, by="partner", n=20)["resampled"]) == {"documents"}
    profile = compare.area_profile(SMALL, n=200)
    assert set(profile["resampled"]) == {"passages"}
    assert (profile["low"] <= profile["share"] + 1e-9).all()
    assert (profile["high"] >= profile["share"] - 1e-9).all()
    one = compare.area_profile(corpus(("one", "2025", "", "space: The moon.")), n=20)
    assert one["low"].isna().all()
    assert set(one["resampled"]) == {""}


def test_a_group_has_the_same_interval_whoever_else_is_there() -> None:
    alone = compare.area_profile(corpus(DOCUMENTS[1]), n=50).query("area == 'maritime'")
    among = compare.area_profile(SMALL, n=50).query("group == 'final' and area == 'maritime'")
    assert alone[["low", "high"]].to_numpy().tolist() == among[["low", "high"]].to_numpy().tolist()


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(SettingsError, match="pages"):
        compare.area_profile(SMALL, unit="pages")


def test_firmness_by_hand() -> None:
    found = compare.firmness(SMALL, n=100)
    assert row(found, group="draft", area="(all)")["mean_level"] == pytest.approx((2 + 3 + 3 + 1) / 4)
    final = row(found, group="final", area="(all)")
    assert final["mean_level"] == pytest.approx((3 + 1 + 3 + 3) / 4)
    assert final["n"] == 4
    assert (final["joint"], final["with_time"], final["with_condition"], final["with_mechanism"]) == (0.5, 0.75, 0.25, 0.25)
    assert (final["possible"], final["committed"]) == (0.25, 0.75)
    assert row(found, group="final", area="space")["n"] == 1.5
    assert final["low"] <= final["mean_level"] <= final["high"]


def test_counts_by_obligation_sum_to_the_commitments() -> None:
    found = compare.firmness_counts(SMALL)
    assert found.groupby("group")["n"].sum().to_dict() == {"draft": 4, "final": 4, "other": 2, "press": 1}
    assert list(found.query("group == 'draft' and area == 'maritime'")["obligation"]) == ["intended", "committed"]


def test_who_is_bound_by_dyad() -> None:
    found = compare.who_is_bound(SMALL, n=50)
    arvenia = row(found, dyad="EU-XAA")
    assert (arvenia["joint"], arvenia["only_a"], arvenia["only_b"], arvenia["neither"]) == (4, 1, 4, 0)
    assert arvenia["asymmetry"] == pytest.approx((1 - 4) / 5)
    assert row(found, dyad="EU-XAB")["only_a"] == 1  # the EEAS binds the EU


def test_mechanisms_with_gaps() -> None:
    found = compare.mechanism_table(SMALL)
    assert len(found) == 4
    assert found["gap"].tolist() == [False, False, True, True]
    assert row(found, key="final")["names"] == "Space Dialogue"
    grid = compare.mechanism_grid(SMALL, ["final", "other"])
    assert grid.iloc[0].tolist() == ["dialogue", "space", "Space Dialogue (every month)", "—"]


def test_keyness_of_several_groups() -> None:
    found = compare.keyness(SMALL, "partner", least=1, top=3)
    assert found.query("group == 'XAB'")["term"].iloc[0] == "belmark"
    assert (found["z"] > 0).all()
    three = compare.keyness(SMALL, {"a": ["draft"], "b": ["final"], "c": ["other"]}, least=1, top=0)
    assert set(three["group"]) == {"a", "b", "c"}
    with pytest.raises(SettingsError, match="nowhere"):
        compare.keyness(SMALL, {"a": ["nowhere"]})


def test_keyness_is_the_formula_of_monroe_and_others() -> None:
    data = corpus(("a", "", "", ": ship ship ship sea."), ("b", "", "", ": sea sea boat ship."))
    found = compare.keyness(data, least=1, top=0, prior=8.0)
    alpha = {"ship": 4.0, "sea": 3.0, "boat": 1.0}  # a prior of eight words is the background itself

    def logit(n: int, a: float) -> float:
        return float(np.log((n + a) / (4 + 8 - n - a)))

    ship = row(found, group="a", term="ship")
    delta = logit(3, alpha["ship"]) - logit(1, alpha["ship"])
    assert ship["log_odds"] == pytest.approx(delta)
    assert ship["z"] == pytest.approx(delta / np.sqrt(1 / (3 + 4) + 1 / (1 + 4)))
    assert row(found, group="b", term="ship")["z"] == pytest.approx(-ship["z"])


def test_who_commits_with_and_to_whom() -> None:
    data = SMALL["commitments"].copy()
    warn = data["aim"] == "warn"
    passage = SMALL["mentions"].query("key == 'final' and actor_id == 'XAA'").iloc[-1]
    data.loc[warn, ["recipient", "recipient_start", "recipient_end"]] = ["Arvenia", passage["start"], passage["end"]]
    found = compare.actor_network(SMALL | {"commitments": data})
    assert row(found, source="EU", target="XAA", relation="together")["n"] == 4
    to = row(found, source="EU", target="XAA", relation="to")
    assert (to["n"], to["areas"], to["years"]) == (1, "cyber:1;space:1", "2025")


def test_instruments_referred_to() -> None:
    found = compare.instrument_network(SMALL)
    assert found[["key", "instrument", "n"]].to_numpy().tolist() == [["final", "Velmora Treaty", 1]]


def test_names_of_one_instrument() -> None:
    text = ": They recall the Convention of Velmora (COVEL) and COVEL.\n: They recall the 1999 Velmora Convention."
    data = corpus(("a", "2020", "", text), ("b", "2021", "", ": They recall COVEL and the UN Pact."))
    passages = data["passages"].set_index("passage")
    rows = []
    for name in ("Convention of Velmora", "COVEL", "1999 Velmora Convention", "UN Pact"):
        for passage in passages[passages["text"].str.contains(f"{name}\\b")].itertuples():
            start = passage.start + passage.text.rindex(name)
            place = {"key": passage.key, "passage_id": passage.record_id, "citation": "p"}
            rows.append(schema.row("instruments", **place, text=name, start=start, end=start + len(name), kind="treaty"))
    found = compare.instrument_network(data | {"instruments": frame("instruments", rows)})
    assert found[["key", "instrument", "n"]].to_numpy().tolist() == [["a", "COVEL", 3], ["b", "COVEL", 1], ["b", "UN Pact", 1]]


@pytest.mark.parametrize(
    ("value", "kind", "begins", "ends"),
    [
        ("2030-06", "date", "2030-06-01", "2030-06-30"),
        ("../2030", "deadline", None, "2030-12-31"),
        ("2028-02", "date", "2028-02-01", "2028-02-29"),
        ("2025-08-31/P6M", "interval", "2025-08-31", "2026-02-28"),
        ("2025-03-18/P12M", "interval", "2025-03-18", "2026-03-18"),
        ("2025-05-19/P2W", "interval", "2025-05-19", "2025-06-02"),
        ("2026-24", "date", "2026-12-01", "2027-02-28"),
        ("2025/2028", "interval", "2025-01-01", "2028-12-31"),
        ("2027/..", "interval", "2027-01-01", None),
        ("P5Y", "duration", None, None),
        ("R/P6M", "repeat", None, None),
        ("PT48H", "duration", None, None),
        ("2025-03-18/PT48H", "interval", "2025-03-18", "2025-03-20"),
        ("2025-02-30", "", None, None),
        ("9999-12-31/P9Y", "interval", "9999-12-31", None),
        ("soon", "", None, None),
        ("", "", None, None),
    ],
)
def test_normalised_times_as_dates(value: str, kind: str, begins: str | None, ends: str | None) -> None:
    found = due.parse(value)
    assert (found.kind, str(found.begins or "") or None, str(found.due or "") or None) == (kind, begins, ends)


def test_the_ledger_is_sorted_by_due_date() -> None:
    found = compare.due_ledger(SMALL, as_of="2026-01-01")
    assert found["due"].tolist()[:3] == ["2025-09-18", "2030-12-31", ""]
    assert found["status"].tolist()[:3] == ["past", "ahead", "open"]
    start = row(found, time="from 2027")
    assert (start["due"], start["begins"], start["time_kind"]) == ("", "2027-01-01", "start")
    assert found["status"].iloc[-1] == "recurring"


def test_a_day_before_the_document_is_not_due() -> None:
    found = row(compare.due_ledger(SMALL, as_of="2026-06-01"), key="other", time="within six months")  # of 2025, said in 2026
    assert (found["time_kind"], found["due"], found["begins"], found["status"]) == ("earlier", "", "2025-03-18", "open")

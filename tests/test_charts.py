"""What holds for every chart: in words, the same in any order, says so when empty, drawn without a network; and its numbers."""

import inspect
import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert
from test_compare import DOCUMENTS, SMALL, corpus

from pipeline import charts, compare
from pipeline.charts import placing, style
from pipeline.charts.texts import scaled

NAMES = {"space": "Space security", "final": "Final text", "draft": "A draft", "XAA": "Arvenia"}
COMPARED: dict[str, Callable[[Any], pd.DataFrame]] = {
    "actor_network": compare.actor_network,
    "alignment_map": compare.align,
    "announced": lambda data: compare.announced_areas(data, "press", "final"),
    "area_heat_map": lambda data: compare.area_profile(data, n=20),
    "area_profile_bars": lambda data: compare.area_profile(data, by="partner", n=20),
    "areas_over_time": lambda data: compare.areas_over_time(data, n=20),
    "draft_against_final": lambda data: compare.draft_against_final(data, "draft", "final"),
    "due_timeline": compare.due_ledger,
    "firmness_bars": compare.firmness_counts,
    "firmness_means": lambda data: compare.firmness(data, n=20),
    "keyness_bars": lambda data: compare.keyness(data, least=1),
    "mechanism_map": compare.mechanism_grid,
    "novelty": compare.novelty,
    "template_map": compare.template_distance,
    "template_tree": lambda data: compare.template_tree(compare.template_distance(data)),
    "who_is_bound": lambda data: compare.who_is_bound(data, n=20),
}
FIGURE = {"value": 0.8, "low": 0.6, "high": 0.9}
JUDGED = {
    "area_scores": pd.DataFrame(
        [{"area": "space", "support": 7, "given": 6, "precision": FIGURE, "recall": FIGURE, "f1": FIGURE}]
    ),
    "confusion": pd.DataFrame(
        [{"missed": "space", "given": "cyber", "passages": 3}, {"missed": "", "given": "space", "passages": 1}]
    ),
    "learning_curve": pd.DataFrame(
        [{"documents": d, "passages": 6 * d, "score": "macro_f1", **FIGURE, "value": d / 100} for d in (20, 80)]
    ),
    "reliability": pd.DataFrame([{"low": 0.4, "high": 0.5, "count": 9, "said": 0.45, "observed": 0.4}]),
}
FRAMES = {name: call(SMALL) for name, call in COMPARED.items()} | JUDGED
NOT_CHARTS = {"Chart", "Names", "names_of", "theme", "use_offline"}
WITH_NAMES = sorted(name for name in FRAMES if "names" in inspect.signature(getattr(charts, name)).parameters)


def drawn(name: str, frame: pd.DataFrame) -> Any:
    return getattr(charts, name)(frame, **({"names": NAMES} if name in WITH_NAMES else {}))


def rows(chart: Any) -> list[dict[str, Any]]:
    """All rows of a chart's data, wherever they stand in its specification."""

    def values(node: Any) -> list[dict[str, Any]]:
        if isinstance(node, list):
            return [row for part in node for row in values(part)]
        if not isinstance(node, dict):
            return []
        own = node["data"].get("values", []) if isinstance(node.get("data"), dict) else []
        return own + [row for key, part in node.items() if key != "data" for row in values(part)]

    spec = chart.to_dict()
    return values(spec) + [row for part in spec.get("datasets", {}).values() for row in part]


def test_every_public_chart_is_held_by_these_tests() -> None:
    assert set(FRAMES) | NOT_CHARTS == set(charts.__all__)


@pytest.mark.parametrize("name", FRAMES)
def test_a_chart_is_drawn_without_a_network(name: str) -> None:
    chart = drawn(name, FRAMES[name])
    svg = vl_convert.vegalite_to_svg(chart.to_dict(), allowed_base_urls=[])
    assert chart.title.text in svg


@pytest.mark.parametrize("name", FRAMES)
def test_an_empty_frame_gives_a_chart_that_says_so(name: str) -> None:
    (says,) = rows(drawn(name, FRAMES[name].iloc[:0]))
    assert says["says"].endswith(".")


@pytest.mark.parametrize("name", COMPARED)
def test_one_document_and_none_give_a_chart(name: str) -> None:
    if name not in ("announced", "draft_against_final"):  # they need two
        assert drawn(name, COMPARED[name](corpus(DOCUMENTS[1]))).to_dict()
        assert rows(drawn(name, COMPARED[name](corpus())))[0]["says"]


@pytest.mark.parametrize("name", sorted(FRAMES.keys() - {"template_tree"}))  # whose rows are steps
def test_the_order_of_rows_does_not_matter(name: str) -> None:
    frame = FRAMES[name]
    other = frame.sample(frac=1, random_state=3)
    other = other[sorted(other, reverse=True)] if name == "template_distance" else other
    assert drawn(name, other).to_dict() == drawn(name, frame).to_dict()


@pytest.mark.parametrize("name", WITH_NAMES)
def test_ids_are_called_by_their_names(name: str) -> None:
    words = json.dumps(rows(drawn(name, FRAMES[name])), ensure_ascii=False)
    assert any(called in words for called in NAMES.values()) or name == "alignment_map"
    assert "security_" not in words


@pytest.mark.parametrize("name", FRAMES)
def test_colours_stand_in_the_theme_alone(name: str) -> None:
    spec = drawn(name, FRAMES[name]).to_dict()
    config = spec.pop("config")
    assert config.pop("view")["stroke"] is None  # to which Altair adds sizes
    assert config.items() <= charts.theme().items()
    assert "#" not in json.dumps({key: part for key, part in spec.items() if key != "$schema"})


def test_dark_and_light_have_the_same_shape() -> None:
    dark, light = charts.theme(dark=True, background="transparent"), charts.theme()
    assert dark["background"] == "transparent"
    assert dark.keys() == light.keys()
    assert dark["range"] != light["range"]


def test_shares_of_a_heat_map_are_those_of_the_profile() -> None:
    profile = FRAMES["area_heat_map"]
    cells = {(row["group"], row["area"]): row for row in rows(charts.area_heat_map(profile, names=NAMES))}
    for group, area, share in profile[["group", "area", "share"]].itertuples(index=False):
        assert cells[group, area]["share"] == pytest.approx(share, abs=1e-6)
    assert cells["final", "space"]["column"] == "Space security"
    assert cells["final", "space"]["row"] == "Final text"


def test_names_say_the_order_of_rows() -> None:
    assert style.ordered(["b", "a", "(none)", "(residue)", "c"], {"c": "See", "b": "Bee"}) == [
        "c",
        "b",
        "a",
        "(residue)",
        "(none)",
    ]


def test_pieces_of_a_firmness_bar_meet_and_fill_it() -> None:
    found = [row for row in rows(charts.firmness_bars(FRAMES["firmness_bars"], names=NAMES)) if row["row"] == "Final text"]
    assert [row["obligation"] for row in found] == ["possible", "intended", "committed", "binding"]
    assert [row["high"] for row in found[:-1]] == [row["low"] for row in found[1:]]
    assert (found[0]["low"], found[-1]["high"]) == (0, 1)
    assert sum(row["n"] for row in found) == found[0]["total"] == (SMALL["commitments"]["key"] == "final").sum()


def test_the_map_keeps_distances_and_tells_its_stress() -> None:
    corners = np.array([[0, 3, 5], [3, 0, 4], [5, 4, 0]]) / 5  # a right triangle lies flat
    points, stress = scaled(corners)
    sides = [float(np.linalg.norm(points[i] - points[j])) for i, j in ((0, 1), (1, 2), (0, 2))]
    assert stress < 0.001
    assert [side / sides[0] for side in sides] == pytest.approx([1, 4 / 3, 5 / 3], rel=0.01)
    assert "stress" in charts.template_map(FRAMES["template_map"]).title.subtitle.lower()


def test_labels_on_a_map_do_not_cover_each_other() -> None:
    crowd = placing.sides(np.array([[400.0, 400.0], *([float(i), float(i)] for i in range(6))]), ["one document"] * 7)
    assert crowd[0] == "right"
    assert len(set(crowd.values())) >= 3
    assert len(crowd) < 7


def test_branches_of_a_tree_join_where_their_distance_says() -> None:
    tree = pd.DataFrame(
        [("n0", "a", "b", 0.2, 2), ("n1", "c", "n0", 0.6, 3)], columns=["node", "left", "right", "distance", "documents"]
    )
    found = rows(charts.template_tree(tree))
    joins = [(row["from"], row["low"], row["high"]) for row in found if "to" in row and row["from"] == row["to"]]
    assert joins == [(0.2, 1, 2), (0.6, 0, 1.5)]
    assert [row["label"] for row in found if "label" in row] == ["c", "a", "b"]


def test_a_draft_gains_and_loses_by_area() -> None:
    chart = charts.draft_against_final(FRAMES["draft_against_final"], names=NAMES)
    found = {(row["row"], row["verdict"]): row["change"] for row in rows(chart) if "verdict" in row}
    assert found == {
        ("maritime", "firmer"): 1,
        ("maritime", "softer"): -1,
        ("Space security", "new"): 1,
        ("cyber", "new"): 1,
        ("No area", "dropped"): -1,
    }
    same = FRAMES["draft_against_final"].assign(verdict="same")
    assert "No commitment became" in rows(charts.draft_against_final(same))[0]["says"]


def test_gaps_of_mechanisms_are_there() -> None:
    found = {
        (row["forum"], row["document"]): row["n"] for row in rows(charts.mechanism_map(FRAMES["mechanism_map"], names=NAMES))
    }
    assert found["dialogue · Space security", "Final text"] == 1
    assert set(found) == {("dialogue · Space security", "Final text"), ("dialogue · Space security", "A draft")}


def test_dates_are_due_or_begin() -> None:
    found = rows(charts.due_timeline(FRAMES["due_timeline"], names=NAMES))
    assert {(row["row"], row["when"], row["at"]) for row in found} >= {
        ("A draft", "due", "2030-12-31"),
        ("Final text", "due", "2025-09-18"),
        ("other", "begins", "2027-01-01"),
    }
    assert all(row["says"] for row in found)


def test_actors_are_mirrored_in_their_matrix() -> None:
    found = {(row["row"], row["column"]): row["n"] for row in rows(charts.actor_network(FRAMES["actor_network"], names=NAMES))}
    assert found["Arvenia", "EU"] == found["EU", "Arvenia"] > 0


def test_labels_are_short_and_no_two_the_same() -> None:
    long = "Joint statement of the leaders of Arvenia, Belmark and Corvia on the occasion of their meeting 2026-09-05"
    found = style.labels(["a", "b", "c_d"], {"a": long, "b": long})
    assert len(set(found.values())) == 3
    assert found["a"].endswith("… 2026-09-05")
    assert len(found["a"]) <= style.LABEL
    assert found["c_d"] == "c d"
    assert style.cut("x" * 99, 20) == "x" * 18 + "…"


def test_many_documents_stay_on_the_page() -> None:
    many = pd.concat(
        [FRAMES["area_heat_map"].assign(group=[f"{g} {i}" for g in FRAMES["area_heat_map"]["group"]]) for i in range(60)]
    )
    spec = charts.area_heat_map(many).to_dict()
    assert spec["height"]["step"] < 22
    assert len(spec["layer"]) == 1  # no numbers in cells
    assert len(json.dumps(spec)) < 1_500_000


def test_names_come_from_the_codebook_the_documents_and_the_mentions() -> None:
    codebook = SimpleNamespace(areas=[SimpleNamespace(id="space", name="Space security")])
    names = charts.names_of(SMALL, codebook)
    assert list(names)[:2] == ["space", "draft"]  # areas, then documents by date
    assert (names["final"], names["XAA"], names["EU"]) == ("Final", "Arvenia", "European Union")


def test_notebooks_draw_without_a_network() -> None:
    before = alt.renderers.active
    try:
        charts.use_offline()
        bundle = charts.reliability(JUDGED["reliability"])._repr_mimebundle_()
    finally:
        alt.renderers.enable(before)
    assert bundle["image/svg+xml"].startswith("<svg")
    assert bundle["text/plain"].startswith("<chart: Do probabilities mean what they say?")
    assert "text/html" not in bundle
    assert "/v5.json" in bundle["application/vnd.vegalite.v5+json"]["$schema"]


def test_a_page_holds_its_library_itself(tmp_path: Any) -> None:
    charts.reliability(JUDGED["reliability"]).save(tmp_path / "chart.html", inline=True)
    page = (tmp_path / "chart.html").read_text("utf-8")
    assert "<script src" not in page
    assert len(page) > 500_000


def test_a_cell_of_the_mechanism_map_counts_names_and_not_their_levels() -> None:
    cell = "Joint Committee | Sea Dialogue (SD) (ministerial | technical, every year)"
    grid = pd.DataFrame(
        [("dialogue", "(none)", cell, "—"), ("forum", "(none)", "Port Forum (PF)", cell)], columns=["forum", "area", "a", "b"]
    )
    found = {(row["forum"], row["label"]): row["n"] for row in rows(charts.mechanism_map(grid))}
    assert found == {("dialogue", "a"): 2, ("dialogue", "b"): 0, ("forum", "a"): 1, ("forum", "b"): 2}


def test_a_heat_map_of_twelve_areas_and_long_titles_fits_a_page() -> None:
    areas = [f"Crises, threats and counterterrorism {n}" for n in range(12)]
    cells = [(f"Security and Defence Partnership no. {n:>9}", area) for n in range(14) for area in areas]
    profile = pd.DataFrame(cells, columns=["group", "area"]).assign(
        share=0.1, low=0.0, high=0.2, amount=1, total=10, n_documents=1, unit="words"
    )
    svg = vl_convert.vegalite_to_svg(charts.area_heat_map(profile).to_dict(), allowed_base_urls=[])
    assert float(re.search(r'<svg[^>]* width="([\d.]+)"', svg)[1]) <= 1000


def test_without_a_title_the_words_are_left_to_the_caption() -> None:
    spec = charts.reliability(JUDGED["reliability"], title="").to_dict()
    assert "title" not in spec and spec["description"].startswith("On the dashed line")


def test_both_sides_of_announced_and_agreed_have_one_scale() -> None:
    sides = charts.announced(FRAMES["announced"]).to_dict()["hconcat"]
    assert len({max(side["encoding"]["x"]["scale"]["domain"]) for side in sides}) == 1


def test_a_panel_of_a_profile_says_how_much_it_stands_for() -> None:
    frame = FRAMES["area_profile_bars"]
    totals = {f"({total:,.0f})" for total in frame["total"]}
    shown = {row["panel"].rpartition(" ")[2] for row in rows(charts.area_profile_bars(frame))}
    assert shown and shown <= totals


def test_no_line_leads_over_years_without_documents() -> None:
    frame = FRAMES["areas_over_time"]
    years = [frame.assign(year=str(year)) for year in (2001, 2002, 2010)]
    stretch = {row["year"]: row["stretch"] for row in rows(charts.areas_over_time(pd.concat(years)))}
    assert stretch[2001] == stretch[2002] != stretch[2010]


def test_numbers_of_commitments_are_written_out_in_the_legend() -> None:
    """Vega writes 40 as "4e+1" where the format leaves the kind of number to it."""
    means = compare.firmness(SMALL, n=20)
    wide = pd.concat([means.assign(group=f"d{n}", n=float(n)) for n in (5, 23, 77)], ignore_index=True)
    svg = vl_convert.vegalite_to_svg(charts.firmness_means(wide).to_dict(), allowed_base_urls=[])
    assert "77" in svg or "80" in svg
    assert "e+" not in svg

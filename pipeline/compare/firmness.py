"""How firm commitments are, by area, and who is bound by them (obligation after Abbott et al. 2000)."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from pipeline.compare import intervals
from pipeline.compare.frames import ALL, Data, explode_areas, groups, has, numbered, party_behind, result, split, table
from pipeline.records import OBLIGATIONS, STAGES

COUNTS = ("group", "area", "obligation", "stage", "n")
_SHARES = ("joint", "with_time", "with_condition", "with_mechanism")
_MEANS = (*_SHARES, "precision", "delegated", *OBLIGATIONS)
FIRMNESS = ("group", "area", "mean_level", "low", "high", "n", *_MEANS, "n_documents", "resampled")
_BOUND = ("joint", "only_a", "only_b", "neither")
BOUND = ("dyad", "party_a", "party_b", "n", *_BOUND, "share_joint", "asymmetry", "low", "high", "n_documents")


def firmness_counts(data: Data, *, by: str = "document", home: str = "") -> pd.DataFrame:
    """Commitments by group, area, obligation and stage; only combinations that occur.

    Method: each commitment counts 1/n in each of its n areas (CODEBOOK E), so `n` sums to the commitments of a group;
    obligation after Abbott et al. (2000), stages as in the codebook. `by` and `home` as in `area_profile`.
    """
    parts = _parts(data, by, home)
    counted = parts.groupby(["group", "area", "obligation", "stage"], sort=True)["weight"].sum()
    rows = list(counted.reset_index().itertuples(index=False, name=None))
    rank = {value: i for i, value in enumerate((*OBLIGATIONS, *STAGES))}
    return result(sorted(rows, key=lambda r: (r[0], r[1], rank.get(r[2], 9), rank.get(r[3], 9))), COUNTS)


def firmness(data: Data, *, by: str = "document", n: int = 1000, seed: int = 0, home: str = "") -> pd.DataFrame:
    """Mean obligation level of each group and area, with what makes commitments precise and what softens them.

    Method: mean of the ordinal levels 1 (possible) to 4 (binding) of Abbott et al. (2000, The Concept of Legalization), each
    commitment weighted 1/n in each of its n areas; 95 % percentile bootstrap over documents, or over passages where there
    are fewer than five (Efron & Tibshirani 1993). Treating an ordinal scale as a mean is a convention: the shares of the four
    levels stand beside it.

    Returns:
        A row a group and area, and one with area `(all)`: mean_level with low and high, n (weighted commitments), shares (0
        to 1) of those that are joint, have a time, a condition, a mechanism in their statement; mean precision (0 to 4),
        share delegated to a body or instrument, share of each obligation. NaN where a dataset of an earlier version does not
        say.
    """
    parts = numbered(_parts(data, by, home))
    areas = sorted(set(parts["area"]))
    counted = parts[["document", "place", "weight", "level", *_MEANS]].assign(area=parts["area"].map(areas.index))
    rows: list[tuple[object, ...]] = []
    for group, part in counted.groupby(parts["group"], sort=True):
        rows.append(_row(part, str(group), ALL, n=n, seed=seed))
        rows += [_row(p, str(group), areas[int(str(i))], n=n, seed=seed) for i, p in part.groupby("area", sort=True)]
    return result(rows, FIRMNESS)


def _parts(data: Data, by: str, home: str) -> pd.DataFrame:
    """A row for each area of each commitment, with its group and its properties as numbers."""
    frame = table(data, "commitments")
    passages = table(data, "passages")
    frame = frame.assign(
        size=1,
        residue=frame["passage_id"].isin(set(passages.loc[passages["residue"], "record_id"])),
        place=frame["passage_id"].where(frame["passage_id"] != "", frame["record_id"]),
        level=frame["obligation_level"].astype("float64"),
        with_time=(frame["time"] != "").astype(float),
        with_condition=(frame["condition"] != "").astype(float),
        with_mechanism=_with_mechanism(data, frame),
        joint=frame["joint"].astype(float),
        precision=frame["precision"].astype("float64"),
        delegated=[float(cell != "none") if cell else float("nan") for cell in frame["delegation"]],
        **{o: (frame["obligation"] == o).astype(float) for o in OBLIGATIONS},
    )
    return explode_areas(frame.merge(groups(data, by, home), on="key"), "size")


def _with_mechanism(data: Data, commitments: pd.DataFrame) -> list[float]:
    """1 where a mechanism overlaps the statement, NaN throughout if mechanisms were never looked for."""
    if not has(data, "mechanisms"):
        return [float("nan")] * len(commitments)
    found: dict[str, list[tuple[int, int]]] = {}
    for key, start, end in table(data, "mechanisms")[["key", "start", "end"]].itertuples(index=False):
        found.setdefault(key, []).append((int(start), int(end)))
    spans = zip(commitments["key"], commitments["start"], commitments["end"], strict=True)
    return [float(any(s < end and start < e for s, e in found.get(key, []))) for key, start, end in spans]


def _row(part: pd.DataFrame, group: str, area: str, *, n: int, seed: int) -> tuple[object, ...]:
    values = part[["weight", "level", *_MEANS]].to_numpy(dtype=float)
    weight = values[:, :1]
    drawn = intervals.sample(part["document"].to_numpy(), part["place"].to_numpy())
    top, bottom = drawn.sums(values[:, 1:2] * weight), drawn.sums(weight)
    low, high = intervals.ratios(top, bottom, n=n, seed=seed, name=f"{group}\t{area}")
    level, *means = (values[:, 1:] * weight).sum(axis=0) / weight.sum()
    return (group, area, level, low[0], high[0], float(weight.sum()), *means, drawn.documents, drawn.resampled)


def who_is_bound(data: Data, *, n: int = 1000, seed: int = 0) -> pd.DataFrame:
    """For each pair of parties to the same documents: commitments that bind both, the one, the other, neither of them.

    An organ counts for its party (EEAS for the EU). asymmetry = (only_a - only_b) / (only_a + only_b), from -1 (only b is
    bound) to 1 (only a); joint commitments say nothing about it. Method: the attribute of Institutional Grammar 2.0 (Frantz &
    Siddiki 2022) counted per dyad; 95 % percentile bootstrap over documents (Efron & Tibshirani 1993), over passages where
    there are fewer than five.

    Returns:
        A row a dyad: counts, share_joint, asymmetry with low and high (NaN where no commitment binds one side only).
    """
    found = result(_bound_rows(data), ("party_a", "party_b", "key", "place", *_BOUND))
    counted = numbered(found)[["document", "place", *_BOUND]]
    parts = counted.groupby([found["party_a"], found["party_b"]], sort=True)
    return result([_dyad(part, str(a), str(b), n=n, seed=seed) for (a, b), part in parts], BOUND)


def _bound_rows(data: Data) -> list[tuple[object, ...]]:
    documents = table(data, "documents")
    parties = {key: sorted(set(split(cell))) for key, cell in zip(documents["key"], documents["parties"], strict=True)}
    rows: list[tuple[object, ...]] = []
    commitments = table(data, "commitments")
    for key, record, passage, ids in commitments[["key", "record_id", "passage_id", "party_ids"]].itertuples(index=False):
        own = parties.get(key, [])
        bound = {party_behind(actor, own) for actor in split(ids)}
        for a, b in combinations(own, 2):
            place, sides = passage or record, (a in bound, b in bound)
            cells = [sides == wanted for wanted in ((True, True), (True, False), (False, True), (False, False))]
            rows.append((a, b, key, place, *map(float, cells)))
    return rows


def _dyad(part: pd.DataFrame, a: str, b: str, *, n: int, seed: int) -> tuple[object, ...]:
    drawn = intervals.sample(part["document"].to_numpy(), part["place"].to_numpy())
    sums = drawn.sums(part[list(_BOUND)].to_numpy(dtype=float))
    one, other = sums[:, 1:2], sums[:, 2:3]
    low, high = intervals.ratios(one - other, one + other, n=n, seed=seed, name=f"{a}-{b}")
    both, only_a, only_b, neither = (int(count) for count in sums.sum(axis=0))
    asymmetry = intervals.ratio(only_a - only_b, only_a + only_b)
    counts = (len(part), both, only_a, only_b, neither, both / len(part))
    return (f"{a}-{b}", a, b, *counts, asymmetry, low[0], high[0], drawn.documents)

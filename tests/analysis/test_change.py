"""The split of a change into service and mix: exact by hand, by its laws, and its intervals by resampling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.change import change
from analysis.decomposition import decomposed
from analysis.estimate import WITHHELD_BELOW, Cells
from analysis.result import Result
from data_access.labels import Labels
from data_access.metric_kinds import Rate, Rescaled
from data_access.metrics import Metric
from data_access.selection import Period, Selection
from data_access.statement import BadInput, NothingToShow
from pages.words.catalogue import Catalogue
from tests.analysis.conftest import MakeWarehouse
from tests.proof import examples

BEFORE, NOW = Period(date(2026, 9, 1), date(2026, 10, 1)), Period(date(2026, 10, 1), date(2026, 11, 1))
SELECTION = Selection(period=NOW, baseline=BEFORE)
MODEL = """
time = { column = "day" }
weight = { column = "times", kind = "frequency" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[metrics]
failed = { column = "failed", better = "low" }
[dimensions]
segment = { column = "segment" }
scenes = { columns = { a = "failed", b = "score" } }
"""
Counts = list[tuple[str, int, int, int]]  # segment, period 0 or 1, score, times


def frame(counts: Sequence[tuple[str, int, int, int]]) -> pd.DataFrame:
    found = pd.DataFrame(counts, columns=["segment", "period", "score", "times"])
    days = found["period"].map({0: pd.Timestamp("2026-09-15"), 1: pd.Timestamp("2026-10-15")})
    return found.assign(day=days, failed=(found["score"] < 5).astype(int))


def exact(
    counts: Sequence[tuple[str, int, int, int]], value: dict[int, Fraction]
) -> dict[str, tuple[Fraction, Fraction]]:
    """Rate and mix effect of each segment in fractions, straight from the definition."""
    total = [sum(t for _, p, _, t in counts if p == k) for k in (0, 1)]
    overall = [sum(value[s] * t for _, p, s, t in counts if p == k) / Fraction(total[k]) for k in (0, 1)]
    found = {}
    for segment in {s for s, *_ in counts}:
        n = [sum(t for g, p, _, t in counts if g == segment and p == k) for k in (0, 1)]
        sums = [sum(value[s] * t for g, p, s, t in counts if g == segment and p == k) for k in (0, 1)]
        r = [sums[k] / Fraction(n[k]) if n[k] else None for k in (0, 1)]
        r0 = r[0] if r[0] is not None else r[1]
        r1 = r[1] if r[1] is not None else r0
        assert r0 is not None and r1 is not None
        w0, w1 = Fraction(n[0], total[0]), Fraction(n[1], total[1])
        mix = (w1 - w0) * ((r0 + r1) / 2 - (overall[0] + overall[1]) / 2)
        found[segment] = ((w0 + w1) / 2 * (r1 - r0), mix)
    return found


MEAN_OF_MAX = {s: Fraction(10 * s) for s in range(1, 11)}
FORMULAS = {
    "score": MEAN_OF_MAX,
    "satisfied": {s: Fraction(100 * (s >= 9)) for s in range(1, 11)},
    "dissatisfied": {s: Fraction(100 * (s <= 6)) for s in range(1, 11)},
    "failed": {s: Fraction(100 * (s < 5)) for s in range(1, 11)},
}
BY_HAND: Counts = [
    ("a", 0, 10, 7), ("a", 0, 3, 4), ("a", 1, 9, 5), ("a", 1, 2, 6),
    ("b", 0, 8, 13), ("b", 1, 8, 29), ("b", 1, 5, 1),
    ("new", 1, 4, 11), ("gone", 0, 6, 3), ("gone", 0, 9, 17),
]  # fmt: skip


def effects(result: Result) -> dict[str, tuple[float, float]]:
    rows = result.table[["segment", "rate_effect", "mix_effect"]].itertuples(index=False)
    return {segment[0]: (rate, mix) for segment, rate, mix in rows}


@pytest.mark.parametrize("metric", FORMULAS)
def test_exact_fractions(warehouse_of: MakeWarehouse, metric: str) -> None:
    found = change(warehouse_of(frame(BY_HAND), MODEL), Selection(metric, NOW, BEFORE), by=["segment"])
    expected = exact(BY_HAND, FORMULAS[metric])
    assert set(effects(found)) == set(expected)
    for segment, pair in effects(found).items():
        assert pair == pytest.approx(tuple(map(float, expected[segment])), abs=1e-9), segment
    assert found.table["total_effect"].sum() == pytest.approx(found.statistics["change"], abs=1e-9)


def test_exact_fractions_of_a_rescaled_score(warehouse_of: MakeWarehouse) -> None:
    rescaled = MODEL.replace("scale = [1, 10]", 'scale = [1, 10], formula = "rescaled"')
    found = change(warehouse_of(frame(BY_HAND), rescaled), SELECTION, by=["segment"])
    expected = exact(BY_HAND, {s: Fraction(100 * (s - 1), 9) for s in range(1, 11)})
    for segment, pair in effects(found).items():
        assert pair == pytest.approx(tuple(map(float, expected[segment])), abs=1e-9), segment


def test_segments_of_one_period_are_all_mix(warehouse_of: MakeWarehouse) -> None:
    table = change(warehouse_of(frame(BY_HAND), MODEL), SELECTION, by=["segment"]).table
    rows = {row["segment"][0]: row for _, row in table.iterrows()}
    assert {name: row["status"] for name, row in rows.items()} == {
        "a": "both", "b": "both", "new": "new", "gone": "gone",
    }  # fmt: skip
    for name in ("new", "gone"):
        assert rows[name]["rate_effect"] == 0 and np.isnan(rows[name]["p"])
    assert np.isnan(rows["new"]["score0"]) and np.isnan(rows["gone"]["score1"])
    assert not np.isnan(rows["gone"]["low"])


counts = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 1), st.integers(1, 10), st.integers(1, 50)),
    min_size=2,
    max_size=24,
).filter(lambda rows: {p for _, p, _, _ in rows} == {0, 1})
many = examples(30)


def cells(rows: Counts, metric: str) -> tuple[Cells, Cells]:
    """Both periods as the warehouse would give them."""
    values = {s: float(x) for s, x in FORMULAS[metric].items()}
    better = "low" if metric in ("dissatisfied", "failed") else "high"
    chosen = Metric(metric, "score", Labels(metric), Rescaled(0, 1) if metric == "score" else Rate(), better=better)
    sides = []
    for k in (0, 1):
        own = [((g,), float(t), values[s]) for g, p, s, t in rows if p == k]
        sums = [{"segment": g, "n": t, "w": t, "wx": t * x, "v": t, "vx": t * x, "vxx": t * x * x} for g, t, x in own]
        sides.append(Cells(pd.DataFrame(sums), "", chosen))
    return sides[0], sides[1]


def split(before: Cells, now: Cells) -> dict[str, tuple[float, float]]:
    rows = decomposed(before, now)[["segment", "rate_effect", "mix_effect"]].itertuples(index=False)
    return {segment[0]: (rate, mix) for segment, rate, mix in rows}


@many
@given(rows=counts, metric=st.sampled_from(sorted(FORMULAS)))
def test_effects_sum_to_the_change(rows: Counts, metric: str) -> None:
    before, now = cells(rows, metric)
    total = now.rows["wx"].sum() / now.rows["w"].sum() - before.rows["wx"].sum() / before.rows["w"].sum()
    found, expected = split(before, now), exact(rows, FORMULAS[metric])
    assert sum(rate + mix for rate, mix in found.values()) == pytest.approx(total, abs=1e-9)
    for segment, pair in found.items():
        assert pair == pytest.approx(tuple(map(float, expected[segment])), abs=1e-9)


@pytest.mark.slow
@many
@given(rows=counts, metric=st.sampled_from(sorted(FORMULAS)))
def test_swapping_the_periods_turns_every_sign(rows: Counts, metric: str) -> None:
    before, now = cells(rows, metric)
    there, back = (t.set_index(t["segment"].str[0]) for t in (decomposed(before, now), decomposed(now, before)))
    back = back.loc[there.index]
    for name in ("rate_effect", "mix_effect", "total_effect"):
        np.testing.assert_allclose(there[name], -back[name], atol=1e-9)
    np.testing.assert_allclose(there[["low", "high"]], -back[["high", "low"]], atol=1e-9)
    np.testing.assert_allclose(there["p"], back["p"], atol=1e-9)


@pytest.mark.slow
@many
@given(rows=counts)
def test_splitting_a_segment_in_equal_halves_changes_nothing(rows: Counts) -> None:
    whole = split(*cells(rows, "score"))
    halves = split(*cells([(g + side, p, s, t) for g, p, s, t in rows for side in "12"], "score"))
    for segment, pair in whole.items():
        together = np.asarray(halves[segment + "1"]) + np.asarray(halves[segment + "2"])
        assert together.tolist() == pytest.approx(pair, abs=1e-9)


def test_few_answers_are_withheld_but_still_sum(warehouse_of: MakeWarehouse) -> None:
    rows: Counts = [("a", 0, 8, 40), ("a", 1, 7, 40), ("b", 0, 9, 9), ("b", 1, 3, 30)]
    found = change(warehouse_of(frame(rows), MODEL), SELECTION, by=["segment"])
    small = found.table[found.table["segment"] == ("b",)].iloc[0]
    assert np.isnan(small[["score0", "low", "high", "difference", "p"]].astype(float)).all()
    assert small["n0"] == 9 and small["score1"] == pytest.approx(30)
    assert found.table["total_effect"].sum() == pytest.approx(found.statistics["change"], abs=1e-9)
    assert "caveat.withheld" in {c.key for c in found.caveats}
    for language in ("en", "zh-CN"):  # "from - to 30.0" is no sentence
        said = [
            Catalogue.load(language).say(f) for f in (*found.findings, found.how.formula if found.how else None) if f
        ]
        assert not [text for text in said if "–" in text or "—" in text], said
    assert "change.segment_few" in {f.key for f in found.findings}


def test_effects_share_only_a_change_that_is_known(warehouse_of: MakeWarehouse) -> None:
    rows: Counts = [(g, p, s, 400) for g in "ab" for p, s in ((0, 8), (0, 9), (1, 6 + (g == "b")), (1, 7))]
    found = change(warehouse_of(frame(rows), MODEL), SELECTION, by=["segment"])
    shares = dict(zip(found.table["segment"].str[0], found.table["change_share"], strict=True))
    assert shares == pytest.approx({"a": 4 / 7, "b": 3 / 7})
    assert found.parts["total"]["change_share"].tolist() == pytest.approx([1])
    chance: Counts = [(g, p, s, 5) for g in "ab" for p, s in ((0, 8), (0, 2), (1, 7), (1, 2))]
    unknown = change(warehouse_of(frame(chance), MODEL), SELECTION, by=["segment"])
    assert unknown.table["change_share"].isna().all() and unknown.parts["total"]["change_share"].isna().all()


def test_the_total_is_the_whole_and_what_the_segments_sum_to(warehouse_of: MakeWarehouse) -> None:
    found = change(warehouse_of(frame(BY_HAND), MODEL), SELECTION, by=["segment"])
    (total,) = found.parts["total"].to_dict("records")
    for name in ("n0", "n1", "share0", "share1", "rate_effect", "mix_effect", "total_effect"):
        assert total[name] == pytest.approx(found.table[name].sum(), abs=1e-9), name
    assert (total["score0"], total["score1"]) == (
        found.statistics["baseline_score"], found.statistics["score"],
    )  # fmt: skip
    assert set(total) == set(found.table) - {"segment", "status", "p_adjusted"}


def test_constant_scores_change_without_a_test(warehouse_of: MakeWarehouse) -> None:
    same = change(warehouse_of(frame([("a", 0, 8, 40), ("a", 1, 8, 40)]), MODEL), SELECTION, by=["segment"])
    assert same.statistics["change"] == 0 and np.isnan(same.statistics["p"])
    assert same.findings[0].key == "change.none"


def test_what_cannot_be_answered(warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(frame(BY_HAND), MODEL)
    for by, selection, key in (
        ([], SELECTION, "change.no_dimension"),
        (["segment"], Selection(period=NOW), "change.no_baseline"),
        (["scenes"], SELECTION, "cut.overlap"),
        (["segmnet"], SELECTION, "model.unknown_dimension"),
    ):
        with pytest.raises(BadInput) as problem:
            change(warehouse, selection, by=by)
        assert problem.value.statement.key == key
    with pytest.raises(NothingToShow) as empty:
        change(warehouse, SELECTION.where("segment", "none such"), by=["segment"])
    assert empty.value.statement.key == "selection.empty_period"


@pytest.mark.parametrize("answers", [9, 10])
def test_no_change_of_fewer_than_ten_answers(answers: int, warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(
        frame([("a", 0, 5, 40), ("a", 0, 7, 40), ("a", 1, 5, answers - 4), ("a", 1, 9, 4)]), MODEL
    )
    if answers < WITHHELD_BELOW:
        with pytest.raises(BadInput) as few:
            change(warehouse, SELECTION, by=["segment"])
        assert few.value.statement.key == "change.too_few" and few.value.statement.values["responses"] == answers
    else:
        assert change(warehouse, SELECTION, by=["segment"]).statistics["n"] == answers

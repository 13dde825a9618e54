"""What must hold of any answers: who is called first, how rows are kept and where the scale begins change nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.contrast import compare
from analysis.contrast.advice import advise, facts_of
from analysis.contrast.candidate_tests import pair_methods
from analysis.contrast.family import Compared, Family, effect_of, family, games_howell
from analysis.contrast.ranking import ranks_of
from analysis.contrast.samples import Samples, all_pairs, between, counts_by_value, samples_with_rest
from analysis.contrast.verdicts import MATTERS, leading, verdicts
from data_access.metric_kinds import Rescaled
from tests.proof import examples

from .houses import RATE, SCORE, answers_of, rng, two_sides

seeds = st.integers(0, 10_000)
clustered = st.booleans()
MEAN_METHODS = ("welch_t", "clustered_t")
METHODS = ("welch_t", "clustered_t", "brunner_munzel", "mann_whitney", "nps")
RATE_METHODS = ("two_proportions", "fisher", "clustered_t")


def drawn(seed: int, n: int, *, clusters: int = 0, shift: float = 0.0, rate: bool = False) -> pd.DataFrame:
    """Answers of one side: scores 1..10, or 0 and 1 of a rate."""
    random = rng(seed)
    x = random.random(n) < 0.6 + shift / 100 if rate else np.clip(np.round(random.normal(7.5 + shift, 2, n)), 1, 10)
    rows = pd.DataFrame({"x": np.asarray(x, dtype=float)})
    return rows.assign(cluster=random.integers(0, clusters, n).astype(str)) if clusters else rows


def judged(sides: Samples, method: str, threshold: float = 1.0) -> Family:
    comparison = compare.METHODS[method](sides)
    return family(Compared.of(sides), comparison, effect_of(sides, method), threshold=threshold)


def turned(sides: Samples) -> Samples:
    return replace(sides, a=sides.b, b=sides.a, names=tuple((b, a) for a, b in sides.names))


def some(seed: int, *, clusters: int = 0, rate: bool = False, shift: float = 0.4) -> Samples:
    n = rng(seed).integers(12, 80, 2)
    a, b = (drawn(seed + k, int(n[k]), clusters=clusters, shift=k * shift, rate=rate) for k in (0, 1))
    return two_sides(a, b, RATE if rate else SCORE)


@given(seeds, clustered, st.sampled_from(METHODS))
def test_swapping_the_sides_turns_the_sign_only(seed: int, clusters: bool, method: str) -> None:
    sides = some(seed, clusters=9 if clusters else 0)
    one, two = judged(sides, method).table.iloc[0], judged(turned(sides), method).table.iloc[0]
    assert one["verdict"] == two["verdict"]
    assert one["p"] == pytest.approx(two["p"], rel=1e-9, nan_ok=True)
    assert one["difference"] == pytest.approx(-two["difference"], rel=1e-9)
    for low, high in (("low", "high"), ("low_raw", "high_raw"), ("low90", "high90")):
        assert [one[low], one[high]] == pytest.approx([-two[high], -two[low]], rel=1e-9, nan_ok=True)
    if method in compare.RANK_METHODS:
        assert one["effect"] == pytest.approx(1 - two["effect"], rel=1e-9)


@given(seeds, clustered, st.sampled_from(RATE_METHODS))
def test_swapping_the_sides_of_a_rate(seed: int, clusters: bool, method: str) -> None:
    sides = some(seed, clusters=9 if clusters else 0, rate=True)
    one, two = judged(sides, method).table.iloc[0], judged(turned(sides), method).table.iloc[0]
    assert one["verdict"] == two["verdict"]
    assert [one["p"], one["low"]] == pytest.approx([two["p"], -two["high"]], rel=1e-9, abs=1e-12, nan_ok=True)


@given(seeds, clustered, st.sampled_from(METHODS))
def test_order_and_splitting_of_rows_change_nothing(seed: int, clusters: bool, method: str) -> None:
    """Cells of several answers, split into single ones and shuffled, are the same answers."""
    sides = some(seed, clusters=9 if clusters else 0)
    keys = [k for k in ("s", "c", "x") if k in sides.a]
    sums = ["n", "w", "wx", "v", "vx", "vxx"]
    whole = replace(sides, **{k: getattr(sides, k).groupby(keys, as_index=False)[sums].sum() for k in ("a", "b")})
    mixed = replace(sides, **{k: getattr(sides, k).sample(frac=1, random_state=seed) for k in ("a", "b")})
    one, two, three = (judged(s, method).table.drop(columns=["a", "b"]) for s in (sides, whole, mixed))
    pd.testing.assert_frame_equal(one, two, rtol=1e-9)
    pd.testing.assert_frame_equal(one, three, rtol=1e-9)


@given(seeds, clustered, st.sampled_from(("welch_t", "clustered_t", "brunner_munzel", "mann_whitney")))
def test_a_constant_shift_changes_no_difference(seed: int, clusters: bool, method: str) -> None:
    wide = replace(SCORE, kind=Rescaled(0, 100))
    n = rng(seed).integers(12, 80, 2)
    a, b = (drawn(seed + k, int(n[k]), clusters=9 if clusters else 0) for k in (0, 1))
    one = judged(two_sides(a, b, wide), method).table
    two = judged(two_sides(a.assign(x=a["x"] + 37), b.assign(x=b["x"] + 37), wide), method).table
    pd.testing.assert_frame_equal(one, two, rtol=1e-6, atol=1e-7)


@given(seeds, clustered)
def test_a_better_low_metric_has_the_same_differences(seed: int, clusters: bool) -> None:
    sides = some(seed, clusters=9 if clusters else 0)
    low = replace(sides, metric=replace(SCORE, better="low"))
    pd.testing.assert_frame_equal(judged(sides, "clustered_t").table, judged(low, "clustered_t").table)


@given(seeds, st.integers(3, 7), clustered)
def test_an_adjusted_interval_leaves_out_0_exactly_where_the_adjusted_p_says_so(
    seed: int, groups: int, clusters: bool
) -> None:
    """Of Student's tests, the whole family; and the pairs of Games and Howell."""
    random = rng(seed)
    rows = pd.concat([
        drawn(seed + k, int(random.integers(15, 60)), clusters=8 if clusters else 0, shift=random.normal(0, 1.2))
        .assign(group=str(k)) for k in range(groups)
    ], ignore_index=True)  # fmt: skip
    answers = answers_of(rows)
    sides = between(answers, all_pairs(range(groups)))
    table = judged(sides, "clustered_t").table
    assert ((table["low"] > 0) | (table["high"] < 0)).tolist() == (table["p_adjusted"] < 0.05).tolist()
    simultaneous = games_howell(answers, list(range(groups)))
    outside = (simultaneous.low > 0) | (simultaneous.high < 0)
    assert outside.tolist() == (simultaneous.p < 0.05).tolist()


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(0.01, 6), st.booleans()), min_size=1), st.floats(0.1, 5))
def test_verdicts_are_decided_in_order(drawn: list[tuple[float, float, bool]], threshold: float) -> None:
    value, reach, differs = (np.array(column) for column in zip(*drawn, strict=True))
    told = verdicts(value, differs, value - reach, value + reach, threshold)
    for v, r, d, verdict in zip(value, reach, differs, told, strict=True):
        if d:
            assert verdict == ("different_and_matters" if abs(v) >= threshold else "different_but_trivial")
        elif v - r > -threshold and v + r < threshold:
            assert verdict == "equivalent"
        else:
            assert verdict == "not_enough_evidence"


def test_a_family_is_alike_only_where_all_are() -> None:
    assert leading(np.array(["equivalent", "not_enough_evidence"])) == "not_enough_evidence"
    assert leading(np.array(["equivalent", "equivalent"])) == "equivalent"
    assert (
        leading(np.array(["equivalent", "different_but_trivial", "not_enough_evidence"])) == "different_but_trivial"
    )
    assert leading(np.array(["different_but_trivial", MATTERS])) == MATTERS


CORNERS = {
    "all alike": ([8] * 20, [8] * 30),
    "each side alike": ([10] * 20, [9] * 30),
    "fewer than ten": ([1, 2, 3, 1, 2], [9, 10] * 20),
    "one answer": ([1], [9, 10] * 20),
    "one side alike": ([10] * 15, [8, 9, 10] * 10),
    "one value of two": ([1, 10] * 10, [1, 10] * 10),
}


@pytest.mark.parametrize("name", CORNERS)
@pytest.mark.parametrize("clusters", [0, 1, 3, 12])
def test_corners_of_scores_raise_nothing(name: str, clusters: int) -> None:
    """Neither an exception nor a warning, and no verdict from sides without spread or size."""
    sides = two_sides(*(in_clusters(x, clusters) for x in CORNERS[name]))
    facts = facts_of(sides, 2, 0)
    for method in {*pair_methods(SCORE, clustered=False), "clustered_t", advise(facts).method}:
        row = judged(sides, method).table.iloc[0]
        ranks_alone = method == "mann_whitney" and name == "each side alike"  # needs no spread within a side
        if name != "one side alike" and not ranks_alone:
            assert row["verdict"] != MATTERS, method
        if "alike" not in name and "value" not in name:
            assert np.isnan(row["p"]) and np.isnan(row["difference"])


@pytest.mark.parametrize("rates", [(0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.4)])
@pytest.mark.parametrize("clusters", [0, 1, 12])
def test_rates_of_none_and_all(rates: tuple[float, float], clusters: int) -> None:
    sides = two_sides(
        *(in_clusters([1.0] * round(20 * r) + [0.0] * round(20 * (1 - r)), clusters) for r in rates), RATE
    )
    for method in ("two_proportions", "fisher", "clustered_t"):
        row = judged(sides, method).table.iloc[0]
        if rates[0] == rates[1]:
            assert row["verdict"] != MATTERS and not row["p"] < 0.05
        else:
            assert row["difference"] == pytest.approx(100 * (rates[0] - rates[1]))
    assert compare.by_fisher(sides).p[0] == pytest.approx(1.0 if rates[0] == rates[1] else 0.0, abs=0.01)


def in_clusters(x: list[float] | list[int], clusters: int) -> pd.DataFrame:
    rows = pd.DataFrame({"x": np.asarray(x, dtype=float)})
    return rows.assign(cluster=(np.arange(len(x)) % clusters).astype(str)) if clusters else rows


def test_sides_that_do_not_overlap_are_told_apart_by_ranks() -> None:
    """Places without spread: p of the most extreme orders, as nobody could draw a clearer picture."""
    apart = two_sides(pd.DataFrame({"x": [9.0, 10.0] * 6}), pd.DataFrame({"x": [1.0, 2.0, 3.0] * 4}))
    row = judged(apart, "brunner_munzel").table.iloc[0]
    assert row["p"] == pytest.approx(2 / 2_704_156) and row["verdict"] == MATTERS  # 2,704,156 ways to choose 12 of 24


def test_ranks_and_means_that_point_opposite_ways_are_no_evidence() -> None:
    """Most answers of a are a little higher, a few are far lower: its mean is below, its ranks are above."""
    sides = two_sides(
        pd.DataFrame({"x": [9.0] * 80 + [1.0] * 20}), pd.DataFrame({"x": [8.0] * 95 + [9.0, 7.0, 10.0, 8.0, 7.0]})
    )
    row = judged(sides, "brunner_munzel").table.iloc[0]
    assert row["difference"] < -1 and row["effect"] > 0.5 and row["p"] < 0.05
    assert row["verdict"] == "not_enough_evidence"
    assert judged(sides, "mann_whitney").table.iloc[0]["verdict"] == "not_enough_evidence"


@given(seeds)
def test_withheld_groups_leave_the_family(seed: int) -> None:
    rows = pd.concat(
        [drawn(seed + k, n).assign(group=str(k)) for k, n in enumerate((40, 5, 35, 3))], ignore_index=True
    )
    sides = samples_with_rest(answers_of(rows), [0, 1, 2, 3])
    found = judged(sides, "welch_t")
    thin = found.table["n_a"] < 10
    assert (found.size, found.adjustment) == (2, "holm")
    blank = ["difference", "low", "high", "p", "p_adjusted", "effect", "statistic"]
    assert found.table.loc[thin, blank].isna().all(axis=None)
    assert not thin.iloc[:2].any()  # the most certain come first


@given(seeds, clustered)
def test_the_rest_is_everybody_else(seed: int, clusters: bool) -> None:
    rows = pd.concat([
        drawn(seed + k, 30, clusters=9 if clusters else 0).assign(group=g) for k, g in enumerate(("a", "rest", "c"))
    ], ignore_index=True)  # fmt: skip
    one = judged(samples_with_rest(answers_of(rows), [1]), "clustered_t").table
    others = rows["group"] != "rest"
    two = judged(
        two_sides(rows[~others].drop(columns="group"), rows[others].drop(columns="group")), "clustered_t"
    ).table
    pd.testing.assert_frame_equal(one.drop(columns=["a", "b"]), two.drop(columns=["a", "b"]), rtol=1e-9)
    assert one[["a", "b"]].iloc[0].tolist() == [("rest",), ("rest",)]


@examples(15)  # every method, twice
@given(seeds, st.floats(0.01, 1000))
def test_survey_weights_have_no_unit(seed: int, factor: float) -> None:
    """Weights that are all a thousand times as large say nothing more; weights that vary are worth fewer answers."""
    random = rng(seed)
    for rate in (True, False):
        a, b = (drawn(seed + k, 40, rate=rate).assign(w=random.uniform(0.5, 3, 40)) for k in (0, 1))
        metric = RATE if rate else SCORE
        methods = RATE_METHODS if rate else METHODS
        one, two = two_sides(a, b, metric), two_sides(*(r.assign(w=r["w"] * factor) for r in (a, b)), metric)
        for method in methods:
            if method != "fisher":  # whole counts: rounding may fall on either side
                got, wanted = judged(two, method).table, judged(one, method).table
                pd.testing.assert_frame_equal(got, wanted, rtol=1e-6, atol=1e-9)
        values = np.unique(one.a["x"])
        effective_per_weight = counts_by_value(one.a, 1, values).sum()
        assert (
            effective_per_weight == pytest.approx(a["w"].sum() ** 2 / (a["w"] ** 2).sum())
            and effective_per_weight < 40
        )


def test_equal_means_share_a_rank_and_constant_groups_have_one() -> None:
    """0.1 + 0.2 is not 0.3: rounding makes no rank. Twelve answers of 10 are surely a score."""
    frames = [([10] * 12, "best"), ([7, 8, 9] * 10, "one"), ([9, 8, 7] * 20, "two"), ([4, 5, 6] * 10, "last")]
    rows = pd.concat(
        [pd.DataFrame({"x": np.array(x, dtype=float), "group": g}) for x, g in frames], ignore_index=True
    )
    found = ranks_of(answers_of(rows))
    assert found.rank.tolist() == [1, 2, 2, 4]
    assert found.best.tolist() == [1, 2, 2, 4] and found.worst.tolist() == [1, 3, 3, 4]


def test_lower_is_better_ranks_the_lowest_first() -> None:
    rows = pd.DataFrame({"x": [1.0, 2] * 20 + [8.0, 9] * 20, "group": ["low"] * 40 + ["high"] * 40})
    answers = answers_of(rows, replace(SCORE, better="low"))
    assert dict(zip(answers.groups, ranks_of(answers).rank, strict=True)) == {("low",): 1, ("high",): 2}


def test_nothing_is_known_of_a_group_with_too_few() -> None:
    rows = pd.concat([drawn(k, n).assign(group=str(k)) for k, n in enumerate((40, 5))], ignore_index=True)
    assert np.isnan(ranks_of(answers_of(rows)).rank[1])

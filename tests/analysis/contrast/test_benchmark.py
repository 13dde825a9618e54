"""A target, a benchmark, a competitor: the other side is a number, with or without answers behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.contrast import contrast
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

from .houses import BENCHMARKS, OCTOBER, TARGETS, house, keys, months, pairs

MENTIONS = """
time = { column = "at" }
score = { column = "score", scale = [1, 10] }
[metrics]
mention = { column = "mention", values = [0, 1], better = "low" }
"""
SCORES = """
contact_id = "id"
responded = { column = "invited" }
time = { column = "at" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
business = { column = "business" }
tier = { column = "tier" }
"""
MARCH = date(2026, 3, 1)
NOW = Selection("score", OCTOBER)


@pytest.fixture(scope="module")
def mentions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """56 of 2,000 name the hotline; of the group's 46,000 answers 2.6 % do."""
    answers = pd.DataFrame({
        "at": months(OCTOBER, 2000), "score": 8, "mention": np.arange(2000) < 56,
    }).astype({"mention": int})  # fmt: skip
    benchmarks = pd.DataFrame([("group", "mention", None, None, date(2026, 10, 1), 2.6, None, 46_000)],
                              columns=BENCHMARKS)  # fmt: skip
    path = tmp_path_factory.mktemp("mentions") / "a.duckdb"
    warehouse = house(path, MENTIONS, {"answers": answers, "benchmarks": benchmarks})
    yield warehouse
    warehouse.close()


def test_the_mention_rate_of_the_fixtures(mentions: Warehouse) -> None:
    found = contrast(mentions, Selection("mention", OCTOBER), against="group")
    s = found.statistics
    assert (s["question"], s["test"], s["verdict"]) == ("benchmark", "two_proportions", "not_enough_evidence")
    assert s["p"] == pytest.approx(0.58, abs=0.005)
    assert s["difference"] == pytest.approx(0.2, abs=1e-9)
    said = next(f for f in found.findings if f.key == "contrast.needed_never")
    assert said.values["needed_for_gap"] == pytest.approx(51_600, rel=0.01)
    assert said.values["needed_for_gap_both"] == pytest.approx(103_000, rel=0.01)
    assert said.values["needed_for_gap_here"] == np.inf


def test_the_interval_of_the_mention_rate_is_newcombes(mentions: Warehouse) -> None:
    row = contrast(mentions, Selection("mention", OCTOBER), against="group").parts["pairs"].iloc[0]

    def wilson(x: float, n: float) -> tuple[float, float]:
        found = stats.binomtest(x, n).proportion_ci(method="wilson")
        return 100 * found.low, 100 * found.high

    (l1, u1), (l0, u0) = wilson(56, 2000), wilson(1196, 46_000)
    assert row["low"] == pytest.approx(0.2 - np.hypot(2.8 - l1, u0 - 2.6), abs=1e-9)
    assert row["high"] == pytest.approx(0.2 + np.hypot(u1 - 2.8, 2.6 - l0), abs=1e-9)


def test_a_rate_with_a_fixed_value_is_a_score_test(mentions: Warehouse) -> None:
    found = contrast(mentions, Selection("mention", OCTOBER), against="2.0")
    row = found.parts["pairs"].iloc[0]
    z = (0.028 - 0.02) / np.sqrt(0.02 * 0.98 / 2000)
    assert found.statistics["test"] == "one_sample"
    assert row["statistic"] == pytest.approx(z, rel=1e-9)
    assert row["p"] == pytest.approx(2 * stats.norm.sf(z), rel=1e-9)
    assert found.statistics["verdict"] == "different_and_matters"  # 0.8 of 2.8: above a tenth of a rare rate


def table() -> pd.DataFrame:
    """Scores of three businesses in August to October; October's in full, one business hardly there."""
    rng = np.random.default_rng(7)
    frames = []
    for month, n in ((8, 300), (10, 600)):
        span = Period(date(2026, month, 1), date(2026, month + 1, 1))
        frames.append(pd.DataFrame({"at": months(span, n), "score": np.clip(rng.normal(8.3, 1.8, n).round(), 1, 10)}))
    rows = pd.concat(frames, ignore_index=True)
    thin = (np.arange(len(rows)) % 60 == 0) & (np.arange(len(rows)) >= 480)
    rows["business"] = np.where(thin, "thin", np.where(rng.random(len(rows)) < 0.6, "a", "b"))
    return rows.assign(id=range(len(rows)), invited=1, tier=rng.choice(["gold", "basic"], len(rows)))


OUTSIDE = [
    ("group", "score", None, None, date(2026, 9, 1), 84.0, 17.0, 5_000),
    ("group", "score", None, None, date(2026, 10, 1), 85.0, 18.0, 4_000),
    ("group", "score", "business", "a", date(2026, 10, 1), 86.0, 16.0, 900),
    ("group", "score", None, None, date(2026, 6, 1), 83.0, 17.0, 5_000),
    ("bare", "score", None, None, date(2026, 10, 1), 82.0, None, None),
    ("loose", "score", None, None, date(2026, 10, 1), 82.0, None, 2_500),
    ("old", "score", None, None, MARCH, 82.0, 17.0, 2_500),
    ("group", "satisfied", None, None, date(2026, 10, 1), 60.0, None, 4_000),
]


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    targets = pd.DataFrame([("score", None, None, 84.0), ("score", "business", "a", 86.0)], columns=TARGETS)
    tables = {"answers": table(), "benchmarks": pd.DataFrame(OUTSIDE, columns=BENCHMARKS), "targets": targets}
    warehouse = house(tmp_path_factory.mktemp("scores") / "a.duckdb", SCORES, tables)
    yield warehouse
    warehouse.close()


def october() -> pd.DataFrame:
    rows = table()
    return rows[rows["at"] >= "2026-10-01"]


def test_a_benchmark_of_known_size_is_a_second_sample(scores: Warehouse) -> None:
    found = contrast(scores, NOW, against="group")
    ours = 10 * october()["score"]
    t = stats.ttest_ind_from_stats(ours.mean(), ours.std(), len(ours), 85.0, 18.0, 4_000, equal_var=False)
    assert found.statistics["test"] == "welch_t"
    assert found.statistics["p"] == pytest.approx(t.pvalue, rel=1e-9)
    assert found.statistics["statistic"] == pytest.approx(t.statistic, rel=1e-9)


def test_months_of_a_benchmark_add_up(scores: Warehouse) -> None:
    """Two months of a source: mean and spread of all their answers together."""
    both = Period(date(2026, 9, 1), date(2026, 11, 1))
    row = contrast(scores, Selection("score", both), against="group").parts["pairs"].iloc[0]
    mean = (5 * 84.0 + 4 * 85.0) / 9
    sd = np.sqrt((5 * (17**2 + (84 - mean) ** 2) + 4 * (18**2 + (85 - mean) ** 2)) / 9)
    ours = 10 * october()["score"]
    t = stats.ttest_ind_from_stats(ours.mean(), ours.std(), len(ours), mean, sd, 9_000, equal_var=False)
    assert row["p"] == pytest.approx(t.pvalue, rel=1e-9)


def test_a_spread_that_is_not_told_is_borrowed_and_said(scores: Warehouse) -> None:
    found = contrast(scores, NOW, against="loose")
    ours = 10 * october()["score"]
    t = stats.ttest_ind_from_stats(ours.mean(), ours.std(), len(ours), 82.0, ours.std(ddof=0), 2_500, equal_var=False)
    assert found.statistics["p"] == pytest.approx(t.pvalue, rel=1e-9)
    assert "contrast.spread_borrowed" in keys(found)


def test_without_a_size_there_is_a_gap_and_no_test(scores: Warehouse) -> None:
    found = contrast(scores, NOW, against="bare")
    row = found.parts["pairs"].iloc[0]
    assert (found.statistics["test"], found.statistics["verdict"]) == ("gap_only", "not_enough_evidence")
    assert np.isnan(row["p"]) and np.isnan(row["low"])
    assert row["difference"] == pytest.approx(10 * october()["score"].mean() - 82.0, abs=1e-9)
    assert found.findings[0].key == "contrast.gap_unknown"


def test_each_group_is_held_against_its_own_benchmark(scores: Warehouse) -> None:
    """Business a has a benchmark of its own; the source says nothing of b, so there is nothing to hold it against."""
    found = contrast(scores, NOW, by=["business"], against="group")
    ours = 10 * october().loc[lambda r: r["business"] == "a", "score"]
    t = stats.ttest_ind_from_stats(ours.mean(), ours.std(), len(ours), 86.0, 16.0, 900, equal_var=False)
    assert pairs(found).loc["a", "p"] == pytest.approx(t.pvalue, rel=1e-9)
    assert np.isnan(pairs(found).loc["b", "difference"])
    assert found.statistics["family"] == 1


@pytest.mark.parametrize("against", ["group", "target"])
def test_the_numbers_needed_are_those_of_the_group_that_is_told(scores: Warehouse, against: str) -> None:
    found = contrast(scores, NOW, by=["business"], against=against)
    told, rows = found.parts["pairs"].iloc[0], october()
    assert told["a"] == ("a",)
    sd = float((10 * rows["score"]).std(ddof=0))
    error2 = 16.0**2 / 900 if against == "group" else 0.0
    room = (told["difference"] / (stats.norm.ppf(0.975) + stats.norm.ppf(0.8))) ** 2 - error2
    wanted = np.ceil(sd**2 / room + stats.norm.ppf(0.975) ** 2 / 2) if room > 0 else np.inf
    assert found.statistics["needed_for_gap_here"] == wanted


def test_targets_of_the_groups(scores: Warehouse) -> None:
    """Each has its own; one without falls back on none where the dimension has targets."""
    found = contrast(scores, NOW, by=["business"], against="target")
    ours = 10 * october().loc[lambda r: r["business"] == "a", "score"]
    t = stats.ttest_1samp(ours, 86.0)
    assert pairs(found).loc["a", ["p", "statistic"]].tolist() == pytest.approx([t.pvalue, t.statistic], rel=1e-9)
    assert np.isnan(pairs(found).loc["b", "p"])
    assert found.table.set_index("segment").loc[[("a",)], "reference"].tolist() == [86.0]


def test_a_target_of_the_whole_and_of_a_filter(scores: Warehouse) -> None:
    whole = contrast(scores, NOW, against="target").parts["pairs"].iloc[0]
    a = contrast(scores, NOW.where("business", "a"), against="target").parts["pairs"].iloc[0]
    ours = 10 * october()["score"]
    assert whole["p"] == pytest.approx(stats.ttest_1samp(ours, 84.0).pvalue, rel=1e-9)
    own = 10 * october().loc[lambda r: r["business"] == "a", "score"]
    assert a["p"] == pytest.approx(stats.ttest_1samp(own, 86.0).pvalue, rel=1e-9)


def test_checks_speak_of_our_answers(scores: Warehouse) -> None:
    """The other side has no answers here: that is no small sample."""
    checks = contrast(scores, NOW, against="84").parts["checks"].set_index("check")
    assert checks.loc["size", "passed"] and checks.loc["size", "values"]["least"] == len(october())


def test_a_thin_group_is_withheld(scores: Warehouse) -> None:
    found = contrast(scores, NOW, by=["business"], against="84")
    thin = pairs(found).loc["thin"]
    assert thin["n_a"] < 10 and np.isnan(thin["difference"]) and thin["verdict"] == "not_enough_evidence"
    assert found.statistics["family"] == 2
    assert "contrast.withheld" in keys(found)


def test_gaps_month_by_month_with_what_is_missing(scores: Warehouse) -> None:
    found = contrast(scores, NOW, against="group", deep=True).parts["months"].set_index("month")
    missing = {6: "ours", 7: "both", 8: "theirs", 9: "ours", 10: ""}
    assert found["missing"].to_dict() == {date(2026, month, 1): side for month, side in missing.items()}
    assert found.loc[date(2026, 9, 1), "benchmark"] == 84.0
    ours = 10 * october()["score"]
    t = stats.ttest_ind_from_stats(ours.mean(), ours.std(), len(ours), 85.0, 18.0, 4_000, equal_var=False)
    october_row = found.loc[date(2026, 10, 1)]
    assert october_row["gap"] == pytest.approx(ours.mean() - 85.0, abs=1e-9)
    assert october_row["p"] == pytest.approx(t.pvalue, rel=1e-9)
    v1, v0 = ours.var() / len(ours), 18.0**2 / 4_000
    df = (v1 + v0) ** 2 / (v1**2 / (len(ours) - 1) + v0**2 / 3_999)
    reach = stats.t.ppf(0.975, df) * np.sqrt(v1 + v0)
    gap = ours.mean() - 85.0
    assert october_row[["gap_low", "gap_high"]].tolist() == pytest.approx([gap - reach, gap + reach], rel=1e-9)


@pytest.mark.parametrize(
    ("filters", "by", "said"),
    [((), (), False), (("business", "a"), (), False), (("tier", "gold"), (), True), ((), ("business",), False),
     ((), ("tier",), True), (("tier", "gold"), ("business",), True)],
)  # fmt: skip
def test_a_benchmark_of_other_customers_is_said(
    scores: Warehouse, filters: tuple[str, ...], by: tuple[str, ...], said: bool
) -> None:
    """The group's average tells of all customers and of business a, not of tiers."""
    chosen = Selection("score", OCTOBER, filters=(Filter(filters[0], filters[1:]),) if filters else ())
    assert ("contrast.covers_all" in keys(contrast(scores, chosen, by=by, against="group"))) == said


@pytest.mark.parametrize("against", ["inf", "nan", "eighty", ""])
def test_a_target_must_be_a_number(scores: Warehouse, against: str) -> None:
    with pytest.raises(BadInput, match=r"contrast\.no_target"):
        contrast(scores, NOW, question="target", against=against)


def test_unknown_and_absent_benchmarks_are_named(scores: Warehouse) -> None:
    with pytest.raises(BadInput, match=r"unknown_benchmark.*'bare', 'group', 'loose', 'old'"):
        contrast(scores, NOW, against="groop")
    with pytest.raises(NothingToShow, match=r"benchmark_empty"):
        contrast(scores, NOW, against="old")
    with pytest.raises(BadInput, match=r"no_target"):
        contrast(scores, Selection("satisfied", OCTOBER), against="target")

"""Numbers of R 4.2.2 and of scipy on the rows, through the real path: file, counts by value, test, family."""

from __future__ import annotations

from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.contrast import contrast
from analysis.result import Result
from analysis.stats.multiplicity import holm
from data_access.selection import Selection
from tests.analysis.matrices import by_matrices
from tests.analysis.stats.golden import Case

from .houses import OCTOBER, SEPTEMBER

ALL = Selection("score")
PERIODS = Selection("score", OCTOBER, SEPTEMBER)


def by(found: Result, a: str, b: str) -> pd.Series:
    """The comparison of two groups, whichever way round it is told; turned so that a comes first."""
    table = found.parts["pairs"]
    row = table[(table["a"] == (a,)) & (table["b"] == (b,))]
    if len(row):
        return row.iloc[0]
    row = table[(table["a"] == (b,)) & (table["b"] == (a,))].iloc[0].copy()
    row[["difference", "low", "high"]] = -row[["difference", "high", "low"]].to_numpy(dtype=float)
    return row


def other(found: Result, method: str) -> pd.Series:
    return found.parts["alternatives"].set_index("method").loc[method]


def test_channels_by_welchs_analysis_of_variance(csat_as: SimpleNamespace) -> None:
    case, found = Case("anova_csat_moments"), contrast(csat_as.plain, ALL, by=["channel"])
    assert found.statistics["test"] == "welch_anova"
    assert found.statistics["statistic"] == case.near("welch_F")
    assert found.statistics["df2"] == case.near("welch_df2")
    assert found.statistics["p"] == case.near("welch_p")
    assert found.statistics["effect"]["value"] == case.near("omega2")


@pytest.mark.prove
def test_pairs_of_channels_by_games_and_howell(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    found = contrast(csat_as.plain, ALL, by=["channel"])
    groups = {name: 10 * r["score10"].to_numpy() for name, r in csat.groupby("channel")}
    wanted = stats.tukey_hsd(*groups.values(), equal_var=False)
    interval = wanted.confidence_interval(0.95)
    for (i, a), (j, b) in combinations(enumerate(groups), 2):
        row = by(found, a, b)
        assert row["p_adjusted"] == pytest.approx(wanted.pvalue[i, j], abs=2e-6)
        told = [wanted.statistic[i, j], interval.low[i, j], interval.high[i, j]]
        assert row[["difference", "low", "high"]].tolist() == pytest.approx(told, abs=1e-4)
        assert row["p"] == pytest.approx(stats.ttest_ind(groups[a], groups[b], equal_var=False).pvalue, rel=1e-9)


def test_channels_by_ranks(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    found = contrast(csat_as.plain, ALL, by=["channel"], method="kruskal_wallis")
    wanted = stats.kruskal(*(r["score10"] for _, r in csat.groupby("channel")))
    assert found.statistics["statistic"] == pytest.approx(wanted.statistic, rel=1e-9)
    assert found.statistics["p"] == pytest.approx(wanted.pvalue, rel=1e-9)
    ranks, n = stats.rankdata(csat["score10"]), len(csat)
    ties = np.unique(csat["score10"], return_counts=True)[1]
    spread = (n * (n + 1) - np.sum(ties**3 - ties) / (n - 1)) / 12
    mean, size = (pd.Series(ranks).groupby(csat["channel"]).agg(how) for how in ("mean", "size"))
    all_pairs = list(combinations(mean.index, 2))
    z = [(mean[a] - mean[b]) / np.sqrt(spread * (1 / size[a] + 1 / size[b])) for a, b in all_pairs]
    raw = 2 * stats.norm.sf(np.abs(z))
    told = [by(found, a, b) for a, b in all_pairs]
    assert [row["p"] for row in told] == pytest.approx(raw.tolist(), rel=1e-9)
    assert [row["p_adjusted"] for row in told] == pytest.approx(holm(raw).tolist(), rel=1e-9)
    assert (found.statistics["adjustment"], found.statistics["family"]) == ("holm", len(all_pairs))


def test_two_groups_by_every_test(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    """Phone against all others: Welch, Brunner-Munzel, Mann-Whitney."""
    found = contrast(csat_as.plain, ALL, by=["two"], deep=True)
    a, b = (csat.loc[csat["two"] == name, "score10"] for name in found.parts["pairs"].iloc[0][["a", "b"]].str[0])
    welch, rank = stats.ttest_ind(a, b, equal_var=False), stats.brunnermunzel(b, a)
    assert found.statistics["test"] == "welch_t"
    assert found.statistics["p"] == pytest.approx(welch.pvalue, rel=1e-9)
    assert found.statistics["statistic"] == pytest.approx(welch.statistic, rel=1e-9)
    told = other(found, "brunner_munzel")
    assert [told["statistic"], told["p"]] == pytest.approx([rank.statistic, rank.pvalue], rel=1e-9)
    u = stats.mannwhitneyu(a, b, method="asymptotic")
    told = other(found, "mann_whitney")
    assert [told["statistic"], told["p"]] == pytest.approx([u.statistic, u.pvalue], rel=1e-9)
    effect = contrast(csat_as.plain, ALL, by=["two"], method="brunner_munzel").statistics["effect"]
    assert effect["value"] == pytest.approx(np.mean([(x > b).mean() + (x == b).mean() / 2 for x in a]), rel=1e-12)


def test_periods_and_their_equivalence(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    """The golden margin of half a step is five points here; its 90 % interval says alike."""
    case, found = Case("tost_equivalence"), contrast(csat_as.plain, PERIODS, threshold=5.0)
    row = found.parts["pairs"].iloc[0]
    low, high = (10 * value for value in case.expected["ci90"])
    told = [row["low90"], row["high90"]]
    wanted = [low, high] if np.sign(row["difference"]) == np.sign(low + high) else [-high, -low]
    assert told == pytest.approx(wanted, rel=1e-8)
    before, after = (csat.loc[csat["period"] == p, "score10"].mean() for p in ("P1", "P2"))
    assert row["difference"] == pytest.approx(10 * (after - before), abs=1e-9)
    assert found.statistics["verdict"] == "equivalent"
    assert contrast(csat_as.plain, PERIODS, threshold=1.0).statistics["verdict"] == "not_enough_evidence"


def test_periods_with_agents_as_clusters(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    """CR2 and Satterthwaite by whole matrices: agents serve both periods."""
    row = contrast(csat_as.agents, PERIODS).parts["pairs"].iloc[0]
    codes = pd.factorize(csat["agent"])[0]
    group = (csat["period"] == "P2").to_numpy().astype(int)
    x = 10.0 * csat["score10"].to_numpy()
    error, df, _ = by_matrices(x, group, codes, np.ones(len(x)), np.array([-1.0, 1.0]))
    assert row["df"] == pytest.approx(df, rel=1e-7)
    assert row["difference"] / row["statistic"] == pytest.approx(error, rel=1e-7)
    assert row["p"] == pytest.approx(2 * stats.t.sf(abs(row["difference"]) / error, df), rel=1e-7)


def test_groups_with_agents_as_clusters(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    """Two channels, then all four with Wald's test: never the errors of single answers."""
    found = contrast(csat_as.agents, ALL, by=["two"])
    row, s = found.parts["pairs"].iloc[0], found.statistics
    assert (s["test"], s["reason"], s["clusters"]) == ("clustered_t", "clusters", csat["agent"].nunique())
    group = (csat["two"] == row["a"][0]).to_numpy().astype(int)
    x = 10.0 * csat["score10"].to_numpy()
    error, df, _ = by_matrices(x, group, pd.factorize(csat["agent"])[0], np.ones(len(x)), np.array([-1.0, 1.0]))
    assert [row["difference"] / row["statistic"], row["df"]] == pytest.approx([error, df], rel=1e-7)
    several = contrast(csat_as.agents, ALL, by=["channel"]).statistics
    assert (several["test"], several["adjustment"]) == ("clustered_wald", "holm")


def test_a_method_that_ignores_agents_does_so_throughout(csat_as: SimpleNamespace) -> None:
    """Chosen against advice, Welch's test has the numbers it would have had without clusters, pair by pair."""
    chosen = contrast(csat_as.agents, ALL, by=["channel"], method="welch_anova").parts["pairs"]
    plain = contrast(csat_as.plain, ALL, by=["channel"]).parts["pairs"]
    columns = ["difference", "low", "high", "p", "p_adjusted"]
    pd.testing.assert_frame_equal(chosen[columns], plain[columns])


def test_rates_of_two_and_of_several_groups(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    counts = pd.crosstab(csat["channel"], csat["resolved"])
    wanted = stats.chi2_contingency(counts, correction=False)
    found = contrast(csat_as.plain, Selection("resolved"), by=["channel"]).statistics
    assert (found["test"], found["df"]) == ("chi2", wanted.dof)
    assert [found["statistic"], found["p"]] == pytest.approx([wanted.statistic, wanted.pvalue], rel=1e-9)
    two = contrast(csat_as.plain, Selection("resolved"), by=["two"], deep=True)
    table = pd.crosstab(csat["two"], csat["resolved"])
    z2 = stats.chi2_contingency(table, correction=False)
    assert two.statistics["p"] == pytest.approx(z2.pvalue, rel=1e-9)
    assert other(two, "fisher")["p"] == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-9)


def test_a_trend_over_ordered_groups(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    """Linear by linear is (n - 1) r squared; of a rate, Armitage's n r squared."""
    r = np.corrcoef(csat["wait"], csat["score10"])[0, 1]
    found = contrast(csat_as.plain, ALL, by=["step"], method="linear_by_linear").statistics
    assert found["statistic"] == pytest.approx((len(csat) - 1) * r**2, rel=1e-9)
    assert found["effect"]["value"] == pytest.approx(r, rel=1e-9)
    r = np.corrcoef(csat["wait"], csat["resolved"])[0, 1]
    found = contrast(csat_as.plain, Selection("resolved"), by=["step"], method="cochran_armitage").statistics
    assert found["p"] == pytest.approx(stats.chi2.sf(len(csat) * r**2, 1), rel=1e-9)


def test_net_promoters(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    found = contrast(csat_as.plain, ALL, by=["two"], method="nps")
    a, b = (csat.loc[csat["two"] == name, "score10"] for name in found.parts["pairs"].iloc[0][["a", "b"]].str[0])
    points = [np.where(x >= 9, 100.0, np.where(x <= 6, -100.0, 0.0)) for x in (a, b)]
    wanted = stats.ttest_ind(*points, equal_var=False)
    row = found.parts["pairs"].iloc[0]
    assert [row["statistic"], row["p"]] == pytest.approx([wanted.statistic, wanted.pvalue], rel=1e-9)
    assert row["difference"] == pytest.approx(points[0].mean() - points[1].mean(), rel=1e-9)


def paired(csat: pd.DataFrame, column: str) -> tuple[pd.Series, pd.Series]:
    """Mean of each customer in both periods."""
    wide = csat.pivot_table(index="customer", columns="period", values=column, aggfunc="mean").dropna()
    return wide["P1"], wide["P2"]


def test_the_same_customers(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    before, after = paired(csat, "score10")
    found = contrast(csat_as.plain, PERIODS, method="paired_t")
    wanted = stats.ttest_rel(after, before)
    row = found.parts["pairs"].iloc[0]
    assert row["n_a"] == len(before) == 500
    assert [row["statistic"], row["p"]] == pytest.approx([wanted.statistic, wanted.pvalue], rel=1e-9)
    assert row["difference"] == pytest.approx(10 * (after - before).mean(), rel=1e-9)
    ranked = stats.wilcoxon(after - before, zero_method="pratt", correction=True, method="asymptotic")
    assert contrast(csat_as.plain, PERIODS, method="wilcoxon").statistics["p"] == pytest.approx(
        ranked.pvalue, rel=1e-9
    )


def test_the_same_customers_by_a_rate(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    before, after = paired(csat, "resolved")
    up, down = int((after > before).sum()), int((after < before).sum())
    found = contrast(csat_as.plain, Selection("resolved", OCTOBER, SEPTEMBER), method="mcnemar").statistics
    assert up + down >= 25
    assert found["statistic"] == pytest.approx((up - down) ** 2 / (up + down), rel=1e-12)
    assert found["p"] == pytest.approx(stats.chi2.sf((up - down) ** 2 / (up + down), 1), rel=1e-9)


def test_a_driver_on_its_own_scale(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    found = contrast(csat_as.plain, Selection("handle"), by=["two"], deep=True)
    a, b = (csat.loc[csat["two"] == name, "handle_min"] for name in found.parts["pairs"].iloc[0][["a", "b"]].str[0])
    wanted = stats.ttest_ind(a, b, equal_var=False)
    told = found.parts["alternatives"].set_index("method").loc["welch_t", "p"]
    assert told == pytest.approx(wanted.pvalue, rel=1e-9)
    assert other(found, "brunner_munzel")["p"] == pytest.approx(stats.brunnermunzel(b, a).pvalue, rel=1e-9)
    assert found.statistics["threshold"] == pytest.approx(0.2 * csat["handle_min"].std(ddof=0), rel=1e-9)


def test_the_means_of_a_driver_order_the_better_first(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    """A shorter handling time is better."""
    table = contrast(csat_as.plain, Selection("handle"), by=["channel"]).table
    assert table["score"].is_monotonic_increasing
    assert table["rank"].tolist() == [1, 2, 3, 4][: len(table)]

"""Where there is no difference, about one family in twenty says there is one; where there is, it is found.

Many worlds are drawn at once and all their comparisons made at once: only the families are adjusted one by one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.contrast import compare
from analysis.contrast.overall import METHODS as OVERALL
from analysis.contrast.samples import Answers, all_pairs, between, recoded, samples_over_time
from analysis.contrast.verdicts import verdicts
from analysis.stats.multiplicity import family_adjusted
from tests.proof import Figure

from .houses import RATE, SCORE, answers_of, rng

RUNS = 400
FEW = 100  # where a world costs much: a false alarm in one family of six would be found four times in five
GROUPS = 4
PAIRS = len(all_pairs(range(GROUPS)))
CASES = (("welch_t", False), ("brunner_munzel", False), ("mann_whitney", False), ("fisher", True))


def worst(runs: int) -> float:
    """One family in twenty, with room for the luck of so many runs."""
    return float(stats.binom.ppf(0.999, runs, 0.05) / runs)


WORST = worst(RUNS)


def worlds(
    runs: int = RUNS, *, seed: int = 1, clusters: int = 0, rate: bool = False, gap: float = 0.0, each: int = 150
) -> Answers:
    """Four groups a world, named world-group, the last lower by `gap`; clusters serve all groups and differ."""
    random = rng(seed)
    run, group, _ = (axis.ravel() for axis in np.indices((runs, GROUPS, each)))
    cluster = random.integers(0, max(clusters, 1), len(run))
    fate = random.normal(0, 0.7 * bool(clusters), (runs, max(clusters, 1)))[run, cluster]
    own = random.normal(0, 0.5 * bool(clusters), (runs, max(clusters, 1), GROUPS))[run, cluster, group]
    latent = random.normal(8 + fate + own - np.where(group == GROUPS - 1, gap / 10, 0.0), 1.5)
    x = (latent > 7.5).astype(float) if rate else np.clip(np.round(latent), 1, 10)
    rows = pd.DataFrame({"x": x, "run": run, "part": group, "cluster": cluster, "w": 1.0})
    fetched_answers = rows.groupby(["run", "part", "cluster", "x"], as_index=False)["w"].sum()
    fetched_answers["group"] = fetched_answers["run"].astype(str) + "-" + fetched_answers["part"].astype(str)
    kept = fetched_answers if clusters else fetched_answers.drop(columns="cluster")
    return repeated(kept.drop(columns=["run", "part"]), rate=rate)


def repeated(fetched_answers: pd.DataFrame, *, rate: bool) -> Answers:
    """Answers of which each row stands for several: sums of ones, not survey weights."""
    made = answers_of(fetched_answers.rename(columns={"w": "times"}), RATE if rate else SCORE)
    sums = {name: made.rows[name] * made.rows["times"] for name in ("n", "w", "wx", "v", "vx", "vxx")}
    return replace(made, rows=made.rows.assign(**sums))


def every_pair(runs: int = RUNS) -> list[tuple[int, int]]:
    """All pairs of groups of each world; groups are numbered world by world."""
    return [(GROUPS * run + i, GROUPS * run + j) for run in range(runs) for i, j in all_pairs(range(GROUPS))]


def alarms(p: np.ndarray, size: int = PAIRS) -> float:
    """Share of families with any adjusted p below 5 %."""
    return float(np.mean([np.nanmin(family_adjusted(family)[0]) < 0.05 for family in p.reshape(-1, size)]))


def pairwise(answers: Answers, method: str, runs: int = RUNS) -> np.ndarray:
    return np.asarray(compare.METHODS[method](between(answers, every_pair(runs))).p)


@pytest.mark.parametrize(
    ("method", "rate"),
    [("two_proportions", True), *(pytest.param(*case, marks=pytest.mark.prove) for case in CASES)],
)
def test_one_family_in_twenty_has_a_false_alarm(method: str, rate: bool, figure: Figure) -> None:
    runs = FEW if method == "fisher" else RUNS  # an exact test, which is too careful rather than too bold
    assert figure("false alarms", alarms(pairwise(worlds(runs, rate=rate), method, runs))) <= worst(runs)


@pytest.mark.prove
@pytest.mark.parametrize("rate", [False, True])
@pytest.mark.parametrize("clusters", [6, 12, 40])
def test_clusters_cause_no_more_false_alarms(clusters: int, rate: bool, figure: Figure) -> None:
    """Single answers taken for independent would cry wolf; the errors between clusters do not."""
    drawn = worlds(clusters=clusters, rate=rate)
    assert figure("false alarms", alarms(pairwise(drawn, "clustered_t"))) <= WORST
    if clusters <= 12:
        naive = alarms(pairwise(drawn, "two_proportions" if rate else "welch_t"))
        assert figure("of single answers", naive) > 1.2 * WORST


@pytest.mark.prove
@pytest.mark.parametrize("clusters", [12, 40])
def test_ranks_learn_their_error_from_clusters_too(clusters: int, figure: Figure) -> None:
    assert figure("false alarms", alarms(pairwise(worlds(clusters=clusters), "brunner_munzel"))) <= WORST


@pytest.mark.prove
@pytest.mark.parametrize(("clusters", "rate"), [(0, False), (0, True), (12, False), (40, True)])
def test_p_is_spread_evenly_under_luck(clusters: int, rate: bool) -> None:
    method = "clustered_t" if clusters else "two_proportions" if rate else "welch_t"
    p = pairwise(worlds(clusters=clusters, rate=rate), method).reshape(RUNS, PAIRS)[:, 0]
    assert stats.kstest(p, "uniform").pvalue > 0.001


@pytest.mark.prove
@pytest.mark.parametrize(
    ("method", "clusters", "rate"),
    [("welch_anova", 0, False), ("kruskal_wallis", 0, False), ("chi2", 0, True), ("clustered_wald", 12, False),
     ("clustered_wald", 40, True)],
)  # fmt: skip
def test_overall_tests_keep_their_level(method: str, clusters: int, rate: bool, figure: Figure) -> None:
    drawn = worlds(clusters=clusters, rate=rate)
    p = np.array([OVERALL[method](one, list(range(GROUPS))).p for one in one_by_one(drawn)])
    assert np.isfinite(p).all()
    assert figure("p < 5 %", (p < 0.05).mean()) <= WORST
    assert stats.kstest(p, "uniform", alternative="greater").pvalue > 0.001  # too careful is no false alarm


def one_by_one(drawn: Answers) -> list[Answers]:
    """Each world on its own, its groups numbered from 0."""
    parts = drawn.rows.assign(run=drawn.rows["s"] // GROUPS, s=drawn.rows["s"] % GROUPS).groupby("run")
    return [Answers(rows, drawn.groups[:GROUPS], drawn.metric, ()) for _, rows in parts]


@pytest.mark.prove
@pytest.mark.parametrize("clusters", [0, 12])
def test_a_change_keeps_its_level(clusters: int, figure: Figure) -> None:
    now, before = recoded(*(worlds(seed=seed, clusters=clusters) for seed in (1, 2)))
    p = compare.by_means(samples_over_time(now, before, range(RUNS * GROUPS))).p
    assert figure("false alarms", alarms(p, GROUPS)) <= WORST


@pytest.mark.prove
@pytest.mark.parametrize("clusters", [0, 40])
def test_a_difference_of_three_points_is_found(clusters: int, figure: Figure) -> None:
    """Of 1,500 answers a group nearly always, of forty teams that differ mostly; never the wrong way round."""
    runs = 60
    drawn = worlds(runs, clusters=clusters, gap=3.0, each=1500)
    found = compare.by_means(between(drawn, [(GROUPS * run + 3, GROUPS * run) for run in range(runs)]))
    (low, high), (low90, high90) = (found.bounds(np.array(level)) for level in (0.95, 0.90))
    told = verdicts(found.value, (low > 0) | (high < 0), low90, high90, 1.0)
    assert figure("found", (told == "different_and_matters").mean()) >= (0.5 if clusters else 0.9)
    assert (found.value[told == "different_and_matters"] < 0).all()


@pytest.mark.prove
@pytest.mark.parametrize("rate", [False, True])
def test_alike_is_said_wrongly_at_most_once_in_twenty(rate: bool, figure: Figure) -> None:
    """A true difference as large as the threshold: the hardest case for a claim of no difference that matters."""
    answers = repeated(pd.concat([tallied(0, rate), tallied(1, rate)], ignore_index=True), rate=rate)
    places = {group[0]: place for place, group in enumerate(answers.groups)}
    sides = between(answers, [(places[f"{run}-0"], places[f"{run}-1"]) for run in range(RUNS)])
    found = compare.METHODS["two_proportions" if rate else "welch_t"](sides)
    low90, high90 = found.bounds(np.array(0.90))
    threshold = 3.0 if rate else expected(8.0) - expected(7.6)
    told = verdicts(found.value, np.zeros(RUNS, dtype=bool), low90, high90, threshold)
    assert 0.01 <= figure("said wrongly", (told == "equivalent").mean()) <= WORST


def tallied(side: int, rate: bool) -> pd.DataFrame:
    """3,000 answers of one side in every world, as counts by value."""
    random, n = rng(10 + side), 3000
    values = [0.0, 1.0] if rate else list(np.arange(1.0, 11.0))
    chances = [0.5 - 0.03 * side, 0.5 + 0.03 * side] if rate else chances_of(8.0 - 0.4 * side)
    counts = random.multinomial(n, chances, RUNS)
    rows = pd.DataFrame(
        {"x": np.tile(values, RUNS), "w": counts.ravel(), "group": np.repeat(np.arange(RUNS), len(values))}
    )
    rows["group"] = rows["group"].astype(str) + f"-{side}"
    return rows[rows["w"] > 0]


def chances_of(mean: float) -> list[float]:
    """Chance of each score of a normal of this mean, rounded and held on the scale."""
    edges = stats.norm.cdf(np.arange(1.5, 10.0), mean, 1.4)
    return list(np.diff(np.concatenate([[0.0], edges, [1.0]])))


def expected(mean: float) -> float:
    return float(10 * (np.arange(1, 11) @ chances_of(mean)))


@pytest.mark.prove
def test_alike_is_said_where_nothing_differs_and_answers_are_many() -> None:
    drawn = worlds(20, each=3000)
    low90, high90 = compare.by_means(between(drawn, every_pair(20))).bounds(np.array(0.90))
    assert ((low90 > -2.5) & (high90 < 2.5)).mean() > 0.95

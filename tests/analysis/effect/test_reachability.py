"""What could be shown: history from the data, thresholds against the tests themselves, verdicts of drawn plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from time import process_time

import numpy as np
import pandas as pd
import pytest

from analysis.effect.did import estimated, moments
from analysis.effect.history import Spread, history, spread
from analysis.effect.horizon import WITH_WILD, Trial
from analysis.effect.judged import Terms, judged
from analysis.effect.randomisation import randomised
from analysis.effect.reachability import reachability
from analysis.stats.intervals import exact_bounds
from analysis.stats.power import detectable
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow, Problem
from data_access.warehouse import Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.effect.plans_drawn import START, Drawn, before
from tests.analysis.effect.wild_table import errors_needed
from tests.proof import Figure

MODEL = """
time = { column = "at" }
score = { column = "score", scale = [1, 10] }
[dimensions]
team = { column = "team" }
site = { column = "site" }
business = { column = "business" }
"""
FROM = date(2026, 1, 5)


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """Twenty weeks of eight teams at two sites; a third of the answers are about one business."""
    rng, n = np.random.default_rng(4), 16_000
    team = rng.integers(0, 8, n)
    return pd.DataFrame({
        "at": pd.Timestamp(FROM) + pd.to_timedelta(rng.integers(0, 140, n), "D"),
        "team": [f"t{i}" for i in team], "site": np.where(team < 4, "east", "west"),
        "business": np.where(rng.random(n) < 1 / 3, "3G", "4G"),
        "score": np.clip(np.round(rng.normal(8 + 0.1 * team, 1.5)), 1, 10),
    })  # fmt: skip


@pytest.fixture(scope="module")
def teams(answers: pd.DataFrame, warehouse_of: MakeWarehouse) -> Warehouse:
    return warehouse_of(answers, MODEL)


STARTS = FROM + timedelta(weeks=20)
FOUR = {"unit": "team", "treated": ("t0", "t1", "t2", "t3"), "start": STARTS}


def test_the_history_is_that_of_the_rows(teams: Warehouse, answers: pd.DataFrame) -> None:
    metric = teams.model.metric("score")
    past = history(teams, metric, "team", (), Period(FROM, STARTS), finer=False)
    own = answers.assign(score=metric.value(answers["score"]), week=answers["at"].dt.to_period("W").dt.start_time)
    cells = own.groupby(["team", "week"])["score"]
    assert past.n.sum() == len(answers) and past.names == tuple(f"t{i}" for i in range(8))
    assert past.mean == pytest.approx(cells.mean().unstack().to_numpy())
    within = cells.agg(lambda x: ((x - x.mean()) ** 2).sum()).sum() / (cells.size() - 1).sum()
    assert past.within == pytest.approx(within)


def test_shocks_and_how_they_last_are_found() -> None:
    """The variance of a change is known on the average, whether units move by themselves or not, or for long."""
    for shock, lasting in ((0.0, 0.0), (2.0, 0.6)):
        rng, plan = np.random.default_rng(1), Drawn(12, 6, 60, 20, 10, shock=shock, lasting=lasting)
        found = [spread(before(plan.sums(rng, 0.0))) for _ in range(8)]
        truth = Spread(400, shock**2, lasting).of_change(20, 10)
        assert np.mean([f.within for f in found]) == pytest.approx(400, rel=0.05)
        assert np.mean([f.of_change(20, 10) for f in found]) == pytest.approx(truth, rel=0.35, abs=0.2)


def test_a_change_of_lasting_shocks_varies_as_drawn() -> None:
    rng, weeks = np.random.default_rng(2), Drawn(4_000, 1, 1, 9, 5, shock=1.5, lasting=0.7)
    drawn = weeks._shocks(rng, 14)
    change = drawn[:, 9:].mean(axis=1) - drawn[:, :9].mean(axis=1)
    assert Spread(1, 1.5**2, 0.7).of_change(9, 5) == pytest.approx(change.var(), rel=0.07)


def trial(clusters: int, treated: int, **changed: object) -> Trial:
    rates = np.linspace(20, 40, clusters)
    made = Trial(rates, np.arange(clusters) < treated, 12.0, Spread(400.0, 1.0, 0.3))
    return replace(made, **changed)  # type: ignore[arg-type]


def test_of_many_clusters_it_is_the_formula_of_any_two_means() -> None:
    many = trial(60, 30, rates=np.full(60, 30.0))
    assert many.detectable(9, 0.01) == pytest.approx(float(detectable(many.error(9), 58)), rel=0.05)
    assert many.error(9) ** 2 == pytest.approx(float(many.variances(9)[0]) * 2 / 30)
    assert many.detectable(9, 3.0) == pytest.approx(3 + 0.8416 * many.error(9), rel=1e-3)


@pytest.mark.parametrize(("clusters", "treated"), [(8, 3), (14, 4), (9, 2)])
def test_thresholds_are_where_the_tests_turn(clusters: int, treated: int) -> None:
    """A hundredth beyond the effect found for a draw the interval, or the test, says yes; as much before it no."""
    asked = trial(clusters, treated)
    changes = np.random.default_rng(6).normal(size=(4, clusters))
    thresholds = zip(changes, asked.by_interval(changes), asked.by_choice(changes), strict=True)
    for change, by_interval, by_choice in thresholds:
        for sign in (-1, 1):
            m = moments_of(change + (by_interval + 0.01 * sign) * asked.treated, asked)
            assert (estimated(m).low > 0) == (sign > 0)
            if clusters < 14:  # all choices are tried: no luck of a draw
                m = moments_of(change + (by_choice + 0.01 * sign) * asked.treated, asked)
                assert (randomised(m).p <= 0.05) == (sign > 0)


def moments_of(change: np.ndarray, asked: Trial):  # type: ignore[no-untyped-def]
    """Half of a cluster's answers before and half after, so that its weight is what it has a week."""
    units = [f"u{i}" for i in range(asked.clusters)]
    side = {"cluster": units, "unit": units, "stratum": "", "treated": asked.treated, "n": asked.rates,
            "w": asked.rates, "v": asked.rates}  # fmt: skip
    frames = [pd.DataFrame({**side, "wx": asked.rates * x, "vx": asked.rates * x, "vxx": asked.rates * (x**2 + 1)})
              for x in (0 * change, change)]  # fmt: skip
    return moments(pd.concat(frames, ignore_index=True), np.repeat([False, True], asked.clusters))


def test_what_can_never_be_judged() -> None:
    assert not trial(8, 1).can_be_judged and not trial(8, 8).can_be_judged and not trial(6, 3).can_be_judged
    assert trial(8, 2).can_be_judged and trial(7, 3).can_be_judged
    assert trial(8, 1).detectable(50, 1.0) == float("inf")


@pytest.mark.prove
@pytest.mark.parametrize(("clusters", "treated"), [(7, 3), (8, 4), (11, 5)])
def test_the_table_of_the_wild_bootstrap(clusters: int, treated: int) -> None:
    assert errors_needed(clusters, treated, seed=9) == pytest.approx(WITH_WILD[clusters][treated], rel=0.12)


def verdicts(seed: int, count: int, *, margin: bool) -> tuple[int, int]:
    """Plans called reachable, and those of them that reach a verdict when the true effect is the promised one.

    With `margin` each promises the very least that is called reachable.
    """
    rng, called, reached = np.random.default_rng(seed), 0, 0
    while called < count:
        units = int(rng.choice([8, 10, 12, 20, 30]))
        treated, weeks = int(rng.integers(3, units // 2 + 1)), (int(rng.integers(8, 27)), int(rng.integers(4, 14)))
        plan = Drawn(units, treated, float(rng.uniform(20, 120)), *weeks, shock=float(rng.choice([0, 0.7, 1.5])),
                     lasting=float(rng.choice([0, 0.3, 0.6])))  # fmt: skip
        noise = plan.sums(rng, 0.0)
        past = before(noise)
        trial_ = Trial(past.rates, np.arange(units) < plan.treated, past.compared, spread(past))
        least = trial_.detectable(plan.after, 1.0)
        lift = least if margin else float(rng.uniform(1.5, 8))
        if lift < least:
            continue
        called += 1
        gained = lift * (noise["treated"] & (noise["day"] >= START))
        sums = noise.assign(wx=noise["wx"] + gained * noise["w"], vx=noise["vx"] + gained * noise["w"],
                            vxx=noise["vxx"] + 2 * gained * noise["wx"] + gained**2 * noise["w"])  # fmt: skip
        reached += judged(sums, Terms(start=START, smallest=1.0)).verdict != "not_enough_evidence"
    return called, reached


def test_most_plans_called_reachable_reach_a_verdict() -> None:
    called, reached = verdicts(3, 5, margin=False)
    assert reached >= 4 and called == 5


@pytest.mark.prove
@pytest.mark.parametrize("margin", [False, True], ids=["promises", "at_the_margin"])
def test_plans_called_reachable_reach_a_verdict(margin: bool, figure: Figure) -> None:
    """At least 80 % of 1,000; of promises that are just about reachable 80 % of them, within luck."""
    called, reached = verdicts(5, 1_000, margin=margin)
    low, high = (float(end[0]) for end in exact_bounds(np.array([reached]), np.array([called])))
    figure("reached a verdict", (reached / called, low, high))
    assert low > (0.75 if margin else 0.8)


def test_a_plan_that_can_be_shown_and_one_that_cannot(teams: Warehouse) -> None:
    found = reachability(teams, Selection(), **FOUR, check_on=STARTS + timedelta(weeks=9))
    s, table = found.statistics, found.table
    assert (s["clusters"], s["treated_clusters"], s["check_weeks"]) == (8, 4, 9)
    assert s["detectable"] == pytest.approx(table.set_index("weeks").loc[9, "detectable"])
    assert table["detectable"].is_monotonic_decreasing and len(table) >= 12
    assert (s["verdict"], s["weeks"]) == ("never", None) and found.findings[0].key == "reachability.never_shocks"
    for smallest, verdict in ((4.0, "reachable"), (2.0, "not_reachable")):
        told = reachability(teams, Selection(), **FOUR, check_on=STARTS + timedelta(weeks=2), smallest=smallest)
        assert told.statistics["verdict"] == verdict
    counts = found.parts["treated_counts"].set_index("treated")
    assert counts.index.tolist() == [1, 2, 3, 4] and np.isnan(counts.loc[1, "detectable"])
    assert counts.loc[2, "smallest_p"] == pytest.approx(1 / 28)
    one = reachability(teams, Selection(), unit="team", treated=("t0",), start=STARTS)
    assert one.statistics["verdict"] == "never" and one.findings[0].key == "reachability.never_one"
    assert "by_customer" in set(one.parts["ways"]["way"]) and one.statistics["instead"]
    everybody = reachability(teams, Selection(), unit="team", treated=[f"t{i}" for i in range(8)], start=STARTS)
    assert everybody.findings[0].key == "reachability.never_no_control"


@pytest.mark.prove
def test_thousands_of_units_take_no_time(warehouse_of: MakeWarehouse) -> None:
    rng, n = np.random.default_rng(8), 60_000
    agents = pd.DataFrame({
        "at": pd.Timestamp(FROM) + pd.to_timedelta(rng.integers(0, 140, n), "D"),
        "team": [f"a{i}" for i in rng.integers(0, 1_500, n)], "score": rng.integers(1, 11, n), "site": "s",
        "business": "b",
    })  # fmt: skip
    many = warehouse_of(agents, MODEL)
    began = process_time()
    treated = [f"a{i}" for i in range(30)]
    found = reachability(many, Selection(), unit="team", treated=treated, start=STARTS, lift=1.2)
    assert process_time() - began < 5
    ways = found.parts["ways"].set_index("way")
    assert 30 < ways.loc["more_units", "count"] <= 750 and len(found.parts["rollout"]) == 1_500


def test_a_promise_is_of_the_whole_and_an_effect_of_the_segment(teams: Warehouse, answers: pd.DataFrame) -> None:
    segment = Selection(filters=(Filter("business", ("3G",)), Filter("team", ("t0",))))
    found = reachability(teams, segment, **FOUR, lift=2.0).statistics
    assert found["share"] == pytest.approx((answers["business"] == "3G").mean())
    assert found["wanted"] == pytest.approx(2.0 / found["share"])
    small = reachability(teams, Selection(), **FOUR, lift=0.5)
    assert small.findings[0].key == "reachability.never_small" and small.statistics["verdict"] == "never"


def test_two_sites_are_judged_by_the_teams_within(answers: pd.DataFrame, warehouse_of: MakeWarehouse) -> None:
    finer = warehouse_of(answers, 'cluster = "team"\n' + MODEL)
    found = reachability(finer, Selection(), unit="site", treated=("east",), start=STARTS)
    assert (found.statistics["clusters"], found.statistics["treated_clusters"]) == (8, 4)
    assert found.caveats[0].key == "reachability.finer"


REFUSED = [
    ({"treated": ()}, "reachability.no_treated"),
    ({"unit": ""}, "reachability.no_unit"),
    ({"start": None}, "reachability.no_start"),
    ({"treated": ("t9",)}, "model.unknown_value"),
    ({"unit": "teem"}, "model.unknown_dimension"),
    ({"control": ("t0",)}, "reachability.both"),
    ({"smallest": 0.0}, "reachability.not_above_0"),
    ({"lift": float("nan")}, "reachability.not_above_0"),
    ({"check_on": STARTS}, "reachability.too_early"),
    ({"check_on": date(2060, 1, 1)}, "reachability.too_late"),
    ({"check_on": date.max}, "reachability.too_late"),
    ({"start": date.max}, "reachability.start_too_late"),
    ({"smallest": 1e-300}, "reachability.out_of_bounds"),
    ({"lift": 1e300}, "reachability.out_of_bounds"),
    ({"start": FROM + timedelta(weeks=2)}, "reachability.short"),
    ({"start": FROM - timedelta(weeks=60)}, "reachability.short"),
]


@pytest.mark.parametrize(("changed", "key"), REFUSED, ids=[f"{i}_{key}" for i, (_, key) in enumerate(REFUSED)])
def test_what_cannot_be_meant_is_one_sentence(teams: Warehouse, changed: dict[str, object], key: str) -> None:
    with pytest.raises(Problem) as refused:
        reachability(teams, Selection(), **{**FOUR, **changed})  # type: ignore[arg-type]
    assert refused.value.statement.key == key and isinstance(refused.value, BadInput | NothingToShow)
    for language in LANGUAGES:
        said = Catalogue.load(language).say(refused.value.statement)
        assert said and "{" not in said


def test_what_would_do_does_not_contradict_what_cannot_be(teams: Warehouse) -> None:
    """Numbers that are written alike are not set against each other: it is said what becomes possible."""
    words = Catalogue.load("en")
    found = reachability(teams, Selection(), **FOUR, smallest=2.0, check_on=STARTS + timedelta(weeks=2))  # type: ignore[arg-type]
    later = next(said for said in found.findings if said.key == "reachability.way_later")
    assert "one can tell whether it brings 2.0" in words.say(later) and "and more" not in words.say(later)
    least = found.statistics["detectable"]
    near = reachability(
        teams, Selection(), **FOUR, lift=least - 0.02, smallest=1.0, check_on=STARTS + timedelta(weeks=2)
    )  # type: ignore[arg-type]
    assert "and more" not in words.say(near.findings[0])

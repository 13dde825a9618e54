"""Do the verdicts err as seldom as they say? Drawn plans whose effect is known, `make prove` 1,000 of each kind.

Day by day a few repetitions of each kind run; they fail only by what chance would do once in ten thousand runs.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from analysis.effect.arms import Sums, means, split
from analysis.effect.cohorts import staggered
from analysis.effect.judged import Terms, judged
from analysis.effect.of_plan import planned_day
from analysis.effect.pretrend import bounds, drift
from analysis.effect.series import series
from analysis.effect.verdict import EFFECTIVE, verdict_of
from analysis.effect.weekly import weekly
from analysis.stats.intervals import Difference
from data_access.selection import Selection
from data_access.workshop.records import Look, Plan, Verdict

from ...proof import Figure
from .made import MONDAY, at_least, at_most, autocorrelated, rate, steps, team_weeks, treat

WHOLE = pytest.param(1_000, marks=pytest.mark.prove)
ANY = 1e-9  # points: whatever effect matters, so that nothing but the interval keeps a verdict back
FALSE, POWER = 0.05, 0.8
ICC = (0.02, 0.05)
WAVES = {
    "two of two": {0: 8, 1: 8, 2: 12, 3: 12},
    "one by one": {0: 8, 1: 12},
    "all": {i: 8 + i // 2 * 4 for i in range(8)},
}


def _is_effective(effect: Difference, smallest: float = ANY) -> bool:
    return verdict_of(effect.value, effect.interval.low, effect.interval.high, smallest) == EFFECTIVE


@pytest.mark.parametrize("times", [10, WHOLE])
@pytest.mark.parametrize("icc", ICC)
@pytest.mark.parametrize("waves", WAVES)
def test_a_roll_out_in_steps_without_effect(waves: str, icc: float, times: int, figure: Figure) -> None:
    def happens(rng: np.random.Generator) -> bool:
        sums = treat(team_weeks(rng, teams=8, weeks=20, each=20, icc=icc), list(WAVES[waves]))
        return _is_effective(staggered(weekly(sums, MONDAY), WAVES[waves]).effect)

    assert at_most(figure(f"effective: {waves}, ICC {icc}", rate(times, happens)), FALSE, times)


@pytest.mark.parametrize("times", [10, WHOLE])
def test_a_roll_out_in_steps_with_an_effect_of_four_points(times: int, figure: Figure) -> None:
    """20 teams, half of them in two waves, 60 answers a week, ICC .02."""
    starts = {team: 8 + team // 5 * 4 for team in range(10)}
    added = steps(starts, teams=20, weeks=20, points=4.0)

    def happens(rng: np.random.Generator) -> bool:
        sums = treat(team_weeks(rng, teams=20, weeks=20, each=60, icc=0.02, effect=added), range(10))
        return _is_effective(staggered(weekly(sums, MONDAY), starts).effect, 1.0)

    assert at_least(figure("effective", rate(times, happens)), POWER, times)


@pytest.mark.parametrize("times", [10, WHOLE])
@pytest.mark.parametrize(("icc", "each"), [(0.02, 30), (0.0, 200)])
@pytest.mark.parametrize("m", [1.0, 2.0])
def test_bounds_hold_the_effect_under_the_violation_they_are_for(
    m: float, icc: float, each: int, times: int, figure: Figure
) -> None:
    """The treated drift by a point a block before the start, and by `m` points since, when the effect is 3."""
    weeks = np.arange(16)
    path = np.where(weeks < 12, weeks // 4, 2.0 + m + 3.0)
    added = np.where(np.arange(12)[:, None] < 6, path, 0.0)

    def happens(rng: np.random.Generator) -> bool:
        sums = treat(team_weeks(rng, teams=12, weeks=16, each=each, icc=icc, effect=added, level=5.5), range(6))
        rows = weekly(sums, MONDAY)
        moved = drift(rows.assign(week=rows["week"] - 12))
        bound = bounds(moved.since, moved, (m,))[0]
        return bound.low <= 3.0 <= bound.high

    assert at_least(figure(f"covered at M {m}, ICC {icc}", rate(times, happens)), 0.95, times)


@pytest.mark.parametrize("times", [10, WHOLE])
@pytest.mark.parametrize(("weeks", "start"), [(24, 16), (39, 26), (52, 40)])
@pytest.mark.parametrize("rho", [0.0, 0.3, 0.5, 0.7])
def test_a_series_without_effect(rho: float, weeks: int, start: int, times: int, figure: Figure) -> None:
    """Weeks that follow one another (rho) with a spread of 2 points, besides the luck of 100 answers each."""

    def happens(rng: np.random.Generator) -> bool:
        score = 80 + 2 * autocorrelated(rng, weeks, rho) + rng.normal(0, 2, weeks)
        return _is_effective(series(np.arange(weeks), np.full(weeks, 100.0), 100 * score, start).effect)

    assert at_most(figure(f"effective: {weeks} weeks, rho {rho}", rate(times, happens)), FALSE, times)


@pytest.mark.parametrize("times", [5, WHOLE])
@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
def test_six_weeks_of_days_without_effect(rho: float, times: int, figure: Figure) -> None:
    """Weekdays that differ by 2 points (standard deviation), days that follow one another with a spread of 3."""
    days = np.arange(42)

    def happens(rng: np.random.Generator) -> bool:
        score = 80 + rng.normal(0, 2, 7)[days % 7] + 3 * autocorrelated(rng, 42, rho) + rng.normal(0, 2, 42)
        return _is_effective(series(days, np.full(42, 60.0), 60 * score, 28, daily=True).effect)

    assert at_most(figure(f"effective: rho {rho}", rate(times, happens)), FALSE, times)


@pytest.mark.parametrize("times", [10, WHOLE])
def test_a_series_with_an_effect_of_eight_points(times: int, figure: Figure) -> None:
    def happens(rng: np.random.Generator) -> bool:
        score = 80 + 2 * autocorrelated(rng, 52, 0.3) + rng.normal(0, 1, 52) + 8.0 * (np.arange(52) >= 40)
        return _is_effective(series(np.arange(52), np.full(52, 400.0), 400 * score, 40).effect, 1.0)

    assert at_least(figure("effective", rate(times, happens)), POWER, times)


def _arm(rng: np.random.Generator, n: int, mean: float) -> Sums:
    scores = 10 * np.clip(np.rint(rng.normal(mean, 2, n)), 1, 10)
    return Sums(float(n), float(scores.sum()), float((scores**2).sum()))


@pytest.mark.parametrize("times", [12, WHOLE])
@pytest.mark.parametrize(("points", "bar"), [(0.0, FALSE), (3.0, POWER)])
def test_two_arms_side_by_side(points: float, bar: float, times: int, figure: Figure) -> None:
    """1,000 customers by lot; 3 points before scores are cut at 10, with a spread of 18."""

    def happens(rng: np.random.Generator) -> bool:
        treated = int(rng.binomial(2_000, 0.5))
        if not split(treated, 2_000 - treated).as_planned:
            return False
        return _is_effective(means(_arm(rng, treated, 7.5 + points / 10), _arm(rng, 2_000 - treated, 7.5)))

    found = figure(f"effective: {points} points", rate(times, happens))
    assert at_most(found, bar, times) if bar == FALSE else at_least(found, bar, times)


@pytest.mark.parametrize("times", [100, WHOLE])
def test_the_split_is_doubted_once_in_a_thousand_and_where_answers_are_lost_mostly(
    times: int, figure: Figure
) -> None:
    def doubted(rng: np.random.Generator, share: float) -> bool:
        treated = int(rng.binomial(20_000, share))
        return not split(treated, 20_000 - treated).as_planned

    fair = figure("withheld, split as planned", rate(times, lambda rng: doubted(rng, 0.5)))
    lost = figure("withheld, 6 % of an arm lost", rate(times, lambda rng: doubted(rng, 0.47 / 0.97)))
    assert fair[0] <= 0.005 and at_least(lost, POWER, times)
    assert math.isclose(split(1, 1).p, 1.0)


START = 12  # week


def _terms(*, weeks: int, smallest: float = ANY, check: int | None = None) -> Terms:
    start, until, planned = (MONDAY + timedelta(weeks=w) for w in (START, START + weeks, START + (check or 0)))
    return Terms(start=start, smallest=smallest, until=until, check_on=planned if check else None)


@pytest.mark.parametrize("times", [5, WHOLE])
@pytest.mark.parametrize("icc", ICC)
@pytest.mark.parametrize("treated", [1, 2, 4])
def test_a_plan_of_eight_teams_without_effect(treated: int, icc: float, times: int, figure: Figure) -> None:
    def happens(rng: np.random.Generator) -> bool:
        sums = treat(team_weeks(rng, teams=8, weeks=24, each=20, icc=icc), range(treated))
        return judged(sums, _terms(weeks=12)).verdict == EFFECTIVE

    assert at_most(figure(f"effective: {treated} of 8, ICC {icc}", rate(times, happens)), FALSE, times)


@pytest.mark.parametrize("times", [2, WHOLE])
@pytest.mark.parametrize(("teams", "treated"), [(8, 4), (20, 10)])
def test_a_plan_without_effect_looked_at_every_week(teams: int, treated: int, times: int, figure: Figure) -> None:
    """Twelve weeks, the last of them the planned date; "effective" in any of the looks counts."""

    def happens(rng: np.random.Generator) -> bool:
        sums = treat(team_weeks(rng, teams=teams, weeks=24, each=20, icc=0.03), range(treated))
        return any(judged(sums, _terms(weeks=w, check=12)).verdict == EFFECTIVE for w in range(1, 13))

    assert at_most(figure(f"effective: {treated} of {teams}", rate(times, happens)), FALSE, times)


@pytest.mark.parametrize("times", [2, WHOLE])
@pytest.mark.parametrize("first", [1, 12])
def test_a_plan_without_effect_whose_day_is_moved_to_today_every_week(first: int, times: int, figure: Figure) -> None:
    """Looked at before it is moved and after; `first`: the week after the start for which it was planned."""
    day = [MONDAY + timedelta(weeks=START + week) for week in range(13)]
    plan = Plan(issue_id="i", action="a", target_metric="score", unit="team", treated=("t",), start=day[0])

    def happens(rng: np.random.Generator) -> bool:
        sums, looks = treat(team_weeks(rng, teams=20, weeks=24, each=20, icc=0.03), range(10)), list[Look]()
        for week in range(1, 13):
            for said in (first if week == 1 else week - 1, week):
                check_on = planned_day(replace(plan, check_on=day[said]), looks)
                terms = replace(_terms(weeks=week), check_on=check_on)
                looks.append(_seen(plan, check_on))
                if judged(sums[sums["day"] < day[week]], terms).verdict == EFFECTIVE:
                    return True
        return False

    assert at_most(figure(f"effective: first planned in week {first}", rate(times, happens)), FALSE, times)


def _seen(plan: Plan, check_on: date | None) -> Look:
    return Look(
        plan_id=plan.id, issue_id="i", dataset="d", data_version="v", selection=Selection("score"),
        verdict=Verdict.NOT_ENOUGH_EVIDENCE, options={"check_on": check_on.isoformat() if check_on else None},
    )  # fmt: skip


@pytest.mark.parametrize("times", [5, WHOLE])
@pytest.mark.parametrize(("teams", "points"), [(8, 9.0), (12, 6.0), (30, 3.5)])
def test_a_plan_with_an_effect_that_is_large_enough(teams: int, points: float, times: int, figure: Figure) -> None:
    """Half of the teams treated, 60 answers a week and team, ICC .02; points before scores are cut at 10."""
    added = steps(dict.fromkeys(range(teams // 2), START), teams=teams, weeks=24, points=points)

    def happens(rng: np.random.Generator) -> bool:
        sums = treat(team_weeks(rng, teams=teams, weeks=24, each=60, icc=0.02, effect=added), range(teams // 2))
        return judged(sums, _terms(weeks=12, smallest=1.0)).verdict == EFFECTIVE

    assert at_least(figure(f"effective: {points} points, {teams} teams", rate(times, happens)), POWER, times)

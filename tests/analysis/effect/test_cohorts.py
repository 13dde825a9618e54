"""Staggered starts against diff-diff, a case worked by hand, and two-way fixed effects that turn the sign."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.effect.cohorts import effects_of, staggered
from analysis.stats.clustered import ClusterSums, contrasts


def _frame(y: np.ndarray, n: np.ndarray | float = 10.0) -> pd.DataFrame:
    """Cluster by week means as sums."""
    cluster, week = np.indices(y.shape)
    answers = np.broadcast_to(n, y.shape)
    columns = {"cluster": cluster, "week": week, "n": answers, "total": answers * y}
    return pd.DataFrame({name: values.ravel() for name, values in columns.items()})


@pytest.mark.parametrize("never_only", [True, False])
def test_every_cohort_and_week_is_that_of_diff_diff(never_only: bool) -> None:
    from diff_diff import CallawaySantAnna

    rng, starts = np.random.default_rng(1), {0: 3, 1: 3, 2: 5, 3: 5, 4: 5}
    y = rng.normal(80, 2, (12, 8)) + rng.normal(0, 3, (12, 1))
    frame = _frame(y)
    found = staggered(frame, starts, never_only=never_only, base=1)
    frame = frame.assign(y=frame["total"] / frame["n"], start=[starts.get(c, 0) for c in frame["cluster"]])
    kind = "never_treated" if never_only else "not_yet_treated"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = CallawaySantAnna(control_group=kind, estimation_method="reg").fit(
            frame, "y", "cluster", "week", "start"
        )
    assert len(found.cells) == 8
    for cell in found.cells:
        effect = theirs.group_time_effects[(cell.start, cell.week)]["effect"]
        assert cell.value == pytest.approx(effect, abs=1e-9), cell
    assert found.effect.value == pytest.approx(
        np.average([c.value for c in found.cells], weights=[c.n for c in found.cells])
    )


def test_a_case_worked_by_hand() -> None:
    """Treated from week 2: 80, 80 -> 85; 70, 72 -> 75 with twice the answers there; never 60, 60 -> 61; 50, 50 -> 53.

    Changes 5 (10 answers) and 4 (20 answers): 13/3; controls 1 and 3: 2. Effect 7/3. The error by hand: deviations of
    changes from their mean by share, CR2 (h = 1/3, 2/3; 1/2, 1/2): (2/9)^2/(2/3) + (2/9)^2/(1/3) + 2 (1/2)^2/(1/2).
    """
    y, n = np.array([[80, 80, 85], [70, 72, 75], [60, 60, 61], [50, 50, 53.0]]), np.full((4, 3), 10.0)
    n[1, 2] = 20
    found = staggered(_frame(y, n), {0: 2, 1: 2})
    assert found.effect.value == pytest.approx(13 / 3 - 2)
    assert found.effect.error**2 == pytest.approx((2 / 9) ** 2 * (3 / 2 + 3) + 2 * 0.25 / 0.5)
    assert (found.treated, found.controls, found.left_out) == (2, 2, 0.0)


def test_one_common_start_is_the_contrast_of_changes() -> None:
    """With one start and as many answers everywhere: CR2 of the clusters' changes, by `clustered.contrasts`."""
    rng = np.random.default_rng(2)
    y = rng.normal(80, 2, (9, 10))
    found = staggered(_frame(y), dict.fromkeys(range(3), 6))
    change, group = y[:, 6:].mean(axis=1) - y[:, :6].mean(axis=1), (np.arange(9) >= 3).astype(int)
    sums = ClusterSums.of(group * 0, group, np.arange(9), np.ones(9), change, problems=1, groups=2)
    theirs = contrasts(sums, np.array([1.0, -1.0]))
    assert (found.effect.value, found.effect.error, found.effect.df) == (
        pytest.approx(theirs.value[0]), pytest.approx(theirs.error[0]), pytest.approx(theirs.df[0])
    )  # fmt: skip


def test_two_way_fixed_effects_turn_the_sign_and_this_does_not() -> None:
    """Early clusters gain 1 point more every week, late ones 1 at once: all is good, the regression's is not."""
    week = np.arange(12)
    early, late = np.where(week >= 2, 1.0 + (week - 2), 0.0), np.where(week >= 7, 1.0, 0.0)
    y = 80 + np.vstack([early, early, early, late, late, late, 0 * week])
    frame = _frame(y)
    treated = np.vstack([week >= 2] * 3 + [week >= 7] * 3 + [week < 0])
    dummies = pd.get_dummies(frame[["cluster", "week"]].astype(str), drop_first=True).astype(float)
    x = sm.add_constant(dummies.assign(treated=treated.ravel().astype(float)))
    fixed_effects = sm.OLS(frame["total"] / frame["n"], x).fit().params["treated"]
    found = staggered(frame, {0: 2, 1: 2, 2: 2, 3: 7, 4: 7, 5: 7})
    true = np.concatenate([early[2:]] * 3 + [late[7:]] * 3).mean()
    assert fixed_effects < 0 < found.effect.value == pytest.approx(true)
    assert [cohort.effect.value for cohort in found.cohorts] == [pytest.approx(5.5), pytest.approx(1.0)]


def test_whoever_cannot_be_compared_is_left_out_and_counted() -> None:
    y = np.full((3, 6), 80.0)
    found = staggered(_frame(y), {0: 2, 1: 4, 2: 4})  # from week 4 on nobody is left to compare with
    assert [(cell.start, cell.week) for cell in found.cells] == [(2, 2), (2, 3)]
    assert found.left_out == 10 * (2 + 2 * 2) and np.isnan(found.cohorts[1].effect.value)
    alone = staggered(_frame(y), {0: 0, 1: 0, 2: 0})
    assert np.isnan(alone.effect.value) and (alone.treated, alone.controls) == (0, 0)


def test_the_effects_of_many_choices_of_starts_are_those_of_each() -> None:
    rng = np.random.default_rng(3)
    frame = _frame(rng.normal(80, 2, (7, 9)), rng.integers(0, 9, (7, 9)).astype(float))
    drawn = np.array([rng.permutation([2.0, 2.0, 5.0, 7.0, np.inf, np.inf, np.inf]) for _ in range(20)])
    each = [staggered(frame, {c: int(w) for c, w in enumerate(own) if np.isfinite(w)}).effect.value for own in drawn]
    np.testing.assert_allclose(effects_of(frame, drawn), each)
    assert np.isnan(effects_of(frame, np.zeros((1, 7)))).all()

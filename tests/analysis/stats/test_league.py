"""Funnel limits, shrunken means and ranks: against statsmodels, published numbers and simulated leagues."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from analysis.stats.intervals import Array
from analysis.stats.league import compatible_ranks, funnel, paule_mandel, shrink
from tests.proof import Figure

# Batting averages of 18 players in their first 45 at bats: Efron and Morris 1977, Scientific American 236:119.
BATTING = np.array([400, 378, 356, 333, 311, 311, 289, 267, 244, 244, 222, 222, 222, 222, 222, 200, 178, 156]) / 1000


@st.composite
def leagues(draw: st.DrawFn, *, least: int = 4) -> tuple[Array, Array]:
    k = draw(st.integers(least, 15))
    values = draw(st.lists(st.floats(10, 100), min_size=k, max_size=k))
    return np.array(values), np.array(draw(st.lists(st.floats(0.2, 8), min_size=k, max_size=k)))


def drawn(k: int, between: float, seed: int, times: int) -> list[tuple[Array, Array, Array]]:
    """Leagues of known true means: truth, measured, error."""
    rng = np.random.default_rng(seed)
    errors = rng.uniform(0.5, 2.5, (times, k))
    truth = rng.normal(85, between, (times, k))
    return list(zip(truth, rng.normal(truth, errors), errors, strict=True))


# ---------------------------------------------------------------- other implementations and published numbers
@pytest.mark.filterwarnings("ignore:divide by zero")
@given(leagues(least=3))
def test_the_variance_between_groups_against_statsmodels(league: tuple[Array, Array]) -> None:
    value, error = league
    oracle = combine_effects(value, error**2, method_re="iterated").tau2
    assert paule_mandel(value, error**2) == pytest.approx(oracle, rel=1e-4, abs=1e-4)


def test_the_baseball_players_of_efron_and_morris() -> None:
    mean = BATTING.mean()
    found = shrink(BATTING, np.full(18, math.sqrt(mean * (1 - mean) / 45)))
    factor = (found.value - mean) / (BATTING - mean)
    assert factor == pytest.approx(np.full(18, 0.212), abs=0.001)
    assert found.value[0] == pytest.approx(0.294, abs=0.001)


def test_funnel_limits_are_the_normal_quantiles() -> None:
    found = funnel(np.array([0.02, 0.10]), np.array([0.01, 0.02]), 0.03, low=0.0, high=1.0)
    assert found.limit95_high == pytest.approx(0.03 + 1.959964 * np.array([0.01, 0.02]))
    assert found.limit998_high == pytest.approx(0.03 + 3.090232 * np.array([0.01, 0.02]))
    assert found.limit998_low.tolist() == [0.0, 0.0]
    assert found.outside.tolist() == [0.0, 99.8]


# ---------------------------------------------------------------- properties
@given(leagues(), st.integers(0, 99))
def test_order_and_groups_without_a_number_do_not_matter(league: tuple[Array, Array], seed: int) -> None:
    value, error = league
    turn = np.random.default_rng(seed).permutation(len(value))
    gap_value, gap_error = np.append(value[turn], [np.nan, 50.0]), np.append(error[turn], [1.0, 0.0])
    for ask in (shrink, compatible_ranks):
        plain, gap = ask(value, error), ask(gap_value, gap_error)
        for name in ("value", "low", "high") if ask is shrink else ("rank", "best", "worst"):
            assert getattr(gap, name)[:-2] == pytest.approx(getattr(plain, name)[turn], rel=1e-6)
            assert np.isnan(getattr(gap, name)[-2:]).all()


@given(leagues())
def test_a_shrunken_mean_lies_between_its_own_and_that_of_all(league: tuple[Array, Array]) -> None:
    value, error = league
    found = shrink(value, error)
    low, high = np.minimum(value, found.centre), np.maximum(value, found.centre)
    assert ((low - 1e-9 <= found.value) & (found.value <= high + 1e-9)).all()
    assert (found.low < found.value).all() and found.between >= 0


@given(leagues())
def test_a_rank_lies_within_what_luck_leaves_open_and_turns_with_the_scale(league: tuple[Array, Array]) -> None:
    value, error = league
    found = compatible_ranks(value, error)
    assert ((found.best >= 1) & (found.best <= found.rank) & (found.rank <= found.worst)).all()
    turned, k = compatible_ranks(value, error, better_high=False), len(value)
    assert (turned.best.tolist(), turned.worst.tolist()) == (
        (k + 1 - found.worst).tolist(),
        (k + 1 - found.best).tolist(),
    )
    few = compatible_ranks(value, error, df=np.full(k, 4.0))
    assert (few.best <= found.best).all() and (few.worst >= found.worst).all()


# ---------------------------------------------------------------- simulated leagues
@pytest.mark.prove
@pytest.mark.parametrize("k, between", [(8, 0.0), (8, 1.0), (8, 3.0), (40, 1.0), (40, 3.0)])
def test_shrunken_intervals_hold_the_true_means_and_come_nearer_to_them(
    k: int, between: float, figure: Figure
) -> None:
    held, shrunken, crude = [], 0.0, 0.0
    for truth, value, error in drawn(k, between, 8, 400):
        found = shrink(value, error)
        held.append(((found.low <= truth) & (truth <= found.high)).mean())
        shrunken, crude = shrunken + ((found.value - truth) ** 2).sum(), crude + ((value - truth) ** 2).sum()
    assert figure("covered", np.mean(held)) > 0.93
    assert shrunken < crude


@pytest.mark.prove
@pytest.mark.parametrize("k, between", [(8, 0.5), (8, 3.0), (30, 3.0)])
def test_places_left_open_hold_the_true_place(k: int, between: float, figure: Figure) -> None:
    held = []
    for truth, value, error in drawn(k, between, 9, 300):
        found, place = compatible_ranks(value, error), stats.rankdata(-truth)
        held.append((found.best <= place) & (place <= found.worst))
    assert figure("place covered, at worst", np.mean(held, axis=0).min()) > 0.95 - 3 * math.sqrt(0.05 * 0.95 / 300)


@pytest.mark.prove
def test_nobody_is_out_of_line_too_often_where_nothing_differs(figure: Figure) -> None:
    outside, apart = [], []
    for _, value, error in drawn(40, 0.0, 10, 500):
        outside.append(funnel(value, error, float((value / error**2).sum() / (1 / error**2).sum())).outside)
        ranks = compatible_ranks(value, error)
        apart.append((ranks.best > 1) | (ranks.worst < 40))
    assert figure("beyond 95 %", np.mean(np.array(outside) > 0)) == pytest.approx(0.05, abs=0.01)
    assert figure("beyond 99.8 %", np.mean(np.array(outside) > 95)) == pytest.approx(0.002, abs=0.001)
    assert np.mean(apart) < 0.05


@pytest.mark.slow
def test_student_limits_hold_with_errors_from_ten_answers() -> None:
    answers = np.random.default_rng(11).normal(85, 20, size=(20_000, 10))
    error = answers.std(axis=1, ddof=1) / math.sqrt(10)
    df = np.full(20_000, 9.0)
    assert (funnel(answers.mean(axis=1), error, 85.0, df=df).outside > 0).mean() == pytest.approx(0.05, abs=0.005)


def test_a_group_surely_behind_is_last_and_outside() -> None:
    value, error = np.append(np.full(9, 85.0), 70.0), np.full(10, 1.0)
    ranks = compatible_ranks(value, error)
    assert (ranks.best[-1], ranks.worst[-1], ranks.worst[0], ranks.best[0]) == (10, 10, 9, 1)
    assert funnel(value, error, 85.0).outside.tolist() == [0.0] * 9 + [99.8]


# ---------------------------------------------------------------- sizes, and nothing to compute from
def test_three_hundred_groups_take_no_time() -> None:
    _, value, error = drawn(300, 2.0, 12, 1)[0]
    start = time.process_time()
    shrink(value, error), compatible_ranks(value, error, df=np.full(300, 50.0)), funnel(value, error, 85.0)
    assert time.process_time() - start < 2


def test_too_few_groups_or_none() -> None:
    assert np.isnan(shrink(np.array([80.0, 85.0, 90.0]), np.ones(3)).value).all()
    assert compatible_ranks(np.array([]), np.array([])).rank.shape == (0,)
    alone = compatible_ranks(np.array([80.0, np.nan]), np.ones(2))
    assert (alone.rank[0], alone.best[0], alone.worst[0]) == (1, 1, 1)
    assert np.isnan(funnel(np.array([80.0]), np.array([0.0]), 85.0).outside).all()

"""Adjusted p-values, against R p.adjust and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analysis.stats.intervals import t_bounds
from analysis.stats.multiplicity import benjamini_hochberg, family_adjusted, holm, matching_confidence
from tests.analysis.stats.golden import Case
from tests.proof import Figure, examples

GOLDEN = Case("p_adjust")
PValues = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@pytest.mark.parametrize("name", ["bh1995", "mixed30"])
def test_against_r(name: str) -> None:
    p, expected = GOLDEN.inputs[name], GOLDEN.expected[name]
    assert holm(p).tolist() == GOLDEN.close(expected["holm"])
    assert benjamini_hochberg(p).tolist() == GOLDEN.close(expected["BH"])


def test_the_widest_level_is_that_of_bonferroni_as_in_r() -> None:
    p, bonferroni = np.array(GOLDEN.inputs["bh1995"]), GOLDEN.expected["bh1995"]["bonferroni"]
    level = matching_confidence(p, np.ones_like(p))
    assert np.minimum(p * 0.05 / (1 - level), 1).tolist() == GOLDEN.close(bonferroni)


@examples(12)  # statsmodels collects garbage at every call
@given(PValues)
def test_against_statsmodels(p: list[float]) -> None:
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])


@given(PValues, st.integers(0, 30))
def test_missing_tests_and_order_do_not_matter(p: list[float], place: int) -> None:
    turn = np.random.default_rng(place).permutation(len(p))
    for adjust in (holm, benjamini_hochberg):
        plain = adjust(p)
        assert adjust(np.array(p)[turn]) == pytest.approx(plain[turn])
        gap = np.insert(np.array(p), min(place, len(p)), np.nan)
        assert adjust(gap)[~np.isnan(gap)] == pytest.approx(plain)
        assert ((plain >= np.array(p) - 1e-15) & (plain <= 1)).all()


def test_the_rule_of_the_family() -> None:
    few, many = [0.01] * 10, [0.01] * 11
    assert family_adjusted([0.03, np.nan])[1] == "none"
    assert family_adjusted([0.03, np.nan])[0].tolist() == pytest.approx([0.03, np.nan], nan_ok=True)
    assert family_adjusted([*few, np.nan])[1] == "holm"
    assert family_adjusted(many)[1] == "bh"
    assert family_adjusted(few)[0].tolist() == holm(few).tolist()
    assert family_adjusted(many)[0].tolist() == benjamini_hochberg(many).tolist()
    assert family_adjusted([])[1] == "none" and family_adjusted([np.nan])[0].shape == (1,)


@given(st.lists(st.tuples(st.floats(-6, 6), st.floats(2, 500)), min_size=1, max_size=25))
def test_an_interval_excludes_zero_exactly_when_its_adjusted_p_is_small(tests: list[tuple[float, float]]) -> None:
    t, df = np.array(tests).T
    p = 2 * stats.t.sf(np.abs(t), df)
    for adjusted in (holm(p), benjamini_hochberg(p)):
        level = matching_confidence(p, adjusted)
        bounds = [t_bounds(t[[i]], np.ones(1), df[[i]], confidence=level[i]) for i in range(len(t))]
        excludes = np.array([low[0] > 0 or high[0] < 0 for low, high in bounds])
        clear = np.abs(adjusted - 0.05) > 1e-9  # on the very edge rounding decides
        assert (excludes == (adjusted < 0.05))[clear].all()
        assert ((level >= 0.95 - 1e-12) & (level <= 1 - 0.05 / len(p) + 1e-12)).all()


def test_without_a_p_the_level_is_the_widest() -> None:
    p = np.array([0.0, np.nan, 1.0, 0.2])
    assert matching_confidence(p, holm(p)).tolist() == pytest.approx([1 - 0.05 / 3] * 3 + [1 - 0.05 / 2])


@pytest.mark.slow
def test_nothing_is_found_too_often_where_nothing_is(figure: Figure) -> None:
    p = np.random.default_rng(5).uniform(size=(4_000, 8))
    found = np.mean([holm(row).min() < 0.05 for row in p])
    assert 0.04 < figure("false alarms", found) < 0.06

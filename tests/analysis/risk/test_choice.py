"""Lots are drawn alike for the same seed, few enough, and never of those who must be contacted."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.risk.choice import HELD, MOST_HELD, choose, drawn
from data_access.statement import BadInput

CODES = [f"t-{i:04d}" for i in range(2_000)]


def held(arms: dict[str, str]) -> set[str]:
    return {code for code, arm in arms.items() if arm == HELD}


@pytest.mark.parametrize(("size", "expected"), [(0, 0), (9, 0), (10, 1), (300, 30), (2_000, MOST_HELD)])
def test_at_most_a_tenth_and_never_more_than_a_few(size: int, expected: int) -> None:
    assert len(held(drawn(CODES[:size], [True] * size, part=0.1, seed=7))) == expected


def test_the_same_lot_for_the_same_seed_in_any_order() -> None:
    free = [i % 3 > 0 for i in range(500)]
    first = drawn(CODES[:500], free, part=0.1, seed=3)
    assert drawn(CODES[:500][::-1], free[::-1], part=0.1, seed=3) == first
    assert held(drawn(CODES[:500], free, part=0.1, seed=4)) != held(first)


def test_who_must_be_contacted_is() -> None:
    free = [i % 2 == 0 for i in range(1_000)]
    lots = [held(drawn(CODES[:1_000], free, part=0.1, seed=seed)) for seed in range(60)]
    assert not set().union(*lots) & {code for code, may in zip(CODES, free, strict=False) if not may}
    often = np.array([sum(code in lot for lot in lots) for code in CODES[:1_000:2]])
    assert often.mean() == pytest.approx(60 * 50 / 500) and often.max() < 20  # everybody has the same chance


def test_more_than_a_tenth_is_refused() -> None:
    with pytest.raises(BadInput, match=r"risk\.hold_out"):
        drawn(CODES[:10], [True] * 10, part=0.2, seed=1)


def test_the_choice_is_worth_its_cost() -> None:
    share = np.array([0.1, 0.3, 0.8, 0.5])
    chosen = choose(share, most=2, cost=1, value=4)
    assert chosen.rows.tolist() == [2, 3] and chosen.threshold == 0.25
    assert chosen.hits == pytest.approx(1.3) and chosen.missed == pytest.approx(0.4)
    assert chosen.worth == pytest.approx(1.3 * 4 - 2)

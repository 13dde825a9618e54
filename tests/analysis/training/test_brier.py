"""The Brier score against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss

from analysis.training.brier import brier
from data_access.statement import BadInput


def test_the_mean_of_many_bets_is_the_score_of_scikit_learn() -> None:
    rng = np.random.default_rng(17)
    confidence, right = rng.random(500).round(2), rng.random(500) < 0.6
    ours = np.mean([brier(float(c), bool(r)) for c, r in zip(confidence, right, strict=True)])
    assert ours == pytest.approx(brier_score_loss(right, confidence), abs=1e-12)


def test_the_honest_bet_is_the_best_one() -> None:
    belief = 0.7
    bets = np.linspace(0, 1, 101).round(2)
    expected = [belief * brier(float(bet), True) + (1 - belief) * brier(float(bet), False) for bet in bets]
    assert bets[int(np.argmin(expected))] == belief


@pytest.mark.parametrize("bet", [-0.01, 1.2, float("nan")])
def test_what_is_no_probability_is_refused(bet: float) -> None:
    with pytest.raises(BadInput):
        brier(bet, True)

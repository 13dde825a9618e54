"""Was a group as sure as it was right? The Brier score of a bet."""

from __future__ import annotations

from data_access.statement import BadInput


def brier(confidence: float, right: bool | float) -> float:
    """The squared distance of a stated probability from what came true: 0 is best, 1 is worst, 0.25 is "no idea".

    `confidence` is the probability (0 to 1) that the answer is right, `right` whether it was, or to which part.
    Nobody does better by stating another probability than the one believed (the score is proper): G. W. Brier,
    Verification of forecasts expressed in terms of probability, Monthly Weather Review 78 (1950), 1-3. Raises
    BadInput for what is no probability.

    >>> brier(0.8, True), brier(0.8, False), brier(0.5, True)
    (0.04, 0.64, 0.25)
    """
    if not 0 <= confidence <= 1:
        raise BadInput("scoring.no_probability", value=confidence)
    return round((confidence - float(right)) ** 2, 12)

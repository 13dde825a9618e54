"""How precisely are means known? The spread of single answers, and how many independent ones they are worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.contrast.samples import Answers
from analysis.estimate import Estimates
from analysis.stats.intervals import NAN, Array


@dataclass(frozen=True)
class Pooled:
    """All answers together: their mean and the standard deviation of single answers."""

    value: float
    sd: float


def pooled(answers: Answers) -> Pooled:
    """Mean and standard deviation over all groups."""
    w, f = answers.rows["w"].to_numpy(), (answers.rows["wx"] / answers.rows["w"]).to_numpy()
    mean = float(np.average(f, weights=w))
    return Pooled(mean, float(np.sqrt(np.average((f - mean) ** 2, weights=w))))


def effective_sizes(answers: Answers) -> Array:
    """The effective sample size of each group."""
    return effective_size(answers.estimates, answers.plain)


def variance_of_answers(e: Estimates) -> Array:
    """The variance of single answers, from estimates that take them as independent."""
    return e.error**2 * e.n


def effective_size(e: Estimates, plain: Estimates) -> Array:
    """The number of independent answers that would give the mean the same precision."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(e.error > 0, plain.error / e.error, 1.0) ** 2
    return np.where(e.n > 0, np.minimum(np.maximum(e.n * ratio, 2.0), e.n), NAN)

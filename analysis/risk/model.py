"""A calibrated logistic regression: learned on earlier answers, set right on later ones, explained sign by sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from analysis.risk.design import Sign, learned, matrix, outside, widths
from analysis.stats.intervals import Array
from analysis.stats.patience import go_on
from data_access.warehouse.codes import Column

STRENGTH = 0.1  # of a coefficient: the inverse of the penalty on its square
LEAST_TO_SET_RIGHT = 20  # dissatisfied answers for a slope of its own; fewer set the level right alone
MOST_STEPS = 300


@dataclass(frozen=True)
class Model:
    """signs: the columns; pipe: the fitted scikit-learn pipeline; a + b x its line: the log odds (Platt 1999)."""

    signs: tuple[Sign, ...]
    pipe: Any
    center: Array
    a: float = 0.0
    b: float = 1.0

    def line(self, columns: Mapping[str, Column]) -> Array:
        """Log odds of each contact."""
        return np.asarray(self.a + self.b * self.pipe.decision_function(matrix(self.signs, columns)))

    def share(self, columns: Mapping[str, Column]) -> Array:
        """The probability that each contact left its customer dissatisfied."""
        return np.asarray(special.expit(self.line(columns)))

    def outside(self, columns: Mapping[str, Column]) -> Array:
        return outside(self.signs, columns)

    def contributions(self, columns: Mapping[str, Column]) -> Array:
        """(contacts, signs) by how much each sign raises the log odds of a contact above the usual ones."""
        scale, fit = self.pipe[0], self.pipe[-1]
        each = (matrix(self.signs, columns) - self.center) / scale.scale_ * fit.coef_[0] * self.b
        starts = np.cumsum([0, *widths(self.signs)])[:-1]
        return np.add.reduceat(each, starts, axis=1)


def fitted(names: Sequence[str], columns: Mapping[str, Column], bad: Array, rows: Array) -> Model:
    """A logistic regression of `bad` (0 or 1) on the columns named, over some rows."""
    from sklearn.linear_model import LogisticRegression  # slow to import: only who asks waits
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    signs = tuple(s for s in (learned(columns[name], rows) for name in names) if s.is_number or s.members)
    x = matrix(signs, columns)[rows]
    go_on()
    pipe = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=MOST_STEPS))
    pipe.fit(x, bad[rows])
    return Model(signs, pipe, x.mean(axis=0))


def set_right(model: Model, columns: Mapping[str, Column], bad: Array, rows: Array) -> Model:
    """The model with level and slope as later answers have them; a slope below none is none."""
    from sklearn.linear_model import LogisticRegression

    line, came = model.line(columns)[rows], bad[rows]
    positives = float(came.sum())
    if positives < LEAST_TO_SET_RIGHT or positives > len(came) - LEAST_TO_SET_RIGHT:
        return model
    fit = LogisticRegression(C=np.inf).fit(line[:, None], came)
    slope = float(fit.coef_[0, 0])
    if slope <= 0:
        share = positives / len(came)
        return Model(model.signs, model.pipe, model.center, float(special.logit(share)), 0.0)
    return Model(model.signs, model.pipe, model.center, float(fit.intercept_[0]), slope)

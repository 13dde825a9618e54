"""A calibrated logistic regression: learned on earlier answers, set right on later ones, explained sign by sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from analysis.risk.design import Sign, learned, matrix, moments, outside, widths
from analysis.stats.intervals import Array
from analysis.stats.patience import go_on
from data_access.warehouse.codes import Column

STRENGTH = 0.1  # of a coefficient: the inverse of the penalty on its square
LEAST_TO_SET_RIGHT = 20  # dissatisfied answers for a slope of its own; fewer set the level right alone
MOST_STEPS = 300


@dataclass(frozen=True)
class Model:
    """signs: the columns; weights: by how much each of their numbers raises the log odds; center: the usual numbers,
    whose log odds are `base`; a + b x: the line that sets the log odds right (Platt 1999).
    """

    signs: tuple[Sign, ...]
    weights: Array
    center: Array
    base: float
    a: float = 0.0
    b: float = 1.0

    def line(self, columns: Mapping[str, Column], rows: Array | None = None) -> Array:
        """Log odds of each contact, or of some."""
        return np.asarray(self.a + self.b * self.base + self.contributions(columns, rows).sum(axis=1))

    def share(self, columns: Mapping[str, Column], rows: Array | None = None) -> Array:
        """The probability that each contact left its customer dissatisfied."""
        return np.asarray(special.expit(self.line(columns, rows)))

    def outside(self, columns: Mapping[str, Column]) -> Array:
        return outside(self.signs, columns)

    def contributions(self, columns: Mapping[str, Column], rows: Array | None = None) -> Array:
        """(contacts, signs) by how much each sign raises the log odds of a contact above the usual ones.

        Worked out once for each value that a column has, not for each contact.
        """
        starts = np.cumsum([0, *widths(self.signs)])
        raised = []
        for sign, start, stop in zip(self.signs, starts[:-1], starts[1:], strict=True):
            column = columns[sign.name]
            each = self.b * ((sign.table(column) - self.center[start:stop]) @ self.weights[start:stop])
            raised.append(each[column.codes if rows is None else column.codes[rows]])
        return np.column_stack(raised)


def fitted(names: Sequence[str], columns: Mapping[str, Column], bad: Array, rows: Array) -> Model:
    """A logistic regression of `bad` (0 or 1) on the columns named, over some rows (bool)."""
    signs = tuple(s for s in (learned(columns[name], rows) for name in names) if s.is_number or s.members)
    places = np.flatnonzero(rows)
    center, scale = moments(signs, columns, places)
    base, slopes = logistic(matrix(signs, columns, places, center=center, scale=scale), bad[places])
    return Model(signs, slopes / scale, center, base)


def logistic(x: Array, y: Array) -> tuple[float, Array]:
    """Intercept and slopes of a logistic regression of 0 or 1 on numbers of mean 0 and variance 1, penalised."""
    from sklearn.linear_model import LogisticRegression  # slow to import: only who asks waits

    go_on()
    fit = LogisticRegression(C=STRENGTH, solver="newton-cholesky", max_iter=MOST_STEPS).fit(x, y)
    return float(fit.intercept_[0]), np.asarray(fit.coef_[0])


def set_right(model: Model, columns: Mapping[str, Column], bad: Array, rows: Array) -> Model:
    """The model with level and slope as later answers (bool) have them; a slope below none is none."""
    from sklearn.linear_model import LogisticRegression

    places = np.flatnonzero(rows)
    line, came = model.line(columns, places), bad[places]
    positives = float(came.sum())
    if positives < LEAST_TO_SET_RIGHT or positives > len(came) - LEAST_TO_SET_RIGHT:
        return model
    fit = LogisticRegression(C=np.inf).fit(line[:, None], came)
    slope = float(fit.coef_[0, 0])
    if slope <= 0:
        return replace(model, a=float(special.logit(positives / len(came))), b=0.0)
    return replace(model, a=float(fit.intercept_[0]), b=slope)

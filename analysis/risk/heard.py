"""Are those who answered like those who did not? How far what was learned of the ones may be said of the others.

Nothing in the data can prove it: it must be assumed that of two customers to whom the same happened, the one who did
not answer is as likely dissatisfied as the one who did. What can be checked: whether for everybody who did not answer
there are some alike who did (overlap), and what the answers say once they are weighed so that what happened to them
happened as often as to the others (weights by the odds of not answering; DiNardo, Fortin and Lemieux 1996).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.risk.choice import DIGITS
from analysis.risk.design import Sign, learned, matrix, widths
from analysis.risk.model import logistic
from analysis.stats.intervals import Array
from data_access.warehouse.codes import Column

Columns = Mapping[str, Column]
TRIMMED = 0.99  # quantile at which weights end: a single answer must not stand for all


@dataclass(frozen=True)
class Heard:
    """observed, weighed: dissatisfied share of the tested answers as they are, and weighed like those not heard.

    brier, base: mean squared error of the model and of always saying the weighed share, both weighed. effective:
    answers that the weighed ones are worth. balance: sign, before, after (largest standardised distance of means).
    """

    observed: float
    weighed: float
    brier: float
    base: float
    effective: float
    balance: pd.DataFrame


def compared(
    names: Sequence[str], heard: Columns, tested: Array, unheard: Columns, bad: Array, share: Array
) -> Heard:
    """The tested answers beside contacts without an answer, given a probability for each answer of `heard`."""
    signs = [sign for sign in (learned(heard[name], tested) for name in names) if sign.is_number or sign.members]
    every = np.arange(len(next(iter(unheard.values())).codes))
    x0, x1 = matrix(signs, heard, np.flatnonzero(tested)), matrix(signs, unheard, every)
    weight = _weights(x0, x1)
    came, said = bad[tested], share[tested]
    mean = float(np.average(came, weights=weight))
    return Heard(
        observed=float(came.mean()),
        weighed=mean,
        brier=float(np.average((said - came) ** 2, weights=weight)),
        base=mean * (1 - mean),
        effective=float(weight.sum() ** 2 / (weight**2).sum()),
        balance=_balance(signs, x0, x1, weight),
    )


def _weights(x0: Array, x1: Array) -> Array:
    """The odds that a contact like each answered one is not answered."""
    x = np.vstack([x0, x1])
    spread = x.std(axis=0)
    x = (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    base, slopes = logistic(x, np.repeat([0, 1], [len(x0), len(x1)]))
    odds = np.exp(np.clip(base + x[: len(x0)] @ slopes, -20, 20))
    return np.asarray(np.minimum(odds, np.quantile(odds, TRIMMED)))


def _balance(signs: Sequence[Sign], x0: Array, x1: Array, weight: Array) -> pd.DataFrame:
    spread = np.sqrt((x0.var(axis=0) + x1.var(axis=0)) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = [np.where(spread > 0, np.abs(x1.mean(axis=0) - mean) / spread, 0.0)
                for mean in (x0.mean(axis=0), np.average(x0, axis=0, weights=weight))]  # fmt: skip
    starts = np.cumsum([0, *widths(signs)])[:-1]
    before, after = (np.maximum.reduceat(distance, starts) if len(starts) else distance for distance in each)
    table = pd.DataFrame({"sign": [sign.name for sign in signs], "before": before, "after": after})
    return by_size(table, "before")


def by_size(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows with the largest number first; alike numbers stay in their order, whatever the last digits are."""
    order = np.argsort(-np.round(table[column].to_numpy(), DIGITS), kind="stable")
    return table.iloc[order].reset_index(drop=True)

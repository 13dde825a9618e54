"""Which drivers go with the score the most? Shares of R2, from sums of products alone.

LMG (Lindeman, Merenda and Gold 1980; Groemping 2006) gives every block of columns its gain in R2, averaged over all
orders in which the blocks could enter: the Shapley value. All 2^k sets of blocks are computed, which is quick up to
fifteen of them: blocks are swept out of the correlation matrix one after the other, so that half of the sets are
there at each step and the matrices shrink. Columns that repeat others share what they explain together.

Beyond fifteen blocks Johnson's relative weights (Johnson 2000) stand in. They are contested (Thomas, Zumbo, Kwan and
Schweitzer 2014 advise against them in favour of LMG), and whoever shows them says so.

Importance is association. A driver that is good everywhere has little variance and hence little importance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Protocol

import numpy as np

from analysis.stats.intervals import NAN, Array
from analysis.stats.patience import step_by_step
from analysis.stats.regression import TOLERANCE, CrossProducts, correlations, ols

MOST_BLOCKS = 15  # for LMG
AT_ONCE = 2**19  # sets of blocks kept in memory together
Blocks = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Importance:
    """Parts of R2, one for each block.

    value: adds up to `r2 - held`; share: of that sum; first: R2 of the block alone (beside what is held); last: what
    R2 loses without it; standardised: its coefficient in standard deviations, NaN for more than one column;
    r2: of the whole model; held: of the columns held fixed. NaN throughout for an outcome without spread.
    """

    names: tuple[str, ...]
    method: str
    value: Array
    share: Array
    first: Array
    last: Array
    standardised: Array
    r2: float
    held: float


@dataclass(frozen=True)
class ImportanceIntervals:
    """Percentile bounds for each block, and `top`: the share of draws in which it comes first."""

    low: Array
    high: Array
    share_low: Array
    share_high: Array
    top: Array
    clusters: int
    draws: int


class _Rule(Protocol):
    """Parts of R2 (draws, blocks) from correlations (draws, columns + outcome twice) and the blocks' columns."""

    def __call__(self, r: Array, columns: list[list[int]]) -> Array: ...


def importance(cp: CrossProducts, blocks: Blocks, *, hold: Sequence[str] = ()) -> Importance:
    """`lmg`, beyond fifteen blocks `johnson`; `method` of the result says which."""
    return (lmg if len(blocks) <= MOST_BLOCKS else johnson)(cp, blocks, hold=hold)


def lmg(cp: CrossProducts, blocks: Blocks, *, hold: Sequence[str] = ()) -> Importance:
    """Shapley values of R2. A factor's dummies are one block, whichever category is the reference.

    `hold`: columns that every set contains (tenure, complexity), so that importance is beside them.

    >>> x = np.array([[0.0, 0], [1, 0], [0, 1], [1, 1]])
    >>> cp = CrossProducts.of(["a", "b"], x, *np.array([[1.0] * 4, [0, 2, 1, 3], [0, 4, 1, 9]]))
    >>> lmg(cp, {"a": ["a"], "b": ["b"]}).value.round(3)
    array([0.8, 0.2])
    """
    return _importance(cp, blocks, hold, "lmg", _lmg)


def johnson(cp: CrossProducts, blocks: Blocks, *, hold: Sequence[str] = ()) -> Importance:
    """Relative weights; those of a block are the sum of its columns'.

    The sum depends on the reference category of a factor: give all of its dummies, and none is singled out.
    """
    return _importance(cp, blocks, hold, "johnson", _johnson)


def _importance(cp: CrossProducts, blocks: Blocks, hold: Sequence[str], method: str, rule: _Rule) -> Importance:
    names = [*hold, *(name for columns in blocks.values() for name in columns)]
    r, columns = _beside(*_sums([cp.only(names)]), blocks, hold)
    value, (first, last) = rule(r, columns)[0], _alone_and_last(r, columns)
    own = cp.only(names)
    fit, held = ols(own), ols(own.only(hold)).r2
    single = [fit.standardised[fit.names.index(c[0])] if len(c) == 1 else NAN for c in blocks.values()]
    if math.isnan(fit.r2):
        value = first = last = np.full(len(blocks), NAN)
    return Importance(tuple(blocks), method, value, _shares(value), first, last, np.array(single), fit.r2, held)


def _of_single_answers(times: Array, n: float, rng: np.random.Generator) -> Array:
    """What makes the answers in the parts drawn vary in number as so many answers drawn one by one do."""
    drawn = 1 + rng.normal(size=(len(times), 1)) / math.sqrt(n)
    return np.asarray(np.maximum(drawn, 0.0) * times.shape[1] / np.maximum(times.sum(axis=1, keepdims=True), 1.0))


def _shares(value: Array) -> Array:
    whole = value.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(value, whole, out=np.full(value.shape, NAN), where=whole > TOLERANCE))


def _sums(parts: Sequence[CrossProducts]) -> tuple[Array, Array, Array]:
    return np.array([p.xx for p in parts]), np.array([p.xy for p in parts]), np.array([p.yy for p in parts])


def _beside(xx: Array, xy: Array, yy: Array, blocks: Blocks, hold: Sequence[str]) -> tuple[Array, list[list[int]]]:
    """Correlations (draws, ...) of the blocks' columns and the outcome less what the columns held explain.

    Held columns come first in the sums, then the blocks' in their order.
    """
    r = _swept(correlations(xx, xy, yy).matrix, len(hold))
    ends = np.cumsum([len(columns) for columns in blocks.values()])
    return r, [list(range(end - len(c), end)) for end, c in zip(ends.tolist(), blocks.values(), strict=True)]


def _swept(r: Array, columns: int) -> Array:
    """What is left (..., k, k) when the first columns are taken out; a column without variance of its own adds
    nothing.
    """
    for _ in range(columns):
        pivot = r[..., :1, :1]
        unit = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=pivot > TOLERANCE)
        r = r[..., 1:, 1:] - unit * r[..., 1:, :1] * r[..., :1, 1:]
    return r


def _explained(r: Array, columns: Sequence[int]) -> Array:
    """Part of the outcome's variance that some columns explain."""
    order = [*columns, r.shape[-1] - 1]
    return np.asarray(r[..., -1, -1] - _swept(r[..., order, :][..., order], len(columns))[..., 0, 0])


def _alone_and_last(r: Array, columns: list[list[int]]) -> tuple[Array, Array]:
    every = [i for own in columns for i in own]
    rest = [[i for i in every if i not in own] for own in columns]
    alone = [_explained(r, own)[0] for own in columns]
    return np.array(alone), np.array([(_explained(r, every) - _explained(r, others))[0] for others in rest])


def _lmg(r: Array, columns: list[list[int]]) -> Array:
    if len(columns) > MOST_BLOCKS:
        raise ValueError(f"LMG of {len(columns)} blocks: it is for {MOST_BLOCKS} at most")
    wide_first = sorted(range(len(columns)), key=lambda k: -len(columns[k]))
    order = [i for k in wide_first for i in columns[k]] + [r.shape[-1] - 1]
    r, sizes = r[:, order, :][:, :, order], [len(columns[k]) for k in wide_first]
    some = max(1, AT_ONCE >> len(columns))
    values = [_shapley(_all_sets(r[i : i + some], sizes)) for i in step_by_step(range(0, len(r), some))]
    return np.concatenate(values)[:, np.argsort(wide_first)]


def _all_sets(r: Array, sizes: Sequence[int]) -> Array:
    """Variance explained (draws, 2^blocks) by every set; bit k of its number says whether block k is in it."""
    left = r[:, None]
    for size in step_by_step(sizes):
        left = np.concatenate([left[..., size:, size:], _swept(left, size)], axis=1)
    return np.asarray(r[:, -1, -1][:, None] - left[..., 0, 0])


def _shapley(value: Array) -> Array:
    """Average gain (draws, blocks) over all orders from the value (draws, 2^blocks) of every set."""
    k = value.shape[1].bit_length() - 1
    size = np.array([bin(i).count("1") for i in range(2**k)])
    chance = np.array([1 / (k * math.comb(k - 1, s)) for s in range(k)])
    values = []
    for block in step_by_step(range(k)):
        pair = value.reshape(len(value), -1, 2, 2**block)
        without = size.reshape(-1, 2, 2**block)[:, 0]
        values.append(np.einsum("dab,ab->d", pair[:, :, 1] - pair[:, :, 0], chance[without]))
    return np.array(values).reshape(k, len(value)).T


def _johnson(r: Array, columns: list[list[int]]) -> Array:
    sd = np.sqrt(np.maximum(np.diagonal(r, axis1=-2, axis2=-1)[:, :-1], 0.0))
    unit = np.divide(1.0, sd, out=np.zeros_like(sd), where=sd > math.sqrt(TOLERANCE))
    own, axes = np.linalg.eigh(r[:, :-1, :-1] * unit[:, :, None] * unit[:, None, :])
    real = own > TOLERANCE
    root = np.where(real, np.sqrt(np.where(real, own, 1.0)), 0.0)
    back = np.divide(1.0, root, out=np.zeros_like(root), where=real)
    across = axes.swapaxes(1, 2)
    loading, slope = (
        (axes * root[:, None]) @ across,
        (axes * back[:, None]) @ across @ (unit * r[:, :-1, -1])[..., None],
    )
    weight = (loading**2 @ slope**2)[..., 0]
    return np.array([weight[:, own_columns].sum(axis=1) for own_columns in columns]).T


def importance_intervals(
    parts: Sequence[CrossProducts],
    blocks: Blocks,
    *,
    hold: Sequence[str] = (),
    alone: Array | None = None,
    draws: int = 400,
    confidence: float = 0.95,
    seed: int = 1,
) -> ImportanceIntervals:
    """How sure are values and shares of `importance`? Bootstrap of clusters (agents, teams) by their sums.

    Each draw takes as many clusters as there are, with repeats (Cameron and Miller 2015). Parts of R2 cannot fall
    below 0, so an interval that keeps off 0 is no test: `clustered_tests` is. NaN with fewer than two clusters; with
    fewer than some twenty the intervals are too narrow. alone: which of the parts are parts by chance of answers
    without a cluster.
    """
    if len(parts) < 2 or not blocks:
        unknown = np.full(len(blocks), NAN)
        return ImportanceIntervals(unknown, unknown, unknown, unknown, unknown, len(parts), 0)
    names = [*hold, *(name for columns in blocks.values() for name in columns)]
    rng = np.random.default_rng(seed)
    times = rng.multinomial(len(parts), np.full(len(parts), 1 / len(parts)), draws).astype(float)
    if alone is not None and alone.any():
        times[:, alone] *= _of_single_answers(times[:, alone], sum(p.n for p in compress(parts, alone)), rng)
    xx, xy, yy = (np.tensordot(times, s, axes=1) for s in _sums([part.only(names) for part in parts]))
    r, columns = _beside(xx, xy, yy, blocks, hold)
    value = (_lmg if len(blocks) <= MOST_BLOCKS else _johnson)(r, columns)
    value[~(r[:, -1, -1] > 0)] = NAN  # the outcome of a draw may lack spread
    tails = (1 - confidence) / 2, (1 + confidence) / 2
    (low, high), (share_low, share_high) = (np.quantile(v, tails, axis=0) for v in (value, _shares(value)))
    top = np.bincount(value.argmax(axis=1), minlength=len(blocks)) / draws
    return ImportanceIntervals(low, high, share_low, share_high, top, len(parts), draws)

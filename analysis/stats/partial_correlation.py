"""What is left between two quantities when others are held fixed? Their correlation beside what the others explain.

Every quantity is a `Block` of columns: a number or a rank is one, a group of k members k indicators. Both quantities
are taken less what a linear model of the others says of them; what the remainders have in common is the partial
correlation where both are one column, and the root of the mean squared canonical correlation where one is several
(set correlation, Cohen 1982, Multivariate Behav. Res. 17:301), which with nothing held fixed is eta and Cramer's V.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.stats.coefficients import ROUNDING, Association, fisher_interval
from analysis.stats.distributions import chi2_cdf, chi2_sf, t_sf
from analysis.stats.intervals import NAN, Array
from analysis.stats.patience import step_by_step

LARGEST_TABLE = 4_000_000  # cells; above, sums by member are taken a column at a time
LEAST_LEFT = 1e-9  # of a column's spread: less is rounding


@dataclass(frozen=True)
class Block:
    """A quantity of some rows: the code of each row (0..) and the columns of each code, (codes, columns)."""

    codes: npt.NDArray[np.int64]
    scores: Array

    @classmethod
    def number(cls, codes: npt.ArrayLike, values: npt.ArrayLike) -> Block:
        """A quantity that enters by its values."""
        return cls(np.asarray(codes, dtype=np.int64), np.asarray(values, dtype=float)[:, None])

    @classmethod
    def ranks(cls, codes: npt.ArrayLike, members: int) -> Block:
        """A quantity whose codes are in order; it enters by midranks."""
        rows = np.asarray(codes, dtype=np.int64)
        counts = np.bincount(rows, minlength=members)
        return cls.number(rows, np.cumsum(counts) - counts / 2)

    @classmethod
    def groups(cls, codes: npt.ArrayLike, members: int) -> Block:
        """A quantity of no order; it enters by an indicator a member."""
        return cls(np.asarray(codes, dtype=np.int64), np.eye(members))

    def centred(self, weight: Array) -> Block:
        """Columns with mean 0 and spread 1 over the rows; one that does not vary is 0."""
        share = np.bincount(self.codes, weight, len(self.scores)) / weight.sum()
        less = self.scores - share @ self.scores
        spread = np.sqrt(share @ less**2)
        varies = spread > math.sqrt(ROUNDING) * np.sqrt(share @ self.scores**2)
        return Block(self.codes, np.where(varies, less / np.where(varies, spread, 1.0), 0.0))


@dataclass(frozen=True)
class Residuals:
    """What is left of two quantities: sums of products (per row) of the remainders, and how much was held fixed.

    held: linearly independent columns held fixed; blocks: both quantities and what is held fixed, centred; slopes:
    what the columns held say of those of both quantities, (columns held, columns of both).
    """

    n: float
    held: int
    xx: Array
    yy: Array
    xy: Array
    blocks: Sequence[Block]
    slopes: Array

    def products(self) -> Array:
        """The product of both remainders row by row, where each is one column."""
        x, y, *_ = self.blocks
        u, v = x.scores[x.codes, 0], y.scores[y.codes, 0]
        for fitted in self._fitted():
            u, v = u - fitted.scores[fitted.codes, 0], v - fitted.scores[fitted.codes, 1]
        return np.asarray(u * v)

    def sums(self, cluster: npt.NDArray[np.int64], weight: Array) -> Array:
        """Sums of all products of both remainders by cluster, (clusters, products).

        Columns are those of spread 1 that hold all that is left: with contacts that stand alone, each product has the
        mean square 1.
        """
        x, y, *_ = self.blocks
        width, fitted = x.scores.shape[1], self._fitted()
        of_x = [x, *(Block(b.codes, -b.scores[:, :width]) for b in fitted)]
        of_y = [y, *(Block(b.codes, -b.scores[:, width:]) for b in fitted)]
        sums = sum(_by_cluster(a, b, cluster, weight) for a in step_by_step(of_x) for b in of_y)
        left = _whitening(self.xx).T @ sums @ _whitening(self.yy)
        return np.asarray(left.reshape(len(left), -1))

    def _fitted(self) -> list[Block]:
        """What each block held fixed says of the columns of both quantities."""
        fitted, start = [], 0
        for block in self.blocks[2:]:
            end = start + block.scores.shape[1]
            fitted.append(Block(block.codes, block.scores @ self.slopes[start:end]))
            start = end
        return fitted

    def association(self, *, design_effect: float = 1.0, confidence: float = 0.95) -> Association:
        """The coefficient, from n answers less those that `held` used up, of which each counts 1 / `design_effect`.

        Named partial (-1..1) or set_correlation (0..1, its bias taken off as from Cramer's V). NaN where what is held
        leaves nothing.
        """
        n = max(self.n - self.held, 0.0) / design_effect
        x, y = _whitening(self.xx), _whitening(self.yy)
        shared = x.T @ self.xy @ y
        if self.xy.size == 1:
            return _partial(float(shared[0, 0]) if shared.size else NAN, n, self.n, confidence)
        return _set_correlation(float(np.sum(shared**2)) if shared.size else NAN, shared.shape, n, self.n, confidence)


def residuals_of(x: Block, y: Block, given: Sequence[Block] = (), weight: Array | None = None) -> Residuals:
    """x and y with all of `given` held fixed. All blocks have the same rows; `weight` has the mean 1.

    >>> x, z = Block.number([0, 1, 2, 3], [0, 1, 2, 3]), Block.groups([0, 0, 1, 1], 2)
    >>> y = Block.number([0, 1, 2, 3], [1, 0, 3, 2])
    >>> [round(residuals_of(x, y, g).association().value, 3) for g in ((), (z,))]
    [0.6, -1.0]
    """
    w = np.ones(len(x.codes)) if weight is None else weight
    blocks = [block.centred(w) for block in (x, y, *given)]
    products, ends = _products(blocks, w), np.cumsum([block.scores.shape[1] for block in blocks])
    of_x, of_y, pair, controls = (
        slice(0, ends[0]),
        slice(ends[0], ends[1]),
        slice(0, ends[1]),
        slice(ends[1], ends[-1]),
    )
    inverse, rank = _inverse(products[controls, controls])
    slopes = inverse @ products[controls, pair]
    left = products[pair, pair] - products[pair, controls] @ slopes
    return Residuals(float(len(x.codes)), rank, left[of_x, of_x], left[of_y, of_y], left[of_x, of_y], blocks, slopes)


def _products(blocks: Sequence[Block], weight: Array) -> Array:
    """Mean products of all columns with each other."""
    total = weight.sum()
    rows = [[_product(a, b, weight) / total if i <= j else None for j, b in enumerate(blocks)]
            for i, a in enumerate(blocks)]  # fmt: skip
    return np.block([[rows[i][j] if i <= j else rows[j][i].T for j in range(len(blocks))]  # type: ignore[union-attr]
                     for i in range(len(blocks))])  # fmt: skip


def _product(a: Block, b: Block, weight: Array) -> Array:
    """Sums of products of the columns of two blocks, from a table of counts where it is small."""
    (na, pa), (nb, pb) = a.scores.shape, b.scores.shape
    if a is b:
        return np.asarray((a.scores.T * np.bincount(a.codes, weight, na)) @ a.scores)
    if na * nb <= LARGEST_TABLE and max(pa, pb) > 1:
        table = np.bincount(a.codes * nb + b.codes, weight, na * nb).reshape(na, nb)
        return np.asarray(a.scores.T @ table @ b.scores)
    if pa > pb:
        return _product(b, a, weight).T
    sums = [np.bincount(b.codes, weight * a.scores[a.codes, i], nb) @ b.scores for i in range(pa)]
    return np.array(sums)


def _by_cluster(a: Block, b: Block, cluster: npt.NDArray[np.int64], weight: Array) -> Array:
    """Sums of products of the columns of two blocks by cluster, (clusters, columns of a, columns of b)."""
    if a.scores.shape[1] == 1 < b.scores.shape[1]:
        return np.swapaxes(_by_cluster(b, a, cluster, weight), 1, 2)
    (na, _), (nb, columns), clusters = a.scores.shape, b.scores.shape, int(cluster.max()) + 1
    place = cluster * na + a.codes
    if columns > 1 and clusters * na * nb <= LARGEST_TABLE:
        table = np.bincount(place * nb + b.codes, weight, clusters * na * nb).reshape(clusters, na, nb)
        return np.asarray(a.scores.T @ table @ b.scores)
    each = [np.bincount(place, weight * b.scores[b.codes, i], clusters * na) for i in range(columns)]
    return np.stack([sums.reshape(clusters, na) @ a.scores for sums in each], axis=2)


def _inverse(products: Array) -> tuple[Array, int]:
    """Generalised inverse, and how many of the columns are independent."""
    if not len(products):
        return products, 0
    sizes, axes = np.linalg.eigh(products)
    kept = sizes > LEAST_LEFT * max(float(sizes.max()), 1.0)
    return (axes[:, kept] / sizes[kept]) @ axes[:, kept].T, int(kept.sum())


def _whitening(products: Array) -> Array:
    """Columns (columns, rank) of spread 1 that hold all that is left; their spread was 1 before."""
    sizes, axes = np.linalg.eigh(products)
    kept = sizes > LEAST_LEFT
    return np.asarray(axes[:, kept] / np.sqrt(sizes[kept]))


def _partial(r: float, n: float, rows: float, confidence: float) -> Association:
    value = math.copysign(1.0, r) if abs(r) > 1 - ROUNDING else r
    interval = fisher_interval(value, 1 / math.sqrt(n - 3) if n > 3 else NAN, confidence=confidence)
    if not n > 2 or math.isnan(value):
        return Association("partial", value, NAN, NAN, NAN, rows)
    t = value * math.sqrt((n - 2) / (1 - value * value)) if abs(value) < 1 else math.inf
    return Association("partial", value, interval.low, interval.high, float(2 * t_sf(abs(t), n - 2)), rows)


def _set_correlation(shared: float, shape: tuple[int, ...], n: float, rows: float, confidence: float) -> Association:
    """From the sum of squared canonical correlations; interval by turning the noncentral chi-squared round."""
    df, most = shape[0] * shape[1], min(shape)
    if math.isnan(shared) or not n > max(shape) + 1:
        return Association("set_correlation", NAN, NAN, NAN, NAN, rows)
    chi2 = n * shared
    low, high = (
        math.sqrt(min(float(special.chndtrinc(chi2, df, tail)) / n / most, 1.0)) if chi2_cdf(chi2, df) > tail
        else 0.0 for tail in ((1 + confidence) / 2, (1 - confidence) / 2)
    )  # fmt: skip
    # Chance gives df / (n - 1), and makes a wide table look less wide than it is (Bergsma 2013)
    unbiased = max(shared - df / (n - 1), 0.0)
    room = min(k + 1 - k * k / (n - 1) for k in shape) - 1
    value = math.sqrt(min(unbiased / room, 1.0)) if room > 0 else NAN
    return Association("set_correlation", value, low, high, float(chi2_sf(chi2, df)), rows)

"""How do two samples stay alike in everything but the cause that was switched off?

Each component draws from a stream of its own, keyed by name, so that what one component does with its numbers
never moves another's ("common random numbers").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SPREAD = 2.0  # sd of one customer's latent rating on the 1-10 scale: about 40 % tens at a mean of 8.5


@dataclass(frozen=True)
class Draws:
    """Named streams over `size` possible rows, of which `rows` are in use."""

    seed: int
    size: int
    rows: Ints | None = None

    def keep(self, rows: Ints) -> Draws:
        """The same streams for some of the rows."""
        return replace(self, rows=rows if self.rows is None else self.rows[rows])

    def generator(self, name: str) -> np.random.Generator:
        """The stream of one component."""
        return np.random.default_rng([self.seed, crc32(name.encode())])

    def uniform(self, name: str) -> Floats:
        return self._used(self.generator(name).random(self.size))

    def normal(self, name: str) -> Floats:
        return self._used(self.generator(name).standard_normal(self.size))

    def race(self, name: str, runners: int) -> NDArray[np.float32]:
        """Exponential times, rows x runners: the smallest time / weight wins with probability ~ weight."""
        drawn = self.generator(name).standard_exponential((self.size, runners), dtype=np.float32)
        return drawn if self.rows is None else drawn[self.rows]

    def _used(self, drawn: Floats) -> Floats:
        return drawn if self.rows is None else drawn[self.rows]


def pick(uniform: Floats, shares: ArrayLike) -> Ints:
    """The category of each row by the inverse of the cumulated shares.

    >>> pick(np.array([0.1, 0.6, 0.95]), [5, 4, 1]).tolist()
    [0, 1, 2]
    """
    edges = np.cumsum(np.asarray(shares, dtype=float))
    return np.searchsorted(edges[:-1] / edges[-1], uniform, side="right")


def pick_by(uniform: Floats, shares: ArrayLike, group: Ints) -> Ints:
    """As `pick`, each row by the shares of its group (groups x categories).

    >>> pick_by(np.array([0.4, 0.4]), [[1, 1], [1, 3]], np.array([0, 1])).tolist()
    [0, 1]
    """
    edges = np.cumsum(np.asarray(shares, dtype=float), axis=1)
    inner = (edges / edges[:, -1:])[:, :-1]
    return np.asarray((uniform[:, None] >= inner[group]).sum(axis=1), dtype=np.int64)


def _curve() -> tuple[Floats, Floats]:
    """Latent means and the mean x 10 of the rounded, capped rating each gives."""
    latent = np.linspace(-12.0, 22.0, 3401)
    cuts = np.arange(1, 10) + 0.5
    return latent, 10 * (1 + ndtr((latent[:, None] - cuts) / SPREAD).sum(axis=1))


_LATENT, _POINTS = _curve()


def rate(points: Floats, noise: Floats) -> NDArray[np.int8]:
    """Ratings 1..10 whose mean x 10 is `points` (10..100), in spite of rounding and the ceiling."""
    latent = np.interp(points, _POINTS, _LATENT)
    return np.clip(np.rint(latent + SPREAD * noise), 1, 10).astype(np.int8)

"""The cells of both periods for the search: whole numbers for members, sums by cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.segments.levels import Level, level_of
from analysis.segments.space import Array, Codes, Members
from analysis.segments.succession import level_codes
from analysis.stats.intervals import t_bounds
from data_access.warehouse.change_cells import ChangeCells


@dataclass(frozen=True)
class Own:
    """A segment by itself: answers, scores, standard error of the change; (2,) are both periods."""

    n: Array
    score: Array
    error: float

    @property
    def change(self) -> float:
        return float(self.score[1] - self.score[0])

    def bounds(self, scale: float) -> tuple[float, float]:
        """95 % interval of the change, its variance `scale` times that of independent answers."""
        low, high = t_bounds(
            np.array([self.change]), np.array([self.error * scale**0.5]), np.array([self.n.sum() - 2])
        )
        return float(low[0]), float(high[0])


@dataclass(frozen=True)
class CellSums:
    """Cells of the finest cut; (cells, 2) are baseline and period. `weight` is n without survey weights.

    kish: of each period, the effective number of answers per answer: (sum w)^2 / (n sum w^2), Kish 1965.
    """

    codes: Members
    sizes: tuple[int, ...]
    n: Array
    weight: Array
    sum: Array
    squares: Array
    kish: tuple[float, float] = (1.0, 1.0)

    @classmethod
    def of(cls, cells: ChangeCells, kish: tuple[float, float] = (1.0, 1.0)) -> CellSums:
        sizes = tuple(len(members) for members in cells.members)
        codes = np.asfortranarray(cells.codes, dtype=np.min_scalar_type(max(sizes, default=1)))
        return cls(codes, sizes, cells.n, cells.weight, cells.sum, cells.squares, kish)

    def _with(self, codes: Members, made: Callable[[Array], Array]) -> CellSums:
        """Every sum made anew; weights that are the answers themselves are made once."""
        n, total, squares = made(self.n), made(self.sum), made(self.squares)
        weight = n if self.weight is self.n else made(self.weight)
        return CellSums(codes, self.sizes, n, weight, total, squares, self.kish)

    def only(self, wanted: npt.NDArray[np.bool_]) -> Callable[[CellSums], CellSums]:
        """What gives the sums of some cells, at most one of the same codes, at the cells of `merged`.

        It keeps no more than these sums: of a year of answers all are much.
        """
        places = self.places[wanted].astype(np.int32)
        mine = self._with(self.codes[:0], lambda sums: sums[wanted])

        def at(whole: CellSums) -> CellSums:
            return mine._with(whole.codes, lambda sums: _placed(sums, places, len(whole.codes)))

        return at

    def less(self, part: CellSums) -> CellSums:
        """The sums of all answers but those of a part at the same cells."""
        n, total, squares = self.n - part.n, self.sum - part.sum, self.squares - part.squares
        weight = n if self.weight is self.n else self.weight - part.weight
        return CellSums(self.codes, self.sizes, n, weight, total, squares, self.kish)

    @property
    def places(self) -> Codes:
        """(cells,) the place of each cell in `merged`."""
        return np.asarray(np.cumsum(self._begins) - 1)

    @property
    def _begins(self) -> npt.NDArray[np.bool_]:
        """(cells,) whether the codes of a cell differ from those of the one before."""
        begins = np.zeros(len(self.codes), dtype=np.bool_)
        begins[:1] = True
        for column in self.codes.T:
            begins[1:] |= column[1:] != column[:-1]
        return begins

    def merged(self) -> CellSums:
        """Neighbouring cells of the same codes as one: halves that lie side by side."""
        first = np.flatnonzero(self._begins)
        if len(first) == len(self.codes):
            return self
        codes = np.asfortranarray(self.codes[first])
        return self._with(codes, lambda sums: np.asarray(np.add.reduceat(sums, first, axis=0)))

    @property
    def factor(self) -> Array:
        """(2,) scales weights to counts: those of a period add up to its effective number of answers."""
        return np.asarray(self.n.sum(axis=0) * self.kish / self.weight.sum(axis=0))

    def per_answer(self, factor: Array | None = None) -> tuple[Array, Array, Array]:
        """Weights, sums and squares on the scale of a count; `factor` is that of the whole if these are a part."""
        factor = self.factor if factor is None else factor
        if np.all(factor == 1.0):
            return self.weight, self.sum, self.squares
        return self.weight * factor, self.sum * factor, self.squares * factor

    def level(self, nested: frozenset[tuple[int, int]] = frozenset()) -> Level:
        """The level of every cell, whatever the period; of a pair in `nested` one dimension lies under the other."""
        codes = level_codes(self.codes, self.sizes, self.n, nested)
        return level_of(codes, self.sizes, *self.per_answer())

    @property
    def score(self) -> Array:
        """(2,) the metric of everything before and now."""
        return np.asarray(self.sum.sum(axis=0) / self.weight.sum(axis=0))

    def own(self, rows: Codes) -> Own:
        """A segment against its own baseline (Welch)."""
        n, weight, total, squares = (a[rows].sum(axis=0) for a in (self.n, self.weight, self.sum, self.squares))
        with np.errstate(divide="ignore", invalid="ignore"):
            score = total / weight
            variance = np.maximum(squares / weight - score**2, 0.0) / (n * self.kish - 1)
        return Own(n, score, float(np.sqrt(variance.sum())))


def _placed(sums: Array, places: npt.NDArray[np.int32], cells: int) -> Array:
    placed = np.zeros((cells, 2))
    placed[places] = sums
    return placed


def disjoint(segments: Sequence[Codes], cells: int) -> list[Codes]:
    """Each cell goes to the first segment that holds it; last come the cells of none."""
    owner = np.full(cells, len(segments))
    for j in reversed(range(len(segments))):
        owner[segments[j]] = j
    return [np.flatnonzero(owner == j) for j in range(len(segments) + 1)]

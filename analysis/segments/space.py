"""Which conjunctions are the candidates, and what are the sums of the cells in each?

A conjunction is one member of each of up to `depth` dimensions. Cells carry, for each period, a weight (answers over
their variance) and a weighted sum of the residuals of the metric; everything the search needs is a sum of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_matrix

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Key = npt.NDArray[np.int32] | npt.NDArray[np.int64]
Where = tuple[tuple[int, int], ...]  # (dimension, member) in order of dimension

DENSE = 4_000_000  # keys of a tuple of dimensions up to which every combination is counted, present or not
SUM_ALL_BELOW = 2**13  # conjunctions up to which all are summed; of more, only those with enough answers
SHORT = 2**15
THREADS = 2
WIDEST = 0.75  # a segment that is nearly everything cannot be separated from a general change


@dataclass(frozen=True)
class Block:
    """All conjunctions over one tuple of dimensions: `keys` are those with enough answers."""

    dimensions: tuple[int, ...]
    radix: tuple[int, ...]
    keys: Codes  # (candidates,) mixed-radix code of members, ascending

    def key(self, codes: Codes) -> Codes:
        """(rows,) mixed-radix code of each row of `codes` (rows, all dimensions)."""
        key = np.zeros(len(codes), dtype=np.int64)
        for d, size in zip(self.dimensions, self.radix, strict=True):
            key *= size
            key += codes[:, d]
        return key

    def where(self, i: int) -> Where:
        rest, members = int(self.keys[i]), []
        for size in reversed(self.radix):
            rest, member = divmod(rest, size)
            members.append(member)
        return tuple(zip(self.dimensions, reversed(members), strict=True))

    def summed(self, codes: Codes, columns: Sequence[Array]) -> list[Array]:
        """Sum of each column over the rows of every candidate."""
        key = self.key(codes)
        size = int(np.prod(self.radix))
        if size > DENSE:
            place = np.searchsorted(self.keys, key).clip(max=max(len(self.keys) - 1, 0))
            known = self.keys[place] == key
            return [counted(place[known], c[known], len(self.keys)) for c in columns]
        return [counted(key, c, size)[self.keys] for c in columns]


@dataclass(frozen=True)
class Space:
    """Cells and every conjunction of them with enough support."""

    codes: Codes  # (cells, dimensions)
    blocks: tuple[Block, ...]

    @classmethod
    def counted(
        cls, codes: Codes, columns: Array, sizes: Sequence[int], *, depth: int, least: float,
        nested: frozenset[tuple[int, int]] = frozenset(), progress: Callable[[int], None] = lambda searched: None,
    ) -> tuple[Space, Array]:  # fmt: skip
        """The candidates, and (candidates, c) the sums of `columns` (cells, c) over each of them.

        The first two columns are the answers of both periods: a candidate has at least `least` in either. Pairs of
        dimensions in `nested` are never combined. `progress` is called with 0 after each tuple of dimensions.
        """
        wanted = [
            tuple(dimensions)
            for size in range(1, min(depth, len(sizes)) + 1)
            for dimensions in combinations(range(len(sizes)), size)
            if not any(pair in nested for pair in combinations(dimensions, 2))
        ]
        count = _Count(codes.astype(np.int32, order="F"), tuple(sizes), np.ascontiguousarray(columns), least)
        parts: list[tuple[Block, Array]] = []
        pool = ThreadPoolExecutor(THREADS)
        try:
            for part in pool.map(count.block, wanted):
                parts.append(part)
                progress(0)
        finally:
            pool.shutdown(cancel_futures=True)
        kept = [(block, sums) for block, sums in parts if len(block.keys)]
        empty = np.empty((0, columns.shape[1]))
        return cls(codes, tuple(block for block, _ in kept)), np.concatenate([empty, *(sums for _, sums in kept)])

    def kept(self, wanted: npt.NDArray[np.bool_]) -> Space:
        """Only some candidates."""
        parts = np.split(wanted, self.starts[1:-1])
        blocks = [replace(b, keys=b.keys[own]) for b, own in zip(self.blocks, parts, strict=True) if own.any()]
        return Space(self.codes, tuple(blocks))

    @cached_property
    def starts(self) -> Codes:
        return np.concatenate([[0], np.cumsum([len(block.keys) for block in self.blocks])]).astype(np.int64)

    @cached_property
    def depths(self) -> Codes:
        """(candidates,) number of conditions of each."""
        return np.repeat([len(b.dimensions) for b in self.blocks], [len(b.keys) for b in self.blocks]).astype(
            np.int64
        )

    def __len__(self) -> int:
        return int(self.starts[-1])

    @property
    def shallow(self) -> Space:
        """The candidates of one or two conditions, under the same numbers."""
        return Space(self.codes, tuple(block for block in self.blocks if len(block.dimensions) <= 2))

    def where(self, i: int) -> Where:
        block = int(np.searchsorted(self.starts, i, side="right")) - 1
        return self.blocks[block].where(i - int(self.starts[block]))

    def sums(self, columns: Sequence[Array], rows: Codes | None = None) -> list[Array]:
        """(candidates,) sum of each column of cells, or of the cells `rows` if the columns are about these."""
        codes = self.codes if rows is None else self.codes[rows]
        parts = [block.summed(codes, columns) for block in self.blocks]
        return [np.concatenate(own) for own in zip(*parts, strict=True)] if parts else [np.empty(0) for _ in columns]

    @cached_property
    def _lists(self) -> dict[tuple[int, int], Codes]:
        return dict(self._members())

    def _members(self) -> Iterator[tuple[tuple[int, int], Codes]]:
        for d in range(self.codes.shape[1]):
            codes = self.codes[:, d].astype(np.int32)
            short = codes.astype(np.int16) if codes.max(initial=0) < SHORT else codes  # sorted by radix
            order = np.argsort(short, kind="stable")
            ends = np.cumsum(np.bincount(codes))
            for member, rows in enumerate(np.split(order, ends[:-1])):
                yield (d, member), rows

    def rows(self, where: Where) -> Codes:
        """Cells of a conjunction, ascending."""
        none = np.empty(0, dtype=np.int64)
        first, *others = sorted(where, key=lambda part: len(self._lists.get(part, none)))
        rows = self._lists.get(first, none)
        for d, member in others:
            rows = rows[self.codes[rows, d] == member]
        return rows


def counted(key: Codes, column: Array, size: int) -> Array:
    """(size,) sum of a column by key."""
    return np.asarray(np.bincount(key, column, size), dtype=np.float64)


@dataclass(frozen=True)
class _Count:
    """Sums all columns over the conjunctions of a tuple of dimensions: one product with a sparse matrix."""

    codes: npt.NDArray[np.int32]
    sizes: tuple[int, ...]
    columns: Array
    least: float

    @cached_property
    def n_total(self) -> Array:
        return np.asarray(self.columns[:, 0] + self.columns[:, 1])

    def block(self, dimensions: tuple[int, ...]) -> tuple[Block, Array]:
        """The conjunctions with enough answers, and their sums."""
        radix = tuple(self.sizes[d] for d in dimensions)
        key = self._key(dimensions, radix)
        if np.prod(radix) <= DENSE:
            keys = np.arange(np.prod(radix))
        else:
            keys, key = np.unique(key, return_inverse=True)
        if len(keys) > SUM_ALL_BELOW:
            enough = np.bincount(key, self.n_total, len(keys)) >= 2 * self.least
            keys, key = keys[enough], np.where(enough, np.cumsum(enough) - 1, enough.sum()).astype(np.int32)[key]
        sums = self._summed(key, len(keys) + 1)[:-1]
        n0, n1 = sums[:, 0], sums[:, 1]
        share = (n0 + n1) / self.n_total.sum()
        good = (n0 >= self.least) & (n1 >= self.least) & (share <= WIDEST)
        return Block(dimensions, radix, keys[good]), sums[good]

    def _key(self, dimensions: tuple[int, ...], radix: tuple[int, ...]) -> Key:
        cells = len(self.codes)
        key: Key = np.zeros(cells, np.int32) if np.prod(radix) <= DENSE else np.zeros(cells, np.int64)
        for d, size in zip(dimensions, radix, strict=True):
            np.multiply(key, size, out=key)
            np.add(key, self.codes[:, d], out=key)
        return key

    def _summed(self, key: Key, size: int) -> Array:
        cells = len(key)
        each = csc_matrix((np.ones(cells), key, np.arange(cells + 1, dtype=np.int32)), shape=(size, cells))
        return np.asarray(each @ self.columns)

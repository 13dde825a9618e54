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
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse._sparsetools import csc_matvecs

from analysis.segments.grouping import Group, shared

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Members = npt.NDArray[np.integer[Any]]  # as small as they fit
Key = npt.NDArray[np.int32] | npt.NDArray[np.int64]
Where = tuple[tuple[int, int], ...]  # (dimension, member) in order of dimension

DENSE = 4_000_000  # keys of a tuple of dimensions up to which every combination is counted, present or not
SUM_ALL_BELOW = 2**13  # conjunctions up to which all are summed; of more, only those with enough answers
SHORT = 2**15
THREADS = 2
COARSER = 8  # times: cells of only some dimensions are so many fewer that summing these first is worth it
WIDEST = 0.75  # a segment that is nearly everything cannot be separated from a general change


@dataclass(frozen=True)
class Block:
    """All conjunctions over one tuple of dimensions: `keys` are those with enough answers."""

    dimensions: tuple[int, ...]
    radix: tuple[int, ...]
    keys: Codes  # (candidates,) mixed-radix code of members, ascending

    def key(self, codes: Members) -> Codes:
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

    def summed(self, codes: Members, column: Array) -> Array:
        """Sum of a column over the rows of every candidate."""
        key = self.key(codes)
        size = prod(self.radix)
        if size > DENSE:
            place = np.searchsorted(self.keys, key).clip(max=max(len(self.keys) - 1, 0))
            known = self.keys[place] == key
            return counted(place[known], column[known], len(self.keys))
        return counted(key, column, size)[self.keys]


@dataclass(frozen=True)
class Space:
    """Cells and every conjunction of them with enough support."""

    codes: Members  # (cells, dimensions)
    blocks: tuple[Block, ...]

    @classmethod
    def counted(
        cls, codes: Members, columns: Array, sizes: Sequence[int], *, depth: int, least: float,
        nested: frozenset[tuple[int, int]] = frozenset(), progress: Callable[[int], None] = lambda searched: None,
    ) -> tuple[Space, Array]:  # fmt: skip
        """The candidates, and (candidates, c) the sums of `columns` (cells, c) over each of them.

        The first two columns are the answers of both periods: a candidate has at least `least` in either. Pairs of
        dimensions in `nested` are never combined. `progress` is called with 0 now and then.
        """
        wanted = [
            tuple(dimensions)
            for size in range(1, min(depth, len(sizes)) + 1)
            for dimensions in combinations(range(len(sizes)), size)
            if not any(pair in nested for pair in combinations(dimensions, 2))
        ]
        count = _Count(codes, tuple(sizes), np.ascontiguousarray(columns), least)
        found: dict[tuple[int, ...], tuple[Block, Array]] = {}
        pool = ThreadPoolExecutor(THREADS)
        try:
            for parts in pool.map(count.blocks, shared(tuple(wanted), tuple(sizes), len(codes) // COARSER)):
                found.update((block.dimensions, (block, sums)) for block, sums in parts)
                progress(0)
        finally:
            pool.shutdown(cancel_futures=True)
        kept = [found[dimensions] for dimensions in wanted if len(found[dimensions][0].keys)]
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

    def sums(self, column: Array, rows: Codes) -> Array:
        """(candidates,) sum of a column about the cells `rows`."""
        codes = self.codes[rows]
        return np.concatenate([np.empty(0), *(block.summed(codes, column) for block in self.blocks)])

    def all_sums(self, columns: Array) -> Array:
        """(candidates, c) sums of `columns` (cells, c), the first two of which are answers, over each candidate."""
        sizes = self.codes.max(axis=0, initial=0).astype(np.int64) + 1
        for block in self.blocks:
            sizes[list(block.dimensions)] = block.radix
        count = _Count(self.codes, tuple(int(s) for s in sizes), columns, 0.0)
        blocks = {block.dimensions: block for block in self.blocks}
        found = {
            dimensions: among.sums(blocks[dimensions])
            for group in shared(tuple(blocks), count.sizes, len(self.codes) // COARSER)
            for among in [count.among(group)]
            for dimensions in group.tuples
        }
        return np.concatenate([np.empty((0, columns.shape[1])), *(found[dimensions] for dimensions in blocks)])

    @cached_property
    def _lists(self) -> dict[tuple[int, int], Members]:
        return dict(self._members())

    def _members(self) -> Iterator[tuple[tuple[int, int], Members]]:
        for d in range(self.codes.shape[1]):
            codes = self.codes[:, d]
            short = codes.astype(np.int16) if codes.max(initial=0) < SHORT else codes  # sorted by radix
            order = np.argsort(short, kind="stable").astype(np.int32)
            ends = np.cumsum(np.bincount(codes))
            for member, rows in enumerate(np.split(order, ends[:-1])):
                yield (d, member), rows

    def rows(self, where: Where) -> Codes:
        """Cells of a conjunction, ascending."""
        none = np.empty(0, dtype=np.int32)
        first, *others = sorted(where, key=lambda part: len(self._lists.get(part, none)))
        rows = self._lists.get(first, none)
        for d, member in others:
            rows = rows[self.codes[rows, d] == member]
        return rows.astype(np.int64)


def counted(key: Codes, column: Array, size: int) -> Array:
    """(size,) sum of a column by key."""
    return np.asarray(np.bincount(key, column, size), dtype=np.float64)


@dataclass(frozen=True)
class _Count:
    """Sums all columns over the conjunctions of a tuple of dimensions: one product with a sparse matrix."""

    codes: Members
    sizes: tuple[int, ...]
    columns: Array
    least: float

    @cached_property
    def _once(self) -> tuple[Array, npt.NDArray[np.int32]]:
        """Each cell counts once: the parts of a sparse matrix that are the same for all tuples."""
        return np.ones(len(self.codes)), np.arange(len(self.codes) + 1, dtype=np.int32)

    def blocks(self, group: Group) -> list[tuple[Block, Array]]:
        """The blocks of a group of tuples, from the coarser cells of its dimensions where that is worth it."""
        among = self.among(group)
        return [among.block(dimensions) for dimensions in group.tuples]

    def among(self, group: Group) -> _Count:
        """Where a group is counted: in the coarser cells of its dimensions; a single tuple in all cells."""
        return self if len(group.tuples) == 1 else self._over(group.dimensions)

    def sums(self, block: Block) -> Array:
        """The sums over the conjunctions of a block."""
        key = self._key(block.dimensions, block.radix)
        if prod(block.radix) <= DENSE:
            return self._summed(key, prod(block.radix))[block.keys]
        place = np.searchsorted(block.keys, key).clip(max=len(block.keys) - 1)
        place = np.where(block.keys[place] == key, place, len(block.keys))
        return self._summed(place, len(block.keys) + 1)[:-1]

    def _over(self, dimensions: tuple[int, ...]) -> _Count:
        """The same sums by the cells of only some dimensions, at most as many as their members allow."""
        radix = tuple(self.sizes[d] for d in dimensions)
        sums = self._summed(self._key(dimensions, radix), prod(radix))
        some = np.flatnonzero(sums[:, 0] + sums[:, 1] > 0)
        codes = np.zeros((len(some), len(self.sizes)), dtype=np.int32, order="F")
        for d, members in zip(dimensions, np.unravel_index(some, radix), strict=True):
            codes[:, d] = members
        return _Count(codes, self.sizes, sums[some], self.least)

    @cached_property
    def n_total(self) -> Array:
        return np.asarray(self.columns[:, 0] + self.columns[:, 1])

    def block(self, dimensions: tuple[int, ...]) -> tuple[Block, Array]:
        """The conjunctions with enough answers, and their sums."""
        radix = tuple(self.sizes[d] for d in dimensions)
        key = self._key(dimensions, radix)
        if prod(radix) <= DENSE:
            keys = np.arange(prod(radix))
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
        first = self.codes[:, dimensions[0]]
        key: Key = first.astype(np.int32) if prod(radix) <= DENSE else first.astype(np.int64)
        for d, size in zip(dimensions[1:], radix[1:], strict=True):
            np.multiply(key, size, out=key)
            np.add(key, self.codes[:, d], out=key)
        return key

    def _summed(self, key: Key, size: int) -> Array:
        """(size, c) sums of the columns by key. The matrix itself would cost more than its product: keys are few."""
        once, ends = self._once
        columns, sums = np.ascontiguousarray(self.columns), np.zeros((size, self.columns.shape[1]))
        csc_matvecs(
            size,
            len(key),
            columns.shape[1],
            ends,
            key.astype(np.int32, copy=False),
            once,
            columns.ravel(),
            sums.ravel(),
        )
        return sums

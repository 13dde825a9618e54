"""Which conjunctions are there to choose from, and what do the cells say of each? Sums per conjunction, by counting.

A conjunction is one member of each of up to `depth` dimensions. Cells carry, for each period, a weight (answers over
their variance) and a weighted sum of what is left of the metric; everything the search needs is a sum of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Where = tuple[tuple[int, int], ...]  # (dimension, member) in order of dimension

DENSE = 4_000_000  # keys of a tuple of dimensions up to which every combination is counted, seen or not
SHORT = 2**15
WIDEST = 0.75  # a segment that is nearly everything cannot be told from a general change


@dataclass(frozen=True)
class Block:
    """All conjunctions over one tuple of dimensions: `keys` are those with enough answers."""

    dimensions: tuple[int, ...]
    radix: tuple[int, ...]
    keys: Codes  # (candidates,) mixed-radix code of members, ascending

    def key(self, codes: Codes) -> Codes:
        """(rows,) mixed-radix code of each row of `codes` (rows, all dimensions)."""
        found = np.zeros(len(codes), dtype=np.int64)
        for d, size in zip(self.dimensions, self.radix, strict=True):
            found *= size
            found += codes[:, d]
        return found

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
    def of(
        cls, codes: Codes, n: Array, sizes: Sequence[int], *, depth: int, least: float,
        apart: frozenset[tuple[int, int]] = frozenset(),
    ) -> Space:  # fmt: skip
        """Candidates of at least `least` answers in both columns of `n`; pairs in `apart` never meet in one."""
        blocks: list[Block] = []
        for size in range(1, min(depth, len(sizes)) + 1):
            for dimensions in combinations(range(len(sizes)), size):
                if not any(pair in apart for pair in combinations(dimensions, 2)):
                    blocks.append(_block(codes, n, dimensions, tuple(sizes[d] for d in dimensions), least))
        return cls(codes, tuple(block for block in blocks if len(block.keys)))

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
        """(candidates,) sum of each column of cells, or of those `rows` of them that the columns are about."""
        codes = self.codes if rows is None else self.codes[rows]
        parts = [block.summed(codes, columns) for block in self.blocks]
        return [np.concatenate(own) for own in zip(*parts, strict=True)] if parts else [np.empty(0) for _ in columns]

    @cached_property
    def _lists(self) -> dict[tuple[int, int], Codes]:
        return dict(self._members())

    def _members(self) -> Iterator[tuple[tuple[int, int], Codes]]:
        for d in range(self.codes.shape[1]):
            codes = self.codes[:, d].astype(np.int32)
            short = codes.astype(np.int16) if codes.max(initial=0) < SHORT else codes  # put in order in one go
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


def _block(codes: Codes, n: Array, dimensions: tuple[int, ...], radix: tuple[int, ...], least: float) -> Block:
    whole = Block(dimensions, radix, np.empty(0, dtype=np.int64))
    key = whole.key(codes)
    keys = np.arange(np.prod(radix)) if np.prod(radix) <= DENSE else np.unique(key)
    whole = Block(dimensions, radix, keys)
    before, now = whole.summed(codes, (n[:, 0], n[:, 1]))
    share = (before + now) / n.sum()
    return Block(dimensions, radix, keys[(before >= least) & (now >= least) & (share <= WIDEST)])

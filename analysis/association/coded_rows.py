"""The columns of a fetch prepared for many pairs: rows by cluster, those of none last; codes from 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from analysis.stats.coefficients import many_ties
from analysis.stats.effective import LEAST_CLUSTERS
from analysis.stats.intervals import Array
from data_access.semantics import Level
from data_access.warehouse.codes import Codes, Column

Ints = npt.NDArray[np.int32]
LEAST_A_MEMBER = 2  # clusters on average: with fewer, members and clusters cannot be separated
MOST_RANKS = 2_000  # distinct ranks: with more values, neighbours are merged


@dataclass(frozen=True, kw_only=True)
class Coded:
    """A column by rows: `code` is 0 where it is missing, else the position of its value, from 1.

    within: the code, numbered across all clusters. margin: answers at each value, weights counted.
    values: its numbers; None for names, in the order of the codes. pairs: values that occur, cluster by cluster.
    """

    name: str
    level: Level
    code: Ints
    within: Ints
    values: Array | None
    margin: Array
    pairs: int

    @property
    def size(self) -> int:
        """Number of values, missing included."""
        return len(self.margin) + 1

    @property
    def binary(self) -> bool:
        return len(self.margin) == 2

    @property
    def nominal(self) -> bool:
        """Whether its values have no order; two of them always have one."""
        return self.level is Level.NOMINAL and not self.binary

    @cached_property
    def clustered(self) -> bool:
        """Whether its members are the clusters themselves, whose differences are then the question."""
        if not self.nominal:
            return False
        return bool(self.pairs < LEAST_A_MEMBER * np.count_nonzero(self.margin))

    @cached_property
    def ties(self) -> bool:
        return many_ties(self.margin)

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        return self.code > 0

    @cached_property
    def scores(self) -> Array:
        """A number for each value: its own, or its position."""
        return self.values if self.values is not None else np.arange(len(self.margin), dtype=float)


@dataclass(frozen=True)
class Rows:
    """All columns, the first row of each cluster (None: independent answers), and the weights of the rows.

    in_clusters: how many rows have a cluster; each of those after them is one of its own.
    """

    columns: Sequence[Coded]
    starts: npt.NDArray[np.intp] | None
    in_clusters: int
    weight: Array | None
    survey: bool

    @property
    def clusters(self) -> int:
        return 0 if self.starts is None else len(self.starts)

    @cached_property
    def place(self) -> Ints:
        """The cluster of each row, counted from 0; rows of none have the next number."""
        assert self.starts is not None
        return _places(self.starts, self.in_clusters, len(self.columns[0].code))


def rows_of(codes: Codes, wanted: Sequence[Column]) -> Rows:
    """Some columns of a fetch; with fewer than five clusters, answers count as independent."""
    survey, cluster = codes.weighting == "survey", codes.cluster
    known = 0 if cluster is None else int(np.count_nonzero(cluster >= 0))
    if cluster is None or len(np.unique(cluster[cluster >= 0])) < LEAST_CLUSTERS:
        columns = [_coded(column, None, None, codes.weight) for column in wanted]
        return Rows(columns, None, known, codes.weight, survey)
    last = int(cluster.max()) + 1
    kind = np.int16 if last <= np.iinfo(np.int16).max else np.int32  # numpy sorts short ones by radix
    order = np.argsort(np.where(cluster < 0, last, cluster).astype(kind), kind="stable")
    ordered = cluster[order][:known]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    weight = None if codes.weight is None else codes.weight[order]
    place = _places(starts, known, len(order))
    return Rows([_coded(column, order, place, weight) for column in wanted], starts, known, weight, survey)


def _places(starts: npt.NDArray[np.intp], known: int, rows: int) -> Ints:
    return np.repeat(np.arange(len(starts) + 1, dtype=np.int32), np.diff([*starts, known, rows]))


def _coded(column: Column, order: Array | None, place: Ints | None, weight: Array | None) -> Coded:
    code = (column.codes if order is None else np.take(column.codes, order)) + np.int32(1)
    values = None if isinstance(column.values, tuple) else np.asarray(column.values, dtype=float)
    if column.level is Level.ORDINAL and len(column.values) > MOST_RANKS:
        margin = np.bincount(code, weight, len(column.values) + 1)[1:].astype(float)
        code, _, values = coarser(code, margin, MOST_RANKS)
    size = len(column.values) if values is None else len(values)
    return placed(column.name, column.level, code, values, size, place, weight)


def placed(
    name: str, level: Level, code: Ints, values: Array | None, size: int, place: Ints | None, weight: Array | None
) -> Coded:
    """A column of `size` values from the code of each row and the place of its cluster."""
    within = code if place is None else place * np.int32(size + 1) + code
    cells = np.bincount(within, weight).astype(float)
    cells = np.append(cells, np.zeros(-len(cells) % (size + 1))).reshape(-1, size + 1)[:, 1:]
    margin, pairs = cells.sum(axis=0), int(np.count_nonzero(cells))
    return Coded(name=name, level=level, code=code, within=within, values=values, margin=margin, pairs=pairs)


def coarser(code: Ints, margin: Array, most: int) -> tuple[Ints, Array, Array]:
    """Codes, margin and scores of no more than `most` values: neighbours merged into groups of about equal size."""
    upto = np.cumsum(margin) - margin / 2
    place = np.unique(np.floor(upto / margin.sum() * most), return_inverse=True)[1]
    groups = int(place.max()) + 1
    moved = np.concatenate([[0], place + 1]).astype(np.int32)[code]
    return moved, np.bincount(place, margin, groups), np.arange(groups, dtype=float)

"""Answers as covariate patterns, for models that cannot be fitted from sums of products.

One fetch of dictionary-coded columns; numbers are binned into about equal sizes, so that answers equal in all columns
form one pattern, and patterns stay few enough for a quick fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.estimate import LEAST_CLUSTERS
from analysis.stats.dose_response import bins_of
from analysis.stats.intervals import Array
from analysis.stats.patience import step_by_step
from analysis.stats.regression import CrossProducts
from data_access.selection import Selection
from data_access.warehouse import Warehouse
from data_access.warehouse.codes import Codes, Column

MOST_KEYS = 2**22  # pattern keys up to which they are looked up in a table, not sorted
PARTS = 40  # by chance, of the answers without a cluster
BLANK = ""  # the member of answers with a blank, as among the drivers


@dataclass(frozen=True, kw_only=True)
class CompleteCases:
    """Answers that have the metric and all columns, a number or code for each.

    marks: position of the metric in `scale`; weight: 1 where the model has none; cluster: None where too few have a
    name, from `named` on parts by chance of the answers without one; codes: of each column, with their `values`
    (numbers ascending, or members).
    """

    marks: Array
    scale: Array
    weight: Array
    cluster: Array | None
    named: int
    codes: Mapping[str, Array]
    values: Mapping[str, Array | tuple[str, ...]]
    weighting: str | None
    sampled: bool
    sql: str

    @property
    def score(self) -> Array:
        return np.asarray(self.scale[self.marks])

    @property
    def counts(self) -> Array:
        """The number of answers each stands for: its frequency weight, else 1."""
        return self.weight if self.weighting == "frequency" else np.ones(len(self.marks))

    def is_number(self, name: str) -> bool:
        return not isinstance(self.values[name], tuple)


@dataclass(frozen=True)
class Binned:
    """A column in bins: the bin of each answer; of a number the mean and the highest value of each bin."""

    codes: Array
    size: int
    means: Array
    highs: Array


Bins = Mapping[str, Binned]


def complete_cases(warehouse: Warehouse, selection: Selection, names: Sequence[str]) -> CompleteCases:
    """The answers of a selection that have its metric and all of some columns."""
    fetched = warehouse.codes([selection.metric, *names], selection.period, selection.filters)
    columns = {name: _coded(fetched.columns[name]) for name in names}
    marks = fetched.columns[selection.metric]
    own = np.logical_and.reduce([marks.codes >= 0, *(codes >= 0 for codes, _ in columns.values())])
    weight = np.ones(fetched.n) if fetched.weight is None else fetched.weight
    cluster, named = _clusters(fetched, own)
    return CompleteCases(
        marks=marks.codes[own],
        scale=np.asarray(marks.values, dtype=float),
        weight=weight[own],
        cluster=cluster,
        named=named,
        codes={name: codes[own] for name, (codes, _) in columns.items()},
        values={name: values for name, (_, values) in columns.items()},
        weighting=fetched.weighting,
        sampled=fetched.n < fetched.of,
        sql=fetched.sql,
    )


def _coded(column: Column) -> tuple[Array, Array | tuple[str, ...]]:
    """A blank member is a member of its own."""
    if not isinstance(column.values, tuple):
        return column.codes, column.values
    return np.where(column.codes < 0, len(column.values), column.codes), (*column.values, BLANK)


def _clusters(codes: Codes, own: Array) -> tuple[Array | None, int]:
    """The cluster of each answer, and how many there are; answers of none are in parts by chance, numbered last."""
    if codes.cluster is None:
        return None, 0
    cluster = codes.cluster[own]
    blank, known = cluster < 0, np.unique(cluster[cluster >= 0])
    if len(known) < LEAST_CLUSTERS:
        return None, 0
    part = int(cluster.max()) + 1 + np.random.default_rng(1).integers(0, PARTS, len(cluster))
    return np.unique(np.where(blank, part, cluster), return_inverse=True)[1], len(known)


def binned(cases: CompleteCases, name: str, most: int) -> Binned:
    """A number in at most so many bins of about equal size; members as they are."""
    codes, values, nothing = cases.codes[name], cases.values[name], np.empty(0)
    if isinstance(values, tuple):
        return Binned(codes, len(values), nothing, nothing)
    counts = np.bincount(codes, cases.counts, len(values))
    bins = bins_of(values[counts > 0], counts[counts > 0], most=most)
    highs = np.array([b.high for b in bins])
    place = np.minimum(np.searchsorted(highs, values), len(bins) - 1)
    sizes, sums = (np.bincount(place, of, len(bins)) for of in (counts, counts * values))
    return Binned(place[codes], len(bins), sums / sizes, highs)


def finest(
    cases: CompleteCases, ladder: Sequence[int], most: int, beside: Mapping[str, Array] | None = None
) -> dict[str, Binned]:
    """Columns in as many bins as keep the patterns of all columns (and `beside`) at `most` so many.

    ladder: numbers of bins, ascending; all columns begin with the first and are refined in turn while patterns allow.
    The coarsest bins are returned if even these have too many.
    """
    bins = {name: binned(cases, name, ladder[0]) for name in cases.values}
    if _count(*_keys(bins, beside)) > most:
        return bins
    for count in ladder[1:]:
        for name, values in step_by_step(cases.values.items()):
            if isinstance(values, tuple) or len(values) <= bins[name].size:
                continue
            finer = {**bins, name: binned(cases, name, count)}
            if _count(*_keys(finer, beside)) <= most:
                bins = finer
    return bins


def patterns(bins: Bins, beside: Mapping[str, Array] | None = None) -> tuple[Array, Array]:
    """The first answer of each pattern of all columns (and those beside them), and the pattern of each answer."""
    key, size = _renumbered(*_keys(bins, beside))
    first = np.empty(size, dtype=np.int64)
    first[key[::-1]] = np.arange(len(key) - 1, -1, -1)
    return first, key


def _keys(bins: Bins, beside: Mapping[str, Array] | None) -> tuple[Array, int]:
    """A number for the pattern of each answer, below so many; not every one of these occurs."""
    columns = [*((b.codes, b.size) for b in bins.values()),
               *((c, int(c.max(initial=0)) + 1) for c in (beside or {}).values())]  # fmt: skip
    key, size = np.zeros(len(columns[0][0]), dtype=np.int64), 1
    for codes, own in columns:
        if size * own > MOST_KEYS:
            key, size = _renumbered(key, size)
        key, size = key * own + codes, size * own
    return key, size


def _count(key: Array, size: int) -> int:
    """How many patterns occur."""
    return len(np.unique(key)) if size > MOST_KEYS else int(np.count_nonzero(np.bincount(key, minlength=size)))


def _renumbered(key: Array, size: int) -> tuple[Array, int]:
    """Numbers from 0 without gaps, in the same order."""
    if size > MOST_KEYS:
        values, key = np.unique(key, return_inverse=True)
        return key, len(values)
    have = np.bincount(key, minlength=size) > 0
    return (np.cumsum(have) - 1)[key], int(have.sum())


def reference_members(cases: CompleteCases) -> dict[str, str]:
    """The reference member of each dimension: the most frequent one."""
    return {name: values[_by_frequency(cases, name)[0]]
            for name, values in cases.values.items() if isinstance(values, tuple)}  # fmt: skip


def _by_frequency(cases: CompleteCases, name: str) -> list[int]:
    """Members that occur, the most frequent first."""
    counts = np.bincount(cases.codes[name], cases.counts, len(cases.values[name]))
    members: list[int] = np.argsort(-counts, kind="stable")[: int((counts > 0).sum())].tolist()
    return members


def columns_of(
    cases: CompleteCases, bins: Bins, first: Array, units: Mapping[str, float]
) -> dict[str, tuple[str, Array]]:
    """Columns of a model, one number a pattern: the mean of a number's bin in steps of `units`, a 0 or 1 for each
    member but the reference; under a name of their own, with the name of their source column.
    """
    columns: dict[str, tuple[str, Array]] = {}
    for name, values in cases.values.items():
        own = bins[name]
        if not isinstance(values, tuple):
            columns[name] = (name, own.means[own.codes[first]] / units.get(name, 1.0))
            continue
        for member in _by_frequency(cases, name)[1:]:
            columns[f"{name}={values[member]}"] = (name, (own.codes[first] == member).astype(float))
    return columns


def parts_of_counts(cases: CompleteCases, names: Sequence[str], parts: int) -> list[CrossProducts]:
    """The sums of a linear model by random parts of the answers that counted rows stand for, always the same ones.

    names: the columns, numbers by name and members as name=member.
    """
    columns: dict[str, Array] = {}
    for name, values in cases.values.items():
        if isinstance(values, tuple):
            columns |= {f"{name}={member}": cases.codes[name] == m for m, member in enumerate(values)}
        else:
            columns[name] = values[cases.codes[name]]
    x, y = np.column_stack([columns[name] for name in names]).astype(float), cases.score
    drawn = np.random.default_rng(1).multinomial(np.rint(cases.counts).astype(np.int64), np.full(parts, 1 / parts))
    return [CrossProducts.of(names, x[n > 0], n[n > 0], (n * y)[n > 0], (n * y**2)[n > 0]) for n in drawn.T]

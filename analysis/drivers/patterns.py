"""Answers as covariate patterns: what models need that cannot be had from sums of products.

One fetch of dictionary-coded columns; numbers are put into few bins of about equal size, so that answers which are
alike in all columns become one pattern, and the patterns stay few enough for a model to be quick.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.estimate import LEAST_CLUSTERS
from analysis.stats.dose_response import bins_of
from analysis.stats.intervals import Array
from data_access.selection import Selection
from data_access.warehouse import Warehouse
from data_access.warehouse.codes import Codes, Column

MOST_KEYS = 2**22  # numbers of patterns that are looked up in a table, not sorted
BLANK = ""  # the member of those whose dimension is not known, as among the drivers


@dataclass(frozen=True)
class Answers:
    """Answers that know the metric and all columns, a number or code for each.

    marks: place of the metric in `scale`; weight: 1 where the model has none; cluster: None where there are too few
    to learn from; codes: of each column, with `values` what they stand for (numbers ascending, or members).
    """

    marks: Array
    scale: Array
    weight: Array
    cluster: Array | None
    codes: Mapping[str, Array]
    values: Mapping[str, Array | tuple[str, ...]]
    weighting: str | None
    sampled: bool
    sql: str

    @property
    def score(self) -> Array:
        return np.asarray(self.scale[self.marks])

    @property
    def answers(self) -> Array:
        """How many answers each stands for: a survey weight is none."""
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


def known(warehouse: Warehouse, selection: Selection, names: Sequence[str]) -> Answers:
    """The answers of a selection that know its metric and all the columns named."""
    found = warehouse.codes([selection.metric, *names], selection.period, selection.filters)
    columns = {name: _coded(found.columns[name]) for name in names}
    marks = found.columns[selection.metric]
    own = np.logical_and.reduce([marks.codes >= 0, *(codes >= 0 for codes, _ in columns.values())])
    weight = np.ones(found.n) if found.weight is None else found.weight
    return Answers(
        marks=marks.codes[own],
        scale=np.asarray(marks.values, dtype=float),
        weight=weight[own],
        cluster=_clusters(found, own),
        codes={name: codes[own] for name, (codes, _) in columns.items()},
        values={name: values for name, (_, values) in columns.items()},
        weighting=found.weighting,
        sampled=found.n < found.of,
        sql=found.sql,
    )


def _coded(column: Column) -> tuple[Array, Array | tuple[str, ...]]:
    """A blank member is a member of its own."""
    if not isinstance(column.values, tuple):
        return column.codes, column.values
    return np.where(column.codes < 0, len(column.values), column.codes), (*column.values, BLANK)


def _clusters(found: Codes, own: Array) -> Array | None:
    if found.cluster is None:
        return None
    places = np.unique(found.cluster[own], return_inverse=True)[1]
    return places if int(places.max(initial=-1)) + 1 >= LEAST_CLUSTERS else None


def binned(answers: Answers, name: str, most: int) -> Binned:
    """A number in at most so many bins of about equal size; members as they are."""
    codes, values, nothing = answers.codes[name], answers.values[name], np.empty(0)
    if isinstance(values, tuple):
        return Binned(codes, len(values), nothing, nothing)
    counts = np.bincount(codes, answers.answers, len(values))
    bins = bins_of(values[counts > 0], counts[counts > 0], most=most)
    highs = np.array([b.high for b in bins])
    place = np.minimum(np.searchsorted(highs, values), len(bins) - 1)
    sizes, sums = (np.bincount(place, of, len(bins)) for of in (counts, counts * values))
    return Binned(place[codes], len(bins), sums / sizes, highs)


def finest(
    answers: Answers, ladder: Sequence[int], most: int, beside: Mapping[str, Array] | None = None
) -> dict[str, Binned]:
    """Columns in as many bins as leave at most so many patterns of all columns and those beside them.

    ladder: numbers of bins, ascending; all columns begin with the first, then one after the other goes up a rung as
    long as there is room. Where there is none at all, the coarsest comes back.
    """
    bins = {name: binned(answers, name, ladder[0]) for name in answers.values}
    if len(patterns(bins, beside)[0]) > most:
        return bins
    for count in ladder[1:]:
        for name, values in answers.values.items():
            if isinstance(values, tuple) or len(values) <= bins[name].size:
                continue
            finer = {**bins, name: binned(answers, name, count)}
            if len(patterns(finer, beside)[0]) <= most:
                bins = finer
    return bins


def patterns(bins: Bins, beside: Mapping[str, Array] | None = None) -> tuple[Array, Array]:
    """The first answer of each pattern of all columns (and those beside them), and the pattern of each answer."""
    columns = [*((b.codes, b.size) for b in bins.values()),
               *((c, int(c.max(initial=0)) + 1) for c in (beside or {}).values())]  # fmt: skip
    key, size = np.zeros(len(columns[0][0]), dtype=np.int64), 1
    for codes, own in columns:
        if size * own > MOST_KEYS:
            key, size = _renumbered(key, size)
        key, size = key * own + codes, size * own
    key, size = _renumbered(key, size)
    first = np.empty(size, dtype=np.int64)
    first[key[::-1]] = np.arange(len(key) - 1, -1, -1)
    return first, key


def _renumbered(key: Array, size: int) -> tuple[Array, int]:
    """Numbers from 0 without gaps, in the same order."""
    if size > MOST_KEYS:
        values, key = np.unique(key, return_inverse=True)
        return key, len(values)
    have = np.bincount(key, minlength=size) > 0
    return (np.cumsum(have) - 1)[key], int(have.sum())


def reference_members(answers: Answers) -> dict[str, str]:
    """Of each dimension the most frequent member, which the others are compared with."""
    return {name: values[_by_frequency(answers, name)[0]]
            for name, values in answers.values.items() if isinstance(values, tuple)}  # fmt: skip


def _by_frequency(answers: Answers, name: str) -> list[int]:
    """Members that occur, the most frequent first."""
    counts = np.bincount(answers.codes[name], answers.answers, len(answers.values[name]))
    found: list[int] = np.argsort(-counts, kind="stable")[: int((counts > 0).sum())].tolist()
    return found


def columns_of(
    answers: Answers, bins: Bins, first: Array, units: Mapping[str, float]
) -> dict[str, tuple[str, Array]]:
    """Columns of a model, one number a pattern: the mean of a number's bin in steps of `units`, a 0 or 1 for each
    member but the most frequent; by a name of their own, with the name of the column they are of.
    """
    found: dict[str, tuple[str, Array]] = {}
    for name, values in answers.values.items():
        own = bins[name]
        if not isinstance(values, tuple):
            found[name] = (name, own.means[own.codes[first]] / units.get(name, 1.0))
            continue
        for member in _by_frequency(answers, name)[1:]:
            found[f"{name}={values[member]}"] = (name, (own.codes[first] == member).astype(float))
    return found

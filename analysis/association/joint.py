"""Tables of the pairs of columns with few values, three columns counted at a time: a pass over the rows serves three.

Counting takes most of a matrix of many rows; the table of three columns holds those of its three pairs as margins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import prod

from analysis.association.coded_rows import Coded, Rows
from analysis.association.counting import counted
from analysis.stats.intervals import Array

MOST_CELLS = 500_000  # of a table of three columns by cluster: to add up more costs as much as to count the pairs
Pair = tuple[str, str]


def joint_tables(rows: Rows) -> Mapping[Pair, Array]:
    """The tables (clusters + 1, x, y) of weights of many pairs, x before y in the order of the columns.

    Those alone that a table of three columns serves. Answers without a cluster come last, blanks of a column first.
    """
    tables: dict[Pair, Array] = {}
    for three in _triples(rows):
        whole = counted(three, rows.clusters, rows.weight)
        for (a, b), without in zip(combinations(three, 2), (3, 2, 1), strict=True):
            tables.setdefault((a.name, b.name), whole.sum(axis=without))
    return tables


def _triples(rows: Rows) -> Iterator[tuple[Coded, Coded, Coded]]:
    """Three columns each, the third of them the one with which most pairs are served that are left."""
    columns = [column for column in rows.columns if column.size <= MOST_CELLS]
    left = {(a.name, b.name) for a, b in combinations(columns, 2)}
    place = {column.name: i for i, column in enumerate(columns)}
    for a, b in combinations(columns, 2):
        threes = [_ordered((a, b, c), place) for c in columns if c is not a and c is not b]
        fitting = [three for three in threes if _cells(rows, three) <= MOST_CELLS]
        if (a.name, b.name) not in left or not fitting:
            continue
        best = max(fitting, key=lambda three: (len(left & _pairs(three)), -_cells(rows, three)))
        if len(left & _pairs(best)) > 1:
            left -= _pairs(best)
            yield best


def _cells(rows: Rows, columns: Sequence[Coded]) -> int:
    return (rows.clusters + 1) * prod(column.size for column in columns)


def _ordered(columns: Sequence[Coded], place: Mapping[str, int]) -> tuple[Coded, Coded, Coded]:
    x, y, z = sorted(columns, key=lambda column: place[column.name])
    return x, y, z


def _pairs(columns: Sequence[Coded]) -> set[Pair]:
    return {(a.name, b.name) for a, b in combinations(columns, 2)}

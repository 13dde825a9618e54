"""Columns of any level as numbers for a logistic regression: bends of a number, dummies of names.

A number enters with a bend at each quartile, so that a wait may cost little at first and much later; outside of what
was learned from it stays at the ends. A blank is a member of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.stats.intervals import Array
from data_access.warehouse.codes import Column

LEAST_MEMBER = 30  # contacts of a member that is looked at alone
SEEN = 10  # contacts below which a member was not learned from
FEW_VALUES = 3  # of a number that is taken as names
BENDS = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Sign:
    """One column as learned: what its values become. `ends`, `bends`: of a number; `members`: of names.

    known: the members that were seen often enough to judge others by, "" for a blank.
    """

    name: str
    members: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    ends: tuple[float, float] = (0.0, 0.0)
    bends: tuple[float, ...] = ()
    middle: tuple[float, ...] = ()
    blanks: bool = False

    @property
    def is_number(self) -> bool:
        return bool(self.middle)

    def table(self, column: Column) -> Array:
        """(values + 1, width) what each value of a column becomes, a blank last."""
        if not self.is_number:
            names = [*texts(column), ""]
            return np.array([[float(name == member) for member in self.members] for name in names])
        x = np.clip(np.asarray(column.values, dtype=float), *self.ends)
        parts = [x, *(np.maximum(x - bend, 0.0) for bend in self.bends)]
        rows = np.column_stack([*parts, np.zeros(len(x))]) if len(x) else np.empty((0, len(parts) + 1))
        full = np.vstack([rows, [*self.middle, 1.0]])
        return full if self.blanks else full[:, :-1]

    def unseen(self, column: Column) -> Array:
        """(values + 1) whether nothing was learned of a value, a blank last."""
        if self.is_number:
            return np.array([False] * len(column.values) + ["" not in self.known])
        return np.array([name not in self.known for name in (*texts(column), "")])


def texts(column: Column) -> list[str]:
    """The values of a column as texts."""
    values = column.values
    return list(values) if isinstance(values, tuple) else [f"{value:g}" for value in values]


def learned(column: Column, rows: Array) -> Sign:
    """A column as it is in some contacts, to learn from."""
    codes = column.codes[rows]
    counts = np.bincount(codes[codes >= 0], minlength=len(column.values))
    blanks, used = int(np.sum(codes < 0)), np.flatnonzero(counts)
    if not isinstance(column.values, tuple) and len(used) > FEW_VALUES:
        return _number(column, codes, blanks)
    every = {**dict(zip(texts(column), counts.tolist(), strict=True)), "": blanks}
    members = tuple(name for name, n in every.items() if n >= LEAST_MEMBER)
    known = frozenset(name for name, n in every.items() if n >= SEEN)
    return Sign(column.name, members, known)


def _number(column: Column, codes: Array, blanks: int) -> Sign:
    x = np.asarray(column.values, dtype=float)[codes[codes >= 0]]
    ends = float(np.min(x)), float(np.max(x))
    bends = tuple(b for b in np.unique(np.quantile(x, BENDS)).tolist() if ends[0] < b < ends[1])
    middle = (float(np.mean(x)), *(float(np.mean(np.maximum(x - bend, 0.0))) for bend in bends))
    known = frozenset([""]) if blanks >= SEEN else frozenset()
    return Sign(column.name, (), known, ends, bends, middle, blanks >= LEAST_MEMBER)


def matrix(
    signs: Sequence[Sign], columns: Mapping[str, Column], rows: Array, *, center: Array | None = None,
    scale: Array | None = None,
) -> Array:  # fmt: skip
    """(rows, all widths) some contacts as numbers, less a center and divided by a scale."""
    starts = np.cumsum([0, *widths(signs)])
    found = np.empty((len(rows), starts[-1]))
    for sign, start, stop in zip(signs, starts[:-1], starts[1:], strict=True):
        table = sign.table(columns[sign.name])
        table = table if center is None else table - center[start:stop]
        table = table if scale is None else table / scale[start:stop]
        found[:, start:stop] = table[columns[sign.name].codes[rows]]
    return found


def moments(signs: Sequence[Sign], columns: Mapping[str, Column], rows: Array) -> tuple[Array, Array]:
    """Mean and standard deviation (1 where there is none) of each number, from how often each value occurs."""
    means, spreads = [], []
    for sign in signs:
        column, table = columns[sign.name], sign.table(columns[sign.name])
        each = np.bincount(column.codes[rows] % len(table), minlength=len(table)) / len(rows)
        means.append(each @ table)
        spreads.append(np.sqrt(each @ (table - means[-1]) ** 2))
    spread = np.concatenate(spreads)
    return np.concatenate(means), np.where(spread > 0, spread, 1.0)


def widths(signs: Sequence[Sign]) -> list[int]:
    """How many numbers each column became."""
    return [len(s.middle) + s.blanks if s.is_number else len(s.members) for s in signs]


def outside(signs: Sequence[Sign], columns: Mapping[str, Column]) -> Array:
    """Whether a contact holds something that hardly anybody who answered had: nothing can be said of it."""
    found = [sign.unseen(columns[sign.name])[columns[sign.name].codes] for sign in signs]
    return np.any(found, axis=0) if found else np.zeros(0, dtype=bool)

"""Columns of many rows as codes of their different values: a whole column of words costs as little as one of numbers.

Engines return Arrow tables or rows in chunks; both give the same codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

LONG = 50_000  # rows
Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Coded:
    """One code a row, the place of its value among `distinct`; -1 for NULL. Some of `distinct` may have no row."""

    codes: Ints
    distinct: Sequence[Any] | Floats

    def at(self, rows: npt.NDArray[Any]) -> Objects:
        """The values of some rows, None for NULL."""
        return np.asarray(objects([*self.distinct, None])[self.codes[rows]])

    @property
    def values(self) -> Objects:
        """The value of each row."""
        return self.at(np.arange(len(self.codes)))

    @property
    def numbers(self) -> Floats:
        """The number of each row, NaN for NULL."""
        return np.append(np.asarray(self.distinct, dtype=np.float64), np.nan)[self.codes]

    def some(self, rows: npt.NDArray[Any]) -> Coded:
        """Some rows alone."""
        return Coded(self.codes[rows], self.distinct)

    @property
    def used(self) -> npt.NDArray[np.bool_]:
        """Whether any row holds the value, for each of `distinct`."""
        used = np.zeros(len(self.distinct) + 1, dtype=np.bool_)
        for first in range(0, len(self.codes), LONG):  # the first rows mostly hold all of them
            used[self.codes[first : first + LONG]] = True  # NULL, -1, is the last
            if used[:-1].all():
                break
        return used[:-1]

    def recoded(self, codes: Ints) -> Ints:
        """A new code for each of `distinct`, put to every row; NULL stays -1."""
        return np.take(np.append(codes, np.int32(-1)).astype(np.int32), self.codes, mode="wrap")  # NULL is the last


def objects(values: Sequence[Any]) -> Objects:
    """Values of any kind side by side."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def coded_values(values: Iterable[Any]) -> Coded:
    """Values of any kind, coded in the order in which they first come."""
    codes, distinct = pd.factorize(pd.Series(values, dtype=object))
    return Coded(codes.astype(np.int32), list(distinct))


def of_table(table: Any) -> list[Coded]:
    """The columns of an Arrow table, two at a time where they are long: Arrow works beside Python."""
    if table.num_rows < LONG:
        return [_of_arrow(column) for column in table.columns]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(_of_arrow, table.columns))


def _of_arrow(column: Any) -> Coded:
    if not len(column):  # Arrow has no dictionary of no dates
        return Coded(np.empty(0, dtype=np.int32), [])
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks() if column.num_chunks > 1 else column.combine_chunks()
    codes = whole.indices.cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False)
    different = whole.dictionary
    floats = pa.types.is_floating(different.type)
    return Coded(codes, different.to_numpy(zero_copy_only=False) if floats else different.to_pylist())


def numbers_of_table(table: Any) -> Floats:
    """The columns of an Arrow table as numbers (columns, rows); 0 for NULL, which a sum over no answers comes as."""
    numbers = np.empty((table.num_columns, table.num_rows))
    for into, column in zip(numbers, table.columns, strict=True):
        first = 0
        for chunk in column.chunks:
            plain = chunk.cast(pa.float64()) if pa.types.is_decimal(chunk.type) else chunk
            into[first : first + len(chunk)] = plain.to_numpy(zero_copy_only=False)
            first += len(chunk)
    return np.nan_to_num(numbers, copy=False, nan=0.0)


def keys_and_numbers(chunks: Iterable[Sequence[Sequence[Any]]], keys: int, width: int) -> tuple[list[Coded], Floats]:
    """The same of rows of so many columns that come in chunks: the first `keys` as codes, the others as numbers."""
    columns, numbers = [_Words() for _ in range(keys)], [np.empty((width - keys, 0))]
    for chunk in chunks:
        for i, values in enumerate(zip(*chunk, strict=True)):
            if i < keys:
                columns[i].add(values)
        own = [[float(value or 0.0) for value in row[keys:]] for row in chunk]
        numbers.append(np.array(own).reshape(len(chunk), width - keys).T)
    return [column.coded() for column in columns], np.concatenate(numbers, axis=1)


def of_rows(chunks: Iterable[Sequence[Sequence[Any]]], numbers: Sequence[bool]) -> list[Coded]:
    """The columns of rows that come in chunks; `numbers` says which hold nothing but doubles: those are quicker."""
    columns: list[_Words | _Numbers] = [_Numbers() if number else _Words() for number in numbers]
    for chunk in chunks:
        for column, values in zip(columns, zip(*chunk, strict=True), strict=True):
            column.add(values)
    return [column.coded() for column in columns]


class _Words:
    """Codes of values of any kind, given as they first come."""

    def __init__(self) -> None:
        self._places: dict[Any, int] = {}
        self._parts: list[Ints] = [np.empty(0, dtype=np.int32)]

    def add(self, values: Sequence[Any]) -> None:
        own = coded_values(values)
        mine = [self._places.setdefault(value, len(self._places)) for value in own.distinct]
        self._parts.append(own.recoded(np.array(mine, dtype=np.int32)))

    def coded(self) -> Coded:
        return Coded(np.concatenate(self._parts), list(self._places))


class _Numbers:
    """Numbers as they are, coded at the end."""

    def __init__(self) -> None:
        self._parts: list[npt.NDArray[np.float64]] = [np.empty(0)]

    def add(self, values: Sequence[Any]) -> None:
        self._parts.append(np.array(values, dtype=np.float64))

    def coded(self) -> Coded:
        codes, distinct = pd.factorize(np.concatenate(self._parts))
        return Coded(codes.astype(np.int32), np.asarray(distinct))

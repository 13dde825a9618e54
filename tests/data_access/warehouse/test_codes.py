"""Coded columns on every engine, against plain Python over the same rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data_access.selection import Filter, Period
from data_access.semantics import Level
from data_access.statement import BadInput
from data_access.warehouse import Codes, Column, Limits, Warehouse
from tests.data_access.warehouse.expected import OCTOBER, SHANGHAI, segments, selected, value

Opened = Callable[..., Warehouse]
NUMBERS = ["score", "satisfied", "resolved", "waited", "spoken", "wait", "transfers", "said"]
MEMBERS = ["business", "tier", "skill", "load", "vip", "opened", "team", *SHANGHAI]
METRICS = ("score", "satisfied", "resolved", "waited", "spoken")
SCALES = {"score": 10.0, "satisfied": 100.0, "resolved": 100.0, "waited": 100.0}


def read(column: Column) -> list[Any]:
    """What the codes say, row by row; None where unknown."""
    return [None if code < 0 else column.values[code] for code in column.codes]


def scaled(row: dict[str, Any], name: str) -> float | None:
    """A measure on the scale of its column: 0..100 for a metric, none for an exempted rating."""
    raw = None if name in METRICS and row["exempted"] else value(row, name)
    if raw is None:
        return None
    return (raw - 1) * 25 if name == "spoken" else raw * SCALES.get(name, 1.0)


def truth_of(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [scaled(row, name) if name in NUMBERS else segments(row, name)[0] for row in rows]


def sorted_texts(values: list[Any]) -> list[Any]:
    """Rows in no order, to be compared between engines."""
    return sorted(map(repr, values))


def as_rows(codes: Codes, names: list[str]) -> list[Any]:
    return sorted_texts(list(zip(*(_rounded(read(codes.columns[name])) for name in names), strict=True)))


def _rounded(values: list[Any]) -> list[Any]:
    return [round(float(v), 6) if isinstance(v, float) else v for v in values]


@pytest.mark.parametrize("period", [None, OCTOBER])
def test_every_row_is_what_it_was(opened: Opened, truth: pd.DataFrame, period: Period | None) -> None:
    names, filters = [*NUMBERS, *MEMBERS], [Filter("vip", ("true", None))]
    codes = opened().codes(names, period, filters)
    rows = selected(truth, period, filters)
    expected = sorted_texts(list(zip(*(_rounded(truth_of(rows, name)) for name in names), strict=True)))
    assert as_rows(codes, names) == expected
    assert codes.n == codes.of == len(rows) and "SELECT" in codes.sql
    assert list(codes.columns) == names


def test_columns_stand_in_order_and_every_value_occurs(opened: Opened) -> None:
    codes = opened().codes([*NUMBERS, *MEMBERS], None, ())
    for name, column in codes.columns.items():
        assert column.name == name and column.codes.dtype == np.int32 and len(column.codes) == codes.n
        assert set(column.codes) - {-1} == set(range(len(column.values))), name
        if name in NUMBERS:
            assert isinstance(column.values, np.ndarray) and (np.diff(column.values) > 0).all()
    assert codes.columns["tier"].values == ("basic", "silver", "gold")
    assert codes.columns["skill"].values == ("1", "2", "30")
    assert codes.columns["weekday"].values == tuple("1234567")
    assert codes.columns["day_of_month"].values == tuple(str(i) for i in range(1, 32))
    assert codes.columns["month"].values == ("2026-09", "2026-10", "2026-11")
    assert codes.columns["business"].values == tuple(sorted(("3G", "宽带", 'O\'Brien "x"; --', "a%b_c")))
    assert codes.columns["satisfied"].values.tolist() == [0.0, 100.0]

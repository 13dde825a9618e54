"""Why is a customer on the list? The signs that raise the probability most, as codes that words are found for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from analysis.risk.choice import DIGITS, MUST
from analysis.risk.design import Sign, texts
from analysis.risk.model import Model
from analysis.stats.intervals import Array
from data_access.semantics import Level
from data_access.warehouse.behaviour import Behaviour
from data_access.warehouse.codes import Column

BACK, BEFORE, COMPLAINED, REOPENED = OWN = ("@back", "@before", "@complained", "@reopened")  # found out here
MOST = 3
LEAST = 0.1  # by how much the log odds must be raised for a reason
COMPLAINT_NAMED = re.compile(r"complain|投诉|申诉", re.I)  # names of touchpoints, channels and questions
COMPLAINT, PROTECTED = f"{MUST}complaint", f"{MUST}protected"


def columns_of(found: Behaviour) -> dict[str, Column]:
    """The columns of some contacts, with those the program finds out by itself."""
    own = {BACK: found.back, BEFORE: found.before, COMPLAINED: found.complained, REOPENED: found.reopened}
    return {**found.codes.columns, **{name: _yes_no(name, values) for name, values in own.items()}}


def _yes_no(name: str, values: Array) -> Column:
    codes = np.where(np.isnan(values), -1, np.nan_to_num(values)).astype(np.int32)
    missing = float(np.mean(codes < 0)) if len(codes) else float("nan")
    return Column(name=name, level=Level.NOMINAL, codes=codes, values=np.array([0.0, 1.0]), missing=missing,
                  policy="unknown")  # fmt: skip


def reasons(
    model: Model, columns: Mapping[str, Column], rows: Array, units: Mapping[str, str]
) -> list[tuple[str, ...]]:
    """Of each contact the signs that raise its probability most; blanks are no reasons.

    NAME?1 or NAME?0 for what was so or not, NAME=MEMBER for a name, NAME=NUMBER|UNIT for a number.
    """
    raised = model.contributions(columns, rows)
    return [_of_one(model.signs, columns, int(row), each, units) for row, each in zip(rows, raised, strict=True)]


def _of_one(
    signs: Sequence[Sign], columns: Mapping[str, Column], row: int, raised: Array, units: Mapping[str, str]
) -> tuple[str, ...]:
    order = np.argsort(-np.round(raised, DIGITS), kind="stable")
    told = (_told(columns[signs[place].name], row, units) for place in order if raised[place] >= LEAST)
    return tuple(code for code in told if code)[:MOST]


def _told(column: Column, row: int, units: Mapping[str, str]) -> str:
    code, name = int(column.codes[row]), column.name
    value = "" if code < 0 else texts(column)[code]
    if not value or (name.startswith("@") and value == "0"):
        return ""
    if isinstance(column.values, tuple):
        return f"{name}={value}"
    if set(column.values.tolist()) <= {0.0, 1.0}:
        return f"{name}?{value}"
    return f"{name}={value}|{units.get(name, '')}"

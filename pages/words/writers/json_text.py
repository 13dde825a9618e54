"""A result as JSON by the headless contract: plain values, numbers unrounded. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from analysis.result import Result, Statement
from data_access.selection import Period, Selection
from pages.words.catalogue import Catalogue
from pages.words.format import spaced
from pages.words.methods import presentation_of

COUNTS = frozenset({"n", "n0", "n1", "n_a", "n_b", "baseline_n", "contacts", "responses", "clusters"})


def to_json(result: Result, words: Catalogue) -> str:
    """The contract's object, numbers unrounded, null where a number is withheld or undefined."""
    return json.dumps(as_contract(result, words), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def as_contract(result: Result, words: Catalogue) -> dict[str, Any]:
    """The answer as plain values."""
    shown = presentation_of(result.method)
    return {
        "method": result.method,
        "metric": result.metric,
        "selection": selection_of(result.selection),
        "data_version": result.data_version,
        "statistics": plain(result.statistics),
        "table": [plain(shown.rows.contract(result, row)) for row in result.table.to_dict("records")],
        **(plain(shown.beside(result)) if shown.beside else {}),
        "findings": [_said(s, words) for s in result.findings],
        "caveats": [_said(s, words) for s in result.caveats],
        "sql": list(result.sql),
    }


def selection_of(selection: Selection) -> dict[str, Any]:
    """A selection as plain values; periods are half-open."""
    return {
        "metric": selection.metric,
        "period": _days(selection.period),
        "baseline": _days(selection.baseline),
        "filters": {part.dimension: list(part.values) for part in selection.filters},
    }


def _said(statement: Statement, words: Catalogue) -> dict[str, Any]:
    return {"key": statement.key, "values": plain(statement.values), "text": spaced(words.say(statement))}


def _days(period: Period | None) -> dict[str, str] | None:
    return {"from": period.start.isoformat(), "to": period.end.isoformat()} if period else None


def plain(value: Any) -> Any:
    """JSON's own types only: NaN becomes null, whole counts become integers.

    >>> plain({"n": 3.0, "p": float("nan")})
    {'n': 3, 'p': None}
    """
    if isinstance(value, Mapping):
        return {str(k): _count(v) if k in COUNTS else plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, Statement):  # a word within a sentence, by its code
        return value.key.rpartition(".")[2]
    if isinstance(value, Period):
        return _days(value)
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _count(value: Any) -> Any:
    found = plain(value)
    return int(found) if isinstance(found, float) and found.is_integer() else found

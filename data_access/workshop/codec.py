"""How are a selection and numbers written down so that they mean the same years later? As canonical JSON.

Equal values give equal bytes. Dates, periods and filters keep their kind; NaN, NaT and infinity become null
(withheld); numpy scalars become plain numbers; lists come back as tuples.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from data_access.selection import Filter, Period, Selection
from data_access.statement import Statement
from data_access.workshop.records import Milestone


def canonical(selection: Selection) -> Selection:
    """The same question in its one standing form: dimensions and values sorted, each once, blank first."""
    filters = tuple(
        Filter(f.dimension, tuple(sorted(set(f.values), key=lambda v: (v is not None, v or ""))))
        for f in selection.within(()).filters
    )
    return Selection(selection.metric, selection.period, selection.baseline, filters)


def selection_to_json(selection: Selection) -> str:
    """Canonical JSON of a selection.

    >>> selection_to_json(Selection(filters=(Filter("team", ("B", "A")),)))
    '{"baseline":null,"filters":[["team",["A","B"]]],"metric":"score","period":null}'
    """
    plain = canonical(selection)
    return _dump(
        {
            "metric": plain.metric,
            "period": _days(plain.period),
            "baseline": _days(plain.baseline),
            "filters": [[f.dimension, list(f.values)] for f in plain.filters],
        }
    )


def selection_from_json(text: str) -> Selection:
    """The selection written by `selection_to_json`."""
    content = json.loads(text)
    return Selection(
        metric=content["metric"],
        period=_period(content["period"]),
        baseline=_period(content["baseline"]),
        filters=tuple(Filter(dimension, tuple(values)) for dimension, values in content["filters"]),
    )


def to_json(value: Any, *, in_order: bool = False) -> str:
    """Canonical JSON of numbers, names, dates, periods, filters, statements and lists and mappings of them.

    in_order: names stay in the order of their mapping, such as the columns of a table.

    Raises: TypeError for anything else; it could not be read back.
    """
    return _dump(_encoded(value), in_order=in_order)


def from_json(text: str) -> Any:
    return _decoded(json.loads(text))


def plain(value: Any) -> Any:
    """The value as it would come back from the store, for comparing fresh numbers with stored ones."""
    return from_json(to_json(value))


def headline_rows(table: pd.DataFrame, *, most: int = 50) -> tuple[dict[str, Any], ...]:
    """The first rows of a result's table as plain mappings, ready to be pinned."""
    return tuple({str(k): plain(v) for k, v in row.items()} for row in table.head(most).to_dict("records"))


def _dump(value: Any, *, in_order: bool = False) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=not in_order, separators=(",", ":"), allow_nan=False)


def _days(period: Period | None) -> list[str] | None:
    return [period.start.isoformat(), period.end.isoformat()] if period else None


def _period(days: list[str] | None) -> Period | None:
    return Period(date.fromisoformat(days[0]), date.fromisoformat(days[1])) if days else None


def _encoded(value: Any) -> Any:
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return _encoded_mapping(value)
    if isinstance(value, list | tuple):
        return [_encoded(item) for item in value]
    return _encoded_part(value)


def _encoded_mapping(value: Mapping[Any, Any]) -> Any:
    if not all(isinstance(key, str) for key in value):
        raise TypeError(f"names must be text: {sorted(map(repr, value))}")
    content = {key: _encoded(item) for key, item in value.items()}
    # A name that begins with our own sign must not be read back as a tag.
    return {"$map": sorted(content.items())} if any(key.startswith("$") for key in content) else content


def _encoded_part(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, Period):
        return {"$period": _days(value)}
    if isinstance(value, Filter):
        return {"$filter": [value.dimension, list(value.values)]}
    if isinstance(value, Milestone):
        return {"$milestone": _encoded([value.name, value.due, value.done])}
    if isinstance(value, Statement):  # a word within a sentence
        return {"$say": [value.key, _encoded(value.values)]}
    raise TypeError(f"cannot be written down: {type(value).__name__}")


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_decoded(item) for item in value)
    if not isinstance(value, dict):
        return value
    tag = next(iter(value), "")
    if tag in _TAGS:
        return _TAGS[tag](value[tag])
    return {key: _decoded(item) for key, item in value.items()}


_TAGS: Mapping[str, Any] = {
    "$time": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$period": _period,
    "$filter": lambda step: Filter(step[0], tuple(step[1])),
    "$milestone": lambda content: Milestone(*_decoded(content)[:3]),
    "$say": lambda said: Statement(said[0], _decoded(said[1])),
    "$map": lambda items: {key: _decoded(item) for key, item in items},
}

"""The sufficient statistics of a metric by any dimensions: counts, sums and sums of squares, never rows.

One row of a frame is one *cell*: a raw combination of key values. A contact that is in several segments at once
(multi-select) has one cell a combination; `memberships` unfolds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa

from data_access.semantics import Dimension, Reason
from data_access.warehouse.coded import Coded, Objects, coded_values, objects
from data_access.warehouse.dialects import Expression

Places = npt.NDArray[np.int64]
SUMS = ("n", "w", "wx", "v", "vx", "vxx")


def measures(rows: sa.Subquery, weight: str | None) -> list[Expression]:
    """Sums over the raw value x and, where there is one, the weight w; of rows that are sums themselves, of these."""
    if are_sums(rows):
        return [sa.func.count().label("n"), *(sa.func.sum(rows.c[name]).label(name) for name in ("w", "wx", "wxx"))]
    return [*_sums(rows.c.x, sa.func.count(), None if weight is None else rows.c.w, weight)]


def are_sums(rows: sa.Subquery) -> bool:
    """Whether the rows stand for several answers each, by the sums of their weights, values and squares."""
    return "wxx" in rows.c


def measures_of(rows: sa.Subquery, value: str, weight: str | None) -> list[Expression]:
    """The same of one of several values side by side, NULL where it does not count; named n_VALUE, wx_VALUE .."""
    x = rows.c[value]
    w = None if weight is None else sa.case((x.is_not(None), rows.c.w))
    return [measure.element.label(f"{measure.name}_{value}") for measure in _sums(x, sa.func.count(x), w, weight)]


def _sums(x: Expression, n: Expression, w: Expression | None, weight: str | None) -> list[sa.Label[Any]]:
    total, squares = sa.func.sum, x * x
    sums = [n.label("n")]
    if w is None:
        return [*sums, total(x).label("wx"), total(squares).label("vxx")]
    sums += [total(w).label("w"), total(w * x).label("wx"), total(w * squares).label("wxx")]
    if weight == "frequency":
        return sums
    return [*sums, total(w * w).label("v"), total(w * w * x).label("vx"), total(w * w * squares).label("vxx")]


def completed(frame: pd.DataFrame, weight: str | None) -> pd.DataFrame:
    """The frame with all six sums as floats, so that the analyses need not know how the answers were weighted.

    n answers; w, wx: sums of weight and weighted value; v, vx, vxx: the sums that the variance of a weighted mean
    needs (squared weights for survey weights, plain weights for frequencies, ones without weights).
    """
    columns = {str(name): column for name, column in frame.items() if name != "wxx"}
    if weight is None:
        columns |= {"w": frame["n"], "v": frame["n"], "vx": frame["wx"]}
    elif weight == "frequency":
        columns |= {"n": frame["w"], "v": frame["w"], "vx": frame["wx"], "vxx": frame["wxx"]}
    sums = {name: columns[name].to_numpy().astype(float) for name in SUMS}
    columns |= {name: np.where(np.isnan(values), 0.0, values) for name, values in sums.items()}
    return pd.DataFrame(columns, index=frame.index)


def tallies(rows: sa.Subquery, weight: str | None) -> list[Expression]:
    """The sums that are enough where all answers of a cell have the same value, as `by_value` completes them."""
    counted: list[Expression] = [sa.func.count().label("n")]
    weighed = [("w", rows.c.w), ("v", rows.c.w * rows.c.w)] if weight else []
    return [*counted, *(sa.func.sum(term).label(name) for name, term in weighed[: 1 if weight == "frequency" else 2])]


def by_value(frame: pd.DataFrame, weight: str | None) -> pd.DataFrame:
    """The frame with all six sums, of cells whose answers all have the value x."""
    n = frame["w" if weight == "frequency" else "n"].astype(float)
    w, v = frame.get("w", n).astype(float), frame.get("v", n).astype(float)
    x = frame["x"].astype(float)
    return frame.assign(n=n, w=w, v=v, x=x, wx=w * x, vx=v * x, vxx=v * x * x)


def key_names(dimension: Dimension) -> list[str]:
    """The raw key columns of a dimension, as `Expressions.keys` labels them."""
    return [f"{dimension.name}__{i}" for i in range(len(dimension.columns) or 1)]


def memberships(frame: pd.DataFrame, dimensions: Sequence[Dimension]) -> pd.DataFrame:
    """One row per cell and segment: raw keys become one column a dimension, values as text or None.

    Column `part` is the fraction of an answer's lost points that the segment takes: 1, but 1/k for an answer that
    names k reasons, so that reasons sum to the whole.
    """
    names = [name for dimension in dimensions for name in key_names(dimension)]
    raw = {name: coded_values(frame[name]) for name in names}
    return unfolded({str(name): frame[name].array for name in frame if name not in names}, raw, dimensions)


def unfolded(rest: Mapping[str, Any], raw: Mapping[str, Coded], dimensions: Sequence[Dimension]) -> pd.DataFrame:
    """`memberships` of cells whose raw keys are coded; `rest` has all other columns, one of them at least."""
    cells = len(next(iter(rest.values())))
    rows, part, columns = np.arange(cells), np.ones(cells), dict[str, Objects]()
    for dimension in dimensions:
        place, segments = segments_each(dimension, raw)
        again, names, count = _opened(place[rows], segments)
        rows, part = rows[again], part[again]
        columns = {name: column[again] for name, column in columns.items()} | {dimension.name: names}
        if isinstance(dimension, Reason):
            part = part / count
    named = {name: pd.Series(column, dtype=object) for name, column in columns.items()}
    return pd.DataFrame({**{name: column.take(rows) for name, column in rest.items()}, "part": part, **named})


def segments_each(dimension: Dimension, raw: Mapping[str, Coded]) -> tuple[Places, list[list[str | None]]]:
    """The segments of each different combination of a dimension's raw keys, and the place of each row among them."""
    columns = [raw[name] for name in key_names(dimension)]
    place = np.zeros(len(columns[0].codes), dtype=np.int64)
    for column in columns:
        place = pd.factorize(place * (len(column.distinct) + 1) + column.codes + 1)[0]
    first = np.zeros(int(place.max(initial=-1)) + 1, dtype=np.int64)
    first[place[::-1]] = np.arange(len(place))[::-1]
    keys = zip(*(column.at(first) for column in columns), strict=True)
    return place, [segments_of(dimension, own) for own in keys]


def _opened(place: Places, segments: Sequence[Sequence[str | None]]) -> tuple[Places, Objects, Places]:
    """A row for each segment of a row: which row it was, its segment, and how many that row has."""
    counts = np.array([len(own) for own in segments], dtype=np.int64)
    count = counts[place]
    again = np.repeat(np.arange(len(place)), count)
    within = np.arange(len(again)) - (np.cumsum(count) - count)[again]
    begins = (np.cumsum(counts) - counts)[place]
    every = objects([segment for own in segments for segment in own])
    return again, every[begins[again] + within], count[again]


def together(frame: pd.DataFrame, names: Sequence[str], sums: Sequence[str]) -> pd.DataFrame:
    """The columns `names` and `sums`, one row for each combination of `names`: unfolding can repeat one."""
    frame = frame[[*names, *sums]]
    if not names or not frame.duplicated(list(names)).any():
        return frame.reset_index(drop=True)
    added = frame.groupby(list(names), sort=False, dropna=False, observed=True)[list(sums)].sum().reset_index()
    texts = {n: added[n].astype(object).where(added[n].notna(), None) for n in names if frame[n].dtype == object}
    return added.assign(**texts)


def segments_of(dimension: Dimension, keys: tuple[Any, ...]) -> list[str | None]:
    """The segments a combination of raw keys belongs to; at least one.

    >>> from data_access.labels import Labels
    >>> reason = Reason("reason", Labels("reason"), column="r", split="|", not_stated="none given")
    >>> segments_of(reason, ("wait|fee|wait",))
    ['wait', 'fee']
    >>> segments_of(reason, (None,))
    ['none given']
    """
    if dimension.columns:
        segments: list[str | None] = [
            member for (member, _), key in zip(dimension.columns, keys, strict=True) if key == 1
        ]
    elif dimension.split:
        parts = (p.strip() for p in (text_of(keys[0]) or "").split(dimension.split))
        segments = [p for p in dict.fromkeys(parts) if p]
    else:
        segments = [text_of(keys[0], dimension)]
    blank = dimension.not_stated if isinstance(dimension, Reason) else None
    return [blank if v is None or v == "" else v for v in segments] or [blank]


def text_of(value: Any, dimension: Dimension | None = None) -> str | None:
    """A raw value as it is named everywhere else: in links, tables and filters; None for a blank.

    >>> text_of(3.0), text_of(True), text_of(float("nan"))
    ('3', 'true', None)
    """
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    if dimension is not None and dimension.built_in and dimension.name == "month":
        return str(value)[:7]
    if dimension is not None and dimension.built_in and dimension.name in ("day", "week"):
        return str(value)[:10]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | Decimal):
        return str(int(value)) if value == int(value) else str(float(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)

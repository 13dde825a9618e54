"""Which contacts are behind a step, and what else befell those customers? Bounded rows; persons stay masked.

A contact is one row of a frame, in the parts of the model and not under the names of the table:

contact, time, customer, agent (masked), x (raw value of the metric, NaN where no valid answer), comment (without
telephone numbers and e-mails), recording (an http address), reasons (those given), and mappings by name with what is
known: segments, metrics, measures; impossible: the measures whose value cannot be (an end before its beginning).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from data_access.metrics import Metric
from data_access.selection import Filter, Period, Selection
from data_access.semantics import Dimension, Reason
from data_access.statement import BadInput
from data_access.warehouse import cells, scoped
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.dialects import Expression, by_place
from data_access.warehouse.expressions import among
from data_access.warehouse.extent import moment_of, wall_clock
from data_access.warehouse.rows import masked, without_contacts

PAGE = 100  # contacts on one page at most
MOST_IDS = 500  # contacts named at once
MOST_AROUND = 2_000  # contacts of their customers
LONGEST = 2_000  # letters of a comment
SORTED = (sa.String, sa.Integer, sa.Numeric, sa.Float, sa.Date, sa.DateTime, sa.Boolean)  # by every engine
PERSONS: Mapping[str, str] = {"customer": "c", "agent": "a"}  # what their codes begin with


@dataclass(frozen=True)
class Behind:
    """One page of the contacts behind a selection, and how many there are in all."""

    n: int
    page: int
    pages: int
    rows: pd.DataFrame
    sql: str


def behind(contacts: Contacts, selection: Selection, *, worst: bool, page: int, size: int) -> Behind:
    """As `Warehouse.behind` says."""
    contacts.check_open()
    metric = contacts.model.measure(selection.metric)
    conditions = [*contacts.expressions.where(selection.period, selection.filters), *contacts.valid(metric)]
    if any(isinstance(contacts.model.dimension(part.dimension), Reason) for part in selection.filters):
        conditions.append(contacts.expressions.loses(metric))
    counted = contacts.select([sa.func.count().label("n")], None, ()).where(*conditions)
    n, size = int(contacts.connection.run(counted).rows.iloc[0, 0]), max(1, min(size, PAGE))
    pages = max(1, -(-n // size))
    page = min(max(page, 1), pages)
    columns = _columns(contacts, metric)
    query = contacts.select(columns, None, ()).where(*conditions).order_by(*_order(contacts, columns, metric, worst))
    answer = contacts.connection.run(query.offset((page - 1) * size).limit(size))
    return Behind(n, page, pages, _as_contacts(contacts, answer.rows), answer.sql)


def given(contacts: Contacts, metric: str, ids: Sequence[str], filters: Iterable[Filter]) -> Answer:
    """As `Warehouse.given` says."""
    contacts.check_open()
    columns = _columns(contacts, contacts.model.measure(metric))
    query = contacts.select(columns, None, filters).where(_is_one_of(contacts, ids)).limit(MOST_IDS)
    return _answer(contacts, query)


def around(
    contacts: Contacts, metric: str, ids: Sequence[str], period: Period | None, filters: Iterable[Filter]
) -> Answer:
    """As `Warehouse.around` says."""
    contacts.check_open()
    customer, filters = contacts.model.customer_id, tuple(filters)
    if customer is None:
        raise BadInput("trail.no_customers")
    whose, known = contacts.table.c[customer], contacts.expressions.given(customer)
    theirs = contacts.select([whose], None, filters).where(_is_one_of(contacts, ids), *known)
    columns = _columns(contacts, contacts.model.measure(metric))
    query = contacts.select(columns, period, filters).where(whose.in_(theirs))
    return _answer(contacts, query.order_by(*_by_time(columns)).limit(MOST_AROUND))


def beside(contacts: Contacts, role: str, ids: Sequence[str]) -> pd.DataFrame | None:
    """As `Warehouse.beside` says."""
    contacts.check_open()
    name = contacts.model.tables.get(role)
    table = None if name is None else contacts.connection.reflect(name)
    keys = [key for key in ("contact_id", contacts.model.contact_id) if table is not None and key and key in table.c]
    if table is None or not keys:
        return None
    key = table.c[keys[0]]
    columns = [key.label("contact"), *(c for c in table.c if c is not key and c.name != "contact")]
    query = sa.select(*columns).where(among(key, _few(ids)), *scoped.beside(contacts, table))
    order = [place for place, c in zip(by_place(len(columns)), columns, strict=True) if isinstance(c.type, SORTED)]
    rows = wall_clock(contacts.connection.run(query.order_by(*order).limit(MOST_AROUND)).rows, contacts.model.time)
    return rows.assign(contact=pd.Series([cells.text_of(v) for v in rows["contact"]], index=rows.index, dtype=object))


def _is_one_of(contacts: Contacts, ids: Sequence[str]) -> Expression:
    if contacts.identity is None:
        raise BadInput("trail.no_contact_ids")
    return among(contacts.identity, _few(ids))


def _few(ids: Sequence[str]) -> Sequence[str]:
    if len(ids) > MOST_IDS:
        raise BadInput("trail.too_many", n=len(ids), limit=MOST_IDS)
    return ids


def window(rows: pd.DataFrame, days: int) -> Period | None:
    """The days from `days` before the first of these contacts to `days` after the last; None without times."""
    known = rows["time"].dropna()
    if known.empty:
        return None
    reach = timedelta(days=days)
    return Period((known.min() - reach).date(), (known.max() + reach).date() + timedelta(days=1))


def _columns(contacts: Contacts, metric: Metric) -> list[Expression]:
    """Everything asked of a contact, labelled by its part in the model."""
    model, e = contacts.model, contacts.expressions
    named = {"contact": model.contact_id, "customer": model.customer_id, "agent": model.agent,
             "comment": model.comment, "recording": model.recording}  # fmt: skip
    columns: list[Expression] = [e.column(column).label(part) for part, column in named.items() if column]
    columns += [e.local_time().label("time")] if model.time else []
    columns.append(_known(contacts.valid(metric), e.value(metric)).label("x"))
    for m in model.metrics.values():
        if not m.of and not (m.repeat and m != metric):
            columns.append(_known(e.valid(m), e.value(m)).label(f"metric__{m.name}"))
    for driver in model.drivers.values():
        m = driver.as_metric()
        columns.append(_known(e.valid(m), e.value(m)).label(f"measure__{m.name}"))
        if driver.least is not None:
            columns.append(sa.case((sa.and_(*e.off_scale(m)), 1), else_=0).label(f"impossible__{m.name}"))
    return [*columns, *(key for d in (*model.dimensions.values(), *model.reasons.values()) for key in e.keys(d))]


def _known(valid: Sequence[Expression], value: Expression) -> Expression:
    return sa.case((sa.and_(*valid), value))


def _order(
    contacts: Contacts, columns: Sequence[Expression], metric: Metric, worst: bool
) -> list[sa.UnaryExpression[Any]]:
    """Whatever is asked, two runs give the same pages: ties end with the contact, without ids with all columns."""
    by = {column.name: column for column in columns}
    order = [by["x"].asc() if metric.better == "high" else by["x"].desc()] if worst else []
    order += [by["time"].desc()] if "time" in by else []
    return order + ([by["contact"].asc()] if "contact" in by else [column.asc() for column in columns])


def _by_time(columns: Sequence[Expression]) -> list[Expression]:
    return [column for name in ("time", "contact") for column in columns if column.name == name]


def _answer(contacts: Contacts, query: sa.Select[*tuple[Any, ...]]) -> Answer:
    answer = contacts.connection.run(query)
    return Answer(_as_contacts(contacts, answer.rows), answer.sql)


def _as_contacts(contacts: Contacts, raw: pd.DataFrame) -> pd.DataFrame:
    """Raw rows as the module says, whatever the engine answers with."""
    model, zone = contacts.model, ZoneInfo(contacts.model.time.timezone) if contacts.model.time else None
    makers: dict[str, Callable[[Any], Any]] = {
        "contact": cells.text_of,
        "time": lambda value: moment_of(value, zone),
        "comment": _quiet,
        "recording": _address,
        **{part: partial(_person, kind) for part, kind in PERSONS.items()},
    }
    made = {part: [make(v) for v in raw[part]] if part in raw else [None] * len(raw) for part, make in makers.items()}
    records = raw.to_dict("records")
    values: dict[str, Any] = made | {"x": pd.to_numeric(raw["x"], errors="coerce").astype(float).tolist()}
    values["reasons"] = [tuple(v for d in model.reasons.values() for v in _stated(d, row)) for row in records]
    shown = [
        d for d in model.dimensions.values() if model.agent is None or d.column != model.agent
    ]  # agents are codes
    values["segments"] = [_segments(shown, row) for row in records]
    values |= {f"{kind}s": [_numbers(f"{kind}__", row) for row in records] for kind in ("metric", "measure")}
    values["impossible"] = [tuple(_numbers("impossible__", row, above=0)) for row in records]
    return pd.DataFrame({name: pd.Series(values, dtype=_kind(name)) for name, values in values.items()})


def _kind(name: str) -> str:
    return {"time": "datetime64[us]", "x": "float64"}.get(name, "object")


def _person(kind: str, value: Any) -> str | None:
    return masked(None if value == "" else value, kind)


def _quiet(value: Any) -> str | None:
    text = (cells.text_of(value) or "").strip()
    return without_contacts(text[:LONGEST]) or None


def _address(value: Any) -> str | None:
    """Only what a browser may open: no file, no script."""
    text = (cells.text_of(value) or "").strip()
    return text if text.lower().startswith(("http://", "https://")) and len(text) <= LONGEST else None


def _raw(dimension: Dimension, row: Mapping[Any, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in cells.key_names(dimension))


def _stated(reason: Reason, row: Mapping[Any, Any]) -> list[str]:
    return [v for v in cells.segments_of(reason, _raw(reason, row)) if v is not None and v != reason.not_stated]


def _segments(dimensions: Iterable[Dimension], row: Mapping[Any, Any]) -> dict[str, str | tuple[str, ...]]:
    """The members of each dimension that is known: several where its segments overlap."""
    segments: dict[str, str | tuple[str, ...]] = {}
    for dimension in dimensions:
        members = tuple(v for v in cells.segments_of(dimension, _raw(dimension, row)) if v is not None)
        if members:
            segments[dimension.name] = members if dimension.overlaps else members[0]
    return segments


def _numbers(start: str, row: Mapping[Any, Any], *, above: float | None = None) -> dict[str, float]:
    """The known numbers of a row whose columns begin alike, by the rest of their names."""
    numbers = {str(name).removeprefix(start): v for name, v in row.items() if str(name).startswith(start)}
    known = {name: float(v) for name, v in numbers.items() if v is not None and v == v}
    return {name: v for name, v in known.items() if above is None or v > above}

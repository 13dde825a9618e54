"""Does a model fit a live table? Everything found, not only the first; `warehouse.check` refuses, this explains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from data_access.files.profile import ColumnProfile, Holds, TableProfile, profile_table
from data_access.metrics import Metric
from data_access.semantics import SemanticModel, near
from data_access.statement import Statement
from data_access.warehouse.check import named_columns
from data_access.warehouse.dialects import dialect_of
from data_access.warehouse.expressions import Expressions


@dataclass(frozen=True)
class Finding:
    """One thing found. A fatal one keeps the model from being used."""

    statement: Statement
    fatal: bool = True


def check_fit(engine: sa.Engine, model: SemanticModel) -> tuple[Finding, ...]:
    """All that does not fit between a model and its source; the last finding tells what was checked.

    Raises: BadInput when the table is missing, Unreachable when the source does not answer.
    """
    profile = profile_table(engine, model.table)
    columns = {column.name: column for column in profile.columns}
    found = [
        *_missing(model, profile),
        *_times(model, columns),
        *_metrics(model, columns),
        *_impossible(engine, model, profile),
        *_companions(engine, model),
    ]
    done = Finding(Statement("draft.checked", {"table": model.table, "rows": profile.rows}), fatal=False)
    return (*found, done)


def _missing(model: SemanticModel, profile: TableProfile) -> Iterator[Finding]:
    for key, name in named_columns(model):
        if name not in profile.headers:
            values = {"key": key, "name": name, "table": model.table, "near": near(name, profile.headers)}
            yield Finding(Statement("model.no_column", values))


def _times(model: SemanticModel, columns: dict[str, ColumnProfile]) -> Iterator[Finding]:
    spans = [name for driver in model.drivers.values() if driver.since for name in (driver.since, driver.column)]
    for name in (model.time and model.time.column, model.time and model.time.loaded, *spans):
        if name in columns and not columns[name].is_time and columns[name].holds is not Holds.TEXT:
            yield Finding(Statement("draft.not_time", {"name": name}))


def _metrics(model: SemanticModel, columns: dict[str, ColumnProfile]) -> Iterator[Finding]:
    """Scores that hold words, values off the scale, and rates of which one value never occurs."""
    for metric in model.metrics.values():
        column = columns.get(metric.column)
        if column is None or metric.of:
            continue
        if metric.yes is None:
            yield from _scored(metric, column)
        elif not {str(metric.yes).lower(), str(metric.no).lower()} & {text.lower() for text in column.texts}:
            values = {"name": metric.name, "column": column.name, "values": [metric.no, metric.yes]}
            yield Finding(Statement("draft.no_such_values", values))


def _scored(metric: Metric, column: ColumnProfile) -> Iterator[Finding]:
    if not column.is_number:
        yield Finding(Statement("draft.not_numbers", {"name": metric.name, "column": column.name}))
        return
    outside = sum(n for v, n in column.numbers if not metric.is_valid(v) and v not in metric.missing)
    if outside:
        values = {"name": metric.name, "n": outside, "low": f"{metric.low:g}", "high": f"{metric.high:g}"}
        yield Finding(Statement("draft.off_scale", values), fatal=False)


def _impossible(engine: sa.Engine, model: SemanticModel, profile: TableProfile) -> Iterator[Finding]:
    """How often the time between two columns cannot be."""
    spans = [d for d in model.drivers.values() if d.since and {d.since, d.column} <= set(profile.headers)]
    if not spans:
        return
    schema, _, name = model.table.rpartition(".")
    dialect = dialect_of(engine.dialect.name)
    with engine.connect() as connection:
        given = sa.Table(name, sa.MetaData(), schema=schema or None, autoload_with=connection)
        table = dialect.as_read(given, connection)
        e = Expressions(model, table, dialect)
        counts = [sa.func.sum(sa.case((sa.and_(*e.off_scale(d.as_metric())), 1), else_=0)) for d in spans]
        found = connection.execute(sa.select(*counts).select_from(table)).one()
    for driver, n in zip(spans, found, strict=True):
        if n:
            values = {"name": driver.name, "since": driver.since, "column": driver.column, "n": int(n)}
            yield Finding(Statement("draft.impossible", values), fatal=False)


def _companions(engine: sa.Engine, model: SemanticModel) -> Iterator[Finding]:
    inspector = sa.inspect(engine)
    names = [*inspector.get_table_names(), *inspector.get_view_names()]
    for role, table in model.tables.items():
        if table.rpartition(".")[2] not in names and "." not in table:
            values = {"key": f"tables.{role}", "name": table, "near": near(table, names)}
            yield Finding(Statement("draft.no_companion", values))

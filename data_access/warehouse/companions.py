"""The tables beside the contacts: the user's own list of reasons, outside scores, targets and others as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data_access.semantics import SemanticModel, near
from data_access.statement import BadInput
from data_access.warehouse import scoped
from data_access.warehouse.cells import text_of
from data_access.warehouse.connection import Connection
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.extent import wall_clock
from data_access.warehouse.near import Near

MEMBERS = 2_000
BENCHMARKS = ("source", "metric", "dimension", "value", "month", "score", "sd", "n", "peer")
TARGETS = ("dimension", "value", "target")
SERVICE_TARGETS = ("dimension", "value", "seconds", "target", "days")
MONTH = re.compile(r"\s*(\d{4})\D?(0[1-9]|1[0-2]|[1-9](?!\d))")


def powers(connection: Connection, table: str | None) -> pd.DataFrame | None:
    """Columns reason, power, owner of the user's list of reasons, those that are there; None without a table."""
    if not table:
        return None
    reflected = connection.reflect(table)
    wanted = [c for c in ("reason", "power", "owner") if c in reflected.c]
    return connection.run(sa.select(*(reflected.c[c] for c in wanted)).limit(MEMBERS)).rows


def companion(contacts: Contacts, role: str, limit: int, near: Near | None = None) -> pd.DataFrame | None:
    """Rows of a companion table as they are, if asked those near some days; None when the model names none."""
    name = contacts.model.tables.get(role)
    if name is None:
        return None
    table = contacts.connection.reflect(name)
    query = sa.select(table).where(*scoped.beside(contacts, table))
    rows = contacts.connection.run((near.among(query, table) if near else query).limit(limit)).rows
    return wall_clock(rows, contacts.model.time)


def benchmarks(connection: Connection, model: SemanticModel, metric: str, source: str | None) -> pd.DataFrame:
    """As `TableVerbs.benchmarks` says."""
    needed = ("source", "metric", "month", "score")
    where = {"metric": metric, **({} if source is None else {"source": source})}
    rows = _rows(connection, model, "benchmarks", needed=needed, wanted=BENCHMARKS, where=where)
    rows["month"] = pd.Series([_month(v) for v in rows["month"]], index=rows.index, dtype=object)
    rows = _typed(rows, texts=("source", "metric", "dimension", "value"), numbers=("score", "sd", "n", "peer"))
    rows = rows.assign(n=rows["n"].where(rows["n"] > 0))
    rows = rows[rows["score"].notna() & rows["month"].notna()]
    return rows.sort_values(["source", "dimension", "value", "month"], na_position="first", ignore_index=True)


def targets(connection: Connection, model: SemanticModel, metric: str) -> pd.DataFrame:
    """As `TableVerbs.targets` says."""
    wanted = (*TARGETS, "valid_from")
    rows = _rows(connection, model, "targets", needed=("metric", "target"), wanted=wanted, where={"metric": metric})
    rows = _typed(rows, texts=("dimension", "value", "valid_from"), numbers=("target",))
    rows = rows[rows["target"].notna()].sort_values("valid_from", na_position="first", kind="stable")
    latest = rows.drop_duplicates(["dimension", "value"], keep="last")
    return latest.sort_values(["dimension", "value"], na_position="first", ignore_index=True)[list(TARGETS)]


def service_targets(connection: Connection, model: SemanticModel) -> pd.DataFrame:
    """As `TableVerbs.service_targets` says."""
    rows = _rows(connection, model, "service_targets", needed=("seconds",), wanted=SERVICE_TARGETS, where={})
    rows = _typed(rows, texts=SERVICE_TARGETS[:2], numbers=SERVICE_TARGETS[2:])
    return rows[rows["seconds"].notna()].reset_index(drop=True)


def _rows(
    connection: Connection,
    model: SemanticModel,
    role: str,
    *,
    needed: Sequence[str],
    wanted: Sequence[str],
    where: dict[str, str],
) -> pd.DataFrame:
    """The wanted columns of a companion table where columns hold the texts asked for; blank where it lacks one.

    Raises BadInput for a needed column that is not there.
    """
    name = model.tables.get(role)
    if name is None:
        return pd.DataFrame({column: [] for column in wanted}, dtype=object)
    table = connection.reflect(name)
    for column in needed:
        if column not in table.c:
            raise BadInput("model.no_column", key=f"tables.{role}", name=column, table=name,
                           near=near(column, table.c.keys()))  # fmt: skip
    conditions = [sa.cast(table.c[column], sa.String) == text for column, text in where.items()]
    rows = connection.run(sa.select(*(table.c[c] for c in wanted if c in table.c)).where(*conditions)).rows
    return wall_clock(rows, model.time).astype(object).reindex(columns=list(wanted))


def _typed(rows: pd.DataFrame, *, texts: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame:
    """Texts with None for a blank, numbers as floats with NaN for one."""
    made: dict[str, Any] = {c: pd.Series([_text(v) for v in rows[c]], index=rows.index, dtype=object) for c in texts}
    made |= {c: pd.to_numeric(rows[c], errors="coerce").astype(float) for c in numbers}
    return rows.assign(**made)


def _text(value: Any) -> str | None:
    return (text_of(value) or "").strip() or None


def _month(value: Any) -> date | None:
    """The first day of the month of a date, or of a text that begins with one.

    >>> _month("2026-10-31 00:00:00"), _month("202610"), _month("2026年3月"), _month("spring")
    (datetime.date(2026, 10, 1), datetime.date(2026, 10, 1), datetime.date(2026, 3, 1), None)
    """
    match = MONTH.match(_text(value) or "")
    return date(int(match[1]), int(match[2]), 1) if match else None

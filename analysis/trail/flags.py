"""What stands out about a contact? Cases reopened or never closed, answers that differ, times that cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from analysis.trail.column_roles import ColumnRoles
from data_access.semantics import SemanticModel

REOPENED, NEVER_CLOSED, DIFFER, IMPOSSIBLE = "reopened", "never_closed", "answers_differ", "impossible_duration"
SAME_QUESTION_DAYS = 30
COMPLAINTS = ("reopened", "closed_at", "due_at")

Row = Mapping[Any, Any]


def flagged(
    rows: pd.DataFrame,
    around: pd.DataFrame,
    complaints: pd.DataFrame | None,
    *,
    extracted: datetime | None,
    model: SemanticModel,
    roles: ColumnRoles,
) -> pd.DataFrame:
    """The rows with columns flags (codes) and differs_from (the contact answered otherwise, else empty).

    around: all contacts of the same customers, where the other answers are looked for.
    """
    open_or_reopened = _cases(complaints, extracted)
    others = answered_otherwise(rows, around, model, roles)
    flags = [
        (*open_or_reopened.get(contact, ()), *((DIFFER,) if other else ()), *((IMPOSSIBLE,) if impossible else ()))
        for contact, other, impossible in zip(rows["contact"], others, rows["impossible"], strict=True)
    ]
    return rows.assign(flags=_objects(flags, rows), differs_from=_objects(others, rows))


def _objects(values: Sequence[object], rows: pd.DataFrame) -> pd.Series:
    return pd.Series(values, index=rows.index, dtype=object)


def _cases(complaints: pd.DataFrame | None, extracted: datetime | None) -> dict[str, tuple[str, ...]]:
    """The flags of contacts that have a complaint."""
    if complaints is None or complaints.empty:
        return {}
    by_contact: dict[str, list[str]] = {}
    for row in complaints.to_dict("records"):
        flags = by_contact.setdefault(row["contact"], [])
        if is_true(row.get("reopened")) and REOPENED not in flags:
            flags.append(REOPENED)
        if is_overdue(row, extracted) and NEVER_CLOSED not in flags:
            flags.append(NEVER_CLOSED)
    return {contact: tuple(flags) for contact, flags in by_contact.items()}


def is_true(value: object) -> bool:
    """Whether a flag of a companion table says yes, whatever way it is stored."""
    return str(value).lower() in ("1", "1.0", "true", "t", "yes", "y", "是")


def is_overdue(complaint: Row, extracted: datetime | None) -> bool:
    """Whether a complaint was due before the data were taken and had not been closed by then."""
    if "closed_at" not in complaint or "due_at" not in complaint or extracted is None:
        return False
    closed, due = (pd.to_datetime(complaint[name], errors="coerce") for name in ("closed_at", "due_at"))
    return bool(pd.isna(closed) and pd.notna(due) and due.tz_localize(None) < pd.Timestamp(extracted))


def answered_otherwise(
    rows: pd.DataFrame, around: pd.DataFrame, model: SemanticModel, roles: ColumnRoles
) -> list[str]:
    """For each row the nearest contact of the same customer and question that was answered otherwise; else empty."""
    if not roles.question or around.empty:
        return [""] * len(rows)
    theirs: dict[tuple[str, str], list[Row]] = {}
    for row in around.to_dict("records"):
        key = _question_of(row, roles)
        if key:
            theirs.setdefault(key, []).append(row)
    contacts = []
    for row in rows.to_dict("records"):
        others = theirs.get(_question_of(row, roles) or ("", ""), [])
        answered = [other for other in others if _answered_otherwise(row, other, model, roles)]
        nearest = min(answered, key=lambda other: abs(other["time"] - row["time"]), default=None)
        contacts.append(str(nearest["contact"]) if nearest else "")
    return contacts


def _question_of(row: Row, roles: ColumnRoles) -> tuple[str, str] | None:
    """The customer and the question; None where either is unknown."""
    question = row["segments"].get(roles.question)
    return (row["customer"], question) if row["customer"] and isinstance(question, str) else None


def _answered_otherwise(row: Row, other: Row, model: SemanticModel, roles: ColumnRoles) -> bool:
    """Whether another contact within a month was served by someone else with another outcome or other reasons."""
    if row["contact"] == other["contact"] or pd.isna(row["time"]) or pd.isna(other["time"]):
        return False
    if abs(row["time"] - other["time"]) > timedelta(days=SAME_QUESTION_DAYS):
        return False
    return _served_by_others(row, other, model) and _other_outcome(row, other, roles)


def _served_by_others(row: Row, other: Row, model: SemanticModel) -> bool:
    """Whether the agents differ; where unknown, the units."""
    if row["agent"] and other["agent"]:
        return bool(row["agent"] != other["agent"])
    mine, theirs = (r["segments"].get(model.cluster or "") for r in (row, other))
    return mine is not None and theirs is not None and mine != theirs


def _other_outcome(row: Row, other: Row, roles: ColumnRoles) -> bool:
    mine, theirs = (r["metrics"].get(roles.resolved) for r in (row, other))
    if mine is not None and theirs is not None and mine != theirs:
        return True
    return bool(row["reasons"] and other["reasons"] and set(row["reasons"]) != set(other["reasons"]))

"""Which contacts are behind a step? A page of them, with comments, measures, checks and flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.result import Method, Result, Statement
from analysis.trace.path import plain
from analysis.trail.column_roles import ColumnRoles, column_roles
from analysis.trail.flags import DIFFER, IMPOSSIBLE, NEVER_CLOSED, REOPENED, SAME_QUESTION_DAYS, flagged
from data_access.metrics import Metric
from data_access.selection import Filter, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.trail import window

ORDERS = ("worst", "newest")
COLUMNS = (
    "contact_id", "time", "score", "lost", "given", "reasons", "wait", "transfers", "errors", "comment", "recording",
    "agent", "customer", "flags", "differs_from", "segments", "metrics", "drivers",
)  # fmt: skip


def contacts(
    warehouse: Warehouse,
    selection: Selection,
    *,
    path: Sequence[Filter] = (),
    page: int = 1,
    size: int = 20,
    order: str = "worst",
) -> Result:
    """The contacts with a valid answer behind the last step of a path, in the period of the selection.

    One row per contact, columns COLUMNS. score and lost are in the metric's unit, given is the raw value; wait,
    transfers and errors come from the measures with these roles (options["marks"]); segments, metrics and drivers
    map names to what is known; flags are codes (`flags`), differs_from the contact that was answered otherwise.
    Customers and agents are codes, comments without telephone numbers. parts: complaints and quality, the companions'
    rows of these contacts. Raises BadInput for an unknown order, NothingToShow where the step has no contacts.
    """
    if order not in ORDERS:
        raise BadInput("trail.unknown_order", name=order, orders=list(ORDERS))
    metric, step = warehouse.model.measure(selection.metric), selection.within(path)
    behind = warehouse.behind(step, worst=order == "worst", page=page, size=size)
    if not behind.n:
        raise NothingToShow("selection.empty")
    ids = [contact for contact in behind.rows["contact"] if contact]
    parts, roles = companions(warehouse, ids), column_roles(warehouse.model)
    around, queries = _around(warehouse, selection, behind.rows, ids)
    rows = flagged(
        behind.rows,
        around,
        parts.get("complaints"),
        extracted=_extracted(warehouse, parts),
        model=warehouse.model,
        roles=roles,
    )
    table = contact_table(rows, metric, roles, parts)
    statistics = {"n": behind.n, "page": behind.page, "pages": behind.pages, "size": size, **flag_counts(table)}
    return Result.of(
        warehouse,
        selection,
        metric,
        "contacts",
        statistics=statistics,
        table=table,
        findings=_findings(statistics),
        caveats=(*caveats(warehouse, table), *_impossible(warehouse, step)),
        how=Method("contacts", Statement(f"how.contacts.{order}"), (Statement("how.contacts.masked"),)),
        options={
            "path": plain(path),
            "page": behind.page,
            "size": size,
            "order": order,
            "marks": role_names(roles),
        },
        parts=parts,
        sql=(behind.sql, *queries),
    )


def companions(
    warehouse: Warehouse, ids: Sequence[str], roles: Sequence[str] = ("complaints", "quality")
) -> dict[str, pd.DataFrame]:
    """The rows of the companion tables about these contacts, as far as the model names them."""
    if not ids:
        return {}
    tables = {role: warehouse.beside(role, ids) for role in roles}
    return {role: rows for role, rows in tables.items() if rows is not None}


def _extracted(warehouse: Warehouse, parts: Mapping[str, pd.DataFrame]) -> Any:
    """When the data were extracted; needed only where a case could still be open."""
    return warehouse.extent().extracted if len(parts.get("complaints", ())) else None


def _around(
    warehouse: Warehouse, whole: Selection, rows: pd.DataFrame, ids: Sequence[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The contacts of the same customers a month around, over all that the user may see."""
    if not ids or not warehouse.model.customer_id or not warehouse.model.time:
        return rows.iloc[:0], ()
    answer = warehouse.around(whole.metric, ids, window(rows, SAME_QUESTION_DAYS), whole.filters)
    return answer.rows, (answer.sql,)


def contact_table(
    rows: pd.DataFrame, metric: Metric, roles: ColumnRoles, parts: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """The rows in the columns of the result."""
    raw, measures = rows["x"].to_numpy(dtype=float), list(rows["measures"])
    score = metric.slope * raw + metric.offset
    made = {
        "contact_id": rows["contact"], "given": raw, "score": score, "lost": metric.lost(score),
        "drivers": rows["measures"],
        **{name: [_first(m, getattr(roles, name)) for m in measures] for name in ("wait", "transfers")},
        "errors": _errors(rows, roles, parts.get("quality")),
    }  # fmt: skip
    return rows.assign(**made)[list(COLUMNS)].reset_index(drop=True)


def _first(measures: Mapping[str, float], names: Sequence[str]) -> float:
    return next((measures[name] for name in names if name in measures), float("nan"))


def _errors(rows: pd.DataFrame, roles: ColumnRoles, quality: pd.DataFrame | None) -> list[float]:
    """Errors in the checks of a contact, else those recorded with it; NaN if never checked."""
    checked: dict[str, float] = {}
    counted = [] if quality is None else [c for c in ("critical_error", "noncritical_errors") if c in quality]
    if quality is not None and counted:
        sums = quality[counted].apply(pd.to_numeric, errors="coerce").sum(axis=1)
        checked = {str(contact): float(n) for contact, n in sums.groupby(quality["contact"]).max().items()}
    return [
        checked.get(contact, _first(measures, roles.errors))
        for contact, measures in zip(rows["contact"], rows["measures"], strict=True)
    ]


def flag_counts(table: pd.DataFrame) -> dict[str, int]:
    """The number of listed contacts with each flag."""
    return {
        code: sum(code in flags for flags in table["flags"]) for code in (REOPENED, NEVER_CLOSED, DIFFER, IMPOSSIBLE)
    }


def role_names(roles: ColumnRoles) -> dict[str, list[str]]:
    """The measures that columns wait, transfers and errors were taken from."""
    return {name: list(getattr(roles, name)) for name in ("wait", "transfers", "errors")}


def _impossible(warehouse: Warehouse, step: Selection) -> tuple[Statement, ...]:
    """How often a measure holds what cannot be, among all contacts of the step."""
    bounded = [d.name for d in warehouse.model.drivers.values() if d.least is not None]
    counts = {name: warehouse.coverage(name, step.period, step.filters).out_of_scale for name in bounded}
    return tuple(Statement("caveat.impossible", {"name": name, "n": n}) for name, n in counts.items() if n)


def _findings(statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    statements = [Statement("trail.behind", {name: statistics[name] for name in ("n", "page", "pages")})]
    return (*statements, *flag_findings(statistics))


def flag_findings(statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    """A sentence for each flag that stands on a listed contact."""
    codes = (REOPENED, NEVER_CLOSED, DIFFER, IMPOSSIBLE)
    return tuple(Statement(f"trail.{code}", {"n": statistics[code]}) for code in codes if statistics[code])


def caveats(warehouse: Warehouse, table: pd.DataFrame) -> tuple[Statement, ...]:
    """What the model does not know, and so nobody can see here."""
    model = warehouse.model
    lacking = {"no_contact_ids": model.contact_id, "no_customers": model.customer_id, "no_comments": model.comment}
    statements = [Statement(f"caveat.{key}") for key, column in lacking.items() if not column]
    return (*statements, *([Statement("caveat.masked")] if table["comment"].notna().any() else []))

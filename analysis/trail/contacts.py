"""Which contacts are behind a step? A page of them, with what was said, measured and checked, and what stands out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.result import Method, Result, Statement
from analysis.trace.path import plain
from analysis.trail.flags import DIFFER, IMPOSSIBLE, NEVER_CLOSED, REOPENED, SAME_QUESTION_DAYS, flagged
from analysis.trail.marks import Marks, marks_of
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

    One row a contact, columns COLUMNS. score and lost are in the metric's unit, given is the raw value; wait,
    transfers and errors come from the measures that tell of them (options["marks"]); segments, metrics and drivers
    map names to what is known; flags are codes (`flags`), differs_from the contact that was answered otherwise.
    Customers and agents are codes, comments without telephone numbers. parts: complaints and quality, the companions'
    rows of these contacts. Raises BadInput for an unknown order, NothingToShow where nobody is behind the step.
    """
    if order not in ORDERS:
        raise BadInput("trail.unknown_order", name=order, orders=list(ORDERS))
    metric, step = warehouse.model.measure(selection.metric), selection.within(path)
    behind = warehouse.behind(step, worst=order == "worst", page=page, size=size)
    if not behind.n:
        raise NothingToShow("selection.empty")
    ids = [contact for contact in behind.rows["contact"] if contact]
    parts, marks = companions(warehouse, ids), marks_of(warehouse.model)
    around, asked = _around(warehouse, selection, behind.rows, ids)
    rows = flagged(behind.rows, around, parts.get("complaints"), _extracted(warehouse, parts), warehouse.model, marks)
    table = tabled(rows, metric, marks, parts)
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
            "marks": named_marks(marks),
        },
        parts=parts,
        sql=(behind.sql, *asked),
    )


def companions(
    warehouse: Warehouse, ids: Sequence[str], roles: Sequence[str] = ("complaints", "quality")
) -> dict[str, pd.DataFrame]:
    """What the companion tables say of these contacts, as far as the model names them."""
    if not ids:
        return {}
    found = {role: warehouse.beside(role, ids) for role in roles}
    return {role: rows for role, rows in found.items() if rows is not None}


def _extracted(warehouse: Warehouse, parts: Mapping[str, pd.DataFrame]) -> Any:
    """When the data were taken; asked only where a case could still be open."""
    return warehouse.extent().extracted if len(parts.get("complaints", ())) else None


def _around(
    warehouse: Warehouse, whole: Selection, rows: pd.DataFrame, ids: Sequence[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The contacts of the same customers a month around, over all that the user may see."""
    if not ids or not warehouse.model.customer_id or not warehouse.model.time:
        return rows.iloc[:0], ()
    answer = warehouse.around(whole.metric, ids, window(rows, SAME_QUESTION_DAYS), whole.filters)
    return answer.rows, (answer.sql,)


def tabled(rows: pd.DataFrame, metric: Metric, marks: Marks, parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The rows in the columns of the answer."""
    raw, measures = rows["x"].to_numpy(dtype=float), list(rows["measures"])
    score = metric.slope * raw + metric.offset
    made = {
        "contact_id": rows["contact"], "given": raw, "score": score, "lost": metric.lost(score),
        "drivers": rows["measures"],
        **{name: [_first(m, getattr(marks, name)) for m in measures] for name in ("wait", "transfers")},
        "errors": _errors(rows, marks, parts.get("quality")),
    }  # fmt: skip
    return rows.assign(**made)[list(COLUMNS)].reset_index(drop=True)


def _first(measures: Mapping[str, float], names: Sequence[str]) -> float:
    return next((measures[name] for name in names if name in measures), float("nan"))


def _errors(rows: pd.DataFrame, marks: Marks, quality: pd.DataFrame | None) -> list[float]:
    """Errors found in the checks of a contact, else what the contact itself carries; NaN where nobody checked."""
    checked: dict[str, float] = {}
    counted = [] if quality is None else [c for c in ("critical_error", "noncritical_errors") if c in quality]
    if quality is not None and counted:
        sums = quality[counted].apply(pd.to_numeric, errors="coerce").sum(axis=1)
        checked = {str(contact): float(n) for contact, n in sums.groupby(quality["contact"]).max().items()}
    return [
        checked.get(contact, _first(measures, marks.errors))
        for contact, measures in zip(rows["contact"], rows["measures"], strict=True)
    ]


def flag_counts(table: pd.DataFrame) -> dict[str, int]:
    """How many of the listed contacts stand out, by flag."""
    return {
        code: sum(code in flags for flags in table["flags"]) for code in (REOPENED, NEVER_CLOSED, DIFFER, IMPOSSIBLE)
    }


def named_marks(marks: Marks) -> dict[str, list[str]]:
    """The measures that columns wait, transfers and errors were taken from."""
    return {name: list(getattr(marks, name)) for name in ("wait", "transfers", "errors")}


def _impossible(warehouse: Warehouse, step: Selection) -> tuple[Statement, ...]:
    """How often a measure holds what cannot be, among all contacts of the step."""
    bounded = [d.name for d in warehouse.model.drivers.values() if d.least is not None]
    counts = {name: warehouse.coverage(name, step.period, step.filters).out_of_scale for name in bounded}
    return tuple(Statement("caveat.impossible", {"name": name, "n": n}) for name, n in counts.items() if n)


def _findings(statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    found = [Statement("trail.behind", {name: statistics[name] for name in ("n", "page", "pages")})]
    return (*found, *told_flags(statistics))


def told_flags(statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    """A sentence for each flag that stands on a listed contact."""
    codes = (REOPENED, NEVER_CLOSED, DIFFER, IMPOSSIBLE)
    return tuple(Statement(f"trail.{code}", {"n": statistics[code]}) for code in codes if statistics[code])


def caveats(warehouse: Warehouse, table: pd.DataFrame) -> tuple[Statement, ...]:
    """What the model does not know, and so nobody can see here."""
    model = warehouse.model
    lacking = {"no_contact_ids": model.contact_id, "no_customers": model.customer_id, "no_comments": model.comment}
    found = [Statement(f"caveat.{key}") for key, column in lacking.items() if not column]
    return (*found, *([Statement("caveat.masked")] if table["comment"].notna().any() else []))

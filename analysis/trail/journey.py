"""How did this customer get here? The contacts around one, across all touchpoints, in order of time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from analysis.result import Method, Result, Statement
from analysis.trail.column_roles import ColumnRoles, column_roles
from analysis.trail.contacts import caveats, companions, contact_table, flag_counts, flag_findings, role_names
from analysis.trail.flags import flagged, is_overdue
from data_access.selection import Selection
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.trail import window

MOST = 200  # contacts of a journey, those nearest to the one in question
CASE = ("level", "opened_at", "due_at", "closed_at", "outcome")
BOT = ("path", "outcome")


def journey(warehouse: Warehouse, selection: Selection, *, contact: str, days: int = 30) -> Result:
    """All contacts of the customer of `contact` within so many days of it, as far as the selection's filters allow.

    The period of the selection does not matter. One row per contact in order of time: `this` (the given contact),
    touchpoint, business, question, resolved (0, 1 or NaN), those of `contacts`, case_level, case_opened_at,
    case_due_at, case_closed_at, case_outcome, case_overdue of a complaint, bot_path and bot_outcome of a bot session.
    parts: complaints, quality and bot. Raises BadInput where the model names no contact ids or customers,
    NothingToShow where the contact is not within the scope.
    """
    metric, roles = warehouse.model.measure(selection.metric), column_roles(warehouse.model)
    this = warehouse.given(selection.metric, [contact], selection.filters)
    if this.rows.empty:
        raise NothingToShow("trail.no_such_contact", contact=contact)
    around = warehouse.around(selection.metric, [contact], window(this.rows, days), selection.filters)
    rows = _nearest(around.rows if len(around.rows) else this.rows, this.rows["time"].iloc[0])
    parts = companions(warehouse, list(rows["contact"]), ("complaints", "quality", "bot"))
    extracted = warehouse.extent().extracted
    rows = flagged(rows, rows, parts.get("complaints"), extracted=extracted, model=warehouse.model, roles=roles)
    table = _with_places(contact_table(rows, metric, roles, parts), roles, contact)
    table = _with_companions(table, parts, extracted)
    statistics = _statistics(table, days) | flag_counts(table)
    return Result.of(
        warehouse,
        selection,
        metric,
        "journey",
        statistics=statistics,
        table=table,
        findings=_findings(statistics),
        caveats=(*caveats(warehouse, table), *_limits(this.rows, around.rows, table)),
        how=Method("journey", Statement("how.journey.formula", {"days": days}), (Statement("how.contacts.masked"),)),
        options={"contact": contact, "days": days, "marks": role_names(roles)},
        parts=parts,
        sql=(this.sql, around.sql),
    )


def _nearest(rows: pd.DataFrame, moment: Any) -> pd.DataFrame:
    """Those nearest in time, in order of time; an automatic caller has thousands."""
    if len(rows) > MOST:
        distance = (rows["time"] - moment).abs()
        rows = rows.loc[distance.sort_values(kind="stable").index[:MOST]]
    return rows.sort_values("time", kind="stable", ignore_index=True)


def _with_places(table: pd.DataFrame, roles: ColumnRoles, contact: str) -> pd.DataFrame:
    """Where each contact took place and what it was about, before everything else."""
    named = {name: getattr(roles, name) for name in ("touchpoint", "business", "question")}
    places = {
        name: pd.Series([s.get(dimension) for s in table["segments"]], index=table.index, dtype=object)
        for name, dimension in named.items()
    }
    resolved = [float(m.get(roles.resolved, float("nan"))) for m in table["metrics"]]
    first = pd.DataFrame({"this": table["contact_id"] == contact, **places, "resolved": resolved})
    return pd.concat([first, table], axis=1)


def _with_companions(
    table: pd.DataFrame, parts: Mapping[str, pd.DataFrame], extracted: datetime | None
) -> pd.DataFrame:
    """The complaint and the bot session of each contact; None where there is none."""
    cases, sessions = (_first_of_each(parts.get(role)) for role in ("complaints", "bot"))
    ids = list(table["contact_id"])
    made: dict[str, list[Any]] = {f"case_{name}": [_known(cases, i, name) for i in ids] for name in CASE}
    made["case_overdue"] = [is_overdue(cases.get(i, {}), extracted) for i in ids]
    made |= {f"bot_{name}": [_known(sessions, i, name) for i in ids] for name in BOT}
    return table.assign(**{name: pd.Series(v, index=table.index, dtype=object) for name, v in made.items()})


def _first_of_each(rows: pd.DataFrame | None) -> dict[str, dict[Any, Any]]:
    if rows is None:
        return {}
    return {row["contact"]: row for row in reversed(rows.to_dict("records"))}


def _known(rows: Mapping[str, Mapping[Any, Any]], contact: str, name: str) -> Any:
    value = rows.get(contact, {}).get(name)
    return None if value is None or pd.isna(value) else value


def _statistics(table: pd.DataFrame, days: int) -> dict[str, Any]:
    place = int(table["this"].to_numpy().argmax())
    return {
        "n": len(table),
        "before": place,
        "after": len(table) - place - 1,
        "touchpoints": int(table["touchpoint"].nunique()),
        "days": days,
    }


def _findings(statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    names = ("n", "before", "after", "touchpoints", "days")
    key = "trail.journey" if statistics["n"] > 1 else "trail.journey_alone"
    return (Statement(key, {name: statistics[name] for name in names}), *flag_findings(statistics))


def _limits(contact: pd.DataFrame, around: pd.DataFrame, table: pd.DataFrame) -> tuple[Statement, ...]:
    """The customer is unknown, or there are more contacts than are shown."""
    if contact["customer"].iloc[0] is None:
        return (Statement("caveat.customer_unknown"),)
    return (Statement("caveat.journey_cut", {"shown": len(table)}),) if len(around) > len(table) else ()

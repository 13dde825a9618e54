"""The measures of people on the board of the service: contacts of new hires, and how busy the agents are."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.result import Statement
from analysis.service.day_counts import DayCounts
from analysis.service.people.months import BUSY, NEW_HIRES
from analysis.service.people.relations import NEW_DAYS
from analysis.service.people.roles import tenure_of
from data_access.selection import Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.agent_months import NEW, START, TENURED

RATIOS = (NEW_HIRES, BUSY)
MEASURES = tuple(ratio.name for ratio in RATIOS)
COUNTS = (NEW, TENURED, "busy", "loaded")


def people_counts(warehouse: Warehouse, selection: Selection, *, by: Sequence[str] = ()) -> DayCounts:
    """Contacts of new hires by day, occupancy by agent and month.

    Occupancy is cut only by what the table of agent-months says; its rows are empty for other cuts. Raises BadInput
    where neither is known, NothingToShow where there is nothing in the period.
    """
    check_side_by_side(warehouse.model, by)
    sql: list[str] = []
    periods = [_rows(warehouse, selection, by, period, sql) for period in selection.periods]
    if periods[0].empty:
        raise NothingToShow("selection.empty")
    return DayCounts(
        by=tuple(by),
        periods=periods,
        ratios=RATIOS,
        counts=COUNTS,
        notes=(Statement("how.people.rates"), Statement("how.service.days")),
        sql=tuple(sql),
    )


def _rows(
    warehouse: Warehouse, selection: Selection, by: Sequence[str], period: Period | None, sql: list[str]
) -> pd.DataFrame:
    """Raises the problem of the first where neither can be had."""
    found, problems = list[pd.DataFrame](), list[BadInput]()
    for ask in (_new_hires, _busy):
        try:
            rows, asked = ask(warehouse, selection, by, period)
        except BadInput as problem:
            problems.append(problem)
            continue
        found.append(rows)
        sql.append(asked)
    if not found:
        raise problems[0]
    together = pd.concat(found, ignore_index=True).reindex(columns=[*by, "day", *COUNTS])
    return together.assign(**{name: together[name].fillna(0.0) for name in COUNTS})


def _new_hires(
    warehouse: Warehouse, selection: Selection, by: Sequence[str], period: Period | None
) -> tuple[pd.DataFrame, str]:
    tenure = tenure_of(warehouse.model)
    answer = warehouse.newcomers(tenure, NEW_DAYS, by, period, selection.filters)
    return answer.rows[answer.rows[TENURED] > 0], answer.sql


def _busy(
    warehouse: Warehouse, selection: Selection, by: Sequence[str], period: Period | None
) -> tuple[pd.DataFrame, str]:
    """The occupancy at which the average contact was handled: each month of an agent weighs as its contacts."""
    answer = warehouse.agent_months(by, period, selection.filters)
    rows = answer.rows[answer.rows["occupancy"].notna()]
    loaded = rows["contacts"].fillna(1.0)
    return rows.assign(day=rows[START], loaded=loaded, busy=loaded * rows["occupancy"]), answer.sql

"""How well does the bot serve? Its indicators, each a share of its own population; containment is not resolution.

Contained is who saw no agent, be it that all was done, that the customer gave up or that nobody knows. Resolved is a
session that was contained and not left, whose customer needed no agent about the same question within 48 hours and
did not rate it badly: that can be known of matured sessions of known customers only. Whether more containment is
good shows in resolution and returns; so it is called neither better nor worse by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.limits import within_limits
from analysis.own_order import in_own_order
from analysis.result import Method, Result, Statement
from analysis.service.bot.flow import Flow, flow_of
from analysis.service.bot.handover import Handover, handover_of
from analysis.service.bot.review import COLUMNS, HOLLOW, Review, dimension_of, review_of
from analysis.service.day_counts import DayCounts
from analysis.service.measures import by_segment
from analysis.service.rates import NEITHER, Ratio
from data_access.selection import Period, Selection
from data_access.semantics import near
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.bots import ALL, COUNTS

RATIOS = (
    Ratio("automation_share", "contained", ALL, NEITHER),
    Ratio("bot_recognition", "recognised", "heard"),
    Ratio("bot_no_answer", "unanswered", "asked", "low"),
    Ratio("bot_containment", "contained", "sessions", NEITHER),
    Ratio("bot_silence", "silent", "sessions", "low"),
    Ratio("bot_resolution", "resolved", "ripe"),
    Ratio("bot_return", "returned", "ripe", "low"),
    Ratio("bot_transfer", "handed_over", "sessions", NEITHER),
    Ratio("handover_context", "briefed", "told"),
    Ratio("bot_satisfied", "satisfied", "rated"),
)
MEASURES = tuple(ratio.name for ratio in RATIOS)
COUNTED = (*COUNTS, ALL)
TREE: tuple[tuple[str, int], ...] = (  # each indicator and how deep it stands below the volume
    ("bot_sessions", 0),
    ("automation_share", 1),
    ("bot_recognition", 1),
    ("bot_no_answer", 2),
    ("bot_containment", 1),
    ("bot_silence", 2),
    ("bot_resolution", 2),
    ("bot_return", 2),
    ("bot_transfer", 1),
    ("handover_context", 2),
    ("bot_satisfied", 1),
)


@within_limits
def bot(warehouse: Warehouse, selection: Selection, *, by: Sequence[str] = (), scenario: str | None = None) -> Result:
    """The indicators of the bot sessions begun in the period, over all and by the segments of `by`.

    scenario: whose flow is shown; at first one that contains more and resolves less, else the one most handed over.
    parts: `measures`, `tree` (indicators with their formulas), `review` (transfers by scenario), `versions` (what the
    newest version of a scenario's flow changed, where it is recent), `flow` (nodes: reach, exit, transfer, score),
    `flow_versions` (the same before and after a version), `handover` (scores by wait and by context), `legs` (by bot
    leg and agent leg), `trend`.
    Raises NothingToShow without a session, BadInput without a table of them or for an unknown scenario.
    """
    by = tuple(by)
    whole = bot_counts(warehouse, selection)
    cut = bot_counts(warehouse, selection, by=by) if by else whole
    _, table, _ = by_segment(cut.now, by, cut.ratios, cut.counts)
    table.insert(1, "n", table["sessions"])
    found, metric = whole.measures(), warehouse.model.measure(selection.metric)
    review = _review(warehouse, selection, cut)
    if scenario is not None and scenario not in set(review.table["scenario"]):
        known = [name for name in review.table["scenario"] if isinstance(name, str)]
        key = "bot.unknown_scenario" if known else "bot.no_scenarios"
        raise BadInput(key, name=scenario, near=near(scenario, known))
    flow = flow_of(warehouse, selection, metric, scenario or review.first, review.all_switches)
    handover = handover_of(warehouse, selection, metric)
    statistics = _statistics(found, whole.now)
    return Result.of(
        warehouse,
        selection,
        metric,
        "bot",
        statistics=statistics,
        table=in_own_order(table, [warehouse.model.dimension(name) for name in by]),
        findings=_findings(statistics, review, flow, handover),
        caveats=_caveats(statistics, review, flow),
        how=Method("bot", Statement("how.bot.formula", statistics), whole.notes),
        options={"by": by, "scenario": flow.scenario},
        parts={
            "measures": found,
            "tree": _tree(found, statistics),
            "review": review.table,
            "versions": review.versions,
            "flow": flow.nodes,
            "flow_versions": flow.versions,
            "handover": handover.groups,
            "legs": handover.legs,
            "trend": whole.over_time(selection),
        },
        sql=tuple(dict.fromkeys([*whole.sql, *cut.sql, *review.sql, *flow.sql, *handover.sql])),
    )


def _review(warehouse: Warehouse, selection: Selection, cut: DayCounts) -> Review:
    """The scenarios, where the model has a dimension of them."""
    scenario = dimension_of(warehouse, "scenario")
    if scenario is None:
        return Review(pd.DataFrame(columns=COLUMNS))
    counts = cut if cut.by == (scenario,) else bot_counts(warehouse, selection, by=(scenario,))
    return review_of(warehouse, selection, counts)


def bot_counts(warehouse: Warehouse, selection: Selection, *, by: Sequence[str] = ()) -> DayCounts:
    """What `bot` counts. Raises as it does."""
    check_side_by_side(warehouse.model, by)
    sql: list[str] = []
    periods = [_rows(warehouse, selection, by, period, sql) for period in selection.periods]
    if not periods[0]["sessions"].sum():
        raise NothingToShow("selection.empty")
    gave_up = {"dropped": float(periods[0]["dropped"].sum())}
    notes = [Statement(f"how.bot.{name}", gave_up) for name in ("containment", "resolution", "silence", "automation")]
    return DayCounts(
        by=tuple(by),
        periods=periods,
        ratios=RATIOS,
        counts=COUNTED,
        notes=(*notes, Statement("how.service.days")),
        sql=tuple(sql),
    )


def _rows(
    warehouse: Warehouse, selection: Selection, by: Sequence[str], period: Period | None, sql: list[str]
) -> pd.DataFrame:
    """Counts by segment and day, beside all contacts there; segments without a session are left out."""
    sessions = warehouse.bot_sessions(by, period, selection.filters)
    everybody = warehouse.contacts_by_day(by, period, selection.filters)
    sql += [sessions.sql, everybody.sql]
    rows = sessions.rows.merge(everybody.rows, on=[*by, "day"], how="outer")
    rows[[*COUNTED]] = rows[[*COUNTED]].fillna(0.0)
    for name in by:  # a merge makes a blank member another one
        rows[name] = rows[name].astype(object).where(rows[name].notna(), None)
    if by:
        rows = rows[rows.groupby([*by], dropna=False)["sessions"].transform("sum") > 0]
    return rows.reset_index(drop=True)


def _statistics(found: pd.DataFrame, now: pd.DataFrame) -> dict[str, float]:
    statistics = {name: float(now[name].sum()) for name in COUNTED}
    statistics |= {"n": statistics["sessions"], "unripe": statistics["sessions"] - statistics["ripe"]}
    statistics["young"] = statistics["unripe"] - statistics["unknown"] - statistics["loaded_late"]
    for row in found.to_dict("records"):
        statistics |= {row["measure"]: row["value"], f"{row['measure']}_low": row["low"],
                       f"{row['measure']}_high": row["high"]}  # fmt: skip
    return statistics


def _tree(found: pd.DataFrame, statistics: Mapping[str, float]) -> pd.DataFrame:
    """The indicators from the volume down, with the columns of the measures."""
    rows = {row["measure"]: row for row in found.to_dict("records")}
    sessions = statistics["sessions"]
    volume = {"measure": "bot_sessions", "count": sessions, "n": sessions, "better": "", "state": ""}
    return pd.DataFrame([{"depth": depth, "formula": name, **rows.get(name, volume)} for name, depth in TREE])


def _findings(statistics: Mapping[str, Any], review: Review, flow: Flow, handover: Handover) -> tuple[Statement, ...]:
    """What was contained and what resolved; scenarios that contain more and resolve less; the flow; hand-overs."""
    known = statistics["bot_resolution"] == statistics["bot_resolution"]
    statements = [Statement("bot.contained" if known else "bot.contained_only", statistics)]
    hollow = review.table[review.table["verdict"] == HOLLOW] if len(review.table) else review.table
    statements += [Statement("bot.hollow", row) for row in review.said(hollow)]
    return (*statements, *flow.findings, *handover.findings)


def _caveats(statistics: Mapping[str, Any], review: Review, flow: Flow) -> tuple[Statement, ...]:
    unripe = [Statement("bot.unripe", statistics)] if statistics["unripe"] else []
    compared = [Statement("bot.other_days")] if review.compared or len(flow.versions) else []
    return (*unripe, *compared)

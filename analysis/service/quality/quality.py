"""How accurate is the service? From checks drawn by chance alone, each weighted by the contacts it stands for.

Checks that were chosen for a reason find more errors than there are, and checks that were doubled for some agents
count those agents twice. So the first are left out of every rate and the second weighted by the inverse of their
chance (Horvitz and Thompson 1952); the plain share of all checks stands beside it, to show what that would have said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.limits import within_limits
from analysis.own_order import in_own_order
from analysis.result import Method, Result, Statement
from analysis.service.day_counts import DayCounts
from analysis.service.measures import by_segment, measured
from analysis.service.quality.beside import Beside, qa_beside
from analysis.service.quality.shared import Shared, qa_shared
from analysis.service.rates import Ratio, numbered
from analysis.stats.agreement import cohens_kappa
from analysis.stats.effective import kish
from analysis.stats.intervals import SIGNIFICANCE, exact_bounds
from data_access.selection import Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.evaluations import CHECKED, COUNTS, HANDLED

RATIOS = (
    Ratio("critical_accuracy", "sound_drawn", "drawn", weighted=("sound", "weight", "picked")),
    Ratio("noncritical_accuracy", "good_drawn", "chances_drawn", weighted=("good", "chances", "chances_plain")),
    Ratio("qa_coverage", CHECKED, HANDLED),
)
PLAIN = (
    Ratio("plain_accuracy", "sound_plain", "picked"),
    Ratio("plain_noncritical", "good_plain", "chances_plain"),
)
MEASURES = tuple(ratio.name for ratio in RATIOS)
COUNTED = (*COUNTS, HANDLED, CHECKED, "drawn", "sound_drawn", "good_drawn", "chances_drawn")
GOAL, QUOTA = 99.9, 2.0  # per cent
KINDS = ("evaluators", "machine")
RULE_OF_THREE = 3.0  # so many cases over the rate that is to be excluded, all of them without an error


@within_limits
def quality(
    warehouse: Warehouse,
    selection: Selection,
    *,
    by: Sequence[str] = (),
    goal: float | None = None,
    quota: float | None = None,
) -> Result:
    """Accuracy of the checks made in the period, over all and by the segments of `by`.

    goal: the critical accuracy that is asked for, per cent. quota: of the handled contacts that should be checked.
    parts: `measures`, `agreement` (kind, question, n, alike, kappa, low, high) where contacts were judged twice,
    `trend`; check beside survey of the same contact (`beside`, `results`, `passed`); `shared`: whose the errors are.
    Raises NothingToShow without a check, BadInput without a table of them.
    """
    by, goal, quota = tuple(by), GOAL if goal is None else goal, QUOTA if quota is None else quota
    if not 0 < goal < 100:
        raise BadInput("quality.goal", goal=goal)
    whole = quality_counts(warehouse, selection, quota=quota)
    cut = quality_counts(warehouse, selection, by=by, quota=quota) if by else whole
    _, table, _ = by_segment(cut.now, by, (*cut.ratios, *PLAIN), cut.counts)
    table.insert(1, "n", table["picked"])
    found = whole.measures()
    statistics = _statistics(found, whole, goal / 100)
    agreement, sql = _agreement(warehouse, selection)
    beside, shared, lacking = _further(warehouse, selection, by)
    statistics |= beside.statistics if beside else {}
    more = [part for part in (beside, shared) if part is not None]
    return Result.of(
        warehouse,
        selection,
        warehouse.model.measure(selection.metric),
        "quality",
        statistics=statistics,
        table=in_own_order(table, [warehouse.model.dimension(name) for name in by]),
        findings=(*_findings(statistics, agreement), *(said for part in more for said in part.findings)),
        caveats=(*((Statement("quality.left_out", statistics),) if statistics["targeted"] else ()), *lacking),
        how=Method("quality", Statement("how.quality.formula", statistics), whole.notes),
        options={"by": by, "goal": goal, "quota": quota},
        parts=_parts(beside, shared) | {
            "measures": found, "agreement": agreement, "trend": whole.over_time(selection),
        },
        sql=tuple(dict.fromkeys([*whole.sql, *cut.sql, *sql, *(beside.sql if beside else ()),
                                 *([shared.sql] if shared else [])])),
    )  # fmt: skip


def _further(
    warehouse: Warehouse, selection: Selection, by: tuple[str, ...]
) -> tuple[Beside | None, Shared | None, tuple[Statement, ...]]:
    """Checks beside the survey, and whose the errors are; and why one of them cannot be said."""
    beside, shared, lacking = None, None, list[Statement]()
    try:
        beside = qa_beside(warehouse, selection, by=by)
    except BadInput as problem:
        lacking.append(problem.statement)
    try:
        shared = qa_shared(warehouse, selection)
    except BadInput as problem:
        lacking.append(problem.statement)
    return beside, shared, tuple(dict.fromkeys(lacking))


def _parts(beside: Beside | None, shared: Shared | None) -> dict[str, pd.DataFrame]:
    found = {} if beside is None else {"beside": beside.beside, "results": beside.results, "passed": beside.passed}
    return found if shared is None else {**found, "shared": shared.table}


def quality_counts(
    warehouse: Warehouse, selection: Selection, *, by: Sequence[str] = (), quota: float = QUOTA
) -> DayCounts:
    """What `quality` counts. Raises as it does."""
    check_side_by_side(warehouse.model, by)
    sql: list[str] = []
    periods = [_rows(warehouse, selection, by, period, sql) for period in selection.periods]
    if not periods[0]["evaluations"].sum():
        raise NothingToShow("selection.empty")
    notes = (
        *(Statement(f"how.quality.{name}") for name in ("weights", "three", "beside", "shared")),
        Statement("how.service.days"),
    )
    return DayCounts(
        by=tuple(by),
        periods=periods,
        ratios=RATIOS,
        counts=COUNTED,
        targets={"qa_coverage": quota / 100},
        notes=notes,
        sql=tuple(sql),
    )


def _rows(
    warehouse: Warehouse, selection: Selection, by: Sequence[str], period: Period | None, sql: list[str]
) -> pd.DataFrame:
    """Counts by segment and day, the weighted ones brought to as many checks as there were.

    Unequal weights tell less than as many equal ones (Kish 1965), so that they count for fewer.
    """
    checks = warehouse.evaluations(by, period, selection.filters)
    handled = warehouse.handled(by, period, selection.filters)
    sql += [checks.sql, handled.sql]
    rows = checks.rows.merge(handled.rows, on=[*by, "day"], how="outer")
    counted = [*COUNTS, HANDLED, CHECKED]
    rows[counted] = rows[counted].fillna(0.0)
    for name in by:  # a merge makes a blank member another one
        rows[name] = rows[name].astype(object).where(rows[name].notna(), None)
    segments, rows = numbered(rows, by)
    k, s = len(segments), rows["s"].to_numpy()
    weight, squares = (np.bincount(s, rows[name], k) for name in ("weight", "squares"))
    worth = np.array([kish(float(w), float(v)) for w, v in zip(weight, squares, strict=True)])
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(weight > 0, worth / weight, 0.0)[s]
    rows = rows.assign(
        sound_drawn=rows["sound"] * scale,
        drawn=rows["weight"] * scale,
        good_drawn=rows["good"] * scale,
        chances_drawn=rows["chances"] * scale,
    ).drop(columns="s")
    return rows[(rows["evaluations"] > 0) | (rows[HANDLED] > 0)].reset_index(drop=True)


def _statistics(found: pd.DataFrame, whole: DayCounts, goal: float) -> dict[str, float]:
    now = whole.now
    statistics = {name: float(now[name].sum()) for name in ("evaluations", HANDLED, CHECKED)}
    statistics["n"] = float(now["picked"].sum())
    statistics["worth"] = float(now["drawn"].sum())
    for row in found.to_dict("records"):
        name = row["measure"]
        statistics |= {name: row["value"], f"{name}_low": row["low"], f"{name}_high": row["high"],
                       f"{name}_before": row["value0"], f"{name}_p": row["p"]}  # fmt: skip
    plain = measured(PLAIN, now, whole.before, {}).to_dict("records")[1]
    statistics |= {"plain": plain["value"], "plain_before": plain["value0"], "plain_change": plain["change"],
                   "plain_p": plain["p_adjusted"]}  # fmt: skip
    statistics["targeted"] = statistics["evaluations"] - statistics["n"]
    statistics["quota"] = whole.targets["qa_coverage"]
    statistics["short"] = max(0.0, math.ceil(statistics["quota"] * statistics[HANDLED]) - statistics[CHECKED])
    low, _ = exact_bounds(np.array([float(now["sound_drawn"].sum())]), np.array([statistics["worth"]]))
    statistics |= {"goal": goal, "needed": RULE_OF_THREE / (1 - goal), "least": float(low[0])}
    return statistics


def _agreement(warehouse: Warehouse, selection: Selection) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Kappa of two judgements by kind and question; no rows where nothing was judged twice."""
    columns = ["kind", "question", "n", "alike", "kappa", "low", "high"]
    if "calibration" not in warehouse.model.tables:
        return pd.DataFrame(columns=columns), ()
    answer = warehouse.judged_twice(selection.period, selection.filters)
    rows = []
    for (kind, question), part in answer.rows.groupby(["kind", "question"], sort=True):
        counts = np.zeros((2, 2))
        counts[part["first"].astype(int), part["second"].astype(int)] = part["n"]
        a = cohens_kappa(counts)
        rows.append((kind, question, a.n, a.alike, a.kappa, a.low, a.high))
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["kind", "kappa"], ignore_index=True), (answer.sql,)


def _findings(statistics: Mapping[str, Any], agreement: pd.DataFrame) -> tuple[Statement, ...]:
    """The accuracy, what the plain share would have said, what cannot be shown, and where judges agree least."""
    few = math.isnan(statistics["critical_accuracy"])
    statements = [Statement("quality.few" if few else "quality.accuracy", statistics)]
    if (
        statistics["plain_change"] < 0
        and statistics["plain_p"] < SIGNIFICANCE <= statistics["noncritical_accuracy_p"]
    ):
        statements.append(Statement("quality.plain", statistics))
    if not few and statistics["least"] < statistics["goal"]:
        statements.append(Statement("quality.not_shown", statistics))
    if statistics["short"] > 0:
        statements.append(Statement("quality.short", statistics))
    known = agreement.dropna(subset=["kappa"])
    if len(known):
        least = known.sort_values("kappa", kind="stable").iloc[0].to_dict()
        key = least["kind"] if least["kind"] in KINDS else "other"
        question = {"qa_question": least["question"]}
        statements.append(Statement(f"quality.agree_least_{key}", {**least, "question": question}))
    return tuple(statements)

"""Before a plan starts: what effect could ever be shown, and by when? And what would do where that is not enough.

From the history alone: answers by week and unit before the start (`history`), a split of units into treated and
control (`horizon`), the units that would make a control (`proposals`) and an order in which to begin (`rollout`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.effect.horizon import Trial
from analysis.effect.planned import (
    NEVER,
    NOT_REACHABLE,
    REACHABLE,
    UNKNOWN,
    USUAL_WEEKS,
    Asked,
    Planned,
    checked,
    planned,
)
from analysis.effect.proposals import controls, standing
from analysis.effect.rollout import SEED, rollout, shown_by_waves
from analysis.effect.ways import Way, ways
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from data_access.selection import Selection
from data_access.warehouse import Warehouse

NEARLY = 1.25  # times the promise: no number is said beside it that could be written alike


@within_limits
def reachability(
    warehouse: Warehouse,
    selection: Selection,
    *,
    unit: str = "",
    treated: Sequence[str] = (),
    control: Sequence[str] = (),
    start: date | None = None,
    check_on: date | None = None,
    smallest: float | None = None,
    lift: float | None = None,
) -> Result:
    """What effect could be shown where these members of `unit` are treated from `start` on, and by when.

    selection: filters are the segment of the plan (those of `unit` are ignored); the baseline, else the period, else
    all before the start is what the weeks after it are compared with. control: all other members where none is named.
    check_on: twelve weeks after the start where not given. smallest: the metric's own where not given. lift: what the
    plan promises the whole metric; the effect on the segment is lift / share of the segment.
    table: weeks, date, n (answers after the start), error, detectable. parts: `treated_counts`, `controls`,
    `rollout`, `waves`, `ways`. Raises BadInput, or NothingToShow where the history is too short.
    """
    asked = checked(warehouse, selection, unit, tuple(treated), tuple(control), start, check_on, smallest, lift)
    plan = planned(warehouse, asked)
    table, parts = _table(plan), _parts(plan, whole_months=bool(warehouse.model.disclose_from))
    found = list[Way]()
    if plan.verdict not in (REACHABLE, UNKNOWN):
        found = ways(plan.trial, plan.wanted, plan.weeks, parts["waves"], asked.smallest, lift is not None)
    parts["ways"] = _ways_table(found, asked)
    statistics = _statistics(plan, found)
    values = {**statistics, "unit": asked.metric.unit, "units": {"dimension": unit}, "start": start}
    return Result.of(
        warehouse,
        selection,
        asked.metric,
        "reachability",
        statistics=statistics,
        table=table,
        findings=_findings(plan, values, found),
        caveats=_caveats(plan, values, warehouse.model.disclose_from),
        how=_method(plan, values),
        options=asked.options,
        parts={name: part for name, part in parts.items() if len(part)},
        sql=(plan.past.sql,),
    )


def _table(plan: Planned) -> pd.DataFrame:
    """A row a week, up to the verdict and to when it can be shown, at least to twelve."""
    weeks = np.arange(1, max(plan.weeks, plan.needed or 0, USUAL_WEEKS) + 1)
    asked, trial = plan.asked, plan.trial
    return pd.DataFrame({
        "weeks": weeks,
        "date": [asked.start + timedelta(weeks=int(w)) for w in weeks],
        "n": weeks * float(trial.rates.sum()),
        "error": [trial.error(w) if trial.can_be_judged else math.nan for w in weeks.tolist()],
        "detectable": [_finite(trial.detectable(w, asked.smallest)) for w in weeks.tolist()],
    })  # fmt: skip


def _finite(value: float) -> float:
    return value if math.isfinite(value) else math.nan


def _parts(plan: Planned, *, whole_months: bool) -> dict[str, pd.DataFrame]:
    stood = standing(plan.whole)
    rolled = rollout(standing(plan.past), plan.asked.start, plan.weeks, whole_months=whole_months)
    waves = shown_by_waves(rolled, plan.past, plan.moved, plan.asked.smallest) if len(rolled) else pd.DataFrame()
    return {
        "treated_counts": _treated_counts(plan),
        "controls": controls(stood, plan.asked.treated),
        "rollout": rolled,
        "waves": waves,
    }


def _treated_counts(plan: Planned) -> pd.DataFrame:
    """By how many are treated, of units of average size: the smallest effect by the verdict, the smallest p."""
    rows, units = [], plan.past.by_unit()
    average = np.full(len(units.units), float(units.rates.mean()))
    for k in _counts(len(average)):
        trial = Trial(average, np.arange(len(average)) < k, plan.trial.before, plan.moved)
        shown = _finite(trial.detectable(plan.weeks, plan.asked.smallest))
        rows.append({"treated": k, "of": len(average), "detectable": shown, "smallest_p": trial.smallest_p})
    return pd.DataFrame(rows)


def _counts(units: int) -> list[int]:
    """One, two, three .., from eight on only doubled, to the half."""
    half = units // 2
    return sorted({k for k in (*range(1, 9), 16, 32, 64, 128, half) if 1 <= k <= half})


def _ways_table(found: Sequence[Way], asked: Asked) -> pd.DataFrame:
    rows = [(w.code, w.count, w.weeks, asked.start + timedelta(weeks=w.weeks), w.detectable) for w in found]
    return pd.DataFrame(rows, columns=["way", "count", "weeks", "date", "detectable"])


def _statistics(plan: Planned, found: Sequence[Way]) -> dict[str, Any]:
    asked, trial, needed = plan.asked, plan.trial, plan.needed
    return {
        "verdict": plan.verdict,
        "detectable": _finite(plan.detectable),
        "weeks": needed,
        "by": asked.start + timedelta(weeks=needed) if needed else None,
        "check_on": asked.check_on,
        "check_weeks": plan.weeks,
        "wanted": plan.wanted,
        "smallest": asked.smallest,
        "lift": asked.lift,
        "share": plan.share,
        "clusters": trial.clusters,
        "treated_clusters": trial.treated_clusters,
        "smallest_p": trial.smallest_p,
        "before_weeks": plan.trial.before,
        "n_week": float(trial.rates.sum()),
        **_spread(plan),
        "instead": found[0].code if found else "",
    }


def _spread(plan: Planned) -> dict[str, float]:
    moved = plan.moved
    known = (moved.within**0.5, moved.shock**0.5, moved.lasting) if moved.is_known else (math.nan,) * 3
    return dict(zip(("sd", "shock_sd", "lasting"), known, strict=True))


def _findings(plan: Planned, values: Mapping[str, Any], found: Sequence[Way]) -> tuple[Statement, ...]:
    """The answer, and where it is no, what would do."""
    said = [Statement(f"reachability.{_key(plan)}", {**values, "looked": plan.looked})]
    for way in found:
        told = {"count": way.count, "way_weeks": way.weeks, "way_detectable": way.detectable,
                "way_date": plan.asked.start + timedelta(weeks=way.weeks)}  # fmt: skip
        said.append(Statement(f"reachability.way_{way.code}", {**values, **told}))
    return tuple(said)


def _key(plan: Planned) -> str:
    """Which sentence says it: the verdict, and why where it is never."""
    nearly = plan.asked.lift is not None and plan.detectable < NEARLY * plan.wanted
    if plan.verdict == UNKNOWN:
        return "unknown"
    if plan.verdict != NEVER:
        late = "_nearly" if nearly and plan.verdict == NOT_REACHABLE else ""
        return plan.verdict + ("" if plan.asked.lift is None else "_lift") + late
    if plan.trial.can_be_judged:
        return "never_small" if plan.wanted < plan.asked.smallest else "never_nearly" if nearly else "never_shocks"
    if plan.trial.treated_clusters == 1:
        return "never_one"
    return "never_no_control" if plan.trial.treated_clusters == plan.trial.clusters else "never_few"


def _caveats(plan: Planned, values: Mapping[str, Any], least: int) -> tuple[Statement, ...]:
    names = [*(["finer"] if plan.past.nested else []), *(["short_before"] if plan.past.weeks < USUAL_WEEKS else [])]
    left_out = (Statement("disclose.left_out", {"segments": plan.secret, "least": least}),) if plan.secret else ()
    return (*(Statement(f"reachability.{name}", values) for name in names), *left_out)


def _method(plan: Planned, values: Mapping[str, Any]) -> Method:
    known = plan.trial.can_be_judged
    told = {**values, "factor": plan.trial.factor if known else math.nan, "seed": SEED}
    written = "formula" if known else "no_formula" if plan.moved.is_known else "no_spread"
    formula = Statement(f"how.reachability.{written}", told)
    notes = [*(["spread"] if plan.moved.is_known else []), *(["factor"] if known else []), "controls", "rollout"]
    return Method("reachability", formula, tuple(Statement(f"how.reachability.{name}", told) for name in notes))

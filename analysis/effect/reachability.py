"""Before a plan starts: what effect could ever be shown, and by when? And what would do where that is not enough.

From the history alone: answers by week and unit before the start (`history`), a split of units into treated and
control (`horizon`), the units that would make a control (`proposals`) and an order in which to begin (`rollout`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.effect.history import History, Spread, history, span_before, spread
from analysis.effect.horizon import Trial
from analysis.effect.proposals import controls, standing
from analysis.effect.rollout import SEED, rollout, shown_by_waves
from analysis.effect.ways import Way, ways
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from data_access.metrics import Metric
from data_access.selection import Filter, Selection
from data_access.semantics import near
from data_access.statement import BadInput
from data_access.warehouse import Warehouse

MOST_WEEKS = 52
USUAL_WEEKS = 12
REACHABLE, NOT_REACHABLE, NEVER = "reachable", "not_reachable", "never"


@within_limits
def reachability(
    warehouse: Warehouse,
    selection: Selection,
    *,
    unit: str,
    treated: Sequence[str],
    control: Sequence[str] = (),
    start: date,
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
    asked = _checked(warehouse, selection, unit, tuple(treated), tuple(control), start, check_on, smallest, lift)
    plan = _planned(warehouse, asked)
    table, parts = _table(plan), _parts(plan)
    found = list[Way]()
    if plan.verdict != REACHABLE:
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
        caveats=_caveats(plan, values),
        how=_method(plan, values),
        options=asked.options,
        parts={name: part for name, part in parts.items() if len(part)},
        sql=(plan.past.sql,),
    )


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What was asked, checked against the model and its members."""

    selection: Selection
    metric: Metric
    unit: str
    treated: tuple[str, ...]
    control: tuple[str, ...]
    start: date
    check_on: date
    smallest: float
    lift: float | None
    options: Mapping[str, Any]

    @property
    def members(self) -> tuple[str, ...]:
        return (*self.treated, *self.control)


@dataclass(frozen=True)
class _Planned:
    """The plan's trial in its history."""

    asked: _Asked
    whole: History
    past: History
    moved: Spread
    share: float

    @cached_property
    def trial(self) -> Trial:
        treated = np.array([unit in self.asked.treated for unit in self.past.units], dtype=bool)
        return Trial(self.past.rates, treated, self.past.weeks, self.moved)

    @property
    def weeks(self) -> int:
        """Whole weeks from the start to the verdict."""
        return max((self.asked.check_on - self.asked.start).days // 7, 1)

    @property
    def wanted(self) -> float:
        """The effect on the segment that must be shown: the promised one, else the smallest that matters."""
        return self.asked.lift / self.share if self.asked.lift is not None else self.asked.smallest

    @cached_property
    def detectable(self) -> float:
        return self.trial.detectable(self.weeks, self.asked.smallest)

    @cached_property
    def needed(self) -> int | None:
        """Weeks until it can be shown."""
        return next((w for w in range(1, MOST_WEEKS + 1) if self.shows(w)), None)

    def shows(self, weeks: float) -> bool:
        if self.asked.lift is None:
            return self.trial.tells_from_none(weeks, self.asked.smallest)
        return self.trial.detectable(weeks, self.asked.smallest) <= self.wanted

    @property
    def verdict(self) -> str:
        if self.needed is None:
            return NEVER
        return REACHABLE if self.needed <= self.weeks else NOT_REACHABLE


def _checked(
    warehouse: Warehouse,
    selection: Selection,
    unit: str,
    treated: tuple[str, ...],
    control: tuple[str, ...],
    start: date,
    check_on: date | None,
    smallest: float | None,
    lift: float | None,
) -> _Asked:
    model = warehouse.model
    check_side_by_side(model, (unit,))
    metric = model.metric(selection.metric)
    known = [member for member in warehouse.members(unit) if member is not None]
    if not treated:
        raise BadInput("reachability.no_treated", dimension=unit)
    for member in (*treated, *control):
        if member not in known:
            raise BadInput("model.unknown_value", dimension=unit, name=member, near=near(member, known))
    if both := sorted(set(treated) & set(control)):
        raise BadInput("reachability.both", dimension=unit, value=both[0])
    for name, value in (("smallest", smallest), ("lift", lift)):
        if value is not None and not (value > 0 and math.isfinite(value)):
            raise BadInput("reachability.not_above_0", what=Statement(f"reachability.what.{name}"), value=value)
    if check_on is not None and check_on < start + timedelta(weeks=1):
        raise BadInput("reachability.too_early", start=start, check_on=check_on)
    options = {
        "unit": unit, "treated": list(treated), "control": list(control), "start": start.isoformat(),
        "check_on": check_on.isoformat() if check_on else None, "smallest": smallest, "lift": lift,
    }  # fmt: skip
    return _Asked(
        selection=replace(selection, filters=tuple(f for f in selection.filters if f.dimension != unit)),
        metric=metric, unit=unit, treated=treated,
        control=control or tuple(member for member in known if member not in treated),
        start=start, check_on=check_on or start + timedelta(weeks=USUAL_WEEKS),
        smallest=smallest if smallest is not None else math.nan, lift=lift,
        options={name: value for name, value in options.items() if value not in (None, [])},
    )  # fmt: skip


def _planned(warehouse: Warehouse, asked: _Asked) -> _Planned:
    """With the smallest effect that matters of the metric, as it is before the start, where none was given."""
    picked = asked.selection
    span = span_before(warehouse, picked.period, picked.baseline, asked.start)
    finer = len(asked.members) == 2 and asked.unit not in warehouse.model.ancestors(
        warehouse.model.cluster or asked.unit
    )
    whole = history(warehouse, asked.metric, asked.unit, picked.filters, span, finer=finer)
    if missing := [member for member in asked.treated if member not in whole.units]:
        raise BadInput("reachability.nothing_before", dimension=asked.unit, value=missing[0], start=asked.start)
    share = _share(warehouse, asked, picked.filters, span) if asked.lift is not None else 1.0
    if math.isnan(asked.smallest):
        level = float(np.average(np.nan_to_num(whole.mean), weights=whole.n))
        own = asked.metric.kind.smallest_that_matters(level, whole.within**0.5)
        asked = replace(asked, smallest=own)
    return _Planned(asked, whole, whole.of(asked.members), spread(whole), share)


def _share(warehouse: Warehouse, asked: _Asked, filters: tuple[Filter, ...], span: Any) -> float:
    """The segment's share of all answers before the start."""
    if not filters:
        return 1.0
    own, every = warehouse.answers(asked.metric.name, span, [filters, ()])
    return own / every


def _table(plan: _Planned) -> pd.DataFrame:
    """A row a week, up to the verdict and to when it can be shown, at least to twelve."""
    weeks = np.arange(1, min(max(plan.weeks, plan.needed or 0, USUAL_WEEKS), MOST_WEEKS) + 1)
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


def _parts(plan: _Planned) -> dict[str, pd.DataFrame]:
    stood = standing(plan.whole)
    rolled = rollout(standing(plan.past), plan.asked.start, plan.weeks)
    waves = shown_by_waves(rolled, plan.past, plan.moved, plan.asked.smallest) if len(rolled) else pd.DataFrame()
    return {
        "treated_counts": _treated_counts(plan),
        "controls": controls(stood, plan.asked.treated),
        "rollout": rolled,
        "waves": waves,
    }


def _treated_counts(plan: _Planned) -> pd.DataFrame:
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


def _ways_table(found: Sequence[Way], asked: _Asked) -> pd.DataFrame:
    rows = [(w.code, w.count, w.weeks, asked.start + timedelta(weeks=w.weeks), w.detectable) for w in found]
    return pd.DataFrame(rows, columns=["way", "count", "weeks", "date", "detectable"])


def _statistics(plan: _Planned, found: Sequence[Way]) -> dict[str, Any]:
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
        "before_weeks": plan.past.weeks,
        "n_week": float(trial.rates.sum()),
        "sd": plan.moved.within**0.5,
        "shock_sd": plan.moved.shock**0.5,
        "lasting": plan.moved.lasting,
        "instead": found[0].code if found else "",
    }


def _findings(plan: _Planned, values: Mapping[str, Any], found: Sequence[Way]) -> tuple[Statement, ...]:
    """The answer, and where it is no, what would do."""
    said = [Statement(f"reachability.{_key(plan)}", values)]
    for way in found:
        told = {"count": way.count, "way_weeks": way.weeks, "way_detectable": way.detectable,
                "way_date": plan.asked.start + timedelta(weeks=way.weeks)}  # fmt: skip
        said.append(Statement(f"reachability.way_{way.code}", {**values, **told}))
    return tuple(said)


def _key(plan: _Planned) -> str:
    """Which sentence says it: the verdict, and why where it is never."""
    if plan.verdict != NEVER:
        return plan.verdict + ("" if plan.asked.lift is None else "_lift")
    if plan.trial.can_be_judged:
        return "never_small" if plan.wanted < plan.asked.smallest else "never_shocks"
    if plan.trial.treated_clusters == 1:
        return "never_one"
    return "never_no_control" if plan.trial.treated_clusters == plan.trial.clusters else "never_few"


def _caveats(plan: _Planned, values: Mapping[str, Any]) -> tuple[Statement, ...]:
    names = [*(["finer"] if plan.past.nested else []), *(["half_year"] if plan.past.weeks < USUAL_WEEKS else [])]
    return tuple(Statement(f"reachability.{name}", values) for name in names)


def _method(plan: _Planned, values: Mapping[str, Any]) -> Method:
    known = plan.trial.can_be_judged
    told = {**values, "factor": plan.trial.factor if known else math.nan, "seed": SEED}
    formula = Statement(f"how.reachability.{'formula' if known else 'no_formula'}", told)
    notes = ["spread", *(["factor"] if known else []), "controls", "rollout"]
    return Method("reachability", formula, tuple(Statement(f"how.reachability.{name}", told) for name in notes))

"""A plan before it starts: what was asked, checked against the model, and what its history lets one show."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from analysis.cuts import check_side_by_side
from analysis.effect.history import History, Spread, history, span_before, spread
from analysis.effect.horizon import Trial
from analysis.effect.ways import MOST_WEEKS
from analysis.result import Statement
from data_access.metrics import Metric
from data_access.selection import Filter, Period, Selection
from data_access.semantics import near
from data_access.statement import BadInput
from data_access.warehouse import Warehouse

USUAL_WEEKS = 12
REACHABLE, NOT_REACHABLE, NEVER = "reachable", "not_reachable", "never"


@dataclass(frozen=True, kw_only=True)
class Asked:
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
class Planned:
    """The plan's trial in its history."""

    asked: Asked
    whole: History
    past: History
    moved: Spread
    share: float

    @cached_property
    def trial(self) -> Trial:
        treated = np.array([unit in self.asked.treated for unit in self.past.units], dtype=bool)
        return Trial(self.past.rates, treated, self.past.compared, self.moved)

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
        """Weeks until it can be shown, within a year or until the verdict."""
        return next((w for w in range(1, max(MOST_WEEKS, self.weeks) + 1) if self.shows(w)), None)

    def shows(self, weeks: float) -> bool:
        if self.asked.lift is None:
            return self.trial.tells_from_none(weeks, self.asked.smallest)
        return self.trial.detectable(weeks, self.asked.smallest) <= self.wanted

    @property
    def verdict(self) -> str:
        if self.needed is None:
            return NEVER
        return REACHABLE if self.needed <= self.weeks else NOT_REACHABLE


def checked(
    warehouse: Warehouse,
    selection: Selection,
    unit: str,
    treated: tuple[str, ...],
    control: tuple[str, ...],
    start: date | None,
    check_on: date | None,
    smallest: float | None,
    lift: float | None,
) -> Asked:
    """Raises BadInput, which names what is missing or cannot be meant."""
    model = warehouse.model
    if not unit or start is None:
        raise BadInput("reachability.no_start" if unit else "reachability.no_unit")
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
    return Asked(
        selection=replace(selection, filters=tuple(f for f in selection.filters if f.dimension != unit)),
        metric=metric, unit=unit, treated=treated,
        control=control or tuple(member for member in known if member not in treated),
        start=start, check_on=check_on or start + timedelta(weeks=USUAL_WEEKS),
        smallest=smallest if smallest is not None else math.nan, lift=lift,
        options={name: value for name, value in options.items() if value not in (None, [])},
    )  # fmt: skip


def planned(warehouse: Warehouse, asked: Asked) -> Planned:
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
    return Planned(asked, whole, whole.of(asked.members), spread(whole), share)


def _share(warehouse: Warehouse, asked: Asked, filters: tuple[Filter, ...], span: Period) -> float:
    """The segment's share of all answers before the start."""
    if not filters:
        return 1.0
    own, every = warehouse.answers(asked.metric.name, span, [filters, ()])
    return own / every

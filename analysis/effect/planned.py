"""A plan before it starts: what was asked, checked against the model, and what its history lets one show."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from analysis.cuts import check_side_by_side
from analysis.disclosure import secret_members
from analysis.effect.history import History, Spread, history, span_before, spread
from analysis.effect.horizon import Trial
from analysis.effect.ways import MOST_WEEKS
from analysis.result import Statement
from data_access.metrics import Metric
from data_access.selection import Filter, Period, Selection, months_later
from data_access.semantics import near
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

USUAL_WEEKS = 12
LATEST_CHECK = 24  # months after the start: how units move by themselves for longer, no history tells
LATEST_START = 120  # months after the last answers
FINEST = 1e-4  # of the metric's scale: the least effect that can be asked for
REACHABLE, NOT_REACHABLE, NEVER, UNKNOWN = "reachable", "not_reachable", "never", "unknown"


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
    secret: int = 0  # units that are left out, for the model keeps them secret

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
        return next((w for w in range(1, self.looked + 1) if self.shows(w)), None)

    @property
    def looked(self) -> int:
        """Weeks after the start that are looked at."""
        return max(MOST_WEEKS, self.weeks)

    def shows(self, weeks: float) -> bool:
        if self.asked.lift is None:
            return self.trial.tells_from_none(weeks, self.asked.smallest)
        return self.trial.detectable(weeks, self.asked.smallest) <= self.wanted

    @property
    def verdict(self) -> str:
        if self.trial.has_enough and not self.moved.is_known:
            return UNKNOWN
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
    treated, control = (tuple(dict.fromkeys(members)) for members in (treated, control))
    if not treated:
        raise BadInput("reachability.no_treated", dimension=unit)
    for member in (*treated, *control):
        if member not in known:
            raise BadInput("model.unknown_value", dimension=unit, name=member, near=near(member, known))
    if both := sorted(set(treated) & set(control)):
        raise BadInput("reachability.both", dimension=unit, value=both[0])
    _check_size(metric, "smallest", smallest)
    _check_size(metric, "lift", lift)
    _check_days(warehouse, start, check_on)
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


def _check_size(metric: Metric, name: str, value: float | None) -> None:
    """Raises BadInput for an effect that is none, or that no metric of this kind can have."""
    if value is None:
        return
    what = Statement(f"reachability.what.{name}")
    if not (value > 0 and math.isfinite(value)):
        raise BadInput("reachability.not_above_0", what=what, value=value)
    low, high = metric.kind.range if metric.unit.is_bounded else (0.0, math.inf)
    least, most = ((high - low) * FINEST, high - low) if high < math.inf else (1e-6, 1e9)
    if not least <= value <= most:
        raise BadInput("reachability.out_of_bounds", what=what, least=least, most=most)


def _check_days(warehouse: Warehouse, start: date, check_on: date | None) -> None:
    """Raises BadInput for days too far away to say anything of, or out of order, or that small groups follow from."""
    if warehouse.model.time is None:
        raise BadInput("model.no_time")
    last = warehouse.extent().last
    if last is None:
        raise NothingToShow("selection.empty")
    if start > (latest := months_later(last.date(), LATEST_START)):
        raise BadInput("reachability.start_too_late", start=start, latest=latest)
    if check_on is not None and check_on < start + timedelta(weeks=1):
        raise BadInput("reachability.too_early", start=start, check_on=check_on)
    if check_on is not None and check_on > (latest := months_later(start, LATEST_CHECK)):
        raise BadInput("reachability.too_late", check_on=check_on, latest=latest)
    if warehouse.model.disclose_from and start.day != 1:
        raise BadInput("disclose.months")  # the difference of two starts would be the answers of a few days


def _open(warehouse: Warehouse, asked: Asked, span: Period) -> tuple[Asked, int]:
    """Without the units that are secret before the start, and how many these are.

    Raises NothingToShow where one of them is treated, or named as control: what all have less the others is its own.
    """
    if not warehouse.model.disclose_from:
        return asked, 0
    extent, period = warehouse.extent(), None
    if extent.first is None or extent.last is None or span != Period(extent.first.date(), _next_day(extent.last)):
        period = Period(span.start.replace(day=1), months_later(span.end.replace(day=1), int(span.end.day > 1)))
    secret = secret_members(warehouse, replace(asked.selection, period=period, baseline=None), asked.unit)
    if secret & {*asked.treated, *asked.options.get("control", ())}:
        raise NothingToShow("disclose.too_few", least=warehouse.model.disclose_from)
    if not secret:
        return asked, 0
    control = tuple(member for member in asked.control if member not in secret)
    known = tuple(member for member in warehouse.members(asked.unit) if member and member not in secret)
    filters = tuple(sorted((*asked.selection.filters, Filter(asked.unit, known))))
    return replace(asked, control=control, selection=replace(asked.selection, filters=filters)), len(secret)


def _next_day(moment: datetime) -> date:
    return moment.date() + timedelta(days=1)


def planned(warehouse: Warehouse, asked: Asked) -> Planned:
    """With the smallest effect that matters of the metric, as it is before the start, where none was given."""
    span = span_before(warehouse, asked.selection.period, asked.selection.baseline, asked.start)
    segment = asked.selection.filters
    asked, secret = _open(warehouse, asked, span)
    picked = asked.selection
    finer = len(asked.members) == 2 and asked.unit not in warehouse.model.ancestors(
        warehouse.model.cluster or asked.unit
    )
    whole = history(warehouse, asked.metric, asked.unit, picked.filters, span, finer=finer)
    if missing := [member for member in asked.treated if member not in whole.units]:
        raise BadInput("reachability.nothing_before", dimension=asked.unit, value=missing[0], start=asked.start)
    share = _share(warehouse, asked, segment, span) if asked.lift is not None else 1.0
    if math.isnan(asked.smallest):
        level = float(np.average(np.nan_to_num(whole.mean), weights=whole.n))
        own = asked.metric.kind.smallest_that_matters(level, whole.within**0.5)
        asked = replace(asked, smallest=own if own > 0 else math.nan)
    return Planned(asked, whole, whole.of(asked.members), spread(whole), share, secret)


def _share(warehouse: Warehouse, asked: Asked, filters: tuple[Filter, ...], span: Period) -> float:
    """The segment's share of all answers before the start."""
    if not filters:
        return 1.0
    own, every = warehouse.answers(asked.metric.name, span, [filters, ()])
    return own / every

"""What exactly is asked of an effect? Who is treated, who is not, since when; mistakes are named."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from analysis.cuts import check_side_by_side
from analysis.trace.path import plain
from data_access.metrics import Metric
from data_access.selection import Filter, Period, Selection, months_later
from data_access.semantics import near
from data_access.statement import BadInput
from data_access.warehouse import Warehouse

DESIGNS = ("did", "cohorts", "series", "arms")
LARGEST = 1e9  # of what may be called the smallest gain that matters
LEAST_WEEKS = 3  # before the start, from which on one can see whether both groups went the same way
Members = Mapping[str, tuple[str | None, ...]]  # by dimension


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question of an effect, checked against the model and the days of the data.

    treated, control: the members that tell the groups apart, by dimension; `control` is empty without one. filters:
    what both groups have in common. unit: the dimension whose members are treated; cluster: what varies by chance.
    planned_share: the share that was to be treated, of two arms.
    whole: the days that are used; check_on: the planned day of the verdict; starts: members with a start of their
    own.
    """

    selection: Selection
    metric: Metric
    treated: Members
    control: Members
    filters: tuple[Filter, ...]
    unit: str
    cluster: str
    whole: Period
    start: date
    starts: Mapping[Hashable, date]
    baseline: Period | None
    noticed: Period | None
    check_on: date | None
    smallest: float | None
    guardrails: tuple[str, ...]
    design: str
    planned_share: float
    options: Mapping[str, Any]

    @property
    def planned(self) -> bool:
        """Whether the data reach the planned day, so that a verdict is due; without one it always is."""
        return self.check_on is None or self.whole.end >= self.check_on

    @property
    def sides(self) -> tuple[Members, Members]:
        """Members of the treated and of the control, by every dimension that tells them apart."""
        return self.treated, {**self.treated, **self.control}

    @property
    def others(self) -> tuple[Filter, ...]:
        """The filters of the control; of the treated where there is none."""
        return tuple(sorted((*self.filters, *(Filter(name, values) for name, values in self.sides[1].items()))))

    @property
    def everybody(self) -> tuple[Filter, ...]:
        """The filters that both groups pass."""
        both = (Filter(name, (*values, *self.control.get(name, ()))) for name, values in self.treated.items())
        return (*self.filters, *both)

    @property
    def bounds(self) -> list[date]:
        """The days on which something changes for the answers, in their order, with the first and the end."""
        spans = [self.whole, *(p for p in (self.baseline, self.noticed) if p)]
        month = months_later(self.start, -1)
        check = [self.check_on] if self.check_on else []
        days = {self.start, *check, *self.starts.values(), *(d for p in spans for d in (p.start, p.end)), month}
        return sorted(d for d in days if self.whole.start <= d <= self.whole.end)


def asked(
    warehouse: Warehouse,
    selection: Selection,
    *,
    control: tuple[Filter, ...],
    start: date | None,
    starts: tuple[tuple[str, date], ...],
    unit: str,
    cluster: str,
    baseline: Period | None,
    noticed: Period | None,
    check_on: date | None,
    smallest: float | None,
    guardrails: tuple[str, ...],
    design: str,
    ratio: str,
) -> Asked:
    """The question. Raises BadInput, which names what cannot be meant and the way out."""
    if start is None:
        raise BadInput("effect.no_start")
    model = warehouse.model
    metric = model.metric(selection.metric)
    for name in guardrails:
        model.measure(name)
    if smallest is not None and not 0 < smallest <= LARGEST:
        raise BadInput("effect.bad_smallest", value=smallest)
    if check_on is not None and check_on <= start:
        raise BadInput("effect.check_too_early", check_on=check_on, start=start)
    design = _design(design, control, starts)
    unit = unit or _unit_of(selection, control)
    share = _share(ratio, design)
    treated, others = _members(warehouse, selection, control, unit)
    common = tuple(part for part in selection.filters if part.dimension not in treated)
    began = dict(starts)
    first = min((began.get(str(member), start) for member in treated.get(unit, ())), default=start)
    said = start
    whole = _days(warehouse, selection.period, first, before=design != "arms")
    if design == "cohorts":  # the units begin, so they are what is compared
        _check_starts(starts, said, treated.get(unit, ()), unit)
        start, cluster = first, unit
    elif not cluster and design != "arms":  # where chance drew contacts, each is by itself
        cluster = _cluster_of(warehouse, unit, treated, others)
    check_side_by_side(model, [*filter(None, dict.fromkeys((*treated, unit, cluster)))])
    spans = filter(None, (baseline, noticed))
    days = [start, check_on or start, *(day for _, day in starts), *(d for p in spans for d in (p.start, p.end))]
    if model.disclose_from and any(day.day != 1 for day in days):
        raise BadInput("disclose.months")  # the difference of two starts would be the answers of a few days
    options = {
        "control": plain(control), "start": said.isoformat(), "starts": [[m, d.isoformat()] for m, d in starts],
        "unit": unit, "cluster": cluster, "baseline": _plain(baseline), "noticed": _plain(noticed),
        "check_on": check_on.isoformat() if check_on else None, "smallest": smallest, "guardrails": list(guardrails),
        "design": design, "ratio": ratio,
    }  # fmt: skip
    return Asked(
        selection=selection, metric=metric, treated=treated, control=others, filters=common, unit=unit,
        cluster=cluster, whole=whole, start=start, starts=dict(starts),
        baseline=baseline or selection.baseline, noticed=noticed, check_on=check_on, smallest=smallest,
        guardrails=guardrails, design=design, planned_share=share,
        options={name: value for name, value in options.items() if value not in ("", None, [])},
    )  # fmt: skip


def _design(given: str, control: tuple[Filter, ...], starts: tuple[tuple[str, date], ...]) -> str:
    """The design that was asked for, else the one that fits what is known. Raises BadInput where it cannot be."""
    if given and given not in DESIGNS:
        raise BadInput("effect.unknown_design", name=given, near=near(given, DESIGNS))
    design = given or ("cohorts" if starts else "did" if control else "series")
    if control and design == "series":
        raise BadInput("effect.series_has_none")
    if not control and design in ("did", "arms"):
        raise BadInput("effect.no_control")
    return design


def _share(ratio: str, design: str) -> float:
    """The share that was to be treated, of two arms drawn in a ratio such as 2:1; a half where none is given."""
    if not ratio:
        return 0.5
    if design != "arms":
        raise BadInput("effect.ratio_of_no_arms", ratio=ratio)
    found = re.fullmatch(r"\s*(\d{1,6})\s*[:：]\s*(\d{1,6})\s*", ratio)
    treated, others = (int(part) for part in found.groups()) if found else (0, 0)
    if not (treated and others):
        raise BadInput("effect.bad_ratio", ratio=ratio)
    return treated / (treated + others)


def _plain(period: Period | None) -> list[str] | None:
    return [period.start.isoformat(), period.end.isoformat()] if period else None


def _unit_of(selection: Selection, control: tuple[Filter, ...]) -> str:
    """The dimension that the control differs in; without one, the last that is filtered by."""
    named = control or selection.filters[-1:]
    return named[0].dimension if named else ""


def _members(
    warehouse: Warehouse, selection: Selection, control: tuple[Filter, ...], unit: str
) -> tuple[Members, Members]:
    """Members of the treated and of the control, by the dimensions that tell them apart."""
    apart = list(dict.fromkeys([*([unit] if unit else []), *(part.dimension for part in control)]))
    treated, others = {}, {part.dimension: part.values for part in control}
    for name in apart:
        values = selection.values_of(name)
        if values is None:
            raise BadInput("effect.no_treated", dimension=name)
        known = warehouse.members(name)
        for value in (*values, *others.get(name, ())):
            if value in known:
                continue
            if value is None:
                raise BadInput("model.no_blank", dimension=name)
            raise BadInput("model.unknown_value", dimension=name, name=value, near=near(value, filter(None, known)))
        treated[name] = values
    if others and all(set(treated[name]) & set(others.get(name, treated[name])) for name in apart):
        same = sorted(str(v) for v in set(treated[apart[0]]) & set(others[apart[0]]))
        raise BadInput("effect.both", dimension=apart[0], value=same[0])
    return treated, others


def _days(warehouse: Warehouse, period: Period | None, start: date, *, before: bool) -> Period:
    """The days of the data within the period. The start lies among them, with weeks `before` it where that counts."""
    if warehouse.model.time is None:
        raise BadInput("model.no_time")
    extent = warehouse.extent()
    if extent.first is None or extent.last is None:
        raise BadInput("selection.empty")
    first, end = extent.first.date(), extent.last.date() + timedelta(days=1)
    whole = (max(first, period.start), min(end, period.end)) if period else (first, end)
    if not whole[0] <= start < whole[1]:
        raise BadInput("effect.start_outside", start=start, first=whole[0], last=whole[1] - timedelta(days=1))
    if before and start - timedelta(weeks=LEAST_WEEKS) < whole[0]:
        raise BadInput("effect.few_weeks", start=start, first=whole[0], least=LEAST_WEEKS)
    return Period(*whole)


def _check_starts(
    starts: tuple[tuple[str, date], ...], said: date, treated: tuple[str | None, ...], unit: str
) -> None:
    """Raises BadInput for a start of somebody who is not treated, before the plan's own, or said twice."""
    for place, (member, day) in enumerate(starts):
        if member not in treated:
            raise BadInput("effect.start_of_nobody", dimension=unit, value=member)
        if day < said:
            raise BadInput("effect.start_too_early", value=member, day=day, start=said)
        if member in (other for other, _ in starts[:place]):
            raise BadInput("effect.start_twice", value=member)


def _cluster_of(warehouse: Warehouse, unit: str, treated: Members, control: Members) -> str:
    """What varies by chance: the treated units themselves, for they were treated as wholes.

    Of two units, such as the two halves of a test, the model's own clusters, unless they are parts of a unit.
    """
    own = warehouse.model.cluster
    members = len(treated.get(unit, ())) + len(control.get(unit, ()))
    if own and (not unit or (members == 2 and unit not in warehouse.model.ancestors(own))):
        return own
    return unit

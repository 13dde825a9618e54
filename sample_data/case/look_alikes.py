"""Events that read just as the true one would, of every kind of case: by reading the calendar nobody tells the kind.

Each speaks of a place in which nothing was planted, on a day of its own about the turn of the month.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from data_access.training import Kind
from sample_data.case import names
from sample_data.case.planted import Planted, place_like

WITH_EVENT = (Kind.RULE, Kind.FLOW, Kind.TEAM)
ABOUT = range(-6, 11)  # days from the first of the month; the true event stands among its first five
APART = 3  # days at least between the true event and any other
# what a rule of a sub-type and a flow of a scenario both reach
SHARED = {
    "4g_bill": "bill_query",
    "5g_bill": "bill_query",
    "4g_plan": "plan_change",
    "bb_fault": "fault_report",
}


def look_alikes(plan: Planted) -> list[Planted]:
    """A plan of every other kind that an event begins with, in which nothing changes but the calendar."""
    rng = plan.luck("alike")
    kinds = [kind for kind in WITH_EVENT if kind is not plan.kind]
    days = list(free_days(plan))
    order = rng.permutation(len(days))
    alike = []
    for kind, at in zip(kinds, order, strict=False):
        place = next(place for place in _drawn(plan, kind) if not _touch(plan, place))
        alike.append(replace(plan, kind=kind, place=place, since=days[int(at)]))
    return alike


def free_days(plan: Planted) -> Iterator[date]:
    """Days about the turn of the month, none near that on which the change began."""
    for after in ABOUT:
        day = plan.month + timedelta(days=after)
        if plan.since is None or abs((day - plan.since).days) >= APART:
            yield day


def _drawn(plan: Planted, kind: Kind) -> Iterator[Mapping[str, str]]:
    rng = plan.luck(f"alike {kind}")
    while True:
        yield place_like(kind, rng, plan.difficulty)


def _touch(plan: Planted, place: Mapping[str, str]) -> bool:
    """Whether a place shares contacts with what was planted, or with what moves a little by chance."""
    moving = {name for _, name, _ in plan.wobbles}
    return bool(_reached(place) & (_reached(plan.place) | moving))


def _reached(place: Mapping[str, str]) -> set[str]:
    own = {place.get("team", ""), place.get("scenario", ""), place.get("business", "")}
    sub_type = place.get("sub_type", "")
    return (own | {names.business_of(sub_type), SHARED.get(sub_type, "")}) - {""}

"""What of a plan's verification is known before anybody fills it in: who, compared with which weeks, judged when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from analysis.contribution import contribution
from analysis.effect.of_plan import cut, measured
from analysis.estimate import WITHHELD_BELOW
from data_access.selection import Filter, Period, Selection
from data_access.statement import Problem
from data_access.taxonomy_entries import Remedy
from data_access.workshop.records import Plan
from data_access.workshop.tracing import Trace
from pages.frame import open_data
from pages.frame.context import Context, Frame

BEFORE = timedelta(weeks=8)  # of the weeks that a remedy is compared with
USUAL_DAYS = 56  # from the start to the verdict, where the library names no other
MOST_GUARDS = 3
ENOUGH_MEMBERS = 3  # who begin and who wait; with two of them nobody can tell chance
GUARDS = ("wait", "abandoned", "fcr_48", "fcr_24", "repeat", "complaint", "mention", "transferred")
FIELDS = ("unit", "treated", "start", "check_on", "baseline", "noticed", "guardrails")


def proposed(here: Frame, over: Context | None, row: Trace, plan: Plan, today: date) -> dict[str, Any]:
    """Each field that can be filled in; what cannot be known is left out."""
    if over is None:
        return {}
    start = plan.start or next_monday(today)
    noticed = cut(plan.noticed or (row.origin.selection.period if row.origin else None), start)
    unit = plan.unit or unit_of(over, plan.segment)
    found: dict[str, Any] = {
        "unit": unit, "treated": plan.treated or members_in(plan.segment, unit), "start": start, "noticed": noticed,
        "guardrails": guards(over, plan.target_metric), **days(here, replace(plan, noticed=noticed), start),
    }  # fmt: skip
    return {name: content for name, content in found.items() if content not in (None, "", ())}


def days(here: Frame, plan: Plan, start: date) -> dict[str, Any]:
    """What follows from the start: when the verdict is due, and what is compared."""
    noticed = cut(plan.noticed, start)
    return {"check_on": start + timedelta(days=_days(here, plan)), "baseline": baseline(start, noticed)}


def next_monday(today: date) -> date:
    """Weeks are compared with weeks: the first Monday after today.

    >>> next_monday(date(2026, 11, 30))
    datetime.date(2026, 12, 7)
    """
    return today + timedelta(days=7 - today.weekday())


def baseline(start: date, noticed: Period | None) -> Period:
    """Eight weeks before the start, besides the span in which the problem was noticed where that lies in them.

    >>> baseline(date(2026, 12, 7), Period(date(2026, 10, 1), date(2026, 11, 1))).start
    datetime.date(2026, 9, 11)
    """
    first = start - BEFORE
    if noticed and noticed.start < start and noticed.end > first:
        after = max(start - noticed.end, timedelta())
        first = min(first, noticed.start - (BEFORE - min(after, BEFORE)))
    return Period(first, start)


def unit_of(over: Context, segment: tuple[Filter, ...]) -> str:
    """By what the remedy can be begun in parts: what serves many customers in one way, such as the team.

    Never by what has two members at most, such as two arms, while there is anything with more.
    """
    model, offered = over.warehouse.model, units(over)
    placed = {part.dimension for part in segment}
    serving = [name for name in offered if model.dimension(name).column == model.cluster]
    teams = [name for name in offered if name == "team"]
    best = list(dict.fromkeys([*teams, *serving, *offered]))
    many = [name for name in best if len(open_data.members(over, name)) >= ENOUGH_MEMBERS]
    free = [name for name in many if name not in placed]
    return next(iter(free or many or [name for name in best if name not in placed]), "")


def units(over: Context) -> list[str]:
    """Dimensions whose members can begin on days of their own: no parts of the calendar, no overlap, no reasons."""
    model = over.warehouse.model
    return [name for name in over.cuts() if not model.dimension(name).built_in and name not in model.reasons]


def members(over: Context, plan: Plan, unit: str) -> list[str]:
    """Who could begin: the members with enough answers in the plan's segment."""
    where = tuple(part for part in plan.segment if part.dimension != unit)
    there = over.over(Selection(plan.target_metric or over.selection.metric, None, None, where))
    try:
        found = there.over(there.selection.within(over.data_key.scope)).run(contribution, by=(unit,))
    except Problem:
        return [member for member in open_data.members(over, unit) if member]
    enough = found.table[found.table["n"] >= WITHHELD_BELOW]
    return sorted(name for name in (segment[0] for segment in enough["segment"]) if name)


def members_in(segment: tuple[Filter, ...], unit: str) -> tuple[str, ...]:
    """The members that the plan's own segment names."""
    named = next((part.values for part in segment if part.dimension == unit), ())
    return tuple(value for value in named if value is not None)


def guards(over: Context, target: str) -> tuple[str, ...]:
    """What may get worse while the target gets better, as far as the model has it: wait, repeat, complaints."""
    known = guardrails_of(over, target)
    named = [name for name in GUARDS if name in known]
    return tuple([name for name in named if not (name == "fcr_24" and "fcr_48" in named)][:MOST_GUARDS])


def guardrails_of(over: Context, target: str) -> list[str]:
    """Metrics and measured columns that may be watched beside the target."""
    return [name for name in measured(over.warehouse.model) if name != target]


def _days(here: Frame, plan: Plan) -> int:
    remedy = here.taxonomy.entry("remedy", plan.remedy)
    return max(remedy.days, USUAL_DAYS) if isinstance(remedy, Remedy) else USUAL_DAYS

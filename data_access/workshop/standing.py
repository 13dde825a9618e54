"""Which verdict stands for a plan, what is overdue of it, and which plans came before and after it? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from data_access.workshop.records import Look, Plan, PlanState, Ruling, Verdict
from data_access.workshop.signs import is_blank

Part = TypeVar("Part", Look, Ruling)
RUNNING = (PlanState.PLANNED, PlanState.DOING)
BEGUN = (PlanState.DOING, PlanState.DONE, PlanState.CLOSED)


@dataclass(frozen=True)
class Standing:
    """The verdict that stands: that of the ruling where there is one, else that of the look."""

    verdict: Verdict
    look: Look | None = None
    ruling: Ruling | None = None


def standing(plan: Plan, looks: Iterable[Look], rulings: Iterable[Ruling]) -> Standing | None:
    """The verdict on a plan: a ruling that two people signed stands over the newest look; None without either."""
    look = _newest(one for one in looks if one.plan_id == plan.id)
    ruling = _newest(one for one in rulings if one.plan_id == plan.id and stands(one))
    if ruling:
        return Standing(ruling.verdict, look, ruling)
    return Standing(look.verdict, look) if look else None


def stands(ruling: Ruling) -> bool:
    """Whether a second person confirmed it and nobody withdrew it."""
    return ruling.second_at is not None and ruling.withdrawn_at is None


def is_judged(plan: Plan, looks: Iterable[Look], rulings: Iterable[Ruling]) -> bool:
    """Whether a plan may be closed: by a look on or after the planned date, by a ruling, or with a reason."""
    verdict = standing(plan, looks, rulings)
    by_look = verdict is not None and verdict.look is not None and verdict.look.planned
    return by_look or (verdict is not None and verdict.ruling is not None) or not is_blank(plan.closing)


def overdue(plan: Plan, today: date) -> int:
    """By how many days a plan that still runs is late, or the latest of its milestones; 0 when nothing is."""
    return latest(plan, today)[0]


def latest(plan: Plan, today: date) -> tuple[int, str]:
    """The same, with the name of the milestone that is late by most; no name where it is the plan itself."""
    if plan.state not in RUNNING:
        return 0, ""
    days = [(plan.due, ""), *((step.due, step.name) for step in plan.milestones if step.done is None)]
    late = [((today - day).days, name) for day, name in days if day and day < today]
    return max(late, key=lambda one: one[0], default=(0, ""))


def chain(plan: Plan, plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """The cycles a plan belongs to, the first one first: what came before it, itself and what came after."""
    before = earlier(plan, {one.id: one for one in plans})
    return (*reversed(before), *_from(plan, [one for one in plans if one.id != plan.id and one not in before]))


def earlier(plan: Plan, known: Mapping[str, Plan]) -> tuple[Plan, ...]:
    """The cycles before a plan, the last one first; they end where one is not known, such as one that was deleted."""
    before: dict[str, Plan] = {}
    above = known.get(plan.cycle_of)
    while above and above.id not in before and above.id != plan.id:
        before[above.id] = above
        above = known.get(above.cycle_of)
    return tuple(before.values())


def _from(plan: Plan, others: Sequence[Plan]) -> tuple[Plan, ...]:
    after = [one for one in others if one.cycle_of == plan.id]
    rest = [one for one in others if one not in after]
    return (plan, *(late for one in after for late in _from(one, rest)))


def _newest(parts: Iterable[Part]) -> Part | None:
    """The parts come oldest first."""
    return next(reversed(list(parts)), None)

"""How is a plan of the register put into words? Lateness, moved dates, verdict, effect, cycles."""

from __future__ import annotations

from datetime import date
from typing import Any

from data_access.workshop.records import Escalation, Plan, PlanState, Priority
from pages.act.plans.register import Line
from pages.frame.context import Frame
from pages.record.plan import cycles, verdicts
from pages.record.plan import lift as lifts
from pages.words import plan_words
from pages.words.catalogue import Catalogue

ARROW = " → "


def name(here: Frame, line: Line) -> str:
    """What the plan is called, a later cycle with its number."""
    return cycles.numbered(here, line.plan, line.cycle)


def chip(here: Frame, line: Line) -> str:
    """The verdict as a badge; one that people gave names both of them."""
    found = line.standing
    if found is None:
        return ""
    badge = verdicts.chip(here, found.verdict)
    if found.ruling is None:
        return badge
    told = here.text("plan_register.overruled", names=verdicts.names(here, found.ruling))
    return f"{badge} :violet-badge[:material/gavel: {told}]"


def verdict(here: Frame, line: Line) -> str:
    """The verdict as plain words, empty before anybody looked."""
    return verdicts.verdict(here, line.standing) if line.standing else ""


def effect(here: Frame, line: Line) -> str:
    """The effect that was verified, with its interval: better is positive."""
    if effect_numbers(line)[0] is None or line.standing is None or line.standing.look is None:
        return ""
    return plan_words.gain(here.plain, line.standing.look.statistics, lifts.unit_of(here, line.plan))


def effect_numbers(line: Line) -> tuple[float | None, float | None, float | None]:
    """Effect, lower and upper end, None where nothing was computed."""
    look = line.standing.look if line.standing else None
    found: Any = look.statistics if look else {}
    gain, low, high = (found.get(name) for name in ("gain", "gain_low", "gain_high"))
    return gain, low, high


def promised(here: Frame, line: Line) -> str:
    plan = line.plan
    if plan.expected_lift is None:
        return ""
    return lifts.in_words(here, plan.expected_lift, lifts.unit_of(here, plan))


def times_moved(words: Catalogue, line: Line) -> str:
    """How often the due date was moved; empty for one that stands as it was set."""
    return words.text("plan_register.times_moved", count=len(line.moves)) if line.moves else ""


def moved(words: Catalogue, line: Line) -> str:
    """How often the due date was moved, and through which days; empty for one that stands as it was set."""
    if not line.moves:
        return ""
    days = [line.moves[0].before, *(change.after for change in line.moves)]
    year = date.today().year
    told = ARROW.join(day_of(words, day, year) for day in days)
    return words.text("plan_register.moved", count=len(line.moves), days=told)


def day_of(words: Catalogue, day: date | None, year: int) -> str:
    """A day, with its year only where it is not this one."""
    if day is None:
        return words.text("plan_register.no_date")
    return words.show(day, "day" if day.year == year else "full_day")


def state(words: Catalogue, plan: Plan) -> str:
    return words.text(f"workshop.state.plan.{plan.state}")


def due(words: Catalogue, line: Line) -> str:
    """The due date, or that there is none."""
    day = line.plan.due
    if day is None:
        return words.text("plan_register.no_date")
    return words.text("plan_register.due", day=day_of(words, day, date.today().year))


def late(words: Catalogue, line: Line) -> str:
    return words.text("plan_register.late", days=line.late) if line.late else ""


def late_step(words: Catalogue, line: Line) -> str:
    """The milestone that is later than the plan itself; empty where there is none."""
    return words.text("plan_register.late_step", name=line.late_step) if line.late_step else ""


def short_verdict(words: Catalogue, line: Line) -> str:
    """The verdict where there is room for a word or two."""
    if line.standing is None:
        return ""
    told = words.text(f"workshop.verdict.{line.standing.verdict}")
    return words.text("plan_register.by_ruling", verdict=told) if line.standing.ruling else told


def badges(here: Frame, line: Line) -> list[str]:
    """What must be seen at once: late, urgent, escalated, blocked, verdict."""
    plan, found = line.plan, []
    if line.late:
        found.append(f":orange-badge[:material/schedule: {late(here.words, line)}]")
    if plan.priority in (Priority.HIGH, Priority.URGENT):
        found.append(f":primary-badge[{here.text(f'workshop.priority.{plan.priority}')}]")
    if plan.escalation is not Escalation.NONE:
        found.append(f":primary-badge[:material/arrow_upward: {here.text(f'workshop.escalation.{plan.escalation}')}]")
    if plan.blocker.strip() and plan.state is not PlanState.DROPPED:
        found.append(f":orange-badge[:material/block: {here.text('plan_register.blocked')}]")
    return [*found, chip(here, line)] if line.standing else found


def cycle(words: Catalogue, line: Line) -> str:
    """Which cycle it is and what came before or after it; empty for a plan that is alone."""
    told = []
    if line.earlier is not None:
        told.append(words.text("plan_register.cycle", number=line.cycle, earlier=line.earlier.action))
    if line.reopened_at is not None:
        told.append(words.text("plan_register.reopened", day=day_of(words, line.reopened_at, date.today().year)))
    if line.later is not None:
        told.append(words.text("plan_register.followed", later=line.later.action))
    return " · ".join(told)

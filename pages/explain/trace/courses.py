"""The weeks behind the verdicts on plans, as they were when these were recorded; read when a file is made."""

from __future__ import annotations

from collections.abc import Sequence

from data_access.workshop.records import Look, Plan, PlanState
from pages.explain.trace.issue_rows import Line
from pages.frame.context import Frame
from pages.record.plan import verdicts
from pages.words.writers.effect_weeks import Course, weeks_of


def courses_of(here: Frame, lines: Sequence[Line]) -> dict[str, Course]:
    """By the id of each plan that has a verdict and weeks."""
    found = {}
    for line in lines:
        judged = [plan for plan in line.trace.plans if _look(line, plan)]
        looks = {look.id: look for look in here.store().looks(here.user, line.trace.issue.id)} if judged else {}
        for plan in judged:
            recorded = looks.get(_look(line, plan))  # type: ignore[arg-type]
            if recorded is not None and recorded.rows and plan.start:
                found[plan.id] = _course(here, line, plan, recorded)
    return found


def _look(line: Line, plan: Plan) -> str | None:
    """The id of the look that the verdict stands beside; a plan that was dropped has none here."""
    judged = verdicts.of(line.trace, plan)
    return judged.look.id if judged and judged.look and plan.state is not PlanState.DROPPED else None


def _course(here: Frame, line: Line, plan: Plan, look: Look) -> Course:
    assert plan.start is not None
    return Course(
        number=line.row.number, action=plan.action, start=plan.start, weeks=tuple(weeks_of(look)),
        effect=verdicts.line(here, plan, verdicts.of(line.trace, plan)),
    )  # fmt: skip

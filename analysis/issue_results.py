"""What do the data say of an issue? All that is asked along its path, for whoever writes it down as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.diagnosis import gaps_and_causes
from analysis.result import Result
from analysis.step_names import Path
from analysis.trace import timeline, trace
from data_access.selection import Selection
from data_access.statement import Problem
from data_access.taxonomy import Taxonomy
from data_access.workshop.records import Issue, Pin, Plan, PlanState
from data_access.workshop.tracing import Trace

Ask = Callable[..., Result]


@dataclass(frozen=True, kw_only=True)
class IssueResults:
    """Loss kept along the path, course at its end, gaps and kinds of cause; None where nothing is known."""

    along: Result | None = None
    course: Result | None = None
    causes: Result | None = None


def results_of(row: Trace, ask: Ask, *, listed: Sequence[str] = ()) -> IssueResults:
    """All of it, each asked by `ask(analysis, **options)`; what cannot be answered is left out.

    listed: reasons that management has on its list, as `listed_reasons` finds them.
    """
    if row.origin is None or row.hidden:
        return IssueResults()
    path, chosen = row.issue.path, row.issue.gap or row.issue.cause_type  # a test of nothing takes longest of all
    return IssueResults(
        along=attempt(ask, trace, path=path),
        course=_course(ask, path),
        causes=attempt(ask, gaps_and_causes, path=path, listed=tuple(listed)) if chosen else None,
    )


def _course(ask: Ask, path: Path) -> Result | None:
    """The course at the end of the path, or at the last place before it whose scores are not all withheld."""
    for length in range(len(path), -1, -1):
        found = attempt(ask, timeline, path=path[:length])
        if found is None or found.table["score"].notna().sum() > 1:
            return found
    return None


def whole_of(origin: Pin) -> Selection:
    """What the first step of a path is a part of: the question of the data problem with its author's limits alone."""
    return replace(origin.selection, filters=origin.scope)


def listed_reasons(
    members: Iterable[str | None], issues: Iterable[Issue], plans: Iterable[Plan], taxonomy: Taxonomy
) -> tuple[str, ...]:
    """Reasons that management has on its list: a remedy runs against a kind of cause that they may come from.

    members: the reasons that the data name, each once.
    """
    running = {plan.issue_id for plan in plans if plan.state is not PlanState.DROPPED}
    causes = {issue.cause_type for issue in issues if issue.id in running and issue.cause_type}
    codes = {reason.code for reason in taxonomy.reasons if causes & set(reason.causes)}
    named = dict.fromkeys(str(member) for member in members if member is not None)
    return tuple(member for member in named if taxonomy.reason_for(member) in codes)


def attempt(ask: Ask, analysis: Ask, **options: Any) -> Result | None:
    """An answer, None where there is none."""
    try:
        return ask(analysis, **options)
    except Problem:
        return None

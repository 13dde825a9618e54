"""What is asked of an owner, ready for an e-mail: what is late first, by when, with which verdict. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from data_access.taxonomy import Taxonomy
from data_access.workshop.records import Escalation, Plan, PlanState, Priority
from data_access.workshop.signs import one_line
from pages.words.catalogue import Catalogue
from pages.words.format import spaced
from pages.words.plan_rows import PlanRow, late_in_words, verdict_in_words

CLOSED = (PlanState.CLOSED, PlanState.DROPPED)


def briefs(
    rows: Sequence[PlanRow],
    words: Catalogue,
    taxonomy: Taxonomy,
    *,
    link: Callable[[Plan], str] | None = None,
    metric: Callable[[str], str] = str,
) -> Mapping[str, str]:
    """A text for each owner by code or name ("" for nobody's), those with something overdue first.

    rows: as `plan_rows.rows_of` orders them. link: where a plan is to be read. metric: what a metric is called.
    """
    owned: dict[str, list[PlanRow]] = {}
    for row in rows:
        if row.plan.state not in CLOSED:
            owned.setdefault(row.plan.owner, []).append(row)
    return {owner: _brief(owner, own, words, taxonomy, link, metric) for owner, own in owned.items()}


def _brief(
    owner: str,
    rows: Sequence[PlanRow],
    words: Catalogue,
    taxonomy: Taxonomy,
    link: Callable[[Plan], str] | None,
    metric: Callable[[str], str],
) -> str:
    late = sum(row.late > 0 for row in rows)
    name = taxonomy.label("owner", owner, words.language) or owner or words.text("plans_command.nobody")
    key = "head_late" if late else "head"
    parts = [one_line(spaced(words.text(f"workshop.brief.{key}", owner=name, count=len(rows), late=late)))]
    for number, row in enumerate(rows, 1):
        told = [f"{number}. {row.plan.action}", *_told(row, words, metric)]
        told += [link(row.plan)] if link else []
        parts.append("\n   ".join(one_line(spaced(said)) for said in told))
    return "\n\n".join(parts) + "\n"


def _told(row: PlanRow, words: Catalogue, metric: Callable[[str], str]) -> list[str]:
    plan = row.plan
    lines = [words.text("workshop.brief.issue", issue=row.issue), _by_when(row, words)]
    if plan.target_metric and plan.target_value is not None:
        lines.append(words.text("workshop.brief.target", metric=metric(plan.target_metric), value=plan.target_value))
    ahead = [step for step in plan.milestones if step.done is None and step.due]
    if ahead:
        coming = min(ahead, key=lambda step: step.due or date.max)
        lines.append(words.text("workshop.brief.next_step", name=coming.name, day=coming.due))
    if plan.blocker.strip():
        lines.append(words.text("workshop.brief.blocked", blocker=plan.blocker))
    if plan.check_on or row.standing:
        verdict = words.text("format.list_parts").join(
            filter(None, [verdict_in_words(row.standing, words), row.gained])
        )
        key = "verdict_on" if plan.check_on else "verdict"
        lines.append(words.text(f"workshop.brief.{key}", verdict=verdict, day=plan.check_on))
    return lines


def _by_when(row: PlanRow, words: Catalogue) -> str:
    """State, day, how late, and what makes it urgent."""
    plan = row.plan
    day = words.text("plans_command.due", day=plan.due) if plan.due else words.text("plans_command.undated")
    told = [words.text(f"workshop.state.plan.{plan.state}"), day]
    told += [late_in_words(row.late, row.step, words)] if row.late else []
    if plan.priority in (Priority.HIGH, Priority.URGENT):
        told.append(words.text("workshop.brief.priority", priority=words.text(f"workshop.priority.{plan.priority}")))
    if plan.escalation is not Escalation.NONE:
        level = words.text(f"workshop.escalation.{plan.escalation}")
        told.append(words.text("workshop.brief.escalated", level=level))
    return words.text("format.list_parts").join([*filter(None, told)])

"""What is asked of each department: one page each, on the screen to be read and as a file to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from data_access.workshop.records import Plan, PlanState, WhyStatus
from data_access.workshop.standing import latest
from pages.explain.trace import brief_page, courses, issue_rows
from pages.explain.trace.brief_page import Brief, BriefItem
from pages.explain.trace.issue_rows import Line
from pages.frame import taken_along
from pages.frame.context import Frame
from pages.frame.folded import folded
from pages.record import record_words as say
from pages.record.plan import verdicts
from pages.report.report import XLSX
from pages.words.file_names import file_name


def download(here: Frame, lines: Sequence[Line]) -> None:
    """All briefs as one workbook, a sheet per department."""
    made = briefs_of(here, lines)
    if made:
        name = file_name(here.plain.text("brief.name"), date.today(), ending="xlsx")
        st.download_button(
            here.text("trace_page.briefs"),
            taken_along.noted(here, lambda: _workbook(here, made, lines), "xlsx", subject="briefs"), name, XLSX,
            icon=":material/mail:", key="trace.briefs", on_click="ignore",
        )  # fmt: skip


def _workbook(here: Frame, briefs: Sequence[Brief], lines: Sequence[Line]) -> bytes:
    """The briefs with the pictures of effects."""
    return brief_page.workbook(briefs, words=here.plain, courses=courses.courses_of(here, lines))


def shown(here: Frame, lines: Sequence[Line]) -> None:
    """One brief to read, its words ready to be copied."""
    made = {one.department: one for one in briefs_of(here, lines)}
    if not made:
        return
    place = folded(here.text("trace_page.read_brief"), "mail", "briefs", compact=False)
    if place.open:
        with place:
            chosen = st.selectbox(here.text("trace_page.department"), list(made), key="briefs.department")
            st.code(brief_page.text(made[str(chosen)], words=here.plain), language=None, wrap_lines=True)


def briefs_of(here: Frame, lines: Sequence[Line]) -> list[Brief]:
    """A brief for each department that owns a cause or a remedy, in order of the lines."""
    owned: dict[str, list[Line]] = {}
    for line in lines:
        for owner in _owners(line):
            owned.setdefault(owner, []).append(line)
    return [_brief(here, owner, own) for owner, own in owned.items()]


def _owners(line: Line) -> list[str]:
    """Who owns the cause and who the remedies, each once."""
    owners = [line.trace.issue.owner, *(plan.owner for plan in _running(line))]
    return list(dict.fromkeys(filter(None, owners)))


def _running(line: Line) -> list[Plan]:
    return [plan for plan in line.trace.plans if plan.state is not PlanState.DROPPED]


def _brief(here: Frame, owner: str, lines: Sequence[Line]) -> Brief:
    first = lines[0].row
    return Brief(
        department=say.label(here, "owner", owner),
        metric=first.metric,
        period=first.period,
        data_version=first.data_version,
        items=tuple(_item(here, owner, line) for line in lines),
    )


def _item(here: Frame, owner: str, line: Line) -> BriefItem:
    """The problem with its loss, its evidence, and what this department is asked to do by when."""
    row, trace = line.row, line.trace
    asked = [plan for plan in _running(line) if plan.owner in ("", owner)]
    deadline = min((plan.due for plan in asked if plan.due), default=None)
    return BriefItem(
        number=row.number,
        problem=row.problem,
        unit=row.unit,
        lost_points=row.lost_points,
        score=None if row.place else row.score,
        change=None if row.place else row.change,
        share=row.share,
        low=row.share_low,
        high=row.share_high,
        n=row.n,
        basis=row.basis,
        where=" › ".join(step.label for step in row.steps) or row.location_reason,
        cause=row.cause,
        supported=any(why.status is WhyStatus.SUPPORTED for why in trace.whys),
        evidence=tuple(issue_rows.beside_headline(here, trace)),
        ask=tuple(_asked(here, plan, alone=len(asked) == 1) for plan in asked),
        effect=tuple(_worked(here, line, plan, alone=len(asked) == 1) for plan in asked if _judged(line, plan)),
        judged=tuple(plan.id for plan in asked if _judged(line, plan)),
        deadline=deadline,
        is_overdue=deadline is not None and deadline < date.today(),
        link=row.link,
    )


def _judged(line: Line, plan: Plan) -> bool:
    return verdicts.of(line.trace, plan) is not None


def _worked(here: Frame, line: Line, plan: Plan, *, alone: bool) -> str:
    """Promised, verified and the verdict; of several plans after the name of each."""
    told = verdicts.line(here, plan, verdicts.of(line.trace, plan))
    return told if alone else here.plain.text("brief.line", label=plan.action, said=told)


def _asked(here: Frame, plan: Plan, *, alone: bool) -> str:
    """What is to be done, by whom, and that it, or a milestone of it, is late; alone it says so as the deadline."""
    action = here.plain.text("brief.by", action=plan.action, person=plan.person) if plan.person else plan.action
    days, step = latest(plan, date.today())
    if step:
        return here.plain.text("brief.late_step", action=action, name=step)
    return here.plain.text("brief.late", action=action, due=plan.due) if days and not alone else action

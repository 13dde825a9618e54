"""The plans that are shown, taken along: as Excel and CSV, for a calendar, and as a brief for each owner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import streamlit as st

from data_access.workshop.records import Plan
from pages.act.plans import answer, said, table_rows
from pages.act.plans.register import Line
from pages.frame import taken_along
from pages.frame.context import Frame
from pages.frame.folded import folded
from pages.record import issue_link
from pages.record import record_words as say
from pages.report.report import XLSX
from pages.words.file_names import file_name
from pages.words.format import spaced
from pages.words.plan_brief import briefs
from pages.words.plan_calendar import calendar
from pages.words.plan_rows import PlanRow
from pages.words.writers import spreadsheet


def draw(here: Frame, lines: Sequence[Line]) -> None:
    """Made when a button is pressed, of what the filters leave: also of one owner alone."""
    if not lines:
        return
    link = _link(here)
    with st.container(horizontal=True):
        _download(here, "excel", "table_view", lambda: _excel(here, lines), "xlsx", XLSX)
        _download(here, "csv", "csv", lambda: spreadsheet.to_csv(table_rows.exported(here, lines)), "csv", "text/csv")
        _download(here, "calendar", "calendar_add_on", lambda: _calendar(here, lines, link), "ics", "text/calendar")
    _brief(here, lines, link)


def _download(here: Frame, kind: str, icon: str, make: Callable[[], bytes], ending: str, mime: str) -> None:
    known = f"action.{kind}" if kind in ("excel", "csv") else f"plan_register.file.{kind}"
    name = file_name(here.plain.text("page.plans"), date.today(), ending=ending)
    st.download_button(here.text(known), taken_along.noted(here, make, ending, subject="plans"), name, mime,
                       icon=f":material/{icon}:",
                       key=f"plans.{kind}", on_click="ignore")  # fmt: skip


def _excel(here: Frame, lines: Sequence[Line]) -> bytes:
    sheets = {here.plain.text("plan_register.file.sheet"): table_rows.exported(here, lines)}
    return spreadsheet.to_excel(sheets, facts=_facts(here, lines))


def _facts(here: Frame, lines: Sequence[Line]) -> dict[str, str]:
    facts = {
        here.text("fact.question"): here.plain.text("plans.question"),
        here.text("fact.answer"): answer.in_words(here, lines),
        here.text("plan_register.file.made"): here.plain.show(date.today(), "date"),
    }
    return {name: spaced(value) for name, value in facts.items()}


def _link(here: Frame) -> Callable[[Plan], str] | None:
    """Where a plan is to be read; none on this machine alone, where nobody else gets."""
    language, page = here.words.language, issue_link.outward("trace")
    if not page:
        return None
    return lambda plan: f"{page}?{urlencode({'issue': plan.issue_id, 'lang': language})}"


def _calendar(here: Frame, lines: Sequence[Line], link: Callable[[Plan], str] | None) -> bytes:
    plans = [line.plan for line in lines]
    return calendar(plans, here.plain, here.taxonomy, at=datetime.now(UTC), link=link).encode()


def _verified(here: Frame, line: Line) -> str:
    gain = said.effect(here, line)
    return here.plain.text("verify.verified", gain=gain) if gain else ""


def _brief(here: Frame, lines: Sequence[Line], link: Callable[[Plan], str] | None) -> None:
    """One owner's plans as the text of an e-mail, ready to be copied."""
    place = folded(here.text("plan_register.file.brief"), "mail", "plans.brief", compact=False)
    if not place.open:
        return
    rows = [PlanRow(line.plan, line.issue.title, line.late, line.late_step, line.standing,
                    gained=_verified(here, line)) for line in lines]  # fmt: skip
    made = briefs(rows, here.plain, here.taxonomy, link=link, metric=lambda name: say.metric_name(here, name))
    with place:
        if not made:
            st.caption(here.text("plan_register.file.no_brief"))
            return
        owner = st.selectbox(say.field(here, "owner"), list(made), key="plans.brief.owner", width=320,
                             format_func=lambda code: say.label(here, "owner", code))  # fmt: skip
        st.code(made[str(owner)], language=None, wrap_lines=True)

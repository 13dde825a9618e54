"""The plans month by month: what begins, what is due, what is checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import streamlit as st

from data_access.selection import Period, months_later
from pages.act.plans import opening, said
from pages.act.plans.board import TO_THE_LEFT
from pages.act.plans.register import Line, standing_plans
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.words.markdown import escape_markdown

KINDS = ("start", "due", "check_on")
MONTHS, A_CELL = 6, 6  # months ahead that are shown, plans named in each column of one


def draw(here: Frame, lines: Sequence[Line]) -> None:
    """From the last month on; older months hold what is over, or what comes first in every view as overdue."""
    st.html(TO_THE_LEFT)
    today = date.today()
    first = months_later(today.replace(day=1), -1)
    months = sorted({month for month, _, _ in _days(standing_plans(lines)) if month >= first})
    if not months:
        st.caption(here.text("plan_register.no_months"))
    for month in months[:MONTHS]:
        _month(here, month, lines, this=month == today.replace(day=1))
    if len(months) > MONTHS:
        st.caption(here.text("plan_register.more_months", count=len(months) - MONTHS))


def _days(lines: Sequence[Line]) -> Iterator[tuple[date, str, Line]]:
    """Each day of a plan: the first of its month, what happens on it, the plan."""
    for line in lines:
        for kind in KINDS:
            day: date | None = getattr(line.plan, kind)
            if day is not None:
                yield day.replace(day=1), kind, line


def _month(here: Frame, month: date, lines: Sequence[Line], *, this: bool) -> None:
    own = [(kind, line) for first, kind, line in _days(standing_plans(lines)) if first == month]
    with st.container(border=True, gap="small", key=f"plans.month.{month:%Y-%m}"):
        name = here.words.show(Period(month, months_later(month, 1)), "period")
        st.markdown(f"**{name}**" + (f" :primary-badge[{here.text('plan_register.this_month')}]" if this else ""))
        for kind, column in zip(KINDS, st.columns(len(KINDS)), strict=True):
            with column:
                _cell(here, f"{month:%Y-%m}.{kind}", kind, [line for how, line in own if how == kind])


def _cell(here: Frame, key: str, kind: str, lines: Sequence[Line]) -> None:
    st.caption(here.text(f"plan_register.month_{kind}", count=len(lines)))
    for line in sorted(lines, key=lambda line: getattr(line.plan, kind))[:A_CELL]:
        day: date = getattr(line.plan, kind)
        with st.container(gap=None):
            name = f"{here.words.show(day, 'day')} **{escape_markdown(line.plan.action)}**"
            if st.button(name, key=f"plans.month.open.{key}.{line.plan.id}", type="tertiary"):
                opening.go(here, line)
            late = said.late(here.words, line) if kind == "due" else ""
            told = [escape_markdown(say.answerable(here, line.plan)), f":orange[{late}]" if late else ""]
            st.caption(" · ".join(filter(None, told)))
    if len(lines) > A_CELL:
        st.caption(here.text("plan_register.more_cards", count=len(lines) - A_CELL))

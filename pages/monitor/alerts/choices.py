"""Which morning is looked at? The one after the last full day of the data, or an earlier one again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import streamlit as st

from data_access.selection import Period, Selection
from pages.frame import address, open_data
from pages.frame.context import Context
from pages.frame.linked_choices import choose_depth
from pages.words import selection_words

WEEK, BEFORE = 7, 28  # days of what is looked at, and of what it is held against
MORNINGS = 60  # that can be seen again
LATEST = "latest"


@dataclass(frozen=True)
class Morning:
    """day: the last day looked at; today: the day on which somebody has to act; age: days between both, less one."""

    day: date
    today: date
    is_latest: bool

    @property
    def age(self) -> int:
        return (self.today - self.day).days - 1

    @property
    def as_of(self) -> date | None:
        """The day as analyses are asked for it: None where they find the last one themselves."""
        return None if self.is_latest else self.day

    def week(self, selection: Selection) -> Selection:
        """The last week against the four before it."""
        start = self.day - timedelta(days=WEEK - 1)
        week = Period(start, self.day + timedelta(days=1))
        return replace(selection, period=week, baseline=Period(start - timedelta(days=BEFORE), start))


def choose_morning(here: Context) -> Morning:
    """The line of what is looked at, with the choice of another morning. Raises Problem where there are no days."""
    last = open_data.last_day(here)
    days = _days(here, last)
    line, way = st.container(), st.container(horizontal=True, vertical_alignment="center")
    with way:
        code = _choose(here, days)
        choose_depth(here)
    day = last if code == LATEST else date.fromisoformat(code)
    today = date.today() if code == LATEST else day + timedelta(days=1)
    with line:
        st.caption(_line(here, day))
    return Morning(day, max(today, day + timedelta(days=1)), code == LATEST)


def _days(here: Context, last: date) -> list[date]:
    calendar = open_data.calendar(here)
    first = calendar.first if calendar else last
    return [last - timedelta(days=n) for n in range(1, MORNINGS) if last - timedelta(days=n) >= first]


def _choose(here: Context, days: list[date]) -> str:
    """Today stands in no link, so that a bookmark opens the morning of the day it is opened on."""
    codes, key = [LATEST, *(day.isoformat() for day in days)], here.key("as_of")
    address.take("as_of", key, lambda values: values[0] if values[0] in codes else None)
    if st.session_state.get(key) not in codes:
        st.session_state[key] = LATEST
    label = here.text("alerts.morning")
    chosen = str(st.selectbox(label, codes, key=key, persist_state="session", width=300, label_visibility="collapsed",
                              format_func=lambda code: _morning(here, code)))  # fmt: skip
    if chosen != LATEST:
        address.write("as_of", chosen)
    return chosen


def _morning(here: Context, code: str) -> str:
    if code == LATEST:
        return here.plain.text("alerts.latest")
    morning = date.fromisoformat(code) + timedelta(days=1)
    weekday = here.plain.show(str(morning.isoweekday()), "name", dimension="weekday")
    return here.plain.text("alerts.earlier", day=morning, weekday=weekday)


def _line(here: Context, day: date) -> str:
    """Up to which day, of which metric and part of the data."""
    asked = replace(here.selection, period=Period(day - timedelta(days=WEEK - 1), day + timedelta(days=1)))
    told = replace(asked, baseline=None)
    return selection_words.line(here.words, here.plain, here.warehouse.model, told, here.version)

"""Who has to act today? What to do in order, the signals behind it, the plans, the data, yesterday's bad ratings."""

from __future__ import annotations

import streamlit as st

from pages.frame.context import Context
from pages.monitor.alerts import choices, daily, health, plans, signals, strip, to_do


def draw(here: Context) -> None:
    """The plans at once; the list is drawn again when data and signals are known; pictures and reports below it."""
    st.title(here.text("alerts.question"), anchor=False)
    morning = choices.choose_morning(here)
    first, found, strips, shown, further = st.empty(), *(st.container() for _ in range(4))
    due = plans.due(here, morning)
    to_do.draw(here, first, morning, due)
    data = health.look(here, morning)
    to_do.draw(here, first, morning, due, data)
    with found:
        signalled = signals.look(here, morning)
    to_do.draw(here, first, morning, due, data, signalled)
    with found:
        owners = signals.draw(here, morning, signalled, due)
    to_do.draw(here, first, morning, due, data, signalled, owners)
    with shown:
        plans.draw(here, due)
        health.draw(here, morning, data)
        daily.draw(here, morning)
    with strips:
        strip.touchpoints(here, morning)
    with further:
        strip.drivers(here, morning)

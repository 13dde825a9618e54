"""The register without any plan: what a plan is, and the ways to the first one."""

from __future__ import annotations

import streamlit as st

from pages.frame.context import Frame
from pages.record.examples import offer


def draw(here: Frame) -> None:
    st.markdown(f"## {here.text('plan_register.none')}")
    st.markdown(here.text("plan_register.none_how"))
    with st.container(horizontal=True):
        here.lead_to("overview", here.text("plan_register.to_overview"))
        here.lead_to("workshop", here.text("plan_register.to_workshop"))
    offer.all_of_them(here)

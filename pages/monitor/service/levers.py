"""What can be done where fewest are resolved at first contact? By scenario or question, from the taxonomy."""

from __future__ import annotations

import streamlit as st

from analysis.result import Result
from analysis.trail.column_roles import scenario_of
from pages.frame.context import Context
from pages.report import further_table
from pages.words.further_tables import has

PART = "levers"


def draw(here: Context, found: Result, by: str) -> None:
    """Reason, power, owner and remedies of the lowest segments; a click leads to those by scenario or by question."""
    if not has(found, PART):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"##### {here.text('fcr.levers_of', name=here.names.of_dimension(by))}", width="content")
        for name in _others(here, by):
            st.button(
                here.text("service.by_dimension", name=here.names.of_dimension(name)), type="tertiary",
                icon=":material/arrow_forward:", key=f"levers.{name}", on_click=_cut, args=(here, name),
            )  # fmt: skip
    further_table.part(here, found, PART, titled=False)


def _others(here: Context, by: str) -> list[str]:
    """The dimensions of scenarios and of questions, but for the one that is looked at."""
    model = here.warehouse.model
    found = (scenario_of(model), model.question)
    return list(dict.fromkeys(name for name in found if name and name != by and name in here.cuts()))


def _cut(here: Context, name: str) -> None:
    st.session_state[here.key("by")] = name

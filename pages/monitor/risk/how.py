"""How the numbers came about, and their SQL; never the rows behind them, which name contacts as they are."""

from __future__ import annotations

import streamlit as st

from analysis.result import Result
from pages.frame.context import Context
from pages.frame.folded import folded


def show(here: Context, result: Result) -> None:
    """Folded, worked out once somebody opens it."""
    how = folded(here.text("how.title"), "function", f"how.{result.method}")
    if how.open and result.how:
        with how:
            st.markdown(here.say(result.how.formula))
            for statement in result.how.assumptions:
                st.markdown(here.say(statement))
    sql = folded(here.text("how.sql"), "database", f"sql.{result.method}")
    if sql.open:
        with sql:
            for text in dict.fromkeys(result.sql):
                st.code(text, language="sql", wrap_lines=True)

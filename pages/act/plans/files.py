"""The plans that are shown, taken along: as Excel and CSV, for a calendar, and as a brief for each owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from pages.act.plans import answer, table_rows
from pages.act.plans.register import Line
from pages.frame.context import Frame
from pages.report.report import XLSX
from pages.words.format import spaced
from pages.words.writers import spreadsheet


def draw(here: Frame, lines: Sequence[Line]) -> None:
    if not lines:
        return
    table, facts = table_rows.exported(here, lines), _facts(here, lines)
    with st.container(horizontal=True):
        st.download_button(
            here.text("action.excel"), lambda: _workbook(here, table, facts), "satrace-plans.xlsx", XLSX,
            icon=":material/table_view:", key="plans.excel", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            here.text("action.csv"), lambda: spreadsheet.to_csv(table), "satrace-plans.csv", "text/csv",
            icon=":material/csv:", key="plans.csv", on_click="ignore",
        )  # fmt: skip


def _workbook(here: Frame, table: pd.DataFrame, facts: dict[str, str]) -> bytes:
    return spreadsheet.to_excel({here.plain.text("plan_register.file.sheet"): table}, facts=facts)


def _facts(here: Frame, lines: Sequence[Line]) -> dict[str, str]:
    facts = {
        here.text("fact.question"): here.plain.text("plans.question"),
        here.text("fact.answer"): answer.in_words(here, lines),
        here.text("plan_register.file.made"): here.plain.show(date.today(), "date"),
    }
    return {name: spaced(value) for name, value in facts.items()}

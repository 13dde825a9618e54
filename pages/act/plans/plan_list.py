"""The plans as a table: overdue first, sortable by each column, a row to be changed right below it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.act.plans import row_panel, table_rows
from pages.act.plans.register import Line
from pages.frame.context import Frame
from pages.words.markdown import escape_markdown

ROWS, ROW_PX, HEAD_PX = 7, 70, 38  # rows before the fold; in such a row the grid breaks its lines
LATE_LIGHT, LATE_DARK = "color: #A04400; font-weight: 600", "color: #FFA667; font-weight: 600"
KEPT_WHOLE = """<style>.st-key-plans-large th, .st-key-plans-large th *{white-space:nowrap!important}</style>"""


def draw(here: Frame, lines: Sequence[Line]) -> None:
    """In large text as text that grows with the page, seven rows at a time; else as a grid."""
    if not lines:
        return
    if here.large:
        _large(here, lines)
    else:
        _grid(here, lines)


def _grid(here: Frame, lines: Sequence[Line]) -> None:
    frame = table_rows.frame(here, lines)
    late = LATE_DARK if here.dark else LATE_LIGHT
    column = here.text("plan_register.column.late")
    styled = frame.style.map(lambda days: late if days == days else "", subset=[column])
    styled = styled.format(lambda days: f"{days:.0f}" if days == days else "", subset=[column])
    event = st.dataframe(
        styled, hide_index=True, on_select="rerun", selection_mode=["single-row", "single-cell"], key="plans.grid",
        placeholder="", row_height=ROW_PX, height=HEAD_PX + ROW_PX * min(len(lines), ROWS) + 2,
        column_config=table_rows.widths(here),
    )  # fmt: skip
    st.caption(here.text("plan_register.grid_hint"))
    selected = event["selection"]
    rows = selected["rows"] or [place for place, _ in selected["cells"]]
    row_panel.follow_grid(lines[rows[0]].plan.id if rows and rows[0] < len(lines) else "")


def _large(here: Frame, lines: Sequence[Line]) -> None:
    place, pages = st.container(key="plans.large"), -(-len(lines) // ROWS)
    with st.container(horizontal=True, vertical_alignment="center"):
        page = min(int(st.pagination(pages, key="plans.page")), pages) if pages > 1 else 1
        lines = _sorted(here, lines)
        row_panel.choose_by_name(here, lines)
    with place:
        st.html(KEPT_WHOLE)
        st.table(_text(here, lines[(page - 1) * ROWS : page * ROWS]), border="horizontal", hide_index=True)


def _sorted(here: Frame, lines: Sequence[Line]) -> Sequence[Line]:
    """By the column that was chosen; overdue first until then."""
    label = here.text("plan_register.sort")
    by = st.selectbox(
        label, [*table_rows.ORDERS], key="plans.sort", width=300, label_visibility="collapsed",
        format_func=lambda name: here.text("option.labelled", label=label,
                                           value=here.text(f"plan_register.column.{name}")),
    )  # fmt: skip
    return sorted(lines, key=table_rows.ORDERS[str(by)])


def _text(here: Frame, lines: Sequence[Line]) -> pd.DataFrame:
    """The columns that large text has room for."""
    cells = [table_rows.in_words(here, line) for line in lines]
    heads = {name: here.text(f"plan_register.column.{name}") for name in table_rows.FEW}
    return pd.DataFrame({head: [_cell(name, cell[name]) for cell in cells] for name, head in heads.items()})


def _cell(name: str, told: str) -> str:
    return f":orange[**{told}**]" if name == "late" and told else escape_markdown(told)

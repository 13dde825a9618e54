"""How every result looks: question, selection in words, answer, chart, table, actions, and how it was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.result import Result
from data_access.access import is_outside_class, may_see_rows
from data_access.selection import Selection
from data_access.statement import Problem, Statement
from data_access.workshop.seen_records import Seen, asked_of
from pages import charts
from pages.charts import CONFIG, alt_text
from pages.frame import address, open_data, taken_along, whole_span
from pages.frame.context import Context, Frame
from pages.frame.folded import folded
from pages.report import table_view
from pages.report.marks import Marks
from pages.report.pinning import pin_button
from pages.words import contact_rows, file_names, further_tables, selection_words
from pages.words.format import sentences, spaced
from pages.words.markdown import unescaped
from pages.words.methods import presentation_of
from pages.words.tables import exported
from pages.words.writers import spreadsheet

ROWS_A_PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def question(here: Context, method: str) -> None:
    """The page's question as its title, and the selection in words."""
    st.title(here.text(presentation_of(method).question), anchor=False)
    st.caption(selection_in_words(here, here.selection, here.version))
    whole_span.tell(here.words)


def selection_in_words(here: Context, selection: Selection, version: str) -> str:
    """Metric, period against baseline, filters and data version on one line."""
    return selection_words.line(here.words, here.plain, here.warehouse.model, selection, version)


def answer(
    here: Context,
    result: Result,
    *,
    chips: Callable[[], str] | None = None,
    leads: Sequence[str] | None = None,
) -> None:
    """The first finding as the answer, the others as one paragraph, what to beware of in grey.

    leads: beginnings of the keys of findings, most important first. At basic depth the first that was found stands
    below the answer, and the rest can be opened there.
    """
    first, *others = result.findings
    st.markdown(f"## {here.say(first)}")
    beside = [chips()] if chips else []
    if leads is None or here.at_least("intermediate"):
        _paragraph(here, beside, others, result.caveats)
        return
    leading = [s for lead in leads for s in others if s.key.startswith(lead)][:1]
    _paragraph(here, beside, leading, ())
    further = [s for s in others if s not in leading]
    label = here.text("answer.more", count=len(further) + len(result.caveats))
    more = folded(label, "notes", f"answer.more.{result.method}")
    if more.open:
        with more:
            _paragraph(here, [], further, result.caveats)


def _paragraph(here: Context, beside: list[str], said: Sequence[Statement], caveats: Sequence[Statement]) -> None:
    paragraph = [*beside, *(here.say(s) for s in said)]
    if paragraph:
        st.markdown(sentences(paragraph))
    if caveats:
        st.caption(sentences(here.say(s) for s in caveats))


def attempt(here: Context, analyse: Callable[..., Result], **options: Any) -> Result | None:
    """An analysis beside the page's own: its problem is said in its place, and the rest of the page stands."""
    try:
        return here.run(analyse, **options)
    except Problem as problem:
        st.warning(here.say(problem.statement), icon=":material/info:")
        return None


def chart(
    here: Context,
    figure: go.Figure,
    name: str,
    *,
    marks: Marks | None = None,
    clicked: Callable[[str], object] | None = None,
) -> None:
    """Draw a figure. A click opens the segment of a mark, or calls `clicked` with its key; then all is drawn anew."""
    if marks is not None and marks.lead_somewhere:
        clicked, figure = marks.click, charts.shaded(figure, marks.marked, here.look)
    picture(here, figure, name, clicked=clicked)


def picture(here: Frame, figure: go.Figure, name: str, *, clicked: Callable[[str], object] | None = None) -> None:
    """The same for a figure that is not made of the page's data.

    The theme is in the key: see `charts`. So is the number of clicks: a chart that keeps its mark would take the next
    click on it for its end, and one that changes by a click lose it.
    """
    shade, alt = "dark" if here.dark else "light", alt_text(figure)
    if clicked is None:
        st.plotly_chart(figure, theme=None, config=CONFIG, key=f"chart.{name}.{shade}", alt=alt)
        return
    clicks = st.session_state.get(f"clicks.{name}", 0)
    key = f"mark.{name}.{shade}.{clicks}"

    def follow() -> None:
        st.session_state[f"clicks.{name}"] = clicks + 1
        mark = _key_of(st.session_state[key]["selection"]["points"])
        if mark is not None:
            clicked(mark)

    st.plotly_chart(figure, theme=None, config=CONFIG, key=key, alt=alt, on_select=follow, selection_mode="points")


def _key_of(points: Sequence[Mapping[str, Any]]) -> str | None:
    """The key of the mark that was clicked; None for one that stands for several or for nothing."""
    data = points[0].get("customdata") if points else None
    data = data[0] if isinstance(data, list) and data else data
    return None if data is None or isinstance(data, list) else str(data)


def table(
    here: Context,
    result: Result,
    *,
    marks: Marks | None = None,
    chosen: Callable[[int | None], object] | None = None,
) -> None:
    """The table behind the chart. A row opens what its mark does, or `chosen` is called with it, None with none."""
    if marks is not None and marks.lead_somewhere:
        chosen = marks.row
    table_view.show(here, result, key=f"table.{result.method}.{here.selection.metric}", chosen=chosen)


def actions(here: Context, result: Result) -> None:
    """Pin, Excel, CSV, link: always the same place, always the same four."""
    with st.container(horizontal=True):
        _keep(here, result, result.method)
        copy_link(here)


def copy_link(here: Context) -> None:
    """The browser copies the address by itself when the button is pressed; where it may not, it shows it instead."""
    if st.button(here.text("action.link"), icon=":material/link:", type="tertiary", key="copy-link"):
        st.toast(here.text("action.link_done"), icon=":material/link:")


def keep(here: Context, result: Result, place: str, *, named: str = "") -> None:
    """Pin, Excel and CSV for a second result of the page, after its name; `place` tells its buttons from others."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(here.text("action.of", name=named or here.text(f"page.{result.method}")), width="content")
        _keep(here, result, place)


def _keep(here: Context, result: Result, place: str) -> None:
    pin_button(here, result, place)
    excel, csv = (file_names.of_result(result, here.plain, ending=ending) for ending in ("xlsx", "csv"))
    link = address.link()
    to_excel = taken_along.noted(here, lambda: workbook(here, result, link), "xlsx", result=result)
    to_csv = taken_along.noted(here, lambda: spreadsheet.to_csv(_table(here, result)), "csv", result=result)
    _download(here, "excel", to_excel, name=excel, mime=XLSX, place=place)
    _download(here, "csv", to_csv, name=csv, mime="text/csv", place=place)


def _download(here: Context, kind: str, make: Callable[[], bytes], *, name: str, mime: str, place: str) -> None:
    """A button whose file is made when it is pressed: outside of any run, so without session or address."""
    icon = {"excel": ":material/table_view:", "csv": ":material/csv:"}[kind]
    st.download_button(
        here.text(f"action.{kind}"), make, name, mime, icon=icon, key=f"{kind}.{place}", on_click="ignore"
    )


def workbook(here: Context, result: Result, link: str) -> bytes:
    """The table as Excel, with a sheet that says what it is about and one for each further table."""
    facts = {
        here.text("fact.question"): here.plain.text(presentation_of(result.method).question),
        here.text("fact.answer"): here.plain.say(result.findings[0]),
        here.text("fact.selection"): unescaped(selection_in_words(here, result.selection, result.data_version)),
        here.text("fact.version"): result.data_version,
        here.text("fact.formula"): here.plain.say(result.how.formula) if result.how else "",
        here.text("fact.link"): link,
    }
    facts = {name: spaced(value) for name, value in facts.items()}
    sheets = {here.text(f"page.{result.method}"): _table(here, result), **further_tables.exported(result, here.plain)}
    return spreadsheet.to_excel(sheets, facts=facts)


def _table(here: Context, result: Result) -> pd.DataFrame:
    return exported(result, here.plain)


def made_of(here: Context, result: Result) -> None:
    """How the numbers came about, their SQL and the rows behind them; computed only when opened."""
    how = folded(here.text("how.title"), "function", f"how.{result.method}")
    if how.open and result.how:
        with how:
            st.markdown(here.say(result.how.formula))
            if here.at_least("intermediate"):
                for statement in result.how.assumptions:
                    st.markdown(here.say(statement))
            if "dictionary" in here.pages and is_outside_class(here.user):
                here.lead_to("dictionary", here.text("dictionary.lead"), term=result.method)
    sql = folded(here.text("how.sql"), "database", f"sql.{result.method}")
    if sql.open:
        with sql:
            for text in dict.fromkeys(result.sql):
                st.code(text, language="sql", wrap_lines=True)
    if may_see_rows(here.user):
        _rows(here, result)


def _rows(here: Context, result: Result) -> None:
    rows = folded(here.text("how.rows"), "table_rows", f"rows.{result.method}")
    if not rows.open:
        return
    with rows:
        rows_of(here, result.selection, result.method)


def rows_of(here: Context, selection: Selection, place: str) -> None:
    """The rows of a selection, a page of them at a time; `place` tells them from others on the same screen."""
    key = f"rows.page.{place}"
    first = (st.session_state.get(key, 1) - 1) * ROWS_A_PAGE
    try:
        rows_shown = open_data.rows(here, selection, first=first, most=ROWS_A_PAGE)
        asked = asked_of(here.warehouse.model, selection) | {"page": first // ROWS_A_PAGE + 1}
        here.witness.note_once(Seen(what="rows", dataset=here.dataset, data_version=here.version, asked=asked,
                                    count=len(rows_shown)))  # fmt: skip
    except Problem as problem:
        st.warning(here.say(problem.statement))
        return
    named = contact_rows.in_words(rows_shown, here.warehouse.model, here.names, here.plain)
    st.dataframe(named, hide_index=True, key=f"rows.table.{place}", placeholder="")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.number_input(here.text("how.rows_page"), min_value=1, value=1, step=1, key=key, width=160)
        st.caption(here.text("how.rows_note", first=first + 1, last=first + len(rows_shown)))

"""The traceability table: all issues of a review or workshop in one grid, to be filtered, opened and taken along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from data_access.workshop.records import IssueState
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from pages.explain.trace import courses, department_briefs, issue_rows, printed_form
from pages.explain.trace.form_columns import COLUMNS
from pages.explain.trace.issue_rows import Line
from pages.frame import taken_along
from pages.frame.context import Frame
from pages.record import chosen_issue, drafts, new_issue, removal
from pages.record import record_words as say
from pages.record.examples import offer
from pages.report.report import XLSX
from pages.words.file_names import file_name
from pages.words.markdown import escape_markdown

ALL = ""  # of a filter that is not set
SAID = {column.name: column.said for column in COLUMNS}
# What a meeting asks for stands within the width of a small screen, the rest to its right.
WIDTHS_PX = {"number": 66, "problem": 104, "location": 100, "cause": 122, "evidence": 120, "owner": 84,
             "remedy": 138, "effect": 150, "data": 200, "gap": 96, "system": 110, "power": 110,
             "verification": 170}  # fmt: skip


def draw(here: Frame, store: Store) -> None:
    """The grid with its filters, a form for a new issue, and the table as a file."""
    st.title(here.text("trace.question"), anchor=False)
    traces = sorted(store.traces(here.user), key=lambda t: (t.issue.created_at is None, t.issue.created_at))
    st.caption(here.text("trace_page.summary", count=len(traces)))
    with st.container(horizontal=True):
        new_issue.offered(here, store)
        if traces:
            offer.small(here)
    removal.offer(here)
    if traces:
        _table(here, traces)
    else:
        st.info(here.text("trace_page.empty"), icon=":material/lightbulb:")
        offer.all_of_them(here)
    removal.deleted_issues(here)


def _table(here: Frame, traces: Sequence[Trace]) -> None:
    numbered = [(issue_rows.number_of(place), trace) for place, trace in enumerate(traces, start=1)]
    _unsaved(here, numbered)
    kept = _filtered(here, numbered)
    lines = [Line(trace, issue_rows.row_of(here, trace, number)) for number, trace in kept]
    _grid(here, lines)
    _files(here, lines)


def _unsaved(here: Frame, numbered: Sequence[tuple[str, Trace]]) -> None:
    """Where this person typed something and has not saved it."""
    marks = drafts.marks(here)
    told = [f"{number} {escape_markdown(trace.issue.title)} ({marks[trace.issue.id]})"
            for number, trace in numbered if trace.issue.id in marks]  # fmt: skip
    if told:
        st.caption(f":material/edit_note: {' · '.join(told)}")


def _filtered(here: Frame, numbered: Sequence[tuple[str, Trace]]) -> list[tuple[str, Trace]]:
    """By words, state, owner department and power."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(here.text("trace_page.find"), key="trace.find", width=240).strip().casefold()
        state = _choose(here, "state", [*IssueState], lambda code: here.text(f"workshop.state.issue.{code}"))
        owner = _choose(here, "owner", _used(numbered, "owner"), lambda code: say.label(here, "owner", code))
        power = _choose(here, "power", _used(numbered, "power"), lambda code: say.label(here, "power", code))
    return [
        (number, trace)
        for number, trace in numbered
        if (not words or words in _text(number, trace))
        and (state == ALL or trace.issue.state == state)
        and (owner == ALL or trace.issue.owner == owner)
        and (power == ALL or trace.issue.power == power)
    ]


def _choose(here: Frame, name: str, options: Sequence[str], show: Callable[[str], str]) -> str:
    return str(st.selectbox(
        say.field(here, name), [ALL, *options], key=f"trace.filter.{name}", width=200,
        format_func=lambda code: show(code) if code else here.text("trace_page.all"),
    ))  # fmt: skip


def _used(numbered: Sequence[tuple[str, Trace]], name: str) -> list[str]:
    return sorted({getattr(trace.issue, name) for _, trace in numbered} - {""})


def _text(number: str, trace: Trace) -> str:
    issue = trace.issue
    said = (number, issue.title, issue.cause, issue.location_reason, issue.notes, *(w.statement for w in trace.whys))
    return " ".join(said).casefold()


def _grid(here: Frame, lines: Sequence[Line]) -> None:
    """A row an issue in the columns of the printed form; a click opens one."""
    if not lines:
        st.info(here.text("trace_page.none_left"), icon=":material/filter_alt_off:")
        return
    columns = {here.plain.text(f"form.column.{name}"): name for name in WIDTHS_PX}
    said = {head: [cell(SAID[name](line.row, here.plain)) for line in lines] for head, name in columns.items()}
    widths = {
        head: st.column_config.TextColumn(width=round(WIDTHS_PX[name] * (0.94 if here.large else 1)))
        for head, name in columns.items()
    }
    event = st.dataframe(
        pd.DataFrame(said), hide_index=True, on_select="rerun", selection_mode=["single-row", "single-cell"],
        key="trace.grid", placeholder="",
        row_height=190 if here.large else 150, column_config=widths,
    )  # fmt: skip
    st.caption(here.text("trace_page.open_hint"))
    selected = event["selection"]
    rows = selected["rows"] or [place for place, _ in selected["cells"]]
    if rows and rows[0] < len(lines):
        chosen_issue.show_issue(here, lines[rows[0]].trace.issue.id)
        st.rerun()


def cell(lines: Iterable[str]) -> str:
    """Lines of a cell in one, as a grid shows no breaks; blanks that must not be broken keep it from wrapping."""
    return " · ".join(line.strip().removeprefix("• ") for line in lines if line).replace("\u00a0", " ")


def _files(here: Frame, lines: Sequence[Line]) -> None:
    """The table as the printed form, and a one-page brief per department."""
    if not lines:
        return
    with st.container(horizontal=True):
        name = file_name(here.plain.text("file.form"), date.today(), ending="xlsx")
        st.download_button(
            here.text("trace_page.form"),
            taken_along.noted(here, lambda: _form(here, lines), "xlsx", subject="traces"), name, XLSX,
            icon=":material/table_view:", key="trace.excel", on_click="ignore",
        )  # fmt: skip
        department_briefs.download(here, lines)
    department_briefs.shown(here, lines)


def _form(here: Frame, lines: Sequence[Line]) -> bytes:
    """The table to be printed, with the pictures of effects."""
    rows, title = [line.row for line in lines], here.plain.text("page.trace")
    return printed_form.workbook(rows, words=here.plain, title=title, courses=courses.courses_of(here, lines))

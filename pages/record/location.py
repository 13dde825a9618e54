"""Where does the loss sit? A path from the problem down, what is left of the loss at each step, and the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from analysis.result import Result
from analysis.trace import next_steps, step_values, trace
from data_access.access import may_edit_issue
from data_access.selection import Filter
from data_access.workshop.records import Issue, IssueState
from data_access.workshop.tracing import Trace
from pages import charts
from pages.frame.context import Context
from pages.record import drafts, loss_over_time, steps
from pages.report import group_issue, panel, report
from pages.report.marks import Marks
from pages.words import path_words
from pages.words.format import sentences
from pages.words.markdown import escape_markdown
from pages.words.one_line import told_apart

OFFERED = 5  # proposals that fit beside the path
Path = tuple[Filter, ...]


def location(here: Context, row: Trace) -> None:
    """The path with the loss kept at each step, the next steps to choose from, and the loss over days and hours."""
    base: Issue = drafts.opened(row.issue)
    path = base.path
    editable = may_edit_issue(here.user) and base.state is not IssueState.CLOSED
    _crumbs(here, base, editable)
    result = report.attempt(here, trace, path=path)
    if result is None:
        return
    report.answer(here, result)
    if path:
        marks = Marks(here.page, [path[:length] for length in range(1, len(path) + 1)])
        report.chart(here, charts.kept_bars(kept_rows(here, result, path), look=here.look), "kept", marks=marks)
    report.keep(here, result, "trace")
    if editable and _found(here, base, result):
        _next(here, base)
    _branches(here, base, editable)
    loss_over_time.views(here, path)
    panel.show(here)
    report.made_of(here, result)


def kept_rows(here: Context, result: Result, path: Path) -> pd.DataFrame:
    """The steps of the path by name, with the loss kept of the first and of everything."""
    rows = result.table[result.table["step"] > 0].reset_index(drop=True)
    return rows.assign(label=[path_words.step(here.plain, part) for part in path], key=range(len(path)))


def _crumbs(here: Context, base: Issue, editable: bool) -> None:
    """The steps as buttons: a click goes back to one; what lies below it stays as a branch."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if st.button(here.text("trace_page.everything"), key="path.0", type="tertiary",
                     disabled=not (editable and base.path)):  # fmt: skip
            _go(here, base, ())
        for depth, part in enumerate(base.path, start=1):
            st.markdown("›", width="content")
            last = depth == len(base.path)
            name = escape_markdown(path_words.step(here.plain, part))
            if st.button(f"**{name}**" if last else name, key=f"path.{depth}", type="tertiary",
                         disabled=last or not editable,
                         help=escape_markdown(here.names.of_dimension(part.dimension))):  # fmt: skip
                _go(here, base, base.path[:depth])
        if (
            base.path
            and editable
            and st.button(here.text("trace_page.back"), icon=":material/close:", key="path.back", type="tertiary")
        ):
            _go(here, base, base.path[:-1])


def _go(here: Context, base: Issue, path: Path) -> None:
    drafts.save(here, replace(base, path=path, branches=left_behind(base, path)), fresh=False)


def left_behind(base: Issue, path: Path) -> tuple[Path, ...]:
    """The branches once another path is taken: paths that do not lie on the new one or on a longer one."""
    paths = {base.path, *base.branches, path}
    ends = (b for b in paths - {path} if b and not any(other[: len(b)] == b for other in paths - {b}))
    return tuple(sorted(ends, key=str))


def _take(here: Context, base: Issue, part: Filter) -> None:
    """Go a step further; what it found is shown where it was chosen."""
    st.session_state[f"path.taken.{base.id}"] = path = (*base.path, part)
    _go(here, base, path)


def _found(here: Context, base: Issue, result: Result) -> bool:
    """What the step just taken found, in the place of the proposals, and where to go on. Returns whether one can."""
    is_empty = bool(base.path) and not result.statistics["end_n"]
    if not is_empty and st.session_state.get(f"path.taken.{base.id}") != base.path:
        return True
    with st.container(border=True, key="path.found"):
        if is_empty:
            st.markdown(here.text("trace_page.nobody_here", place=path_words.path(here.plain, base.path)))
        else:
            st.markdown(f":material/check: {sentences(here.say(statement) for statement in result.findings)}")
        with st.container(horizontal=True):
            if not is_empty and st.button(here.text("trace_page.to_whys"), icon=":material/arrow_forward:",
                                          key="path.whys", type="primary"):  # fmt: skip
                steps.open_step(base, "why")
                st.rerun()
            if st.button(here.text("trace_page.back"), icon=":material/undo:", key="path.undo", type="tertiary"):
                _go(here, base, base.path[:-1])
    return not is_empty


def _next(here: Context, base: Issue) -> None:
    """The steps that may follow, best first; one click takes one, or any values of any dimension by hand."""
    proposals = report.attempt(here, next_steps, path=base.path)
    if proposals is None or proposals.table.empty:
        return
    st.markdown(f"## {here.text('trace_page.next')}")
    if group_issue.must_find(here):  # the best steps are the answer; what each value keeps is shown for any of them
        st.markdown(here.text("classroom.your_step"))
        _by_hand(here, base, sorted(set(proposals.table["dimension"]), key=here.names.of_dimension))
        return
    st.markdown(here.say(proposals.findings[0]) if proposals.findings else "")
    offered = proposals.table[proposals.table["offered"]]
    ordered = offered.sort_values(["proposed", "kept"], ascending=False, kind="stable").head(OFFERED)
    for place, row in enumerate(ordered.to_dict("records")):
        _offer(here, base, row, place)
    _by_hand(here, base, list(proposals.table["dimension"]))


def _offer(here: Context, base: Issue, row: dict[str, object], place: int) -> None:
    """One proposal: dimension and values, the loss it keeps beside its share of the answers."""
    part = Filter(str(row["dimension"]), tuple(row["value"]))  # type: ignore[arg-type]
    name = escape_markdown(path_words.step(here.plain, part))
    with st.container(horizontal=True, vertical_alignment="center"):
        label = here.text("trace_page.offer", dimension=here.names.of_dimension(part.dimension), values=name)
        if st.button(label, key=f"path.offer.{place}", type="primary" if row["proposed"] else "secondary",
                     icon=":material/subdirectory_arrow_right:"):  # fmt: skip
            _take(here, base, part)
        is_reason = part.dimension in here.warehouse.model.reasons  # its share is of the reasons that were named
        key = f"trace_page.offered.{row['why']}" if row["proposed"] else f"trace_page.keeps{'_reason' * is_reason}"
        st.caption(here.text(key, kept=row["kept"], share=row["share"]))


def _by_hand(here: Context, base: Issue, dimensions: Sequence[str]) -> None:
    """Any dimension that is left, and any of its values with the loss each keeps."""
    with st.popover(here.text("trace_page.other"), icon=":material/tune:", key="path.other"):
        dimension = st.selectbox(here.text("option.by"), dimensions, key=f"path.dimension.{base.id}",
                                 format_func=here.names.of_dimension)  # fmt: skip
        result = report.attempt(here, step_values, path=base.path, dimension=dimension)
        if result is None:
            return
        kept = dict(zip(_members(result), result.table["kept"], strict=True))
        called = told_apart(list(kept), partial(here.plain.show, spec="name", dimension=dimension))
        chosen = st.multiselect(
            here.text("trace_page.values"), list(kept), key=f"path.values.{base.id}.{len(base.path)}.{dimension}",
            format_func=lambda value: here.text("trace_page.member", kept=kept[value], name=called(value)),
        )  # fmt: skip
        if st.button(here.text("trace_page.take"), key="path.take", type="primary", disabled=not chosen):
            _take(here, base, Filter(dimension, tuple(chosen)))


def _members(result: Result) -> list[str | None]:
    return [segment[0] for segment in result.table["segment"]]


def _branches(here: Context, base: Issue, editable: bool) -> None:
    """Paths that were left: each can be taken up again."""
    if not base.branches:
        return
    st.caption(here.text("trace_page.branches"))
    with st.container(horizontal=True):
        for place, branch in enumerate(base.branches):
            name = escape_markdown(path_words.path(here.plain, branch))
            if st.button(name, key=f"path.branch.{place}", icon=":material/alt_route:", type="tertiary",
                         disabled=not editable):  # fmt: skip
                _go(here, base, branch)

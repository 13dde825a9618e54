"""Why did it come about? The whys of an issue as an indented list, and the form of the one that is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

import streamlit as st

from data_access.access import may_edit_issue
from data_access.workshop.records import CauseLevel, Confidence, Issue, IssueState, Why, WhyStatus
from data_access.workshop.tracing import Evidence, Stance, Trace
from pages.frame import kept
from pages.frame.context import Frame
from pages.record import drafts, removal, why_evidence
from pages.record import record_words as say
from pages.record.fields import save_or_cancel
from pages.words.markdown import escape_markdown
from pages.words.why_tree import in_order

INDENT = "\u2003"
COLOURS = {WhyStatus.HYPOTHESISED: "gray", WhyStatus.SUPPORTED: "blue", WhyStatus.REFUTED: "gray"}
ICONS = {
    WhyStatus.HYPOTHESISED: ":material/help:",
    WhyStatus.SUPPORTED: ":material/check:",
    WhyStatus.REFUTED: ":material/close:",
}
BY_DEPTH = (CauseLevel.SYMPTOM, CauseLevel.DIRECT, CauseLevel.ROOT)


def tree(here: Frame, row: Trace) -> None:
    """All whys, a line each; a click opens one with its evidence."""
    st.markdown(f"## {here.text('trace_page.whys')}")
    editable = may_edit_issue(here.user) and row.issue.state is not IssueState.CLOSED
    if not row.whys:
        st.caption(here.text("trace_page.no_why"))
    opened = _opened(row)
    for depth, why in in_order(row.whys):
        _line(here, row, why, depth, is_open=opened is not None and why.id == opened.id)
    if opened is not None:
        _open(here, row, opened, editable)
    elif editable and st.button(
        here.text("trace_page.first_why" if not row.whys else "trace_page.new_why"), icon=":material/add:",
        key="why.add", type="secondary" if row.whys else "primary",
    ):  # fmt: skip
        _begin(row, "")


def _place(issue: Issue) -> str:
    return f"page.why.{issue.id}"


def _opened(row: Trace) -> Why | None:
    """The why that is open: one of the tree, or a new one."""
    state, place = st.session_state, _place(row.issue)
    if place not in state and f"{place}.new" not in state:
        _go_on(row)
    draft = state.get(f"{place}.new")
    if isinstance(draft, Why):
        return draft
    return next((why for why in row.whys if why.id == state.get(place)), None)


def _go_on(row: Trace) -> None:
    """Open what this person typed in another session and has not saved."""
    parent, changed = drafts.begun(row.issue, "why"), drafts.changed(row.whys)
    if parent is not None and parent in {row.issue.id, *(why.id for why in row.whys)}:
        st.session_state[f"{_place(row.issue)}.new"] = _below(row, "" if parent == row.issue.id else parent)
    elif changed is not None:
        st.session_state[_place(row.issue)] = changed.id


def _line(here: Frame, row: Trace, why: Why, depth: int, *, is_open: bool) -> None:
    name = escape_markdown(why.statement)
    name = f"~~{name}~~" if why.status is WhyStatus.REFUTED else name
    with st.container(horizontal=True, vertical_alignment="center", key=f"why.line.{why.id}", gap="small"):
        label = f"{INDENT * 2 * depth}{'↳ ' if depth else ''}{f'**{name}**' if is_open else name}"
        if st.button(label, key=f"why.open.{why.id}", type="tertiary"):
            st.session_state.pop(f"{_place(row.issue)}.new", None)
            st.session_state[_place(row.issue)] = None if is_open else why.id
            st.rerun()
        badges = [f":gray-badge[{here.text(f'workshop.level.{why.level}')}]"]
        status = here.text(f"workshop.status.{why.status}")
        badges.append(f":{COLOURS[why.status]}-badge[{ICONS[why.status]} {status}]")
        badges += _pieces(here, [piece for piece in row.evidence if piece.why_id == why.id])
        st.markdown(" ".join(badges), width="content")


def _pieces(here: Frame, pieces: Sequence[Evidence]) -> Iterator[str]:
    """How much speaks for a why and against it."""
    if not pieces:
        yield f":gray-badge[{here.text('trace_page.no_piece')}]"
    for stance in Stance:
        count = sum(piece.stance is stance for piece in pieces)
        if count:
            yield f":gray-badge[{here.text(f'trace_page.pieces.{stance}', count=count)}]"


def _begin(row: Trace, parent: str) -> None:
    st.session_state[f"{_place(row.issue)}.new"] = _below(row, parent)
    st.rerun()


def _below(row: Trace, parent: str) -> Why:
    """A new why, one level below its parent."""
    depth = next((depth + 1 for depth, why in in_order(row.whys) if why.id == parent), 0)
    level = BY_DEPTH[min(depth, len(BY_DEPTH) - 1)]
    return Why(issue_id=row.issue.id, statement="", level=level, parent_id=parent)


def _open(here: Frame, row: Trace, why: Why, editable: bool) -> None:
    """The form of a why and what speaks for and against it."""
    if why.version and drafts.settle(here, why):
        return
    with st.container(border=True, key="why.editor"):
        drafts.newer(here, why)
        if editable:
            _form(here, row, why)
        if why.version:
            why_evidence.shown(here, row, why)
            if editable:
                _actions(here, row, why)


@kept.form
def _form(here: Frame, row: Trace, why: Why) -> None:
    base: Why = drafts.opened(why)
    above = next((other.statement for other in row.whys if other.id == why.parent_id), "")
    label = here.text("trace_page.why_of", above=above) if above else here.text("trace_page.why_top")
    statement = drafts.line(here, label, base, "statement", max_chars=500)
    first, second, third = st.columns(3)
    level = _choice(here, first, base, "level", CauseLevel)
    status = _choice(here, second, base, "status", WhyStatus)
    confidence = _choice(here, third, base, "confidence", Confidence)
    saved, left = save_or_cancel(here, "why")
    if left:
        drafts.leave(here, base)
        _close(row)
        st.rerun()
    if saved:
        done = replace(base, statement=statement.strip(), level=CauseLevel(level), status=WhyStatus(status),
                       confidence=Confidence(confidence))  # fmt: skip
        drafts.save(here, done, then=lambda: _show(row, done.id))


def _choice(here: Frame, place: st.delta_generator.DeltaGenerator, base: Why, name: str, kind: type[StrEnum]) -> str:
    with place:
        return str(st.selectbox(
            say.field(here, name), list(kind), **drafts.chosen(here, base, name),
            format_func=lambda code: here.text(f"workshop.{name}.{code}"),
        ))  # fmt: skip


def _show(row: Trace, why_id: str) -> None:
    st.session_state.pop(f"{_place(row.issue)}.new", None)
    st.session_state[_place(row.issue)] = why_id


def _close(row: Trace) -> None:
    st.session_state.pop(f"{_place(row.issue)}.new", None)
    st.session_state[_place(row.issue)] = None


def _actions(here: Frame, row: Trace, why: Why) -> None:
    """Ask again below this why, attach evidence, or take it away."""
    with st.container(horizontal=True):
        if st.button(here.text("trace_page.ask_again"), icon=":material/subdirectory_arrow_right:", key="why.below",
                     type="primary"):  # fmt: skip
            _begin(row, why.id)
        why_evidence.attach(here, row, why)
        removal.undo(here, why)
        if not any(other.parent_id == why.id for other in row.whys) and st.button(
            here.text("trace_page.remove_why"), icon=":material/delete:", key="why.remove", type="tertiary"
        ):
            removal.delete(here, lambda: _remove(here, row, why), why.id, why.statement, row.issue.id)


def _remove(here: Frame, row: Trace, why: Why) -> None:
    here.store().remove_why(here.user, why.id)
    _close(row)

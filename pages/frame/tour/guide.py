"""The tour on the screen: offered once, one instruction at a time above the page, until it is done or left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.access import may_edit_issue
from data_access.statement import Problem
from data_access.tours import Tour, Tours
from data_access.workshop.records import Issue
from data_access.workshop.tracing import CONFIGURED
from pages.frame import address
from pages.frame.context import Context, Frame
from pages.frame.tour.stops import STEPS, Done, next_of, passed

FIRST_PAGE = "overview"


def begin(here: Frame, place: DeltaGenerator) -> Tour | None:
    """Before the page is drawn: the instruction of this person's tour, or on the first page the offer of one."""
    if not _is_open_to(here):
        return None
    tour = _tours(here).of(here.user)
    if tour is None:
        if here.page == FIRST_PAGE:
            with place.container(key="tour.offered", horizontal=True, vertical_alignment="center"):
                st.markdown(f":small[:material/tour: {here.text('tour.offer')}]", width="stretch")
                _take(here, "tour.start.first")
                st.button(here.text("tour.no"), key="tour.no", type="tertiary", on_click=_leave, args=(here,))
    elif not tour.left:
        _show(here, place, tour)
    return tour


def follow(here: Frame, place: DeltaGenerator, tour: Tour | None) -> None:
    """After it was drawn: what was done by now is behind, and the next instruction stands there."""
    if tour is None or tour.left:
        return
    now = replace(tour, passed=passed(tour.passed, _done(here, tour)))
    if now != tour:
        _tours(here).keep(here.user, now)
        _show(here, place, now)


def offered(here: Frame) -> None:
    """On an empty page; no more once the tour was taken or refused."""
    if _is_open_to(here) and _tours(here).of(here.user) is None:
        st.markdown(here.text("tour.offer"))
        _take(here, "tour.start")


def _is_open_to(here: Frame) -> bool:
    """On the sample only, for who may do what it asks for; who attends a class has other things to do."""
    on_sample = here.settings.warehouse is None and st.session_state.get("data", CONFIGURED) == CONFIGURED
    return on_sample and may_edit_issue(here.user) and not here.user.attends


def _tours(here: Frame) -> Tours:
    return Tours(here.settings.data_folder)


def _take(here: Frame, key: str) -> None:
    """Begin; the offer is on other pages than the first as well."""
    st.button(here.text("tour.take"), key=key, icon=":material/play_arrow:", on_click=_start, args=(here,))


def _start(here: Frame) -> None:
    _tours(here).keep(here.user, Tour(datetime.now(UTC)))


def _leave(here: Frame) -> None:
    tour = _tours(here).of(here.user) or Tour(datetime.now(UTC))
    _tours(here).keep(here.user, replace(tour, left=True))


def _skip(here: Frame, step: str) -> None:
    tour = _tours(here).of(here.user)
    if tour is not None:
        _tours(here).keep(here.user, replace(tour, passed=tour.passed | {step}))


def _show(here: Frame, place: DeltaGenerator, tour: Tour) -> None:
    """One instruction with its reason. Keys name the step, as two may be drawn in one run.

    The last one has as many elements as the others: what is left over of the one before would stay.
    """
    step = next_of(tour.passed)
    with place.container(key=f"tour.panel.{step or 'end'}", border=True, gap=None):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_instruction(here, step), width="stretch")
            skip = st.empty()
            st.button(here.text("tour.leave" if step else "tour.close"), key=f"tour.leave.{step or 'end'}",
                      type="tertiary", icon=":material/close:", on_click=_leave, args=(here,))  # fmt: skip
        why = st.empty()
    if step:
        skip.button(here.text("tour.skip"), key=f"tour.skip.{step}", type="tertiary", on_click=_skip,
                    args=(here, step))  # fmt: skip
        why.caption(here.text(f"tour.{step}.why"))


def _instruction(here: Frame, step: str | None) -> str:
    """Which step of how many, and what to do; after the last what was reached."""
    if step is None:
        return f":blue-badge[:material/check: {here.text('tour.end')}] **{here.text('tour.end_do')}**"
    number = [*STEPS].index(step) + 1
    badge = here.text("tour.step", number=number, total=len(STEPS))
    return f":blue-badge[:material/tour: {badge}] **{here.text(f'tour.{step}.do')}**"


def _done(here: Frame, tour: Tour) -> Done:
    """What this person is at in this run."""
    asked: dict[str, Sequence[str]] = st.session_state[address.PENDING]
    done = replace(_recorded(here, tour, asked.get("issue", ())), asked=asked)
    if not isinstance(here, Context):
        return done
    beyond_scope = set(here.selection.filters) - set(here.user.scope.filters)
    return replace(done, selection=here.selection, narrowed=bool(beyond_scope),
                   reasons=tuple(here.warehouse.model.reasons))  # fmt: skip


def _recorded(here: Frame, tour: Tour, opened: Sequence[str]) -> Done:
    """What was recorded since the tour began; nothing while the store is away."""
    try:
        store = here.store()
        issues = [issue for issue in store.issues(here.user) if issue.id in opened or _is_own(here, issue, tour)]
        known = {issue.id for issue in issues}
        plans = [plan for plan in store.plans(here.user) if plan.issue_id in known] if known else []
    except Problem:
        return Done(page=here.page)
    return Done(page=here.page, issues=issues, changed=[i for i in issues if _is_since(i.updated_at, tour)],
                plans=[plan for plan in plans if _is_since(plan.created_at, tour)])  # fmt: skip


def _is_own(here: Frame, issue: Issue, tour: Tour) -> bool:
    return issue.created_by_id == here.user.id and _is_since(issue.created_at, tour)


def _is_since(moment: datetime | None, tour: Tour) -> bool:
    if moment is None:
        return False
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) >= tour.since

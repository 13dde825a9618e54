"""The next meeting: all its slides are worked out once, over one version of the data, and kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from analysis.plan_checks import check
from analysis.result import Result
from analysis.review import Data, meeting_slides, of_week
from data_access.access import may_hold_meetings
from data_access.selection import Selection
from data_access.statement import BadInput, Problem, Unreachable
from data_access.warehouse import Warehouse
from data_access.workshop.meeting_records import AgendaStep, Meeting, MeetingSlide
from pages.frame import datasets, wall
from pages.frame.answers import NotKnown
from pages.frame.context import Context, Frame
from pages.frame.linked_choices import choose_beside
from pages.record import record_words as say
from pages.words import selection_words

WEEK, CHOSEN = "week", "chosen"
STEPS = [*AgendaStep]


def draw(here: Frame) -> None:
    """Which days it speaks of, and the button; nothing for who may not, or while the data are away."""
    if not may_hold_meetings(here.user) or not isinstance(here, Context):
        return
    span = choose_beside(here, "review_span", [WEEK, CHOSEN], lambda code: here.text(f"review.span.{code}"))
    try:
        selection = of_week(here.warehouse, here.selection) if span == WEEK else here.selection
    except Problem as problem:
        st.info(say.trouble(here, problem), icon=":material/info:")
        return
    asked = selection_words.line(here.words, here.plain, here.warehouse.model, selection, here.version)
    st.caption(asked)
    place = st.container()
    if st.button(
        here.text("review.prepare"), key="review.prepare", type="primary", icon=":material/playlist_add_check:"
    ):
        with place:
            _prepare(here, selection)


def _prepare(here: Context, selection: Selection) -> None:
    """Work it out in sight; any press ends it, and nothing is kept then."""
    bar = st.progress(0.0, text=here.text("review.step.plans"))
    st.button(here.text("running.stop"), key="review.stop", icon=":material/stop_circle:")
    try:
        meeting = _made(here, selection, bar.progress)
    except Problem as problem:
        bar.empty()
        st.warning(say.trouble(here, problem), icon=":material/info:")
        return
    wall.go_to(meeting.code, 1)
    st.rerun()


def _made(here: Context, selection: Selection, tell: Callable[..., Any]) -> Meeting:
    store, version = here.store(), here.version
    _look_again(here, lambda done: tell(done * 0.3, text=here.text("review.step.plans")))

    def progress(step: AgendaStep, share: float) -> None:
        done = 0.3 + 0.7 * (STEPS.index(step) + share) / len(STEPS)
        tell(min(done, 1.0), text=here.text(f"review.step.{step}"))

    slides = meeting_slides(
        _ask(here), selection, store, here.user, data_of=_data_of(here), dataset=here.dataset, today=date.today(),
        progress=progress,
    )  # fmt: skip
    return store.open_meeting(here.user, _meeting(here, selection, slides, version), slides)


def _ask(here: Context) -> Callable[..., Result]:
    def ask(analyse: Callable[..., Result], selection: Selection, **options: Any) -> Result:
        result = here.run(analyse, selection, **options)
        if result.data_version != here.version:
            raise Unreachable("review.changed")
        return result

    return ask


def _meeting(here: Context, selection: Selection, slides: tuple[MeetingSlide, ...], version: str) -> Meeting:
    day = date.today()
    title = here.plain.text("review.title", day=day, metric=here.names.of_dimension(selection.metric))
    return Meeting(title=title, dataset=here.dataset, data_version=version, selection=selection, held_on=day)


def _data_of(here: Context) -> Callable[[str], Data]:
    def found(dataset: str) -> Data:
        if dataset == here.dataset:
            warehouse: Warehouse = here.warehouse
        else:
            with_frame = replace(here, asks=True)
            warehouse = datasets.opened(with_frame, dataset)
        return Data(warehouse.model, warehouse.companion("labels"))

    return found


def _look_again(here: Context, tell: Callable[[float], None]) -> None:
    """The effect of each plan by the data of today, as the program keeps it; what cannot be looked at stays as it
    was."""

    def opened(dataset: str) -> Warehouse:
        try:
            return datasets.opened(here, dataset)
        except Unreachable as away:  # one source that is away leaves the others
            raise BadInput(away.statement.key, **away.statement.values) from None

    with suppress(Unreachable, NotKnown):
        for number, _ in enumerate(check(here.store(), opened), 1):
            tell(min(number / 20, 1.0))

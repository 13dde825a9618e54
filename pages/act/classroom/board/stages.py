"""The four stages of a class: which one runs, which are open, and what the group still lacks in each."""

from __future__ import annotations

import streamlit as st

from analysis.training.progress import lacking_of
from data_access.workshop.class_records import Stage
from data_access.workshop.class_rules import is_open
from pages.act.classroom.board.seat import Seat
from pages.frame import address
from pages.frame.context import Frame
from pages.record import steps
from pages.report.pinning import OPEN_ISSUE
from pages.words.links import PAGES_OWN


def draw(here: Frame, seat: Seat) -> None:
    """Side by side, on a phone below each other; before the first begins, what to do until then."""
    if seat.klass.stage is None and not seat.is_over:
        st.info(here.text("classroom.until_begun"), icon=":material/hourglass_top:")
    lacking = lacking_of(seat.row)
    for number, (stage, place) in enumerate(zip(Stage, st.columns(len(Stage), gap="small"), strict=True), start=1):
        with place, st.container(border=True, gap="xsmall", height="stretch", key=f"class.stage.{stage}"):
            st.markdown(f"**{number} {here.text(f'workshop.stage.{stage}')}**")
            st.markdown(_state(here, seat, stage, is_passed=not lacking[stage]))
            if not seat.is_over:
                _what_next(here, seat, stage, lacking[stage])


def _state(here: Frame, seat: Seat, stage: Stage, *, is_passed: bool) -> str:
    """Marks: whether the group has what the stage asks for, and whether its work is taken now."""
    marks = [f":green-badge[:material/check: {here.text('classroom.passed')}]"] if is_passed else []
    if seat.is_over:
        return " ".join(marks) or f":gray-badge[{here.text('classroom.not_passed')}]"
    opened, runs = is_open(seat.klass, stage, seat.now), stage is seat.klass.stage
    if runs and opened:
        marks.append(f":blue-badge[:material/timer: {here.text('classroom.runs')}]")
    elif opened:
        marks.append(f":gray-badge[:material/lock_open: {here.text('classroom.open')}]")
    else:
        began = seat.klass.stage is not None and [*Stage].index(stage) <= [*Stage].index(seat.klass.stage)
        locked = "locked" if began else "later"
        marks.append(f":{'orange' if began else 'gray'}-badge[:material/lock: {here.text(f'classroom.{locked}')}]")
    return " ".join(marks)


def _what_next(here: Frame, seat: Seat, stage: Stage, lacking: tuple[str, ...]) -> None:
    """What is missing, and the way to where it is done."""
    if lacking and is_open(seat.klass, stage, seat.now):
        st.caption(here.text("classroom.missing_here", what=missing(here, lacking)))
    if not is_open(seat.klass, stage, seat.now):
        return
    if stage is Stage.DATA_PROBLEM:
        here.lead_to("overview", here.text("page.overview"))
        here.lead_to("contrast", here.text("page.contrast"))
    elif seat.row is not None and st.button(here.text("classroom.to_stage"), key=f"class.to.{stage}", type="tertiary",
                                            icon=":material/arrow_forward:"):  # fmt: skip
        go(here, seat, stage)


def missing(here: Frame, codes: tuple[str, ...]) -> list[str]:
    """What the codes of `analysis.training.progress` mean."""
    return [here.text(f"classroom.missing.{code}") for code in codes]


def go(here: Frame, seat: Seat, stage: Stage) -> None:
    """Into the group's issue, at the step of a stage."""
    if seat.row is None:
        return
    st.session_state[OPEN_ISSUE] = seat.row.issue.id
    steps.open_step(seat.row.issue, stage)
    kept = {name: values for name, values in address.carried().items() if name not in PAGES_OWN}
    st.switch_page(here.pages["trace"], query_params=kept)

"""The four stages: which one runs and until when, which are open for work; start, extend, lock and unlock."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from data_access.workshop import class_rules
from data_access.workshop.class_records import Stage, TrainingClass
from pages.act.classroom.desk.acting import act, living
from pages.frame.context import Frame

MINUTES, LOCKS, MORE = "desk.minutes", "desk.locks", "desk.more_minutes"
USUAL, LONGEST = 20, 24 * 60
RUNNING, OPEN, LOCKED, OVER = "running", "open", "locked", "over"
BADGES = {
    RUNNING: ("blue", ":material/play_circle:"),
    OPEN: ("green", ":material/lock_open:"),
    LOCKED: ("gray", ":material/lock:"),
    OVER: ("orange", ":material/timer_off:"),
}


def draw(here: Frame, klass: TrainingClass) -> None:
    """What the next start brings, above the stages; nothing to start once the class is over."""
    if klass.ended_at:
        return
    _timing(here, klass)
    for stage, column in zip(Stage, st.columns(len(Stage), gap="small"), strict=True):
        with column, st.container(border=True, gap="xsmall", key=f"desk.stage.{stage}"):
            _stage(here, klass, stage)


def state_of(klass: TrainingClass, stage: Stage, now: datetime) -> str:
    """Whether work of the stage is taken now, and if not, why."""
    if stage not in klass.open:
        return LOCKED
    if stage is not klass.stage:
        return OPEN
    return RUNNING if class_rules.is_open(klass, stage, now) else OVER


def time_left(here: Frame, klass: TrainingClass, now: datetime) -> str:
    """The minutes and seconds that are left of the stage that runs, or since when its time is over."""
    if klass.stage is None:
        return here.text("desk.not_begun")
    stage = here.text(f"workshop.stage.{klass.stage}")
    if klass.ends_at is None:
        return here.text("desk.no_limit", stage=stage)
    seconds = int((klass.ends_at - now).total_seconds())
    clock = f"{abs(seconds) // 60}:{abs(seconds) % 60:02}"
    key = "left" if seconds > 0 else "locked_since" if klass.locks_at_end else "over_since"
    return here.text(f"desk.{key}", stage=stage, clock=clock)


@living
def _clock(here: Frame, klass: TrainingClass) -> None:
    st.markdown(f"### :material/timer: {time_left(here, klass, datetime.now(UTC))}")


def _timing(here: Frame, klass: TrainingClass) -> None:
    st.session_state.setdefault(MINUTES, USUAL)
    st.session_state.setdefault(MORE, 5)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width="stretch"):
            _clock(here, klass)
        st.number_input(here.text("desk.minutes"), min_value=0, max_value=LONGEST, step=5, key=MINUTES, width=170,
                        help=here.text("desk.minutes_help"))  # fmt: skip
        st.toggle(here.text("desk.locks_at_end"), key=LOCKS)
        if klass.ends_at is not None:
            st.number_input(here.text("desk.more_minutes"), min_value=1, max_value=LONGEST, key=MORE, width=150)
            st.button(here.text("desk.extend"), key="desk.extend", icon=":material/more_time:",
                      on_click=partial(_extend, here, klass.id))  # fmt: skip


def _stage(here: Frame, klass: TrainingClass, stage: Stage) -> None:
    state = state_of(klass, stage, datetime.now(UTC))
    colour, icon = BADGES[state]
    number = [*Stage].index(stage) + 1
    st.markdown(f"**{number} {here.text(f'workshop.stage.{stage}')}**  \n"
                f":{colour}-badge[{icon} {here.text(f'desk.stage_state.{state}')}]")  # fmt: skip
    with st.container(horizontal=True, gap="xsmall"):
        is_next = stage is _after(klass)
        st.button(here.text("desk.restart" if stage is klass.stage else "desk.start"), key=f"desk.start.{stage}",
                  type="primary" if is_next else "secondary", icon=":material/play_arrow:",
                  on_click=partial(_start, here, klass.id, stage))  # fmt: skip
        if stage in klass.open:
            st.button(here.text("desk.lock"), key=f"desk.lock.{stage}", icon=":material/lock:", type="tertiary",
                      on_click=partial(_lock, here, klass.id, stage))  # fmt: skip
        else:
            st.button(here.text("desk.unlock"), key=f"desk.unlock.{stage}", icon=":material/lock_open:",
                      type="tertiary", on_click=partial(_unlock, here, klass.id, stage))  # fmt: skip


def _after(klass: TrainingClass) -> Stage | None:
    """The stage to start next."""
    stages = [*Stage]
    place = 0 if klass.stage is None else stages.index(klass.stage) + 1
    return stages[place] if place < len(stages) else None


def _start(here: Frame, class_id: str, stage: Stage) -> None:
    minutes, locks = float(st.session_state[MINUTES]), bool(st.session_state[LOCKS])
    act(here, lambda store: store.start_stage(here.user, class_id, stage, minutes=minutes or None,
                                              locks_at_end=locks and minutes > 0))  # fmt: skip


def _extend(here: Frame, class_id: str) -> None:
    act(here, lambda store: store.extend(here.user, class_id, float(st.session_state[MORE])))


def _lock(here: Frame, class_id: str, stage: Stage) -> None:
    act(here, lambda store: store.lock_stage(here.user, class_id, stage))


def _unlock(here: Frame, class_id: str, stage: Stage) -> None:
    act(here, lambda store: store.unlock_stage(here.user, class_id, stage))

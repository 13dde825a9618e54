"""During the class: how far each group is, what it lacks, and who is stuck."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from data_access.workshop.class_records import TrainingClass
from pages.act.classroom.board import stages
from pages.act.classroom.desk import acting, group_work, remarks, stage_bar
from pages.act.classroom.desk.acting import living, look_again
from pages.act.classroom.desk.standing import Classroom, Standing, look
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.words.markdown import escape_markdown

STUCK, WAY = "desk.stuck_minutes", "desk.way"
USUAL_MINUTES = 5
CARDS, TABLE = "cards", "table"
COLUMNS = ("group", "people", "stage", "missing", "moved", "stuck", "pins", "whys", "hints", "quiz")


def draw(here: Frame, klass: TrainingClass) -> None:
    """The stages, the groups, what is said to them, and the work of the one that was opened."""
    stage_bar.draw(here, klass)
    st.space("small")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state.setdefault(WAY, CARDS)
        st.session_state.setdefault(STUCK, USUAL_MINUTES)
        st.segmented_control(here.text("desk.way"), [CARDS, TABLE], key=WAY, label_visibility="collapsed",
                             format_func=lambda way: here.text(f"desk.ways.{way}"), required=True)  # fmt: skip
        st.number_input(here.text("desk.stuck_after"), min_value=1, max_value=120, key=STUCK, width=230)
    if not group_work.draw(here, klass):
        _board(here, klass)
    remarks.draw(here, klass)


@living
def _board(here: Frame, klass: TrainingClass) -> None:
    room = look(here, klass.id)
    look_again(room.klass)
    if st.session_state.get(WAY) == TABLE:
        _table(here, room)
        return
    per_row = 2 if here.large else 3
    for first in range(0, len(room.standings), per_row):
        for standing, column in zip(room.standings[first : first + per_row], st.columns(per_row), strict=False):
            with (
                column,
                st.container(border=True, gap="xsmall", height="stretch", key=f"desk.card.{standing.group.id}"),
            ):
                _card(here, room, standing)


def is_stuck(standing: Standing) -> bool:
    return standing.progress.stuck_s > 60 * int(st.session_state.get(STUCK, USUAL_MINUTES))


def _card(here: Frame, room: Classroom, standing: Standing) -> None:
    group = standing.group
    people = here.text("desk.people", count=len(standing.members))
    st.markdown(f"### {escape_markdown(group.name)} :gray[{people}]")
    st.markdown(" ".join(_badges(here, standing)))
    missing = missing_in_words(here, standing)
    if missing and not group.submitted_at:
        st.markdown(here.text("desk.missing", what=missing))
    st.caption(last_move(here, standing, room.at))
    st.caption(" · ".join(_counts(here, standing)))
    acting.offer(here, here.text("desk.see_work"), f"desk.see.{group.id}", lambda _: group_work.choose(group.key),
                  icon=":material/visibility:", type="tertiary", disabled=standing.trace is None)  # fmt: skip


def _badges(here: Frame, standing: Standing) -> list[str]:
    """How far it is, whether it has handed in, and whether nothing moves."""
    group, far = standing.group, standing.progress
    stage = here.text("desk.at_stage", stage=here.text(f"workshop.stage.{far.at}"), passed=len(far.passed))
    badges = [f":blue-badge[{stage}]"]
    if group.submitted_at:
        badges = [f":green-badge[:material/task_alt: {handed_in(here, standing)}]"]
    if is_stuck(standing):
        minutes = int(far.stuck_s // 60)
        badges.append(f":orange-badge[:material/hourglass_bottom: {here.text('desk.stuck', minutes=minutes)}]")
    return badges


def handed_in(here: Frame, standing: Standing) -> str:
    at = standing.group.submitted_at
    return here.text("desk.handed_in", moment=say.moment(here, at)) if at else here.text("desk.not_handed_in")


def missing_in_words(here: Frame, standing: Standing) -> str:
    """What the stage still lacks, in the words that the group reads."""
    return here.text("format.list_comma").join(stages.missing(here, standing.progress.missing))


def last_move(here: Frame, standing: Standing, now: datetime) -> str:
    """How long ago anything of its issue was made or changed."""
    moved = standing.progress.last_move
    if moved is None:
        return here.text("desk.no_move")
    minutes = max(0, int((now - moved).total_seconds() // 60))
    return here.text("desk.moved_now" if minutes < 1 else "desk.moved", minutes=minutes)


def _counts(here: Frame, standing: Standing) -> list[str]:
    counts = [
        here.text("desk.pins", count=standing.pins),
        here.text("desk.whys", count=standing.whys),
        here.text("desk.hints", count=standing.hints),
    ]
    return [*counts, *([quiz(here, standing)] if standing.quiz_asked else [])]


def quiz(here: Frame, standing: Standing) -> str:
    if not standing.quiz_asked:
        return here.text("format.none")
    return here.text("desk.quiz", right=standing.quiz_right, asked=standing.quiz_asked)


def _table(here: Frame, room: Classroom) -> None:
    """The same as the cards, a line for each group."""
    column = {name: here.plain.text(f"desk.column.{name}") for name in COLUMNS}
    plain = [
        {
            column["group"]: one.group.name,
            column["people"]: len(one.members),
            column["stage"]: handed_in(here, one)
            if one.group.submitted_at
            else here.plain.text(f"workshop.stage.{one.progress.at}"),
            column["missing"]: "" if one.group.submitted_at else missing_in_words(here, one),
            column["moved"]: last_move(here, one, room.at),
            column["stuck"]: str(int(one.progress.stuck_s // 60)) if is_stuck(one) else "",
            column["pins"]: one.pins,
            column["whys"]: one.whys,
            column["hints"]: one.hints,
            column["quiz"]: quiz(here, one),
        }
        for one in room.standings
    ]
    st.dataframe(pd.DataFrame(plain), hide_index=True, width="stretch", key="desk.table")

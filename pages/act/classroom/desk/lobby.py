"""Before the first stage, on the projector: where to go, the class code, and who is in."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from data_access.workshop.class_records import Member, TrainingClass
from data_access.workshop.store import Store
from pages.act.classroom.desk import acting, groups
from pages.act.classroom.desk.acting import living, look_again
from pages.act.classroom.desk.standing import Classroom, Standing, look
from pages.frame import visitors
from pages.frame.context import Frame
from pages.frame.door import address, opening
from pages.words.markdown import escape_markdown

LARGE = """<style>
.desk-code { font-size: clamp(2.8rem, 13vw, 6rem); font-weight: 700; letter-spacing: .18em; line-height: 1.1 }
.desk-at { font-size: clamp(1.3rem, 6vw, 2.2rem); font-weight: 600; overflow-wrap: anywhere; line-height: 1.25 }
.desk-step { font-size: 1.4rem }
</style>"""
QR_SIDE = 380  # pixels: a phone reads it from five metres on a screen two metres wide


def draw(here: Frame, klass: TrainingClass) -> None:
    """The way in beside its picture, then the groups as they fill, and how to change them."""
    st.html(LARGE)
    _way_in(here, klass)
    _filling(here, klass)
    groups.manage(here, klass)


def _way_in(here: Frame, klass: TrainingClass) -> None:
    left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
    with left:
        if opening.current() is None and not visitors.sign_in_configured():
            st.warning(here.text("desk.local_only"), icon=":material/wifi_off:")
        st.html(
            f'<div class="desk-step">{here.plain.text("desk.go_to")}</div>'
            f'<div class="desk-at">{escape(address.join_address())}</div>'
            f'<div class="desk-step">{here.plain.text("desk.type_code")}</div>'
            f'<div class="desk-code">{klass.code}</div>'
        )
    with right:
        st.image(address.qr_svg(address.join_address(klass.code)), width=QR_SIDE)


@living
def _filling(here: Frame, klass: TrainingClass) -> None:
    room = look(here, klass.id)
    look_again(room.klass)
    joined = sum(len(one.members) for one in room.standings) + len(room.alone)
    st.markdown(f"## {here.text('desk.joined', count=joined)}")
    per_row = 3 if here.large else 4
    for first in range(0, len(room.standings), per_row):
        for standing, column in zip(room.standings[first : first + per_row], st.columns(per_row), strict=False):
            with column, st.container(border=True, gap="xsmall", key=f"desk.filling.{standing.group.id}"):
                _group(here, room, standing)
    if room.alone:
        st.markdown(f"**{here.text('desk.alone', count=len(room.alone))}**")
        for member in room.alone:
            _waiting(here, room, member)


def _group(here: Frame, room: Classroom, standing: Standing) -> None:
    count = here.text("desk.people", count=len(standing.members))
    st.markdown(f"### {escape_markdown(standing.group.name)} :gray[{count}]")
    st.markdown(" · ".join(escape_markdown(one.name) for one in standing.members) or here.text("desk.nobody"))


def _waiting(here: Frame, room: Classroom, member: Member) -> None:
    """Somebody without a group, and the groups to put them into."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"desk.alone.{member.id}"):
        st.markdown(escape_markdown(member.name), width=220)
        for standing in room.standings:
            acting.offer(here, escape_markdown(standing.group.name), f"desk.put.{member.id}.{standing.group.id}",
                          partial(_place, here, member.id, standing.group.key))  # fmt: skip


def _place(here: Frame, member_id: str, group: str, store: Store) -> None:
    store.place(here.user, member_id, group)

"""Groups and who is in them: move somebody, spread all evenly, add, rename or take away a group."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from data_access.workshop.class_records import Group, Member, TrainingClass
from data_access.workshop.class_rules import LONGEST_NAME
from data_access.workshop.store import Store
from pages.act.classroom.desk.acting import act
from pages.frame.context import Frame
from pages.frame.folded import folded
from pages.words.markdown import escape_markdown

NEW = "desk.group.new"


def manage(here: Frame, klass: TrainingClass) -> None:
    """Once somebody opens it: the lobby itself is for the projector."""
    place = folded(here.text("desk.manage"), "group", "desk.manage")
    if not place.open or klass.ended_at:
        return
    store = here.store()
    groups, members = store.groups(here.user, klass.id), store.members(here.user, klass.id)
    with place:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.button(here.text("desk.even_out"), key="desk.even", icon=":material/balance:",
                      help=here.text("desk.even_help"), disabled=not groups,
                      on_click=partial(_even_out, here, klass.id))  # fmt: skip
            st.text_input(here.text("desk.group_name"), key=NEW, max_chars=LONGEST_NAME, width=220)
            st.button(here.text("desk.add_group"), key="desk.add", icon=":material/add:",
                      on_click=partial(_add, here, klass.id))  # fmt: skip
        _people(here, groups, members)
        _names(here, klass, groups, members)


def spread(members: Sequence[Member], groups: Sequence[Group]) -> dict[str, str]:
    """Who must move, and into which group, so that no group has two people more than another; as few as possible.

    >>> a, b = (Group(class_id="1", name=name, key=name) for name in "AB")
    >>> people = [Member(class_id="1", id=str(i), user_id=str(i), name=str(i), group="A") for i in range(4)]
    >>> spread(people, [a, b])
    {'2': 'B', '3': 'B'}
    """
    if not groups:
        return {}
    inside = {group.key: [one for one in members if one.group == group.key] for group in groups}
    least, more = divmod(len(members), len(groups))
    by_size = sorted(groups, key=lambda group: -len(inside[group.key]))
    room = {group.key: least + (place < more) for place, group in enumerate(by_size)}
    moving = [one for one in members if one.group not in inside]
    for key, people in inside.items():
        moving += people[room[key] :]
    places = [key for key in inside for _ in range(room[key] - len(inside[key]))]
    return {one.id: key for one, key in zip(moving, places, strict=True)}


def _even_out(here: Frame, class_id: str) -> None:
    def move(store: Store) -> None:
        moves = spread(store.members(here.user, class_id), store.groups(here.user, class_id))
        for member_id, group in moves.items():
            store.place(here.user, member_id, group)

    act(here, move)


def _add(here: Frame, class_id: str) -> None:
    act(here, lambda store: store.add_group(here.user, class_id, st.session_state.get(NEW, "").strip()))
    st.session_state[NEW] = ""


def _people(here: Frame, groups: Sequence[Group], members: Sequence[Member]) -> None:
    """Everybody with the group they are in; another one is chosen in its list."""
    names = {"": here.text("desk.no_group"), **{group.key: group.name for group in groups}}
    for member in members:
        place = f"desk.place.{member.id}"
        st.session_state[place] = member.group if member.group in names else ""
        with st.container(horizontal=True, vertical_alignment="center", key=f"desk.member.{member.id}"):
            st.markdown(escape_markdown(member.name), width=220)
            st.selectbox(here.text("desk.group_of", name=member.name), list(names), key=place, width=200,
                         format_func=lambda key: names[key], label_visibility="collapsed",
                         on_change=partial(_move, here, member.id, place))  # fmt: skip
            with st.popover(here.text("desk.remove"), type="tertiary", key=f"desk.out.{member.id}"):
                st.markdown(here.text("desk.remove_sure", name=member.name))
                st.button(here.text("desk.remove"), key=f"desk.out.sure.{member.id}",
                          on_click=partial(_remove, here, member.id))  # fmt: skip


def _move(here: Frame, member_id: str, place: str) -> None:
    act(here, lambda store: store.place(here.user, member_id, st.session_state[place]))


def _remove(here: Frame, member_id: str) -> None:
    act(here, lambda store: store.remove_member(here.user, member_id))


def _names(here: Frame, klass: TrainingClass, groups: Sequence[Group], members: Sequence[Member]) -> None:
    """The names of the groups; one that nobody is in can go."""
    taken = {member.group for member in members}
    for group in groups:
        place = f"desk.name.{group.id}.{group.version}"
        with st.container(horizontal=True, vertical_alignment="bottom", key=f"desk.named.{group.id}"):
            name = st.text_input(here.text("desk.group_name"), value=group.name, key=place,
                                 max_chars=LONGEST_NAME, width=220)  # fmt: skip
            st.button(here.text("desk.rename"), key=f"desk.rename.{group.id}", disabled=name.strip() == group.name,
                      on_click=partial(_rename, here, group, place))  # fmt: skip
            if group.key not in taken:
                st.button(here.text("desk.remove_group"), key=f"desk.drop.{group.id}", type="tertiary",
                          on_click=partial(_drop, here, group))  # fmt: skip


def _rename(here: Frame, group: Group, place: str) -> None:
    act(here, lambda store: store.rename_group(here.user, group.id, st.session_state[place].strip()))


def _drop(here: Frame, group: Group) -> None:
    act(here, lambda store: store.remove_group(here.user, group.id))

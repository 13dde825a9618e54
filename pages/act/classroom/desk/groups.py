"""Groups and who is in them: move somebody, spread all evenly, add, rename or take away a group."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

import streamlit as st

from data_access.workshop.class_records import Group, Member, TrainingClass
from data_access.workshop.class_rules import LONGEST_NAME
from data_access.workshop.store import Store
from pages.act.classroom.desk.acting import act
from pages.frame.context import Frame
from pages.frame.folded import folded

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
            st.text_input(here.text("desk.new_group"), key=NEW, max_chars=LONGEST_NAME, width=220)
            st.button(here.text("desk.add_group"), key="desk.add", icon=":material/add:",
                      on_click=partial(_add, here, klass.id))  # fmt: skip
        _people(here, groups, members)
        _names(here, groups, members)


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
    """One person at a time, found by name: thirty lines of fields would be longer than the screen."""
    if not members:
        return
    known = {"": here.text("desk.no_group"), **{group.key: group.name for group in groups}}
    by_id = {one.id: one for one in sorted(members, key=lambda one: (known.get(one.group, ""), one.name))}
    _forget_gone("desk.member.chosen", by_id)
    of = {one.id: known.get(one.group, known[""]) for one in members}
    with st.container(horizontal=True, vertical_alignment="bottom", key="desk.member"):
        chosen = by_id[st.selectbox(
            here.text("desk.member"), list(by_id), key="desk.member.chosen", width=300,
            format_func=lambda id: here.plain.text("desk.member_in", name=by_id[id].name, group=of[id]),
        )]  # fmt: skip
        place = f"desk.place.{chosen.id}"
        st.session_state[place] = chosen.group if chosen.group in known else ""
        st.selectbox(here.text("desk.group_of", name=chosen.name), list(known), key=place, width=220,
                     format_func=lambda key: known.get(key, ""),
                     on_change=partial(_move, here, chosen.id, place))  # fmt: skip
        with st.popover(here.text("desk.remove"), type="tertiary", key=f"desk.out.{chosen.id}"):
            st.markdown(here.text("desk.remove_sure", name=chosen.name))
            st.button(here.text("desk.remove"), key=f"desk.out.sure.{chosen.id}",
                      on_click=partial(_remove, here, chosen.id))  # fmt: skip


def _move(here: Frame, member_id: str, place: str) -> None:
    act(here, lambda store: store.place(here.user, member_id, st.session_state[place]))


def _remove(here: Frame, member_id: str) -> None:
    act(here, lambda store: store.remove_member(here.user, member_id))


def _forget_gone(place: str, known: Collection[str]) -> None:
    """Who was chosen may have been removed since."""
    if st.session_state.get(place) not in known:
        st.session_state.pop(place, None)


def _names(here: Frame, groups: Sequence[Group], members: Sequence[Member]) -> None:
    """One group at a time: another name for it; one that nobody is in can go."""
    if not groups:
        return
    taken, by_id = {member.group for member in members}, {group.id: group for group in groups}
    _forget_gone("desk.named.chosen", by_id)
    with st.container(horizontal=True, vertical_alignment="bottom", key="desk.named"):
        group = by_id[st.selectbox(here.text("desk.rubric_group"), list(by_id), key="desk.named.chosen", width=300,
                                   format_func=lambda id: by_id[id].name)]  # fmt: skip
        place = f"desk.name.{group.id}.{group.version}"
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

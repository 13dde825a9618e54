"""Points by hand, criterion by criterion, with what the product would give beside them and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from analysis.training.scoring import ProductScore, hint_cost, product_score
from data_access.statement import Problem
from data_access.training import Criterion
from data_access.workshop.class_records import Mark, TrainingClass
from data_access.workshop.store import Store
from pages.act.classroom.desk import class_data, group_work
from pages.act.classroom.desk.acting import act
from pages.act.classroom.desk.standing import Standing, look
from pages.frame.context import Context, Frame
from pages.words.markdown import escape_markdown

GROUP = "desk.rubric.group"
LONGEST = 2_000


def draw(here: Frame, klass: TrainingClass) -> None:
    """One group at a time; below it what all groups have so far."""
    room = look(here, klass.id)
    names = {one.group.key: one.group.name for one in room.standings}
    if not names:
        st.info(here.text("desk.no_groups"), icon=":material/group_off:")
        return
    if st.session_state.get(GROUP) not in names:
        st.session_state[GROUP] = next(iter(names))
    chosen = st.segmented_control(here.text("desk.rubric_group"), list(names), key=GROUP, required=True,
                                  format_func=lambda key: names[key])  # fmt: skip
    standing = next(one for one in room.standings if one.group.key == chosen)
    marks = here.store().marks(here.user, klass.id)
    product = scored(here, klass, class_data.over(here, klass), standing)
    own = {mark.criterion: mark for mark in marks if mark.group == chosen}
    left, right = (st.container(), st.container()) if here.large else st.columns([5, 4], gap="large")
    with left:
        for criterion in klass.case.rubric:
            _criterion(here, klass, standing, criterion, own.get(criterion.code), product)
    with right:
        _work(here, standing)
    _totals(here, klass, room.standings, marks)


def scored(here: Frame, klass: TrainingClass, there: Context | None, standing: Standing) -> ProductScore | None:
    """What the product gives to a group; None without an issue or without the data."""
    if there is None or standing.trace is None:
        return None
    try:
        key = here.store().key(here.user, klass.id)
        return product_score(there.warehouse, standing.trace, key, taxonomy=here.taxonomy, hints=standing.hints,
                             rubric=klass.case.rubric)  # fmt: skip
    except Problem:
        return None


def _criterion(
    here: Frame, klass: TrainingClass, standing: Standing, criterion: Criterion, mark: Mark | None,
    product: ProductScore | None,
) -> None:  # fmt: skip
    language, place = here.words.language, f"desk.mark.{standing.group.id}.{criterion.code}"
    if f"{place}.points" not in st.session_state:
        st.session_state[f"{place}.points"] = float(mark.points) if mark else None
        st.session_state[f"{place}.comment"] = mark.comment if mark else ""
    with st.container(border=True, key=f"{place}.card"):
        name = here.text(f"desk.criterion.{criterion.code}")
        st.markdown(f"### {name} :gray[{here.text('desk.of_points', points=criterion.points)}]")
        st.markdown("  \n".join(
            f"**{here.text(f'desk.level.{level}')}** {escape_markdown(getattr(criterion, level).said(language))}"
            for level in ("full", "half", "none")
        ))  # fmt: skip
        _of_product(here, criterion, product)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.number_input(here.text("desk.points"), min_value=0.0, max_value=float(criterion.points), step=0.5,
                            key=f"{place}.points", width=140, format="%.1f")  # fmt: skip
            st.text_input(here.text("desk.comment"), key=f"{place}.comment", max_chars=LONGEST)
            st.button(here.text("desk.save_mark"), key=f"{place}.save", icon=":material/save:",
                      type="secondary" if mark else "primary",
                      on_click=partial(_save, here, klass, standing, criterion, mark, place))  # fmt: skip
        if mark:
            st.caption(here.text("desk.saved_mark", points=mark.points, of=criterion.points))


def _of_product(here: Frame, criterion: Criterion, product: ProductScore | None) -> None:
    """The product's own points, and why so many."""
    if product is None:
        st.caption(here.text("desk.no_product_score"))
        return
    points = here.text("desk.product_points", points=getattr(product, criterion.code), of=criterion.points)
    st.markdown(f":blue-badge[:material/calculate: {points}]")
    of_criterion = f"scoring.{criterion.code}."
    reasons = [here.say(statement) for statement in product.because if statement.key.startswith(of_criterion)]
    st.caption("  \n".join(reasons))


def _save(
    here: Frame, klass: TrainingClass, standing: Standing, criterion: Criterion, mark: Mark | None, place: str
) -> None:
    points, comment = st.session_state.get(f"{place}.points"), str(st.session_state.get(f"{place}.comment") or "")
    if points is None:
        return

    def save(store: Store) -> None:
        store.mark(here.user, Mark(class_id=klass.id, group=standing.group.key, criterion=criterion.code,
                                   points=float(points), comment=comment.strip(),
                                   version=mark.version if mark else 0))  # fmt: skip

    act(here, save)


def _work(here: Frame, standing: Standing) -> None:
    st.markdown(f"## {escape_markdown(standing.group.name)}")
    if standing.trace is None:
        st.caption(here.text("desk.no_work"))
        return
    st.markdown(group_work.told(here, standing.trace))


def _totals(here: Frame, klass: TrainingClass, standings: Sequence[Standing], marks: Sequence[Mark]) -> None:
    """What each group has by hand, of how many points that were judged so far, less what its hints cost."""
    st.markdown(f"## {here.text('desk.totals')}")
    worth = {criterion.code: criterion.points for criterion in klass.case.rubric}
    for standing in standings:
        given = {m.criterion: m.points for m in marks if m.group == standing.group.key and m.criterion in worth}
        st.markdown(f"**{escape_markdown(standing.group.name)}** {total_in_words(here, worth, given, standing)}")


def total_in_words(here: Frame, worth: Mapping[str, int], given: Mapping[str, float], standing: Standing) -> str:
    """A sum only says something once all criteria are judged."""
    if len(given) < len(worth):
        return here.text("desk.judged", count=len(given), of=len(worth))
    cost = hint_cost(standing.hints)
    rest = max(0.0, sum(given.values()) - cost)
    return here.text("desk.total", points=rest, of=sum(worth.values()), given=sum(given.values()), cost=cost,
                     hints=standing.hints)  # fmt: skip

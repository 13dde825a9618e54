"""Points by hand, criterion by criterion, with what the product would give beside them and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from analysis.training.scoring import ProductScore, hint_cost, product_score
from data_access.statement import BadInput, Problem
from data_access.training import Criterion
from data_access.workshop.changes import Conflict
from data_access.workshop.class_records import Mark, TrainingClass
from data_access.workshop.drafts import Draft
from data_access.workshop.store import Store
from pages.act.classroom.desk import class_data, group_work
from pages.act.classroom.desk.acting import act
from pages.act.classroom.desk.standing import Standing, look
from pages.frame import kept
from pages.frame.context import Context, Frame
from pages.record import record_words as say
from pages.words.markdown import escape_markdown

GROUP, SAVED = "desk.rubric.group", "desk.rubric.saved"
LONGEST = 2_000


def draw(here: Frame, klass: TrainingClass) -> None:
    """One group at a time; below it what all groups have so far."""
    if klass.revealed_at is None:
        st.warning(here.text("desk.not_for_the_screen"), icon=":material/cast_warning:")
    st.session_state.pop(SAVED, None)  # the whole page shows what was saved
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
    there, marks = class_data.over(here, klass), here.store().marks(here.user, klass.id)
    product = scored(here, klass, there, standing)
    own = {mark.criterion: mark for mark in marks if mark.group == chosen}
    left, right = (st.container(), st.container()) if here.large else st.columns([5, 4], gap="large")
    with left:
        kept.read(here)
        _criteria(here, klass, standing, own, product)
    with right:
        _work(here, there, standing)
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


@kept.form
def _criteria(
    here: Frame, klass: TrainingClass, standing: Standing, own: Mapping[str, Mark], product: ProductScore | None
) -> None:
    """What is typed is kept, and saved for all criteria at once; then the totals are another."""
    if st.session_state.pop(SAVED, False):
        st.rerun()
    for criterion in klass.case.rubric:
        _criterion(here, standing, criterion, own.get(criterion.code), product)
    st.button(here.text("desk.save_marks", group=standing.group.name), key="desk.mark.save", type="primary",
              icon=":material/save:", on_click=partial(_save, here, klass, standing, own))  # fmt: skip


def _criterion(
    here: Frame, standing: Standing, criterion: Criterion, mark: Mark | None, product: ProductScore | None
) -> None:
    place = _place(standing, criterion, mark)
    with st.container(border=True, key=f"desk.criterion.{standing.group.id}.{criterion.code}"):
        name = here.text(f"desk.criterion.{criterion.code}")
        st.markdown(f"### {name} :gray[{here.text('desk.of_points', points=criterion.points)}]")
        levels = {name: getattr(criterion, name).said(here.words.language) for name in ("full", "half", "none")}
        st.markdown("  \n".join(
            f"**{here.text(f'desk.level.{name}')}** {escape_markdown(text)}" for name, text in levels.items()
        ))  # fmt: skip
        _of_product(here, criterion, product)
        with st.container(horizontal=True):
            st.number_input(
                here.text("desk.points"), min_value=0.0, max_value=float(criterion.points), step=0.5, width=140,
                format="%.1f", **kept.options(here, _about(standing, criterion, mark, "points"), f"{place}.points"),
            )  # fmt: skip
            kept.line(here, here.text("desk.comment"), _about(standing, criterion, mark, "comment"),
                      f"{place}.comment", max_chars=LONGEST)  # fmt: skip
        if mark:
            st.caption(here.text("desk.saved_mark", points=mark.points, of=criterion.points,
                                 who=say.who(mark.updated_by)))  # fmt: skip


def _place(standing: Standing, criterion: Criterion, mark: Mark | None) -> str:
    """The fields of a criterion; those of a newer version begin anew, with what is kept unsaved or else is saved."""
    return f"desk.mark.{standing.group.id}.{criterion.code}.{mark.version if mark else 0}"


def _about(standing: Standing, criterion: Criterion, mark: Mark | None, name: str) -> Draft:
    saved = getattr(mark, name) if mark else None if name == "points" else ""
    return Draft(
        kind="class", subject_id=standing.group.id, field=f"{criterion.code}.{name}", before=saved, content=saved
    )


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


def _save(here: Frame, klass: TrainingClass, standing: Standing, own: Mapping[str, Mark]) -> None:
    """Every criterion with points; where somebody else saved meanwhile theirs stand, and mine stay in the fields."""
    st.session_state[SAVED] = True
    for criterion in klass.case.rubric:
        mark = own.get(criterion.code)
        place = _place(standing, criterion, mark)
        points, comment = st.session_state.get(f"{place}.points"), st.session_state.get(f"{place}.comment")
        if points is not None:
            mine = Mark(class_id=klass.id, group=standing.group.key, criterion=criterion.code, points=float(points),
                        comment=str(comment or "").strip(), version=mark.version if mark else 0)  # fmt: skip
            drafts = [_about(standing, criterion, mark, name) for name in ("points", "comment")]
            act(here, partial(_mark, here, mine, drafts))


def _mark(here: Frame, mine: Mark, drafts: Sequence[Draft], store: Store) -> None:
    try:
        store.mark(here.user, mine)
    except Conflict as conflict:
        name = here.text(f"desk.criterion.{mine.criterion}")
        raise BadInput("desk.trouble.marked", who=say.who(conflict.theirs.updated_by), criterion=name) from conflict
    kept.drop(here, *drafts)


def _work(here: Frame, there: Context | None, standing: Standing) -> None:
    st.markdown(f"## {escape_markdown(standing.group.name)}")
    if standing.trace is None:
        st.caption(here.text("desk.no_work"))
        return
    st.markdown(f"**{escape_markdown(standing.trace.issue.title)}**")
    group_work.show(here, there, standing.trace)


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

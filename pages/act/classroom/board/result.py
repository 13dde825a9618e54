"""After the reveal: how the group did, the relatively best solution, and what was planted."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analysis.training.brier import brier
from analysis.training.scoring import Match, ProductScore, product_score
from data_access.training import Key, Truth
from data_access.workshop.class_records import Mark
from pages.act.classroom import reference
from pages.act.classroom.board.seat import Seat, listed
from pages.act.classroom.desk import class_data, truth
from pages.frame.context import Context, Frame
from pages.record import record_words as say
from pages.words.markdown import escape_markdown

CRITERIA = ("location", "evidence", "depth", "remedy")
POINTS = 25  # of a criterion that the rubric does not speak of
RIGHT = frozenset({Match.EXACT, Match.RIGHTLY_NOTHING})


def draw(here: Frame, seat: Seat) -> None:
    store = here.store()
    key, marks = store.key(here.user, seat.klass.id), store.marks(here.user, seat.klass.id)
    there = class_data.over(here, seat.klass)
    score = _score(here, there, seat, key)
    st.header(here.text("classroom.result"), anchor=False)
    with st.container(border=True, key="class.result"):
        _points(here, seat, score, marks)
        _bet(here, seat, score)
        _because(here, there, score)
    if not (key.truth.nothing or key.truth.segment):
        reference.show(here, key)
        return
    left, right = (st.container(), st.container()) if here.large else st.columns([3, 2], gap="large")
    with left:
        reference.show(here, key)
    with right:
        _planted(here, there, key.truth)


def _planted(here: Frame, there: Context | None, what: Truth) -> None:
    """What lies behind the data, where and since when."""
    st.header(here.text("desk.truth" if what.kind else "desk.truth_own"), anchor=False)
    st.markdown(f"**{truth.planted(here, there, what)}**")
    if what.since:
        event = escape_markdown(what.event) or here.text("format.none")
        st.markdown(here.text("desk.since", day=what.since, event=event))


def _score(here: Frame, there: Context | None, seat: Seat, key: Key) -> ProductScore | None:
    if there is None or seat.row is None:
        return None
    return product_score(
        there.warehouse, seat.row, key, taxonomy=here.taxonomy, hints=len(seat.hints), rubric=seat.klass.case.rubric
    )


def _points(here: Frame, seat: Seat, score: ProductScore | None, marks: Sequence[Mark]) -> None:
    """A line for each criterion: the product's points beside the instructor's, with what the instructor says."""
    of = dict.fromkeys(CRITERIA, POINTS) | {line.code: line.points for line in seat.klass.case.rubric}
    if score is None:
        st.info(here.text("classroom.result_none"), icon=":material/info:")
    else:
        total = here.text("classroom.result_points", total=score.total, of=sum(of.values()))
        st.markdown(f"### {total}")
        if score.hint_cost:
            st.caption(here.text("classroom.result_less", points=sum(getattr(score, code) for code in CRITERIA),
                                 cost=score.hint_cost, hints=len(seat.hints)))  # fmt: skip
    st.table(_table(here, of, score, {mark.criterion: mark for mark in marks}), border="horizontal", hide_index=True)
    for mark in marks:
        if mark.comment:
            name = here.text(f"classroom.criterion.{mark.criterion}")
            said = escape_markdown(mark.comment).replace("\n", "  \n")
            st.markdown(f":material/chat: **{name}** {said} :gray[{say.who(mark.updated_by)}]")


def _table(here: Frame, of: dict[str, int], score: ProductScore | None, marks: dict[str, Mark]) -> pd.DataFrame:
    heads = [" ", *(here.plain.text(f"classroom.{name}") for name in ("by_product", "by_instructor"))]
    none = here.plain.text("classroom.not_marked")
    rows = [
        [
            here.plain.text(f"classroom.criterion.{code}"),
            here.plain.text("classroom.of_points", points=getattr(score, code), of=of[code]) if score else none,
            here.plain.text("classroom.of_points", points=marks[code].points, of=of[code]) if code in marks else none,
        ]
        for code in CRITERIA
    ]
    return pd.DataFrame(rows, columns=heads)


def _bet(here: Frame, seat: Seat, score: ProductScore | None) -> None:
    bet = seat.group.bet
    if bet is None:
        st.caption(here.text("classroom.no_bet"))
    elif score is not None and score.match is not None:
        is_right = score.match in RIGHT
        right = here.text("classroom.brier_right" if is_right else "classroom.brier_wrong")
        st.markdown(here.text("classroom.brier", score=brier(bet, is_right), sure=bet, right=right))


def _because(here: Frame, there: Context | None, score: ProductScore | None) -> None:
    if score is None:
        return
    with st.expander(here.text("classroom.because"), icon=":material/balance:"):
        st.markdown(listed((there or here).say(reason) for reason in score.because))

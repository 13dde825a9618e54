"""What was planted, who found it, and how well each group knew how sure to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from analysis.training.brier import brier
from analysis.training.class_results import RIGHT
from analysis.training.scoring import Match
from data_access.training import Key, Truth
from data_access.workshop.class_records import TrainingClass
from pages.act.classroom.desk import class_data, matching
from pages.act.classroom.desk.standing import Standing
from pages.frame.context import Context, Frame
from pages.words import path_words
from pages.words.answer_words import match_key
from pages.words.markdown import escape_markdown

COLOURS = {
    Match.EXACT: "green",
    Match.RIGHTLY_NOTHING: "green",
    Match.PARENT: "blue",
    Match.CHILD: "blue",
    Match.WRONG: "gray",
}


@dataclass(frozen=True)
class Found:
    """A group and how its answer compares with the truth; `brier` is None without a bet."""

    standing: Standing
    match: Match | None
    brier: float | None


def show(here: Frame, klass: TrainingClass, key: Key, standings: Sequence[Standing]) -> None:
    there = class_data.over(here, klass)
    st.header(here.text("desk.truth" if key.truth.kind else "desk.truth_own"), anchor=False)
    st.markdown(f"### {planted(here, there, key.truth)}")
    if key.truth.since:
        st.markdown(here.text("desk.since", day=key.truth.since, event=key.truth.event or here.text("format.none")))
    found = [found_of(there, key, one) for one in standings if one.trace is not None]
    if not found:
        st.caption(here.text("desk.no_answers"))
        return
    _who_found(here, there, key.truth, found)
    _bets(here, found)


def planted(here: Frame, there: Context | None, truth: Truth) -> str:
    """What lies behind the data, and where."""
    kind = here.text(f"desk.kind.{truth.kind}") if truth.kind else ""
    if truth.nothing or not truth.segment:
        return here.text("desk.planted_nothing", kind=kind) if kind else here.text("desk.is_nothing")
    place = escape_markdown(path_words.path((there or here).plain, truth.segment))
    return here.text("desk.planted", kind=kind, place=place) if kind else place


def found_of(there: Context | None, key: Key, standing: Standing) -> Found:
    """An answer that names nothing counts as wrong once the truth is known."""
    match = matching.against(there, key, standing.trace)
    bet = standing.group.bet
    score = brier(bet, match in RIGHT) if bet is not None and there is not None else None
    return Found(standing, match, score)


def _who_found(here: Frame, there: Context | None, what: Truth, found: Sequence[Found]) -> None:
    right = sum(one.match in RIGHT for one in found)
    st.markdown(f"## {here.text('desk.found', count=right, of=len(found))}")
    for one in found:
        colour = COLOURS.get(one.match, "gray") if one.match else "gray"
        match = here.text(match_key(one.match, one.standing.trace, what) if one.match else "desk.match_none")
        place = class_data.located(there, here, one.standing.trace)[0] if one.standing.trace else ""
        st.markdown(
            f"**{escape_markdown(one.standing.group.name)}** :{colour}-badge[{match}] {escape_markdown(place)}"
        )


def _bets(here: Frame, found: Sequence[Found]) -> None:
    """The best judged confidence first; groups without a bet are left out."""
    placed = sorted((one for one in found if one.brier is not None), key=lambda one: one.brier or 0.0)
    if not placed:
        return
    st.markdown(f"## {here.text('desk.bets')}")
    st.caption(here.text("desk.bets_note"))
    names = {name: here.plain.text(f"desk.column.{name}") for name in ("rank", "group", "bet", "was_right", "brier")}
    rows = [
        {
            names["rank"]: 1 + sum((other.brier or 0.0) < (one.brier or 0.0) for other in placed),
            names["group"]: one.standing.group.name,
            names["bet"]: here.plain.show(one.standing.group.bet, "share"),
            names["was_right"]: here.plain.text("desk.yes" if one.match in RIGHT else "desk.no"),
            names["brier"]: here.plain.show(one.brier, "factor"),
        }
        for one in placed
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="content", key="desk.bets")

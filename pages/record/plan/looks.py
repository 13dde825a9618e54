"""Every look at a plan's effect is recorded: by whom, when, over which data, with which verdict, planned or early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pandas as pd
import streamlit as st

from analysis.effect.effect import effect
from analysis.effect.of_plan import asked_of, can_be_shown, lacking, look_of
from analysis.result import Result
from data_access.statement import Problem
from data_access.workshop.records import Look, Plan, PlanState
from data_access.workshop.standing import BEGUN
from data_access.workshop.tracing import Trace
from pages.frame.context import Context, Frame
from pages.frame.folded import folded
from pages.record import record_words as say
from pages.record.plan import effect_picture, verdicts
from pages.record.plan import lift as lifts
from pages.words import plan_words
from pages.words.format import sentences

SHOWN = 12


def begun(row: Trace) -> list[Plan]:
    """The plans whose effect can be asked for."""
    return [plan for plan in row.plans if can_be_shown(plan) and plan.state is not PlanState.DROPPED]


def without_effect(row: Trace) -> list[Plan]:
    """Plans that run or ran, but do not say what their verdict needs."""
    today = date.today()
    ran = [plan for plan in row.plans if plan.state in BEGUN or (plan.start is not None and plan.start <= today)]
    return [plan for plan in ran if lacking(plan) and plan.state is not PlanState.DROPPED]


def has_begun(plan: Plan) -> bool:
    """Whether its effect is what a reader wants first: there may be one by now."""
    return can_be_shown(plan) and plan.start is not None and plan.start <= date.today()


def result_of(over: Context, row: Trace, plan: Plan) -> Result:
    """The effect of a plan over the data of today, within what this user may see. Raises Problem."""
    selection, options = asked_of(plan, over.warehouse.model, row.looks)
    return over.over(selection.within(over.data_key.scope)).run(effect, **options)


def up_to_date(over: Context | None, row: Trace) -> Trace:
    """The issue with a look at each plan over the data of today: what is shown is recorded, once for the same data.

    Before anything is drawn, so that no place says an older verdict than another.
    """
    if over is None:
        return row
    known = {look.id for look in row.looks}
    seen = [look for plan in begun(row) if (look := _recorded(over, row, plan)) and look.id not in known]
    return replace(row, looks=(*row.looks, *seen))


def _recorded(over: Context, row: Trace, plan: Plan) -> Look | None:
    """None where nothing can be said yet, or the plan speaks of data that this user may not see."""
    try:
        result = result_of(over, row, plan)
        asked = (result.data_version, repr(sorted(result.options.items())))
        place = f"plan.look.{plan.id}"
        if place in st.session_state and st.session_state[place][0] == asked:
            return cast(Look, st.session_state[place][1])
        look = over.store().add_look(over.user, look_of(plan, result, over.dataset))
    except Problem:
        return None
    st.session_state[place] = (asked, look)
    return look


def recalled(here: Frame, row: Trace, plan: Plan) -> None:
    """The last look, where today's data cannot say more."""
    look = verdicts.newest(row, plan)
    if look is None:
        return
    st.markdown(verdicts.chip(here, look.verdict))
    for said in look.statements[:1]:
        st.markdown(f"## {here.words.recall(said)}")
    st.markdown(sentences(here.words.recall(said) for said in look.statements[1:]))
    st.caption(here.text("verify.as_of", moment=say.moment(here, look.created_at), version=look.data_version))
    effect_picture.recalled(here, plan, look)


def table(here: Frame, row: Trace, plan: Plan) -> None:
    """All looks so far, newest first; asked for only when opened."""
    looks = [look for look in reversed(row.looks) if look.plan_id == plan.id]
    place = folded(here.text("verify.looks", count=len(looks)), "visibility", f"looks.{plan.id}")
    if place.open and looks:
        with place:
            st.caption(here.text("verify.looks_note"))
            st.table(pd.DataFrame([_line(here, plan, look) for look in looks[:SHOWN]]), border="horizontal",
                     hide_index=True)  # fmt: skip
            if len(looks) > SHOWN:
                st.caption(here.text("table.more", count=len(looks) - SHOWN))


def _line(here: Frame, plan: Plan, look: Look) -> Mapping[str, Any]:
    unit = lifts.unit_of(here, plan)
    return {
        here.text("verify.look.day"): say.moment(here, look.created_at),
        here.text("verify.look.who"): here.text("workshop.by", who=say.who(look.created_by)),
        here.text("fact.version"): look.data_version,
        here.text("verify.look.gain"): plan_words.gain(here.plain, look.statistics, unit),
        here.text("verify.look.verdict"): here.text(f"workshop.verdict.{look.verdict}"),
        here.text("verify.look.kind"): here.text(f"verify.look.{'planned' if look.planned else 'early'}"),
    }

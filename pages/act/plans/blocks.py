"""Where do the plans work? Lost points they address and lift they promise, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from data_access.workshop.records import Plan
from pages import charts
from pages.act.plans.evidence import Measured, main_metric, measured, over_issue
from pages.act.plans.register import Line, standing_plans
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.record.plan import lift as lifts
from pages.report import report
from pages.words.format import sentences

NO_BLOCK = "none"


def draw(here: Frame, lines: Sequence[Line]) -> None:
    counted = standing_plans(lines)
    metric = main_metric(counted)
    plans = measured(here, [line for line in counted if line.plan.target_metric == metric])
    if not plans:
        return
    rows = by_block(here, plans)
    st.markdown(f"### {_answer(here, rows, plans[0].line.plan)}")
    unit = lifts.unit_of(here, plans[0].line.plan)
    look = charts.Look(here.plain, unit, dark=here.dark, large=here.large)
    report.picture(here, charts.portfolio(rows, look=look), "plans.blocks", clicked=partial(_list, here))
    there = over_issue(here, plans[0].line)  # away from its own data a metric has no name
    told = (
        [here.text("plan_register.blocks_metric", metric=say.metric_name(there, metric))] if there and metric else []
    )
    told += [here.text("plan_register.blocks_note")]
    others = len(counted) - len(plans)
    told += [here.text("plan_register.blocks_others", count=others)] if others else []
    st.caption(sentences(told))


def _list(here: Frame, block: str) -> None:
    """A block was clicked: its plans are listed."""
    st.session_state[here.key("way")] = "table"
    if block != NO_BLOCK:
        st.session_state[here.key("plan_block")] = block


def by_block(here: Frame, plans: Sequence[Measured]) -> pd.DataFrame:
    """A row for each block, the most promised first; what two plans address together is counted once."""
    found: dict[str, list[Measured]] = {}
    for one in plans:
        found.setdefault(one.line.plan.block or NO_BLOCK, []).append(one)
    rows = pd.DataFrame([_row(here, block, own) for block, own in found.items()])
    rows = rows.sort_values(["lift", "lost"], ascending=False, kind="stable").reset_index(drop=True)
    total = rows["lift"].sum()
    return rows.assign(cumulative=rows["lift"].cumsum() / total if total > 0 else float("nan"))


def _row(here: Frame, block: str, plans: Sequence[Measured]) -> dict[str, object]:
    lost = {(one.line.issue.id, one.line.plan.segment): one.lost_points for one in plans if one.lost_points}
    lifts_promised = [one.line.plan.expected_lift for one in plans if one.line.plan.expected_lift is not None]
    label = here.plain.text("plan_register.no_block") if block == NO_BLOCK else say.label(here, "block", block)
    return {"label": label, "key": block, "plans": len(plans), "lost": float(sum(lost.values())),
            "lift": float(sum(lifts_promised)), "promised": len(lifts_promised)}  # fmt: skip


def _answer(here: Frame, rows: pd.DataFrame, plan: Plan) -> str:
    """Which block promises most, and how much of all that is."""
    first = rows.iloc[0]
    if not first["promised"] or first["cumulative"] != first["cumulative"]:
        return here.text("plan_register.blocks_no_lift", count=int(rows["plans"].sum()))
    lift = lifts.in_words(here, float(first["lift"]), lifts.unit_of(here, plan))
    return here.text("plan_register.blocks_answer", block=first["label"], lift=lift, share=first["cumulative"])

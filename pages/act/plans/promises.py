"""Do plans bring what they promise? Verified against promised lift, and what to expect of the next promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from analysis.effect.calibration import LEAST_PLANS, Calibration, Verified, calibrate, verified_of
from pages import charts
from pages.act.plans import opening, said
from pages.act.plans.evidence import Measured, main_metric, measured
from pages.act.plans.register import Line
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.record.plan import lift as lifts
from pages.report import report
from pages.words.markdown import escape_markdown


def draw(here: Frame, lines: Sequence[Line]) -> None:
    """The picture of all verified promises, and a line for each department."""
    plans = verified(here, lines)
    if not plans:
        st.info(here.text("plan_register.no_promises"), icon=":material/lightbulb:")
        return
    found = calibrate([one.promise for one in plans])
    st.markdown(f"### {_answer(here, found, len(plans))}")
    look = charts.Look(here.plain, lifts.unit_of(here, plans[0].line.plan), dark=here.dark, large=here.large)
    report.picture(here, charts.calibration(_rows(here, plans), look=look), "plans.promises", clicked=opening.ask)
    opening.by_name(here, [one.line for one in plans], "plans.promises.open")
    if found.owners:
        st.table(_departments(here, found), border="horizontal", hide_index=True)
    st.caption(here.text("plan_register.promises_note"))


@dataclass(frozen=True)
class Kept:
    """A promise beside its verified lift and the ends of that lift's interval."""

    line: Line
    promise: Verified
    low: float
    high: float


def verified(here: Frame, lines: Sequence[Line]) -> list[Kept]:
    """The plans with a promise and a computed effect; the effect of a segment counts by its share of the whole."""
    told = [line for line in lines if line.plan.expected_lift and said.effect_numbers(line)[0] is not None]
    metric = main_metric(told)
    plans = measured(here, [line for line in told if line.plan.target_metric == metric])
    return [kept for one in plans if (kept := _kept(one)) is not None]


def _kept(one: Measured) -> Kept | None:
    plan, (_, low, high) = one.line.plan, said.effect_numbers(one.line)
    look = one.line.standing.look if one.line.standing else None
    share = one.share if plan.segment else 1.0
    if low is None or high is None or share is None or look is None:
        return None
    found = verified_of(plan.owner, plan.expected_lift or 0.0, look.statistics, share)
    return None if found is None else Kept(one.line, found, low * share, high * share)


def _rows(here: Frame, plans: Sequence[Kept]) -> pd.DataFrame:
    return pd.DataFrame([
        {"label": f"{one.line.plan.action} · {say.label(here, 'owner', one.promise.owner)}", "key": one.line.plan.id,
         "promised": one.promise.promised, "verified": one.promise.verified, "low": one.low, "high": one.high}
        for one in plans
    ])  # fmt: skip


def _answer(here: Frame, found: Calibration, plans: int) -> str:
    if not found.whole.known:
        return here.text("plan_register.promises_few", count=plans, least=LEAST_PLANS)
    factor = found.whole
    return here.text("plan_register.promises_answer", factor=factor.factor, low=factor.interval.low,
                     high=factor.interval.high, count=plans)  # fmt: skip


def _departments(here: Frame, found: Calibration) -> pd.DataFrame:
    """What became of a promised point, by department: as it was, and as it is to be expected next time."""
    rows = [
        {
            say.field(here, "owner"): escape_markdown(say.label(here, "owner", owner)),
            here.text("plan_register.column.plans"): here.plain.show(factor.plans, "count"),
            here.text("plan_register.column.raw"): here.plain.show(factor.raw, "share"),
            here.text("plan_register.column.expected"): here.plain.show(factor.factor, "share"),
        }
        for owner, factor in sorted(found.owners.items(), key=lambda one: -one[1].plans)
    ]
    return pd.DataFrame(rows)

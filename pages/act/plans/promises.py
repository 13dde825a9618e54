"""Do plans bring what they promise? Verified against promised lift, and what to expect of the next promise."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analysis.effect.calibration import LEAST_PLANS, Calibration, Verified, calibrate, verified_lift
from analysis.stats.distributions import t_ppf
from pages import charts
from pages.act.plans import opening, said
from pages.act.plans.evidence import Measured, main_metric, measured
from pages.act.plans.register import Line
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.record.plan import lift as lifts
from pages.report import report


def draw(here: Frame, lines: Sequence[Line]) -> None:
    """The picture of all verified promises, and a line for each department."""
    plans = verified(here, lines)
    if not plans:
        st.info(here.text("plan_register.no_promises"), icon=":material/lightbulb:")
        return
    found = calibrate([promise for _, promise in plans])
    st.markdown(f"### {_answer(here, found, len(plans))}")
    look = charts.Look(here.plain, lifts.unit_of(here, plans[0][0].plan), dark=here.dark, large=here.large)
    report.picture(here, charts.calibration(_rows(here, plans), look=look), "plans.promises", clicked=opening.ask)
    opening.by_name(here, [line for line, _ in plans], "plans.promises.open")
    if found.owners:
        st.table(_departments(here, found), border="horizontal", hide_index=True)
    st.caption(here.text("plan_register.promises_note"))


def verified(here: Frame, lines: Sequence[Line]) -> list[tuple[Line, Verified]]:
    """The plans with a promise and a computed effect; the effect of a segment counts by its share of the whole."""
    told = [line for line in lines if line.plan.expected_lift and said.effect_numbers(line)[0] is not None]
    metric = main_metric(told)
    plans = measured(here, [line for line in told if line.plan.target_metric == metric])
    return [(one.line, promise) for one in plans if (promise := _promise(one)) is not None]


def _promise(one: Measured) -> Verified | None:
    gain, low, high = said.effect_numbers(one.line)
    look = one.line.standing.look if one.line.standing else None
    share = one.share if one.line.plan.segment else 1.0
    if gain is None or low is None or high is None or share is None or look is None:
        return None
    df = look.statistics.get("df")
    reach = float(t_ppf(0.975, df)) if df else 1.96
    lift, error = verified_lift(gain, (high - low) / 2 / reach, share)
    plan = one.line.plan
    return Verified(plan.owner, plan.expected_lift or 0.0, lift, error)


def _rows(here: Frame, plans: Sequence[tuple[Line, Verified]]) -> pd.DataFrame:
    return pd.DataFrame([
        {"label": f"{line.plan.action} · {say.label(here, 'owner', promise.owner)}", "key": line.plan.id,
         "promised": promise.promised, "verified": promise.verified,
         "low": promise.verified - 1.96 * promise.error, "high": promise.verified + 1.96 * promise.error}
        for line, promise in plans
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
            say.field(here, "owner"): say.label(here, "owner", owner),
            here.text("plan_register.column.plans"): here.plain.show(factor.plans, "count"),
            here.text("plan_register.column.raw"): here.plain.show(factor.raw, "share"),
            here.text("plan_register.column.expected"): here.plain.show(factor.factor, "share"),
        }
        for owner, factor in sorted(found.owners.items(), key=lambda one: -one[1].plans)
    ]
    return pd.DataFrame(rows)

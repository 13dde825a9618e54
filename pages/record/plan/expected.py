"""What do promises come to? Beside what a plan promises stands what earlier promises came to."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from analysis.effect.calibration import Calibration, Verified, calibrate, verified_of
from data_access.statement import Problem
from data_access.workshop.records import Plan
from pages.frame.context import Context, Frame
from pages.record import record_words as say
from pages.record.plan import lift as lifts
from pages.record.plan import verdicts


def tell(here: Frame, over: Context | None, base: Plan, owner: str, promised: float | None) -> None:
    """What to count on of this promise; nothing where too few were verified."""
    place = st.container()
    if over is None or not promised or promised <= 0:
        return
    known: Calibration = st.session_state.setdefault(f"plan.calibration.{base.id}", _calibration(over, base))
    factor = known.of(owner)
    if factor.known:
        lift, _ = known.expected(owner, promised)
        key = "expect" if owner in known.owners else "expect_all"
        said = lifts.in_words(here, lift, lifts.unit_of(here, base))
        place.caption(here.text(f"plan_form.{key}", department=say.label(here, "owner", owner), share=factor.factor,
                                lift=said))  # fmt: skip


def _calibration(over: Context, base: Plan) -> Calibration:
    """Over all plans of the same metric with a computed effect that this person sees."""
    try:
        return calibrate(list(_verified(over, base)))
    except Problem:
        return calibrate([])


def _verified(over: Context, base: Plan) -> Iterator[Verified]:
    for row in over.store().traces(over.user):
        for plan in row.plans:
            judged = verdicts.of(row, plan)
            if plan.expected_lift and judged and judged.look and plan.target_metric == base.target_metric:
                segment = lifts.of_path(over, plan.segment) if plan.segment else None
                share = segment.share if segment else None if plan.segment else 1.0
                found = share and verified_of(plan.owner, plan.expected_lift, judged.look.statistics, share)
                if found:
                    yield found

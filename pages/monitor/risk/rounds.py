"""Rounds of contacting: begun from the list with a small part held out by lot, and what they brought."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date

import streamlit as st

from analysis.result import Result
from analysis.risk.choice import HOLD_OUT, MOST_HELD, drawn
from analysis.risk.recovery import FOLLOWED
from data_access.selection import Period
from data_access.statement import Problem
from data_access.workshop.monitor_records import Arm, RecoveryCase, RecoveryRound
from pages.frame import top
from pages.frame.context import Context
from pages.monitor.risk import one_round, protection
from pages.monitor.risk.apart import SINCE, Known

KEPT = ("auc", "brier", "brier_base", "calibration", "judged", "hits")  # figures of the model that a round keeps
SEEDS = 2**31
PLACE = "risk.rounds"  # brought into view once a round has begun: the list above it has become short


def known(here: Context) -> Known:
    """The rounds that the store keeps; none, with a sentence, where it cannot be reached."""
    try:
        store = here.store()
        rounds = store.recovery_rounds(here.user, here.dataset)
        return {one.id: (one, store.recovery_cases(here.user, one.id)) for one in rounds}
    except Problem as problem:
        st.warning(here.say(problem.statement), icon=":material/info:")
        return {}


def show(here: Context, left: Result, known: Known) -> None:
    """A new round of those `left` on the list, then the rounds there are, the newest first."""
    top.here(PLACE)
    st.markdown(f"## {here.text('risk_page.rounds')}")
    _begin(here, left)
    for one, cases in reversed([*known.values()]):
        one_round.show(here, one, cases)


def _begin(here: Context, result: Result) -> None:
    """A button that begins a round with everybody on the list who is in none yet."""
    table = result.table
    if not len(table) or result.statistics["first_day"] is None:
        st.caption(here.text("risk_page.nobody_new", days=FOLLOWED))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = st.number_input(here.text("risk_page.hold_out"), 0, int(100 * HOLD_OUT), int(100 * HOLD_OUT), step=1,
                               key=here.key("hold_out"), width=180, help=_help(here))  # fmt: skip
        protection.choose(here)
        label = here.text("risk_page.begin", count=len(table))
        if st.button(label, type="primary", icon=":material/play_arrow:", key="risk.begin"):
            _begun(here, result, table.to_dict("records"), part / 100)
    st.caption(here.text("risk_page.why_lot", days=FOLLOWED))


def _help(here: Context) -> str:
    return here.text("risk_page.hold_out_help", most=MOST_HELD)


def _begun(here: Context, result: Result, rows: Sequence[dict[str, object]], part: float) -> None:
    """Draw the lots and write the round down; the page is then drawn anew."""
    seed = secrets.randbelow(SEEDS)
    arms = drawn([str(row["contact_id"]) for row in rows], [not row["kept_in"] for row in rows], part=part, seed=seed)
    cases = [_case(row, arms[str(row["contact_id"])]) for row in rows]
    try:
        begun = here.store().begin_round(here.user, _round(here, result, part, seed), cases)
    except Problem as problem:
        top.refuse(here.say(problem.statement))
        return
    st.session_state[one_round.open_key(begun)] = True
    top.go_to(PLACE)
    st.rerun()


def _round(here: Context, result: Result, part: float, seed: int) -> RecoveryRound:
    s = result.statistics
    last = here.warehouse.extent().last
    figures = {name: float(s[name]) for name in KEPT}
    since = (last.date() if last else s["last_day"]).toordinal() + 1
    return RecoveryRound(
        dataset=here.dataset, data_version=result.data_version, period=_period(s["first_day"], s["last_day"]),
        threshold=s["threshold"], capacity=s["capacity"], hold_out=part, seed=seed,
        statistics={**figures, SINCE: float(since)},
    )  # fmt: skip


def _period(first: date, last: date) -> Period:
    return Period(first, date.fromordinal(last.toordinal() + 1))


def _case(row: dict[str, object], arm: str) -> RecoveryCase:
    """A contact of the list; what keeps it from being held out stands before its reasons."""
    kept, reasons = str(row["kept_in"]), row["reasons"]
    assert isinstance(reasons, tuple), "as the list has them"
    return RecoveryCase(round_id="", contact=str(row["contact_id"]), probability=float(str(row["probability"])),
                        reasons=(*([kept] if kept else []), *reasons), arm=Arm(arm))  # fmt: skip

"""How good is the model? Predicted beside observed, how many a list catches, and what the model goes by."""

from __future__ import annotations

import streamlit as st

from analysis.result import Result
from pages import charts
from pages.frame.context import Context
from pages.report import further_table, report


def show(here: Context, result: Result) -> None:
    """Both charts side by side; the tables behind them deeper down."""
    st.markdown(f"## {here.text('risk_page.how_good')}")
    right, caught = st.columns(2, gap="medium")
    with right:
        st.markdown(f"**{here.text('risk_page.part.calibration')}**")
        rows = result.parts["calibration"]
        shares = {name: 100 * rows[name] for name in ("predicted", "observed", "low", "high")}
        report.chart(here, charts.reliability(rows.assign(**shares), look=here.look), "risk.calibration")
    with caught:
        st.markdown(f"**{here.text('risk_page.part.gains')}**")
        rows = result.parts["gains"]
        shown = rows.assign(part=100 * rows["part"], caught=100 * rows["caught"])
        report.chart(here, charts.gains(shown, look=here.look, chosen=_chosen(result)), "risk.gains")
    for part, depth in (("signs", "intermediate"), ("balance", "intermediate"), ("calibration", "advanced"),
                        ("gains", "advanced")):  # fmt: skip
        if here.at_least(depth):
            further_table.part(here, result, part)


def _chosen(result: Result) -> float | None:
    """The part of those judged that the list is, per cent."""
    s = result.statistics
    return 100 * s["chosen"] / s["judged"] if s["chosen"] else None

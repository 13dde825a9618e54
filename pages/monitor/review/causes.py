"""The first likely cause of an alert, and who can act on it."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from pages import charts
from pages.monitor.review.seen import Seen
from pages.report import report
from pages.words.format import sentences

REASONS = 5  # that are drawn, the rest is summed in one bar


def draw(seen: Seen) -> None:
    """The sentence, the reasons as bars with their shares, and one bar by who can act."""
    st.title(seen.say(seen.slide.statements[0]), anchor=False)
    result = seen.result
    if "powers" in result.parts and len(result.table):
        report.picture(seen.here, charts.power_bar(_powers(seen), look=seen.look), "review.powers")
        report.picture(seen.here, charts.reason_bars(_reasons(seen), look=seen.look), "review.reasons")
    said = [seen.html(statement) for statement in seen.slide.caveats[-1:]]
    n = seen.text("review.of_answers", n=result.statistics.get("n"))
    st.html(f'<p class="wall-quiet">{sentences([escape(n), *said])}</p>')


def _powers(seen: Seen) -> pd.DataFrame:
    rows = seen.result.parts["powers"]
    codes = [segment[0] for segment in rows["segment"]]
    labels = [seen.plain.show(code, "name", dimension="power") for code in codes]
    return rows.assign(label=labels, power=codes)


def _reasons(seen: Seen) -> pd.DataFrame:
    """The reasons that weigh most; what remains is one row in nobody's colour."""
    (by,) = seen.result.options["by"]
    rows = seen.result.table.sort_values("contribution", ascending=False, kind="stable")
    labels = [seen.plain.show(segment[0], "name", dimension=by) for segment in rows["segment"]]
    rows = rows.assign(label=labels, lost=rows["lost_points"])
    if len(rows) <= REASONS + 1:
        return rows
    rest = rows.iloc[REASONS:]
    other = {"label": seen.text("review.other_reasons", count=len(rest)), "power": "unassigned",
             "contribution": rest["contribution"].sum(), "lost": rest["lost"].sum()}  # fmt: skip
    return pd.concat([rows.iloc[:REASONS], pd.DataFrame([other])], ignore_index=True)

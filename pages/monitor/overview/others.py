"""Other things to know: each find as one sentence, with what it costs and the page that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from analysis.result import Result, Statement
from analysis.worth_knowing import worth_knowing
from pages.frame import periods, whole_span
from pages.frame.context import Context
from pages.monitor.overview.leading import path_of
from pages.report import report
from pages.words.options import code_of

MOST, MOST_ASIDE = 5, 2  # finds that cost points; those nobody is to blame for
ASIDE = ("mix", "looks")


def show(here: Context, cause: Result | None) -> None:
    """The finds besides the leading cause, costliest first, and last those that nobody is to blame for."""
    st.space("small")
    st.markdown(f"## {here.text('page.worth_knowing')}")
    place = st.empty()
    place.caption(here.text("overview.looking"))
    with place.container(key="others"):
        result = report.attempt(here, worth_knowing, known=path_of(cause))
        if result is None:
            return
        finds = list(zip(result.table.to_dict("records"), result.findings[1:], strict=False))
        aside = [find for find in finds if find[0]["kind"] in ASIDE]
        for row, sentence in [*[f for f in finds if f not in aside][:MOST], *aside[:MOST_ASIDE]]:
            _find(here, result, row, sentence)
        st.caption(here.say(result.findings[0]))
        if not finds:
            here.lead_to("contribution", here.text("contribution.question"))


def _find(here: Context, result: Result, row: Mapping[Any, Any], sentence: Statement) -> None:
    chip, said, way = st.columns([3, 9, 4], gap="small", vertical_alignment="center")
    chip.markdown(_chip(here, result, row))
    said.markdown(here.say(sentence))
    with way:
        _lead_on(here, row)


def _chip(here: Context, result: Result, row: Mapping[Any, Any]) -> str:
    """What it costs, as sign, word and colour; grey for what is only mix."""
    if row["kind"] in ASIDE:
        return f":gray-badge[~ {here.text('worth_knowing.kind.' + row['kind'])}]"
    colour, sign = ("orange", "▼") if row["cost"] > 0 else ("blue", "▲")
    return f":{colour}-badge[{sign} {here.text('overview.costs', size=abs(row['cost']), unit=result.unit)}]"


def _lead_on(here: Context, row: Mapping[Any, Any]) -> None:
    """The page that shows it, asked for just this."""
    by, (member, *others) = row["dimension"], row["value"]
    span = {whole_span.LINK: periods.ALL} if row["span"] == "all" else {}
    if row["kind"] == "looks":
        alike = {"alike": row["mix_dimension"]} if row["mix_dimension"] else {}
        here.lead_to(
            "contrast", here.text("overview.to_alike"), ask="rest", by=by, segment=code_of(member), **alike, **span
        )
    elif row["kind"] != "level":
        here.lead_to("change", here.text("overview.see_change"), by=by)
    elif others:
        here.lead_to("contribution", here.text("overview.to_days"), by=by, **span)
    else:
        here.lead_to("contribution", here.text("overview.see_reasons"), by=by, segment=code_of(member), **span)

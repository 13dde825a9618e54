"""What stands behind the answer of a contrast: its test, pairs, shapes, league, months and sensitivity, by depth."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.result import Result
from pages import charts
from pages.explain.contrast.view import group_names
from pages.frame.context import Context
from pages.report import report
from pages.report.further_table import part
from pages.report.marks import Marks, marks_in_time, marks_of
from pages.words.format import sentences
from pages.words.further_tables import has


def deeper(here: Context, result: Result) -> None:
    """More of what stands behind the answer, the deeper the page."""
    if not here.at_least("intermediate"):
        return
    _parts(here, result, ("ranks", "fair"))
    _test(here, result)
    part(here, result, "pairs")
    for name, picture in PICTURES.items():
        if has(result, name) and (name != "distribution" or not result.unit.is_share):
            st.markdown(f"## {here.text(f'contrast_page.part.{name}')}")
            st.caption(here.text(f"contrast_page.note.{name}"))
            report.chart(here, picture(here, result), f"contrast.{name}", marks=_marks(here, result, name))
    _parts(here, result, ("league", "months"), titled=False)
    if here.at_least("advanced"):
        _parts(here, result, ("checks", "alternatives"))
        _sensitivity(here, result)


def _parts(here: Context, result: Result, names: Iterable[str], *, titled: bool = True) -> None:
    """Those of the further tables that the result has."""
    for name in names:
        if has(result, name):
            part(here, result, name, titled=titled)


def _test(here: Context, result: Result) -> None:
    """Which test and why, its p, and how large the effect is."""
    s = result.statistics
    st.markdown(f"## {here.text('contrast_page.part.test')}")
    key = "untested" if math.isnan(s["p"]) else "test"
    paragraph = [here.text(f"contrast_page.{key}", test=here.text(f"contrast_page.method.{s['test']}"), p=s["p"])]
    if not math.isnan(s["effect"]["value"]):
        paragraph.append(_effect(here, s["effect"]))
    if result.how and result.how.assumptions:
        paragraph.append(here.say(result.how.assumptions[0]))
    st.markdown(sentences(paragraph))


def _effect(here: Context, effect: Mapping[str, Any]) -> str:
    """The effect's size with its interval, where it has one."""
    key = "effect_alone" if math.isnan(effect["low"]) else "effect_bounded"
    return here.text(
        f"contrast_page.{key}",
        effect_value=effect["value"],
        effect_low=effect["low"],
        effect_high=effect["high"],
        effect_name=here.text(f"contrast_page.effect.{effect['name']}"),
        size=here.text(f"contrast_page.size.{effect['size']}") if effect["size"] else "",
    )


def _sensitivity(here: Context, result: Result) -> None:
    """What those who did not answer could change, how small a difference could be seen, and what clusters cost."""
    s, lines = result.statistics, []
    is_bounded = here.warehouse.model.measure(result.selection.metric).survey and _is_known(s.get("bound_low"))
    if is_bounded:
        lines.append(here.text("contrast_page.bounds", low=s["bound_low"], high=s["bound_high"], unit=result.unit))
    if _is_known(s.get("detectable")):
        about = {name: s[name] for name in ("detectable", "threshold")}
        lines.append(here.text("contrast_page.power", needed=s["needed_n"], unit=result.unit, **about))
    if s.get("clusters"):
        design = {"factor": s["design_effect"], "worth": s["effective_n"]}
        lines.append(here.text("contrast_page.clusters", clusters=s["clusters"], n=s["n"], **design))
    if lines:
        part = "sensitivity" if is_bounded else "detectable"
        st.markdown(f"## {here.text(f'contrast_page.part.{part}')}")
        st.markdown("  \n".join(lines))


def _is_known(number: float | None) -> bool:
    return number is not None and not math.isnan(number)


def _marks(here: Context, result: Result, name: str) -> Marks:
    """What is behind the marks of a picture: months, or the groups in the order of its rows."""
    if name == "months":
        return marks_in_time(here, result.parts["months"]["month"], "month")
    segments = result.parts[name]["segment"] if name == "league" else _rows(result).first()["segment"]
    return marks_of(here, replace(result, table=pd.DataFrame({"segment": segments})))


def _rows(result: Result) -> Any:
    """The shares of the answers by row of their picture: a row a group, of two periods two."""
    cells = result.parts["distribution"]
    places = {segment: place for place, segment in enumerate(result.table["segment"])}
    cells = cells.assign(place=cells["segment"].map(places)).sort_values(["place", "group"], kind="stable")
    cells["s"] = cells.groupby(["place", "group"], sort=False).ngroup()
    return cells.groupby("s")


def _distribution_of(here: Context, result: Result) -> go.Figure:
    """How the answers of the groups are distributed, a row each; of two periods two rows each."""
    rows = _rows(result)
    first, cells = rows.first(), rows.obj
    means = rows.apply(lambda c: float((c["value"] * c["share"]).sum()), include_groups=False)
    now, before = here.plain.periods(here.selection.period, here.selection.baseline)
    names = group_names(here, result, first["segment"])
    if (first["group"] == "baseline").any():
        when = [before if group == "baseline" else now for group in first["group"]]
        names = [
            f"{name} · {period}" if first["segment"].nunique() > 1 else period
            for name, period in zip(names, when, strict=True)
        ]
    groups = pd.DataFrame({"label": names, "n": rows["n"].sum(), "score": means})
    return charts.distribution(cells, groups, look=here.look)


def _funnel_of(here: Context, result: Result) -> go.Figure:
    """Units within the limits that chance sets for their size."""
    league = result.parts["league"]
    known = league[league["score"].notna()]
    middle = float(np.average(known["score"], weights=known["n"]))
    return charts.funnel(
        league.assign(label=group_names(here, result, league["segment"]), key=range(len(league))),
        look=here.look,
        mean=middle,
    )


def _months_of(here: Context, result: Result) -> go.Figure:
    return charts.months(result.parts["months"], look=here.look, threshold=result.statistics["threshold"])


PICTURES = {"distribution": _distribution_of, "league": _funnel_of, "months": _months_of}

"""What stands behind the mark that was clicked? Its score, change, reasons, contacts and trend, and the ways on.

The panel stands at the edge of the window, so that it is seen wherever the page was scrolled to and the chart goes on
taking clicks beside it. Back closes it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from analysis.contribution import contribution
from analysis.estimate import WITHHELD_BELOW
from analysis.overview import overview
from analysis.result import Result
from analysis.stats.intervals import SIGNIFICANCE
from data_access.access import may_see_rows
from data_access.selection import Selection
from pages import charts
from pages.frame import open_data, open_mark, sidebar
from pages.frame.context import Context
from pages.frame.open_mark import Behind, Where
from pages.frame.periods import Calendar
from pages.report import pinning, report, ways
from pages.words.tables import segment_names

REASONS = 3  # that are named; the others a click away
MONTH = len("2026-10")
# the chart makes room for it, so that no mark is covered
STYLE = """<style>
.st-key-panel h3 {{padding:.1rem 0 .6rem; font-size:1.25rem}}
.st-key-panel h2 {{padding:.1rem 0}}
.st-key-panel {{position:fixed; top:3.75rem; right:0; bottom:0; width:23rem; z-index:99; overflow-y:auto;
  padding:.75rem 1.25rem 2rem; background:{background}; border-left:1px solid {edge};
  box-shadow:-6px 0 18px rgba(0,0,0,.10)}}
@media (min-width:641px) {{[data-testid="stMainBlockContainer"] {{padding-right:25rem}}}}
@media (max-width:640px) {{.st-key-panel {{top:auto; left:0; width:100%; max-height:62vh; border-left:0;
  border-top:1px solid {edge}}}}}
@media print {{.st-key-panel {{display:none}}}}
</style>"""


def show(here: Context) -> None:
    """The panel of the mark that is open on this page, if any is."""
    behind = open_mark.opened(here.page)
    if behind is None:
        return
    open_mark.write(behind)
    where, span = behind
    palette = here.look.palette
    st.html(STYLE.format(background=palette.background, edge=palette.faint))
    inside = here.over(here.selection.within(where))
    if span:
        inside = here.over(replace(inside.selection, period=span, baseline=span.previous()))
    with st.container(key="panel", gap="xsmall"):
        _head(here, behind)
        result = report.attempt(inside, overview)
        if result is None:
            return
        _numbers(inside, result)
        _reasons(inside, where)
        _ways_on(here, inside, result, behind)
        _trend(inside, result)


def _head(here: Context, behind: Behind) -> None:
    where, span = behind
    named = [*filter(None, [ways.called(here.words, where)]), *([here.words.show(span, "period")] if span else [])]
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        st.markdown(f"## {' · '.join(named)}", width="stretch")
        st.button(here.text("panel.close"), icon=":material/close:", key="panel.close", type="tertiary",
                  on_click=open_mark.close)  # fmt: skip


def _numbers(here: Context, result: Result) -> None:
    """The score with its interval, its change, and who is behind it."""
    s, unit = result.statistics, result.unit
    if s["responses"] < WITHHELD_BELOW:
        st.markdown(here.text("panel.few", least=WITHHELD_BELOW))
    else:
        st.markdown(f"### {here.text('panel.score', score=s['score'], unit=unit)}")
        lines = [here.text("overview.interval", low=s["low"], high=s["high"], unit=unit)]
        if "change" in s and not math.isnan(s["change"]):
            lines.insert(0, _change(here, result))
        st.markdown("  \n".join(lines))
    key = "behind" if here.metric.survey else "behind_recorded"
    st.caption(here.text(f"panel.{key}", n=s["responses"], contacts=s["contacts"]))


def _change(here: Context, result: Result) -> str:
    """The change as a chip, coloured only beyond chance, and what it is a change from."""
    s, unit = result.statistics, result.unit
    before = here.words.periods(result.selection.period, result.selection.baseline)[1]
    versus = here.text("overview.versus", period=before, score=s["baseline_score"], unit=unit)
    if not s["p"] < SIGNIFICANCE:
        return f":gray-badge[{here.text('overview.chip_unclear', change=s['change'], unit=unit)}] {versus}"
    words = here.text(f"overview.chip_{'down' if s['change'] < 0 else 'up'}", change=s["change"], unit=unit)
    colour = {"loss": "orange", "gain": "blue"}.get(here.look.verdict(s["change"]), "gray")
    return f":{colour}-badge[{'▼' if s['change'] < 0 else '▲'} {words}] {versus}"


def _reasons(here: Context, where: Where) -> None:
    """The reasons named most for the lost points, and the way to all of them."""
    reasons = here.warehouse.model.reasons
    if not reasons or not here.metric.survey or any(part.dimension in reasons for part in where):
        return
    result = report.attempt(here, contribution, by=(next(iter(reasons)),))
    if result is None:
        return
    rows = zip(segment_names(result, here.words), result.table["contribution"], strict=True)
    named = [here.text("panel.reason", name=name, share=share) for name, share in rows][:REASONS]
    st.markdown(f"**{here.text('panel.reasons')}**")
    st.markdown("  \n".join(named) if named else here.text("panel.no_reasons"))
    ways.on(here, ways.reasons_of(here, where), place="panel")


def _trend(here: Context, result: Result) -> None:
    if "trend" not in result.parts or len(result.parts["trend"]) < 2:
        return
    trend = result.parts["trend"]
    months = trend["start"].str.len().eq(MONTH).all()
    days = pd.to_datetime(trend["start"] + ("-01" if months else ""))
    shown = [here.plain.show(day, "name", dimension="month") for day in trend["start"]] if months else [
        here.plain.show(day, "day") for day in days
    ]  # fmt: skip
    st.markdown(f"**{here.text('panel.trend')}**")
    report.chart(here, charts.spark(trend.assign(label=shown), look=here.look), "spark")


def _ways_on(here: Context, inside: Context, result: Result, behind: Behind) -> None:
    """Further in, this part alone, the contacts behind it, a pin, and a trace that begins here."""
    with st.container(horizontal=True, gap="xsmall"):
        _closer(here, inside, behind)
        _keeping(inside, result, behind[0])


def _closer(here: Context, inside: Context, behind: Behind) -> None:
    """Both on the same page, which is drawn anew."""
    where, span = behind
    then = (where, inside.selection, open_data.calendar(here) if span else None)
    narrower = _narrower(here, where)
    can_be_filtered = all(part.dimension in here.warehouse.model.filterable for part in where)
    if narrower and can_be_filtered:
        label = here.text("panel.drill", name=here.names.of_dimension(narrower))
        st.button(label, key="panel.drill", icon=":material/zoom_in:", on_click=_drill,
                  args=(here, narrower, *then))  # fmt: skip
    if can_be_filtered:
        st.button(here.text("panel.filter"), key="panel.filter", icon=":material/filter_alt:",
                  on_click=_filter, args=then)  # fmt: skip


def _narrower(here: Context, where: Where) -> str | None:
    """The dimension to look inside by: right below the segment's own where there is one, else the next unused."""
    model, used = here.warehouse.model, {part.dimension for part in where}
    free = [name for name in here.cuts() if name not in used and not used & set(model.ancestors(name)[1:])]
    below = [name for name in free if model.dimension(name).under in used]
    return next(iter([*below, *free]), None)


def _drill(here: Context, by: str, where: Where, selection: Selection, calendar: Calendar | None) -> None:
    _filter(where, selection, calendar)
    st.session_state[here.key("by")] = by


def _filter(where: Where, selection: Selection, calendar: Calendar | None) -> None:
    """The segment alone, and its days where a calendar is given for them."""
    sidebar.narrow(where)
    sidebar.go_to(selection, calendar, without=())
    open_mark.close()


def _keeping(here: Context, result: Result, where: Where) -> None:
    if may_see_rows(here.user):
        label = here.text("panel.contacts", contacts=result.statistics["contacts"])
        if st.button(label, key="panel.contacts", icon=":material/table_rows:"):
            title = here.plain.text("panel.contacts_title", segment=ways.named(here, where))
            st.dialog(title, width="large")(partial(report.rows_of, here, here.selection, "panel"))()
    pinning.pin_button(here, result, "panel", called=ways.titled(here, where, result.metric) if where else "")
    ways.trace_button(here, where, "panel")

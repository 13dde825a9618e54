"""When are the points lost? Days and hours, the trend with what changed along it, and before and after one change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from analysis.result import Result
from analysis.trace import before_after, heat_map, timeline
from data_access.selection import Filter
from pages import charts
from pages.frame.context import Context
from pages.report import report
from pages.report.marks import Marks, marks_in_time
from pages.words.format import is_missing

Path = tuple[Filter, ...]


def views(here: Context, path: Path) -> None:
    """One of the views of the loss over time, as far as the data have moments at all."""
    if here.warehouse.model.time is None:
        return
    st.markdown(f"## {here.text('trace_page.when')}")
    chosen = st.segmented_control(
        here.text("trace_page.when"), tuple(VIEWS), key=here.key("when"), required=True, default="heat",
        label_visibility="collapsed", persist_state="session",
        format_func=lambda code: here.text(f"trace_page.view.{code}"),
    )  # fmt: skip
    VIEWS[str(chosen)](here, path)


def _heat(here: Context, path: Path) -> None:
    result = report.attempt(here, heat_map, path=path)
    if result is not None:
        report.chart(here, charts.heat_map(result.table, look=here.look), "heat", marks=_cells(here, path, result))
        _told(here, result)


def _cells(here: Context, path: Path, result: Result) -> Marks:
    """The days and hours of the path behind the cells."""
    hours = zip(result.table["day"], result.table["hour"], strict=True)
    return Marks(
        here.page, [(*path, Filter("day_of_month", (str(day),)), Filter("hour", (str(hour),))) for day, hour in hours]
    )


def _timeline(here: Context, path: Path) -> None:
    result = report.attempt(here, timeline, path=path)
    if result is None:
        return
    events = named_events(here, result.parts["events"])
    s = result.statistics
    figure = charts.timeline(result.table, events, look=here.look, bucket=s["bucket"], **_levels(here, s))
    marks = marks_in_time(here, result.table["start"], s["bucket"], path)
    report.chart(here, figure, "timeline", marks=marks)
    _told(here, result)
    _before_after(here, path, events)


def _levels(here: Context, s: Mapping[str, Any]) -> dict[str, charts.Level | None]:
    """The means of both periods over their own days."""
    now, before = here.selection.period, here.selection.baseline
    names = here.plain.periods(now, before)
    current = charts.Level(names[0], s["score"], now.start, now.end) if now else None
    adjoining = before is not None and now is not None and before.end == now.start and "baseline_score" in s
    level = charts.Level(names[1], s["baseline_score"], before.start, before.end) if adjoining and before else None
    return {"current": current, "baseline": level}


def _before_after(here: Context, path: Path, events: pd.DataFrame) -> None:
    """Choose what changed; the contacts of the path before and after it, beside all others."""
    if events.empty:
        return
    labels = {
        id: here.text("trace_page.event_on", day=day, label=label)
        for id, day, label in zip(events["id"], events["date"], events["label"], strict=True)
    }
    chosen = st.selectbox(here.text("trace_page.change_of"), list(labels), key=here.key("event"),
                          format_func=lambda code: labels[code], width=520)  # fmt: skip
    on: date = events.loc[events["id"] == chosen, "date"].iloc[0]
    result = report.attempt(here, before_after, path=path, on=on)
    if result is None:
        return
    report.answer(here, result)
    figure = charts.before_after(sides(here, result), look=here.look, verdict=_verdict(here, result))
    report.chart(here, figure, "before_after", marks=Marks(here.page, [path]))
    report.keep(here, result, "before_after")


def sides(here: Context, result: Result) -> pd.DataFrame:
    """Both sides by name, then how much more the path moved than the others."""
    names = [here.plain.text(f"trace_page.side.{side}") for side in result.table["group"]]
    rows = result.table.assign(label=names, key=[0, *[None] * (len(names) - 1)])  # the path alone is a segment
    s = result.statistics
    if is_missing(s["difference"]):
        return rows
    more = {"label": here.plain.text("trace_page.side.difference"), "change": s["difference"], "low": s["low"],
            "high": s["high"]}  # fmt: skip
    return pd.concat([rows, pd.DataFrame([more])], ignore_index=True)


def _verdict(here: Context, result: Result) -> Any:
    s = result.statistics
    return here.look.verdict(s["difference"]) if s["verdict"] in ("fell", "rose") else "none"


def named_events(here: Context, events: pd.DataFrame) -> pd.DataFrame:
    """The calendar's entries with a label in the reader's language: day, kind, name and id."""
    names = events["label_zh" if here.words.language.startswith("zh") else "label_en"]
    kinds = [_kind(here, str(kind)) for kind in events["kind"]]
    labels = [
        here.plain.text("trace_page.event", kind=kind, name=name or "", id=id or "")
        for kind, name, id in zip(kinds, names, events["id"], strict=True)
    ]
    return events.assign(label=labels)


def _kind(here: Context, kind: str) -> str:
    key = f"trace_page.event_kind.{kind}"
    return here.plain.text(key) if here.words.has(key) else kind


def _told(here: Context, result: Result) -> None:
    for statement in (*result.findings, *result.caveats):
        st.caption(here.say(statement))


VIEWS: Mapping[str, Callable[[Context, Path], None]] = {"heat": _heat, "timeline": _timeline}

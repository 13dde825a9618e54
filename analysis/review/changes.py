"""What changed this week: the metric as a whole, and the segments that moved beyond chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from analysis.monitor.watch import monitor
from analysis.overview import overview
from analysis.result import Result
from analysis.review.kept import slide_of
from analysis.review.people import own_cuts
from analysis.segments.search_result import segments
from data_access.selection import Period, Selection
from data_access.semantics import SemanticModel
from data_access.statement import BadInput, NothingToShow
from data_access.workshop.codec import headline_rows
from data_access.workshop.meeting_records import AgendaStep, MeetingSlide
from data_access.workshop.monitor_records import Rebase, SignalFeedback

Ask = Callable[..., Result]
RANKED, SMALL = 3, 30  # alerts that are spoken of; answers below which a row is grey and not ranked
DEPTH = 2  # conditions of a segment: one that a room understands at once
PART_SMALL = "small"
RULED = {"monitor": ("state", ("known", "noise")), "segments": ("kind", ("mix",))}  # rows that are no alert
COMPARED = ("score1", "n1", "change", "low", "high")


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What was said of signals, where limits begin anew, and the days that these rest on: None for the calendar's."""

    judged: tuple[SignalFeedback, ...] = ()
    rebased: tuple[Rebase, ...] = ()
    baseline: Period | None = None


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A segment that moved, or one too small to say so of. change: with its 95 % interval, of a signal from what was
    expected since the day it began, else between both spans.
    """

    segment: Mapping[str, str | None]
    n: float | None
    value: float | None
    change: float | None
    low: float | None
    high: float | None
    since: date | None = None
    is_small: bool = False


def headline(ask: Ask, selection: Selection, model: SemanticModel) -> tuple[Result, MeetingSlide]:
    """The metric over the week against the weeks before."""
    cuts = own_cuts(model)
    result = ask(overview, selection, by=("touchpoint",) if "touchpoint" in cuts else cuts[:1])
    return result, slide_of(AgendaStep.CHANGES, "headline", result, model)


def alerts(ask: Ask, selection: Selection, model: SemanticModel, whole: Result, agreed: Agreed) -> MeetingSlide:
    """The segments that moved most beyond chance, at most three; beside them those with few answers, unranked.

    whole: the metric as a whole, whose rows are the segments that everybody knows.
    """
    result = _moved(ask, selection, own_cuts(model), agreed)
    moved = result.table[~result.table[RULED[result.method][0]].isin(RULED[result.method][1])].head(RANKED)
    slide = slide_of(AgendaStep.CHANGES, "alerts", result, model)
    few = whole.table[whole.table["n"] < SMALL]
    by = whole.options["by"]
    small = [{**row, "segment": dict(zip(by, row["segment"], strict=True))} for row in headline_rows(few)]
    return replace(slide, rows=headline_rows(moved), parts={PART_SMALL: tuple(small)})


def _moved(ask: Ask, selection: Selection, by: tuple[str, ...], agreed: Agreed) -> Result:
    """The signals that stand on the last day; where the days are too few for limits, both spans are compared."""
    watched = replace(selection, period=None, baseline=None)
    as_of = selection.period.last_day if selection.period else None
    try:
        return ask(monitor, watched, by=by, as_of=as_of, judged=agreed.judged, rebased=agreed.rebased,
                   baseline=agreed.baseline, leading=False)  # fmt: skip
    except (BadInput, NothingToShow):
        return ask(segments, selection, by=by, depth=DEPTH)


def alerts_of(slide: MeetingSlide) -> tuple[Alert, ...]:
    """The alerts of a slide of that kind: the strongest first, then the small ones."""
    named = ("value", "n", "change", "change_low", "change_high") if are_signals(slide) else COMPARED
    ranked = [_alert(row, named) for row in slide.rows]
    names = ("score", "n", "change", "", "")
    return (*ranked, *(_alert(row, names, is_small=True) for row in slide.parts.get(PART_SMALL, ())))


def _alert(row: Mapping[str, Any], names: tuple[str, ...], *, is_small: bool = False) -> Alert:
    value, n, change, low, high = (row.get(name) for name in names)
    since = date.fromisoformat(str(row["since"])[:10]) if row.get("since") else None
    return Alert(segment=dict(row["segment"]), value=value, n=n, change=change, low=low, high=high, since=since,
                 is_small=is_small)  # fmt: skip


def are_signals(slide: MeetingSlide) -> bool:
    """Whether a slide is about changes from what was expected, each since a day of its own."""
    return slide.method == "monitor"


def moved_in(slide: MeetingSlide) -> int:
    """How many segments moved in all, of which a slide of alerts ranks a few."""
    ranked = sum(not alert.is_small for alert in alerts_of(slide))
    return max(int(slide.statistics.get("signals", ranked)), ranked) if ranked else 0


def looked_at(slide: MeetingSlide) -> int:
    """How many segments were looked at."""
    counted = slide.statistics.get("family", slide.statistics.get("candidates", 0)) or 0
    return int(sum(counted.values()) if isinstance(counted, Mapping) else counted)

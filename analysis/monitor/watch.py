"""What changed that is more than chance? All segments at once, each day, with false alarms held over time.

Evidence: `watching.evidence`; what is expected: `watching.expectations`; which signals are one: `watching.folding`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.limits import within_limits
from analysis.monitor.baseline import default_baseline
from analysis.monitor.charts.icons import Variation, variation
from analysis.monitor.segment_chart import COUNTED_FROM
from analysis.monitor.watching.evidence import FALSE_PER_YEAR
from analysis.monitor.watching.expectations import ANSWERS_OF_LOOK, expectations
from analysis.monitor.watching.folding import Folded, told_apart
from analysis.monitor.watching.presence import APPEARED, GONE, presence
from analysis.monitor.watching.segments_watched import Segment, dimensions_watched, watched
from analysis.monitor.watching.signals import NOISE, SIGMAS, Signal, Stretch, is_new, reach, signals, stretch, week_of
from analysis.monitor.workdays import unknown_years
from analysis.result import Method, Result, Statement, Unit
from analysis.stats.intervals import Array
from analysis.trace.timeline import everything
from data_access.metrics import Metric
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.workshop.monitor_records import Judgement, Rebase, SignalFeedback

NOTES = ("baseline", "smallest", "folded", "interval")
NEW, OPEN = "new", "open"
WATCHED, TOO_SMALL, SIGNALS = "watched", "too_small", "signal"
COLUMNS = (
    "segment", "signal", "time", "since", "direction", "n", "value", "center", "low", "high", "change", "change_low",
    "change_high", "rule", "p_adjusted", "state", "level",
)  # fmt: skip
OF_DAYS = ("segment", "time", "n", "value", "center", "low", "high")
OF_FOLDED = ("segment", "kind", "by", "dimension", "since", "direction", "n", "change")
OF_WATCHED = ("segment", "state", "n", "value", "center", "low", "high", "variation", "level")


@within_limits
def monitor(
    warehouse: Warehouse,
    selection: Selection,
    *,
    by: Sequence[str] = (),
    as_of: date | None = None,
    baseline: Period | None = None,
    rebased: Sequence[Rebase] = (),
    judged: Sequence[SignalFeedback] = (),
    smallest: float | None = None,
    leading: bool = True,
) -> Result:
    """The segments whose days are beyond what the baseline lets expect, by at least the smallest change that matters.

    by: dimensions whose members are watched, by default all whose members do not overlap. as_of: the last day that is
    looked at, by default that of the selection's period, else of the data. baseline: the days that limits rest on.
    rebased: segments whose limits begin anew on a day. judged: what was said of signals: one called noise needs ten
    times the evidence each time, one that is known is muted until it moves on by another smallest change. smallest:
    in the unit of the metric. leading: whether first-contact resolution is watched beside it, where the model has it.

    table: a row a signal, the strongest first. parts: `watched` (every segment), `days` (those of signals), `folded`
    (signals that another one or the mix explains), `leading`. Raises BadInput without a time column, for a model that
    keeps small groups secret (days could be had as differences) and for a smallest that is not positive,
    NothingToShow without an answer or without four weeks before the last day.
    """
    if warehouse.model.disclose_from:
        raise BadInput("disclose.months")
    if smallest is not None and not 0 < smallest < math.inf:
        raise BadInput("effect.bad_smallest", value=smallest)
    metric, extent = warehouse.model.metric(selection.metric), everything(warehouse)
    last = min(as_of or (selection.period.last_day if selection.period else extent.last_day), extent.last_day)
    if last < extent.start:
        raise NothingToShow("selection.empty")
    basis = baseline or default_baseline(last, extent.start)
    if last < basis.end:
        raise NothingToShow("monitor.too_early", last=last, end=basis.end)
    names = dimensions_watched(warehouse.model, selection, by)
    seen = _Seen(warehouse, selection, names, basis, last, smallest, tuple(rebased), tuple(judged))
    table, folded = seen.table(), seen.folded
    statistics, segments = seen.statistics(table), seen.watched()
    parts = {"watched": segments, "days": seen.days(), "folded": _folded(folded)}
    if leading and (early := _early(warehouse, metric)):
        parts["leading"] = _Seen(
            warehouse, Selection(early, None, None, selection.filters), names, basis, last, None
        ).table()
    else:
        parts["leading"] = pd.DataFrame(columns=list(COLUMNS))
    return Result.of(
        warehouse, selection, metric, "monitor",
        statistics=statistics, table=table,
        findings=(*_findings(statistics, table, folded, parts["leading"], metric.unit), *_come_and_gone(segments)),
        caveats=(*unknown_years(seen.found.days), *_small(statistics)),
        how=_how(statistics, basis),
        options={"by": names if by else (), "as_of": as_of.isoformat() if as_of else None, "smallest": smallest,
                 "baseline": (basis.start.isoformat(), basis.end.isoformat()) if baseline else None},
        parts=parts, sql=seen.found.sql,
    )  # fmt: skip


class _Seen:
    """One family of segments on its last day: what is watched, expected, signalled and folded."""

    def __init__(
        self, warehouse: Warehouse, selection: Selection, by: Sequence[str], basis: Period, last: date,
        smallest: float | None, rebased: Sequence[Rebase] = (), judged: Sequence[SignalFeedback] = (),
    ) -> None:  # fmt: skip
        asked = Selection(selection.metric, None, None, selection.filters)
        self.basis, self.last = basis, last
        self.found = watched(warehouse, asked, by, Period(basis.start, last + timedelta(days=1)))
        if not self.found.segments:
            raise NothingToShow("selection.empty")
        skewness = _skewness(warehouse, asked, basis)
        places = {segment: i for i, segment in enumerate(self.found.segments)}
        anew = {places[_segment(r.segment)]: r.at for r in rebased
                if r.metric == asked.metric and _segment(r.segment) in places}  # fmt: skip
        self.known = expectations(self.found, basis, skewness=skewness, rebased=anew)
        self.judged = {(_segment(j.segment), j.direction): j for j in judged if j.metric == asked.metric}
        if np.isnan(self.known.center[0]).all():
            raise NothingToShow("control_chart.no_baseline", period=basis, least=COUNTED_FROM)
        self.smallest = smallest or self._smallest()
        penalty = np.zeros(len(places))
        for told in judged:
            if told.metric == asked.metric and told.judgement is Judgement.NOISE and _segment(told.segment) in places:
                penalty[places[_segment(told.segment)]] += NOISE
        gone = [state == GONE for state in presence(self.found, basis)]
        begun = [s for s in signals(self.found, self.known, self.smallest, penalty) if not gone[s.place]]
        self.signals, self.folded = told_apart(
            warehouse, asked, by, self.found, self.known, begun, basis, smallest=self.smallest, skewness=skewness
        )

    def _smallest(self) -> float:
        """The smallest change that matters, from the level of all answers and their spread."""
        level = float(np.nanmean(self.known.center[0]))
        return self.found.metric.kind.smallest_that_matters(level, float(self.known.sd[0]))

    def table(self) -> pd.DataFrame:
        family = int(self.known.watched.sum())
        rows = [self._row(signal, reach(len(self.signals), family)) for signal in self.signals]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _row(self, signal: Signal, width: float) -> dict[str, Any]:
        own = signal.stretch
        code = repr((self.found.metric.name, signal.segment, signal.direction, self.basis.end.isoformat()))
        limit = SIGMAS * own.error
        return {
            "segment": signal.segment, "signal": hashlib.sha256(code.encode()).hexdigest()[:10],
            "time": signal.time.isoformat(), "since": signal.since.isoformat(), "direction": signal.direction,
            "n": own.n, "value": own.value, "center": own.center, "low": own.center - limit,
            "high": own.center + limit, "change": own.change, "change_low": own.change - width * own.error,
            "change_high": own.change + width * own.error, "rule": signal.rule, "p_adjusted": signal.p_adjusted,
            "state": self._state(signal), "level": int(self.found.level[signal.place]),
        }  # fmt: skip

    def _state(self, signal: Signal) -> str:
        """What was said of a signal counts until it moves on: the days since by another smallest change."""
        said = self.judged.get((signal.segment, signal.direction))
        if said is None:
            return NEW if is_new(signal, self.last) else OPEN
        if said.judgement is Judgement.KNOWN and self._moved_on(signal, said):
            return NEW
        return str(said.judgement)

    def _moved_on(self, signal: Signal, said: SignalFeedback) -> bool:
        first = (signal.since - self.found.days[0]).days
        said_at = (said.created_at.date() if said.created_at else said.since) - self.found.days[0]
        then, last = said_at.days, len(self.found.days) - 1
        if not first <= then < last:
            return False
        before = stretch(self.found, self.known, signal.place, first, then)
        after = stretch(self.found, self.known, signal.place, then + 1, last)
        way = -1 if signal.direction == "down" else 1
        further = way * (after.change - before.change)
        return bool(further >= self.smallest and further > SIGMAS * math.hypot(after.error, before.error))

    def watched(self) -> pd.DataFrame:
        """Every segment with its last seven days."""
        told = {signal.place: signal for signal in self.signals}
        there, rows = presence(self.found, self.basis), []
        for place, segment in enumerate(self.found.segments):
            own, large = week_of(self.found, self.known, place), bool(self.known.watched[place])
            usual = SIGNALS if place in told else WATCHED if large else TOO_SMALL
            state = there[place] or usual
            words = variation(_told(told.get(place)), self.found.metric.better)
            rows.append(_watched(segment, state, float(self.known.per_day[place]), own, words, large)
                        | {"level": int(self.found.level[place])})  # fmt: skip
        return pd.DataFrame(rows, columns=list(OF_WATCHED))

    def days(self) -> pd.DataFrame:
        """The days of each signal since the baseline began."""
        rows = []
        for signal in self.signals:
            for day, when in enumerate(self.found.days):
                own = stretch(self.found, self.known, signal.place, day, day)
                limit = SIGMAS * own.error
                rows.append({"segment": signal.segment, "time": when.isoformat(), "n": own.n,
                             "value": own.value if own.n >= 10 else np.nan, "center": own.center,
                             "low": own.center - limit, "high": own.center + limit})  # fmt: skip
        return pd.DataFrame(rows, columns=list(OF_DAYS))

    def statistics(self, table: pd.DataFrame) -> dict[str, Any]:
        family = int(self.known.watched.sum())
        return {
            "signals": len(table), "new": int((table["state"] == NEW).sum()), "family": family,
            "too_small": len(self.found.segments) - family, "folded": len(self.folded),
            "mix": sum(one.kind == "mix" for one in self.folded),
            "n": float(self.found.sums.n[0, self.known.judged[0]].sum()), "smallest": self.smallest,
            "first": self.basis.end, "last": self.last, "baseline_start": self.basis.start,
            "baseline_end": self.basis.end, "false_per_year": FALSE_PER_YEAR, "enough": ANSWERS_OF_LOOK,
            "p": float(table["p_adjusted"].min()) if len(table) else None,
        }  # fmt: skip


def _watched(segment: Segment, state: str, n: float, own: Stretch, words: Variation, large: bool) -> dict[str, Any]:
    limit = SIGMAS * own.error if large else np.nan
    value = own.value if own.n >= 10 else np.nan
    return {"segment": segment, "state": state, "n": n, "value": value, "center": own.center,
            "low": own.center - limit, "high": own.center + limit, "variation": str(words)}  # fmt: skip


def _told(signal: Signal | None) -> tuple[str, ...]:
    return (f"{signal.rule}_{signal.direction}",) if signal else ()


def _segment(filters: Sequence[Filter]) -> Segment:
    """A segment of filters, as it is watched."""
    return tuple(sorted((f.dimension, f.values[0]) for f in filters if f.values))


def _skewness(warehouse: Warehouse, selection: Selection, basis: Period) -> float:
    """Of single answers in the baseline."""
    rows = warehouse.values(selection.metric, (), basis, selection.filters, clustered=False).rows
    x, w = rows["x"].to_numpy(dtype=float), rows["w"].to_numpy(dtype=float)
    if not w.sum() > 0:
        return 0.0
    apart: Array = x - np.average(x, weights=w)
    variance = float(np.average(apart**2, weights=w))
    return float(np.average(apart**3, weights=w)) / variance**1.5 if variance > 0 else 0.0


def _early(warehouse: Warehouse, metric: Metric) -> str:
    """First-contact resolution with the shortest window, where the model has it and it is not the metric itself."""
    windows = [m for m in warehouse.model.metrics.values() if m.repeat is not None]
    name = min(windows, key=lambda m: m.repeat.hours if m.repeat else math.inf).name if windows else ""
    return "" if name == metric.name or metric.repeat is not None else name


def _folded(folded: Sequence[Folded]) -> pd.DataFrame:
    rows = [{"segment": one.signal.segment, "kind": one.kind, "by": dict(one.by), "dimension": one.dimension,
             "since": one.signal.since.isoformat(), "direction": one.signal.direction, "n": one.signal.stretch.n,
             "change": one.signal.stretch.change} for one in folded]  # fmt: skip
    return pd.DataFrame(rows, columns=list(OF_FOLDED))


def _findings(
    statistics: Mapping[str, Any], table: pd.DataFrame, folded: Sequence[Folded], leading: pd.DataFrame, unit: Unit
) -> tuple[Statement, ...]:
    said = "signals" if len(table) else "quiet" if statistics["family"] else "unwatched"
    found = [Statement(f"monitor.{said}", statistics)]
    for row in table.head(3).to_dict("records"):
        key = "monitor.whole" if not row["segment"] else "monitor.signal"
        values = {**row, "segment": dict(row["segment"]), "since": date.fromisoformat(row["since"]), "unit": unit}
        found.append(Statement(f"{key}_{row['direction']}", values))
    if any(one.kind == "same" for one in folded):
        found.append(Statement("monitor.folded", {"folded": sum(one.kind == "same" for one in folded)}))
    for one in [one for one in folded if one.kind == "mix" and one.signal.segment][:2]:
        values = {
            "segment": dict(one.signal.segment),
            "dimension": one.dimension,
            "change": one.signal.stretch.change,
            "unit": unit,
        }
        found.append(Statement("monitor.mix", values))
    if len(leading):
        found.append(Statement("monitor.leading", {"signals": len(leading)}))
    return tuple(found)


def _come_and_gone(segments: pd.DataFrame) -> list[Statement]:
    """How many segments have answers only now, and how many none any more."""
    many = {state: int((segments["state"] == state).sum()) for state in (APPEARED, GONE)}
    return [Statement(f"monitor.{state}", {"segments": count}) for state, count in many.items() if count]


def _how(statistics: Mapping[str, Any], basis: Period) -> Method:
    notes = tuple(Statement(f"how.monitor.{name}", {"period": basis}) for name in NOTES)
    return Method("monitor", Statement("how.monitor.evidence", statistics), notes)


def _small(statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    return (Statement("monitor.too_small", statistics),) if statistics["too_small"] else ()

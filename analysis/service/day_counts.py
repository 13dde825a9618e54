"""What a family of measures counts: by segment and day, in the period and in the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.result import Statement
from analysis.service.measures import bucket_of, measured, trend
from analysis.service.rates import Ratio, moved, numbered, rates
from analysis.stats.intervals import NAN
from analysis.stats.multiplicity import holm
from data_access.selection import Period, Selection


@dataclass(frozen=True, kw_only=True)
class DayCounts:
    """Counts by segment (columns of `by`) and day, and the measures that are made of them.

    periods: the counts of the period, and of the baseline where there is one. targets: of all cases together, 0..1,
    by measure. notes: how the measures are counted.
    """

    by: tuple[str, ...]
    periods: Sequence[pd.DataFrame]
    ratios: Sequence[Ratio]
    counts: Sequence[str]
    targets: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[Statement, ...] = ()
    sql: tuple[str, ...] = ()

    @property
    def now(self) -> pd.DataFrame:
        return self.periods[0]

    @property
    def before(self) -> pd.DataFrame | None:
        return self.periods[1] if len(self.periods) > 1 else None

    def ratio(self, name: str) -> Ratio:
        return next(ratio for ratio in self.ratios if ratio.name == name)

    def in_formula(self, name: str) -> dict[str, float]:
        """The figures a formula is written with: sums of weights as they are, not what the weights are worth."""
        ratio = self.ratio(name)
        count, of = ratio.weighted[:2] if ratio.weighted else (ratio.count, ratio.of)
        found = {"count": float(self.now[count].sum()), "n": float(self.now[of].sum())}
        if ratio.weighted:
            found |= {"cases": float(self.now[ratio.weighted[2]].sum()), "worth": float(self.now[ratio.of].sum())}
        return found

    def measures(self) -> pd.DataFrame:
        """A row a measure; only where nothing is cut by."""
        return measured(self.ratios, self.now, self.before, self.targets)

    def over_time(self, selection: Selection) -> pd.DataFrame:
        """Baseline and period in days, weeks or months."""
        rows = pd.concat([*self.periods[1:], self.now], ignore_index=True)
        span = selection.period
        if span is not None and selection.baseline is not None:
            span = Period(min(span.start, selection.baseline.start), max(span.end, selection.baseline.end))
        return trend(rows, self.ratios, self.counts, bucket_of(span, rows))

    def by_segment(self, name: str) -> pd.DataFrame:
        """One measure of each segment, before and now, in per cent: columns as those of the overview."""
        ratio, (segments, rows) = self.ratio(name), numbered(self.now, self.by)
        now = rates(rows, len(segments), ratio)
        then, places = None, dict[object, int]()
        if self.before is not None and len(self.before):
            earlier, past = numbered(self.before, self.by)
            then, places = rates(past, len(earlier), ratio), {s: i for i, s in enumerate(earlier)}
        steps = [moved(then, now, i, places[s]) if then and s in places else None for i, s in enumerate(segments)]
        before = [float(then.shown("value")[places[s]]) if then and s in places else NAN for s in segments]
        p = np.array([NAN if step is None else step.p for step in steps])
        return pd.DataFrame(
            {
                "segment": pd.Series(segments, dtype=object),
                "n": now.of,
                "score": 100 * now.shown("value"),
                "low": 100 * now.shown("low"),
                "high": 100 * now.shown("high"),
                "n0": [float(then.of[places[s]]) if then and s in places else 0.0 for s in segments],
                "baseline_score": [100 * value for value in before],
                "change": [NAN if step is None else 100 * step.value for step in steps],
                "p": p,
                "p_adjusted": holm(p),
            }
        )

"""Who stands where under each window? Segments by window, each against all others, and which verdicts hold under all.

A ranking that turns when the window does says more about the window than about the teams.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.estimate import BLANK, SUMS, Estimates, coded, estimates
from analysis.not_recorded import blanks
from analysis.stats.intervals import NAN, SIGNIFICANCE, Array, welch
from analysis.stats.multiplicity import holm
from data_access.metrics import Metric
from data_access.repeat_metrics import metric_of
from data_access.repeats import NoReturn, Repeats

NUMBERS = ["segment", "hours", "n", "value", "low", "high", "rank", "rest", "difference", "p_adjusted", "verdict"]


def cells_of(rows: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """The segment of each row."""
    values = list(zip(*(rows[name] for name in by), strict=True)) if by else [()] * len(rows)
    return pd.Series(values, index=rows.index, dtype=object)


def rated(rows: pd.DataFrame, rules: Repeats, place: int) -> tuple[Metric, pd.DataFrame]:
    """The metric of a window, and its sums on the scale of 0..100."""
    n, kept = rows["first"].astype(float), rows[f"kept{place}"].astype(float)
    sums = {"n": n, "w": n, "v": n, "wx": 100 * kept, "vx": 100 * kept, "vxx": 1e4 * kept}
    return metric_of(NoReturn(rules, rules.windows[place])), rows.assign(**sums)


def by_window(rows: pd.DataFrame, by: Sequence[str], rules: Repeats) -> pd.DataFrame:
    """Every segment under every window: value, rank (1 is the best) and verdict against all other segments."""
    frames = []
    for place, hours in enumerate(rules.windows):
        metric, summed = rated(rows.assign(segment=cells_of(rows, by)), rules, place)
        segments, (cells,) = coded(summed[summed["n"] > 0])
        e, rest = estimates(cells, len(segments), metric), _others(cells, len(segments), metric)
        frame = pd.DataFrame({name: e.shown(name) for name in ("value", "low", "high")})
        frame = frame.assign(hours=hours, n=e.n, rest=rest.shown("value"))
        frame.insert(0, "segment", pd.Series(segments, dtype=object))
        frames.append(_judged(ranked(frame), e, rest)[NUMBERS])
    return pd.concat(frames, ignore_index=True)


def ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """With ranks of those that have a value, 1 the best."""
    named = frame["value"].where(~blanks(frame["segment"]))
    return frame.assign(rank=named.rank(ascending=False, method="min"))


def held_under(verdicts: pd.Series) -> str:
    """Whether one verdict holds under all windows, under some of them, or there is none.

    >>> [held_under(pd.Series(verdicts)) for verdicts in (["worse", "none"], ["worse", "worse"], ["few", "none"])]
    ['some', 'all', '']
    """
    sure = verdicts.isin(("better", "worse"))
    return "all" if sure.all() and verdicts.nunique() == 1 else "some" if sure.any() else ""


def _judged(frame: pd.DataFrame, e: Estimates, rest: Estimates) -> pd.DataFrame:
    """Against the rest, with p adjusted for the number of segments (Holm)."""
    steps = welch(rest.value, rest.error, rest.df + 1, e.value, e.error, e.df + 1)
    shown = frame["value"].notna().to_numpy() & (rest.n > 0) & ~rest.withheld
    difference = np.where(shown, [step.value for step in steps], NAN)
    p = holm(np.where(shown, [step.p for step in steps], NAN))
    sure = p < SIGNIFICANCE
    verdict = np.select(
        [~shown, sure & (difference < 0), sure & (difference > 0)], ["few", "worse", "better"], "none"
    )
    return frame.assign(difference=difference, p_adjusted=p, verdict=verdict)


def _others(cells: pd.DataFrame, segments: int, metric: Metric) -> Estimates:
    """All but each segment: the sums of every cluster less those of the segment."""
    clusters = cells["c"].to_numpy() + 1 if "c" in cells else np.zeros(len(cells), dtype=int)
    width = int(clusters.max(initial=0)) + 1
    own: dict[str, Array] = {}
    for name in SUMS:
        sums = np.bincount(cells["s"] * width + clusters, cells[name], segments * width).reshape(segments, width)
        own[name] = (sums.sum(axis=0) - sums).ravel()
    codes = np.tile(np.arange(width) - 1, segments)
    frame = pd.DataFrame({**own, "s": np.repeat(np.arange(segments), width)})
    frame = frame.assign(c=np.where(codes < 0, BLANK, codes)) if "c" in cells else frame
    return estimates(frame[frame["n"] > 0], segments, metric)

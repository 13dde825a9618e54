"""With what before the start is compared? Never with the month alone in which the problem was noticed.

Whoever picks the worst segments of a month finds them better afterwards, whatever is done. So that month is no part
of the baseline: the one that is named, or where none is, the month just before the start in which the treated fell
behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.effect.did import difference
from analysis.stats.intervals import Array
from data_access.selection import Period, months_later

FELL_BEHIND = 1.645  # standard errors, from which on the treated fell behind whatever their ranks


@dataclass(frozen=True)
class Before:
    """Which cells are compared before the start; the span left out of them, and whether it was found, not named.

    alone: whether nothing but that span is left to compare with, so that it had to stay.
    """

    cells: Array
    left_out: Period | None = None
    found: bool = False
    alone: bool = False


def before(
    sums: pd.DataFrame, start: date, sign: float, *, baseline: Period | None = None, noticed: Period | None = None
) -> Before:
    """The cells before the start that are compared, from sums as in `did`."""
    day = sums["day"].to_numpy()
    earlier = np.array([d < start for d in day], dtype=bool)
    inside = earlier & within(day, baseline) if baseline else earlier
    span = noticed or Period(months_later(start, -1), start)
    if noticed is None and not _picked(sums, earlier, within(day, span), sign):
        return Before(inside)
    for kept in (inside & ~within(day, span), earlier & ~within(day, span)):
        if _both(sums, kept):
            return Before(kept, span, noticed is None)
    return Before(inside, span, noticed is None, alone=True)


def within(day: Array, span: Period) -> Array:
    return np.array([span.start <= d < span.end for d in day], dtype=bool)


def _both(sums: pd.DataFrame, cells: Array) -> bool:
    """Whether some cells hold answers of both groups."""
    return bool(sums.loc[cells & (sums["w"].to_numpy() > 0), "treated"].nunique() == 2)


def _picked(sums: pd.DataFrame, earlier: Array, month: Array, sign: float) -> bool:
    """Whether the treated look picked by their month: they fell behind in it, and most of its worst are among them.

    Or they fell behind beyond chance. Without anything earlier nobody can say, and the month counts as one that
    picked.
    """
    own = earlier & month
    if not _both(sums, own):
        return False
    if not _both(sums, earlier & ~month):
        return _among_the_worst(sums[own], sign)
    fell = difference(sums[earlier], month[earlier])
    behind = -sign * fell.value
    return bool(behind > 0 and (_among_the_worst(sums[own], sign) or behind > FELL_BEHIND * fell.error))


def _among_the_worst(sums: pd.DataFrame, sign: float) -> bool:
    """Whether most of the worst clusters, as many as are treated, are treated."""
    means = sums.groupby("cluster", dropna=False, observed=True).agg(
        w=("w", "sum"), wx=("wx", "sum"), treated=("treated", "max")
    )
    treated = int(means["treated"].sum())
    order = np.argsort(sign * (means["wx"] / means["w"]).to_numpy(), kind="stable")
    return bool(2 * means["treated"].to_numpy()[order][:treated].sum() > treated)

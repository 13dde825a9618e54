"""Who stands where under each window? The sums of first contacts as what each window says of every segment."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.estimate import Segment, coded
from analysis.service.ranking.under_each import Under, of_each
from data_access.metrics import Metric
from data_access.repeat_metrics import metric_of
from data_access.repeats import NoReturn, Repeats


def cells_of(rows: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """The segment of each row."""
    values = list(zip(*(rows[name] for name in by), strict=True)) if by else [()] * len(rows)
    return pd.Series(values, index=rows.index, dtype=object)


def rated(rows: pd.DataFrame, rules: Repeats, place: int) -> tuple[Metric, pd.DataFrame]:
    """The metric of a window, and its sums on the scale of 0..100."""
    n, kept = rows["first"].astype(float), rows[f"kept{place}"].astype(float)
    sums = {"n": n, "w": n, "v": n, "wx": 100 * kept, "vx": 100 * kept, "vxx": 1e4 * kept}
    return metric_of(NoReturn(rules, rules.windows[place])), rows.assign(**sums)


def under_windows(
    rows: pd.DataFrame, by: Sequence[str], rules: Repeats, prefix: str = ""
) -> tuple[list[Segment], list[Under]]:
    """The segments with first contacts, and what each window says of them; a window is named by its hours."""
    known = rows[rows["first"] > 0]
    segments, (cells,) = coded(known.assign(segment=cells_of(known, by)))
    unders = []
    for place, hours in enumerate(rules.windows):
        metric, summed = rated(cells, rules, place)
        unders.append(Under.of_cells(f"{prefix}{hours:g}", summed, len(segments), metric))
    return segments, unders


def by_window(rows: pd.DataFrame, by: Sequence[str], rules: Repeats) -> pd.DataFrame:
    """Every segment under every window: value, ranks (1 is the best) and verdict against all other segments."""
    segments, unders = under_windows(rows, by, rules)
    each = of_each(unders, segments)
    return each.assign(hours=each["definition"].astype(float))

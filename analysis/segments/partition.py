"""How much of the change does each segment account for? Rate and mix effect of every part.

A contact counts for the first segment that contains it, so that parts do not overlap and, with everything else, sum
to the change exactly, as in `analysis.decomposition`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.decomposition import decomposed
from analysis.estimate import Cells
from analysis.segments.cells import CellSums, disjoint
from analysis.segments.space import Codes
from data_access.metrics import Metric

EFFECTS = ["rate_effect", "mix_effect", "total_effect"]
NUMBERS = ["n0", "n1", "score0", "score1", *EFFECTS, "share0", "share1"]


def parts(cell_sums: CellSums, segments: Sequence[Codes], metric: Metric) -> pd.DataFrame:
    """(segments + 1) rows in order, everything else last; columns `NUMBERS`. A part without contacts has zeros."""
    rows = disjoint(segments, len(cell_sums.codes))
    periods = [Cells(_rows(cell_sums, rows, side), "", metric) for side in (0, 1)]
    table = decomposed(*periods)
    table.index = pd.Index([int(segment[0]) for segment in table["segment"]])
    numbers = table[NUMBERS].reindex(range(len(rows)))
    filled = ["n0", "n1", *EFFECTS, "share0", "share1"]
    return numbers.assign(**{name: numbers[name].fillna(0.0) for name in filled})


def _rows(cell_sums: CellSums, parts_: Sequence[Codes], side: int) -> pd.DataFrame:
    """One row per part with answers in a period, in the columns of cells; weights count as single answers."""
    sums = [
        np.array([getattr(cell_sums, name)[own, side].sum() for own in parts_])
        for name in ("n", "weight", "sum", "squares")
    ]
    names = ("n", "w", "wx", "v", "vx", "vxx")
    n, w, wx, wxx = sums
    frame = pd.DataFrame(dict(zip(names, (n, w, wx, w, wx, wxx), strict=True)))
    return frame.assign(segment=[(str(j),) for j in range(len(parts_))])[n > 0].reset_index(drop=True)

"""How much of the change is each segment's? Rate and mix effect of every part, first come, first served.

A contact counts for the first segment that holds it, so parts do not overlap and with everything else they sum to the
change exactly, by the rule of `analysis.decomposition`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.decomposition import decomposed
from analysis.estimate import Cells
from analysis.segments.cells import Answers, disjoint
from analysis.segments.space import Codes
from data_access.semantics import Metric

EFFECTS = ["rate_effect", "mix_effect", "total_effect"]
NUMBERS = ["n0", "n1", "score0", "score1", *EFFECTS, "share0", "share1"]


def parts(answers: Answers, segments: Sequence[Codes], metric: Metric) -> pd.DataFrame:
    """(segments + 1) rows in order, everything else last; columns `NUMBERS`. A part of no contacts has zeros."""
    rows = disjoint(segments, len(answers.codes))
    sides = [Cells(_rows(answers, rows, side), "", metric) for side in (0, 1)]
    table = decomposed(*sides)
    table.index = pd.Index([int(segment[0]) for segment in table["segment"]])
    found = table[NUMBERS].reindex(range(len(rows)))
    filled = ["n0", "n1", *EFFECTS, "share0", "share1"]
    return found.assign(**{name: found[name].fillna(0.0) for name in filled})


def _rows(answers: Answers, parts_: Sequence[Codes], side: int) -> pd.DataFrame:
    """One row a part with answers in a period, in the columns of cells; weights are taken as single answers."""
    sums = [
        np.array([getattr(answers, name)[own, side].sum() for own in parts_])
        for name in ("n", "weight", "sum", "squares")
    ]
    names = ("n", "w", "wx", "v", "vx", "vxx")
    n, w, wx, wxx = sums
    frame = pd.DataFrame(dict(zip(names, (n, w, wx, w, wx, wxx), strict=True)))
    return frame.assign(segment=[(str(j),) for j in range(len(parts_))])[n > 0].reset_index(drop=True)

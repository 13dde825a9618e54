"""Which segments have most answers?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.estimate import ask, coded, estimates, named
from analysis.result import Method, Result, Statement
from data_access.selection import Selection
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse


def toy(warehouse: Warehouse, selection: Selection, *, by: Sequence[str], least: float | None = None) -> Result:
    """Segments by their answers, those with fewer than `least` (by default a hundred) small.

    Raises BadInput for an unknown dimension, NothingToShow without an answer.
    """
    metric, least = warehouse.model.metric(selection.metric), 100.0 if least is None else least
    cells = ask(warehouse, selection, by, selection.period)
    if cells.empty:
        raise NothingToShow("selection.empty")
    segments, (rows,) = coded(cells.rows)
    e = estimates(rows, len(segments), metric)
    table = pd.DataFrame({"segment": segments, "n": e.n, "share": e.n / e.n.sum(), "score": e.shown("value"),
                          "size": np.where(e.n < least, "small", "large")})  # fmt: skip
    table = table.sort_values("n", ascending=False, kind="stable", ignore_index=True)
    statistics = {"n": float(e.n.sum()), "segments": len(segments), "least": least}
    first = Statement("toy.top", {"segment": named(table["segment"][0], by), "n": float(table["n"][0])})
    small = table[table["size"] == "small"].reset_index(drop=True)
    return Result.of(
        warehouse, selection, metric, "toy", statistics=statistics, table=table, findings=(first,),
        how=Method("toy", Statement("how.toy.formula", statistics)), options={"by": tuple(by), "least": least},
        parts={"small": small}, sql=(cells.sql,),
    )  # fmt: skip

"""In which ways are answers to a question of satisfaction counted? The share of the highest, the mean, the lowest.

The difference of the two ends has the form of an NPS; it is none, for nobody was asked whether they would recommend.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import pandas as pd

from data_access.metric_kinds import Nps, Rate
from data_access.metrics import Metric
from data_access.semantics import SCORE, SemanticModel

HIGHEST: Mapping[float, tuple[float, ...]] = MappingProxyType({10.0: (9.0, 8.0), 5.0: (5.0, 4.0)})  # by top of scale
LOWEST: Mapping[float, tuple[float, ...]] = MappingProxyType({10.0: (6.0,), 5.0: (2.0,)})


@dataclass(frozen=True)
class Way:
    """A way to count answers: what it is called, the metric it makes, and the cells as its sums."""

    name: str
    metric: Metric
    cells: pd.DataFrame


def ways(model: SemanticModel, cells: pd.DataFrame) -> Iterator[Way]:
    """Each way to count the answers (column x) of some cells, on the scale of its metric."""
    score, x = model.metrics[SCORE], cells["x"].to_numpy(dtype=float)
    shares = replace(score, kind=Rate())
    for limit in _limits(model, HIGHEST, "at_least"):
        yield Way(f"top:{limit:g}", shares, _counted(cells, 100.0 * (x >= limit)))
    yield Way("mean", score, _counted(cells, score.slope * x + score.offset))
    for limit in _limits(model, LOWEST, "at_most"):
        yield Way(f"bottom:{limit:g}", replace(shares, better="low"), _counted(cells, 100.0 * (x <= limit)))
    if score.kind.has_promoters:
        yield Way("net", replace(score, kind=Nps()), _counted(cells, score.kind.nps_points(x)))


def _limits(model: SemanticModel, usual: Mapping[float, tuple[float, ...]], end: str) -> list[float]:
    """The usual limits of a scale, and the model's own."""
    own = (getattr(metric, end) for metric in model.metrics.values() if metric.of == SCORE)
    return list(dict.fromkeys([*usual.get(model.metrics[SCORE].high, ()), *(v for v in own if v is not None)]))


def _counted(cells: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """The cells with the sums of what each of their answers counts for."""
    w, v = (cells[name].to_numpy(dtype=float) for name in ("w", "v"))
    return cells.assign(wx=w * values, vx=v * values, vxx=v * values**2)

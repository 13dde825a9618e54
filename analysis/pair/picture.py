"""The data of the picture of a pair: means of one number by bins of another, boxes of a number, or shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import WITHHELD_BELOW
from analysis.pair.pair_rows import Ints, Weights, is_number, means_of
from analysis.stats.dose_response import bins_of
from analysis.stats.intervals import NAN, Array
from data_access.semantics import SemanticModel
from data_access.warehouse.cells import text_of
from data_access.warehouse.codes import Codes, Column

MOST_BINS = 20
LEAST_IN_BIN = 30
MOST_POINTS = 1_500
QUANTILES = {"p5": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "p95": 0.95}
BINS = ["x_low", "x_high", "x", "n", "value", "low", "high"]
BOXES = ["member", "n", "value", "low", "high", *QUANTILES]
SHARES = ["x_member", "y_member", "n", "share", "residual"]


@dataclass(frozen=True)
class Picture:
    """kind: scatter, boxes or shares; swapped: the number of boxes is x; points: rows of a scatter."""

    kind: str
    table: pd.DataFrame
    swapped: bool = False
    points: pd.DataFrame | None = None


def picture_of(codes: Codes, x: Column, y: Column, model: SemanticModel, design_effect: float) -> Picture:
    """The picture that fits two columns, from rows that have both."""
    numbers = is_number(x), is_number(y)
    if all(numbers):
        return Picture("scatter", _bins(codes, x, y, model), points=_points(x, y))
    if any(numbers):
        number, group = (x, y) if numbers[0] else (y, x)
        return Picture("boxes", _boxes(codes, group, number, model), swapped=numbers[0])
    return Picture("shares", _shares(codes, x, y, design_effect))


def members_of(column: Column) -> list[str]:
    """Values as they are named elsewhere."""
    return [v if isinstance(v, str) else str(text_of(float(v))) for v in column.values]


def _bins(codes: Codes, x: Column, y: Column, model: SemanticModel) -> pd.DataFrame:
    values, weights = np.asarray(x.values), Weights.of(codes)
    counts = np.bincount(x.codes, weights.n, len(values))
    most = int(np.clip(counts.sum() // LEAST_IN_BIN, 2, MOST_BINS))
    bins = bins_of(values, counts, most=most)
    place = np.searchsorted([b.high for b in bins], values)[x.codes]
    means = means_of(codes, y, place, len(bins), model)
    centre = np.bincount(place, weights.w * values[x.codes], len(bins)) / np.bincount(place, weights.w, len(bins))
    columns = {"x_low": [b.low for b in bins], "x_high": [b.high for b in bins], "x": centre, "n": means.n}
    return pd.DataFrame({**columns, **{name: means.shown(name) for name in ("value", "low", "high")}})[BINS]


def _points(x: Column, y: Column) -> pd.DataFrame:
    """Rows at equal distances: always the same ones."""
    rows = np.unique(np.linspace(0, len(x.codes) - 1, min(len(x.codes), MOST_POINTS)).astype(int))
    return pd.DataFrame({name: np.asarray(c.values)[c.codes[rows]] for name, c in (("x", x), ("y", y))})


def _boxes(codes: Codes, group: Column, number: Column, model: SemanticModel) -> pd.DataFrame:
    members = members_of(group)
    means = means_of(codes, number, group.codes.astype(np.int64), len(members), model)
    weights = Weights.of(codes).w
    quantiles = np.array([_quantiles(number, weights, group.codes == i) for i in range(len(members))])
    columns = {name: np.where(means.withheld, NAN, quantiles[:, i]) for i, name in enumerate(QUANTILES)}
    shown = {name: means.shown(name) for name in ("value", "low", "high")}
    table = pd.DataFrame({"member": members, "n": means.n, **shown, **columns})[BOXES]
    return table[table["n"] > 0].reset_index(drop=True)


def _quantiles(number: Column, weights: Array, rows: Array) -> Array:
    """The least value that such a share of the answers does not exceed, for each of QUANTILES."""
    values = np.asarray(number.values)
    upto = np.cumsum(np.bincount(number.codes[rows], weights[rows], len(values)))
    if not upto[-1] > 0:
        return np.full(len(QUANTILES), NAN)
    wanted = np.array(list(QUANTILES.values())) * upto[-1] * (1 - 1e-12)
    return np.asarray(values[np.searchsorted(upto, wanted)])


def _shares(codes: Codes, x: Column, y: Column, design_effect: float) -> pd.DataFrame:
    """A row a cell; the residual is Haberman's (1973), of which about 1 in 20 is beyond 2 by chance."""
    nx, ny, weights = len(x.values), len(y.values), Weights.of(codes)
    cell: Ints = x.codes.astype(np.int64) * ny + y.codes
    n, w = (np.bincount(cell, by, nx * ny).reshape(nx, ny) for by in (weights.n, weights.w))
    row, column = w.sum(axis=1, keepdims=True), w.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share, expected = w / row, row * column / w.sum()
        spread = expected * (1 - row / w.sum()) * (1 - column / w.sum())
        # weights that do not sum to the number of answers must not inflate it
        residual = (w - expected) / np.sqrt(spread * design_effect) * np.sqrt(n.sum() / w.sum())
    few = n.sum(axis=1, keepdims=True) < WITHHELD_BELOW
    shown = {"share": share, "residual": np.where(np.isfinite(residual), residual, NAN)}
    x_members, y_members = members_of(x), members_of(y)
    table = pd.DataFrame({
        "x_member": np.repeat(x_members, ny), "y_member": np.tile(y_members, nx), "n": n.ravel(),
        **{name: np.where(few, NAN, numbers).ravel() for name, numbers in shown.items()},
    })  # fmt: skip
    kept = (n.sum(axis=1) > 0)[:, None] & (n.sum(axis=0) > 0)
    return table[kept.ravel()].reset_index(drop=True)[SHARES]

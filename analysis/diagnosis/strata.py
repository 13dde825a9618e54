"""The samples of a comparison as sums by stratum and unit: the contacts of a path, and those compared with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import BLANK, SUMS, residual_squares, scaled
from analysis.stats.intervals import NAN, Array
from data_access.selection import Filter, Period, Selection
from data_access.semantics import SemanticModel
from data_access.warehouse import Warehouse

KEYS = ["stratum", "unit"]
NO_UNIT = ("", 0)  # what stands for a blank: as text, and among whole numbers


@dataclass(frozen=True)
class Sample:
    """The contacts of a period that pass the filters of a selection."""

    selection: Selection
    period: Period | None

    @property
    def filters(self) -> tuple[Filter, ...]:
        return self.selection.filters


def family(model: SemanticModel, name: str) -> frozenset[str]:
    """A dimension with all those above and below it."""
    below = {name}
    while True:
        more = {n for n, d in model.dimensions.items() if d.under in below} - below
        if not more:
            return frozenset({*model.ancestors(name), *below})
        below |= more


def sums(warehouse: Warehouse, metric: str, side: Sample, strata: Sequence[str]) -> tuple[pd.DataFrame, str]:
    """Columns stratum (text), unit and the sums of the metric on its own scale; the query."""
    answer = warehouse.cells(metric, strata, side.period, side.filters, clustered=True)
    rows = scaled(answer.rows, warehouse.model.metric(metric))
    keyed = rows.assign(stratum=joined([rows[name] for name in strata], len(rows)), unit=_units(rows))
    return keyed.groupby(KEYS, sort=False)[list(SUMS)].sum().reset_index(), answer.sql


def joined(columns: Sequence[pd.Series], rows: int) -> list[str]:
    """One text for each combination of members."""
    return ["|".join(map(str, each)) for each in zip(*columns, strict=True)] if columns else [""] * rows


def _units(rows: pd.DataFrame) -> list[str]:
    """The model's cluster as text; blank where there is none."""
    return rows["cluster"].fillna("").astype(str).tolist() if "cluster" in rows else [""] * len(rows)


def units_of(*frames: pd.DataFrame) -> Array:
    """A number for each unit, the same in all frames, BLANK where there is none."""
    units = pd.concat([rows["unit"] for rows in frames], ignore_index=True)
    return np.asarray(pd.factorize(units.astype(object).where(~units.isin(NO_UNIT), None))[0])


def sums_of_answers(value: Array, weight: Array, stratum: Array, unit: Array, v: Array) -> pd.DataFrame:
    """The same frame from single answers, with strata and units as whole numbers (no unit: 0); v: the variance
    weights.
    """
    width = int(unit.max(initial=0)) + 1
    pairs, place = np.unique(stratum.astype(np.int64) * width + unit, return_inverse=True)
    each = (np.ones(len(value)), weight, weight * value, v, v * value, v * value**2)
    columns = {name: np.bincount(place, column, len(pairs)) for name, column in zip(SUMS, each, strict=True)}
    return pd.DataFrame({"stratum": pairs // width, "unit": pairs % width, **columns})


def by_stratum(rows: pd.DataFrame) -> pd.DataFrame:
    """Sums by stratum, with its mean, the variance s2 of single answers and the number of its units.

    An answer without a unit is one of its own.
    """
    codes, strata = pd.factorize(rows["stratum"])
    t = {name: np.bincount(codes, rows[name], len(strata)) for name in SUMS}
    unit = units_of(rows)
    named, width = unit != BLANK, int(unit.max(initial=0)) + 1
    pairs = np.unique(codes[named].astype(np.int64) * width + unit[named])
    units = np.bincount(pairs // width, minlength=len(strata))
    units = units + np.bincount(codes[~named], rows["n"].to_numpy()[~named], len(strata))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = t["wx"] / t["w"]
        squares = np.maximum(residual_squares(t, mean), 0.0)
        s2 = np.where(t["n"] > 1, squares / (t["n"] - 1) * (t["n"] / t["w"]) ** 2, NAN)
    return pd.DataFrame({**t, "units": units, "mean": mean, "s2": s2}, index=pd.Index(strata))

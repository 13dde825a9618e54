"""Which columns are associated, and how strongly? A coefficient for each pair of columns, whatever their level.

Each pair gets the coefficient that fits both columns (`stats.coefficients.coefficient_for`), from the contacts
that have both. All follow from one fetch of codes; effective sample sizes account for the model's clusters and
weights. Association is not causation: it says where to look.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.association.coded_rows import rows_of
from analysis.association.columns import ColumnChoice, column_choice
from analysis.association.findings import caveats_of, findings_of, how_of, top_of
from analysis.association.matrix import TABLE, duplicate_pairs, matrix_of, order_of, strongest_first
from analysis.association.member_means import of_members
from analysis.estimate import WITHHELD_BELOW
from analysis.limits import within_limits
from analysis.result import Result
from analysis.stats.intervals import SIGNIFICANCE
from data_access.columns import column_of
from data_access.selection import Selection
from data_access.semantics import Level, SemanticModel
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.codes import Codes, Column

__all__ = ["association"]

MOST_MEMBERS = 50  # of a nominal column that was not named
MOST_NAMED = 500  # of one that was
LEAST_UNITS = 3


@within_limits
def association(
    warehouse: Warehouse, selection: Selection, *, columns: Sequence[str] = (), of: str = "", preset: str = ""
) -> Result:
    """The coefficient of each pair of columns, with interval and p adjusted for their number.

    columns: metrics, drivers and dimensions; by default the metric, all drivers and the dimensions of few members.
    of: a dimension whose members are the unit, with the mean of each number; `preset`: one of the model's, whose
    columns and unit are the default, and whose filters narrow the selection.
    Raises BadInput for a name that cannot be part of a pair, NothingToShow where nothing is left to compare.
    """
    metric = warehouse.model.metric(selection.metric)
    choice = column_choice(warehouse.model, selection, columns, of, preset)
    fetched = [*choice.columns, *([choice.of] if choice.of else [])]
    codes = warehouse.codes(fetched, choice.selection.period, choice.selection.filters)
    if not codes.n:
        raise NothingToShow("selection.empty")
    kept, left_out = _comparable(codes, choice)
    units = of_members(codes, choice.of) if choice.of else codes
    if choice.of and max(np.count_nonzero(units.columns[name].codes >= 0) for name in kept) < LEAST_UNITS:
        raise NothingToShow("association.too_few_units", unit_of={"dimension": choice.of}, needed=LEAST_UNITS)
    rows = rows_of(units, [units.columns[name] for name in kept])
    least = LEAST_UNITS if choice.of else WITHHELD_BELOW
    table, adjustment = matrix_of(rows, _sources(warehouse.model, kept), least=least)
    parts = {
        "order": order_of(table, kept),
        "columns": _columns([units.columns[name] for name in kept]),
        "duplicates": duplicate_pairs(table, kept),
        "left_out": left_out,
    }
    table = strongest_first(table, metric.name)
    statistics = _statistics(
        table,
        codes,
        choice,
        adjustment=adjustment,
        clusters=rows.clusters,
        metric=metric.name,
        same=parts["duplicates"],
    )
    return Result.of(
        warehouse,
        choice.selection,
        metric,
        "association",
        statistics=statistics,
        table=table[TABLE],
        findings=findings_of(table, statistics, metric.name, parts),
        caveats=caveats_of(statistics, parts),
        how=how_of(statistics),
        options={"by": (), "columns": tuple(columns), "of": of, "preset": preset},
        parts=parts,
        sql=(codes.sql,),
    )


def _comparable(codes: Codes, choice: ColumnChoice) -> tuple[list[str], pd.DataFrame]:
    """The columns that enter, and those left out with the reason: constant, blank, members or no_number."""
    why = {name: _reason_left_out(codes.columns[name], choice) for name in choice.columns}
    kept = [name for name, reason in why.items() if not reason]
    if len(kept) < 2:
        raise NothingToShow("association.too_few_columns")
    rows = [(name, reason, len(codes.columns[name].values)) for name, reason in why.items() if reason]
    return kept, pd.DataFrame(rows, columns=["column", "why", "values"])


def _sources(model: SemanticModel, names: Sequence[str]) -> dict[str, str]:
    """The column of the data behind each name; a dimension made from time has none."""
    columns = {name: column_of(model, name).column for name in names}
    return {name: column for name, column in columns.items() if column}


def _reason_left_out(column: Column, choice: ColumnChoice) -> str:
    if len(column.values) < 2:
        return "constant" if len(column.values) else "blank"
    if choice.of and (isinstance(column.values, tuple) or column.name == choice.of):
        return "no_number"
    most = MOST_NAMED if choice.chosen else MOST_MEMBERS
    named = column.level is Level.NOMINAL or isinstance(column.values, tuple)
    return "members" if named and len(column.values) > most else ""


def _columns(columns: Sequence[Column]) -> pd.DataFrame:
    rows = [
        (c.name, str(c.level), c.policy, c.missing, int((c.codes >= 0).sum()), len(c.values)) for c in columns
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["column", "level", "policy", "missing", "n", "values"])


def _statistics(
    table: pd.DataFrame,
    codes: Codes,
    choice: ColumnChoice,
    *,
    adjustment: str,
    clusters: int,
    metric: str,
    same: pd.DataFrame,
) -> dict[str, Any]:
    top = top_of(table, metric, same)
    units = len(codes.columns[choice.of].values) if choice.of else 0
    return {
        "columns": len(set(table["x"]) | set(table["y"])),
        "family": int(table["p"].notna().sum()),
        "adjustment": adjustment,
        "sure": int((table["p_adjusted"] < SIGNIFICANCE).sum()),
        "contacts": codes.of,
        "sampled": codes.n if codes.n < codes.of else 0,
        "clusters": clusters,
        "of": choice.of,
        "units": units,
        "n_least": float(table["n"][table["n"] > 0].min()),
        "n_most": float(table["n"].max()),
        "top_x": top["x"] if top is not None else "",
        "top_y": top["y"] if top is not None else "",
        "top_value": float(top["value"]) if top is not None else float("nan"),
    }

"""What every analysis returns: unrounded numbers and statements, no prose and no picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from data_access.metric_kinds import Unit
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.statement import Statement

if TYPE_CHECKING:  # words need this module, but neither of these
    import pandas as pd

    from data_access.warehouse import Warehouse

__all__ = ["Method", "Result", "Statement", "Unit"]


@dataclass(frozen=True)
class Method:
    """How a number came about: catalogue keys for what and why, the formula with the numbers put in."""

    name: str
    formula: Statement
    assumptions: tuple[Statement, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Result:
    """One answered question.

    `table` has one row per segment with the columns of the headless contract, NaN where withheld;
    `statistics` one number per name; `findings` begin with the answer; `parts` hold further tables by name
    (e.g. the trend); `sql` the statements that were run, values bound.
    """

    method: str
    metric: str
    unit: Unit
    selection: Selection
    data_version: str
    statistics: Mapping[str, Any]
    table: pd.DataFrame
    findings: tuple[Statement, ...] = ()
    caveats: tuple[Statement, ...] = ()
    how: Method | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    sql: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        warehouse: Warehouse,
        selection: Selection,
        metric: Metric,
        method: str,
        *,
        statistics: Mapping[str, Any],
        table: pd.DataFrame,
        findings: tuple[Statement, ...] = (),
        caveats: tuple[Statement, ...] = (),
        how: Method | None = None,
        options: Mapping[str, Any] | None = None,
        parts: Mapping[str, pd.DataFrame] | None = None,
        sql: tuple[str, ...] = (),
    ) -> Result:
        """The result of a method on a metric, stamped with its unit and the version of the data."""
        return cls(
            method=method,
            metric=metric.name,
            unit=metric.unit,
            selection=selection,
            data_version=warehouse.version(),
            statistics=statistics,
            table=table,
            findings=findings,
            caveats=caveats,
            how=how,
            options=options or {},
            parts=parts or {},
            sql=sql,
        )

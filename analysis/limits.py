"""The time limit of an analysis: its own arithmetic may take as long as one of its queries."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from analysis.stats.patience import asking
from data_access.warehouse import Warehouse

P = ParamSpec("P")
R = TypeVar("R")


def within_limits(analyse: Callable[Concatenate[Warehouse, P], R]) -> Callable[Concatenate[Warehouse, P], R]:
    """The analysis, ended with Unreachable when it computes for longer than the warehouse allows a query."""

    @wraps(analyse)
    def limited(warehouse: Warehouse, /, *args: P.args, **options: P.kwargs) -> R:
        with warehouse.working(), asking(warehouse.go_on):
            return analyse(warehouse, *args, **options)

    return limited

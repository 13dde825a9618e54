"""What holds for every analysis: the time its own arithmetic may take, and what a model keeps secret."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from analysis.disclosure import check_selection, disclosed
from analysis.result import Result
from analysis.stats.patience import asking
from data_access.selection import Selection
from data_access.warehouse import Warehouse

P = ParamSpec("P")
Analysis = Callable[Concatenate[Warehouse, Selection, P], Result]


def within_limits(analyse: Analysis[P]) -> Analysis[P]:
    """The analysis, ended with Unreachable when it computes for longer than the warehouse allows a query, and without
    groups too small for its model to show.
    """

    @wraps(analyse)
    def limited(warehouse: Warehouse, selection: Selection, /, *args: P.args, **options: P.kwargs) -> Result:
        asked = _asked(warehouse, selection, options)
        with warehouse.working(), asking(warehouse.go_on):
            check_selection(warehouse, asked)
            return disclosed(warehouse, asked, analyse(warehouse, selection, *args, **options))

    return limited


def _asked(warehouse: Warehouse, selection: Selection, options: dict[str, Any]) -> Selection:
    """The selection with the filters of a preset and the path that an analysis follows."""
    preset = options.get("preset")
    inside = selection.within(warehouse.model.preset(preset).where) if preset else selection
    return inside.within(options.get("path") or ())

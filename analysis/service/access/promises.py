"""How fast should a call be answered, and how is that counted? The targets of the data, five formulas, two clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from analysis.service.rates import Ratio
from data_access.selection import Filter
from data_access.semantics import near
from data_access.statement import BadInput
from data_access.warehouse import Warehouse
from data_access.warehouse.calls import Promise, Promises

USUAL_SECONDS = 20.0
FORMULAS: Mapping[str, tuple[str, str]] = MappingProxyType({  # what is counted, of what
    "offered": ("in_time", "requests"),
    "credited": ("in_time_or_left_early", "requests"),
    "answered": ("in_time", "answered"),
    "without_early": ("in_time", "requests_but_early"),
    "short_credited": ("in_time_or_short", "requests"),
})  # fmt: skip
CLOCKS = ("queue", "ring")  # stops when an agent is free, or when the agent has picked up


@dataclass(frozen=True)
class Promised:
    """How fast calls are to be answered, and on which share of the days that should be met (NaN: none)."""

    promises: Promises
    days: float


def promises_of(warehouse: Warehouse, seconds: float | None = None) -> Promised:
    """What the table of targets promises.

    seconds: within which all calls are to be answered, whatever the table says.
    """
    table = warehouse.service_targets()
    whole = table[table["dimension"].isna() | table["value"].isna()]
    usual, own = Promise(USUAL_SECONDS if seconds is None else seconds), []
    days = float("nan")
    for row in whole.to_dict("records"):
        usual, days = Promise(row["seconds"] if seconds is None else seconds, _rate(row["target"])), row["days"] / 100
    for row in table.drop(index=whole.index).to_dict("records"):
        part = Filter(row["dimension"], (row["value"],))
        own.append((part, Promise(row["seconds"] if seconds is None else seconds, _rate(row["target"]))))
    return Promised(Promises(usual, tuple(own)), days)


def _rate(target: float) -> float | None:
    return None if target != target else target / 100


def check(formula: str, clock: str) -> None:
    """Raises BadInput for a formula or a clock that there is not."""
    for kind, name, known in (("formula", formula, FORMULAS), ("clock", clock, CLOCKS)):
        if name not in known:
            raise BadInput(f"access.unknown_{kind}", name=name, near=near(name, known))


def counted(rows: pd.DataFrame, clock: str) -> pd.DataFrame:
    """The rows with what the formulas count by a clock."""
    in_time, early = rows[f"in_{clock}"], rows[f"left_{clock}"]
    return rows.assign(
        in_time=in_time,
        in_time_or_left_early=in_time + early,
        in_time_or_short=in_time + rows["short"],
        requests_but_early=rows["requests"] - early,
    )


def service_level(formula: str) -> Ratio:
    """The service level by a formula."""
    return Ratio("service_level", *FORMULAS[formula])

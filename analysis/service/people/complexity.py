"""How much work is a contact of a kind? Its handling time over that of a reference kind; for comparing, never to pay.

weight = mean time of the kind / mean time of the reference: 60 s against 120 s of talk and 60 s of work after it make
3.0. Teams are then compared by weighted contacts a month of an agent, so that nobody looks idle who takes the hard
ones. The interval of a weight is by the delta method on its logarithm; that of a team's load from one agent to
another, whose months go together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import WITHHELD_BELOW, scaled
from analysis.service.people.roles import times_of
from analysis.stats.distributions import Z_95
from analysis.stats.intervals import NAN, Array, t_bounds
from data_access.selection import Selection
from data_access.semantics import near
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

LEAST_REFERENCE = 30  # contacts of a kind that the others are held against
MOST_KINDS = 300
KINDS = ["dimension", "value", "n", "handled", "seconds", "weight", "weight_low", "weight_high"]
LOADS = [
    "segment", "n", "handled", "agents", "contacts", "load", "load_low", "load_high", "difficulty", "rank",
    "rank_weighted",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Complexity:
    """kinds: a row a kind, longest first. loads: a row a team: contacts a month of an agent, plain (`contacts`) and
    weighted (`load`), difficulty (mean weight over that of all), and its rank by either.
    """

    reference: str | None
    seconds: float
    kinds: pd.DataFrame
    loads: pd.DataFrame
    sql: tuple[str, ...]


def complexity(
    warehouse: Warehouse, selection: Selection, *, by: tuple[str, ...], kinds: str, reference: str | None
) -> Complexity:
    """Raises BadInput without handling times or agents, or for a reference that there is not."""
    times = times_of(warehouse.model)
    answers = [warehouse.cells(name, [kinds], selection.period, selection.filters) for name in times]
    table = _kinds([scaled(a.rows, warehouse.model.measure(t)) for a, t in zip(answers, times, strict=True)], kinds)
    if table.empty or len(table) > MOST_KINDS:
        raise NothingToShow("selection.empty") if table.empty else BadInput("people.many_kinds", n=len(table))
    chosen = _reference(table, kinds, reference)
    table = _weighed(table, chosen)
    usual = float((table["seconds"] * table["n"]).sum() / table["n"].sum()) / float(table["seconds"][chosen])
    weights = {value[0]: usual if w != w else w for value, w in zip(table["value"], table["weight"], strict=True)}
    loads = warehouse.loads(kinds, weights, by, selection.period, selection.filters)
    return Complexity(
        reference=table["value"][chosen][0],
        seconds=float(table["seconds"][chosen]),
        kinds=table.sort_values("seconds", ascending=False, kind="stable")[KINDS].reset_index(drop=True),
        loads=_loads(loads.rows, by),
        sql=(*(answer.sql for answer in answers), loads.sql),
    )


def _kinds(times: list[pd.DataFrame], kinds: str) -> pd.DataFrame:
    """Mean seconds of each kind over its parts, and the squared error of that."""
    found = None
    for rows in times:
        sums = rows.groupby(kinds, dropna=False, sort=False)[["n", "w", "wx", "v", "vx", "vxx"]].sum()
        mean = sums["wx"] / sums["w"]
        squares = sums["vxx"] - 2 * mean * sums["vx"] + mean**2 * sums["v"]
        error = squares * sums["n"] / np.maximum(sums["n"] - 1, 1) / sums["w"] ** 2
        one = pd.DataFrame({"n": sums["n"], "seconds": mean, "error2": error})
        found = one if found is None else _added(found, one)
    assert found is not None, "times_of names one at least"
    members = [None if member != member else member for member in found.index]
    return found.reset_index(drop=True).assign(
        handled=found["n"].to_numpy(), dimension=kinds, value=[(member,) for member in members]
    )


def _added(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Talk and the work after it; who had none of it had none."""
    other = other.reindex(one.index)
    parts = {name: one[name] + other[name].fillna(0.0) for name in ("seconds", "error2")}
    return one.assign(**parts)


def _reference(table: pd.DataFrame, kinds: str, asked: str | None) -> int:
    """The place of the kind asked for, else of the commonest known one."""
    named = {value[0]: place for place, value in enumerate(table["value"]) if value[0] is not None}
    if asked is not None:
        if asked not in named:
            raise BadInput("model.unknown_value", dimension=kinds, name=asked, near=near(asked, list(named)))
        return named[asked]
    known = table.loc[list(named.values())]
    if known.empty or known["n"].max() < LEAST_REFERENCE or not (known["seconds"] > 0).any():
        raise NothingToShow("selection.empty")
    return int(known[known["seconds"] > 0]["n"].idxmax())


def _weighed(table: pd.DataFrame, chosen: int) -> pd.DataFrame:
    seconds, error2 = table["seconds"].to_numpy(dtype=float), table["error2"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = seconds / seconds[chosen]
        own = np.arange(len(table)) == chosen
        error = np.sqrt(np.where(own, 0.0, error2 / seconds**2 + error2[chosen] / seconds[chosen] ** 2))
        reach = np.exp(Z_95 * error)
    known = (table["n"].to_numpy() >= WITHHELD_BELOW) & (seconds > 0)
    columns = {"weight": weight, "weight_low": weight / reach, "weight_high": weight * reach}
    return table.assign(**{name: np.where(known, values, NAN) for name, values in columns.items()})


def _loads(rows: pd.DataFrame, by: tuple[str, ...]) -> pd.DataFrame:
    """Plain and weighted contacts a month of an agent, by team."""
    segments = list(zip(*(rows[name] for name in by), strict=True))
    places, teams = pd.factorize(pd.Series(segments, dtype=object))
    k, plain, load = len(teams), rows["contacts"].to_numpy(dtype=float), rows["weighted"].to_numpy(dtype=float)
    months = np.bincount(places, minlength=k)
    contacts, weighted = np.bincount(places, plain, k), np.bincount(places, load, k)
    mean = weighted / months
    agents, error = _error(places, rows["who"], load - mean[places], months)
    low, high = t_bounds(mean, error, agents - 1)
    table = pd.DataFrame({
        "segment": pd.Series(list(teams), dtype=object), "n": contacts, "handled": contacts, "agents": agents,
        "contacts": contacts / months, "load": mean, "load_low": np.maximum(low, 0.0), "load_high": high,
        "difficulty": (weighted / contacts) / (weighted.sum() / contacts.sum()),
    })  # fmt: skip
    table["rank"] = table["contacts"].rank(ascending=False, method="min")
    table["rank_weighted"] = table["load"].rank(ascending=False, method="min")
    return table.sort_values("load", ascending=False, kind="stable")[LOADS].reset_index(drop=True)


def _error(team: Array, who: pd.Series, residual: Array, months: Array) -> tuple[Array, Array]:
    """How many agents a team has, and the error of its mean from one of them to another."""
    sums = pd.DataFrame({"team": team, "who": who.to_numpy(), "e": residual}).groupby(["team", "who"])["e"].sum()
    own = sums.index.get_level_values("team").to_numpy()
    agents, squares = np.bincount(own, minlength=len(months)), np.bincount(own, sums.to_numpy() ** 2, len(months))
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where(agents > 1, squares * agents / (agents - 1) / months**2, NAN)
    return agents, np.sqrt(variance)

"""Who serves? How new the agents are, how trained and how busy, how hard their work is, and what is in their power.

Four parts, each from what the data hold: the tenure curve, months of agents and teams, complexity weights, and the
loss within a team's own power. A part whose table or column is not there is left out, and said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.drivers.dose import dose
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from analysis.service.people.complexity import Complexity, complexity
from analysis.service.people.months import by_month, by_team, closed
from analysis.service.people.own_power import OwnPower, own_power
from analysis.service.people.relations import NEW_DAYS, relations
from analysis.service.people.roles import kinds_of, questions_of, teams_of, tenure_of
from analysis.service.quality.shared import Shared, shared_reasons
from analysis.stats.intervals import NAN
from data_access.selection import Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.agent_months import NEW, START, TENURED

T = TypeVar("T")


@within_limits
def people(
    warehouse: Warehouse,
    selection: Selection,
    *,
    by: Sequence[str] = (),
    kinds: str = "",
    reference: str | None = None,
) -> Result:
    """A row a team: contacts, share of new hires, agents, training, coaching, occupancy, who left.

    by: one dimension that stands for the teams. kinds: the dimension of complexity weights; reference: its member of
    weight 1. parts: `tenure` (the metric by days of tenure), `months`, `relations` (score and training between and
    within teams), `complexity`, `loads`, `own_power`, `powers`, `shared` (reasons that all agents hear alike).
    Raises NothingToShow where there is no part at all.
    """
    by = tuple(by) or (teams_of(warehouse.model),)
    check_side_by_side(warehouse.model, by)
    asked = _Asked(warehouse, selection, by)
    table = asked.attempt(asked.teams)
    curve = asked.attempt(lambda: dose(warehouse, selection, driver=tenure_of(warehouse.model)))
    kinds = kinds or kinds_of(warehouse.model)
    check_side_by_side(warehouse.model, (kinds,))
    weigh = partial(complexity, warehouse, selection, by=by, kinds=kinds, reference=reference)
    work = asked.attempt(weigh) if reference is None else weigh()  # who names a kind is told that it is none
    power = asked.attempt(lambda: own_power(warehouse, selection, by=by, questions=questions_of(warehouse.model)))
    related = asked.attempt(asked.relations)
    common = asked.attempt(lambda: shared_reasons(warehouse, selection))
    if all(part is None for part in (table, curve, work, power)):
        raise NothingToShow("selection.empty")
    parts = _parts(curve, work, power, asked.months_table(), related, common)
    metric = warehouse.model.metric(selection.metric)
    statistics = _statistics(table, curve, work, power)
    values = {**statistics, "unit": metric.unit}
    return Result.of(
        warehouse,
        selection,
        metric,
        "people",
        statistics=statistics,
        table=pd.DataFrame({"segment": [], "n": []}) if table is None else table,
        findings=(*_findings(values, curve, parts, by), *(common.findings if common else ())),
        caveats=(*asked.missing, *(_ALONE if power is not None and not power.clustered else ())),
        how=Method("people", Statement("how.people.own_power", values), _NOTES) if power else None,
        options={"by": by, "kinds": kinds, "reference": reference},
        parts=parts,
        sql=tuple(
            dict.fromkeys(
                asked.sql
                + [s for p in (curve, work, power) if p is not None for s in p.sql]
                + ([common.sql] if common else [])
            )
        ),
    )


_CURVE = ("knee_at", "knee_low", "knee_high", "before", "after", "trend_p", "improves", "log_from")
_NOTES = tuple(Statement(f"how.people.{name}") for name in ("relations", "complexity", "mix", "left"))


_ALONE = (Statement("people.not_clustered"),)


class _Asked:
    """What was asked, what is missing for it, and the months of agents, fetched once."""

    def __init__(self, warehouse: Warehouse, selection: Selection, by: tuple[str, ...]) -> None:
        self.warehouse, self.selection, self.by = warehouse, selection, by
        self.missing, self.sql = list[Statement](), list[str]()
        self._newcomers: pd.DataFrame | None = None
        self._months = self.attempt(self._agent_months)

    def attempt(self, ask: Callable[[], T]) -> T | None:
        """The answer, or the reason why there is none among `missing`."""
        try:
            return ask()
        except (BadInput, NothingToShow) as problem:
            if problem.statement not in self.missing:
                self.missing.append(problem.statement)
            return None

    def _agent_months(self) -> pd.DataFrame:
        found = self.warehouse.agent_months(self.by, self.selection.period, self.selection.filters)
        self.sql.append(found.sql)
        if found.rows.empty:
            raise NothingToShow("people.no_months")
        last = self.warehouse.agent_months((), None, ()).rows[START].max()
        return closed(found.rows, last)

    def teams(self) -> pd.DataFrame:
        """A row a team. Raises BadInput where nothing says how long agents have been there."""
        found = self.warehouse.newcomers(
            tenure_of(self.warehouse.model), NEW_DAYS, self.by, self.selection.period, self.selection.filters
        )
        self.sql.append(found.sql)
        self._newcomers = found.rows[found.rows[TENURED] > 0]
        if self._newcomers.empty:
            raise NothingToShow("selection.empty")
        table = by_team(self._newcomers, self._months, self.by)
        return table.sort_values("new_hire_share", ascending=False, kind="stable", ignore_index=True)

    def months_table(self) -> pd.DataFrame:
        return pd.DataFrame() if self._newcomers is None else by_month(self._newcomers, self._months, self.by)

    def relations(self) -> pd.DataFrame:
        metric = self.warehouse.model.metric(self.selection.metric)
        if self._months is None:
            return pd.DataFrame()
        scores = self.warehouse.scores_by_agent(metric.name, self.by, self.selection.period, self.selection.filters)
        self.sql.append(scores.sql)
        return relations(scores.rows, self._months, metric, self.by)


def _parts(
    curve: Result | None,
    work: Complexity | None,
    power: OwnPower | None,
    months: pd.DataFrame,
    related: pd.DataFrame | None,
    common: Shared | None,
) -> dict[str, pd.DataFrame]:
    found: dict[str, pd.DataFrame | None] = {
        "own_power": None if power is None else power.table,
        "powers": None if power is None else power.powers,
        "shared": None if common is None else common.table,
        "tenure": None if curve is None else curve.table.assign(days=curve.table["low"]),
        "relations": related,
        "months": months,
        "loads": None if work is None else work.loads,
        "complexity": None if work is None else work.kinds,
    }
    return {name: part for name, part in found.items() if part is not None and len(part)}


def _statistics(
    table: pd.DataFrame | None, curve: Result | None, work: Complexity | None, power: OwnPower | None
) -> dict[str, Any]:
    statistics: dict[str, Any] = {"n": 0.0, "new_days": float(NEW_DAYS)}
    if table is not None:
        n, new = float(table["n"].sum()), float(table[NEW].sum())
        statistics |= {"n": n, "new_hires": new, "new_hire_share": new / n}
    if curve is not None:
        statistics |= {f"tenure_{name}": curve.statistics[name] for name in _CURVE}
    if work is not None:
        statistics |= {"reference_seconds": work.seconds, "hardest": float(work.kinds["weight"].max())}
    if power is not None:
        rows = power.table
        total = {
            name: float((rows[name].fillna(0.0) * rows["n"]).sum() / rows["n"].sum()) for name in ("lost", "own")
        }
        statistics |= {**total, "own_share": total["own"] / total["lost"] if total["lost"] else NAN}
        statistics |= {"design": power.design}
        statistics |= {f"teams_{v}": int((rows["verdict"] == v).sum()) for v in ("more", "less", "alike")}
    return statistics


def _findings(
    statistics: Mapping[str, Any], curve: Result | None, parts: Mapping[str, pd.DataFrame], by: tuple[str, ...]
) -> tuple[Statement, ...]:
    """How many are new, what teams lose by their own doing, the tenure curve, the ecological warning, hard work."""
    found = []
    if "new_hire_share" in statistics:
        found.append(Statement("people.new_hires", statistics))
    if "own_power" in parts:
        found += _of_power(parts["own_power"], statistics, by)
    if curve is not None:
        found.append(curve.findings[0])
    for row in parts["relations"].to_dict("records") if "relations" in parts else ():
        values = {**row, "unit": statistics["unit"], "name": Statement(f"people.per.{row['measure']}")}
        if row["verdict"] == "ecological":
            found.append(Statement("people.ecological", values))
    if "complexity" in parts:
        found.append(_hardest(parts["complexity"], statistics))
    return tuple(found)


def _of_power(rows: pd.DataFrame, statistics: Mapping[str, Any], by: tuple[str, ...]) -> list[Statement]:
    found = [Statement("people.own_power", statistics)]
    more = rows[rows["verdict"] == "more"]
    if more.empty:
        return [*found, Statement("people.none_more", {"by": list(by)})]
    worst = more.iloc[0].to_dict()
    named = dict(zip(by, worst["segment"], strict=True))
    return [*found, Statement("people.most_own", {**statistics, **worst, "segment": named, "teams": len(more)})]


def _hardest(kinds: pd.DataFrame, statistics: Mapping[str, Any]) -> Statement:
    known = kinds[kinds["weight"].notna()]
    own = (known["weight_low"] == 1.0) & (
        known["weight_high"] == 1.0
    )  # of the reference alone: it is 1 by definition
    top, one = known.loc[known["weight"].idxmax()], known[own].iloc[0]
    names = {key: {row["dimension"]: row["value"][0]} for key, row in (("hardest", top), ("reference", one))}
    return Statement("people.hardest", {**statistics, **names, "weight": top["weight"], "seconds": top["seconds"],
                                        "low": top["weight_low"], "high": top["weight_high"]})  # fmt: skip

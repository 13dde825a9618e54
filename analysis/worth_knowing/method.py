"""The search for what is worth knowing: levels of the period and, for patterns, of all data; then what moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.kept import Kept
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement, Unit
from analysis.segments.search_result import named
from analysis.stats.patience import go_on
from analysis.step_names import step_name
from analysis.trace.path import checked, plain
from analysis.worth_knowing.case_mix import is_trait_of_cluster, members_in, stands_out, strata_of
from analysis.worth_knowing.finds import (
    ALL,
    LEVEL,
    LOOKS,
    MOVED,
    PERIOD,
    Searched,
    beyond_chance,
    distinct,
    moved_finds,
    with_mix,
)
from analysis.worth_knowing.levels import levels
from analysis.worth_knowing.losses import dimensions_of, over_all, single, within_strata
from analysis.worth_knowing.marginal import Asked, losses_of
from data_access.selection import Filter, Selection
from data_access.semantics import SemanticModel
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

LEAST_COST = 0.005  # of the lost points: what costs less is not worth knowing
MOST_ROWS = 50_000  # of losses over all data, kept for one warehouse, about 20 MB
LEAST_PEERS = 5  # members of a dimension from which one can be the worst of them
_KEPT = Kept[Searched](MOST_ROWS)


@within_limits
def worth_knowing(warehouse: Warehouse, selection: Selection, *, known: Sequence[Filter] = ()) -> Result:
    """The finds besides `known`, a segment that is named already; costliest first, no two of the same answers.

    table: kind, dimension, value (tuple: a member, or a run of days or hours), span (period or all), n, share of the
    answers and of the lost points, score, usual (what the others score with the same mix), cost (points it takes off
    the whole; of moved and mix the effect on the change), p_adjusted for all that was searched, score0, share0 of the
    baseline, and mix_* (of `looks`: the member it has most of, its share here and elsewhere).
    Raises NothingToShow without an answer.
    """
    known = checked(warehouse, known)
    metric = warehouse.model.metric(selection.metric)
    searched = _searched(warehouse, selection)
    moved, sql = _moved(warehouse, selection)
    finds = distinct(warehouse, selection, beyond_chance(searched, moved, LEAST_COST * _lost(searched)), known)
    table = with_mix(finds, searched, warehouse.model)
    statistics = {
        "searched": sum(s.tried for s in searched),
        "dimensions": sum(s.dimensions for s in searched),
        "found": len(table),
    }
    return Result.of(
        warehouse,
        selection,
        metric,
        "worth_knowing",
        statistics=statistics,
        table=table,
        findings=_findings(table, statistics, metric.unit),
        caveats=(Statement("caveat.not_cause"),),
        how=Method("worth_knowing", Statement("how.worth_knowing.formula", statistics),
                   (Statement("how.worth_knowing.chance"),)),
        options={"known": plain(known)},
        sql=tuple(dict.fromkeys((*(text for s in searched for text in s.sql), *sql))),
    )  # fmt: skip


def _searched(warehouse: Warehouse, selection: Selection) -> tuple[Searched, ...]:
    """The levels of the period; over all data those of days and hours, and of who served, where they look bad.

    Where small groups are secret, nothing outside the period is asked: the difference could be one.
    """
    model = warehouse.model
    names, timed = dimensions_of(model, selection)
    losses = losses_of(warehouse, selection)
    alone, sql = single(losses, names)
    if any(rows.empty for rows in alone.values()):
        raise NothingToShow("selection.empty")
    strata = strata_of(model, alone)
    within = {name: strata for name in names if stands_out(alone[name])}
    now = _levels_of(PERIOD, losses, warehouse, selection, within, len(names), alone, sql)
    if model.disclose_from or model.time is None:
        return (now,)
    peers = _peers(model, alone)
    coarse = strata and (min(strata, key=lambda s: members_in(alone[s])),)
    patterns = {**dict.fromkeys(timed, coarse), **dict.fromkeys(peers, strata)}
    return now, _until(_patterns(warehouse, over_all(selection), patterns), selection)


def _patterns(warehouse: Warehouse, selection: Selection, strata: Mapping[str, Sequence[str]]) -> Searched:
    """The levels over all data: the same whatever the period."""
    return _KEPT.of(
        warehouse,
        (selection, tuple((name, tuple(some)) for name, some in strata.items())),
        lambda: _levels_of(ALL, losses_of(warehouse, selection), warehouse, selection, strata, len(strata), {}, ()),
        lambda found: sum(map(len, found.within.frames.values())),
    )


def _until(searched: Searched, selection: Selection) -> Searched:
    """Without the months from the end of the period on: what came later is no news of it."""
    if selection.period is None:
        return searched
    end, found = f"{selection.period.end:%Y-%m}", searched.levels
    later = [
        name == "month" and value[0] is not None and value[0] >= end
        for name, value in zip(found["dimension"], found["value"], strict=True)
    ]
    return replace(searched, levels=found[~np.array(later, dtype=bool)])


def _lost(searched: Sequence[Searched]) -> float:
    """Lost points of the average answer in the period."""
    frame = next(iter(searched[0].within.frames.values()), None)
    return 0.0 if frame is None else float(frame["lost"].sum() / frame["w"].sum())


def _peers(model: SemanticModel, alone: Mapping[str, pd.DataFrame]) -> list[str]:
    """Who serves, by the dimension that tells most of them apart; the cluster's own column only for want of one."""
    sizes = {name: members_in(alone[name]) for name in alone if is_trait_of_cluster(alone[name])}
    known = {name: size for name, size in sizes.items() if size > LEAST_PEERS}
    named = [name for name in known if model.dimension(name).column != model.cluster] or list(known)
    return sorted(named, key=lambda name: -known[name])[:1]


def _levels_of(
    span: str,
    losses: Asked,
    warehouse: Warehouse,
    selection: Selection,
    strata: Mapping[str, Sequence[str]],
    dimensions: int,
    alone: Mapping[str, pd.DataFrame],
    sql: tuple[str, ...],
) -> Searched:
    """The levels of some dimensions. `dimensions` counts those that were only looked at alone as well."""
    go_on()
    within = within_strata(losses, warehouse.model, strata)
    found = levels(within.frames, within.strata, warehouse.model.metric(selection.metric))
    tried = sum(members_in(rows) for name, rows in alone.items() if name not in strata)
    tried += int(found.groupby("dimension")["tried"].first().sum()) if len(found) else 0
    return Searched(span, found, within, dimensions, tried, (*sql, *within.sql))


def _moved(warehouse: Warehouse, selection: Selection) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """What the search for segments that explain the change names; nothing where there is no change to explain."""
    sign = warehouse.model.metric(selection.metric).sign
    if selection.period is None or selection.baseline is None:
        return moved_finds(pd.DataFrame(), sign), ()
    try:
        found = named(warehouse, selection, depth=1)
    except (BadInput, NothingToShow):  # no answers in one of the periods, or no dimension to search
        return moved_finds(pd.DataFrame(), sign), ()
    return moved_finds(found.table, sign), found.sql


def _findings(table: pd.DataFrame, statistics: Mapping[str, Any], unit: Unit) -> tuple[Statement, ...]:
    """How much was searched, then a sentence for each find."""
    if table.empty:
        return (Statement("worth_knowing.nothing", dict(statistics)),)
    return (
        Statement("worth_knowing.found", dict(statistics)),
        *(sentence(row, unit) for row in table.to_dict("records")),
    )


def sentence(row: Mapping[Any, Any], unit: Unit) -> Statement:
    """A find as one sentence."""
    place = step_name(row["dimension"], row["value"])
    names = ("n", "share", "lost_share", "score", "usual", "cost", "p_adjusted", "score0", "share0")
    values = {**{name: row[name] for name in names}, "place": place, "size": abs(row["cost"]), "unit": unit}
    if row["kind"] == LOOKS:
        mix = {"segment": {row["mix_dimension"]: row["mix_member"]}} if row["mix_dimension"] else {}
        values |= {**mix, "mix_share": row["mix_share"], "mix_elsewhere": row["mix_elsewhere"]}
        return Statement(f"worth_knowing.{'looks' if mix else 'looks_plain'}", values)
    if row["kind"] == LEVEL:
        return Statement(f"worth_knowing.{'level' if row['span'] == PERIOD else 'pattern'}", values)
    if row["kind"] == MOVED:
        return Statement(f"worth_knowing.moved_{'down' if row['score'] < row['score0'] else 'up'}", values)
    return Statement(f"worth_knowing.mix_{'worse' if row['cost'] > 0 else 'better'}", values)

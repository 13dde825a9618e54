"""What goes with the score, and how strongly? Shares of R2 among drivers, from sums of products in the warehouse.

A linear model of the metric on all drivers at once: LMG gives each its part of R2 averaged over all orders, beyond
fifteen drivers Johnson's weights stand in (see `stats.importance`). Errors go across clusters where the model names
one. Importance is association: it tells where to look, not what would follow from a change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.estimate import FEW_CLUSTERS, LEAST_CLUSTERS
from analysis.result import Method, Result, Statement
from analysis.stats.clustered_regression import clustered_ols, clustered_tests
from analysis.stats.importance import Importance, importance, importance_intervals
from analysis.stats.intervals import NAN, Array
from analysis.stats.multiplicity import family_adjusted
from analysis.stats.regression import CrossProducts, Fit, Weights, block_test, ols, together
from data_access.selection import Selection
from data_access.semantics import Level, Metric, SemanticModel, near
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

KNOWN_FROM = 0.5  # of the answers: a driver known for fewer would leave too few to compare
LEAST_PER_COLUMN = 10  # answers for each column of the model
MOST_MEMBERS = 50  # of all dimensions together, beside the one of each that the others are compared with
HOW_SURE = (Statement("how.drivers.interval"),)
COLUMNS = ["driver", "n_known", "importance", "low", "high", "share", "coefficient", "coefficient_low",
           "coefficient_high", "standardised", "p", "p_adjusted", "vif", "mean", "performance"]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """The drivers, what is held fixed beside them, and which of all these are numbers; the others are dimensions."""

    drivers: tuple[str, ...]
    hold: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True)
class Fitted:
    """Sums by cluster (one where answers stand alone), the columns of each driver, and what came of them."""

    parts: list[CrossProducts]
    measures: tuple[str, ...]
    blocks: Mapping[str, list[str]]
    hold: list[str]
    fit: Fit
    importance: Importance
    rows: pd.DataFrame
    sql: str


def drivers(
    warehouse: Warehouse, selection: Selection, *, columns: Sequence[str] = (), hold: Sequence[str] = ()
) -> Result:
    """Each driver's part of R2 with interval, coefficient and p, most important first.

    columns: interval drivers and dimensions; by default the interval drivers known for half of the answers.
    hold: drivers or dimensions that every model contains, so that importance is beside them.
    Raises BadInput for a reason, an overlapping dimension, the metric's own column or an unknown name; NothingToShow
    when too few answers know all drivers or dimensions have too many members.
    """
    metric = warehouse.model.metric(selection.metric)
    asked, known = _asked(warehouse, selection, columns, hold)
    fitted = _fitted(warehouse, selection, metric, asked)
    table = _table(warehouse, fitted, known)
    statistics = _statistics(fitted, table, known)
    return Result(
        method="drivers",
        metric=metric.name,
        unit=metric.unit,
        selection=selection,
        data_version=warehouse.version(),
        statistics=statistics,
        table=table,
        findings=_findings(table, statistics, metric),
        caveats=_caveats(fitted, statistics),
        how=Method("drivers", Statement(f"how.drivers.{fitted.importance.method}", statistics), HOW_SURE),
        options={"by": (), "columns": tuple(columns), "hold": tuple(hold)},
        parts={"left_out": _left_out(fitted, known)},
        sql=(fitted.sql,),
    )


def _asked(
    warehouse: Warehouse, selection: Selection, columns: Sequence[str], hold: Sequence[str]
) -> tuple[Asked, dict[str, float]]:
    """What enters the model, and the share of answers that knows each measure."""
    model = warehouse.model
    numbers = [name for name, driver in model.drivers.items() if driver.level is Level.INTERVAL]
    taken = model.metric(selection.metric).column
    for name in (*columns, *hold):
        _check(model, name, taken)
    chosen = list(dict.fromkeys(columns or (n for n in numbers if model.drivers[n].column != taken)))
    measures = list(dict.fromkeys(n for n in (*hold, *chosen) if n in numbers))
    counts = warehouse.known(selection.metric, measures, selection.period, selection.filters).rows.iloc[0].tolist()
    if not counts[0]:
        raise NothingToShow("selection.empty")
    known = {name: count / counts[0] for name, count in zip(measures, counts[1:], strict=True)}
    chosen = [n for n in chosen if n not in hold and (columns or known[n] >= KNOWN_FROM)]
    if not chosen:
        raise NothingToShow("drivers.none_known", share=KNOWN_FROM)
    entering = tuple(n for n in measures if n in (*hold, *chosen))
    return Asked(tuple(chosen), tuple(dict.fromkeys(hold)), entering), known


def _check(model: SemanticModel, name: str, taken: str) -> None:
    """Refuses what cannot stand among the drivers of the metric that comes from the column `taken`."""
    driver = model.drivers.get(name)
    if driver is not None and driver.level is not Level.INTERVAL and name not in model.cuts:
        raise BadInput("dose.no_driver", name=name)
    if driver is None and name not in model.cuts:
        raise BadInput("drivers.unknown", name=name, near=near(name, [*model.drivers, *model.cuts]))
    if driver is None or driver.level is not Level.INTERVAL:
        check_side_by_side(model, [name])
    if taken in (driver.column if driver else None, model.cuts[name].column if name in model.cuts else None):
        raise BadInput("drivers.same_column", name={"dimension": name})


def _fitted(warehouse: Warehouse, selection: Selection, metric: Metric, asked: Asked) -> Fitted:
    every = (*asked.hold, *asked.drivers)  # what is held comes first: a driver that repeats it is the one left out
    factors = [name for name in every if name not in asked.measures]
    answer = warehouse.products(metric.name, asked.measures, factors, selection.period, selection.filters)
    if answer.rows.empty:
        raise NothingToShow("drivers.none_together")
    dummies = {name: _dummies(answer.rows, name) for name in factors}
    members = sum(len(columns) for columns in dummies.values())
    if members > MOST_MEMBERS:
        raise NothingToShow("drivers.too_many_members", members=members + len(factors), most=MOST_MEMBERS)
    columns = {name: list(dummies[name]) if name in dummies else [name] for name in every}
    names = [column for name in every for column in columns[name]]
    weight = warehouse.model.weight
    kind = Weights.SURVEY if weight and weight.kind == "survey" else Weights.FREQUENCY
    parts = _cross_products(answer.rows, names, asked.measures, dummies, metric, kind)
    whole = together(parts)
    if whole.n < LEAST_PER_COLUMN * (len(names) + 1):
        raise NothingToShow("drivers.too_few", n=whole.n, needed=LEAST_PER_COLUMN * (len(names) + 1))
    # Few clusters say little of their own spread; survey weights leave nothing else to go by.
    least = 2 if kind is Weights.SURVEY else LEAST_CLUSTERS
    fit = clustered_ols(parts) if len(parts) >= least else ols(whole)
    if not np.isfinite(fit.r2):
        raise NothingToShow("drivers.constant")
    blocks, held = {name: columns[name] for name in asked.drivers}, [c for n in asked.hold for c in columns[n]]
    found = importance(whole, blocks, hold=held)
    return Fitted(parts, asked.measures, blocks, held, fit, found, answer.rows, answer.sql)


def _dummies(rows: pd.DataFrame, name: str) -> dict[str, Array]:
    """A column of 0 and 1 for each member but the most frequent one, which the others are compared with."""
    values = rows[name].fillna("")
    counts = rows.groupby(values)["n"].sum().sort_values(ascending=False, kind="stable")
    return {f"{name}={member}": (values == member).to_numpy(dtype=float) for member in counts.index[1:]}


def _cross_products(
    rows: pd.DataFrame,
    names: Sequence[str],
    measures: Sequence[str],
    dummies: Mapping[str, Mapping[str, Array]],
    metric: Metric,
    kind: Weights,
) -> list[CrossProducts]:
    """Sums of each cluster; the metric on its own scale."""
    flags = np.column_stack([np.ones(len(rows)), *(d for block in dummies.values() for d in block.values())])
    numbers, moments = _moments(rows, len(measures), metric)
    cluster = pd.factorize(rows["cluster"] if "cluster" in rows else rows["n"] * 0, use_na_sentinel=False)[0]
    # the sums come with an intercept, the dummies and then the measures
    found, place = [], {c: i for i, c in enumerate([*(c for block in dummies.values() for c in block), *measures], 1)}
    order = [0, *(place[name] for name in names)]
    for code in range(int(cluster.max()) + 1):
        own = cluster == code
        whole = _block(flags[own], rows["w"].to_numpy(dtype=float)[own], numbers[own], moments[own])
        xx, last = whole[np.ix_(order, order)], whole.shape[0] - 1
        found.append(CrossProducts(tuple(names), float(rows["n"][own].sum()), xx, whole[order, last],
                                   float(whole[last, last]), kind))  # fmt: skip
    return found


def _moments(rows: pd.DataFrame, count: int, metric: Metric) -> tuple[Array, Array]:
    """Sums (rows, count + 1) and products (rows, count + 1, count + 1) of the measures and, last, of the metric."""
    order = [*range(1, count + 1), 0]
    sums = np.column_stack([rows[f"s{i}"].to_numpy(dtype=float) for i in order])
    products = np.array([[rows[f"p{min(i, j)}_{max(i, j)}"].to_numpy(dtype=float) for j in order] for i in order])
    products = products.transpose(2, 0, 1)
    a, b, w = metric.slope, metric.offset, rows["w"].to_numpy(dtype=float)
    raw = sums.copy()
    sums[:, -1] = a * raw[:, -1] + b * w
    products[:, :-1, -1] = products[:, -1, :-1] = a * products[:, :-1, -1] + b * raw[:, :-1]
    products[:, -1, -1] = a * a * products[:, -1, -1] + 2 * a * b * raw[:, -1] + b * b * w
    return sums, products


def _block(flags: Array, w: Array, sums: Array, products: Array) -> Array:
    """All products of the flags (the intercept first), the measures and the metric, over some cells."""
    corner, across = flags.T @ (flags * w[:, None]), flags.T @ sums
    return np.block([[corner, across], [across.T, products.sum(axis=0)]])


def _table(warehouse: Warehouse, fitted: Fitted, known: Mapping[str, float]) -> pd.DataFrame:
    clusters = fitted.parts if fitted.fit.clusters else []
    drawn = importance_intervals(clusters, fitted.blocks, hold=fitted.hold)
    tests = _tests(fitted)
    found = pd.DataFrame({
        "driver": list(fitted.blocks), "n_known": [known.get(name, 1.0) for name in fitted.blocks],
        "importance": fitted.importance.value, "low": drawn.low, "high": drawn.high, "share": fitted.importance.share,
        "standardised": fitted.importance.standardised, "p": tests, "p_adjusted": family_adjusted(tests)[0],
    })  # fmt: skip
    more = [_of_one(warehouse, fitted, name) for name in fitted.blocks]
    return found.join(pd.DataFrame(more)).sort_values("importance", ascending=False, ignore_index=True)[COLUMNS]


def _tests(fitted: Fitted) -> Array:
    """p that all coefficients of a driver are 0."""
    if fitted.fit.clusters:
        found = clustered_tests(fitted.parts, {**fitted.blocks, **({"": fitted.hold} if fitted.hold else {})})
        return np.array([found[name].p for name in fitted.blocks])
    return np.array([block_test(fitted.fit, columns).p for columns in fitted.blocks.values()])


def _of_one(warehouse: Warehouse, fitted: Fitted, name: str) -> dict[str, float]:
    """Coefficient and spread of a driver that is one number; a factor has none."""
    keys = ("coefficient", "coefficient_low", "coefficient_high", "vif", "mean", "performance")
    if name not in fitted.measures:
        return dict.fromkeys(keys, NAN)
    place, i = fitted.fit.names.index(name), fitted.measures.index(name) + 1
    test = fitted.fit.tests()[place]
    mean = float(fitted.rows[f"s{i}"].sum() / fitted.rows["w"].sum())
    low, high = float(fitted.rows[f"low{i}"].min()), float(fitted.rows[f"high{i}"].max())
    place_of_mean = 100 * (mean - low) / (high - low) if high > low else NAN
    performance = place_of_mean if warehouse.model.drivers[name].better == "high" else 100 - place_of_mean
    return {
        "coefficient": test.value, "coefficient_low": test.interval.low, "coefficient_high": test.interval.high,
        "vif": float(fitted.fit.vif[place]), "mean": mean, "performance": performance,
    }  # fmt: skip


def _statistics(fitted: Fitted, table: pd.DataFrame, known: Mapping[str, float]) -> dict[str, Any]:
    return {
        "n": fitted.fit.n,
        "r2": fitted.fit.r2,
        "held_r2": fitted.importance.held,
        "method": fitted.importance.method,
        "condition_number": fitted.fit.condition,
        "clusters": fitted.fit.clusters,
        "drivers": len(table),
        "family": int(table["p"].notna().sum()),
        "known_least": min((known[name] for name in fitted.measures), default=1.0),
    }


def _left_out(fitted: Fitted, known: Mapping[str, float]) -> pd.DataFrame:
    """Drivers not in the model: known for too few answers, or saying nothing beyond the others."""
    rows = [{"driver": n, "why": "unknown", "known": share} for n, share in known.items() if n not in fitted.measures]
    out = {c.name: c.repeats for c in fitted.fit.collinear}
    for name, columns in fitted.blocks.items():
        if out.keys() >= set(columns):  # a dimension of a single member has no column
            why = "repeats" if any(out[c] for c in columns) else "constant"
            rows.append({"driver": name, "why": why, "known": known.get(name, 1.0)})
    return pd.DataFrame(rows, columns=["driver", "why", "known"])


def _findings(table: pd.DataFrame, statistics: Mapping[str, Any], metric: Metric) -> tuple[Statement, ...]:
    """Without any p the order of importance is still told; a caveat then says that nobody knows how sure it is."""
    sure = table[table["p_adjusted"] < 0.05] if table["p"].notna().any() else table[table["share"] > 0]
    values = {**statistics, "unit": metric.unit}
    if sure.empty:
        return (Statement("drivers.none_sure", values),)
    top = sure.iloc[0]
    names = ("share", "importance", "coefficient", "coefficient_low", "coefficient_high")
    first = {**values, "driver": {"dimension": top["driver"]}, **{k: top[k] for k in names}}
    told = [Statement("drivers.top", first), Statement("drivers.explained", values)]
    if top["coefficient_low"] == top["coefficient_low"]:
        told.append(Statement("drivers.step", first))
    unsure = table[table["p_adjusted"] >= 0.05]["driver"]
    if len(unsure):
        told.append(Statement("drivers.unsure", {**values, "names": [{"dimension": name} for name in unsure]}))
    return tuple(told)


def _caveats(fitted: Fitted, statistics: Mapping[str, Any]) -> tuple[Statement, ...]:
    found = []
    if 0 < fitted.fit.clusters < FEW_CLUSTERS:
        found.append(Statement("caveat.few_clusters", {"clusters": fitted.fit.clusters}))
    if not np.isfinite(fitted.fit.errors).any():
        found.append(Statement("drivers.no_errors"))
    if statistics["method"] == "johnson":
        found.append(Statement("drivers.contested"))
    if np.nanmax(fitted.fit.vif[1:], initial=0.0) > 10:
        found.append(Statement("drivers.collinear"))
    if statistics["known_least"] < 1:
        found.append(Statement("drivers.known_only", statistics))
    return (*found, Statement("drivers.not_effect"))

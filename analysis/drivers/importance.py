"""Which drivers matter to the score, and how much? Shares of R2 from sums of products in the warehouse.

A linear model of the metric on all drivers at once: LMG gives each its part of R2 averaged over all orders; beyond
fifteen drivers Johnson's weights are used (see `stats.relative_importance`). Errors are clustered where the model
names a cluster. Importance is association: it says where to look, not what a change would do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.drivers.cross_products import cross_products, dummies_of, named_clusters
from analysis.drivers.findings import caveats, findings
from analysis.drivers.model_columns import ModelColumns, model_columns
from analysis.drivers.models import models
from analysis.drivers.patterns import complete_cases, parts_of_counts
from analysis.drivers.strengths import LINES, DriverScale, driver_scales, mapped
from analysis.estimate import LEAST_CLUSTERS
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from analysis.stats.clustered_regression import clustered_ols, clustered_tests
from analysis.stats.clustering import COPY
from analysis.stats.inflation import gvif
from analysis.stats.intervals import NAN, Array
from analysis.stats.multiplicity import family_adjusted
from analysis.stats.regression import CrossProducts, Fit, Weights, block_test, correlations, ols, together
from analysis.stats.relative_importance import Importance, importance, importance_intervals
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.semantics import SemanticModel
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

LEAST_PER_COLUMN = 10  # answers for each column of the model
PARTS = 40  # random parts of the contacts
MOST_MEMBERS = 50  # of all dimensions together, without the reference member of each
HOW_CERTAIN = tuple(Statement(f"how.drivers.{name}") for name in ("interval", "map", "gvif"))
OF_NUMBERS = ("coefficient", "coefficient_low", "coefficient_high", "step", "per_step", "per_step_low",
              "per_step_high", "mean", "performance", "performance_low", "performance_high")  # fmt: skip
COLUMNS = ["driver", "n_known", "importance", "low", "high", "share", *OF_NUMBERS[:7], "standardised", "p",
           "p_adjusted", "vif", *OF_NUMBERS[7:], "line", "quadrant", "unit", "yes_no"]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """Sums by cluster (one for independent answers), the columns of each driver, the fit and the importances.

    drawn: the sums that the intervals of importance resample: clusters or random parts of the contacts. alone: which
    sums are of parts by chance of the answers without a cluster, which do not come together.
    """

    parts: list[CrossProducts]
    drawn: list[CrossProducts]
    alone: Array
    measures: tuple[str, ...]
    blocks: Mapping[str, list[str]]
    hold: list[str]
    fit: Fit
    importance: Importance
    rows: pd.DataFrame
    sql: str
    copies: Mapping[str, str] = field(default_factory=dict)  # left out: they repeat the "score" or other drivers


@within_limits
def drivers(
    warehouse: Warehouse,
    selection: Selection,
    *,
    columns: Sequence[str] = (),
    hold: Sequence[str] = (),
    lines: str = "mean",
    deep: bool = False,
) -> Result:
    """Each driver's part of R2 with interval, coefficient, p and quadrant of the map of strengths, largest first.

    columns: interval drivers and dimensions; by default the interval drivers known for half of the answers.
    hold: controls, drivers or dimensions that every model contains.
    lines: what divides the map: the mean of all, or where the table of targets names a driver its `target`.
    deep: with the parts of `models.models` as well, which fetch rows.
    Raises BadInput for a reason, an overlapping dimension, the metric's own column or an unknown name; NothingToShow
    when too few answers have all drivers or dimensions have too many members.
    """
    if lines not in LINES:
        raise BadInput("strengths.unknown_lines", name=lines, known=", ".join(LINES))
    metric = warehouse.model.metric(selection.metric)
    chosen, known = model_columns(warehouse, selection, columns, hold)
    fitted = _fitted(warehouse, selection, metric, chosen)
    scales = _scales(warehouse.model, fitted)
    targets = _targets(warehouse, scales) if lines == "target" else {}
    table, where = mapped(_table(warehouse.model, fitted, known, scales), targets)
    steps = {name: s.step for name, s in scales.items()}
    held = [name for name in chosen.hold if name not in fitted.copies]
    deeper = models(warehouse, selection, table["driver"].tolist(), held, steps) if deep else None
    statistics = {**_statistics(fitted, table, known), **where, "lines": lines, "targets": len(targets),
                  **(deeper.statistics if deeper else {})}  # fmt: skip
    return Result.of(
        warehouse,
        selection,
        metric,
        "drivers",
        statistics=statistics,
        table=table[COLUMNS],
        findings=(*findings(table, statistics, metric), *(deeper.findings if deeper else ())),
        caveats=caveats(fitted.fit, statistics, fitted.copies),
        how=Method("drivers", Statement(f"how.drivers.{fitted.importance.method}", statistics),
                   (*HOW_CERTAIN, *((Statement("how.drivers.ordinal", statistics),) if deep else ()))),
        options={"by": (), "columns": tuple(columns), "hold": tuple(hold),
                 **({"lines": lines} if lines != "mean" else {}), **({"deep": True} if deep else {})},
        parts={"left_out": _left_out(fitted, known), **(deeper.parts if deeper else {})},
        sql=(fitted.sql, *(deeper.sql if deeper else ())),
    )  # fmt: skip


def _fitted(warehouse: Warehouse, selection: Selection, metric: Metric, chosen: ModelColumns) -> Fitted:
    entered = (*chosen.hold, *chosen.drivers)  # controls first: a collinear driver is the one left out
    factors = chosen.factors
    answer = warehouse.products(metric.name, chosen.measures, factors, selection.period, selection.filters)
    if answer.rows.empty:
        raise NothingToShow("drivers.none_together")
    dummies = {name: dummies_of(answer.rows, name) for name in factors}
    members = sum(len(columns) for columns in dummies.values())
    if members > MOST_MEMBERS:
        raise NothingToShow("drivers.too_many_members", members=members + len(factors), most=MOST_MEMBERS)
    columns = {name: list(dummies[name]) if name in dummies else [name] for name in entered}
    names = [column for name in entered for column in columns[name]]
    weight = warehouse.model.weight
    kind = Weights.SURVEY if weight and weight.kind == "survey" else Weights.FREQUENCY
    parts = cross_products(answer.rows, names, chosen.measures, dummies=dummies, metric=metric, kind=kind)
    whole = together(parts)
    if whole.n < LEAST_PER_COLUMN * (len(names) + 1):
        raise NothingToShow("drivers.too_few", n=whole.n, needed=LEAST_PER_COLUMN * (len(names) + 1))
    copies = _copies(whole, columns)
    if copies:
        return replace(_fitted(warehouse, selection, metric, _without(chosen, copies)), copies=copies)
    # Few clusters give poor errors; with survey weights there is no alternative.
    named, is_survey = named_clusters(answer.rows), kind is Weights.SURVEY
    clusters, least = (len(parts), 2) if is_survey else (named, LEAST_CLUSTERS)
    alone = np.arange(len(parts)) >= named
    fit = replace(clustered_ols(parts, alone=alone), clusters=clusters) if clusters >= least else ols(whole)
    if not np.isfinite(fit.r2):
        raise NothingToShow("drivers.constant")
    by_chance = not is_survey and not fit.clusters
    drawn = _parts_by_chance(warehouse, selection, metric, chosen, names) if by_chance else parts
    blocks, controls = {name: columns[name] for name in chosen.drivers}, [c for n in chosen.hold for c in columns[n]]
    importances = importance(whole, blocks, hold=controls)
    return Fitted(
        parts=parts,
        drawn=drawn,
        alone=alone,
        measures=chosen.measures,
        blocks=blocks,
        hold=controls,
        fit=fit,
        importance=importances,
        rows=answer.rows,
        sql=answer.sql,
    )


def _copies(whole: CrossProducts, columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Drivers that alone already say what the metric is, and those that say what one before them says."""
    found = {name: "score" for name, own in columns.items() if own and ols(whole.only(list(own))).r2 >= COPY**2}
    single = {own[0]: name for name, own in columns.items() if len(own) == 1 and name not in found}
    correlated = np.abs(correlations(whole.xx, whole.xy, np.array(whole.yy)).matrix)
    places, kept = {column: i for i, column in enumerate(whole.names)}, list[str]()
    for column, name in single.items():
        if any(correlated[places[column], places[other]] >= COPY for other in kept):
            found[name] = "repeats"
        else:
            kept.append(column)
    return found


def _without(chosen: ModelColumns, copies: Mapping[str, str]) -> ModelColumns:
    drivers, hold, measures = (
        tuple(name for name in names if name not in copies)
        for names in (chosen.drivers, chosen.hold, chosen.measures)
    )
    if not drivers:
        raise NothingToShow("drivers.only_copies", names=[{"dimension": name} for name in copies])
    return ModelColumns(drivers, hold, measures)


def _parts_by_chance(
    warehouse: Warehouse, selection: Selection, metric: Metric, chosen: ModelColumns, names: Sequence[str]
) -> list[CrossProducts]:
    """The same sums by random parts of the contacts, to resample where clusters are too few.

    A row that stands for many answers is shared out among the parts: its answers did not come together.
    """
    if warehouse.model.weight is not None:
        return parts_of_counts(complete_cases(warehouse, selection, [*chosen.hold, *chosen.drivers]), names, PARTS)
    of = (metric.name, chosen.measures, chosen.factors, selection.period, selection.filters)
    rows = warehouse.products(*of, parts=PARTS).rows
    dummies = {name: dummies_of(rows, name) for name in chosen.factors}
    return cross_products(rows, names, chosen.measures, dummies=dummies, metric=metric, kind=Weights.FREQUENCY)


def _scales(model: SemanticModel, fitted: Fitted) -> dict[str, DriverScale]:
    """Mean and scale of each numeric driver; dimensions have none."""
    rows, places = fitted.rows, {name: i for i, name in enumerate(fitted.measures, 1) if name in fitted.blocks}
    extremes = {n: (float(rows[f"low{i}"].min()), float(rows[f"high{i}"].max())) for n, i in places.items()}
    better = {name: model.drivers[name].better for name in places}
    return driver_scales(fitted.parts, extremes, better, alone=fitted.alone if fitted.fit.clusters else None)


def _targets(warehouse: Warehouse, scales: Mapping[str, DriverScale]) -> dict[str, float]:
    """Target performance of the drivers for which the table of targets has one over all contacts."""
    performances = {}
    for name, scale in scales.items():
        rows = warehouse.targets(name)
        for target in rows["target"][rows["dimension"].isna()]:
            performances[name] = scale.performance(target)
    return performances


def _table(
    model: SemanticModel, fitted: Fitted, known: Mapping[str, float], scales: Mapping[str, DriverScale]
) -> pd.DataFrame:
    alone = fitted.alone if fitted.fit.clusters else None
    intervals = importance_intervals(fitted.drawn, fitted.blocks, hold=fitted.hold, alone=alone)
    tests = _tests(fitted)
    table = pd.DataFrame(
        {
            "driver": list(fitted.blocks),
            "n_known": [known.get(name, 1.0) for name in fitted.blocks],
            "importance": fitted.importance.value,
            "low": intervals.low,
            "high": intervals.high,
            "share": fitted.importance.share,
            "standardised": fitted.importance.standardised,
            "p": tests,
            "p_adjusted": family_adjusted(tests)[0],
            "vif": _inflation(fitted),
            "unit": [model.drivers[n].unit if n in scales else "" for n in fitted.blocks],
            "yes_no": [n in scales and scales[n].is_yes_no for n in fitted.blocks],
        }
    )
    coefficients = pd.DataFrame([_of_one(fitted, name, scales.get(name)) for name in fitted.blocks])
    return table.join(coefficients).sort_values("importance", ascending=False, ignore_index=True)


def _inflation(fitted: Fitted) -> list[float]:
    """VIF of a numeric driver; GVIF^(1/df) of a dimension, which is on the scale of VIF."""
    fit, blocks = fitted.fit, {**fitted.blocks, **({"": fitted.hold} if fitted.hold else {})}
    inflation = gvif(fit.names, fit.inverse, blocks)
    return [inflation[name].per_column ** 2 for name in fitted.blocks]


def _tests(fitted: Fitted) -> Array:
    """p that all coefficients of a driver are 0."""
    if fitted.fit.clusters:
        blocks = {**fitted.blocks, **({"": fitted.hold} if fitted.hold else {})}
        tests = clustered_tests(fitted.parts, blocks, alone=fitted.alone)
        return np.array([tests[name].p for name in fitted.blocks])
    return np.array([block_test(fitted.fit, columns).p for columns in fitted.blocks.values()])


def _of_one(fitted: Fitted, name: str, scale: DriverScale | None) -> dict[str, float]:
    """Coefficient, per unit and per step, and performance of a numeric driver; a dimension has none."""
    if scale is None:
        return dict.fromkeys(OF_NUMBERS, NAN)
    test = fitted.fit.tests()[fitted.fit.names.index(name)]
    slope = np.array([test.value, test.interval.low, test.interval.high])
    place = scale.performance(scale.mean), *scale.interval
    return dict(zip(OF_NUMBERS, [*slope, scale.step, *(slope * scale.step), scale.mean, *place], strict=True))


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
    """Drivers not in the model: known for too few answers, constant or collinear."""
    unknown = [n for n in known if n not in (*fitted.measures, *fitted.copies)]
    rows = [{"driver": n, "why": "unknown", "known": known[n]} for n in unknown]
    rows += [{"driver": n, "why": why, "known": known.get(n, 1.0)} for n, why in fitted.copies.items()]
    out = {c.name: c.repeats for c in fitted.fit.collinear}
    for name, columns in fitted.blocks.items():
        if out.keys() >= set(columns):  # a dimension of a single member has no column
            why = "repeats" if any(out[c] for c in columns) else "constant"
            rows.append({"driver": name, "why": why, "known": known.get(name, 1.0)})
    return pd.DataFrame(rows, columns=["driver", "why", "known"])

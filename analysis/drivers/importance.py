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
from analysis.drivers.findings import caveats, findings
from analysis.drivers.models import models
from analysis.drivers.strengths import LINES, Spread, mapped, spreads
from analysis.drivers.sums import cross_products, dummies_of
from analysis.estimate import LEAST_CLUSTERS
from analysis.result import Method, Result, Statement
from analysis.stats.clustered_regression import clustered_ols, clustered_tests
from analysis.stats.importance import Importance, importance, importance_intervals
from analysis.stats.inflation import gvif
from analysis.stats.intervals import NAN, Array
from analysis.stats.multiplicity import family_adjusted
from analysis.stats.regression import CrossProducts, Fit, Weights, block_test, ols, together
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.semantics import Level, SemanticModel, near
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

KNOWN_FROM = 0.5  # of the answers: a driver known for fewer would leave too few to compare
LEAST_PER_COLUMN = 10  # answers for each column of the model
PARTS = 40  # of the contacts, by chance
MOST_MEMBERS = 50  # of all dimensions together, beside the one of each that the others are compared with
HOW_SURE = tuple(Statement(f"how.drivers.{name}") for name in ("interval", "map", "gvif"))
OF_NUMBERS = ("coefficient", "coefficient_low", "coefficient_high", "step", "per_step", "per_step_low",
              "per_step_high", "mean", "performance", "performance_low", "performance_high")  # fmt: skip
COLUMNS = ["driver", "n_known", "importance", "low", "high", "share", *OF_NUMBERS[:7], "standardised", "p",
           "p_adjusted", "vif", *OF_NUMBERS[7:], "line", "quadrant", "unit", "yes_no"]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """The drivers, what is held fixed beside them, and which of all these are numbers; the others are dimensions."""

    drivers: tuple[str, ...]
    hold: tuple[str, ...]
    measures: tuple[str, ...]

    @property
    def factors(self) -> list[str]:
        """Dimensions, what is held first."""
        return [name for name in (*self.hold, *self.drivers) if name not in self.measures]


@dataclass(frozen=True)
class Fitted:
    """Sums by cluster (one where answers stand alone), the columns of each driver, and what came of them.

    drawn: the sums by what the intervals of importance draw from, clusters or parts of the contacts.
    """

    parts: list[CrossProducts]
    drawn: list[CrossProducts]
    measures: tuple[str, ...]
    blocks: Mapping[str, list[str]]
    hold: list[str]
    fit: Fit
    importance: Importance
    rows: pd.DataFrame
    sql: str


def drivers(
    warehouse: Warehouse,
    selection: Selection,
    *,
    columns: Sequence[str] = (),
    hold: Sequence[str] = (),
    lines: str = "mean",
    deep: bool = False,
) -> Result:
    """Each driver's part of R2 with interval, coefficient, p and place on the map of strengths, most important first.

    columns: interval drivers and dimensions; by default the interval drivers known for half of the answers.
    hold: drivers or dimensions that every model contains, so that importance is beside them.
    lines: what divides the map: the mean of all, or where the table of targets names a driver its `target`.
    deep: with the parts of `models.models` as well, which fetch rows.
    Raises BadInput for a reason, an overlapping dimension, the metric's own column or an unknown name; NothingToShow
    when too few answers know all drivers or dimensions have too many members.
    """
    if lines not in LINES:
        raise BadInput("strengths.unknown_lines", name=lines, known=", ".join(LINES))
    metric = warehouse.model.metric(selection.metric)
    asked, known = _asked(warehouse, selection, columns, hold)
    fitted = _fitted(warehouse, selection, metric, asked)
    spread = _spread(warehouse.model, fitted)
    targets = _targets(warehouse, spread) if lines == "target" else {}
    table, where = mapped(_table(warehouse.model, fitted, known, spread), targets)
    steps = {name: s.step for name, s in spread.items()}
    behind = models(warehouse, selection, table["driver"].tolist(), asked.hold, steps) if deep else None
    statistics = {**_statistics(fitted, table, known), **where, "lines": lines, "targets": len(targets),
                  **(behind.statistics if behind else {})}  # fmt: skip
    return Result.of(
        warehouse,
        selection,
        metric,
        "drivers",
        statistics=statistics,
        table=table[COLUMNS],
        findings=(*findings(table, statistics, metric), *(behind.findings if behind else ())),
        caveats=caveats(fitted.fit, statistics),
        how=Method("drivers", Statement(f"how.drivers.{fitted.importance.method}", statistics),
                   (*HOW_SURE, *((Statement("how.drivers.ordinal", statistics),) if deep else ()))),
        options={"by": (), "columns": tuple(columns), "hold": tuple(hold),
                 **({"lines": lines} if lines != "mean" else {}), **({"deep": True} if deep else {})},
        parts={"left_out": _left_out(fitted, known), **(behind.parts if behind else {})},
        sql=(fitted.sql, *(behind.sql if behind else ())),
    )  # fmt: skip


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
    factors = asked.factors
    answer = warehouse.products(metric.name, asked.measures, factors, selection.period, selection.filters)
    if answer.rows.empty:
        raise NothingToShow("drivers.none_together")
    dummies = {name: dummies_of(answer.rows, name) for name in factors}
    members = sum(len(columns) for columns in dummies.values())
    if members > MOST_MEMBERS:
        raise NothingToShow("drivers.too_many_members", members=members + len(factors), most=MOST_MEMBERS)
    columns = {name: list(dummies[name]) if name in dummies else [name] for name in every}
    names = [column for name in every for column in columns[name]]
    weight = warehouse.model.weight
    kind = Weights.SURVEY if weight and weight.kind == "survey" else Weights.FREQUENCY
    parts = cross_products(answer.rows, names, asked.measures, dummies, metric, kind)
    whole = together(parts)
    if whole.n < LEAST_PER_COLUMN * (len(names) + 1):
        raise NothingToShow("drivers.too_few", n=whole.n, needed=LEAST_PER_COLUMN * (len(names) + 1))
    # Few clusters say little of their own spread; survey weights leave nothing else to go by.
    least = 2 if kind is Weights.SURVEY else LEAST_CLUSTERS
    fit = clustered_ols(parts) if len(parts) >= least else ols(whole)
    if not np.isfinite(fit.r2):
        raise NothingToShow("drivers.constant")
    by_chance = kind is not Weights.SURVEY and not fit.clusters
    drawn = _parts_by_chance(warehouse, selection, metric, asked, names) if by_chance else parts
    blocks, held = {name: columns[name] for name in asked.drivers}, [c for n in asked.hold for c in columns[n]]
    found = importance(whole, blocks, hold=held)
    return Fitted(parts, drawn, asked.measures, blocks, held, fit, found, answer.rows, answer.sql)


def _parts_by_chance(
    warehouse: Warehouse, selection: Selection, metric: Metric, asked: Asked, names: Sequence[str]
) -> list[CrossProducts]:
    """The same sums by parts of the contacts: where clusters are too few to draw from, single answers stand alone."""
    of = (metric.name, asked.measures, asked.factors, selection.period, selection.filters)
    rows = warehouse.products(*of, parts=PARTS).rows
    dummies = {name: dummies_of(rows, name) for name in asked.factors}
    return cross_products(rows, names, asked.measures, dummies, metric, Weights.FREQUENCY)


def _spread(model: SemanticModel, fitted: Fitted) -> dict[str, Spread]:
    """How each driver that is one number lies; of dimensions nothing."""
    rows, places = fitted.rows, {name: i for i, name in enumerate(fitted.measures, 1) if name in fitted.blocks}
    extremes = {n: (float(rows[f"low{i}"].min()), float(rows[f"high{i}"].max())) for n, i in places.items()}
    better = {name: model.drivers[name].better for name in places}
    return spreads(fitted.parts, extremes, better, clustered=bool(fitted.fit.clusters))


def _targets(warehouse: Warehouse, spread: Mapping[str, Spread]) -> dict[str, float]:
    """Performance that drivers ought to have, of those for which the table of targets says so over all."""
    found = {}
    for name, own in spread.items():
        rows = warehouse.targets(name)
        for target in rows["target"][rows["dimension"].isna()]:
            found[name] = own.performance(target)
    return found


def _table(
    model: SemanticModel, fitted: Fitted, known: Mapping[str, float], spread: Mapping[str, Spread]
) -> pd.DataFrame:
    drawn = importance_intervals(fitted.drawn, fitted.blocks, hold=fitted.hold)
    tests = _tests(fitted)
    found = pd.DataFrame({
        "driver": list(fitted.blocks), "n_known": [known.get(name, 1.0) for name in fitted.blocks],
        "importance": fitted.importance.value, "low": drawn.low, "high": drawn.high, "share": fitted.importance.share,
        "standardised": fitted.importance.standardised, "p": tests, "p_adjusted": family_adjusted(tests)[0],
        "vif": _inflation(fitted),
        "unit": [model.drivers[n].unit if n in spread else "" for n in fitted.blocks],
        "yes_no": [n in spread and spread[n].is_yes_no for n in fitted.blocks],
    })  # fmt: skip
    more = pd.DataFrame([_of_one(fitted, name, spread.get(name)) for name in fitted.blocks])
    return found.join(more).sort_values("importance", ascending=False, ignore_index=True)


def _inflation(fitted: Fitted) -> list[float]:
    """Of a driver that is one number VIF; of a dimension GVIF^(1/df), which is on the scale of VIF."""
    fit, blocks = fitted.fit, {**fitted.blocks, **({"": fitted.hold} if fitted.hold else {})}
    found = gvif(fit.names, fit.inverse, blocks)
    return [found[name].per_column ** 2 for name in fitted.blocks]


def _tests(fitted: Fitted) -> Array:
    """p that all coefficients of a driver are 0."""
    if fitted.fit.clusters:
        found = clustered_tests(fitted.parts, {**fitted.blocks, **({"": fitted.hold} if fitted.hold else {})})
        return np.array([found[name].p for name in fitted.blocks])
    return np.array([block_test(fitted.fit, columns).p for columns in fitted.blocks.values()])


def _of_one(fitted: Fitted, name: str, spread: Spread | None) -> dict[str, float]:
    """Coefficient, for one more and for a step, and place of a driver that is one number; a dimension has none."""
    if spread is None:
        return dict.fromkeys(OF_NUMBERS, NAN)
    test = fitted.fit.tests()[fitted.fit.names.index(name)]
    slope = np.array([test.value, test.interval.low, test.interval.high])
    place = spread.performance(spread.mean), *spread.interval
    return dict(zip(OF_NUMBERS, [*slope, spread.step, *(slope * spread.step), spread.mean, *place], strict=True))


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

"""How much of a loss does each step of a path keep? 3G 100 % -> waiting 37.0 % -> days 1-3 and 28-31 22.2 %.

kept = lost points of a step / lost points of the first step; kept_of_all = the same of everything lost. Source: the
product's definitions, variants DD1 to DD3, along a path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import FEW_CLUSTERS, WITHHELD_BELOW, Cells, changes, coded, estimates
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement, Unit
from analysis.shares import Shares, shares_of
from analysis.stats.intervals import NAN, SIGNIFICANCE, Array
from analysis.step_names import Path, path_name
from analysis.trace.path import ask_along, before_reasons, checked, plain, within
from data_access.metrics import Metric
from data_access.selection import Filter, Selection
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse

NUMBERS = (
    "n", "share", "score", "low", "high", "lost_points", "lost_raw", "kept", "kept_low", "kept_high",
    "kept_of_all", "of_all_low", "of_all_high",
)  # fmt: skip


@within_limits
def trace(warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = ()) -> Result:
    """The loss along a path: a row for everything (step 0) and one for each step.

    table: step, dimension, value (tuple), n, share (of all answers), score with 95 % interval, lost_points (its part
    of the distance from the best), lost_raw (lost points on the scale of the answers; for a rate the contacts
    that count against it), kept (of the first step's loss; NaN for step 0) and kept_of_all with intervals; with a
    baseline lost_points0, and up to the first reason score0, change, change_low, change_high, p. A reason takes its
    part of the reasons an answer names and holds only answers that lost points. Scores of fewer than 10 are withheld.
    Raises BadInput for an unknown dimension or a step without values, NothingToShow without an answer.
    """
    path, metric = checked(warehouse, path), warehouse.model.metric(selection.metric)
    (now,) = ask_along(warehouse, selection, path, [()], selection.period)
    if now.empty:
        raise NothingToShow("selection.empty")
    before = ask_along(warehouse, selection, path, [()], selection.baseline)[0] if selection.baseline else None
    reached = before_reasons(warehouse.model, path)
    table = _table(now, before, path, reached)
    statistics = _statistics(table, metric)
    values = {**statistics, "unit": metric.unit}
    return Result.of(
        warehouse,
        selection,
        metric,
        "trace",
        statistics=statistics,
        table=table,
        findings=_findings(table, values, path),
        caveats=_caveats(table, now, reached, before),
        how=_method(table, values, metric, path),
        options={"path": plain(path)},
        sql=tuple(cells.sql for cells in (now, before) if cells is not None),
    )


def _table(now: Cells, before: Cells | None, path: Path, reached: int) -> pd.DataFrame:
    """One row per step, everything first."""
    k, metric = len(path) + 1, now.metric
    (rows,), whole = _stepped(k, now.rows), float(now.rows["w"].sum())
    e, of_all = estimates(rows, k, metric), _shares(now.rows, k, 0)
    of_first = _shares(now.rows, k, 1) if path else Shares(*(np.full(1, NAN) for _ in range(4)))
    kept = [np.concatenate([[NAN], getattr(of_first, name)[1:]]) for name in ("share", "low", "high")]
    numbers = (
        e.n, e.weight / whole, *(e.shown(name) for name in ("value", "low", "high")), of_all.lost / whole,
        of_all.lost / abs(metric.slope), *kept, of_all.share, of_all.low, of_all.high,
    )  # fmt: skip
    table = pd.DataFrame(dict(zip(NUMBERS, numbers, strict=True)))
    table.insert(0, "step", range(k))
    table.insert(1, "dimension", pd.Series([None, *(step.dimension for step in path)], dtype=object))
    table.insert(2, "value", pd.Series([(), *(step.values for step in path)], dtype=object))
    return table if before is None else table.assign(**_moved(before, now, k, reached))


def _stepped(steps: int, *frames: pd.DataFrame) -> list[pd.DataFrame]:
    """The cells of each step, with its number (s) and their clusters (c), the same in all frames."""
    coded_frames = coded(*(rows.assign(segment=0) for rows in frames))[1]
    return [
        pd.concat([within(rows, i).assign(s=i) for i in range(steps)], ignore_index=True) for rows in coded_frames
    ]


def _shares(rows: pd.DataFrame, steps: int, first: int) -> Shares:
    """Each step's share in the loss of step `first`; nothing for the steps before it."""
    base = within(coded(rows.assign(segment=0))[1][0], first)
    inside = []
    for i in range(first, steps):
        own = base[base[f"step{i}"] > 0]
        inside.append(own.assign(s=i, part=own[f"step{i}"] / own[f"step{first}"]))
    return shares_of(pd.concat(inside, ignore_index=True), base, steps)


def _moved(before: Cells, now: Cells, steps: int, reached: int) -> dict[str, Array]:
    """Lost points before, and the change of the score up to the first reason, which only low ratings have."""
    past, rows = _stepped(steps, before.rows, now.rows)
    e0, e1 = estimates(past, steps, now.metric), estimates(rows, steps, now.metric)
    comparable = ~e0.withheld & ~e1.withheld & (np.arange(steps) <= reached)
    changed = changes(past, rows, steps, now.metric)
    weight = float(before.rows["w"].sum())
    lost = np.bincount(past["s"], past["lost"], steps) / weight if weight else np.full(steps, NAN)
    numbers = {
        "score0": e0.value,
        "change": np.array([d.value for d in changed]),
        "change_low": np.array([d.interval.low for d in changed]),
        "change_high": np.array([d.interval.high for d in changed]),
        "p": np.array([d.p for d in changed]),
    }
    return {"n0": e0.n, "lost_points0": lost, **{name: np.where(comparable, v, NAN) for name, v in numbers.items()}}


def _statistics(table: pd.DataFrame, metric: Metric) -> dict[str, Any]:
    """Everything lost, and the end of the path."""
    whole, end = table.iloc[0], table.iloc[-1]
    first = table.iloc[min(1, len(table) - 1)]
    statistics = {"lost_points": whole["lost_points"], "lost_raw": whole["lost_raw"], "score": whole["score"]}
    statistics |= {"low": whole["low"], "high": whole["high"], "n": whole["n"], "steps": len(table) - 1}
    statistics |= {"first_raw": first["lost_raw"], "end_n": end["n"], "end_score": end["score"]}
    statistics |= {f"end_{name}": end[name] for name in ("share", "lost_points", "lost_raw")}
    statistics |= {
        name: end[name] for name in ("kept", "kept_low", "kept_high", "kept_of_all", "of_all_low", "of_all_high")
    }
    if "change" in table:
        statistics |= {
            "baseline_score": whole["score0"],
            **{n: whole[n] for n in ("change", "change_low", "change_high", "p")},
        }
        statistics |= {
            "end_score0": end["score0"],
            **{f"end_{n}": end[n] for n in ("change", "change_low", "change_high", "p")},
        }
    return {name: value.item() if hasattr(value, "item") else value for name, value in statistics.items()}


def _findings(table: pd.DataFrame, values: Mapping[str, Any], path: Path) -> tuple[Statement, ...]:
    if not values["lost_raw"] > 0:
        return (Statement("trace.nothing_lost"),)
    values_ = dict(values)
    if path:
        values_ |= {"first": path_name(path[:1]), "place": path_name(path), "path": plain(path)}
    key = ("whole", "first", "found")[min(len(path), 2)]
    statements = [Statement(f"trace.{key}_{values['unit']}", values_)]
    return (*statements, *_change(table, path, values["unit"]))


def _change(table: pd.DataFrame, path: Path, unit: Unit) -> tuple[Statement, ...]:
    """The change of the score of the last step comparable with the baseline."""
    known = table[table["change"].notna()] if "change" in table else table.iloc[:0]
    if known.empty:
        return ()
    row = known.iloc[-1]
    step = int(row["step"])
    direction = "fell" if row["change"] < 0 else "rose"
    key = direction if row["p"] < SIGNIFICANCE else f"unclear_{direction}"
    numbers = {n: row[n] for n in ("score0", "score", "change", "change_low", "change_high", "p")}
    where = {"place": path_name(path[:step]), "steps": step} if step else {}
    return (Statement(f"trace.{'place' if step else 'whole'}_{key}", {**numbers, **where, "unit": unit}),)


def _beyond_others(table: pd.DataFrame, now: Cells, reached: int) -> tuple[Statement, ...]:
    """What the place loses beyond its share, where that may be chance: its level beside its own change.

    Tested by the scores of the place and of all others, clusters paired: an interval of its share of the loss holds
    besides how many of the answers it happens to have.
    """
    place, metric = table.iloc[reached], now.metric
    outside = now.rows[now.rows[f"step{reached}"] == 0]
    if not reached or not place["n"] or outside.empty:
        return ()
    elsewhere, here = coded(outside.assign(segment=0), within(now.rows, reached).assign(segment=0))[1]
    (level,) = changes(elsewhere, here, 1, metric)
    if level.p < SIGNIFICANCE and level.value * metric.sign < 0:
        return ()
    values = {name: place[name] for name in ("kept_of_all", "share")}
    values |= {"level": level.value, "level_p": level.p, "unit": metric.unit}
    change = place.get("change", NAN)
    if change * metric.sign < 0 and place["p"] < SIGNIFICANCE:
        return (Statement("trace.fell_to_the_others", {**values, "change": change, "p": place["p"]}),)
    return (Statement("trace.not_beyond_share", values),)


def _caveats(table: pd.DataFrame, now: Cells, reached: int, before: Cells | None) -> tuple[Statement, ...]:
    statements, end, rows = list[Statement](), table.iloc[-1], now.rows
    if end["n"] < WITHHELD_BELOW:
        statements.append(Statement("trace.few", {"n": end["n"]}))
    statements += _beyond_others(table, now, reached)
    if before is not None and before.empty:
        statements.append(Statement("caveat.empty_baseline"))
    elif before is not None and reached < len(table) - 1:
        statements.append(Statement("trace.reasons_unchanged"))
    clusters = rows["cluster"].nunique(dropna=False) if "cluster" in rows else 0
    if 0 < clusters < FEW_CLUSTERS:
        statements.append(Statement("caveat.few_clusters", {"clusters": clusters}))
    return (*statements, Statement("caveat.not_cause"))


def _method(table: pd.DataFrame, values: Mapping[str, Any], metric: Metric, path: Path) -> Method:
    values_ = {**values, "best": metric.best}
    if not path:
        return Method("trace", Statement("how.trace.whole", values_), (Statement("how.trace.interval"),))
    reasons = Statement("how.trace.reasons")
    return Method(
        "trace",
        Statement("how.trace.formula", {**values_, "place": path_name(path), "first": path_name(path[:1])}),
        (Statement("how.trace.interval"), reasons),
    )

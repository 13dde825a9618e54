"""Which segments explain the change? A short list of conjunctions, each contact counted once, and the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from analysis.limits import within_limits
from analysis.not_recorded import is_blank
from analysis.result import Result
from analysis.segments.cells import CellSums
from analysis.segments.explanation import SearchResult, find
from analysis.segments.fetched import dimensions, nested_pairs
from analysis.segments.findings import caveats, findings, method
from analysis.segments.gathered import Gathered, gathered
from analysis.segments.halves import Half, Split, halves, split
from analysis.segments.partition import EFFECTS, parts
from analysis.segments.search import Choice
from analysis.segments.space import Codes
from analysis.segments.surges import surges
from analysis.stats.intervals import NAN
from data_access.selection import Selection
from data_access.statement import BadInput
from data_access.warehouse import Warehouse

Segment = tuple[tuple[str, str | None], ...]
CANDIDATES = 5  # rows of the table of candidates
TINY = 5e-4  # a change that prints as 0.000
COLUMNS = [
    "segment", "kind", "n0", "n1", "score0", "score1", "change", "low", "high", "p_adjusted", "rate_effect",
    "mix_effect", "total_effect", "share0", "share1", "alternative", "split_change", "split_low", "split_high",
]  # fmt: skip


@within_limits
def segments(
    warehouse: Warehouse,
    selection: Selection,
    *,
    by: Sequence[str] = (),
    depth: int = 3,
    progress: Callable[[int], None] = lambda searched: None,
) -> Result:
    """The conjunctions of up to `depth` dimensions of `by` (default: all of the model) that explain the change.

    table: one row per segment, strongest first: `segment` as (dimension, value) pairs, `kind` rate or mix, its own
    answers, scores, shares and change with 95 % interval; p adjusted for all candidates of its depth; rate, mix and
    total effect of the contacts in no segment above; `alternative`, a segment that fits the data equally well;
    split_*: the change on answers that were not used to find it, NaN when neither half found it by itself.
    parts: `rest`, everything else, which completes the sum exactly; `total`; `candidates`, the strongest ones, chosen
    or not. `progress` is called with the number of segments after each step of the search and may stop it.
    Raises BadInput without a baseline or for overlapping dimensions, NothingToShow for an empty period.
    """
    return _searched(warehouse, selection, by, depth, progress)


@within_limits
def named(warehouse: Warehouse, selection: Selection, *, depth: int) -> Result:
    """The same segments and their numbers for whoever only names them: in `table` no alternatives and nothing of the
    halves, in `parts` no candidates. Raises as `segments` does.
    """
    return _searched(warehouse, selection, (), depth, lambda searched: None, only_named=True)


def _searched(
    warehouse: Warehouse,
    selection: Selection,
    by: Sequence[str],
    depth: int,
    progress: Callable[[int], None],
    *,
    only_named: bool = False,
) -> Result:
    chosen = dimensions(warehouse.model, selection, by, depth)
    if selection.period is None or selection.baseline is None:
        raise BadInput("change.no_baseline")

    def report(searched: int) -> None:
        warehouse.go_on()
        progress(searched)

    nested = nested_pairs(warehouse.model, chosen)
    searched = _explain(gathered(warehouse, selection, chosen), nested, depth, report, only_named=only_named)
    return _result_of(warehouse, selection, searched, depth)


@dataclass(frozen=True, kw_only=True)
class Explained:
    """Everything the search returned, before it becomes tables; `mixed` are candidates whose share surged.

    only_named: nobody asks how well the segments hold, or what stands beside them.
    """

    dimensions: tuple[str, ...]
    members: tuple[tuple[str | None, ...], ...]
    sql: str
    cell_sums: CellSums
    result: SearchResult
    order: tuple[int, ...]  # chosen candidates, strongest first, what was not recorded last
    mixed: tuple[int, ...]
    halves: tuple[Half, ...]
    only_named: bool

    def named(self, i: int) -> Segment:
        where = self.result.search.space.where(i)
        return tuple((self.dimensions[d], self.members[d][member]) for d, member in where)

    def rows(self, i: int) -> Codes:
        return self.result.search.rows(i)


def _result_of(warehouse: Warehouse, selection: Selection, explained: Explained, depth: int) -> Result:
    metric = warehouse.model.measure(selection.metric)
    named = [*explained.order, *explained.mixed]
    effects = parts(explained.cell_sums, [explained.rows(i) for i in named], metric)
    table, statistics = _table(explained, effects), _statistics(explained, effects, depth)
    rest = effects.iloc[[-1]].reset_index(drop=True)
    candidates = _candidates(explained)
    values = {**statistics, "unit": metric.unit}
    return Result.of(
        warehouse,
        selection,
        metric,
        "segments",
        statistics=statistics,
        table=table,
        findings=findings(table, candidates, values),
        caveats=caveats(statistics),
        how=method(values),
        options={"by": explained.dimensions, "depth": depth},
        parts={"rest": rest, "total": _total(effects, statistics), "candidates": candidates},
        sql=(explained.sql,),
    )


def _explain(
    found: Gathered,
    nested: frozenset[tuple[int, int]],
    depth: int,
    progress: Callable[[int], None],
    *,
    only_named: bool,
) -> Explained:
    cell_sums, members = found.cell_sums, found.members
    one = cache(lambda: found.half(cell_sums))
    half = None if only_named else one
    search_result, half_results = find(
        cell_sums, nested=nested, depth=depth, half=half, earlier=found.earlier, progress=progress
    )
    search, choice = search_result.search, search_result.choice
    z = choice.fit.z[1:]
    strongest = (choice.chosen[j] for j in np.argsort(-z, kind="stable"))
    order = sorted(strongest, key=lambda i: is_blank(members[d][m] for d, m in search.space.where(i)))
    taken = [search.rows(i) for i in order]
    mixed = surges(cell_sums, search.space, taken, search.prices, search.dispersion)
    return Explained(
        dimensions=found.dimensions,
        members=members,
        sql=found.sql,
        cell_sums=cell_sums,
        result=search_result,
        order=tuple(order),
        mixed=tuple(mixed),
        halves=halves(half_results, (one(), cell_sums.less(one()))) if half_results else (),
        only_named=only_named,
    )


def _table(explained: Explained, effects: pd.DataFrame) -> pd.DataFrame:
    """One row per segment: the numbers of the whole segment, the effects of its own part."""
    rows = [_row(explained, i, "rate") for i in explained.order] + [
        _row(explained, i, "mix") for i in explained.mixed
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    for name in EFFECTS:
        table[name] = effects[name].to_numpy()[:-1]
    return table


def _row(explained: Explained, i: int, kind: str) -> dict[str, Any]:
    result, rate = explained.result, kind == "rate"
    numbers = _own_numbers(explained, i)
    place = result.choice.chosen.index(i) + 1 if rate else 0
    p = _adjusted(result, result.choice, place) if rate else NAN
    other = None if explained.only_named or not rate else result.search.alternative(result.choice, i)
    cross_estimate = (
        split(explained.halves, result.search.space.where(i), float(result.search.dispersion[i])) if rate else Split()
    )
    return {
        "segment": explained.named(i), "kind": kind, **numbers, "p_adjusted": p,
        "alternative": None if other is None else explained.named(other),
        "split_change": cross_estimate.change, "split_low": cross_estimate.low, "split_high": cross_estimate.high,
    }  # fmt: skip


def _own_numbers(explained: Explained, i: int) -> dict[str, float]:
    """A segment's own answers, scores, shares and change."""
    cell_sums = explained.cell_sums
    segment = cell_sums.own(explained.rows(i))
    low, high = segment.bounds(float(explained.result.search.dispersion[i]))
    shares = cell_sums.weight[explained.rows(i)].sum(axis=0) / cell_sums.weight.sum(axis=0)
    return {
        "n0": float(segment.n[0]),
        "n1": float(segment.n[1]),
        "score0": float(segment.score[0]),
        "score1": float(segment.score[1]),
        "change": segment.change,
        "low": low,
        "high": high,
        "share0": float(shares[0]),
        "share1": float(shares[1]),
    }


def _adjusted(result: SearchResult, choice: Choice, place: int) -> float:
    """p of the chosen candidate at `place` of the joint fit (0 is the general change)."""
    z = choice.fit.z[[place]] / np.sqrt(result.search.scale[choice.chosen[place - 1]])
    return float(result.adjusted(np.array([choice.chosen[place - 1]]), z)[0])


def _candidates(explained: Explained) -> pd.DataFrame:
    """The strongest candidates in the order in which each adds most to those before it, whether chosen or not.

    Their p is that of the change against their own baseline, adjusted as in the table.
    """
    search, choice = explained.result.search, explained.result.choice
    count = 0 if explained.only_named else max(CANDIDATES, len(explained.order) + 1)
    ranked = search.runners_up(choice, count).chosen
    rows = []
    for i in (*explained.order, *(k for k in ranked if k not in explained.order)):
        own = explained.cell_sums.own(explained.rows(i))
        z = own.change / own.error / np.sqrt(search.dispersion[i]) if own.error > 0 else NAN
        p = float(explained.result.adjusted(np.array([i]), np.array([z]))[0])
        rows.append(
            {
                "segment": explained.named(i),
                "chosen": i in explained.order,
                **_own_numbers(explained, i),
                "p_adjusted": p,
            }
        )
    return pd.DataFrame(rows, columns=["segment", "chosen", *COLUMNS[2:10], "share0", "share1"])


def _statistics(explained: Explained, effects: pd.DataFrame, depth: int) -> dict[str, Any]:
    search, fit = explained.result.search, explained.result.choice.fit
    before, now = (float(v) for v in explained.cell_sums.score)
    widest = float(search.dispersion.max(initial=1.0))
    change, general = now - before, float(fit.beta[0])
    return {
        "baseline_score": before,
        "score": now,
        "change": change,
        "explained": float(
            effects["total_effect"].to_numpy()[: len(explained.order)].sum()
        ),  # by own scores, not by surges
        "general_change": general,
        "general": general / change if abs(change) >= TINY else NAN,
        "general_z": float(np.sign(general) * fit.z[0] / np.sqrt(widest)),
        "candidates": {str(size): count for size, count in explained.result.searched.items()},
        "inflation": widest,
        "depth": depth,
        "cells": len(explained.cell_sums.codes),
        "baseline_n": float(explained.cell_sums.n[:, 0].sum()),
        "n": float(explained.cell_sums.n[:, 1].sum()),
    }


def _total(effects: pd.DataFrame, statistics: Mapping[str, Any]) -> pd.DataFrame:
    """One row: the whole before and now, and the sums of the effects of the segments and of everything else."""
    names = {"n0": "baseline_n", "n1": "n", "score0": "baseline_score", "score1": "score", "change": "change"}
    sums = {name: float(effects[name].sum()) for name in (*EFFECTS, "share0", "share1")}
    return pd.DataFrame([{**{column: statistics[name] for column, name in names.items()}, **sums}])

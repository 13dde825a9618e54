"""Which segments explain the change? A short list of conjunctions, each contact counted once, and what is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from analysis.result import Result
from analysis.segments.cells import Answers
from analysis.segments.explanation import Finding, find
from analysis.segments.findings import caveats, findings, method
from analysis.segments.halves import Half, Split, halves, split
from analysis.segments.mix import surges
from analysis.segments.partition import EFFECTS, parts
from analysis.segments.search import Choice
from analysis.segments.space import Codes
from analysis.stats.intervals import NAN
from data_access.columns import ancestors, dividing
from data_access.selection import Selection
from data_access.semantics import Reason, SemanticModel
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.change_cells import ChangeCells

Segment = tuple[tuple[str, str | None], ...]
DEEPEST = 5
CANDIDATES = 5  # rows of the table of candidates
TINY = 5e-4  # a change that prints as 0.000
COLUMNS = [
    "segment", "kind", "n0", "n1", "score0", "score1", "change", "low", "high", "p_adjusted", "rate_effect",
    "mix_effect", "total_effect", "share0", "share1", "alternative", "split_change", "split_low", "split_high",
]  # fmt: skip


def segments(
    warehouse: Warehouse,
    selection: Selection,
    *,
    by: Sequence[str] = (),
    depth: int = 3,
    progress: Callable[[int], None] = lambda found: None,
) -> Result:
    """The conjunctions of up to `depth` dimensions of `by` (default: all of the model) that explain the change.

    table: one row a segment, strongest first: `segment` as (dimension, value) pairs, `kind` rate or mix, its own
    answers, scores, shares and change with 95 % interval; p adjusted for all candidates of its depth; rate, mix and
    total effect of the contacts that no segment above holds; `alternative`, a segment the data cannot tell from it;
    split_*: the change on answers that had no part in finding it, NaN when neither half found it by itself.
    parts: `rest`, everything else, which closes the sum exactly; `total`; `candidates`, the strongest ones, chosen
    or not. `progress` is called with the number of segments after each step of the search; it can be stopped there.
    Raises BadInput without a baseline or for dimensions that do not divide, NothingToShow for an empty period.
    """
    chosen = _dimensions(warehouse.model, selection, by, depth)
    if selection.period is None or selection.baseline is None:
        raise BadInput("change.no_baseline")
    cells = warehouse.change_cells(
        selection.metric, chosen, selection.period, selection.baseline, selection.filters, halves=True
    )
    for side, period in enumerate((selection.baseline, selection.period)):
        if not cells.n[:, side].sum() > 0:
            raise NothingToShow("selection.empty_period", period=period)

    def told(found: int) -> None:
        warehouse.go_on()
        progress(found)

    found = _found(cells, _worth(warehouse, selection), _apart(warehouse.model, cells.dimensions), depth, told)
    return _answered(warehouse, selection, found, depth)


def _worth(warehouse: Warehouse, selection: Selection) -> tuple[float, float]:
    """What an answer of either period is worth beside one without a survey weight."""
    if warehouse.model.weight is None or warehouse.model.weight.kind != "survey":
        return 1.0, 1.0
    periods = (selection.baseline, selection.period)
    sums = [warehouse.cells(selection.metric, (), p, selection.filters).rows.iloc[0] for p in periods]
    before, now = (float(s["w"] ** 2 / (s["n"] * s["v"])) for s in sums)
    return before, now


def _dimensions(model: SemanticModel, selection: Selection, by: Sequence[str], depth: int) -> tuple[str, ...]:
    """Those asked for, or all that divide contacts and are not held to one value by a filter."""
    if not 1 <= depth <= DEEPEST:
        raise BadInput("segments.bad_depth", depth=depth, most=DEEPEST)
    if by:
        return tuple(dividing(model.dimension(name)).name for name in dict.fromkeys(by))
    free = (d for d in model.dimensions.values() if not isinstance(d, Reason) and not d.overlaps)
    names = tuple(d.name for d in free if len(selection.values_of(d.name) or (0, 0)) > 1)
    if not names:
        raise BadInput("segments.no_dimension")
    return names


def _apart(model: SemanticModel, names: Sequence[str]) -> frozenset[tuple[int, int]]:
    """Pairs of dimensions of which one lies under the other: their conjunction is the lower one again."""

    above = {name: ancestors(model, name) for name in names}
    pairs = combinations(range(len(names)), 2)
    return frozenset((i, j) for i, j in pairs if names[i] in above[names[j]] or names[j] in above[names[i]])


@dataclass(frozen=True)
class Found:
    """Everything the search brought, before it is written down; `mixed` are candidates whose share surged."""

    cells: ChangeCells
    answers: Answers
    finding: Finding
    order: tuple[int, ...]  # chosen candidates, strongest first
    mixed: tuple[int, ...]
    halves: tuple[Half, ...]

    def named(self, i: int) -> Segment:
        where = self.finding.search.space.where(i)
        return tuple((self.cells.dimensions[d], self.cells.members[d][member]) for d, member in where)

    def rows(self, i: int) -> Codes:
        return self.finding.search.rows(i)


def _answered(warehouse: Warehouse, selection: Selection, found: Found, depth: int) -> Result:
    metric, cells = warehouse.model.measure(selection.metric), found.cells
    named = [*found.order, *found.mixed]
    effects = parts(found.answers, [found.rows(i) for i in named], metric)
    table, statistics = _table(found, effects), _statistics(found, effects, depth)
    rest = effects.iloc[[-1]].reset_index(drop=True)
    candidates = _candidates(found)
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
        options={"by": cells.dimensions, "depth": depth},
        parts={"rest": rest, "total": _total(effects, statistics), "candidates": candidates},
        sql=(cells.sql,),
    )


def _found(
    cells: ChangeCells,
    worth: tuple[float, float],
    apart: frozenset[tuple[int, int]],
    depth: int,
    progress: Callable[[int], None],
) -> Found:
    split_ = Answers.of(cells, worth)
    answers = split_.merged()
    sides = [np.flatnonzero(cells.half == h) for h in (0, 1)] if cells.half is not None else []
    parts_ = [split_.only(rows, answers) for rows in sides]
    finding, finds = find(answers, apart=apart, depth=depth, half=parts_[0] if parts_ else None, progress=progress)
    search, choice = finding.search, finding.choice
    z = choice.fit.z[1:]
    order = tuple(choice.chosen[j] for j in np.argsort(-z, kind="stable"))
    taken = [search.rows(i) for i in order]
    mixed = surges(answers, search.space, taken, search.prices, search.wide)
    return Found(cells, answers, finding, order, tuple(mixed), halves(finds, parts_))


def _table(found: Found, effects: pd.DataFrame) -> pd.DataFrame:
    """One row a segment; own numbers of its whole, effects of its part."""
    rows = [_row(found, i, "rate") for i in found.order] + [_row(found, i, "mix") for i in found.mixed]
    table = pd.DataFrame(rows, columns=COLUMNS)
    for name in EFFECTS:
        table[name] = effects[name].to_numpy()[:-1]
    return table


def _row(found: Found, i: int, kind: str) -> dict[str, Any]:
    finding, rate = found.finding, kind == "rate"
    told = _own(found, i)
    place = finding.choice.chosen.index(i) + 1 if rate else 0
    p = _adjusted(finding, finding.choice, place) if rate else NAN
    other = finding.search.alternative(finding.choice, i) if rate else None
    held = split(found.halves, finding.search.space.where(i), float(finding.search.wide[i])) if rate else Split()
    return {
        "segment": found.named(i), "kind": kind, **told, "p_adjusted": p,
        "alternative": None if other is None else found.named(other),
        "split_change": held.change, "split_low": held.low, "split_high": held.high,
    }  # fmt: skip


def _own(found: Found, i: int) -> dict[str, float]:
    """A segment's own answers, scores, shares and change."""
    answers = found.answers
    own = answers.own(found.rows(i))
    low, high = own.bounds(float(found.finding.search.wide[i]))
    shares = answers.weight[found.rows(i)].sum(axis=0) / answers.weight.sum(axis=0)
    return {
        "n0": float(own.n[0]), "n1": float(own.n[1]), "score0": float(own.score[0]), "score1": float(own.score[1]),
        "change": own.change, "low": low, "high": high, "share0": float(shares[0]), "share1": float(shares[1]),
    }  # fmt: skip


def _adjusted(finding: Finding, choice: Choice, place: int) -> float:
    """p of the chosen candidate at `place` of the joint fit (0 is the general change)."""
    z = choice.fit.z[[place]] / np.sqrt(finding.search.scale[choice.chosen[place - 1]])
    return float(finding.adjusted(np.array([choice.chosen[place - 1]]), z)[0])


def _candidates(found: Found) -> pd.DataFrame:
    """The strongest candidates in the order in which each adds most to those before it, whether chosen or not.

    Their p is that of their own change against their own baseline, adjusted as in the table.
    """
    search = found.finding.search
    ranked = search.runners_up(found.finding.choice, max(CANDIDATES, len(found.order) + 1)).chosen
    rows = []
    for i in (*found.order, *(k for k in ranked if k not in found.order)):
        own = found.answers.own(found.rows(i))
        z = own.change / own.error / np.sqrt(search.wide[i]) if own.error > 0 else NAN
        p = float(found.finding.adjusted(np.array([i]), np.array([z]))[0])
        rows.append({"segment": found.named(i), "chosen": i in found.order, **_own(found, i), "p_adjusted": p})
    return pd.DataFrame(rows, columns=["segment", "chosen", *COLUMNS[2:10], "share0", "share1"])


def _statistics(found: Found, effects: pd.DataFrame, depth: int) -> dict[str, Any]:
    search, fit = found.finding.search, found.finding.choice.fit
    before, now = (float(v) for v in found.answers.score)
    widest = float(search.wide.max(initial=1.0))
    change, general = now - before, float(fit.beta[0])
    return {
        "baseline_score": before,
        "score": now,
        "change": change,
        "explained": float(effects["total_effect"].to_numpy()[: len(found.order)].sum()),  # by own scores, not surges
        "general_change": general,
        "general": general / change if abs(change) >= TINY else NAN,
        "general_z": float(np.sign(general) * fit.z[0] / np.sqrt(widest)),
        "candidates": {str(size): count for size, count in found.finding.searched.items()},
        "inflation": widest,
        "depth": depth,
        "cells": len(found.answers.codes),
        "baseline_n": float(found.answers.n[:, 0].sum()),
        "n": float(found.answers.n[:, 1].sum()),
    }


def _total(effects: pd.DataFrame, statistics: Mapping[str, Any]) -> pd.DataFrame:
    """One row: the whole before and now, and what the effects of the segments and of everything else sum to."""
    names = {"n0": "baseline_n", "n1": "n", "score0": "baseline_score", "score1": "score", "change": "change"}
    sums = {name: float(effects[name].sum()) for name in (*EFFECTS, "share0", "share1")}
    return pd.DataFrame([{**{column: statistics[name] for column, name in names.items()}, **sums}])

"""Does a conclusion hold however the measure is defined? One measure under each of its definitions, by segments.

first-contact resolution    any further contact or only one about the same question, within each of the windows
service level               five formulas, two clocks
satisfaction                the share of the highest answers, the mean, the share of the lowest, and their difference
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.estimate import Segment, coded, named
from analysis.limits import within_limits
from analysis.not_recorded import set_apart
from analysis.overview import default_cut
from analysis.own_order import in_own_order
from analysis.result import Method, Result, Statement
from analysis.service.access.promises import CLOCKS, FORMULAS, counted, promises_of, service_level
from analysis.service.board.families import known_measures, usual_measure
from analysis.service.fcr.fcr import rules_of
from analysis.service.fcr.windows import cells_of, under_windows
from analysis.service.ranking.boxes import ways
from analysis.service.ranking.defined import BOX, FIRST, LEVEL, name_of_definition
from analysis.service.ranking.under_each import Order, Under, of_each, order_of, together, wholes
from analysis.service.rates import numbered
from data_access.metric_kinds import Unit
from data_access.repeats import ISSUES
from data_access.selection import Selection
from data_access.semantics import SCORE, SemanticModel, near
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

NAMED = 3  # segments in a sentence


@dataclass(frozen=True)
class Defined:
    """Segments, and what each of some definitions says of them."""

    segments: Sequence[Segment]
    unders: Sequence[Under]
    sql: str


Define = Callable[[Warehouse, Selection, Sequence[str], Sequence[float]], list[Defined]]


@within_limits
def definitions(
    warehouse: Warehouse,
    selection: Selection,
    *,
    measure: str = "",
    by: Sequence[str] = (),
    windows: Sequence[float] = (),
) -> Result:
    """One measure by the segments of `by` under each of its definitions; values 0..100, a difference -100..100.

    table: `under_each.together`. parts: `each` (a row a segment and definition), `wholes` (a row a definition).
    windows: hours, instead of the model's. Without a measure: the first that has several. Raises BadInput for a
    measure of one definition, and as its family does.
    """
    by = tuple(by) or default_cut(warehouse)
    check_side_by_side(warehouse.model, by)
    known = measures_of(warehouse.model)
    measure = measure or next(iter(known), usual_measure(warehouse))
    parts = _defined(warehouse.model, measure, known)(warehouse, selection, by, windows)
    each = pd.concat([of_each(part.unders, part.segments) for part in parts], ignore_index=True)
    table = set_apart(together(each).sort_values(["worst", "best"], ascending=False, kind="stable"))
    unders, order = (
        [under for part in parts for under in part.unders],
        order_of([(part.segments, part.unders) for part in parts]),
    )
    statistics = _statistics(table, order, len(unders))
    return Result.of(
        warehouse,
        selection,
        warehouse.model.measure(selection.metric),
        "definitions",
        statistics=statistics,
        table=in_own_order(table, [warehouse.model.dimension(name) for name in by]),
        findings=(*_verdicts(table, by, statistics), *_order(order, by, statistics)),
        how=Method("definitions", Statement("how.definitions.ranks", statistics), _NOTES),
        options={"measure": measure, "by": by, "windows": tuple(windows)},
        parts={"each": each, "wholes": wholes(unders)},
        sql=tuple(dict.fromkeys(part.sql for part in parts)),
    )


_NOTES = (Statement("how.fcr.rest"), Statement("how.definitions.pairs"))


def _statistics(table: pd.DataFrame, order: Order, number: int) -> dict[str, int]:
    verdicts = {name: int((table["verdict"] == name).sum()) for name in ("worse", "better")}
    pairs = {"pairs": order.pairs, "certain": order.certain, "turned": order.turned}
    ranked, depends = int(table["rank_least"].notna().sum()), int((table["holds"] == "some").sum())
    return {"definitions": number, "segments": ranked, **pairs, **verdicts, "depends": depends}


def _defined(model: SemanticModel, measure: str, known: Mapping[str, Define]) -> Define:
    if measure not in known and measure not in known_measures(model):
        raise BadInput("service.unknown_measure", name=measure, near=near(measure, known or known_measures(model)))
    if measure not in known:
        raise BadInput("definitions.one" if known else "definitions.one_only", name=measure, near=", ".join(known))
    return known[measure]


def measures_of(model: SemanticModel) -> Mapping[str, Define]:
    """The measures that have several definitions, as far as the model knows them."""
    found: dict[str, Define] = {"service_level": _levels} if "calls" in model.tables else {}
    score = model.metrics.get(SCORE)
    if score is not None and score.unit is Unit.POINTS:
        found |= {name: _boxes for name, metric in model.metrics.items() if SCORE in (name, metric.of)}
    return found | {name: _first_contacts for name, metric in model.metrics.items() if metric.repeat}


def _levels(warehouse: Warehouse, selection: Selection, by: Sequence[str], _: Sequence[float]) -> list[Defined]:
    """The service level by five formulas and two clocks."""
    promises = promises_of(warehouse).promises
    answer = warehouse.calls(by, selection.period, selection.filters, promises)
    if not answer.rows["attempts"].sum():
        raise NothingToShow("selection.empty")
    segments, rows = numbered(answer.rows, by)
    unders = [
        Under.of_days(f"{LEVEL}:{formula}:{clock}", counted(rows, clock), len(segments), service_level(formula))
        for clock in CLOCKS
        for formula in FORMULAS
    ]
    return [Defined(segments, unders, answer.sql)]


def _first_contacts(
    warehouse: Warehouse, selection: Selection, by: Sequence[str], windows: Sequence[float]
) -> list[Defined]:
    """First-contact resolution in each window: without any further contact, and without one about the question."""
    rules, found = rules_of(warehouse, windows, ISSUES[0]), []
    for issue in ISSUES[: 1 + (warehouse.model.question is not None)]:
        answer = warehouse.first_contacts(rules, by, selection.period, selection.filters, same=issue == ISSUES[1])
        segments, unders = under_windows(answer.rows, by, rules, f"{FIRST}:{issue}:")
        found += [Defined(segments, unders, answer.sql)] if segments else []
    if not found:
        raise NothingToShow("selection.empty")
    return found


def _boxes(warehouse: Warehouse, selection: Selection, by: Sequence[str], _: Sequence[float]) -> list[Defined]:
    """Satisfaction from its answers by value: each definition counts the same ones in another way."""
    answer = warehouse.values(SCORE, by, selection.period, selection.filters)
    if answer.rows.empty:
        raise NothingToShow("selection.empty")
    segments, (cells,) = coded(answer.rows.assign(segment=cells_of(answer.rows, by)))
    unders = [
        Under.of_cells(f"{BOX}:{way.name}", way.cells, len(segments), way.metric)
        for way in ways(warehouse.model, cells)
    ]
    return [Defined(segments, unders, answer.sql)]


def _verdicts(table: pd.DataFrame, by: Sequence[str], statistics: Mapping[str, Any]) -> list[Statement]:
    """Who is below or above the rest whatever the definition, and for whom that depends on it."""
    groups = {name: table[table["verdict"] == name] for name in ("worse", "better")}
    groups["depends"] = table[table["holds"] == "some"]
    found = [
        Statement(f"definitions.{name}", {**statistics, "names": _names(rows, by), "count": len(rows)})
        for name, rows in groups.items()
        if len(rows)
    ]
    settled = statistics["worse"] or statistics["better"]
    return found if settled else [Statement("definitions.none", statistics), *found]


def _names(rows: pd.DataFrame, by: Sequence[str]) -> list[dict[str, str | None]]:
    return [named(segment, by) for segment in rows["segment"].head(NAMED)]


def _order(order: Order, by: Sequence[str], statistics: Mapping[str, Any]) -> list[Statement]:
    """How many pairs keep their order, and the pair that changes places most."""
    if not order.pairs:
        return []
    found = [Statement("definitions.pairs", statistics)]
    if order.most is not None:
        a, b, first, second = order.most
        values = {"a": named(a, by), "b": named(b, by), "first": name_of_definition(first),
                  "second": name_of_definition(second)}  # fmt: skip
        found.append(Statement("definitions.turned", values))
    return found

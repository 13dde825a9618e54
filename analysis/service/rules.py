"""How often do customers lose patience with a rule, not with who serves them? From the reasons they give."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.cuts import check_side_by_side
from analysis.powers import powers_of
from analysis.result import Statement
from analysis.service.day_counts import DayCounts
from analysis.service.rates import Ratio
from data_access.selection import Selection
from data_access.semantics import SCORE, Reason
from data_access.statement import BadInput, NothingToShow
from data_access.taxonomy import NOT_STATED, load_taxonomy
from data_access.warehouse import Warehouse

POWER = "business_rule"  # of the reasons that only who makes the rules can change
RATIOS = (Ratio("rule_reasons", "by_rule", "stated", "low"),)
MEASURES = tuple(ratio.name for ratio in RATIOS)
COUNTS = ("by_rule", "stated")


def rules_counts(warehouse: Warehouse, selection: Selection, *, by: Sequence[str] = ()) -> DayCounts:
    """Answers that lost points and state a reason, by segment and day; those whose reason lies with the rules.

    Several reasons of one answer share it. Raises BadInput where the data hold no reasons or no moments,
    NothingToShow where nobody states one.
    """
    model = warehouse.model
    check_side_by_side(model, by)
    if not model.reasons or SCORE not in model.metrics or model.time is None:
        raise BadInput("service.no_reasons")
    reason = next(iter(model.reasons.values()))
    asked = [warehouse.cells(SCORE, [*by, reason.name, "day"], period, selection.filters, lost_only=True)
             for period in selection.periods]  # fmt: skip
    periods = [_by_day(warehouse, reason, by, answer.rows) for answer in asked]
    if not periods[0]["stated"].sum():
        raise NothingToShow("selection.empty")
    return DayCounts(
        by=tuple(by),
        periods=periods,
        ratios=RATIOS,
        counts=COUNTS,
        notes=(Statement("how.rules.shared"), Statement("how.service.days")),
        sql=tuple(answer.sql for answer in asked),
    )


def _by_day(warehouse: Warehouse, reason: Reason, by: Sequence[str], rows: pd.DataFrame) -> pd.DataFrame:
    named = list(rows[reason.name].unique())
    power = dict(zip(named, powers_of(warehouse, reason, named), strict=True))
    taxonomy = load_taxonomy()
    unstated = {name for name in named if name is None or name == reason.not_stated
                or taxonomy.reason_for(str(name)) == NOT_STATED}  # fmt: skip
    answers = rows["n"] * rows["part"]
    counted = rows.assign(
        stated=answers.where(~rows[reason.name].isin(unstated), 0.0),
        by_rule=answers.where(rows[reason.name].map(power) == POWER, 0.0),
    )
    return counted.groupby([*by, "day"], dropna=False, as_index=False)[list(COUNTS)].sum()

"""Customers who answered in both periods, against plain Python over the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data_access.selection import Filter, Period
from data_access.semantics import SemanticModel
from data_access.statement import BadInput
from data_access.warehouse import Limits, Warehouse, open_warehouse
from tests.data_access.warehouse.expected import OCTOBER, selected, value

Opened = Callable[..., Warehouse]
SEPTEMBER = OCTOBER.previous()


def pairs(
    truth: pd.DataFrame, metric: str, filters: Sequence[Filter] = (), column: str | None = None
) -> list[tuple[float, float]]:
    """The means of each customer known in both periods."""
    sums: dict[tuple[Any, Period], list[float]] = {}
    for period in (SEPTEMBER, OCTOBER):
        for row in selected(truth, period, filters):
            x, w = value(row, metric), row[column] if column else 1.0
            if x is not None and w and not row["exempted"] and row["customer_id"]:
                old = sums.setdefault((row["customer_id"], period), [0.0, 0.0])
                old[:] = [old[0] + w * x, old[1] + w]
    means = {key: total / weight for key, (total, weight) in sums.items()}
    return [(means[c, SEPTEMBER], mean) for (c, p), mean in means.items() if p is OCTOBER and (c, SEPTEMBER) in means]


def counted(rows: pd.DataFrame) -> Counter[tuple[float, float]]:
    found: Counter[tuple[float, float]] = Counter()
    for before, after, n in rows.itertuples(index=False, name=None):
        found[round(before, 9), round(after, 9)] += int(n)
    return found


@pytest.mark.parametrize(("kind", "column"), [(None, None), ("frequency", "times"), ("survey", "w")])
@pytest.mark.parametrize("metric", ["score", "satisfied", "transfers"])
def test_pairs_of_means(
    opened: Opened, truth: pd.DataFrame, metric: str, kind: str | None, column: str | None
) -> None:
    warehouse = opened(f'weight = {{ column = "{column}", kind = "{kind}" }}' if kind else "")
    filters = [Filter("vip", ("true", None))]
    answer = warehouse.repeated(metric, OCTOBER, SEPTEMBER, filters)
    expected = Counter((round(a, 9), round(b, 9)) for a, b in pairs(truth, metric, filters, column))
    assert answer is not None and list(answer.rows) == ["before", "after", "n"] and answer.width == 0
    assert counted(answer.rows) == expected and len(expected) > 20


def test_pairs_of_a_driver_are_put_together_and_keep_their_mean_difference(
    opened: Opened, truth: pd.DataFrame
) -> None:
    answer = opened(limits=Limits(rows=10_000)).repeated("wait", OCTOBER, SEPTEMBER, ())
    expected = np.array(pairs(truth, "wait"))
    assert answer is not None and answer.width > 0
    rows = answer.rows
    assert rows["n"].sum() == len(expected) > len(rows)
    difference = (rows["n"] * (rows["after"] - rows["before"])).sum()
    assert difference == pytest.approx((expected[:, 1] - expected[:, 0]).sum(), abs=1e-6)


def test_nobody_in_both_periods(opened: Opened) -> None:
    answer = opened().repeated("score", OCTOBER, SEPTEMBER, [Filter("business", ("none",))])
    assert answer is not None and answer.rows.empty and list(answer.rows) == ["before", "after", "n"]


def test_without_customers_there_are_no_pairs(opened: Opened, source: str) -> None:
    model: SemanticModel = opened().model
    without = {name: getattr(model, name) for name in ("table", "metrics", "time")}
    with closing(open_warehouse(source, SemanticModel(**without))) as anonymous:
        assert anonymous.repeated("score", OCTOBER, SEPTEMBER, ()) is None


def test_without_time_there_are_no_periods(opened: Opened, source: str) -> None:
    model: SemanticModel = opened().model
    without = {name: getattr(model, name) for name in ("table", "metrics", "customer_id")}
    with closing(open_warehouse(source, SemanticModel(**without))) as timeless, pytest.raises(BadInput) as problem:
        timeless.repeated("score", OCTOBER, SEPTEMBER, ())
    assert problem.value.statement.key == "model.no_time"

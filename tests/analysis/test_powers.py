"""Whose power the lost points lie in: gathered from the reasons' own result, by the user's list or the taxonomy."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from analysis.contribution import contribution
from analysis.powers import by_power
from data_access.model_file import parse_model
from data_access.selection import Filter, Selection
from data_access.statement import BadInput
from data_access.warehouse import Warehouse, open_warehouse

from .conftest import MakeWarehouse

MODEL = """
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
team = { column = "team" }
[reasons]
reason = { column = "reason", split = "|", not_stated = "none given" }
"""
ROWS = [  # lost points: 40, 20, 90 (half each), 30, 10 and none
    (6, "a", "wait_busy"), (8, "a", "解释不清"), (1, "b", "wait_busy|weather"), (7, "b", ""), (9, "b", "weather"),
    (10, "a", ""),
]  # fmt: skip
ANSWERS = pd.DataFrame(ROWS * 10, columns=["score", "team", "reason"])


def powers(warehouse: Warehouse, selection: Selection) -> dict[str, float]:
    """Power -> share of the lost points."""
    found = by_power(contribution(warehouse, selection, by=["reason"]))
    assert found.table["contribution"].sum() == pytest.approx(1)
    assert found.table["cumulative"].tolist()[-1] == pytest.approx(1)
    assert found.table["lost_points"].is_monotonic_decreasing
    total = found.table["lost_points"].sum()
    assert total == pytest.approx(found.statistics["lost_points"])
    return {
        power: lost / total for (power,), lost in zip(found.table["segment"], found.table["lost_points"], strict=True)
    }


def test_by_the_taxonomy(warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(ANSWERS, MODEL)
    reasons = contribution(warehouse, Selection(), by=["reason"])
    named = dict(zip([s[0] for s in reasons.table["segment"]], reasons.table["power"], strict=True))
    assert named == {"wait_busy": "centre", "解释不清": "centre", "weather": "unassigned", "none given": "unstated"}
    assert powers(warehouse, Selection()) == pytest.approx(
        {"centre": 105 / 190, "unassigned": 55 / 190, "unstated": 30 / 190}
    )
    inside = powers(warehouse, Selection(filters=(Filter("team", ("a",)),)))
    assert inside == pytest.approx({"centre": 1})


def test_by_the_users_own_list(tmp_path: Path) -> None:
    path = tmp_path / "answers.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.register("frame", ANSWERS)
        connection.execute("CREATE TABLE answers AS SELECT * FROM frame")
        connection.execute(
            "CREATE TABLE lists AS SELECT 'weather' AS reason, 'external' AS power UNION ALL SELECT 'wait_busy', NULL"
        )
    model = MODEL.replace('"none given" }', '"none given", power = "lists" }')
    warehouse = open_warehouse(path, parse_model('table = "answers"\n' + model))
    found = powers(warehouse, Selection())
    assert found == pytest.approx({"centre": 105 / 190, "external": 55 / 190, "unstated": 30 / 190})
    warehouse.close()


def test_with_a_second_dimension(warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(ANSWERS, MODEL)
    together = by_power(contribution(warehouse, Selection(), by=["team", "reason"]))
    assert dict(zip(together.table["segment"], together.table["contribution"], strict=True)) == pytest.approx(
        {("centre",): 105 / 190, ("unassigned",): 55 / 190, ("unstated",): 30 / 190}
    )


def test_nothing_lost_and_no_reason(warehouse_of: MakeWarehouse) -> None:
    best = warehouse_of(ANSWERS.assign(score=10), MODEL)
    found = by_power(contribution(best, Selection(), by=["reason"]))
    assert found.findings[0].key == "powers.nothing_lost" and found.table.empty
    with pytest.raises(BadInput) as problem:
        by_power(contribution(best, Selection(), by=["team"]))
    assert problem.value.statement.values["name"] == "team"

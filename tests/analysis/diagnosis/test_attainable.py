"""In whose power bad ratings lie, and how far our own reaches: story 1's 3G by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.diagnosis import attainable
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput
from data_access.warehouse import Warehouse
from tests.analysis.conftest import MakeWarehouse

MODEL = """
time = { column = "contacted_at" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
business = { column = "business" }
[reasons]
reason = { column = "reason", split = "|", not_stated = "未说明" }
"""
OCTOBER = Selection(period=Period(date(2026, 10, 1), date(2026, 11, 1)))
IN_3G = (Filter("business", ("3G",)),)
OWN = ["等候/占线", "态度"]


@pytest.fixture(scope="module")
def rows(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "fixtures/f1_hotline.csv", parse_dates=["contacted_at"])


@pytest.fixture(scope="module")
def hotline(rows: pd.DataFrame, warehouse_of: MakeWarehouse) -> Warehouse:
    return warehouse_of(rows, MODEL)


def test_whose_power_story_1(hotline: Warehouse) -> None:
    lost = attainable(hotline, OCTOBER, path=IN_3G, target=5).table.set_index("power")["lost_share"]
    assert lost.round(3).to_dict() == {"business_rule": 0.439, "centre": 0.411, "network": 0.120, "unstated": 0.030}


def test_the_rate_and_its_floor_are_those_of_the_rows(hotline: Warehouse, rows: pd.DataFrame) -> None:
    mine = rows[(rows["business"] == "3G") & (rows["contacted_at"] >= "2026-10-01")]
    bad = mine[mine["score"] <= 6]
    own = bad["reason"].isin(OWN).mean()
    found = attainable(hotline, OCTOBER, path=IN_3G, target=5).statistics
    assert found["rate"] == pytest.approx(100 * len(bad) / len(mine))
    assert found["own_share"] == pytest.approx(own)
    assert found["floor"] == pytest.approx(100 * len(bad) / len(mine) * (1 - own))
    assert found["attainable"] == pytest.approx((found["rate"] - found["floor"]) / (found["rate"] - 5))
    assert found["verdict"] == "not_reachable"


def test_targets_on_either_side_of_the_floor(hotline: Warehouse) -> None:
    floor = float(attainable(hotline, OCTOBER, path=IN_3G, target=5).statistics["floor"])
    above = attainable(hotline, OCTOBER, path=IN_3G, target=floor + 0.1)
    assert (above.statistics["verdict"], above.statistics["attainable"]) == ("reachable", 1.0)
    below = attainable(hotline, OCTOBER, path=IN_3G, target=floor - 0.1)
    assert below.statistics["verdict"] == "not_reachable" and below.statistics["attainable"] < 1
    assert attainable(hotline, OCTOBER, path=IN_3G, target=99).findings[0].key == "naming.attainable.reached"


def test_several_reasons_share_a_bad_rating(warehouse_of: MakeWarehouse) -> None:
    frame = pd.DataFrame({"score": [2, 2, 10, 10] * 10, "reason": ["等候/占线|网络", "态度", "", ""] * 10})
    frame = frame.assign(business="3G", contacted_at=pd.Timestamp("2026-10-05"))
    found = attainable(warehouse_of(frame, MODEL), OCTOBER, target=10)
    assert found.table.set_index("power")["share"].to_dict() == pytest.approx({"centre": 0.75, "network": 0.25})
    assert found.statistics["floor"] == pytest.approx(12.5)


def test_a_reason_in_the_path_is_set_aside(hotline: Warehouse) -> None:
    path = (*IN_3G, Filter("reason", ("等候/占线",)))
    narrowed, plain = (attainable(hotline, OCTOBER, path=p, target=5) for p in (path, IN_3G))
    assert narrowed.statistics == plain.statistics
    assert "naming.caveat.reason_aside" in [c.key for c in narrowed.caveats]


def test_mistakes_are_named(hotline: Warehouse, warehouse_of: MakeWarehouse) -> None:
    with pytest.raises(BadInput, match="bad_target"):
        attainable(hotline, OCTOBER, target=101)
    plain = warehouse_of(pd.DataFrame({"score": [1, 2]}), 'score = { column = "score", scale = [1, 10] }')
    with pytest.raises(BadInput, match="no_reason"):
        attainable(plain, Selection(), target=5)

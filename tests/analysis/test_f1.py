"""Story 1 of the shared fixtures: two months of a hotline whose every number is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.change import change
from analysis.contribution import contribution
from analysis.overview import overview
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse
from tests.analysis.conftest import MakeWarehouse

MODEL = """
contact_id = "contact_id"
time = { column = "contacted_at", timezone = "Asia/Shanghai" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
business = { column = "business" }
[reasons]
reason = { column = "reason", split = "|", not_stated = "未说明" }
"""
SELECTION = Selection(
    period=Period(date(2026, 10, 1), date(2026, 11, 1)), baseline=Period(date(2026, 9, 1), date(2026, 10, 1))
)
BUSINESSES = ["2G", "3G", "固话", "宽带"]


@pytest.fixture(scope="module")
def hotline(shared: Path, warehouse_of: MakeWarehouse) -> Warehouse:
    return warehouse_of(pd.read_csv(shared / "fixtures/f1_hotline.csv", parse_dates=["contacted_at"]), MODEL)


def column(table: pd.DataFrame, name: str, segments: list[str]) -> list[float]:
    return [float(v) for v in table.set_index(table["segment"].str[0])[name].reindex(segments)]


def test_the_headline(hotline: Warehouse) -> None:
    found = overview(hotline, SELECTION).statistics
    assert found["score"] == pytest.approx(84.7, abs=1e-9)
    assert found["baseline_score"] == pytest.approx(86.3, abs=1e-9)
    assert found["change"] == pytest.approx(-1.6, abs=1e-9)
    assert (found["responses"], found["baseline_responses"]) == (2000, 2000)


def test_contribution_by_business(hotline: Warehouse) -> None:
    found = contribution(hotline, SELECTION, by=["business"])
    shares = [0.313725490, 0.372549020, 0.147058824, 0.166666667]
    assert column(found.table, "contribution", BUSINESSES) == pytest.approx(shares, abs=1e-8)
    assert [round(x, 2) for x in column(found.table, "index", BUSINESSES)] == [0.78, 1.24, 0.98, 1.11]
    assert found.table["lost_points"].sum() == pytest.approx(15.3, abs=1e-9)
    assert list(found.table["segment"]) == [("3G",), ("2G",), ("宽带",), ("固话",)]
    assert found.table["cumulative"].iloc[-1] == pytest.approx(1, abs=1e-12)


def test_reasons_inside_3g(hotline: Warehouse) -> None:
    found = contribution(hotline, SELECTION.where("business", "3G"), by=["reason"])
    reasons = ["等候/占线", "不能直接答复", "收费/增值业务", "网络", "态度", "未说明"]
    lost = [422, 319, 182, 137, 46, 34]
    assert column(found.table, "contribution", reasons) == pytest.approx([x / 1140 for x in lost], abs=1e-12)
    assert column(found.table, "n", ["未说明"]) == [9]
    assert found.table["contribution"].sum() == pytest.approx(1, abs=1e-12)


def test_the_queue_peaks_at_the_turn_of_the_month(hotline: Warehouse) -> None:
    waiting = SELECTION.where("business", "3G").where("reason", "等候/占线")
    found = contribution(hotline, waiting, by=["day_of_month"])
    turn = sum(column(found.table, "contribution", [str(d) for d in (1, 2, 3, 28, 29, 30, 31)]))
    assert turn == pytest.approx(253 / 422, abs=1e-12)


def test_not_stated_can_be_drilled_into(hotline: Warehouse) -> None:
    found = contribution(hotline, SELECTION.where("business", "3G").where("reason", "未说明"), by=["reason"])
    assert found.table["n"].tolist() == [9]


def test_change_by_business(hotline: Warehouse) -> None:
    found = change(hotline, SELECTION, by=["business"])
    assert column(found.table, "total_effect", BUSINESSES) == pytest.approx([-0.25, -1.05, -0.075, -0.225], abs=1e-9)
    assert column(found.table, "rate_effect", BUSINESSES) == pytest.approx([0, -0.75, -0.075, -0.225], abs=1e-9)
    assert column(found.table, "mix_effect", BUSINESSES) == pytest.approx([-0.25, -0.3, 0, 0], abs=1e-9)
    assert found.statistics["rate_effect"] == pytest.approx(-1.05, abs=1e-9)
    assert found.statistics["mix_effect"] == pytest.approx(-0.55, abs=1e-9)
    assert found.table["total_effect"].sum() == pytest.approx(-1.6, abs=1e-9)


def test_3g_alone_and_as_one_of_four(hotline: Warehouse) -> None:
    found = change(hotline, SELECTION, by=["business"]).table
    assert column(found, "p", ["3G"]) == pytest.approx([0.017], abs=5e-4)
    assert column(found, "p_adjusted", ["3G"]) == pytest.approx([0.069], abs=5e-4)


def test_nobody_is_blamed_for_mix(hotline: Warehouse) -> None:
    found = change(hotline, SELECTION, by=["business"])
    said = {s.values["segment"]["business"]: s.key for s in found.findings[1:]}
    assert said["3G"] == "change.segment_fell_unclear"
    assert said["2G"] == "change.segment_mix_fewer"

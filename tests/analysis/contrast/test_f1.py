"""Story 1 of the shared fixtures: 3G asked alone matters, as one of four businesses nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.contrast import contrast
from analysis.result import Result
from data_access.model_file import parse_model
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse, open_warehouse
from tests.engines import ENGINES, Filled, table_of

MODEL = parse_model("""
table = "answers"
contact_id = "contact_id"
time = { column = "contacted_at", timezone = "Asia/Shanghai" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
business = { column = "business" }
""")
BOTH = Selection(
    period=Period(date(2026, 10, 1), date(2026, 11, 1)), baseline=Period(date(2026, 9, 1), date(2026, 10, 1))
)
OCTOBER = Selection(period=BOTH.period)


@pytest.fixture(scope="module", params=ENGINES)
def hotline(request: pytest.FixtureRequest, shared: Path, filled_on: Filled) -> Iterator[Warehouse]:
    """The fixture on each engine."""
    rows = pd.read_csv(shared / "fixtures/f1_hotline.csv", parse_dates=["contacted_at"])
    warehouse = open_warehouse(filled_on(request.param, {"answers": table_of(rows)}), MODEL)
    yield warehouse
    warehouse.close()


def pairs(found: Result) -> pd.DataFrame:
    """The comparisons by the name of their first side."""
    table = found.parts["pairs"]
    return table.set_index(table["a"].str[0])


def keys(found: Result) -> list[str]:
    return [s.key for s in found.findings]


def test_3g_asked_alone_matters(hotline: Warehouse) -> None:
    found = contrast(hotline, BOTH.where("business", "3G"))
    s, row = found.statistics, found.parts["pairs"].iloc[0]
    assert (s["test"], s["verdict"], s["family"], s["adjustment"]) == ("welch_t", "different_and_matters", 1, "none")
    assert s["p"] == pytest.approx(0.01722, abs=5e-6)
    assert row["difference"] == pytest.approx(-3.0, abs=1e-9)
    assert (row["n_a"], row["n_b"]) == (600, 400)
    assert "contrast.asked_alone" in keys(found)


def test_the_test_by_ranks_stands_beside(hotline: Warehouse) -> None:
    beside = contrast(hotline, BOTH.where("business", "3G"), deep=True).parts["alternatives"].set_index("method")
    assert beside["used"].to_dict() == {m: m == "welch_t" for m in beside.index}
    assert beside.loc["brunner_munzel", "p"] == pytest.approx(0.026, abs=5e-4)
    assert beside.loc["mann_whitney", "p"] == pytest.approx(0.027, abs=5e-4)


def test_3g_as_one_of_four_is_not_enough_evidence(hotline: Warehouse) -> None:
    found = contrast(hotline, BOTH, by=["business"])
    s, row = found.statistics, pairs(found).loc["3G"]
    assert (s["verdict"], s["family"], s["adjustment"]) == ("not_enough_evidence", 4, "holm")
    assert row["p_adjusted"] == pytest.approx(0.0689, abs=5e-5)
    assert row["low"] < 0 < row["high"]
    assert row["p"] == pytest.approx(0.01722, abs=5e-6)
    assert (found.parts["pairs"]["verdict"] == "not_enough_evidence").all()
    alone = next(f for f in found.findings if f.key == "contrast.alone_it_would")
    assert alone.values["a"] == {"business": "3G"}
    assert alone.values["p"] < 0.05 <= alone.values["p_adjusted"]


def test_3g_against_the_rest_moved_with_them(hotline: Warehouse) -> None:
    found = contrast(hotline, BOTH, by=["business"])
    row = pairs(found).loc["3G"]
    assert row["rest_p"] == pytest.approx(0.083, abs=5e-4)
    assert row["rest_difference"] == pytest.approx(-3 - rest_change(), abs=1e-9)
    assert "contrast.moved_with_rest" in keys(found)


def rest_change() -> float:
    """All but 3G: 1,600 answers before and 1,400 in October, from the means of the fixtures' README."""
    before = (1000 * 88.0 + 300 * 85.5 + 300 * 84.5) / 1600
    return (800 * 88.0 + 300 * 85.0 + 300 * 83.0) / 1400 - before


def test_groups_of_october(hotline: Warehouse) -> None:
    found = contrast(hotline, OCTOBER, by=["business"])
    s = found.statistics
    assert (s["question"], s["test"], s["adjustment"], s["family"]) == ("groups", "welch_anova", "games_howell", 6)
    assert s["overall_p"] == pytest.approx(1.35134e-11, rel=1e-4)
    assert found.table["segment"].tolist() == [("2G",), ("固话",), ("宽带",), ("3G",)]
    assert found.table["score"].tolist() == pytest.approx([88.0, 85.0, 83.0, 81.0])
    assert found.table["rank"].tolist() == [1, 2, 3, 4]
    told = {(row["a"][0], row["b"][0]): row["verdict"] for _, row in found.parts["pairs"].iterrows()}
    surely = {("2G", "3G"), ("2G", "宽带"), ("2G", "固话"), ("固话", "3G")}
    assert {pair for pair, verdict in told.items() if verdict == "different_and_matters"} == surely


def test_shares_and_ranks_month_on_month(hotline: Warehouse) -> None:
    ranks = contrast(hotline, OCTOBER, by=["business"], deep=True).parts["ranks"]
    assert ranks["segment"].str[0].tolist() == ["2G", "固话", "宽带", "3G"]
    assert ranks["share"].tolist() == pytest.approx([0.4, 0.15, 0.15, 0.3])
    assert ranks["previous_share"].tolist() == pytest.approx([0.5, 0.15, 0.15, 0.2])
    assert ranks["previous_score"].tolist() == pytest.approx([88.0, 85.5, 84.5, 84.0])
    assert ranks["previous_rank"].tolist() == [1, 2, 3, 4]
    assert "year_rank" not in ranks  # a year before there are no data

"""Numbers of other implementations (R 4.2.2), through the real path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.contribution import contribution
from analysis.overview import overview
from analysis.stats.intervals import wilson_interval
from data_access.selection import Selection
from tests.analysis.conftest import MakeWarehouse

GOLDEN = Path(__file__).parents[1] / "golden"
COUNTS = """
weight = { column = "times", kind = "frequency" }
score = { column = "score", scale = [1, 5] }
[dimensions]
channel = { column = "channel" }
"""
DONE = '[metrics]\ndone = { column = "done" }'
ROWS = COUNTS.replace('weight = { column = "times", kind = "frequency" }\n', "")


def case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text())
    return found


def kruskal_counts() -> pd.DataFrame:
    wide = pd.read_csv(GOLDEN / "data/kw_counts.csv")
    return wide.melt("channel", var_name="score", value_name="times").astype({"score": int})


def as_rows(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.loc[counts.index.repeat(counts["times"]), ["channel", "score"]].reset_index(drop=True)


@pytest.mark.parametrize("kept_as", ["counts", "rows"])
def test_pareto_of_lost_points(warehouse_of: MakeWarehouse, kept_as: str) -> None:
    expected, counts = case("pareto_lost_points")["expected"], kruskal_counts()
    warehouse = warehouse_of(counts, COUNTS) if kept_as == "counts" else warehouse_of(as_rows(counts), ROWS)
    found = contribution(warehouse, Selection(), by=["channel"])
    n, points = found.statistics["n"], found.table["lost_points"] / 20  # 20 points of 100 are one step of 5
    assert n == 1200
    assert [s[0] for s in found.table["segment"]] == expected["order"]
    assert (points * n).tolist() == pytest.approx([expected["by_segment"][c] for c in expected["order"]], rel=1e-12)
    shares = [expected["share"][c] for c in expected["order"]]
    assert found.table["contribution"].tolist() == pytest.approx(shares, rel=1e-12, abs=1e-13)
    assert found.table["cumulative"].tolist() == pytest.approx(expected["cumulative"], rel=1e-12, abs=1e-13)
    assert found.statistics["lost_points"] / 20 == pytest.approx(expected["mean_gap"], rel=1e-12)


def test_frequencies_and_rows_give_the_same_result(warehouse_of: MakeWarehouse) -> None:
    counts = kruskal_counts()
    a = contribution(warehouse_of(counts, COUNTS), Selection(), by=["channel"]).table
    b = contribution(warehouse_of(as_rows(counts), ROWS), Selection(), by=["channel"]).table
    pd.testing.assert_frame_equal(a, b, rtol=1e-11)


@pytest.mark.parametrize("place", range(4))
def test_wilson(warehouse_of: MakeWarehouse, place: int) -> None:
    golden = case("wilson_ci")
    (successes, n), bounds = golden["inputs"]["x_n"][place], golden["expected"]["ci"][place]
    plain = wilson_interval(successes, n)
    assert [plain.low, plain.high] == pytest.approx(bounds, rel=1e-8, abs=1e-9)
    frame = pd.DataFrame({"done": [1] * successes + [0] * (n - successes)})
    found = overview(warehouse_of(frame, DONE), Selection(metric="done")).statistics
    assert [found["low"] / 100, found["high"] / 100] == pytest.approx(bounds, rel=1e-8, abs=1e-9)

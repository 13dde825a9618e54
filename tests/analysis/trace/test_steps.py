"""What each step keeps: the numbers of the fixture, sums against the rows, parts of reasons, what cannot be asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.contribution import contribution
from analysis.diagnosis import gaps
from analysis.trace import trace
from data_access.model_file import read_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse, open_warehouse
from sample_data import make
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.test_f1 import MODEL, SELECTION

OCTOBER, SEPTEMBER = Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))
TURN = tuple(str(d) for d in (1, 2, 3, 28, 29, 30, 31))
PATH = (Filter("business", ("3G",)), Filter("reason", ("等候/占线",)), Filter("day_of_month", TURN))
CLUSTERED = """
cluster = "team"
time = { column = "at" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
business = { column = "business" }
team = { column = "team" }
[reasons]
reason = { column = "reason", split = "|" }
"""


@pytest.fixture(scope="module")
def hotline(shared: Path, warehouse_of: MakeWarehouse) -> Warehouse:
    return warehouse_of(pd.read_csv(shared / "fixtures/f1_hotline.csv", parse_dates=["contacted_at"]), MODEL)


def answers(n: int = 3_000) -> pd.DataFrame:
    """Two months of twelve teams; answers that lost points name one reason or two, or none."""
    rng = np.random.default_rng(8)
    score = rng.integers(1, 11, n)
    reasons = rng.choice(["wait", "fee", "wait|fee", "wait|fee|tone", ""], n)
    return pd.DataFrame({
        "at": pd.Timestamp("2026-09-01") + pd.to_timedelta(rng.integers(0, 61, n), "D"), "score": score,
        "business": rng.choice(["a", "b", "c"], n), "team": rng.choice([f"t{i}" for i in range(12)], n),
        "reason": np.where(score < 10, reasons, ""),
    })  # fmt: skip


@pytest.fixture(scope="module")
def teams(warehouse_of: MakeWarehouse) -> Warehouse:
    return warehouse_of(answers(), CLUSTERED)


def test_what_each_step_of_the_fixture_keeps(hotline: Warehouse) -> None:
    found = trace(hotline, SELECTION, path=PATH)
    assert found.table["step"].tolist() == [0, 1, 2, 3]
    assert found.table["dimension"].tolist() == [None, "business", "reason", "day_of_month"]
    assert found.table["value"].tolist() == [(), ("3G",), ("等候/占线",), TURN]
    assert found.table["lost_raw"].tolist() == pytest.approx([3060, 1140, 422, 253], abs=1e-9)
    assert found.table["kept"].tolist()[1:] == pytest.approx([1, 422 / 1140, 253 / 1140], abs=1e-12)
    assert found.table["kept_of_all"].tolist() == pytest.approx([1, 1140 / 3060, 422 / 3060, 253 / 3060], abs=1e-12)
    assert [f"{v:.1%}" for v in found.table["kept"][1:]] == ["100.0%", "37.0%", "22.2%"]
    assert [f"{v:.1%}" for v in found.table["kept_of_all"][1:]] == ["37.3%", "13.8%", "8.3%"]
    assert found.table["lost_points"].tolist() == pytest.approx([15.3, 5.7, 2.11, 1.265])
    assert found.statistics["lost_points"] == pytest.approx(15.3)
    assert len(found.sql) == 2  # one query a period, however long the path


def test_the_change_up_to_the_first_reason(hotline: Warehouse) -> None:
    found = trace(hotline, SELECTION, path=PATH)
    assert found.table["change"].tolist()[:2] == pytest.approx([-1.6, -3.0])
    assert found.table["p"][1] == pytest.approx(0.017, abs=5e-4)
    assert found.table["change"][2:].isna().all()
    assert found.table["lost_points0"].tolist()[:2] == pytest.approx([13.7, 3.2])
    assert [s.key for s in found.findings] == ["trace.found_points", "trace.place_fell"]
    assert "trace.reasons_unchanged" in [s.key for s in found.caveats]


def test_an_interval_is_the_one_of_contribution(teams: Warehouse) -> None:
    whole = Selection(period=OCTOBER)
    row = trace(teams, whole, path=[Filter("business", ("b",))]).table.iloc[1]
    other = contribution(teams, whole, by=["business"]).table.set_index("segment").loc[[("b",)]].iloc[0]
    names = {"kept_of_all": "contribution", "of_all_low": "contribution_low", "of_all_high": "contribution_high"}
    names |= {n: n for n in ("n", "share", "score", "low", "high", "lost_points")}
    assert [row[n] for n in names] == pytest.approx([other[n] for n in names.values()])


def test_reasons_in_parts_against_the_rows(teams: Warehouse) -> None:
    frame = answers()
    frame = frame[(frame["at"] >= "2026-10-01") & (frame["at"] < "2026-11-01")]
    frame["lost"] = 10.0 - frame["score"]
    named = [set(r.split("|")) if r else set() for r in frame["reason"]]
    some = [len(r & {"wait", "tone"}) / len(r) if r else 0.0 for r in named]
    one = [1 / len(r) if "tone" in r else 0.0 for r in named]
    b = frame["business"] == "b"
    path = [Filter("reason", ("wait", "tone")), Filter("business", ("b",)), Filter("reason", ("tone",))]
    table = trace(teams, Selection(period=OCTOBER), path=path).table
    expected = [frame["lost"], frame["lost"] * some, frame["lost"] * some * b, frame["lost"] * one * b]
    assert table["lost_raw"].tolist() == pytest.approx([e.sum() for e in expected])
    assert table["n"].tolist() == [len(frame), *(int((e > 0).sum()) for e in expected[1:])]
    inside = frame[expected[2] > 0]
    assert table["score"][2] == pytest.approx(10 * inside["score"].mean())


def test_all_reasons_together_keep_everything(teams: Warehouse) -> None:
    table = trace(
        teams, Selection(period=OCTOBER), path=[Filter("reason", ("wait", "fee", "tone", "not_stated"))]
    ).table
    assert table["kept_of_all"][1] == pytest.approx(1, abs=1e-12)
    frame = answers()
    lost = frame[(frame["at"] >= "2026-10-01") & (frame["score"] < 10)]
    assert table["n"][1] == len(lost)


def test_a_rate_counts_contacts(teams: Warehouse) -> None:
    frame = answers()
    frame = frame[frame["at"] >= "2026-10-01"]
    found = trace(teams, Selection("satisfied", OCTOBER), path=[Filter("business", ("a",))])
    bad = frame["score"] < 9
    assert found.table["lost_raw"].tolist() == [bad.sum(), (bad & (frame["business"] == "a")).sum()]
    assert found.findings[0].key == "trace.first_rate"


def test_a_step_into_nothing(teams: Warehouse) -> None:
    found = trace(teams, Selection(period=OCTOBER), path=[Filter("business", ("b",)), Filter("business", ("a",))])
    assert found.table["n"].tolist()[2] == 0
    assert found.table["kept"].tolist()[1:] == [1, 0]
    assert np.isnan(found.table["score"][2])
    assert "trace.few" in [s.key for s in found.caveats]


def test_an_empty_path_is_everything(teams: Warehouse) -> None:
    found = trace(teams, Selection(period=OCTOBER, baseline=SEPTEMBER))
    assert len(found.table) == 1 and np.isnan(found.table["kept"][0])
    assert found.findings[0].key == "trace.whole_points"


def test_a_place_that_loses_no_more_than_its_share_is_said(teams: Warehouse) -> None:
    found = trace(teams, Selection(period=OCTOBER), path=[Filter("business", ("a",))])  # scores are drawn alike
    assert "trace.not_beyond_share" in [s.key for s in found.caveats]


def test_the_scope_narrows_the_whole(teams: Warehouse) -> None:
    scope = Selection(period=OCTOBER).where("team", "t1", "t2")
    frame = answers()
    mine = frame[(frame["at"] >= "2026-10-01") & frame["team"].isin(["t1", "t2"])]
    table = trace(teams, scope, path=[Filter("business", ("c",))]).table
    assert table["n"].tolist() == [len(mine), (mine["business"] == "c").sum()]


def test_what_cannot_be_asked(teams: Warehouse) -> None:
    whole = Selection(period=OCTOBER)
    with pytest.raises(BadInput):
        trace(teams, whole, path=[Filter("busines", ("a",))])
    with pytest.raises(BadInput):
        trace(teams, whole, path=[Filter("business", ())])
    with pytest.raises(NothingToShow):
        trace(teams, Selection(period=Period(date(2020, 1, 1), date(2020, 2, 1))))
    empty = trace(teams, Selection(period=OCTOBER, baseline=Period(date(2020, 1, 1), date(2020, 2, 1))))
    assert "caveat.empty_baseline" in [s.key for s in empty.caveats]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "member", "fell"), [
    ("business", "mobile_5g", True), pytest.param("scenario", "plan_change", False, marks=pytest.mark.prove),
])  # fmt: skip
def test_level_and_change_are_said_together_and_agree_with_the_whys(
    name: str, member: str, fell: bool, sample_of: Callable[..., Path]
) -> None:
    """A place once better fell to the level of the others; a place at few units is worse than its interval tells."""
    model = read_model(Path(make.__file__).with_name("semantic.toml"))
    opened = open_warehouse(sample_of(), model)
    both = Selection(period=OCTOBER, baseline=SEPTEMBER)
    path = [Filter(name, (member,))]
    keys = {s.key for s in trace(opened, both, path=path).caveats}
    assert gaps(opened, both, path=path).table.iloc[0]["verdict"] == "refutes"  # the loss is real
    assert ("trace.fell_to_the_others" in keys) is fell
    assert fell or "trace.not_beyond_share" not in keys

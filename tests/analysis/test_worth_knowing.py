"""The finds stand there unasked: what is planted in the sample, by its kind; nothing where nothing is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.segments import earlier
from analysis.worth_knowing import worth_knowing
from data_access.model_file import read_model
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import Warehouse, open_warehouse
from sample_data import make
from tests.analysis.conftest import MakeWarehouse

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
MODEL = """
cluster = "team"
time = { column = "at", timezone = "UTC" }
score = { column = "score", scale = [1, 10], formula = "mean_of_max" }
[dimensions]
team = { column = "team", level = "nominal" }
topic = { column = "topic", level = "nominal" }
region = { column = "region", level = "nominal" }
"""
RULE = (Filter("sub_type", ("5g_bill",)),)  # of the sample: what the overview names already


@pytest.fixture(scope="module")
def sample(sample_of: Callable[..., Path]) -> Iterator[Warehouse]:
    opened = open_warehouse(sample_of(), read_model(Path(make.__file__).with_name("semantic.toml")))
    yield opened
    opened.close()


def test_what_is_planted_stands_there_unasked_and_by_its_kind(sample: Warehouse) -> None:
    found = worth_knowing(sample, Selection("score", OCTOBER, OCTOBER.previous()), known=RULE)
    finds = {(row.kind, row.dimension): row for row in found.table.itertuples()}
    assert len(found.table) <= 8 and (found.table["cost"] > 0).all() and found.table["cost"].is_monotonic_decreasing
    assert finds["level", "scenario"].value == ("plan_change",) and finds["level", "scenario"].cost > 0.3
    turn = finds["level", "day_of_month"]
    assert turn.span == "all" and set(turn.value) >= {"1", "2", "3", "28", "29", "30", "31"} and len(turn.value) <= 8
    new = finds["level", "team"]
    assert new.value == ("team_17",) and new.usual - new.score > 5 and new.p_adjusted < 0.05
    grown = finds["mix", "business"]
    assert (
        grown.value == ("value_added",) and grown.share > 1.4 * grown.share0 and abs(grown.score - grown.score0) < 1
    )
    looks = finds["looks", "team"]
    assert (looks.value, looks.mix_dimension, looks.mix_member) == (("team_08",), "business", "broadband")
    assert looks.mix_share == pytest.approx(0.699, abs=0.01) and looks.mix_elsewhere < 0.25
    assert not any(row.dimension == "sub_type" for row in found.table.itertuples()), "what is named already"
    assert len(found.findings) == 1 + len(found.table)


def test_what_is_summed_from_the_cells_of_the_search_is_what_a_query_answers(
    sample_of: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same contacts as few, read in one pass, and as too many to be kept: each by a warehouse of its own."""
    model, found = read_model(Path(make.__file__).with_name("semantic.toml")), []
    asked = Selection("score", OCTOBER, OCTOBER.previous(), (Filter("channel", ("phone", "chat")),))
    for most in (earlier.AT_ONCE, 0):
        monkeypatch.setattr(earlier, "AT_ONCE", most)
        opened = open_warehouse(sample_of(), model)
        found.append(worth_knowing(opened, asked))
        opened.close()
    assert len(found[0].sql) < len(found[1].sql)
    assert len(found[0].table) > 3
    pd.testing.assert_frame_equal(found[0].table, found[1].table, rtol=1e-12)
    assert found[0].statistics == found[1].statistics


def frame(seed: int, *, bad: str = "", mixed: str = "") -> pd.DataFrame:
    """Answers of twenty teams on four topics, of which one is disliked everywhere."""
    rng, n = np.random.default_rng(seed), 12_000
    team = np.array([f"t{i:02}" for i in rng.integers(0, 20, n)])
    topic = rng.choice(["bill", "fault", "plan", "move"], n)
    topic[(team == mixed) & (rng.random(n) < 0.8)] = "fault"
    score = 8.2 + rng.normal(0, 1.6, n) - 1.5 * (topic == "fault") - 1.2 * (team == bad)
    at = pd.Timestamp("2026-10-01") + pd.to_timedelta(rng.integers(0, 31 * 24, n), unit="h")
    score = np.clip(np.round(score), 1, 10)
    return pd.DataFrame(
        {"at": at, "team": team, "topic": topic, "region": rng.choice(list("abcde"), n), "score": score}
    )


def finds_of(warehouse: Warehouse) -> set[tuple[str, str, tuple[str, ...]]]:
    table = worth_knowing(warehouse, Selection("score", OCTOBER)).table
    return {(row.kind, row.dimension, row.value) for row in table.itertuples()}


@pytest.mark.parametrize("seed", [0, *(pytest.param(s, marks=pytest.mark.prove) for s in range(1, 6))])
def test_a_team_is_blamed_for_its_own_loss_and_not_for_its_mix(warehouse_of: MakeWarehouse, seed: int) -> None:
    topic = ("level", "topic", ("fault",))
    assert finds_of(warehouse_of(frame(seed), MODEL)) == {topic}
    assert finds_of(warehouse_of(frame(seed, bad="t03"), MODEL)) == {topic, ("level", "team", ("t03",))}
    assert finds_of(warehouse_of(frame(seed, mixed="t05"), MODEL)) == {topic, ("looks", "team", ("t05",))}


def test_where_small_groups_are_secret_only_the_period_is_searched(warehouse_of: MakeWarehouse) -> None:
    found = worth_knowing(
        warehouse_of(frame(1), MODEL.replace("cluster", "disclose_from = 10\ncluster", 1)),
        Selection("score", OCTOBER),
    )
    assert set(found.table["span"]) == {"period"}


def test_where_small_groups_are_secret_a_mix_is_not_told_by_its_members(warehouse_of: MakeWarehouse) -> None:
    """How much of a group is one member of another dimension says how many answers both have in common."""
    found = worth_knowing(warehouse_of(frame(0, mixed="t05"), f"disclose_from = 5\n{MODEL}"), Selection("score"))
    looks = found.table[found.table["kind"] == "looks"]
    assert list(looks["value"]) == [("t05",)] and not looks["mix_dimension"].any() and looks["mix_share"].isna().all()
    assert "worth_knowing.looks_plain" in {s.key for s in found.findings}


def test_what_came_after_the_period_or_costs_next_to_nothing_is_no_news(sample: Warehouse) -> None:
    may = Period(date(2026, 5, 1), date(2026, 6, 1))
    found = worth_knowing(sample, Selection("score", may, may.previous())).table
    lost = 100 - float(sample.cells("score", (), may, ()).rows.eval("wx / w").iloc[0]) * 10
    assert "month" not in set(found["dimension"]), "October 2026 is the worst of all months"
    assert (found["cost"].abs() >= 0.005 * lost).all() and len(found) > 3

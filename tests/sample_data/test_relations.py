"""Relations planted in the sample are seen through: what only seems to cost points, and what costs none at first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from analysis.pair import pair
from analysis.result import Result
from data_access.model_file import read_model
from data_access.selection import Selection
from data_access.warehouse import Warehouse, open_warehouse
from sample_data import make
from sample_data.service import wait_points

pytestmark = pytest.mark.slow
QUEUES = Selection().where("touchpoint", "enquiry_call", "complaint", "handover")


@pytest.fixture(scope="module")
def warehouse(small: Callable[..., Path]) -> Iterator[Warehouse]:
    opened = open_warehouse(small(), read_model(Path(make.__file__).with_name("semantic.toml")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def handling(warehouse: Warehouse) -> Result:
    return pair(warehouse, Selection(), x="handling", y="score", within="touchpoint")


def told(found: Result, key: str) -> list[object]:
    return [statement.values.get("names") for statement in found.findings if statement.key == key]


def test_handling_seems_to_cost_points_only_because_complaints_take_longer(
    handling: Result, small: Callable[..., Path]
) -> None:
    s, held = handling.statistics, handling.parts["partial"].set_index("given")
    assert s["clusters"] >= 10 and s["high"] < -0.04, "over all, surely"
    assert handling.findings[0].key == "pair.together_scatter_less"
    assert told(handling, "pair.fades") == [[{"dimension": "touchpoint"}]]
    assert held.loc["touchpoint", "low"] < 0 < held.loc["touchpoint", "high"]
    assert abs(held.loc["touchpoint", "value"]) < 0.25 * abs(s["value"])
    others = held.drop(index=["touchpoint", ""])
    assert (others["value"] < 0.7 * s["value"]).all(), "nothing else accounts for it"


def test_nothing_is_left_within_a_touchpoint(handling: Result) -> None:
    s, strata = handling.statistics, handling.parts["strata"]
    assert len(strata) == 5 and not s["simpson"]
    assert abs(s["pooled"]) < 0.02
    assert strata["value"].abs().max() < 0.06


def test_tenure_beside_the_touchpoint_takes_the_rest(warehouse: Warehouse) -> None:
    found = pair(warehouse, Selection(), x="handling", y="score", given=("touchpoint", "tenure_band"))
    s = found.statistics
    assert s["partial_low"] < 0 < s["partial_high"]
    assert told(found, "pair.fades") == [[{"dimension": "touchpoint"}]]


def test_a_wait_costs_nothing_at_first_and_then_by_doublings(warehouse: Warehouse) -> None:
    found = pair(warehouse, QUEUES, x="wait", y="score", within="touchpoint")
    bins = found.table
    short, long = bins[bins["x_high"] <= 15], bins[bins["x_low"] > 15]
    assert len(short) >= 4 and np.ptp(short["value"]) < 2.5, "no more than chance between them"
    level = np.average(short["value"], weights=short["n"])
    within = (long["low"] <= level + wait_points(long["x"].to_numpy())) & (
        level + wait_points(long["x"].to_numpy()) <= long["high"]
    )
    assert within.mean() > 0.7, "the bins lie along two points a doubling"
    assert found.findings[0].key == "pair.together_scatter_less"
    assert told(found, "pair.fades") == [] and any(f.key == "pair.holds" for f in found.findings)
    assert not found.statistics["simpson"] and found.statistics["pooled_high"] < 0


def test_months_agree_on_the_wait(warehouse: Warehouse) -> None:
    found = pair(warehouse, QUEUES, x="wait", y="score", given=("business",))
    (stable,) = (f for f in found.findings if f.key == "pair.stable")
    assert stable.values["same"] == stable.values["months"] == 13


def test_presets_of_the_sample_can_be_looked_at(warehouse: Warehouse) -> None:
    bot = pair(warehouse, Selection(), x="bot_recognised", y="score", within="touchpoint", preset="bot")
    assert bot.statistics["value"] > 0 and set(bot.parts["strata"]["stratum"]) == {"bot_ivr", "bot_text", "handover"}
    teams = pair(warehouse, Selection(), x="training", y="score", preset="employees")
    assert teams.statistics["n"] == 24 and teams.caveats[0].key == "pair.of_members"

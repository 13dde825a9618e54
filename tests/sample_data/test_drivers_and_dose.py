"""The drivers planted in the sample are found: a wait costs points and levels off, new agents are still learning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analysis.drivers.dose import dose
from analysis.drivers.importance import drivers
from data_access.model_file import read_model
from data_access.selection import Selection
from data_access.warehouse import Warehouse, open_warehouse
from sample_data import make

pytestmark = pytest.mark.slow
QUEUES = Selection().where("touchpoint", "enquiry_call", "complaint", "handover")
NEW_TEAM = Selection().where("team", "team_17")
MONTH = 60.0


@pytest.fixture(scope="module")
def warehouse(small: Callable[..., Path]) -> Iterator[Warehouse]:
    opened = open_warehouse(small(), read_model(Path(make.__file__).with_name("semantic.toml")))
    yield opened
    opened.close()


def test_a_longer_wait_goes_with_a_lower_score_most_in_its_first_minutes(warehouse: Warehouse) -> None:
    found = dose(warehouse, QUEUES, driver="wait")
    s = found.statistics
    assert s["clusters"] >= 10, "judged across units"
    assert s["trend_p"] < 0.001 and s["improves"]
    assert found.findings[0].key == "dose.knee"
    assert 15 < s["knee_at"] < 300
    assert s["before"] < 2 * s["after"] < 0, "a point per doubling: each further second costs less"
    assert found.table["score"].iloc[0] - found.table["score"].iloc[-1] > 5


def test_new_agents_learn_within_their_first_months(warehouse: Warehouse) -> None:
    found = dose(warehouse, QUEUES, driver="tenure")
    s = found.statistics
    assert found.findings[0].key == "dose.knee"
    assert MONTH < s["knee_at"] < 120 and s["knee_low"] < 120
    assert s["before"] > 20 * abs(s["after"])


def test_the_new_team_levels_off_rather_than_turns(warehouse: Warehouse) -> None:
    found = dose(warehouse, NEW_TEAM, driver="tenure")
    assert found.findings[0].key == "dose.knee"
    new = found.table[found.table["high"] <= MONTH]
    assert new["score"].max() < found.table["score"][found.table["low"] > 120].mean()


def test_the_wait_is_among_the_main_drivers_of_the_queues(warehouse: Warehouse) -> None:
    found = drivers(warehouse, QUEUES)
    table = found.table.set_index("driver")
    assert found.statistics["clusters"] >= 10
    assert list(table.index[:2]) == ["solved", "wait"]
    assert table.loc["wait", "coefficient_high"] < 0 < table.loc["solved", "coefficient_low"]
    assert table.loc["wait", "p_adjusted"] < 0.001
    assert table["importance"].sum() == pytest.approx(found.statistics["r2"])
    assert (table["low"] <= table["importance"]).all() and (table["importance"] <= table["high"]).all()
    assert "page_load" in set(found.parts["left_out"]["driver"]), "no queue knows how a page loads"

"""On the sample: calibrated on later months, whichever they are; without signal, no list."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from analysis.risk.risk import risk
from data_access.model_file import read_model
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse, open_warehouse
from tests.proof import Figure

MODEL = Path(__file__).parents[3] / "sample_data" / "semantic.toml"
pytestmark = pytest.mark.prove
SHUFFLED = """
CREATE OR REPLACE TABLE contacts AS SELECT c.* REPLACE (coalesce(m.other, NULL) AS score) FROM contacts c LEFT JOIN (
    SELECT a.contact_id, b.score AS other
    FROM (SELECT contact_id, row_number() OVER (ORDER BY hash(contact_id)) AS place FROM contacts
          WHERE score IS NOT NULL) a
    JOIN (SELECT score, row_number() OVER (ORDER BY hash(contact_id + {seed})) AS place FROM contacts
          WHERE score IS NOT NULL) b USING (place)) m USING (contact_id) ORDER BY contacted_at
"""


@pytest.fixture(scope="module")
def sample(sample_of: Callable[..., Path]) -> Iterator[Warehouse]:
    warehouse = open_warehouse(sample_of(), read_model(MODEL))
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize("end", [date(2026, month, 1) for month in (6, 7, 8, 9, 10, 11)])
def test_calibrated_on_later_months(end: date, sample: Warehouse, figure: Figure) -> None:
    s = risk(sample, Selection("score", Period(date(2025, 10, 1), end))).statistics
    assert 0.8 <= figure(f"slope until {end}", s["calibration"]) <= 1.25
    assert figure(f"auc until {end}", s["auc"]) > 0.7 and s["auc_low"] > 0.69
    assert figure(f"ece until {end}", s["ece"]) < 0.03 and s["verdict"] == "better"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shuffled_answers_give_no_list(seed: int, sample_of: Callable[..., Path], tmp_path: Path) -> None:
    path = Path(shutil.copy(sample_of(), tmp_path / "shuffled.duckdb"))
    with duckdb.connect(str(path)) as connection:
        connection.execute("DROP VIEW IF EXISTS surveys")
        connection.execute(SHUFFLED.format(seed=seed * 7_919))
    warehouse = open_warehouse(path, read_model(MODEL))
    result = risk(warehouse, Selection("score"))
    warehouse.close()
    assert result.statistics["verdict"] == "no_better" and result.table.empty

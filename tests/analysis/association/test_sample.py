"""The sample by its own truth: the wait costs points beyond some seconds; handling time only seems to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.association import association
from data_access.model_file import read_model
from data_access.selection import Selection
from data_access.warehouse import Warehouse, open_warehouse
from data_access.warehouse.dialects.duckdb import to_read
from sample_data import make

from .frames import keys, row

pytestmark = pytest.mark.slow
MODEL = Path(make.__file__).with_name("semantic.toml")


@pytest.fixture(scope="module")
def path(sample_of: Callable[..., Path]) -> Path:
    return sample_of(contacts=60_000)


@pytest.fixture(scope="module")
def rows(path: Path) -> pd.DataFrame:
    with to_read(path) as connection:
        return connection.execute("SELECT * FROM contacts WHERE exempted = 0").df()


@pytest.fixture(scope="module")
def sample(path: Path, rows: pd.DataFrame) -> Iterator[Warehouse]:
    """Opened after `rows` were read, as a file is open once only."""
    warehouse = open_warehouse(path, read_model(MODEL))
    yield warehouse
    warehouse.close()


def truth(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))["relations"]
    return found


def test_the_wait_as_planted(sample: Warehouse, rows: pd.DataFrame, path: Path) -> None:
    """Points fall with each doubling of a wait beyond some seconds."""
    assert truth(path)["wait"]["points_a_doubling"] < 0
    found = association(sample, Selection(), columns=["score", "wait", "handling"])
    known = rows[["score", "wait_s"]].dropna()
    pair = row(found, "score", "wait")
    assert pair["value"] == pytest.approx(stats.pearsonr(known["score"], known["wait_s"]).statistic, rel=1e-9)
    assert pair["value"] < 0 and pair["p_adjusted"] < 0.001 and pair["n"] == len(known)
    assert keys(found)[:2] == ["association.with_metric", "association.falls"]


def test_handling_time_only_seems_to_matter(sample: Warehouse, path: Path) -> None:
    """It goes with the score over all touchpoints, for complaints take longer; within one it does not."""
    planted = truth(path)["handling"]
    assert abs(planted["adjusted"]) < abs(planted["apparent"]) / 5
    asked = ["score", "handling", "tier", "region"]
    over_all = row(association(sample, Selection(), columns=asked), "score", "handling")
    assert over_all["p_adjusted"] < 0.001 and np.sign(over_all["value"]) == np.sign(planted["apparent"])
    calls = Selection().where("touchpoint", "enquiry_call")
    within = row(association(sample, calls, columns=asked), "score", "handling")
    assert within["p_adjusted"] > 0.05 and abs(within["value"]) < abs(over_all["value"]) / 2


def test_the_business_of_a_sub_type_is_named(sample: Warehouse) -> None:
    same = association(sample, Selection(), columns=["score", "business", "sub_type", "task_done", "solved"])
    kinds = same.parts["duplicates"][["x", "y", "kind"]].to_numpy().tolist()
    assert kinds == [["task_done", "solved", "exact"], ["sub_type", "business", "nested"]]

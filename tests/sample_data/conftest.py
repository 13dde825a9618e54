"""Sample warehouses of the tests: one as users get it, and small ones with and without each planted cause."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data_access.warehouse.dialects.duckdb import to_read
from sample_data.causes import CAUSES

SMALL = 110_000
# Each cause is looked for in a sample without it; a sample takes long to make, so that one is enough day by day.
SWITCHED_OFF = [
    pytest.param(cause, marks=[] if cause == "billing_rule" else pytest.mark.prove, id=cause) for cause in CAUSES
]


def read(path: Path, query: str) -> pd.DataFrame:
    """Rows of a warehouse file."""
    with to_read(path) as connection:
        return connection.execute(query).df()


def truth_of(path: Path) -> dict[str, Any]:
    """The truth beside a warehouse file."""
    return json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def warehouse(sample_of: Callable[..., Path]) -> Path:
    """The sample as a user gets it."""
    return sample_of()


@pytest.fixture(scope="session")
def contacts(warehouse: Path) -> pd.DataFrame:
    """Its contacts."""
    return read(warehouse, "SELECT * FROM contacts")


@pytest.fixture(scope="session")
def small(sample_of: Callable[..., Path]) -> Callable[..., Path]:
    """A smaller sample without the named causes."""
    return partial(sample_of, contacts=SMALL)


@pytest.fixture(scope="session")
def answers(small: Callable[..., Path]) -> Callable[..., pd.DataFrame]:
    """The ratings that count of such a sample, scores as mean x 10."""
    query = """SELECT contacted_at, touchpoint, business, sub_type, team, tenure_band, scenario, flow_version, wait_s,
               task_success, 10 * score AS score, reason FROM contacts WHERE score IS NOT NULL AND exempted = 0"""
    return cache(lambda *without: read(small(*without), query))

"""The share of who can act: it sums its reasons, and one with a single reason is as sure as that reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from analysis.contribution import contribution
from analysis.powers import by_power
from analysis.review.power_shares import with_intervals
from data_access.model_file import read_model
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse, open_warehouse
from tests.pages.conftest import MODEL

OCTOBER = Selection("score", Period(date(2026, 10, 1), date(2026, 11, 1)))


@pytest.fixture(scope="module")
def warehouse(sample_of: object) -> Warehouse:
    made: Path = sample_of()  # type: ignore[operator]
    return open_warehouse(str(made), read_model(MODEL))


def test_shares_of_powers_have_intervals(warehouse: Warehouse) -> None:
    reasons = contribution(warehouse, OCTOBER, by=("reason",))
    powers = with_intervals(warehouse, OCTOBER, "reason", by_power(reasons).table)
    known = powers.dropna(subset=["contribution_low"])
    assert len(known) >= 3
    assert np.all(known["contribution_low"] < known["contribution"])
    assert np.all(known["contribution"] < known["contribution_high"])
    alone = reasons.table.groupby("power").filter(lambda rows: len(rows) == 1).set_index("power")
    assert len(alone)
    for power, row in alone.iterrows():
        (own,) = powers[[segment == (power,) for segment in powers["segment"]]].to_dict("records")
        for bound in ("contribution_low", "contribution_high"):
            assert own[bound] == pytest.approx(row[bound], abs=1e-9, nan_ok=True)

"""All measures by segment: the same numbers as each measure by itself, with p for all of them together."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.service.board.board import service, service_measure
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse

from .conftest import Beside

OCTOBER, SEPTEMBER = Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))


def test_cells_equal_a_count_by_hand_and_a_family_that_knows_no_segment_is_left_out(beside: Beside) -> None:
    calls = pd.DataFrame({"outcome": ["answered"] * 30 + ["abandoned"] * 10 + ["answered"] * 20, "queue_s": 5.0,
                          "requested_at": pd.Timestamp("2026-10-05 10:00"), "tier": ["vip"] * 40 + ["basic"] * 20,
                          "touchpoint": "phone", "customer_id": "k"})  # fmt: skip
    warehouse = beside(calls=calls)
    cells = service(warehouse, Selection("score"), by=("tier",)).parts["segments"].set_index(["measure", "segment"])
    assert cells.loc[("answer_rate", ("vip",)), "value"] == 0.75 and cells.loc[("answer_rate", ("basic",)), "n"] == 20
    assert "answer_rate" not in service(warehouse, Selection("score"), by=("team",)).parts["segments"].get(
        "measure", []
    )


@pytest.mark.prove
def test_each_measure_of_the_sample_is_as_it_stands_by_itself(sample: Warehouse) -> None:
    selection = Selection("score", OCTOBER, SEPTEMBER)
    cells = service(sample, selection, by=("touchpoint",)).parts["segments"]
    for measure, own in cells.groupby("measure"):
        alone = service_measure(sample, selection, measure=measure, by=("touchpoint",)).table.set_index("segment")
        own = own.set_index("segment")
        assert set(own.index) <= set(alone.index)
        alone = alone.loc[list(own.index)]
        for name, other in {"value": "score", "low": "low", "high": "high", "change": "change"}.items():
            np.testing.assert_allclose(100 * own[name].astype(float), alone[other].astype(float), atol=1e-9)

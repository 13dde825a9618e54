"""Gaps and types of cause asked at once say what each says by itself."""

from __future__ import annotations

import pandas as pd

from analysis.diagnosis import cause_types, gaps, gaps_and_causes
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.diagnosis.test_gaps import BOTH, MODEL, A, contacts


def test_both_at_once_are_each_of_them(warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(contacts(3).assign(reason="wait_busy"), MODEL)
    one, two = gaps(warehouse, BOTH, path=A, listed=()), cause_types(warehouse, BOTH, path=A)
    both = gaps_and_causes(warehouse, BOTH, path=A, listed=())
    pd.testing.assert_frame_equal(both.table, one.table)
    pd.testing.assert_frame_equal(both.parts["cause_types"], two.table)
    assert both.findings == (*one.findings, *two.findings)
    assert set(one.parts) < set(both.parts)


def test_without_reasons_there_are_gaps_only(warehouse_of: MakeWarehouse) -> None:
    model = MODEL.split("[reasons]")[0]
    found = gaps_and_causes(warehouse_of(contacts(3), model), BOTH, path=A)
    assert "cause_types" not in found.parts and len(found.findings) == len(found.table)

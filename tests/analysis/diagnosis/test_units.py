"""Units that are too small to be judged."""

from __future__ import annotations

import numpy as np

from analysis.diagnosis import gaps_and_causes
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.diagnosis.test_gaps import BOTH, MODEL, A, contacts


def test_where_no_unit_has_ten_answers_there_are_verdicts_all_the_same(warehouse_of: MakeWarehouse) -> None:
    frame = contacts(5)
    frame["team"] = [f"t{place}" for place in np.arange(len(frame)) // 3]
    found = gaps_and_causes(warehouse_of(frame, MODEL), BOTH, path=A)
    assert len(found.findings) >= len(found.table) == 6

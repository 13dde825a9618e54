"""A dimension of thousands of members is refused in a sentence, not computed for minutes."""

from __future__ import annotations

from time import process_time

import numpy as np
import pandas as pd
import pytest

from analysis.pair import pair
from data_access.selection import Selection
from data_access.statement import BadInput
from tests.analysis.conftest import MakeWarehouse

MODEL = """
score = { column = "score", scale = [1, 10] }
[dimensions]
agent = { column = "agent" }
channel = { column = "channel" }
"""


def test_five_thousand_members_are_one_sentence(warehouse_of: MakeWarehouse) -> None:
    rng, n = np.random.default_rng(1), 20_000
    rows = pd.DataFrame({"score": rng.integers(1, 11, n), "agent": (np.arange(n) % 5_000).astype(str),
                         "channel": rng.choice(["a", "b"], n)})  # fmt: skip
    warehouse, began = warehouse_of(rows, MODEL), process_time()
    for x, y in (("agent", "score"), ("channel", "agent")):
        with pytest.raises(BadInput) as found:
            pair(warehouse, Selection(), x=x, y=y)
        assert found.value.statement.values["members"] == 5_000
    assert process_time() - began < 20  # it took 389 s
    assert pair(warehouse, Selection(), x="channel", y="score").statistics["n"] == n

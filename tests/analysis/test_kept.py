"""What is worked out is worked out once: for the same question of the same data, as long as there is room for it."""

from __future__ import annotations

import pandas as pd

from analysis.kept import Kept
from data_access.selection import Filter
from data_access.warehouse import Warehouse
from tests.analysis.conftest import MakeWarehouse

MODEL = """
score = { column = "score", scale = [1, 10], formula = "mean_of_max" }
[dimensions]
team = { column = "team", level = "nominal" }
"""


def test_worked_out_once_for_each_question_and_scope(warehouse_of: MakeWarehouse) -> None:
    frame = pd.DataFrame({"score": [1, 5, 10], "team": ["a", "a", "b"]})
    whole = warehouse_of(frame, MODEL)
    kept, worked = Kept[str](2), list[str]()

    def of(question: str, warehouse: Warehouse = whole, size: int = 1) -> str:
        def work() -> str:
            worked.append(question)
            return f"{question}!"

        return kept.of(warehouse, question, work, lambda _: size)

    part = whole.within([Filter("team", ("a",))])
    assert [of("one"), of("two"), of("one"), of("one", part)] == ["one!", "two!", "one!", "one!"]
    assert worked == ["one", "two", "one"], "a scope is asked by itself"
    of("three")  # no room for "two", which was asked for longest ago
    for question, size in (("one", 1), ("large", 3), ("large", 3), ("two", 1)):
        of(question, size=size)
    assert worked[3:] == ["three", "large", "large", "two"]

"""How many answers several sets of filters let through, counted in one pass, against plain Python."""

from __future__ import annotations

import pandas as pd
import pytest

from data_access.selection import Filter

from .test_verbs import FILTERS, OCTOBER, Opened, sums


@pytest.mark.parametrize(("kind", "column"), [(None, ""), ("frequency", "times"), ("survey", "w")])
def test_answers_of_several_filters_in_one_pass(
    opened: Opened, truth: pd.DataFrame, kind: str | None, column: str
) -> None:
    warehouse = opened(f'weight = {{ column = "{column}", kind = "{kind}" }}' if kind else "")
    alternatives = [(), *((f,) for f in FILTERS), (Filter("vip", ("true",)), Filter("reason", ("wait",)))]
    found = warehouse.answers("score", OCTOBER, alternatives)
    counts = [sums(truth, "score", (), OCTOBER, filters, kind).get((), [0])[0] for filters in alternatives]
    assert found == counts and 0 < min(counts) < counts[0]
    both = warehouse.shared("score", OCTOBER, alternatives[1:3])
    alone = counts[1], counts[2], warehouse.answers("score", OCTOBER, [(*alternatives[1], *alternatives[2])])[0]
    assert both.astype(int).tolist() == [[alone[0], alone[2]], [alone[2], alone[1]]]


def test_cells_come_in_one_order(opened: Opened) -> None:
    """Reasons split an answer in fractions; added up in another order their last digits would differ."""
    warehouse = opened()
    first, *others = (warehouse.cells_each("score", [["reason", "skill"], []], OCTOBER, ()) for _ in range(5))
    assert "ORDER BY 1, 2, 3" in first[0].sql
    assert len(first[0].rows) > 36, "some answers name two reasons"
    for other in others:
        for one, again in zip(first, other, strict=True):
            pd.testing.assert_frame_equal(one.rows, again.rows)
    skills = [cell for cell in warehouse.cells("score", ["skill"], None, ()).rows["skill"] if cell is not None]
    assert skills == sorted(skills, key=int)

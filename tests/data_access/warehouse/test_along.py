"""How far contacts go along a path, and what part of their loss each step takes, against plain Python."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from data_access.selection import Filter
from data_access.warehouse.cells import SUMS

from .expected import OCTOBER, as_dict, assert_same, segments, selected, sums, value
from .test_verbs import Opened

PATHS = [
    (Filter("business", ("3G", None)), Filter("day_of_month", ("1", "31")), Filter("vip", ("true", None))),
    (Filter("reason", ("wait", "态度")), Filter("skill", ("30", None)), Filter("reason", ("态度",))),
    (Filter("scenes", ("home",)), Filter("reason", ("未说明",))),
    (Filter("reason", ("no such",)), Filter("hour", ("0",))),
]


def steps(row: dict[str, Any], path: tuple[Filter, ...]) -> list[float]:
    """The part of the row's loss that each step takes."""
    found = [1.0]
    for i in range(1, len(path) + 1):
        inside = all(set(segments(row, f.dimension)) & set(f.values) for f in path[:i])
        named = segments(row, "reason")
        kept = [r for r in named if all(r in f.values for f in path[:i] if f.dimension == "reason")]
        asked = any(f.dimension == "reason" for f in path[:i])
        inside &= not asked or value(row, "score") != 10
        found.append(inside * (len(kept) / len(named) if asked else 1.0))
    return found


@pytest.mark.parametrize("path", PATHS, ids=lambda path: "-".join(f.dimension for f in path))
def test_each_step_of_a_path(opened: Opened, truth: pd.DataFrame, path: tuple[Filter, ...]) -> None:
    (answer,) = opened("").cells_each("score", [()], OCTOBER, (), path=path)
    expected = [[0.0, 0.0, 0.0] for _ in range(len(path) + 1)]
    for row in selected(truth, OCTOBER, ()):
        x = value(row, "score")
        if x is None or row["exempted"]:
            continue
        for i, part in enumerate(steps(row, path)):
            expected[i] = [a + b for a, b in zip(expected[i], (float(part > 0), part, part * x), strict=True)]
    rows = answer.rows
    got = [
        [rows.loc[rows[f"step{i}"] > 0, "n"].sum(), (rows["n"] * rows[f"step{i}"]).sum(),
         (rows["wx"] * rows[f"step{i}"]).sum()]
        for i in range(len(path) + 1)
    ]  # fmt: skip
    assert got == [pytest.approx(e) for e in expected]


def test_cuts_and_clusters_stay_what_they_are(opened: Opened, truth: pd.DataFrame) -> None:
    """The steps only split cells: cut by the path's own reason too, everything sums to what it was."""
    warehouse, path = opened(), PATHS[1]
    for by, answer in zip(
        (["reason"], ["tier", "hour"], []),
        warehouse.cells_each("score", [["reason"], ["tier", "hour"], []], OCTOBER, (), clustered=True, path=path),
        strict=True,
    ):
        assert {"step0", "step3", *SUMS} <= set(answer.rows)
        expected = sums(truth, "score", by, OCTOBER, clustered=True)
        assert_same(as_dict(answer.rows, by, clustered=True), expected)

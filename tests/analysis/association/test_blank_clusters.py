"""An answer without a cluster counts as one of its own in a coefficient: as if each had a name nobody else has."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.association.coded_rows import rows_of
from analysis.association.pairwise import pair_coefficient, products_of
from analysis.pair import pair
from data_access.selection import Selection
from tests.analysis.conftest import MakeWarehouse

MODEL = """
score = { column = "score", scale = [1, 5] }
cluster = "team"
[dimensions]
team = { column = "team" }
kind = { column = "kind" }
side = { column = "side" }
[drivers]
wait = { column = "wait" }
steps = { column = "steps" }
"""
PAIRS = [("wait", "steps"), ("score", "wait"), ("score", "kind"), ("kind", "side")]


def answers(blanks: int) -> pd.DataFrame:
    """Fifty teams of forty answers that differ, then answers of nobody, which do not come together."""
    rng = np.random.default_rng(8)
    team, n = np.repeat(np.arange(50), 40), 2_000 + blanks
    low = np.repeat([0.0, -1.5], [2_000, blanks])
    each, steps, moved = (np.concatenate([rng.normal(size=50)[team], rng.normal(size=blanks)]) for _ in range(3))
    return pd.DataFrame({
        "team": [*(f"t{t}" for t in team), *[None] * blanks],
        "score": np.clip(np.round(3 + low + each + rng.normal(0, 0.7, n)), 1, 5),
        "wait": np.round(100 + 60 * low + 30 * np.where(low < 0, -each, each) + 20 * rng.normal(size=n), 3),
        "steps": np.round(9 + 2 * steps + each + rng.normal(size=n), 3),
        "kind": np.where(moved + rng.normal(size=n) > 0, "a", np.where(each > 0, "b", "c")),
        "side": rng.choice(["x", "y", "z"], n),
    })  # fmt: skip


def effects(warehouse_of: MakeWarehouse, frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    codes = warehouse_of(frame, MODEL).codes(["score", "kind", "side", "wait", "steps"], None, ())
    rows = rows_of(codes, list(codes.columns.values()))
    named = {c.name: c for c in rows.columns}
    products = products_of(rows)
    return {(x, y): pair_coefficient(rows, products, named[x], named[y]).design_effect for x, y in PAIRS}


def test_blank_clusters_are_as_many_clusters(warehouse_of: MakeWarehouse) -> None:
    """The wanted number: Rao and Scott's effect with each blank as a name of its own, by the same code."""
    frame = answers(1_500)
    own = frame.assign(team=[name or f"answer {i}" for i, name in enumerate(frame["team"])])
    together = frame.assign(team=frame["team"].fillna("nobody"))
    got, wanted, one = (effects(warehouse_of, f) for f in (frame, own, together))
    for pair_ in PAIRS:
        assert got[pair_] == pytest.approx(wanted[pair_], rel=0.09), pair_  # fifty clusters are t, not z
        assert got[pair_] >= wanted[pair_] * 0.999 or got[pair_] == 1.0
    assert max(one[p] / got[p] for p in PAIRS) > 1.5  # what it was as one cluster


def test_of_few_clusters_and_blanks_answers_are_alone(warehouse_of: MakeWarehouse) -> None:
    frame = answers(1_500)
    few = frame[frame["team"].isin(["t1", "t2", "t3", "t4"]) | frame["team"].isna()]
    assert set(effects(warehouse_of, few).values()) == {1.0}


def test_the_partial_coefficient_takes_them_alike(warehouse_of: MakeWarehouse) -> None:
    frame = answers(1_500)
    own = frame.assign(team=[name or f"answer {i}" for i, name in enumerate(frame["team"])])
    together = frame.assign(team=frame["team"].fillna("nobody"))
    widths = []
    for each in (frame, own, together):
        found = pair(warehouse_of(each, MODEL), Selection(), x="wait", y="score", given=("steps",)).statistics
        widths.append(found["partial_high"] - found["partial_low"])
    assert widths[0] == pytest.approx(widths[1], rel=0.06)
    assert widths[2] > 1.2 * widths[0]

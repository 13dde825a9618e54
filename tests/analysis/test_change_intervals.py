"""Intervals of the effects of a change, by resampling and by simulation."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.change import change
from data_access.selection import Period, Selection
from tests.analysis.conftest import MakeWarehouse
from tests.proof import Figure

SELECTION = Selection(
    period=Period(date(2026, 10, 1), date(2026, 11, 1)), baseline=Period(date(2026, 9, 1), date(2026, 10, 1))
)
ROWS = """
time = { column = "day" }
score = { column = "score", scale = [1, 10] }
{cluster}
[dimensions]
segment = {{ column = "segment" }}
team = {{ column = "team" }}
"""


def contacts(seed: int, n: int, *, teams: int = 30, shift: float = 0.0) -> pd.DataFrame:
    """Two months of answers; teams differ lastingly and from month to month, and so do the segments they serve."""
    rng = np.random.default_rng(seed)
    team, period = rng.integers(0, teams, n), rng.integers(0, 2, n)
    lasting, passing = rng.normal(0, 0.8, teams), rng.normal(0, 0.6, (teams, 2))
    segment = (rng.random(n) < 0.3 + 0.2 * period).astype(int) + (rng.random(n) < 0.2)
    score = 7.5 + lasting[team] + passing[team, period] - segment + shift * period + rng.normal(0, 1.5, n)
    return pd.DataFrame(
        {
            "day": np.where(period == 1, pd.Timestamp("2026-10-15"), pd.Timestamp("2026-09-15")),
            "period": period,
            "segment": np.asarray(["x", "y", "z"])[segment],
            "team": team,
            "score": np.clip(np.rint(score), 1, 10),
        }
    )


def total_effects(data: pd.DataFrame, weights: np.ndarray) -> np.ndarray:
    """Total effect of x, y, z; one row for each row of (re)sampling weights."""
    x, now = 10 * data["score"].to_numpy(), data["period"].to_numpy() == 1
    sides = []
    for own in (~now, now):
        inside = np.stack([own & (data["segment"] == name).to_numpy() for name in "xyz"], axis=1)
        total, lost = weights @ own, weights @ (own * x)
        sides.append(
            (weights @ inside / total[:, None], weights @ (inside * x[:, None]) / total[:, None], lost / total)
        )
    (share0, sum0, mean0), (share1, sum1, mean1) = sides
    return np.asarray(sum1 - sum0 - (share1 - share0) * (mean0 + mean1)[:, None] / 2)


@pytest.mark.parametrize("clustered", [False, True])
def test_intervals_of_effects_against_a_bootstrap(warehouse_of: MakeWarehouse, clustered: bool) -> None:
    data, rng = contacts(5, 3_000, teams=60), np.random.default_rng(6)
    model = ROWS.replace("{cluster}", 'cluster = "team"' if clustered else "").replace("{{", "{").replace("}}", "}")
    table = change(warehouse_of(data, model), SELECTION, by=["segment"]).table.sort_values("segment")
    weights = np.empty((600, len(data)))
    groups = [data["team"]] if clustered else [np.flatnonzero(data["period"] == k) for k in (0, 1)]
    for row in weights:
        if clustered:
            row[:] = np.bincount(rng.integers(0, 60, 60), minlength=60)[groups[0]]
        else:
            for own in groups:
                row[own] = np.bincount(rng.integers(0, len(own), len(own)), minlength=len(own))
    spread = np.std(total_effects(data, weights), axis=0)
    reach = (table["high"] - table["low"]).to_numpy() / 2
    assert reach == pytest.approx(1.98 * spread, rel=0.12)


@pytest.mark.prove
def test_coverage_of_a_segments_effect(warehouse_of: MakeWarehouse, figure: Figure) -> None:
    """Truth from a very large sample; a month of 40 teams tells it nineteen times in twenty."""
    model = ROWS.replace("{cluster}", 'cluster = "team"').replace("{{", "{").replace("}}", "}")
    model += 'run = { column = "run" }'
    runs = [contacts(100 + i, 1_200, teams=40).assign(run=i) for i in range(60)]
    warehouse = warehouse_of(pd.concat(runs), model)
    large = pd.concat([contacts(10_000 + i, 40_000, teams=40) for i in range(20)])
    truth = total_effects(large, np.ones((1, len(large))))[0]
    inside = []
    for i in range(60):
        table = change(warehouse, SELECTION.where("run", str(i)), by=["segment"]).table.sort_values("segment")
        inside.append([low <= t <= high for low, high, t in zip(table["low"], table["high"], truth, strict=True)])
    assert 0.89 <= figure("covered", np.mean(inside)) <= 0.985

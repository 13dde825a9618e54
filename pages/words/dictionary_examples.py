"""Worked examples, each of a small table that stands beside it, computed as the analyses do it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.monitor.charts.limits import p_chart
from analysis.stats.concordance import spearman
from analysis.stats.intervals import welch, wilson_interval
from analysis.stats.league import shrink
from analysis.stats.power import detectable
from data_access.metric_kinds import MeanOfMaximum, Nps, Rate, Rescaled, nps_points

LETTERS = ["A", "B", "C"]


@dataclass(frozen=True)
class Example:
    """A table of a few rows and what the program makes of it, by the name of its text."""

    name: str
    table: pd.DataFrame
    values: Mapping[str, Any]


def points() -> Example:
    """Five answers under every formula of a score."""
    answers = np.array([10.0, 9.0, 8.0, 8.0, 6.0])
    mean = float(answers.mean())
    values = {
        "mean": mean,
        "of_max": MeanOfMaximum(1, 10).value(mean),
        "rescaled": Rescaled(1, 10).value(mean),
        "top": Rate().value(float((answers >= 9).mean())),
        "nps": Nps().value(float(nps_points(answers).mean()) / 100),
    }
    return Example("points", pd.DataFrame({"case": range(1, 6), "score": answers}), values)


def loss() -> Example:
    table = pd.DataFrame({"case": LETTERS[:2], "n": [40, 60], "score": [75.0, 90.0]})
    lost = table["n"] * (100 - table["score"])
    share, weight = lost / lost.sum(), table["n"] / table["n"].sum()
    values = {"lost_a": lost[0], "lost_b": lost[1], "lost": lost.sum(), "share": share[0], "weight": weight[0]}
    return Example("loss", table, {**values, "index": share[0] / weight[0]})


def split() -> Example:
    """Midpoint weights centred on the mean, as `analysis.decomposition` has them."""
    table = pd.DataFrame({"case": LETTERS[:2], "n0": [80, 20], "score0": [90.0, 70.0], "n1": [60, 40],
                          "score1": [88.0, 70.0]})  # fmt: skip
    w0, w1 = (table[n] / table[n].sum() for n in ("n0", "n1"))
    r0, r1 = table["score0"], table["score1"]
    middle = ((w0 * r0).sum() + (w1 * r1).sum()) / 2
    rate, mix = ((w0 + w1) / 2 * (r1 - r0)).sum(), ((w1 - w0) * ((r0 + r1) / 2 - middle)).sum()
    return Example("split", table, {"change": (w1 * r1).sum() - (w0 * r0).sum(), "rate": rate, "mix": mix})


def difference() -> Example:
    table = pd.DataFrame({"case": LETTERS[:2], "n": [400, 600], "score": [84.0, 81.0], "sd": [20.0, 20.0]})
    a, b = (([row.score], [row.sd / row.n**0.5], [row.n]) for row in table.itertuples())
    found = welch(*(np.array(part, dtype=float) for part in (*a, *b)))[0]
    values = {"value": found.value, "low": found.interval.low, "high": found.interval.high, "p": found.p}
    return Example("welch", table, values)


def ranks() -> Example:
    counts = [[20, 10, 0], [10, 20, 10], [0, 10, 20]]
    table = pd.DataFrame(counts, columns=["low", "middle", "high"]).assign(case=[1, 2, 3])
    found = spearman(counts)
    values = {"value": found.value, "low": found.low, "high": found.high, "n": found.n}
    return Example("ranks", table[["case", "low", "middle", "high"]], values)


def share() -> Example:
    count, n = 8, 10
    interval = wilson_interval(count, n)
    table = pd.DataFrame({"case": ["A"], "count": [count], "n": [n]})
    return Example(
        "share", table, {"k": count, "n": n, "share": count / n, "low": interval.low, "high": interval.high}
    )


def shrunken() -> Example:
    table = pd.DataFrame({"case": LETTERS, "score": [90.0, 80.0, 60.0], "error": [2.0, 2.0, 8.0]})
    value = shrink(table["score"].to_numpy(), table["error"].to_numpy()).value
    return Example("shrunken", table, dict(zip("abc", map(float, value), strict=True)))


def limits() -> Example:
    """The last of six days against the five before."""
    count, n = np.array([20, 18, 22, 21, 19, 40]), np.full(6, 200)
    center = float(count[:5].sum() / n[:5].sum())
    found = p_chart(count, n, center=np.full(6, center))
    values = {"center": center, "low": found.low[5], "high": found.high[5], "value": count[5] / n[5]}
    return Example("limits", pd.DataFrame({"case": range(1, 7), "count": count, "n": n}), values)


def did() -> Example:
    table = pd.DataFrame({"case": LETTERS[:2], "score0": [81.0, 82.1], "score1": [84.6, 83.2]})
    (a0, b0), (a1, b1) = table["score0"], table["score1"]
    return Example("did", table, {"a0": a0, "a1": a1, "b0": b0, "b1": b1, "effect": (a1 - a0) - (b1 - b0)})


def power() -> Example:
    n, sd = 400, 20.0
    table = pd.DataFrame({"case": ["A"], "n": [n], "sd": [sd]})
    return Example("power", table, {"sd": sd, "n": n, "least": float(detectable((2 * sd**2 / n) ** 0.5, 2 * n - 2))})


def cost() -> Example:
    probability = np.array([0.6, 0.35, 0.1])
    cost, value = 5, 20
    table = pd.DataFrame({"case": LETTERS, "probability": probability})
    chosen = int((probability >= cost / value).sum())
    return Example("cost", table, {"cost": cost, "value": value, "threshold": cost / value, "chosen": chosen})


EXAMPLES: Mapping[str, Callable[[], Example]] = {
    "points": points, "loss": loss, "split": split, "welch": difference, "ranks": ranks, "share": share,
    "shrunken": shrunken, "limits": limits, "did": did, "power": power, "cost": cost,
}  # fmt: skip

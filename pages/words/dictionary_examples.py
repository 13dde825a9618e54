"""Worked examples, each of a small table that stands beside it, computed by what computes the analyses. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.decomposition import decomposed
from analysis.effect.did import raw
from analysis.estimate import Cells
from analysis.monitor.charts.limits import p_chart
from analysis.risk.choice import threshold_of
from analysis.service.fcr.windows import by_window
from analysis.shares import shares_of
from analysis.stats.concordance import spearman
from analysis.stats.dose_response import knee
from analysis.stats.intervals import welch, wilson_interval
from analysis.stats.league import shrink
from analysis.stats.power import detectable
from analysis.stats.proportions import newcombe
from analysis.stats.regression import CrossProducts
from analysis.stats.relative_importance import importance
from data_access.labels import Labels
from data_access.metric_kinds import MeanOfMaximum, Nps, Rate, Rescaled, nps_points
from data_access.metrics import Metric
from data_access.repeats import Repeats

LETTERS = ["A", "B", "C", "D"]
SCORE = Metric("score", "score", Labels("score"), Rescaled(0, 100))


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


def promoters() -> Example:
    """Ten answers on 0 to 10."""
    answers = np.array([10.0, 10, 9, 9, 8, 8, 7, 6, 3, 0])
    counted = nps_points(answers)
    values = {
        "promoters": float((counted > 0).mean()), "detractors": float((counted < 0).mean()),
        "nps": Nps().value(float(counted.mean()) / 100),
    }  # fmt: skip
    return Example("nps", _counts(answers), values)


def _counts(answers: np.ndarray[Any, Any]) -> pd.DataFrame:
    scores, count = np.unique(answers, return_counts=True)
    return pd.DataFrame({"score": scores[::-1].astype(int), "count": count[::-1]})


def durations() -> Example:
    """Five waits, one of them very long."""
    waits = np.array([30.0, 40.0, 50.0, 60.0, 420.0])
    table = pd.DataFrame({"case": range(1, 6), "seconds": waits})
    return Example("raw", table, {"mean": float(waits.mean()), "median": float(np.median(waits))})


def _cells(table: pd.DataFrame, n: str, score: str) -> pd.DataFrame:
    """Sums of answers that are all alike within a case, on a scale of 0 to 100."""
    count, mean = table[n].astype(float), table[score].astype(float)
    sums = {"n": count, "w": count, "v": count, "wx": count * mean, "vx": count * mean, "vxx": count * mean**2}
    lost = SCORE.lost(mean)
    return pd.DataFrame({"segment": [(case,) for case in table["case"]], "s": range(len(table)), **sums, "part": 1.0,
                         "lost": count * lost, "lost2": count * lost**2})  # fmt: skip


def loss() -> Example:
    table = pd.DataFrame({"case": LETTERS[:2], "n": [40, 60], "score": [75.0, 90.0]})
    cells = _cells(table, "n", "score")
    found, weight = shares_of(cells, cells, len(cells)), float(table["n"][0] / table["n"].sum())
    values = {"lost_a": found.lost[0], "lost_b": found.lost[1], "lost": found.lost.sum(), "share": found.share[0],
              "weight": weight}  # fmt: skip
    return Example("loss", table, {**values, "index": found.share[0] / weight})


def split() -> Example:
    table = pd.DataFrame({"case": LETTERS[:2], "n0": [80, 20], "score0": [90.0, 70.0], "n1": [60, 40],
                          "score1": [88.0, 70.0]})  # fmt: skip
    before, now = (Cells(_cells(table, f"n{i}", f"score{i}"), "", SCORE) for i in (0, 1))
    found = decomposed(before, now)
    effects = {name: float(found[f"{name}_effect"].sum()) for name in ("total", "rate", "mix")}
    return Example("split", table, {"change": effects["total"], "rate": effects["rate"], "mix": effects["mix"]})


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
    table = pd.DataFrame({"case": LETTERS, "score": [90.0, 84.0, 80.0, 60.0], "error": [2.0, 2.0, 2.0, 8.0]})
    value = shrink(table["score"].to_numpy(), table["error"].to_numpy()).value
    return Example("shrunken", table, dict(zip("abcd", map(float, value), strict=True)))


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
    sums = pd.DataFrame({"treated": [True, True, False, False], "w": 1.0, "wx": [a0, a1, b0, b1]})
    effect = raw(sums, np.array([False, True, False, True]))
    return Example("did", table, {"a0": a0, "a1": a1, "b0": b0, "b1": b1, "effect": effect})


def drivers() -> Example:
    """Four kinds of contacts by two drivers that go together, with as many answers each as the table says."""
    table = pd.DataFrame({"wait": [1, 1, 5, 5], "transfers": [0, 1, 0, 1], "n": [40, 10, 10, 40],
                          "score": [90.0, 80.0, 84.0, 74.0]})  # fmt: skip
    n, score = table["n"].to_numpy(dtype=float), table["score"].to_numpy()
    x = table[["wait", "transfers"]].to_numpy(dtype=float)
    products = CrossProducts.of(["wait", "transfers"], x, n, n * score, n * score**2)
    found = importance(products, {"wait": ["wait"], "transfers": ["transfers"]})
    return Example("drivers", table, {"wait": found.share[0], "transfers": found.share[1]})


def dose() -> Example:
    """Six bins of a wait, past the middle of which the score falls."""
    table = pd.DataFrame({"wait": range(0, 60, 10), "n": 200, "score": [85.0, 85.0, 85.0, 82.0, 78.0, 74.0],
                          "sd": 10.0})  # fmt: skip
    found = knee(table["wait"], table["n"], table["score"], table["sd"] ** 2)
    return Example("dose", table, {"at": found.at, "before": found.before, "after": found.after, "p": found.p})


def first_contacts() -> Example:
    """Forty first contacts under each window; those without a further one within it are kept."""
    windows, n, kept = (2.0, 24.0, 48.0), 40, (38, 34, 30)
    table = pd.DataFrame({"hours": [f"{hours:g}" for hours in windows], "count": kept, "n": n})
    rows = pd.DataFrame([{"first": n, **{f"kept{place}": count for place, count in enumerate(kept)}}])
    found = by_window(rows, (), Repeats(windows)).set_index("hours")["value"] / 100
    values = dict(zip(("first", "second", "third"), (float(found[hours]) for hours in windows), strict=True))
    return Example("fcr", table, values)


def held_out() -> Example:
    """Came back among those contacted, and among those held out by lot."""
    table = pd.DataFrame({"case": LETTERS[:2], "count": [60, 40], "n": [200, 200]})
    (a, b), (n_a, n_b) = table["count"], table["n"]
    interval = newcombe(b, n_b, a, n_a)
    points = {"value": a / n_a - b / n_b, "low": interval.low, "high": interval.high}
    values = {"a": a / n_a, "b": b / n_b, **{name: 100 * value for name, value in points.items()}}
    return Example("held_out", table, values)


def power() -> Example:
    n, sd = 400, 20.0
    table = pd.DataFrame({"case": ["A"], "n": [n], "sd": [sd]})
    return Example("power", table, {"sd": sd, "n": n, "least": float(detectable((2 * sd**2 / n) ** 0.5, 2 * n - 2))})


def cost() -> Example:
    probability = np.array([0.6, 0.35, 0.1])
    cost, value = 5, 20
    table = pd.DataFrame({"case": LETTERS[:3], "probability": probability})
    least = threshold_of(cost, value)
    chosen = int((probability >= least).sum())
    return Example("cost", table, {"cost": cost, "value": value, "threshold": least, "chosen": chosen})


EXAMPLES: Mapping[str, Callable[[], Example]] = {
    "points": points, "loss": loss, "split": split, "welch": difference, "ranks": ranks, "share": share,
    "shrunken": shrunken, "limits": limits, "did": did, "power": power, "cost": cost,
    "nps": promoters, "raw": durations, "drivers": drivers, "dose": dose, "fcr": first_contacts, "held_out": held_out,
}  # fmt: skip

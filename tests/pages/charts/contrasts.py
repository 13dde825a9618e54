"""Small frames of a contrast to draw, for the tests of its charts."""

from __future__ import annotations

from datetime import date
from math import nan, sqrt

import pandas as pd
import plotly.graph_objects as go

from pages.charts import Look, distribution, forest, forest_of_differences, funnel, months

GROUPS = pd.DataFrame({
    "label": ["2G", "固话", "宽带", "3G"], "n": [800, 25, 7, 600], "value": [88, 85, 83, 81.0],
    "low": [86.9, 83.1, nan, 79.4], "high": [89.1, 86.9, nan, 82.6], "verdict": ["gain", "loss", "loss", "loss"],
    "words": ["▲ above 2", "? unclear", "? unclear", "▼ below 1"],
})  # fmt: skip
GAPS = pd.DataFrame({
    "label": ["3G", "2G"], "n_a": [600, 800], "n_b": [1400, nan], "value": [-5.3, 0.2], "low": [-7.1, -1.0],
    "high": [-3.5, 1.4], "verdict": ["loss", "none"], "words": ["▼ lower", "? unclear"],
})  # fmt: skip
CELLS = pd.DataFrame({
    "s": [0, 0, 0, 1, 1], "value": [10.0, 90.0, 100.0, 10.0, 100.0], "share": [0.01, 0.39, 0.6, 0.5, 0.5],
})  # fmt: skip
ASKED = pd.DataFrame({"label": ["2G", "3G"], "n": [800, 600], "score": [88.0, 81.0]})
LEAGUE = pd.DataFrame({
    "label": [f"Team {i}" for i in range(6)], "n": [20, 50, 100, 400, 900, 2500],
    "score": [70.0, 84, 85, 78, 85, 86.5], "outside": [95.0, 0, 0, 99.8, 0, 99.8],
})  # fmt: skip
for name, width in (("95", 1.96), ("998", 3.09)):
    for side, sign in (("low", -1), ("high", 1)):
        LEAGUE[f"limit{name}_{side}"] = [84.7 + sign * width * 18 / sqrt(n) for n in LEAGUE["n"]]
MONTHS = pd.DataFrame({
    "month": [date(2026, m, 1) for m in (7, 8, 9, 10)], "n": [500, 500, 12, 500], "gap": [-2.0, nan, -3.0, 0.4],
    "gap_low": [-3.0, nan, -5.0, 0.1], "gap_high": [-1.0, nan, -1.0, 0.7], "missing": ["", "theirs", "", ""],
})  # fmt: skip


def contrasts(look: Look) -> dict[str, go.Figure]:
    return {
        "forest": forest(GROUPS, look=look, reference=84.7, threshold=1.0, reference_label="all 84.7"),
        "differences": forest_of_differences(GAPS, look=look, threshold=1.0),
        "distribution": distribution(CELLS, ASKED, look=look),
        "funnel": funnel(LEAGUE, look=look, mean=84.7),
        "months": months(MONTHS, look=look, threshold=1.0),
    }

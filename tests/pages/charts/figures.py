"""Small frames to draw, and ways to read a figure, for the tests of the charts."""

from __future__ import annotations

import re
from datetime import date
from math import nan

import pandas as pd
import plotly.graph_objects as go

from pages.charts import Level, Look, pareto, power_bar, reason_bars, strip, target_bars, trend, waterfall
from pages.words.catalogue import Catalogue
from pages.words.format import spaced

LOOK = Look(Catalogue.load("en"))
LABELS = ("October", "September")
SHARES = pd.DataFrame({  # f1_hotline, October
    "label": ["3G", "2G", "宽带", "固话"], "key": ["k3", "k2", "kb", "kf"], "share": [0.3, 0.4, 0.15, 0.15],
    "contribution": [1140 / 3060, 960 / 3060, 510 / 3060, 450 / 3060], "n": [600, 800, 300, 300],
    "index": [1.2418, 0.7843, 1.1111, 0.9804], "contribution_low": [0.33, nan, 0.1, 0.1],
    "contribution_high": [0.41, nan, 0.2, 0.2],
})  # fmt: skip
EFFECTS = pd.DataFrame({  # f1_hotline, September to October
    "label": ["3G", "2G", "宽带", "固话"], "rate_effect": [-0.75, 0.0, -0.225, -0.075],
    "mix_effect": [-0.3, -0.25, 0.0, 0.0], "total_effect": [-1.05, -0.25, -0.225, -0.075], "status": "both",
})  # fmt: skip
SCORES = pd.DataFrame({
    "label": ["2G", "固话", "宽带", "3G"], "n": [800, 25, 7, 600], "score": [88, 85, 83, 81.0],
    "low": [86.9, 83.1, nan, 79.4], "high": [89.1, 86.9, nan, 82.6], "baseline_score": [88, nan, 84.5, 84.0],
    "change": [0, nan, -1.5, -3], "evidence": ["none", "loss", "loss", "loss"],
})  # fmt: skip
POWERS = ["Within the centre", "Business rule", "Not stated"]
CODES = ["centre", "business_rule", "unstated"]
REASONS = pd.DataFrame({
    "label": ["Waiting", "Charges", "None given"], "power": CODES, "contribution": [0.6, 0.38, 0.02],
    "lost": [3.0, 1.9, 0.1],
})  # fmt: skip
GAINS = pd.DataFrame({"label": ["3G", "2G"], "gain": [1.5, -0.8]})
WEEKS = pd.DataFrame({
    "start": [date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21), date(2026, 9, 28)], "n": [100, 100, 5, 100],
    "score": [86.0, 87.0, nan, 84.0], "low": [85.0, 86.0, nan, 83.0], "high": [87.0, 88.0, nan, 85.0],
})  # fmt: skip
NOW = Level("October", 84.7, date(2026, 10, 1), date(2026, 11, 1))
BEFORE = Level("September", 86.3, date(2026, 9, 1), date(2026, 10, 1))


def figures(look: Look) -> dict[str, go.Figure]:
    return {
        "trend": trend(WEEKS, look=look, current=NOW, baseline=BEFORE, target=86.0, verdict="loss"),
        "strip": strip(SCORES, look=look, labels=LABELS, target=86.0),
        "pareto": pareto(SHARES, look=look, intervals=True),
        "power": power_bar(REASONS.assign(label=POWERS), look=look),
        "reasons": reason_bars(REASONS, look=look),
        "waterfall": waterfall(86.3, 84.7, EFFECTS, look=look, labels=LABELS[::-1]),
        "target": target_bars(GAINS, look=look),
    }


def words(figure: go.Figure) -> list[str]:
    """All words of a figure without their markup."""
    return [spaced(re.sub("<[^>]*>", " ", a.text).replace("&nbsp;", " ")) for a in figure.layout.annotations]


def said(figure: go.Figure) -> str:
    return re.sub(r"\s+", " ", " | ".join(words(figure)))


def bars(figure: go.Figure) -> list[go.Bar]:
    """The bars that are seen."""
    return [t for t in figure.data if t.type == "bar" and t.marker.color != "rgba(0,0,0,0)"]

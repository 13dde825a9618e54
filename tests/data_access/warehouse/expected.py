"""What the verbs must answer, computed from the rows in plain Python, by the words of the model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

from data_access.selection import Filter, Period
from data_access.warehouse.cells import SUMS

SELECTED: dict[tuple[int, Period | None, tuple[Filter, ...]], tuple[pd.DataFrame, list[dict[str, Any]]]] = {}
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
SHANGHAI = {
    "day_of_month": lambda t: str(t.day),
    "weekday": lambda t: str(t.isoweekday()),
    "hour": lambda t: str(t.hour),
    "month": lambda t: f"{t:%Y-%m}",
    "day": lambda t: f"{t:%Y-%m-%d}",
    "week": lambda t: f"{t - pd.Timedelta(days=t.weekday()):%Y-%m-%d}",
}


def value(row: dict[str, Any], metric: str) -> float | None:
    """The raw value of a metric, by the words of the model."""
    if metric in ("score", "satisfied", "dissatisfied"):
        score = row["score"]
        if score is None or not 0 <= score <= 10 or score == 5:
            return None
        return {"score": float(score), "satisfied": float(score >= 9), "dissatisfied": float(score <= 6)}[metric]
    if metric == "wait":
        return row["wait"] if row["wait"] is not None and math.isfinite(row["wait"]) else None
    if metric == "transfers":
        return float(row["transfers"] or 0)
    if metric == "said" and not row["spoken"]:
        return 0.0
    if metric in ("spoken", "said"):
        try:
            spoken = float(row["spoken"])
        except (TypeError, ValueError):
            return None
        return spoken if 1 <= spoken <= 5 or metric == "said" else None
    known = {"resolved": {True: 1.0, False: 0.0}, "waited": {"是": 1.0, "no": 0.0}}[metric]
    return known.get(row[metric])


def segments(row: dict[str, Any], dimension: str) -> list[str | None]:
    if dimension in SHANGHAI:
        return [SHANGHAI[dimension](row["contacted_at"])]
    if dimension == "scenes":
        found = [m for m, c in (("home", "at_home"), ("office", "在办公室")) if row[c] == 1]
        return list(found) or [None]
    if dimension == "reason":
        return list(dict.fromkeys(p.strip() for p in (row["reason"] or "未说明").split("|")))
    raw = row[dimension]
    if dimension == "load":
        return [None if raw is None else {0.5: "0.5", 1.0: "1", 12.25: "12.25"}[raw]]
    if dimension == "vip":
        return [None if raw is None else str(raw).lower()]
    return [str(raw) if raw not in (None, "") else None]


def selected(truth: pd.DataFrame, period: Period | None, filters: Sequence[Filter]) -> list[dict[str, Any]]:
    """The rows that are asked for; kept, since every engine is asked the same. Keeping the frame keeps its id."""
    key = (id(truth), period, tuple(filters))
    if key not in SELECTED:
        SELECTED[key] = truth, _selected(truth, period, filters)
    return SELECTED[key][1]


def _selected(truth: pd.DataFrame, period: Period | None, filters: Sequence[Filter]) -> list[dict[str, Any]]:
    if not period and not filters:
        return truth.to_dict("records")
    rows = selected(truth, None, ())
    if period:
        rows = [r for r in rows if period.start <= r["contacted_at"].date() < period.end]
    for f in filters:
        rows = [r for r in rows if set(segments(r, f.dimension)) & set(f.values)]
    return rows


def sums(
    truth: pd.DataFrame,
    metric: str,
    by: Sequence[str],
    period: Period | None = None,
    filters: Sequence[Filter] = (),
    kind: str | None = None,
    clustered: bool = False,
) -> dict[tuple[Any, ...], list[float]]:
    """Segment (and cluster) -> n, w, wx, v, vx, vxx, each answer split by nothing (part is tested beside)."""
    found: dict[tuple[Any, ...], list[float]] = {}
    for row in selected(truth, period, filters):
        x = value(row, metric)
        w = {None: 1.0, "frequency": row["times"], "survey": row["w"]}[kind]
        if x is None or row["exempted"] or not w:
            continue
        n, v = (w, w) if kind == "frequency" else (1.0, w * w)
        combos: list[tuple[Any, ...]] = [()]
        for name in by:
            combos = [(*c, s) for c in combos for s in segments(row, name)]
        for combo in combos:
            key = (*combo, row["team"]) if clustered else combo
            old = found.get(key, [0.0] * 6)
            found[key] = [a + b for a, b in zip(old, (n, w, w * x, v, v * x, v * x * x), strict=True)]
    return found


def as_dict(rows: pd.DataFrame, by: Sequence[str], *, clustered: bool = False) -> dict[tuple[Any, ...], list[float]]:
    keys = [*by, *(["cluster"] if clustered else [])]
    found: dict[tuple[Any, ...], list[float]] = {}
    for row in rows.to_dict("records"):
        key = tuple(None if isinstance(row[k], float) and math.isnan(row[k]) else row[k] for k in keys)
        found[key] = [a + row[s] for a, s in zip(found.get(key, [0.0] * 6), SUMS, strict=True)]
    return found


def assert_same(got: dict[tuple[Any, ...], list[float]], expected: dict[tuple[Any, ...], list[float]]) -> None:
    assert set(got) == set(expected)
    for key, numbers in expected.items():
        assert got[key] == pytest.approx(numbers, rel=1e-9, abs=1e-9), key

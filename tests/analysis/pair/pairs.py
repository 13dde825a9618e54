"""Contacts whose kind is behind both wait and score, patients whose treatment turns, and how a pair is asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.pair import pair
from analysis.result import Result
from data_access.selection import Selection
from data_access.statement import Problem
from data_access.warehouse import Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.analysis.conftest import MakeWarehouse

MODEL = """
{extra}
time = {{ column = "day", timezone = "UTC" }}
score = {{ column = "score", scale = [0, 100], satisfied_from = 80, dissatisfied_to = 40 }}
[metrics]
solved = {{ column = "solved", values = [0, 1], better = "high" }}
[drivers]
wait = {{ column = "wait", unit = "s", better = "low" }}
calls = {{ column = "calls", missing = "zero" }}
grade = {{ column = "grade", level = "ordinal" }}
[dimensions]
kind = {{ column = "kind" }}
place = {{ column = "place" }}
spot = {{ column = "spot", under = "place" }}
treatment = {{ column = "treatment" }}
team = {{ column = "team" }}
"""
STONES = {("small", "A"): (81, 87), ("small", "B"): (234, 270), ("large", "A"): (192, 263), ("large", "B"): (55, 80)}


def stones(times: int) -> pd.DataFrame:
    """Success of treatments by size of the stone (Charig et al. 1986), each patient so many times."""
    rows = [
        {"kind": size, "treatment": treatment, "solved": int(i < good), "n": times}
        for (size, treatment), (good, all_) in STONES.items()
        for i in range(all_)
    ]
    frame = pd.DataFrame(rows)
    return frame.loc[frame.index.repeat(frame["n"])].reset_index(drop=True)


def contacts(n: int = 3_000, *, seed: int = 1) -> pd.DataFrame:
    """The kind makes a wait longer and a score lower; within it they have nothing to do with each other."""
    rng = np.random.default_rng(seed)
    kind, place = rng.integers(0, 3, n), rng.integers(0, 4, n)
    return pd.DataFrame({
        "wait": (40 + 60 * kind + rng.gamma(2, 10, n)).round(),
        "score": (85 - 12 * kind + 8 * rng.normal(size=n)).clip(0, 100).round(),
        "solved": (rng.random(n) < 0.9 - 0.2 * kind).astype(float),
        "calls": rng.integers(1, 4, n).astype(float),
        "grade": np.clip(3 - kind + rng.integers(0, 2, n), 1, 4),
        "kind": np.array(["enquiry", "fault", "complaint"])[kind],
        "place": [f"p{i}" for i in place],
        "spot": [f"p{i}.{j}" for i, j in zip(place, rng.integers(0, 2, n), strict=True)],
        "team": [f"t{i}" for i in rng.integers(0, 20, n)],
        "treatment": "A",
        "day": pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 90, n), unit="D"),
    })  # fmt: skip


def opened(warehouse_of: MakeWarehouse, rows: pd.DataFrame, extra: str = "") -> Warehouse:
    """Columns that a frame lacks are made up."""
    base: dict[str, Any] = {
        "score": 50.0,
        "wait": 1.0,
        "calls": 1.0,
        "grade": 1,
        "place": "p",
        "spot": "s",
        "team": "t",
    }
    base["day"] = pd.Timestamp("2026-01-01")
    return warehouse_of(rows.assign(**{k: v for k, v in base.items() if k not in rows}), MODEL.format(extra=extra))


def asked(warehouse: Warehouse, x: str, y: str, **options: Any) -> Result:
    """The pair; all that is said must have its words."""
    found = pair(warehouse, Selection(), x=x, y=y, **options)
    assert found.how is not None
    for statement in (*found.findings, *found.caveats, found.how.formula, *found.how.assumptions):
        assert all(Catalogue.load(language).say(statement) for language in LANGUAGES)
    return found


def keys(found: Result) -> list[str]:
    return [statement.key.removeprefix("pair.") for statement in found.findings]


def refused(warehouse: Warehouse, x: str, y: str, **options: Any) -> str:
    with pytest.raises(Problem) as problem:
        pair(warehouse, Selection(), x=x, y=y, **options)
    told = problem.value.statement
    assert all(Catalogue.load(language).say(told) for language in LANGUAGES)
    return told.key

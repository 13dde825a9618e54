"""What is in the rows of a case? Counted by plain SQL, apart from everything that made them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from data_access.selection import Filter, Period
from data_access.training_file import CONTACTS

COUNTS = "score IS NOT NULL AND exempted = 0"
DIMENSIONS = ("touchpoint", "channel", "business", "sub_type", "region", "tier", "team", "scenario", "part_of_day")


def asked(folder: Path, query: str) -> pd.DataFrame:
    """An answer from a copy of its own: a file that is open in this process can be opened in one way only."""
    copy = folder.with_name(f"{folder.name}.recounted")
    if not copy.exists():
        shutil.copyfile(folder / CONTACTS, copy)
    with duckdb.connect(str(copy), read_only=True) as connection:
        return connection.execute(query).df()


def place_sql(place: Mapping[str, str] | tuple[Filter, ...]) -> str:
    pairs = [(f.dimension, f.values[0]) for f in place] if isinstance(place, tuple) else list(place.items())
    return " AND ".join(["TRUE", *(f"{name} = '{value}'" for name, value in pairs)])


def during(period: Period) -> str:
    return f"contacted_at >= '{period.start}' AND contacted_at < '{period.end}'"


def z_of(folder: Path, before: Period, now: Period, where: str) -> tuple[float, float]:
    """The change of some rows in points, and in standard errors."""
    sides = [
        asked(folder, f"SELECT avg(score * 10) m, var_samp(score * 10) v, count(*) n FROM contacts "
                      f"WHERE {COUNTS} AND {during(period)} AND {where}").iloc[0]
        for period in (before, now)
    ]  # fmt: skip
    change = sides[1].m - sides[0].m
    return float(change), float(change / np.sqrt(sum(side.v / side.n for side in sides)))


def cells(folder: Path, before: Period, now: Period, *, least: int = 25) -> pd.DataFrame:
    """z of the change of every sub-type at every touchpoint with enough answers: of one kind of service."""
    query = (
        f"SELECT sub_type, touchpoint, ({during(now)})::INT late, avg(score * 10) m, var_samp(score * 10) v, "
        f"count(*) n FROM contacts WHERE {COUNTS} AND ({during(before)} OR {during(now)}) GROUP BY ALL"
    )
    wide = (
        asked(folder, query).pivot(index=["sub_type", "touchpoint"], columns="late", values=["m", "v", "n"]).dropna()
    )
    wide = wide[(wide["n"] >= least).all(axis=1)]
    error = np.sqrt((wide["v"] / wide["n"]).sum(axis=1))
    return pd.DataFrame({"z": (wide["m"][1] - wide["m"][0]) / error})


def largest(folder: Path, period: Period) -> tuple[Filter, ...]:
    """The member of any dimension with the most contacts."""
    each = " UNION ALL ".join(
        f"(SELECT '{name}' AS dimension, {name}::VARCHAR AS member, count(*) AS n FROM now WHERE {name} IS NOT NULL "
        "GROUP BY ALL ORDER BY n DESC, member LIMIT 1)"
        for name in DIMENSIONS
    )
    best = asked(folder, f"WITH now AS (FROM contacts WHERE {during(period)}) {each}")
    row = best.loc[best["n"].idxmax()]
    return (Filter(str(row["dimension"]), (str(row["member"]),)),)

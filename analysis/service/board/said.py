"""What the board says: how many measures miss their target or got worse, where each stands, what a whole hides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.result import Statement
from analysis.service.rates import NEITHER
from analysis.stats.intervals import SIGNIFICANCE

RECORDED, SURVEY = "recorded", "survey"  # the families of the model's own metrics
SHOWN = 2  # measures named in the answer


def name_of(measure: str, family: str) -> Statement:
    """What a measure is called, as part of a sentence."""
    if family in (RECORDED, SURVEY):
        return Statement("service.metric", {"metric": {"dimension": measure}})
    return Statement(f"service.measure.{measure}")


def standing(row: Mapping[str, Any]) -> Statement:
    """Where a measure stands, from its row of the board."""
    return Statement(f"service.stands_{row['state']}", _in_words(row))


def _in_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the board as sentences take it: 0..100, in its unit."""
    numbers = {name: 100 * float(row[name]) for name in ("value", "value0", "target")}
    return {**row, **numbers, "name": name_of(row["measure"], row["family"])}


def findings(table: pd.DataFrame) -> tuple[Statement, ...]:
    """How many miss their target or got worse; then those that got worse most surely, and those that miss it.

    Without anything to compare with, none got worse and none did not.
    """
    worse = table[_worse(table)].sort_values("p_adjusted", kind="stable")
    missed = table[table["state"] == "missed"]
    counts = {"measures": len(table), "missed": len(missed), "worse": len(worse)}
    if not table["p_adjusted"].notna().any():
        key = "board_alone"
    else:
        key = "board" if len(missed) or len(worse) else "board_quiet"
    statements = [Statement(f"service.{key}", counts)]
    for kind, rows in (("worse", worse), ("missed", missed)):
        for row in rows.head(SHOWN).to_dict("records"):
            statements.append(Statement(f"service.{kind}", _in_words(row)))
    return tuple(statements)


def hidden(table: pd.DataFrame, segments: pd.DataFrame | None, by: Sequence[str]) -> tuple[Statement, ...]:
    """Measures that got worse beyond chance in a segment, but not as a whole: the surest, and how many more."""
    if segments is None or segments.empty:
        return ()
    steady = table.loc[~_worse(table), "measure"]
    fell = segments[_worse(segments) & segments["measure"].isin(steady)].sort_values("p_adjusted", kind="stable")
    each = fell.drop_duplicates("measure")
    family = table.set_index("measure")["family"]
    said = [
        Statement("service.hidden", {**_in_words({**row, "family": family[row["measure"]]}),
                                     "where": dict(zip(by, row["segment"], strict=True))})
        for row in each.head(SHOWN).to_dict("records")
    ]  # fmt: skip
    left = len(each) - len(said)
    return (*said, *([Statement("service.hidden_more", {"more": left})] if left else []))


def _worse(table: pd.DataFrame) -> pd.Series:
    return pd.Series([_is_worse(row) for row in table.to_dict("records")], index=table.index, dtype=bool)


def _is_worse(row: Mapping[Any, Any]) -> bool:
    """Whether a measure moved to its bad side beyond chance, whatever its target."""
    p, step = float(row["p_adjusted"]), float(row["change"])
    return p < SIGNIFICANCE and row["better"] != NEITHER and (step < 0) == (row["better"] == "high")

"""Frames as fetched columns, and results as they are looked into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.association.pairwise import PairCoefficient, relate
from analysis.result import Result
from data_access.semantics import Level
from data_access.warehouse.codes import Codes, Column
from pages.words.catalogue import LANGUAGES, Catalogue


def column(name: str, rows: pd.Series, level: Level) -> Column:
    """A column of a frame: numbers by size, words by letters, blanks unknown."""
    codes, values = pd.factorize(rows, sort=True)
    known = tuple(map(str, values)) if level is Level.NOMINAL else np.asarray(values, dtype=float)
    missing = float(rows.isna().mean()) if len(rows) else 0.0
    return Column(
        name=name, level=level, codes=codes.astype(np.int32), values=known, missing=missing, policy="unknown"
    )


def codes_of(
    frame: pd.DataFrame,
    levels: Mapping[str, Level],
    *,
    cluster: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    weighting: str | None = None,
) -> Codes:
    """A frame as the warehouse would hand it over."""
    places = None if cluster is None else pd.factorize(np.asarray(cluster))[0].astype(np.int32)
    return Codes(
        columns={name: column(name, frame[name], level) for name, level in levels.items()},
        cluster=places, clusters=0 if places is None else int(places.max()) + 1,
        weight=None if weight is None else np.asarray(weight, dtype=float), weighting=weighting,
        n=len(frame), of=len(frame), sql="",
    )  # fmt: skip


def of_pair(codes: Codes, name: str = "") -> PairCoefficient:
    """The first two columns."""
    x, y = list(codes.columns.values())[:2]
    return relate(x, y, codes, name)


def numbers(found: PairCoefficient) -> list[float]:
    a = found.association
    return [a.value, a.low, a.high, a.p, a.n, found.n_effective]


def row(found: Result, x: str, y: str) -> pd.Series:
    """The row of a pair, whichever way round."""
    pairs = {frozenset((a, b)): i for i, (a, b) in enumerate(zip(found.table["x"], found.table["y"], strict=True))}
    return found.table.iloc[pairs[frozenset((x, y))]]


def keys(found: Result) -> list[str]:
    """All that is said; in both languages its words have what they need."""
    assert found.how is not None
    said = (*found.findings, *found.caveats, found.how.formula, *found.how.assumptions)
    for language in LANGUAGES:
        words = Catalogue.load(language)
        assert all(words.say(statement) for statement in said)
        for name, reason, size in zip(*(found.table[c] for c in ("coefficient", "reason", "strength")), strict=True):
            assert words.text(f"coefficient.{name}") and words.text(f"coefficient_reason.{reason}")
            assert size == "" or words.text(f"strength.{size}")
    return [s.key for s in (*found.findings, *found.caveats)]


def values(found: Result, key: str) -> dict[str, Any]:
    """What is put into a sentence."""
    return dict(next(s.values for s in (*found.findings, *found.caveats) if s.key == key))

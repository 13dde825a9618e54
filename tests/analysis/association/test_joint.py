"""The tables of pairs that are counted three columns at a time, against pandas over the same rows."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from analysis.association.coded_rows import rows_of
from analysis.association.joint import joint_tables
from analysis.association.matrix import matrix_of
from analysis.association.pairwise import relate
from data_access.semantics import Level

from .frames import codes_of

LEVELS = {"a": Level.NOMINAL, "b": Level.ORDINAL, "c": Level.INTERVAL, "d": Level.NOMINAL, "e": Level.ORDINAL}


@pytest.fixture(params=[(True, True), (True, False), (False, False)], ids=["weights", "teams", "neither"])
def answers(request: pytest.FixtureRequest) -> tuple[pd.DataFrame, np.ndarray | None, np.ndarray | None]:
    """More rows than are counted at once, some values blank."""
    rng, n = np.random.default_rng(5), 150_000
    frame = pd.DataFrame({name: rng.integers(0, 3 + i, n).astype(float) for i, name in enumerate(LEVELS)})
    frame = frame.mask(rng.random(frame.shape) < 0.1)
    teams, weights = request.param
    return frame, rng.integers(0, 9, n) if teams else None, rng.integers(1, 4, n) / 2 if weights else None


def test_each_table_holds_what_pandas_counts(
    answers: tuple[pd.DataFrame, np.ndarray | None, np.ndarray | None],
) -> None:
    frame, team, weight = answers
    codes = codes_of(frame, LEVELS, cluster=team, weight=weight, weighting="survey" if weight is not None else None)
    tables = joint_tables(rows_of(codes, list(codes.columns.values())))
    assert set(tables) == set(combinations(LEVELS, 2))
    by = np.zeros(len(frame)) if team is None else pd.factorize(team)[0]
    weighed = frame.assign(team=by, w=1.0 if weight is None else weight)
    for (x, y), table in tables.items():
        expected = weighed.pivot_table("w", ["team", x], y, "sum").fillna(0.0)
        clusters = max(len(table) - 1, 1)
        known = table[:clusters, 1:, 1:].reshape(-1, table.shape[2] - 1)
        np.testing.assert_allclose(known, expected.to_numpy(), rtol=1e-12)
        assert table.sum() == pytest.approx(weighed["w"].sum(), rel=1e-12)


def test_a_pair_is_the_same_alone_and_among_others(
    answers: tuple[pd.DataFrame, np.ndarray | None, np.ndarray | None],
) -> None:
    frame, team, weight = answers
    codes = codes_of(frame, LEVELS, cluster=team, weight=weight, weighting="survey" if weight is not None else None)
    among, _ = matrix_of(rows_of(codes, list(codes.columns.values())), {})
    for line in among.itertuples():
        alone = relate(codes.columns[line.x], codes.columns[line.y], codes).association
        assert (line.value, line.low, line.high, line.n) == pytest.approx(
            (alone.value, alone.low, alone.high, alone.n)
        )

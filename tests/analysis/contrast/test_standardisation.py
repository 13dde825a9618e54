"""Scores with the same mix: their intervals across clusters, by whole matrices on the answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.contrast import contrast
from data_access.selection import Selection
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.matrices import by_matrices

MODEL = """
cluster = "team"
score = { column = "score", scale = [0, 10] }
[dimensions]
region = { column = "region" }
tier = { column = "tier" }
team = { column = "team" }
whole = { column = "whole" }
"""


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """Two regions of eight teams each and one of four; in the first, one team alone serves the highest tier."""
    rng, n = np.random.default_rng(8), 400
    team = rng.choice(20, n, p=np.repeat([0.08, 0.05, 0.03, 0.04], 5))
    region = np.array(["a"] * 8 + ["b"] * 8 + ["c"] * 4)[team]
    tier = rng.choice(["basic", "gold", "vip"], n, p=[0.6, 0.3, 0.1])
    tier = np.where((region == "a") & (tier == "vip") & (team != 2), "gold", tier)
    tier = np.where((team == 2) & (tier == "gold"), "vip", tier)
    score = (7 + rng.normal(0, 1, 20)[team] - (tier == "vip") + 1.5 * rng.normal(size=n)).round().clip(0, 10)
    teams = [f"t{t}" for t in team]
    return pd.DataFrame({"score": score, "region": region, "tier": tier, "team": teams, "whole": "all"})


def fair(warehouse_of: MakeWarehouse, answers: pd.DataFrame, alike: str) -> pd.DataFrame:
    found = contrast(warehouse_of(answers, MODEL), Selection(), by=["region"], question="rest", alike=[alike])
    return found.parts["fair"].set_index("segment")


def by_hand(own: pd.DataFrame, share: pd.Series) -> tuple[float, float, float]:
    """Adjusted score, error and freedom: CR2 over the strata of several teams, the answers themselves in the others.

    Variances of the parts add up, their freedom after Satterthwaite (1946).
    """
    x, strata = 10 * own["score"], own.groupby("tier")
    value = float((share * strata["score"].mean() * 10).sum())
    shared = strata["team"].transform("nunique") > 1
    names = sorted(own.loc[shared, "tier"].unique())
    group = own.loc[shared, "tier"].map(names.index).to_numpy()
    error, df, _ = by_matrices(
        x[shared].to_numpy(), group, own.loc[shared, "team"].to_numpy(), np.ones(len(group)), share[names].to_numpy()
    )
    parts = [(error**2, df)]
    for name, rest in own[~shared].groupby("tier"):
        parts.append((share[name] ** 2 * 100 * rest["score"].var() / len(rest), len(rest) - 1))
    together = sum(variance for variance, _ in parts)
    return value, float(np.sqrt(together)), together**2 / sum(variance**2 / own for variance, own in parts)


@pytest.mark.parametrize("region", ["a", "b"])
def test_across_clusters(warehouse_of: MakeWarehouse, answers: pd.DataFrame, region: str) -> None:
    own = answers[answers["region"] == region]
    lone = own.groupby("tier")["team"].nunique() == 1
    assert lone.sum() == (region == "a") and (own["tier"].value_counts() > 1).all()
    share = answers["tier"].value_counts(normalize=True).sort_index()
    value, error, df = by_hand(own, share)
    row = fair(warehouse_of, answers, "tier").loc[[(region,)]].iloc[0]
    reach = float(stats.t.ppf(0.975, df)) * error
    told = row[["adjusted", "adjusted_low", "adjusted_high"]].tolist()
    assert told == pytest.approx([value, value - reach, value + reach], rel=1e-9)


def test_too_few_clusters_speak_of_their_answers(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    row = fair(warehouse_of, answers, "tier").loc[[("c",)]].iloc[0]
    share = answers["tier"].value_counts(normalize=True)
    own = answers[answers["region"] == "c"].groupby("tier")["score"]
    parts = share**2 * 100 * own.var() / own.size()
    df = parts.sum() ** 2 / (parts**2 / (own.size() - 1)).sum()
    reach = float(stats.t.ppf(0.975, df) * np.sqrt(parts.sum()))
    assert row["adjusted_high"] - row["adjusted"] == pytest.approx(reach, rel=1e-9)


def test_one_stratum_changes_nothing(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    """Every group's mix is the same already: the adjusted score and its interval are the crude ones."""
    table = fair(warehouse_of, answers, "whole")
    for name in ("", "_low", "_high"):
        assert table[f"adjusted{name}"].tolist() == pytest.approx(table[f"crude{name}"].tolist(), rel=1e-9)
    assert not table["turned"].any()


def test_every_stratum_with_a_team_of_its_own(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    """Nothing can be told of the spread between teams: as without teams."""
    apart = answers.assign(tier=answers["team"])
    clustered = fair(warehouse_of, apart, "tier")
    plain = contrast(
        warehouse_of(apart, MODEL.replace('cluster = "team"', "")), Selection(), by=["region"], question="rest",
        alike=["tier"],
    ).parts["fair"].set_index("segment")  # fmt: skip
    for name in ("adjusted", "adjusted_low", "adjusted_high"):
        wanted = plain.loc[clustered.index, name].tolist()
        assert clustered[name].tolist() == pytest.approx(wanted, rel=1e-9)


def test_answers_all_alike_are_sure(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    table = fair(warehouse_of, answers.assign(score=8.0), "tier")
    row = table.loc[[("b",)]].iloc[0]
    assert row[["adjusted", "adjusted_low", "adjusted_high"]].tolist() == pytest.approx([80.0] * 3, rel=1e-9)

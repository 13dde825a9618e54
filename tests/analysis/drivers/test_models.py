"""Odds and a tree beside the linear model of drivers: against statsmodels on the rows, and planted interactions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from analysis.drivers import models
from analysis.drivers.importance import drivers
from analysis.result import Result
from analysis.stats.ordinal import proportional_odds
from data_access.selection import Selection
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.analysis.conftest import MakeWarehouse

MODEL = """
{extra}
score = {{ column = "score", scale = [1, 5], satisfied_from = 5, dissatisfied_to = 2 }}
[drivers]
wait = {{ column = "wait", unit = "s", better = "low" }}
new = {{ column = "new", better = "low" }}
load = {{ column = "load", better = "low" }}
[dimensions]
channel = {{ column = "channel" }}
team = {{ column = "team" }}
"""
CLUSTER = 'cluster = "team"'
ASKED = ["wait", "new", "channel"]


def made(*, together: float, seed: int = 4) -> pd.DataFrame:
    """Marks of 1 to 5 that fall with the wait, in fives of seconds; `together`: more of that with new agents."""
    rng, n = np.random.default_rng(seed), 3_000
    wait, new = rng.integers(0, 9, n) * 5.0, (rng.random(n) < 0.4).astype(int)
    channel = rng.choice(["phone", "chat", ""], n, p=[0.6, 0.3, 0.1])
    team = rng.integers(0, 25, n)
    line = 3.9 - wait / 40 - 0.4 * new - together * new * (wait > 20) - 0.3 * (channel == "chat")
    score = line + rng.normal(0, 0.2, 25)[team] + rng.logistic(0, 0.5, n)
    return pd.DataFrame({
        "score": score.round().clip(1, 5).astype(int), "wait": wait, "new": new, "load": rng.normal(size=n).round(3),
        "channel": channel, "team": [f"t{t}" for t in team],
        "w": rng.choice([0.5, 2.0], n),
    })  # fmt: skip


@pytest.fixture(scope="module")
def contacts() -> pd.DataFrame:
    return made(together=0.0)


def deep(warehouse_of: MakeWarehouse, rows: pd.DataFrame, extra: str = "", **asked: Any) -> Result:
    found = drivers(warehouse_of(rows, MODEL.format(extra=extra)), Selection(), deep=True, **asked)
    for statement in (*found.findings, *(found.how.assumptions if found.how else ())):
        assert all(Catalogue.load(language).say(statement) for language in LANGUAGES)
    return found


def odds(found: Result) -> pd.DataFrame:
    table = found.parts["ordinal"]
    return table.assign(
        name=[d if pd.isna(m) else m for d, m in zip(table["driver"], table["member"], strict=True)]
    ).set_index("name")


def test_odds_are_those_of_statsmodels_on_the_rows(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    found = deep(warehouse_of, contacts, columns=ASKED)
    step = found.table.set_index("driver").loc["wait", "step"]
    channel = {name: (contacts["channel"] == name).astype(float) for name in ("chat", "")}
    x = pd.DataFrame({"wait": contacts["wait"] / step, "new": contacts["new"], **channel})
    fit = OrderedModel(contacts["score"], x, distr="logit").fit(method="newton", disp=False)
    table = odds(found)
    assert found.statistics["ordinal"] == "fitted" and found.statistics["marks"] == 5
    assert sorted(table.index) == sorted(x)
    for name in x:
        row, (low, high) = table.loc[name], fit.conf_int().loc[name]
        got = row[["odds_ratio", "low", "high"]].astype(float).tolist()
        assert got == pytest.approx(np.exp([fit.params[name], low, high]).tolist(), rel=2e-4), name
        assert row["p"] == pytest.approx(fit.pvalues[name], rel=1e-2, abs=1e-12)


def test_odds_across_teams_are_those_of_patterns_within_teams(
    warehouse_of: MakeWarehouse, contacts: pd.DataFrame
) -> None:
    found = deep(warehouse_of, contacts, CLUSTER, columns=["wait", "new"])
    x, team = contacts[["wait", "new"]].to_numpy(dtype=float), pd.factorize(contacts["team"])[0]
    counts = (contacts["score"].to_numpy()[:, None] == np.arange(1, 6)).astype(float)
    step = found.table.set_index("driver").loc["wait", "step"]
    fit = proportional_odds(["wait", "new"], x / [step, 1.0], counts, cluster=team)
    table = odds(found)
    for i, name in enumerate(("wait", "new")):
        wanted = [np.exp(fit.coefficients[i]), fit.odds_ratios()[i].low, fit.odds_ratios()[i].high]
        assert table.loc[name, ["odds_ratio", "low", "high"]].astype(float).tolist() == pytest.approx(
            wanted, rel=1e-6
        )
    assert 0 <= found.statistics["parallel_p"] <= 1


def test_what_is_held_is_in_the_model_but_not_in_the_list(
    warehouse_of: MakeWarehouse, contacts: pd.DataFrame
) -> None:
    beside = odds(deep(warehouse_of, contacts, columns=["wait"], hold=["new", "channel"]))
    every = odds(deep(warehouse_of, contacts, columns=ASKED))
    assert list(beside.index) == ["wait"]
    assert beside.loc["wait", "odds_ratio"] == pytest.approx(every.loc["wait", "odds_ratio"], rel=1e-9)


def test_without_a_model_of_odds_the_reason_is_stated(
    warehouse_of: MakeWarehouse, contacts: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate = drivers(
        warehouse_of(contacts, MODEL.format(extra="")), Selection("dissatisfied"), columns=ASKED, deep=True
    )
    assert rate.statistics["ordinal"] == "rate" and rate.parts["ordinal"].empty and len(rate.parts["tree"])
    finer = (contacts["score"] - 0.01 * (contacts.index % 9)).clip(1, 5)
    found = deep(warehouse_of, contacts.assign(score=finer), columns=ASKED)
    assert found.statistics["ordinal"] == "marks" and found.statistics["marks"] > 11
    survey = deep(warehouse_of, contacts, 'weight = { column = "w", kind = "survey" }', columns=ASKED)
    assert survey.statistics["ordinal"] == "weights" and len(survey.parts["tree"])
    monkeypatch.setattr(models, "MOST_PATTERNS", 5)
    many = deep(warehouse_of, contacts, columns=[*ASKED, "load"])
    assert many.statistics["ordinal"] == "patterns" and many.statistics["patterns"] > many.statistics["most_patterns"]
    assert all(
        Catalogue.load(language).text("drivers_page.ordinal.patterns", **many.statistics) for language in LANGUAGES
    )


def test_numbers_are_put_into_bins_until_the_patterns_are_few(
    warehouse_of: MakeWarehouse, contacts: pd.DataFrame
) -> None:
    found = deep(warehouse_of, contacts, CLUSTER, columns=[*ASKED, "load"])
    assert found.statistics["ordinal"] == "fitted"
    assert found.statistics["patterns"] <= models.MOST_PATTERNS


@pytest.mark.parametrize("extra", ["", CLUSTER])
def test_a_planted_interaction_is_told_and_drawn(warehouse_of: MakeWarehouse, extra: str) -> None:
    found = deep(warehouse_of, made(together=1.2), extra, columns=["wait", "new", "load"])
    tree = found.parts["tree"]
    said = [s for s in found.findings if s.key == "drivers.interaction"]
    assert len(said) == 1 and said[0].values["p"] < 0.05
    assert {said[0].values[k]["dimension"] for k in ("inner", "outer")} == {"wait", "new"}
    assert abs(said[0].values["first"] - said[0].values["second"]) > 10, "points of a hundred"
    cut = tree[(tree["driver"] == "wait") & (tree["operator"] == "at_most")]
    assert 20.0 in cut["value"].tolist(), "where it was planted"


@pytest.mark.parametrize("extra", ["", CLUSTER])
def test_what_only_adds_up_is_no_interaction(warehouse_of: MakeWarehouse, contacts: pd.DataFrame, extra: str) -> None:
    found = deep(warehouse_of, contacts, extra, columns=["wait", "new", "load"])
    assert len(found.parts["tree"]) > 3
    assert "drivers.interaction" not in [s.key for s in found.findings]


def test_nodes_hold_the_answers_of_their_rules(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    tree = deep(warehouse_of, contacts, CLUSTER, columns=ASKED).parts["tree"].set_index("node")
    score = 20 * contacts["score"]
    inside = {1: np.ones(len(contacts), dtype=bool)}
    for node, row in tree.iloc[1:].iterrows():
        if row["operator"] in ("among", "not_among"):
            own = contacts["channel"].isin(row["members"]).to_numpy()
            own = own if row["operator"] == "among" else ~own
        else:
            own = (contacts[row["driver"]] <= row["value"]).to_numpy()
            own = own if row["operator"] == "at_most" else ~own
        inside[node] = inside[row["parent"]] & own
    for node, row in tree.iterrows():
        assert row["n"] == inside[node].sum()
        assert row["mean"] == pytest.approx(score[inside[node]].mean())
        assert row["low"] < row["mean"] < row["high"]


def test_basic_numbers_are_the_same_at_any_depth(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    warehouse = warehouse_of(contacts, MODEL.format(extra=CLUSTER))
    plain, below = (drivers(warehouse, Selection(), columns=ASKED, deep=depth) for depth in (False, True))
    pd.testing.assert_frame_equal(plain.table, below.table)
    assert set(plain.parts) == {"left_out"} and set(below.parts) == {"left_out", "ordinal", "tree"}
    assert plain.statistics.items() <= below.statistics.items()

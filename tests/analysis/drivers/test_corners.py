"""Drivers in the corners: odd numbers, weights, few teams, nothing to ask about."""

# ruff: noqa: F811 - fixtures of the other file are used by their names

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.drivers.importance import drivers
from analysis.stats.clustered_regression import clustered_ols
from analysis.stats.regression import Weights, by_cluster
from data_access.selection import Filter, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.drivers.test_drivers import (
    CLUSTER,
    FEW,
    MODEL,
    NUMBERS,
    SELECTION,
    SURVEY,
    clustered,  # noqa: F401
    contacts,  # noqa: F401
    keys,
    of,
    plain,  # noqa: F401
    refusal,
)


def test_a_number_far_from_zero_keeps_its_digits(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    """A time in seconds since 1970, over a month."""
    far = contacts.assign(tenure=1.79e9 + 86_400.0 * contacts["tenure"] / 5)
    found = drivers(warehouse_of(far, MODEL.format(extra="")), SELECTION, columns=NUMBERS)
    near = drivers(warehouse_of(contacts, MODEL.format(extra="")), SELECTION, columns=NUMBERS)
    for name in NUMBERS:
        assert of(found, name)["importance"] == pytest.approx(of(near, name)["importance"], rel=1e-3, abs=1e-7)
    assert of(found, "tenure")["coefficient"] * 86_400 / 5 == pytest.approx(
        of(near, "tenure")["coefficient"], rel=1e-3
    )


def test_rates_have_a_model_too(plain: Warehouse, contacts: pd.DataFrame) -> None:
    found = drivers(plain, Selection(metric="dissatisfied"), columns=["wait"])
    known = contacts["wait"].notna()
    fit = sm.OLS(100.0 * (contacts["score"] <= 6)[known], sm.add_constant(contacts["wait"][known])).fit()
    assert found.unit == "rate"
    assert of(found, "wait")["coefficient"] == pytest.approx(fit.params["wait"], rel=1e-8)


def test_filters(plain: Warehouse, contacts: pd.DataFrame) -> None:
    found = drivers(plain, Selection(filters=(Filter("channel", ("phone",)),)), columns=["wait"])
    assert found.statistics["n"] == (contacts["wait"].notna() & (contacts["channel"] == "phone")).sum()


def test_survey_weights(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    found = drivers(
        warehouse_of(contacts, MODEL.format(extra=f"{CLUSTER}\n{SURVEY}")), SELECTION, columns=["wait", "tenure"]
    )
    known = contacts[contacts["wait"].notna()]
    x = sm.add_constant(known[["wait", "tenure"]])
    fit = sm.WLS(10 * known["score"], x, weights=known["w"]).fit()
    assert found.statistics["n"] == len(known)
    assert found.statistics["r2"] == pytest.approx(fit.rsquared, rel=1e-8)
    y, w = 10 * known["score"].to_numpy(), known["w"].to_numpy()
    code = pd.factorize(known["team"])[0]
    names, one = ["wait", "tenure"], np.ones(len(y))
    parts = by_cluster(code, names, known[names].to_numpy(), one, w * y, w * y**2, survey=w)
    assert parts[0].kind is Weights.SURVEY
    for i, name in enumerate(["wait", "tenure"], 1):
        assert of(found, name)["coefficient"] == pytest.approx(fit.params[name], rel=1e-7)
        assert of(found, name)["p"] == pytest.approx(clustered_ols(parts).tests()[i].p, rel=1e-6, abs=1e-200)


def test_survey_weights_without_clusters_claim_no_certainty(
    warehouse_of: MakeWarehouse, contacts: pd.DataFrame
) -> None:
    found = drivers(warehouse_of(contacts, MODEL.format(extra=SURVEY)), SELECTION, columns=["wait", "tenure"])
    assert keys(found) == ["drivers.top", "drivers.explained"]
    assert "drivers.no_errors" in [c.key for c in found.caveats]
    assert found.table["p"].isna().all() and found.statistics["family"] == 0


@pytest.mark.parametrize("teams", [1, 2, 4])
def test_too_few_teams_to_learn_from_are_taken_as_answers(
    warehouse_of: MakeWarehouse, contacts: pd.DataFrame, teams: int
) -> None:
    rows = contacts.assign(team=[f"t{i % teams}" for i in range(len(contacts))])
    found = drivers(warehouse_of(rows, MODEL.format(extra=CLUSTER)), SELECTION, columns=NUMBERS)
    assert found.statistics["clusters"] == 0
    assert found.table[["p", "low", "high"]].notna().all(axis=None)


def test_without_teams_importance_is_as_sure_as_a_draw_of_answers_says(
    plain: Warehouse, contacts: pd.DataFrame
) -> None:
    """Against a bootstrap of rows; forty parts tell a spread to about an eighth."""
    found = drivers(plain, SELECTION, columns=["wait"])
    rows = contacts[["wait", "score"]].dropna().to_numpy()
    rng = np.random.default_rng(2)
    drawn = [np.corrcoef(rows[rng.integers(0, len(rows), len(rows))].T)[0, 1] ** 2 for _ in range(400)]
    low, high = of(found, "wait")["low"], of(found, "wait")["high"]
    assert high - low == pytest.approx(np.diff(np.quantile(drawn, [0.025, 0.975]))[0], rel=0.35)
    assert low < of(found, "wait")["importance"] < high


def test_few_teams_are_said(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    rows = contacts.assign(team=[f"t{i % 6}" for i in range(len(contacts))])
    found = drivers(warehouse_of(rows, MODEL.format(extra=CLUSTER)), SELECTION, columns=NUMBERS)
    assert found.statistics["clusters"] == 6
    assert keys(found) and "caveat.few_clusters" in [c.key for c in found.caveats]
    assert found.table[["low", "high", "p"]].notna().all(axis=None)


@pytest.mark.prove
def test_nothing_is_found_in_noise(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    rng, told = np.random.default_rng(17), 0
    warehouse = warehouse_of(contacts.assign(score=rng.integers(0, 11, len(contacts))), MODEL.format(extra=""))
    for team in range(24):
        selection = Selection(filters=(Filter("team", (f"t{team}",)),))
        told += keys(drivers(warehouse, selection, columns=["wait", "transfers"])) != ["drivers.none_sure"]
    assert told <= 4, "about one in twenty"


@pytest.mark.parametrize(("asked", "key"), [
    ({"columns": ["reason"]}, "cut.reason"),
    ({"columns": ["wait"], "hold": ["reason"]}, "cut.reason"),
    ({"columns": ["scenes"]}, "cut.overlap"),
    ({"columns": ["waitt"]}, "drivers.unknown"),
    ({"hold": ["nothing like it"]}, "drivers.unknown"),
    ({"columns": ["rated"]}, "drivers.same_column"),
    ({"columns": ["wait"], "hold": ["rated"]}, "drivers.same_column"),
    ({"columns": ["grade"]}, "dose.no_driver"),
    ({"columns": ["agent"]}, "drivers.too_many_members"),
    ({"columns": ["wait"], "hold": ["wait"]}, "drivers.none_known"),
    ({"columns": ["wait"], "selection": Selection(filters=(Filter("channel", ("none",)),))}, "selection.empty"),
    ({"columns": [*NUMBERS, "channel"], "selection": FEW}, "drivers.too_few"),
])  # fmt: skip
def test_what_cannot_be_asked_gets_one_clear_sentence(
    clustered: Warehouse, asked: dict[str, object], key: str
) -> None:
    problem = refusal(clustered, **asked)
    assert problem.statement.key == key
    assert isinstance(problem, BadInput | NothingToShow)


def test_an_unknown_name_comes_with_the_nearest(clustered: Warehouse) -> None:
    assert refusal(clustered, columns=["waitt"]).statement.values["near"] == "wait"
    assert refusal(clustered, columns=["chanel"]).statement.values["near"] == "channel"


def test_a_constant_score_and_drivers_never_known_together(
    warehouse_of: MakeWarehouse, contacts: pd.DataFrame
) -> None:
    for extra in ("", CLUSTER):
        alike = warehouse_of(contacts.assign(score=8), MODEL.format(extra=extra))
        assert refusal(alike, columns=NUMBERS).statement.key == "drivers.constant"
        half = contacts.assign(tenure=contacts["tenure"].where(contacts["wait"].isna()))
        apart = warehouse_of(half, MODEL.format(extra=extra))
        assert refusal(apart, columns=NUMBERS).statement.key == "drivers.none_together"


def test_a_model_without_drivers(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    start, end = MODEL.index("[drivers]"), MODEL.index("[dimensions]")
    none = MODEL[:start] + MODEL[end:]
    ordinal = none + '[drivers]\ngrade = {{ column = "channel", level = "ordinal" }}\n'
    for model in (none, ordinal):
        warehouse = warehouse_of(contacts, model.format(extra=CLUSTER))
        assert refusal(warehouse).statement.key == "drivers.none_known"
    assert drivers(warehouse, SELECTION, columns=["channel"]).table["driver"].tolist() == ["channel"]

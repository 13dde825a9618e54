"""The map of strengths and weaknesses: what was planted is found, what is not sure is undecided."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from analysis.drivers.importance import drivers
from analysis.drivers.strengths import map_finding, round_step
from analysis.result import Result
from analysis.stats.clustered_regression import clustered_ols
from analysis.stats.regression import by_cluster
from data_access.model_file import parse_model
from data_access.selection import Selection
from data_access.statement import BadInput
from data_access.warehouse import open_warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.drivers.test_drivers import of

PLANTED = {"weak": "concentrate", "strong": "keep", "idle": "low", "ample": "overkill"}
CHANCES = {"weak": 0.3, "strong": 0.9, "idle": 0.35, "ample": 0.9, "noise": 0.5}
MODEL = """
{cluster}
score = {{ column = "score", scale = [0, 10], satisfied_from = 9, dissatisfied_to = 6 }}
[drivers]
weak = {{ column = "weak" }}
strong = {{ column = "strong" }}
idle = {{ column = "idle" }}
ample = {{ column = "ample" }}
noise = {{ column = "noise" }}
wait = {{ column = "wait", better = "low", unit = "s" }}
[dimensions]
team = {{ column = "team" }}
channel = {{ column = "channel" }}
{more}
"""
CLUSTER = 'cluster = "team"'
FLAGS = list(CHANCES)


@pytest.fixture(scope="module")
def contacts() -> pd.DataFrame:
    """Yes or no drivers: two that matter, one of them rarely so; two that hardly matter; one that does nothing."""
    rng, n = np.random.default_rng(8), 8_000
    flags = {name: (rng.random(n) < chance).astype(int) for name, chance in CHANCES.items()}
    strength = {"weak": 2.0, "strong": 3.0, "idle": 0.2, "ample": 0.3, "noise": 0.0}
    team = rng.integers(0, 30, n)
    score = 3 + sum(size * flags[name] for name, size in strength.items()) + rng.normal(0, 1, n)
    return pd.DataFrame({
        **flags, "wait": rng.gamma(1, 40, n).round(), "score": score.clip(0, 10).round(2),
        "team": [f"t{t}" for t in team], "channel": rng.choice(["a", "b"], n),
    })  # fmt: skip


@pytest.fixture(scope="module")
def found(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> Result:
    return drivers(warehouse_of(contacts, MODEL.format(cluster=CLUSTER, more="")), Selection(), columns=FLAGS)


def said(result: Result) -> str:
    statement = map_finding(result.table, result.statistics["lines"])
    assert all(Catalogue.load(language).say(statement) for language in LANGUAGES)
    return statement.key


def test_every_field_holds_what_was_planted_in_it(found: Result) -> None:
    assert {name: of(found, name)["quadrant"] for name in PLANTED} == PLANTED
    assert said(found) == "strengths.concentrate_mean"
    assert map_finding(found.table, "mean").values["names"] == [{"dimension": "weak"}]


def test_the_lines_are_the_means_of_the_drivers(found: Result) -> None:
    s, table = found.statistics, found.table
    assert s["line_importance"] == pytest.approx(table["importance"].mean())
    assert s["line_performance"] == pytest.approx(table["performance"].mean())
    assert (table["line"] == s["line_performance"]).all()


def test_without_evidence_a_driver_keeps_its_numbers(found: Result) -> None:
    noise = of(found, "noise")
    assert noise["p_adjusted"] >= 0.05
    assert noise["importance"] > 0 and noise["performance"] == pytest.approx(50, abs=3)
    assert noise["quadrant"] == "low"


def test_performance_has_the_interval_of_the_mean_across_teams(found: Result, contacts: pd.DataFrame) -> None:
    """Against a regression on nothing but an intercept."""
    y, one = contacts["weak"].to_numpy(dtype=float), np.ones(len(contacts))
    parts = by_cluster(pd.factorize(contacts["team"])[0], [], np.empty((len(y), 0)), one, y, y**2)
    mean = clustered_ols(parts).tests()[0]
    row = of(found, "weak")
    got = row[["performance", "performance_low", "performance_high"]].tolist()
    assert got == pytest.approx([100 * v for v in (mean.value, mean.interval.low, mean.interval.high)], rel=1e-9)


def test_an_interval_across_a_line_is_undecided(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    few, asked = (
        warehouse_of(contacts.iloc[:150], MODEL.format(cluster=CLUSTER, more="")),
        ["weak", "strong", "noise"],
    )
    table = drivers(few, Selection(), columns=asked).table
    line = table["importance"].mean()
    crosses = (table["low"] <= line) & (line <= table["high"])
    crosses |= (table["performance_low"] <= table["line"]) & (table["line"] <= table["performance_high"])
    assert crosses.any() and (table["quadrant"] == "undecided").tolist() == crosses.tolist()


def test_without_an_interval_nothing_is_decided(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    weighed = MODEL.format(cluster='weight = { column = "w", kind = "survey" }', more="")
    alone = drivers(warehouse_of(contacts.assign(w=1.0), weighed), Selection(), columns=FLAGS)
    assert set(alone.table["quadrant"]) == {"undecided"} and alone.table["performance_low"].isna().all()
    assert said(alone) == "strengths.nothing"


def test_single_answers_decide_where_there_are_no_teams(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    alone = drivers(warehouse_of(contacts, MODEL.format(cluster="", more="")), Selection(), columns=FLAGS)
    table = alone.table.set_index("driver")
    assert {name: table.loc[name, "quadrant"] for name in ("weak", "strong")} == {
        name: PLANTED[name] for name in ("weak", "strong")
    }


def test_a_dimension_is_not_on_the_map(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    warehouse = warehouse_of(contacts, MODEL.format(cluster=CLUSTER, more=""))
    found = drivers(warehouse, Selection(), columns=["weak", "channel"])
    channel = of(found, "channel")
    assert channel["quadrant"] == "" and np.isnan(channel["line"])
    assert found.statistics["line_importance"] == pytest.approx(of(found, "weak")["importance"])


def test_one_endless_wait_does_not_make_all_others_look_good(
    warehouse_of: MakeWarehouse, contacts: pd.DataFrame
) -> None:
    places = []
    for longest in (contacts["wait"].max(), 3_000.0):
        rows = contacts.assign(wait=contacts["wait"].where(contacts.index != 7, longest))
        found = drivers(warehouse_of(rows, MODEL.format(cluster=CLUSTER, more="")), Selection(), columns=["wait"])
        places.append(of(found, "wait")["performance"])
    assert places[0] == pytest.approx(100 * 2 / 3, abs=2), "the end is two deviations beyond a mean of one"
    assert places[1] == pytest.approx(places[0], abs=10), "between the extremes it would be 99"


def test_targets_divide_the_map_where_they_are_named(tmp_path: Path, contacts: pd.DataFrame) -> None:
    path = tmp_path / "answers.duckdb"
    targets = pd.DataFrame({"metric": ["strong", "score"], "dimension": ["", ""], "value": ["", ""],
                            "target": [0.97, 90.0]})  # fmt: skip
    with duckdb.connect(str(path)) as connection:
        for name, frame in (("answers", contacts), ("goals", targets)):
            connection.register("frame", frame)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
    model = 'table = "answers"\n' + MODEL.format(cluster=CLUSTER, more='[tables]\ntargets = "goals"')
    warehouse = open_warehouse(path, parse_model(model))
    found = drivers(warehouse, Selection(), columns=FLAGS, lines="target")
    assert (found.statistics["lines"], found.statistics["targets"]) == ("target", 1)
    assert of(found, "strong")["line"] == pytest.approx(97)
    assert of(found, "strong")["quadrant"] == "concentrate", "better than the others, yet short of its target"
    assert of(found, "weak")["line"] == pytest.approx(found.statistics["line_performance"])
    assert said(found) == "strengths.concentrate_target" and found.options["lines"] == "target"
    with pytest.raises(BadInput) as problem:
        drivers(warehouse, Selection(), lines="median")
    assert all(Catalogue.load(language).say(problem.value.statement) for language in LANGUAGES)
    warehouse.close()


def test_steps_are_round_and_what_is_counted_has_no_halves(found: Result) -> None:
    assert [round_step(sd) for sd in (0.07, 3.0, 26.0, 900.0, 0.0)] == [0.05, 2.0, 20.0, 1000.0, 1.0]
    assert of(found, "weak")["step"] == 1 and of(found, "weak")["yes_no"]
    assert of(found, "weak")["per_step"] == of(found, "weak")["coefficient"]
    assert found.findings[2].key == "drivers.step_yes_higher"

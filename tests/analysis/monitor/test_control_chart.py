"""The control chart of a selection, asked through a warehouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from analysis.command import SAMPLE_MODEL
from analysis.monitor.control_chart import control_chart
from analysis.result import Result
from data_access.model_file import parse_model, read_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse, open_warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.analysis.conftest import MakeWarehouse

MODEL = """
time = { column = "day" }
score = { column = "score", scale = [1, 10], formula = "mean_of_max", satisfied_from = 9, dissatisfied_to = 6 }
[metrics]
recommend = { column = "recommend", formula = "nps", scale = [0, 10] }
[dimensions]
business = { column = "business" }
"""
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
CHANGE = date(2026, 10, 6)
FIVE_G, OTHERS = Filter("business", ("5g",)), Filter("business", ("4g",))


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """July to October, 60 answers a day of each of two businesses; one is worse from 6 October on."""
    generator = np.random.default_rng(20)
    days = pd.date_range("2026-07-01", "2026-10-31", freq="D").repeat(120)
    business = np.tile(np.repeat(["5g", "4g"], 60), len(days) // 120)
    bad = 0.15 + 0.25 * ((business == "5g") & (days >= pd.Timestamp(CHANGE)))
    score = np.where(generator.random(len(days)) < bad, generator.integers(1, 7, len(days)), 9)
    recommend = np.where(score < 7, 5, generator.integers(7, 11, len(days)))
    return pd.DataFrame({"day": days, "score": score, "recommend": recommend, "business": business})


@pytest.fixture(scope="module")
def warehouse(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> Warehouse:
    return warehouse_of(answers, MODEL)


def asked(warehouse: Warehouse, metric: str, *filters: Filter) -> Result:
    return control_chart(warehouse, Selection(metric, OCTOBER, None, filters))


@pytest.mark.parametrize("metric", ["score", "dissatisfied", "recommend"])
def test_a_change_in_one_segment_shows_there_and_nowhere_else(warehouse: Warehouse, metric: str) -> None:
    found, quiet = asked(warehouse, metric, FIVE_G), asked(warehouse, metric, OTHERS)
    way = "high" if metric == "dissatisfied" else "low"
    assert found.statistics["variation"] == f"concerning_{way}"
    assert abs((found.statistics["since"] - CHANGE).days) <= 2
    assert found.findings[0].key == "control_chart.concerning"
    assert quiet.statistics["signals"] <= 2
    assert quiet.statistics["variation"] == "common"
    assert found.statistics["chart"] == ("p" if metric == "dissatisfied" else "xbar")


def test_numbers_are_those_of_the_answers(warehouse: Warehouse, answers: pd.DataFrame) -> None:
    table = asked(warehouse, "dissatisfied", FIVE_G).table
    own = answers[answers["business"] == "5g"]
    bad = own.assign(bad=100.0 * (own["score"] <= 6)).groupby("day")["bad"].mean()
    assert table["time"].tolist() == [str(day)[:10] for day in bad.index]
    assert table["value"].to_numpy() == pytest.approx(bad.to_numpy())
    assert table["n"].tolist() == [60.0] * 123
    assert (table["state"] == "baseline").sum() == 92
    assert not table.loc[table["state"] == "baseline", "rules"].any()


def test_what_is_looked_at_moves_no_limits(warehouse: Warehouse) -> None:
    """The same quarter's limits, whichever days of it are looked at and whatever they are compared with."""
    whole = asked(warehouse, "score", FIVE_G).table
    early = Period(OCTOBER.start, date(2026, 10, 8))
    for selection in (
        Selection("score", early, None, (FIVE_G,)),
        Selection("score", early, Period(date(2026, 9, 1), date(2026, 10, 1)), (FIVE_G,)),
    ):
        part = control_chart(warehouse, selection).table
        assert part["time"].tolist() == whole["time"].tolist()[: len(part)]
        for name in ("center", "low", "high", "ewma", "cusum_down"):
            assert part[name].to_numpy() == pytest.approx(whole[name].to_numpy()[: len(part)])


def test_limits_begin_anew_where_somebody_says_so(warehouse: Warehouse) -> None:
    selection = Selection("score", OCTOBER, None, (FIVE_G,))
    found = control_chart(warehouse, selection, rebased=[CHANGE])
    since = found.table[found.table["time"] >= CHANGE.isoformat()]
    assert found.options["rebased"] == (CHANGE.isoformat(),)
    assert found.statistics["judged"] == 5
    assert not found.table["rules"].any()
    assert since["center"].mean() == pytest.approx(since["value"].mean(), abs=0.8)


def test_other_days_can_make_the_limits(warehouse: Warehouse) -> None:
    basis = Period(date(2026, 8, 1), date(2026, 9, 1))
    found = control_chart(warehouse, Selection("score", OCTOBER, None, (OTHERS,)), baseline=basis)
    assert found.table["time"].iloc[0] == "2026-08-01"
    assert (found.table["state"] == "baseline").sum() == 31
    assert found.statistics["baseline_end"] == basis.end
    assert found.options["baseline"] == ("2026-08-01", "2026-09-01")


def test_a_short_history_and_small_days(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    few = answers[answers["day"] < "2026-07-20"]
    with pytest.raises(NothingToShow, match=r"baseline\.too_short"):
        control_chart(warehouse_of(few, MODEL), Selection("score"))
    thin = answers.groupby(["day", "business"]).head(6)
    with pytest.raises(NothingToShow, match=r"control_chart\.no_baseline"):
        control_chart(warehouse_of(thin, MODEL), Selection("score", OCTOBER, None, (FIVE_G,)))
    thinner = answers.groupby(["day", "business"]).head(12)
    found = control_chart(warehouse_of(thinner, MODEL), Selection("score", OCTOBER, None, (FIVE_G,)))
    assert found.findings[0].key == "control_chart.none_judged"
    assert set(found.table["state"]) == {"baseline", "few"}
    with pytest.raises(BadInput, match=r"model\.no_time"):
        control_chart(warehouse_of(few, MODEL.replace('time = { column = "day" }\n', "")), Selection("score"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("metric", ["score", "dissatisfied", "recommend"])
def test_all_of_it_has_words(warehouse: Warehouse, metric: str, language: str) -> None:
    words = Catalogue.load(language)
    found = control_chart(warehouse, Selection(metric, OCTOBER, None, (FIVE_G,)), rebased=[date(2026, 10, 25)])
    assert found.how is not None
    for said in (*found.findings, *found.caveats, found.how.formula, *found.how.assumptions):
        assert words.say(said)


@pytest.fixture(scope="module")
def whole_sample(sample_of: Callable[..., Path]) -> Warehouse:
    return open_warehouse(sample_of(), read_model(SAMPLE_MODEL))


@pytest.mark.prove
def test_the_billing_rule_shows_on_the_sample_and_quiet_businesses_stay_quiet(whole_sample: Warehouse) -> None:
    selection = Selection("score", OCTOBER)
    found = control_chart(whole_sample, selection.where("business", "mobile_5g"))
    assert found.statistics["variation"] == "concerning_low"
    assert found.statistics["since"] == CHANGE
    assert found.statistics["target"] is not None and found.statistics["turn"] < 0
    assert any(str(day) == "2026-10-06" for day in found.parts["marks"]["date"])
    for business in ("broadband", "fixed_line", "mobile_4g", "value_added", "iot"):
        quiet = control_chart(whole_sample, replace(selection, filters=(Filter("business", (business,)),)))
        assert quiet.statistics["signals"] == 0, business


@pytest.mark.prove
def test_the_days_of_the_queue_are_expected(whole_sample: Warehouse) -> None:
    """Calls wait longer from the 28th to the 3rd: those days are as low as they are expected to be."""
    august = Period(date(2026, 8, 1), date(2026, 9, 5))
    found = control_chart(whole_sample, Selection("score", august, None, (Filter("touchpoint", ("enquiry_call",)),)))
    assert found.statistics["turn"] < -2
    told = found.table[found.table["rules"] != ""]
    assert not told["time"].str[8:].isin(["28", "29", "30", "31", "01", "02", "03"]).any()


def test_days_too_small_to_be_judged_alone_are_judged_together(
    warehouse_of: MakeWarehouse, answers: pd.DataFrame
) -> None:
    small = warehouse_of(answers.groupby(["day", "business"]).head(20), MODEL)
    worse, steady = (control_chart(small, Selection("score", OCTOBER, None, (part,))) for part in (FIVE_G, OTHERS))
    assert not worse.statistics["judged"] and not steady.statistics["judged"]
    assert [s.key for s in worse.findings] == ["control_chart.none_judged", "control_chart.drift_concerning"]
    assert [s.key for s in steady.findings] == ["control_chart.none_judged", "control_chart.drift_common"]
    assert worse.statistics["ewma"] < worse.statistics["ewma_low"]


def with_targets(folder: Path, answers: pd.DataFrame, **targets: list[Any]) -> Warehouse:
    path, listed = folder / "targets.duckdb", pd.DataFrame({"metric": "score", **targets})
    with duckdb.connect(str(path)) as connection:
        for name, frame in (("answers", answers), ("targets", listed)):
            connection.register("frame", frame)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
            connection.unregister("frame")
    return open_warehouse(path, parse_model(f'table = "answers"\n{MODEL}[tables]\ntargets = "targets"'))


def test_a_target_of_the_segment_goes_before_that_of_all(tmp_path: Path, answers: pd.DataFrame) -> None:
    opened = with_targets(tmp_path, answers, dimension=[None, "business"], value=[None, "5g"], target=[20.0, 99.5])
    found = {part.values[0]: asked(opened, "score", part).statistics for part in (FIVE_G, OTHERS)}
    assert {name: (s["target"], s["assurance"]) for name, s in found.items()} == {
        "5g": (99.5, "failing"), "4g": (20.0, "passing"),
    }  # fmt: skip
    opened.close()


def test_a_drift_comes_before_the_single_day_that_does_not_show_it(warehouse_of: MakeWarehouse) -> None:
    """Every day since 6 October is a little lower but the last, which is as expected: the moving average knows."""
    days, n = pd.date_range("2026-07-01", "2026-10-20", freq="D"), 40
    later = np.array([CHANGE <= day.date() < date(2026, 10, 20) for day in days])
    good = np.where(np.arange(len(days)) % 2, 32, 28) - np.where(later, 4, 0)
    scores = np.where(np.arange(n)[None, :] < good[:, None], 9, 5)
    frame = pd.DataFrame({"day": days.repeat(n), "score": scores.ravel(), "recommend": 9, "business": "5g"})
    found = control_chart(warehouse_of(frame, MODEL), Selection("score", OCTOBER))
    assert (found.statistics["variation"], found.statistics["drift"]) == ("common", "concerning_low")
    assert [said.key for said in found.findings] == ["control_chart.drift_concerning", "control_chart.alone"]


def test_a_target_that_turns_of_months_miss_is_not_met_every_day(tmp_path: Path) -> None:
    """They are expected to be lower, so none of them is a signal; but the target is about all days."""
    days, n = pd.date_range("2026-07-01", "2026-10-31", freq="D"), 200
    turn = (days.day >= 28) | (days.day <= 3)
    good = np.where(turn, 60, 180) + np.where(np.arange(len(days)) % 2, 3, -3)
    scores = np.where(np.arange(n)[None, :] < good[:, None], 9, 5)
    frame = pd.DataFrame({"day": days.repeat(n), "score": scores.ravel(), "recommend": 9, "business": "5g"})
    opened = with_targets(tmp_path, frame, dimension=[None], value=[None], target=[78.0])
    found = asked(opened, "score").statistics
    assert found["turn"] == pytest.approx(-24, abs=1)
    assert (found["signals"], found["assurance"]) == (0, "hit_or_miss")
    opened.close()

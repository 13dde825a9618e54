"""Every rate has a population: the invited of a survey, the contacts a metric is about, counted by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis.overview import overview
from analysis.population import behind
from analysis.result import Result
from data_access.model_file import parse_model
from data_access.selection import Filter, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from pages.words.catalogue import Catalogue
from tests.analysis.conftest import MakeWarehouse

MODEL = """
responded = { column = "invited" }
score = { column = "score", scale = [1, 10] }
[metrics]
abandoned = { column = "abandoned", better = "low", where = { channel = ["phone"] } }
solved = { column = "solved" }
asked = { column = "solved", survey = true }
[dimensions]
channel = { column = "channel" }
"""
WORDS = Catalogue.load("en")


@pytest.fixture(scope="module")
def contacts() -> pd.DataFrame:
    """60 calls, 6 of them given up, and 40 visits; 50 were invited, 20 of them answered; 80 know the outcome."""
    return pd.DataFrame({
        "channel": ["phone"] * 60 + ["web"] * 40,
        "abandoned": [1] * 6 + [0] * 94,
        "invited": [1] * 50 + [0] * 50,
        "score": [8.0] * 10 + [6.0] * 10 + [math.nan] * 80,
        "solved": [1.0] * 40 + [0.0] * 40 + [math.nan] * 20,
    })  # fmt: skip


def said(warehouse: Warehouse, found: Result) -> str:
    return WORDS.say(behind(warehouse.model.metric(found.metric), found.statistics))


def test_a_rate_is_of_those_who_could_have_a_value(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    warehouse = warehouse_of(contacts, MODEL)
    found = overview(warehouse, Selection("abandoned"))
    s = found.statistics
    assert s["score"] == pytest.approx(100 * 6 / 60)  # not 6 of 100
    assert (s["contacts"], s["population"], s["responses"], s["invited"]) == (100, 60, 60, None)
    assert s["recorded_rate"] == 100 and math.isnan(s["response_rate"])
    sentence = said(warehouse, found)
    assert sentence == "Recorded for 60 of 60 contacts (100.0\u00a0%) that could have a value: phone."
    told = " ".join(WORDS.say(s) for s in (*found.findings, *found.how.assumptions, found.how.formula))  # type: ignore[union-attr]
    assert "answers" not in told and "Response rate" not in told and sentence in told


def test_values_outside_the_population_do_not_count(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    warehouse = warehouse_of(contacts, MODEL)
    assert warehouse.coverage("abandoned", None, [Filter("channel", ("web",))]).population == 0
    assert warehouse.cells("abandoned", ["channel"], None, ()).rows[["channel", "n"]].to_numpy().tolist() == [
        ["phone", 60.0]
    ]


@pytest.mark.parametrize(
    ("metric", "population", "n", "sentence"),
    [
        ("score", 50, 20, "20 answers from 50 contacts invited: response rate 40.0 %."),
        ("asked", 50, 80, "80 answers from 50 contacts invited: response rate 160.0 %."),  # the data contradict it
        ("solved", 100, 80, "Recorded for 80 of 100 contacts (80.0 %)."),
    ],
)
def test_what_is_printed(
    warehouse_of: MakeWarehouse, contacts: pd.DataFrame, metric: str, population: int, n: int, sentence: str
) -> None:
    warehouse = warehouse_of(contacts, MODEL)
    found = overview(warehouse, Selection(metric))
    assert (found.statistics["population"], found.statistics["responses"]) == (population, n)
    assert said(warehouse, found).replace("\u00a0", " ") == sentence


def test_a_file_of_answers_only_has_no_response_rate(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    model = MODEL.replace('responded = { column = "invited" }\n', "")
    answers = warehouse_of(contacts[contacts["score"].notna()], model)
    found = overview(answers, Selection())
    assert math.isnan(found.statistics["response_rate"])
    assert said(answers, found) == "20 answers; the data do not say how many were asked."
    some = warehouse_of(contacts, model)
    assert overview(some, Selection()).statistics["response_rate"] == 20


def test_a_population_by_an_unknown_dimension_is_named(warehouse_of: MakeWarehouse) -> None:
    with pytest.raises(BadInput) as found:
        parse_model('table = "answers"\n' + MODEL.replace("where = { channel", "where = { chanel"))
    assert found.value.statement.values["near"] == "channel"
    with pytest.raises(BadInput) as found:
        parse_model('table = "answers"\n' + MODEL.replace("survey = true", 'survey = "yes"'))
    assert found.value.statement.values["key"] == "metrics.asked.survey"


@pytest.mark.parametrize("kind", ["frequency", "survey"])
def test_rows_of_weight_zero_are_no_answers(warehouse_of: MakeWarehouse, contacts: pd.DataFrame, kind: str) -> None:
    model = f'weight = {{ column = "w", kind = "{kind}" }}\n' + MODEL
    some = contacts.assign(w=[0.0] * 5 + [1.0] * 95)
    s = overview(warehouse_of(some, model), Selection()).statistics
    assert (s["responses"], s["population"]) == (15, 45)  # 5 of the 20 answers of 50 invited weigh nothing
    with pytest.raises(NothingToShow) as found:
        overview(warehouse_of(contacts.assign(w=0.0), model), Selection())
    assert found.value.statement.key == "selection.weightless"

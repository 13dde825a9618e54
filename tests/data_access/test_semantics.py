"""A metric is the mean of a bounded value; dimensions of the model, of time and reasons have one namespace."""

from __future__ import annotations

import math

import pytest

from data_access.labels import Labels
from data_access.metric_kinds import MeanOfMaximum, Nps, Rate, Rescaled
from data_access.metrics import Metric
from data_access.model_file import parse_model
from data_access.semantics import Level, Reason, near
from data_access.statement import BadInput

MODEL = """
table = "t"
time = { column = "at" }
score = { column = "s", scale = [1, 5] }
[drivers]
wait = { column = "wait_s", unit = "s", better = "low", labels = { en = "Wait" } }
transfers = { column = "transfers", missing = "zero" }
band = { column = "band", level = "ordinal" }
score = { column = "other" }
[dimensions]
hour = { column = "slot" }
team = { column = "team" }
[reasons]
reason = { columns = { slow = "r1" } }
"""


@pytest.mark.parametrize(
    ("metric", "raw", "value", "best", "worst"),
    [
        (Metric("s", "s", Labels("s"), MeanOfMaximum(1, 10)), 8.47, 84.7, 100, 10),
        (Metric("s", "s", Labels("s"), Rescaled(1, 10)), 8.47, 83.0, 100, 0),
        (Metric("s", "s", Labels("s"), Rescaled(-2, 2)), 0.0, 50.0, 100, 0),
        (Metric("s", "s", Labels("s"), Rate(), scale=(1, 10), at_least=9), 0.25, 25.0, 100, 0),
        (Metric("s", "s", Labels("s"), Rate(), scale=(1, 10), better="low", at_most=6), 0.25, 25.0, 0, 100),
        (Metric("s", "s", Labels("s"), Rate(), yes="是", no="否"), 0.25, 25.0, 100, 0),
        (Metric("s", "s", Labels("s"), Nps(), scale=(0, 10), at_least=9, at_most=6), 0.29, 29.0, 100, -100),
    ],
)
def test_values(metric: Metric, raw: float, value: float, best: float, worst: float) -> None:
    assert metric.value(raw) == pytest.approx(value)
    assert (metric.best, metric.worst) == (best, worst)


def test_dimensions_of_the_model_come_first_and_hide_those_of_time() -> None:
    model = parse_model(MODEL)
    assert list(model.cuts) == ["hour", "team", "day_of_month", "weekday", "month", "day", "week", "reason"]
    assert not model.dimension("hour").built_in and model.dimension("weekday").built_in
    assert model.dimension("weekday").level is Level.ORDINAL
    assert model.offered == ("hour", "team", "day_of_month", "weekday", "month")
    assert model.filterable == ("hour", "team")


def test_without_time_there_are_no_dimensions_of_time() -> None:
    assert list(parse_model(MODEL.replace('time = { column = "at" }', "")).cuts) == ["hour", "team", "reason"]


def test_a_reason_is_never_offered() -> None:
    model = parse_model(MODEL)
    assert isinstance(model.dimension("reason"), Reason) and model.dimension("reason").overlaps
    assert "reason" not in (*model.offered, *model.filterable)


def test_unknown_names_are_answered_with_the_nearest() -> None:
    model = parse_model(MODEL)
    for ask, name, nearest in ((model.metric, "scroe", "score"), (model.dimension, "teem", "team")):
        with pytest.raises(BadInput) as problem:
            ask(name)
        assert problem.value.statement.values["near"] == nearest


def test_near_names_whatever_their_case() -> None:
    assert near("3g", ["2G", "3G", "4G"]) == "3G"
    assert near("VIP", ["standard", "vip"]) == "vip"
    assert near("BROADBAND", ["mobile", "Broadband"]) == "Broadband"


def test_where_none_is_near_only_a_few_are_listed() -> None:
    known = ["resolved", "transferred", "first_contact", "csat", "effort", "service_level", "level_of_service"]
    assert near("the level", known) == "service_level, resolved, level_of_service, transferred, csat, … (+2)"
    assert near("xyz", ["a", "b"]) == "a, b"
    assert near("xyz", "abcde") == "a, b, c, d, e"
    assert near("xyz", [f"team_{i}" for i in range(30)]) == "team_0, team_1, team_2, team_3, team_4, … (+25)"


def test_an_interval_driver_is_a_measure_on_its_own_scale() -> None:
    wait = parse_model(MODEL).measure("wait")
    assert (wait.unit, wait.kind.measure, wait.better, wait.column) == ("raw", "s", "low", "wait_s")
    assert (wait.low, wait.high, wait.blank) == (-math.inf, math.inf, None)
    assert (wait.slope, wait.offset, wait.value(62.5)) == (1.0, 0.0, 62.5)
    assert math.isnan(wait.best) and math.isnan(wait.worst)
    assert wait.labels.get("en") == "Wait"
    assert parse_model(MODEL).measure("transfers").blank == 0.0


def test_measures_are_the_metrics_and_the_interval_drivers() -> None:
    model = parse_model(MODEL)
    assert model.measure("score") == model.metric("score"), "a metric comes before a driver of its name"
    for name, nearest in (("waits", "wait"), ("band", "score, wait, transfers")):
        with pytest.raises(BadInput) as problem:
            model.measure(name)
        assert problem.value.statement.key == "model.unknown_metric"
        assert set(problem.value.statement.values["near"].split(", ")) == set(nearest.split(", "))
    with pytest.raises(BadInput):
        model.metric("wait")


def test_labels_fall_back() -> None:
    assert Labels("wait", (("zh-CN", "等候"),)).get("en") == "等候"
    assert Labels("wait").get("en") == "wait"

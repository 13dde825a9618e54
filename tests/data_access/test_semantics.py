"""A metric is the mean of a bounded value; dimensions of the model, of time and reasons have one namespace."""

from __future__ import annotations

import pytest

from data_access.model_file import parse_model
from data_access.semantics import Labels, Level, Metric, Reason, near
from data_access.statement import BadInput

MODEL = """
table = "t"
time = { column = "at" }
score = { column = "s", scale = [1, 5] }
[dimensions]
hour = { column = "slot" }
team = { column = "team" }
[reasons]
reason = { columns = { slow = "r1" } }
"""


@pytest.mark.parametrize(
    ("metric", "raw", "value", "best", "worst"),
    [
        (Metric("s", "s", Labels("s"), low=1, high=10, formula="mean_of_max"), 8.47, 84.7, 100, 10),
        (Metric("s", "s", Labels("s"), low=1, high=10), 8.47, 83.0, 100, 0),
        (Metric("s", "s", Labels("s"), low=-2, high=2), 0.0, 50.0, 100, 0),
        (Metric("s", "s", Labels("s"), "rate", 1, 10, at_least=9), 0.25, 25.0, 100, 0),
        (Metric("s", "s", Labels("s"), "rate", 1, 10, better="low", at_most=6), 0.25, 25.0, 0, 100),
        (Metric("s", "s", Labels("s"), "rate", yes="是", no="否"), 0.25, 25.0, 100, 0),
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
    assert near("xyz", ["a", "b"]) == "a, b"


def test_labels_fall_back() -> None:
    assert Labels("wait", (("zh-CN", "等候"),)).get("en") == "等候"
    assert Labels("wait").get("en") == "wait"

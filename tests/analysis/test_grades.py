"""A score whose lowest number is the best, and codes for no answer: as if somebody had cleaned the table before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.association import association
from analysis.change import change
from analysis.contrast import contrast
from analysis.contribution import contribution
from analysis.drivers.importance import drivers
from analysis.overview import overview
from analysis.result import Result
from data_access.model_file import parse_model
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import Warehouse, open_warehouse
from tests.engines import ENGINES, Filled, table_of

N = 2_000
AS_GIVEN = """
table = "grades"
time = { column = "day" }
cluster = "region"
[score]
column = "grade"
scale = [1, 6]
worst = 6
satisfied_from = 5
dissatisfied_to = 2
missing = [0, 98, -9]
[metrics]
likely = { column = "unlikely", formula = "nps", scale = [0, 10], worst = 10, missing = [99] }
[dimensions]
region = { column = "region", missing = [99, -1] }
channel = { column = "channel", missing = ["?", "n/a"] }
[drivers]
speed = { column = "speed", missing = [98, 99, -9] }
calls = { column = "calls", missing = ["zero", 999], better = "low" }
"""
CLEANED = """
table = "grades"
time = { column = "day" }
cluster = "region"
[score]
column = "clean_grade"
scale = [1, 6]
satisfied_from = 5
dissatisfied_to = 2
[metrics]
likely = { column = "clean_unlikely", formula = "nps", scale = [0, 10] }
[dimensions]
region = { column = "clean_region" }
channel = { column = "clean_channel" }
[drivers]
speed = { column = "clean_speed" }
calls = { column = "clean_calls", better = "low" }
"""
OCTOBER, SEPTEMBER = Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))


@pytest.fixture(scope="module")
def grades() -> pd.DataFrame:
    """The table as it was exported, and the same cleaned by hand beside it."""
    rng = np.random.default_rng(16)
    grade = np.clip(np.rint(rng.normal(2.2, 1.2, N)), 1, 6)
    frame = pd.DataFrame(
        {
            "day": pd.Timestamp("2026-09-01") + pd.to_timedelta(rng.integers(0, 61, N), unit="D"),
            "grade": np.where(rng.random(N) < 0.1, rng.choice([0, 98, -9], N), grade),
            "unlikely": np.where(rng.random(N) < 0.05, 99, np.clip(np.rint(rng.normal(2, 2, N)), 0, 10)),
            "speed": np.where(rng.random(N) < 0.1, rng.choice([98, 99, -9], N), np.clip(6 - grade, 1, 5)),
            "calls": np.where(rng.random(N) < 0.6, np.nan, rng.choice([1, 2, 3, 999], N)),
            "region": rng.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 99, -1], N),
            "channel": rng.choice(["phone", "chat", "?", "n/a"], N),
        }
    )
    frame["clean_grade"] = 7 - frame["grade"].where(frame["grade"].between(1, 6))
    frame["clean_unlikely"] = 10 - frame["unlikely"].where(frame["unlikely"] <= 10)
    frame["clean_speed"] = frame["speed"].where(frame["speed"].between(1, 5))
    frame["clean_calls"] = frame["calls"].fillna(0).where(frame["calls"] != 999)
    frame["clean_region"] = frame["region"].where(frame["region"].between(1, 9)).astype("Int64")
    frame["clean_channel"] = frame["channel"].where(frame["channel"].isin(["phone", "chat"]), None)
    return frame


@pytest.fixture(scope="module", params=ENGINES)
def both(
    grades: pd.DataFrame, request: pytest.FixtureRequest, filled_on: Filled
) -> Iterator[tuple[Warehouse, Warehouse]]:
    """The table on an engine behind the model of the columns as given, and of the cleaned ones."""
    source = filled_on(request.param, {"grades": table_of(grades)})
    pair = tuple(open_warehouse(source, parse_model(model)) for model in (AS_GIVEN, CLEANED))
    yield pair[0], pair[1]
    for warehouse in pair:
        warehouse.close()


def asked(metric: str) -> Selection:
    return Selection(metric=metric, period=OCTOBER, baseline=SEPTEMBER)


QUESTIONS: dict[str, Callable[[Warehouse], Result]] = {
    "overview": lambda w: overview(w, asked("score"), by=["region"]),
    "satisfied": lambda w: overview(w, asked("satisfied")),
    "dissatisfied": lambda w: overview(w, asked("dissatisfied")),
    "nps": lambda w: overview(w, asked("likely"), by=["channel"]),
    "detractors": lambda w: overview(w, asked("likely_detractors")),
    "filtered": lambda w: overview(w, Selection(metric="score", filters=(Filter("channel", (None,)),))),
    "one region": lambda w: overview(w, Selection(metric="score", filters=(Filter("region", ("3",)),))),
    "contribution": lambda w: contribution(w, asked("score"), by=["region", "channel"]),
    "change": lambda w: change(w, asked("score"), by=["channel"]),
    "contrast": lambda w: contrast(w, asked("score"), by=["channel"]),
    "association": lambda w: association(w, asked("score"), columns=["score", "likely", "speed", "region"]),
    "drivers": lambda w: drivers(w, asked("score"), columns=["speed", "calls"]),
}


def flat(statistics: Mapping[str, object], of: str = "") -> Iterator[tuple[str, object]]:
    for name, value in statistics.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{of}{name}.")
        else:
            yield of + name, value


@pytest.mark.parametrize("question", QUESTIONS)
def test_as_if_the_table_had_been_cleaned(both: tuple[Warehouse, Warehouse], question: str) -> None:
    given, cleaned = (QUESTIONS[question](warehouse) for warehouse in both)
    assert dict(flat(given.statistics)) == pytest.approx(dict(flat(cleaned.statistics)), nan_ok=True)
    pd.testing.assert_frame_equal(given.table, cleaned.table)


def test_members_leave_out_codes(both: tuple[Warehouse, Warehouse]) -> None:
    given, cleaned = both
    assert set(given.members("region")) == set(cleaned.members("region")) == {None, *map(str, range(1, 10))}


def test_codes_are_no_answers_off_the_scale(both: tuple[Warehouse, Warehouse], grades: pd.DataFrame) -> None:
    coverage = both[0].coverage("score", None, ())
    assert (coverage.responses, coverage.out_of_scale) == (int(grades["grade"].between(1, 6).sum()), 0)


def test_overview_says_which_end_is_best(both: tuple[Warehouse, Warehouse]) -> None:
    given, cleaned = (overview(warehouse, asked("score")).how for warehouse in both)
    assert given and cleaned
    assert [s.values["whole"] for s in given.assumptions if s.key == "how.turned"] == [7]
    assert "how.turned" not in [s.key for s in cleaned.assumptions]

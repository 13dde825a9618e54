"""One measure of access by day and hour: cells against a count by hand, and runs that are named only for cause."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.service.access.hours import access_hours
from data_access.selection import Period, Selection
from data_access.statement import BadInput
from data_access.warehouse import Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue

from .conftest import Beside

OCTOBER = Selection("score", Period(date(2026, 10, 1), date(2026, 11, 1)))
BAD_DAYS, BAD_HOURS = (1, 2, 30, 31), (9, 10)


def month(chance: float, at_worst: float) -> pd.DataFrame:
    """Calls of October, a hundred an hour from 8 to 12; more are given up in bad days and hours."""
    draws = np.random.default_rng(7)
    times = pd.date_range("2026-10-01", "2026-10-31 23:00", freq="h")
    rows = pd.DataFrame({"requested_at": times[times.hour.isin(range(8, 12))].repeat(100)})
    bad = rows["requested_at"].dt.day.isin(BAD_DAYS) | rows["requested_at"].dt.hour.isin(BAD_HOURS)
    given_up = draws.random(len(rows)) < np.where(bad, at_worst, chance)
    return rows.assign(outcome=np.where(given_up, "abandoned", "answered"), queue_s=10.0, ring_s=2.0,
                       customer_id="k", touchpoint="phone", tier="basic", team="t1")  # fmt: skip


@pytest.fixture(scope="module")
def peaks(beside: Beside) -> Warehouse:
    return beside(calls=month(0.05, 0.3))


def test_cells_equal_a_count_by_hand_and_both_runs_are_named(peaks: Warehouse) -> None:
    found = access_hours(peaks, OCTOBER, measure="answer_rate")
    calls = month(0.05, 0.3)
    by = calls.groupby([calls["requested_at"].dt.day, calls["requested_at"].dt.hour])["outcome"]
    expected = by.apply(lambda outcomes: (outcomes == "answered").mean())
    assert found.table["value"].to_numpy() == pytest.approx(expected.to_numpy())
    runs = found.parts["runs"].set_index("dimension")["value"].map(lambda values: {int(v) for v in values})
    assert runs.to_dict() == {"day_of_month": set(BAD_DAYS), "hour": set(BAD_HOURS)}
    assert found.findings[0].key == "access_hours.both"
    for language in LANGUAGES:
        said = Catalogue.load(language).say(found.findings[0])
        assert "1–2" in said and "30–31" in said and "9–10" in said


def test_a_measure_that_is_bad_when_high_is_worst_where_it_is_highest(peaks: Warehouse) -> None:
    found = access_hours(peaks, OCTOBER, measure="abandoned_rate", on="weekday")
    assert found.table["day"].between(1, 7).all()
    hours = found.parts["runs"].set_index("dimension").loc["hour"]
    assert {int(v) for v in hours["value"]} == set(BAD_HOURS) and hours["share"] > hours["rest"]


def test_where_all_hours_are_alike_no_run_is_named(beside: Beside) -> None:
    found = access_hours(beside(calls=month(0.1, 0.1)), OCTOBER, measure="answer_rate")
    assert found.findings[0].key == "access_hours.even"


def test_too_few_calls_of_an_hour_have_no_value(beside: Beside) -> None:
    calls = month(0.1, 0.1).groupby("requested_at").head(9)
    assert access_hours(beside(calls=calls), OCTOBER, measure="answer_rate").table["value"].isna().all()


def test_a_measure_of_whole_days_is_refused(peaks: Warehouse) -> None:
    with pytest.raises(BadInput):
        access_hours(peaks, OCTOBER, measure="days_met")


def test_hours_of_few_calls_are_secret_where_the_model_says_so(beside: Beside) -> None:
    calls = month(0.1, 0.1)
    few = calls["requested_at"].isin([pd.Timestamp("2026-10-07 09:00"), pd.Timestamp("2026-10-08 09:00")])
    calls = pd.concat([calls[~few], calls[few].groupby("requested_at").head(12)], ignore_index=True)
    contacts = pd.DataFrame({"contact_id": range(40), "score": [9, 5] * 20})
    about = {"customer_id": "k", "touchpoint": "phone", "tier": "basic", "team": "t1"}
    contacts = contacts.assign(contacted_at=pd.Timestamp("2026-10-05 09:00"), **about)
    warehouse = beside(contacts=contacts, calls=calls, extra="disclose_from = 20\n")
    table = access_hours(warehouse, OCTOBER, measure="answer_rate").table
    assert table["n"].min() >= 20 and not len(table[(table["hour"] == 9) & table["day"].isin([7, 8])])

"""Complaints: exact rates, the due-date rule, what is made again, escalation against a library, score by outcome."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.service.complaints import complaints
from analysis.stats.survival import kaplan_meier
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

from ..test_pinned import is_kept_as_it_was
from .conftest import CONTACTS, Beside

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
START = pd.Timestamp("2026-10-01 09:00")


def day(number: float) -> pd.Timestamp:
    return START + pd.Timedelta(days=number)


@pytest.fixture(scope="module")
def cases(beside: Beside) -> Warehouse:
    """Contacts until day 60; seven cases by hand, the first six of three customers about a bill or a fault."""
    contacts = pd.DataFrame({
        "contact_id": [f"c{i}" for i in range(8)],
        "customer_id": ["a", "a", "a", "b", "b", None, "c", "z"],
        "contacted_at": [day(i) for i in range(7)] + [day(60)],
        "score": [3, 4, 9, 2, 8, 5, 7, 9],
        "touchpoint": ["complaint"] * 7 + ["phone"],
        "tier": ["bill", "bill", "fault", "bill", "bill", "bill", "fault", "bill"],
        "team": "t1",
    })  # fmt: skip
    table = pd.DataFrame({
        "contact_id": [f"c{i}" for i in range(7)],
        "opened_at": [day(0), day(10), day(12), day(1), day(40), day(3), day(58)],
        "level": ["local", "escalated", "local", "local", "local", "local", "local"],
        "escalated_at": [pd.NaT, day(12), *[pd.NaT] * 5],
        "due_at": [day(2), day(12), day(14), day(3), day(42), day(5), day(61)],
        "closed_at": [day(1), day(13), pd.NaT, day(2), day(41), day(5), day(59)],
        "reopened": [0, 1, 1, 0, 0, 0, 0],
        "outcome": ["upheld", "rejected", None, "upheld", "upheld", "upheld", "upheld"],
    })  # fmt: skip
    return beside(contacts, question="tier", complaints=table)


def test_each_count_has_its_own_population(cases: Warehouse) -> None:
    found = complaints(cases, Selection("score")).statistics
    assert (found["escalated"], found["cases"], found["contacts"]) == (1, 7, 8)
    assert (found["late"], found["due"]) == (2, 6)  # closed a day late; open; the last is not yet due
    assert (found["reopened"], found["closed"]) == (1, 6)  # what is still open cannot be opened again
    assert (found["recurred"], found["ripe"]) == (1, 4)  # a's bill after 10 days; b's after 39; nobody's left out
    assert found["per_10000"] == pytest.approx(1250)


def test_a_filter_of_the_contact_holds_for_its_case(cases: Warehouse) -> None:
    selection = Selection("score", filters=(Filter("tier", ("fault",)),))
    assert complaints(cases, selection).statistics["cases"] == 2
    with pytest.raises(NothingToShow):
        complaints(cases, Selection("score", Period(date(2020, 1, 1), date(2021, 1, 1))))


def test_escalation_is_that_of_a_library() -> None:
    from statsmodels.duration.survfunc import SurvfuncRight

    rng = np.random.default_rng(5)
    time, status = rng.integers(0, 60, 400), (rng.random(400) < 0.3).astype(int)
    hours = np.unique(time)
    events, left = (np.array([np.sum((time == h) & (status == s)) for h in hours]) for s in (1, 0))
    ours, theirs = kaplan_meier(hours, events, left), SurvfuncRight(time, status)
    known = np.isin(theirs.surv_times, ours.times)
    assert ours.share == pytest.approx(theirs.surv_prob[known])
    assert ours.error == pytest.approx(theirs.surv_prob_se[known])
    assert ours.at_risk.tolist() == theirs.n_risk[known].tolist()
    assert (ours.low > 0).all() and (ours.high < 1).all() and (ours.low < ours.share).all()


def test_the_sample_says_all_of_it(sample: Warehouse) -> None:
    found = complaints(sample, Selection("score", OCTOBER, OCTOBER.previous()), by=("business",))
    is_kept_as_it_was("complaints", found)
    rows = found.parts["measures"].set_index("measure")
    assert rows.loc["escalation_rate", "value"] == found.statistics["escalated"] / found.statistics["cases"] < 0.09
    assert rows["low"].ge(0).all() and rows["high"].le(1).all() and (rows["low"] <= rows["value"]).all()
    assert found.table["cases"].sum() == found.statistics["cases"]
    days = found.parts["days"]
    assert days["cases"].sum() == found.statistics["cases"] and days["contacts"].sum() == found.statistics["contacts"]
    outside = (days["rate"] > days["most"]) | (days["rate"] < days["least"])
    assert outside.sum() == len(found.parts["unusual"]) == found.statistics["unusual"]
    outcomes = found.parts["outcomes"]
    assert outcomes["share"].sum() == pytest.approx(1) and outcomes["score"].dropna().between(10, 100).all()
    course = found.parts["escalation"]
    assert course["share"].is_monotonic_increasing and course["n"].is_monotonic_decreasing


def test_without_a_table(beside: Beside) -> None:
    with pytest.raises(BadInput, match=r"service\.no_table\.complaints"):
        complaints(beside(), Selection("score"))


def test_escalation_counts_exact_times(beside: Beside) -> None:
    """Up to a limit means not a second later; the sums of a library on the exact times."""
    from statsmodels.duration.survfunc import SurvfuncRight

    rng = np.random.default_rng(8)
    known = [86_400, 86_401, 172_800, 172_801, 172_799, 176_340, 5_000_000]  # 48:59; after the last
    ages = np.concatenate([known, rng.choice(1_700_000, 93, replace=False)])
    escalated, opened = np.arange(100) % 3 > 0, pd.Timestamp("2026-10-05 09:00")
    end = opened + pd.Timedelta(days=90)
    at = np.where(escalated, opened, end - pd.to_timedelta(ages, unit="s"))
    then = pd.Series(opened + pd.to_timedelta(ages, unit="s")).where(escalated)
    contacts = CONTACTS.assign(contacted_at=[opened, opened, end])
    table = pd.DataFrame({"contact_id": "c1", "opened_at": pd.to_datetime(at), "escalated_at": then,
                          "level": np.where(escalated, "escalated", "local")})  # fmt: skip
    course = complaints(beside(contacts, complaints=table), Selection("score")).parts["escalation"]
    theirs = SurvfuncRight(ages, escalated.astype(int))
    for row in course.to_dict("records"):
        until = theirs.surv_times <= row["hours"] * 3600
        assert row["share"] == pytest.approx(1 - theirs.surv_prob[until][-1])
        assert row["n"] == (ages >= row["hours"] * 3600).sum()
    assert course["hours"].tolist() == [24, 48, 72, 120, 168, 336]


@pytest.mark.parametrize(("spread", "key"), [(0.0, "days"), (0.7, "days_apart")])
def test_days_that_vary_by_more_than_chance_have_wider_limits(beside: Beside, spread: float, key: str) -> None:
    """Laney's u' where campaigns and outages move the rate from day to day, and no alarm for each of them."""
    rng = np.random.default_rng(31)
    rate = 20 * np.exp(spread * rng.standard_normal(50) - spread**2 / 2)
    cases = rng.poisson(rate)
    contacts = pd.DataFrame({
        "contact_id": [f"c{i}" for i in range(50 * 200)], "customer_id": None, "score": 8, "touchpoint": "phone",
        "contacted_at": np.repeat([day(i) for i in range(50)], 200), "tier": "basic", "team": "t1",
    })  # fmt: skip
    table = pd.DataFrame({"contact_id": "c1", "opened_at": np.repeat([day(i) for i in range(50)], cases)})
    found = complaints(beside(contacts, complaints=table.assign(level="local")), Selection("score"))
    days, wider = found.parts["days"], found.statistics["sigma_z"]
    mean = cases.sum() / 10_000
    poisson = 3e4 * np.sqrt(mean / 200)
    assert days["most"].to_numpy() == pytest.approx(1e4 * mean + wider * poisson)
    assert (wider > 1.5) == (spread > 0) and found.statistics["unusual"] <= 1
    assert ((days["rate"] - 1e4 * mean).abs() > poisson).sum() > 8 * (spread > 0) - 1
    assert found.how is not None and found.how.assumptions[-1].key == f"how.complaints.{key}"

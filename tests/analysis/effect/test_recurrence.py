"""What came back re-opens a plan; noise does not, however often somebody looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analysis.effect.recurrence import BACK, NOT_BACK, NOT_ENOUGH, in_whole_months, recurrence, returned
from analysis.stats.intervals import exact_bounds
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow, Problem
from data_access.warehouse import Warehouse
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.analysis.conftest import MakeWarehouse
from tests.proof import Figure

MODEL = """
cluster = "team"
time = { column = "at" }
score = { column = "score", scale = [1, 10] }
[dimensions]
business = { column = "business" }
team = { column = "team" }
[reasons]
reason = { column = "reason" }
"""
FROM = date(2026, 6, 1)
WEEK = timedelta(weeks=1)
TIMES = {
    "before": Period(FROM, FROM + 8 * WEEK),
    "closed": Period(FROM + 8 * WEEK, FROM + 12 * WEEK),
    "since": Period(FROM + 12 * WEEK, FROM + 17 * WEEK),
}
PATH = (Filter("business", ("3G",)), Filter("reason", ("notice",)))


def answers(shares: tuple[float, float, float]) -> pd.DataFrame:
    """Seventeen weeks of twelve teams, in which so much of the loss names the notice: before, at the close, since."""
    rng, n = np.random.default_rng(5), 14_000
    day = rng.integers(0, 119, n)
    time = np.digitize(day, (56, 84))
    score = rng.integers(1, 11, n)
    named = np.where(rng.random(n) < np.array(shares)[time], "notice", "wait")
    return pd.DataFrame({
        "at": pd.Timestamp(FROM) + pd.to_timedelta(day, "D"), "team": [f"t{i}" for i in rng.integers(0, 12, n)],
        "business": rng.choice(["3G", "4G"], n), "score": score, "reason": np.where(score < 10, named, None),
    })  # fmt: skip


@pytest.fixture(scope="module")
def again(warehouse_of: MakeWarehouse) -> Warehouse:
    return warehouse_of(answers((0.20, 0.06, 0.16)), MODEL)


def test_a_reason_that_came_back(again: Warehouse, warehouse_of: MakeWarehouse) -> None:
    found = recurrence(again, Selection(), path=PATH, **TIMES)
    s = found.statistics
    own = answers((0.20, 0.06, 0.16))
    time = np.digitize((own["at"] - pd.Timestamp(FROM)).dt.days, (56, 84))
    own = own.assign(lost=10 - own["score"], time=time)[own["business"] == "3G"]
    by_hand = own[own["reason"] == "notice"].groupby("time")["lost"].sum() / own.groupby("time")["lost"].sum()
    assert [s["before"], s["closed"], s["since"]] == pytest.approx(by_hand.tolist())
    assert s["verdict"] == BACK and found.findings[0].key == "recurrence.back_share" and s["low"] > 0
    assert (
        s["part"] == pytest.approx((s["since"] - s["closed"]) / (s["before"] - s["closed"])) and s["clusters"] == 12
    )
    stayed = warehouse_of(answers((0.20, 0.06, 0.06)), MODEL)
    assert recurrence(stayed, Selection(), path=PATH, **TIMES).statistics["verdict"] == NOT_BACK


def test_single_days_and_small_groups_stay_secret(warehouse_of: MakeWarehouse) -> None:
    """The difference of two spans would be the answers of a few days, and a small team could be asked about alone."""
    few = answers((0.20, 0.06, 0.16)).drop_duplicates(["team", "at"])
    secret = warehouse_of(few, "disclose_from = 40\n" + MODEL)
    months = {name: Period(date(2026, 6 + k, 1), date(2026, 7 + k, 1)) for k, name in enumerate(TIMES)}
    assert recurrence(secret, Selection(), path=PATH[:1], **months).statistics["n"] > 0
    for name, span in months.items():
        with pytest.raises(BadInput, match=r"disclose\.months"):
            shorter = Period(span.start, span.end - timedelta(days=1))
            recurrence(secret, Selection(), path=PATH[:1], **{**months, name: shorter})
    with pytest.raises(NothingToShow):
        recurrence(secret, Selection(), path=(Filter("team", ("t1",)),), **months)
    assert in_whole_months(Period(date(2026, 6, 2), date(2026, 8, 9))) == Period(date(2026, 7, 1), date(2026, 8, 1))
    assert in_whole_months(Period(date(2026, 6, 2), date(2026, 7, 30))) is None


def test_without_a_reason_the_score_of_the_segment(again: Warehouse) -> None:
    found = recurrence(again, Selection(), path=PATH[:1], **TIMES)
    assert found.statistics["of"] == "score" and found.statistics["verdict"] in (NOT_BACK, NOT_ENOUGH)
    metric = again.model.metric("score")
    own = answers((0.20, 0.06, 0.16))
    closed = own[(own["business"] == "3G") & (own["at"] >= "2026-07-27") & (own["at"] < "2026-08-24")]
    assert found.statistics["closed"] == pytest.approx(metric.value(float(closed["score"].mean())))


def test_few_answers_and_few_teams(again: Warehouse) -> None:
    two = Selection(filters=(Filter("team", ("t0", "t1")),))
    found = recurrence(again, two, path=PATH, **TIMES)
    assert found.statistics["clusters"] == 0 and np.isfinite(found.statistics["low"])
    day = {**TIMES, "since": Period(TIMES["since"].start, TIMES["since"].start + timedelta(days=1))}
    few = recurrence(again, two, path=PATH, **day).statistics
    assert few["verdict"] == NOT_ENOUGH


@pytest.mark.parametrize(
    ("path", "times", "key"),
    [
        (PATH, {"closed": TIMES["before"]}, "recurrence.order"),
        ((Filter("shop", ("a",)),), {}, "model.unknown_dimension"),
        ((Filter("business", ()),), {}, "trace.no_value"),
        (PATH, {"since": Period(date(2027, 1, 1), date(2027, 2, 1))}, "selection.empty_period"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(
    again: Warehouse, path: tuple[Filter, ...], times: dict[str, Period], key: str
) -> None:
    with pytest.raises(Problem) as refused:
        recurrence(again, Selection(), path=path, **{**TIMES, **times})
    assert refused.value.statement.key == key
    assert all(Catalogue.load(language).say(refused.value.statement) for language in LANGUAGES)


def reopened(seed: int, count: int, since: float, *, picked: bool, weeks: int = 26) -> int:
    """Of so many closed plans, those re-opened at any of the weekly looks. Share .3 before, .15 at the close.

    picked: closed only in weeks in which the share looked no higher than it was.
    """
    rng, again = np.random.default_rng(seed), 0
    for _ in range(count):
        level, size = rng.normal(0, 0.03, 12), rng.uniform(3, 7, 12)
        before, closed = _drawn(rng, 0.3, 12, level, size), _drawn(rng, 0.15, 4, level, size)
        while picked and closed[1].sum() > 0.15 * closed[0].sum():
            closed = _drawn(rng, 0.15, 4, level, size)
        later = _drawn(rng, since, weeks, level, size)
        known = [_rows(k, *(part.sum(axis=0) for part in span)) for k, span in enumerate((before, closed))]
        again += any(_looked(known, *look) for look in _looks(later, weeks))
    return again


def _drawn(
    rng: np.random.Generator, share: float, weeks: int, level: np.ndarray, size: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Answers that lost points, and those that name the reason, by week and team; teams move by themselves."""
    n = rng.poisson(size, (weeks, 12))
    return n, rng.binomial(n, np.clip(share + level + rng.normal(0, 0.02, (weeks, 12)), 0.01, 0.99))


def _looks(later: tuple[np.ndarray, np.ndarray], weeks: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    return ((later[0][:w].sum(axis=0), later[1][:w].sum(axis=0)) for w in range(1, weeks + 1))


def _looked(known: list[pd.DataFrame], n: np.ndarray, named: np.ndarray) -> bool:
    """Whether a look finds it back; where not even the shares say so it needs no interval."""
    shares = [float(rows["wx"].sum() / rows["w"].sum()) for rows in known]
    if named.sum() / n.sum() - shares[1] < (shares[0] - shares[1]) / 2:
        return False
    return returned(pd.concat([*known, _rows(2, n, named)]), worse=1.0, smallest=0.01).verdict == BACK


def _rows(k: int, n: np.ndarray, named: np.ndarray) -> pd.DataFrame:
    n, named = n.astype(float), named.astype(float)
    return pd.DataFrame({"k": k, "c": np.arange(12), "n": n, "w": n, "wx": named, "v": n, "vx": named, "vxx": named})


def test_looking_every_week_re_opens_nothing() -> None:
    assert reopened(1, 6, 0.15, picked=True) <= 1
    assert reopened(1, 2, 0.3, picked=False) >= 1


@pytest.mark.prove
@pytest.mark.parametrize("picked", [False, True])
def test_false_re_openings_over_half_a_year(picked: bool, figure: Figure) -> None:
    again = reopened(2, 1_000, 0.15, picked=picked)
    low, high = (float(end[0]) for end in exact_bounds(np.array([again]), np.array([1_000])))
    figure("re-opened falsely", (again / 1_000, low, high))
    assert again <= 50


@pytest.mark.prove
def test_what_came_back_is_found(figure: Figure) -> None:
    again = reopened(3, 1_000, 0.3, picked=False)
    low, high = (float(end[0]) for end in exact_bounds(np.array([again]), np.array([1_000])))
    figure("re-opened rightly", (again / 1_000, low, high))
    assert low > 0.8

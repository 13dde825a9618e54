"""A Net Promoter Score as the metric of the analyses: by hand, on every engine, from both kinds of column."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.change import change
from analysis.contrast import contrast
from analysis.contribution import contribution
from analysis.diagnosis import attainable
from analysis.overview import overview
from analysis.result import Result, Statement, Unit
from analysis.segments import segments
from analysis.trace import trace
from data_access.model_file import parse_model
from data_access.selection import Filter, Period, Selection
from data_access.sources import open_source
from data_access.warehouse import Warehouse, open_warehouse
from pages.words.catalogue import Catalogue
from tests.engines import ENGINES, Filled, table_of

N = 3_000
OCTOBER, SEPTEMBER = Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))
MODEL = """
table = "nps_answers"
time = { column = "day" }
score = { column = "likely", scale = [0, 10], formula = "nps", missing = [99] }
[metrics]
added = { column = "points", formula = "nps", scale = [-100, 100], labels = { en = "Added", "zh-CN" = "得分" } }
[dimensions]
channel = { column = "channel" }
plan = { column = "plan" }
[drivers]
wait = { column = "wait", unit = "s", better = "low" }
[reasons]
reason = { column = "reason", split = "|", not_stated = "none given" }
"""
BOTH = ("score", "added")
TONGUES = [Catalogue.load("en"), Catalogue.load("zh-CN")]


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """Two months of answers; the phone fell. `points` is what each answer adds, as some files already hold it."""
    rng = np.random.default_rng(29)
    day = pd.Timestamp("2026-09-01") + pd.to_timedelta(rng.integers(0, 61, N), unit="D")
    channel = rng.choice(["phone", "chat", "mail"], N, p=[0.5, 0.3, 0.2])
    fell = (channel == "phone") & (day >= pd.Timestamp("2026-10-01"))
    wait = rng.gamma(2.0, 60.0, N).round(1)
    likely = np.clip(np.rint(rng.normal(8.3, 2.0, N) - 1.6 * fell - wait / 200), 0, 10)
    likely[:40] = rng.choice([-1, 11, 99], 40)  # off the scale, and a code for no answer
    points = np.select([likely >= 9, likely <= 6], [100.0, -100.0], 0.0)
    points[:40] = 50.0  # nothing that an answer can add
    reason = np.where(likely <= 8, rng.choice(["wait", "fee", "wait|fee"], N), None)
    return pd.DataFrame({"day": day, "channel": channel, "plan": rng.choice(["a", "b"], N), "wait": wait,
                         "likely": likely.astype(int), "points": points, "reason": reason})  # fmt: skip


@pytest.fixture(scope="module", params=ENGINES)
def warehouse(answers: pd.DataFrame, request: pytest.FixtureRequest, filled_on: Filled) -> Iterator[Warehouse]:
    source = filled_on(request.param, {"nps_answers": table_of(answers)})
    opened = open_warehouse(source, parse_model(MODEL))
    yield opened
    opened.close()


def valid(answers: pd.DataFrame, period: Period = OCTOBER) -> pd.DataFrame:
    """The answers of a month that count."""
    days = answers["day"].dt.date
    return answers[(days >= period.start) & (days < period.end) & answers["likely"].between(0, 10)]


def nps(points: pd.Series) -> float:
    return 100 * float((points == 100).mean() - (points == -100).mean())


def asked(metric: str, *, baseline: bool = True, filters: tuple[Filter, ...] = ()) -> Selection:
    return Selection(metric=metric, period=OCTOBER, baseline=SEPTEMBER if baseline else None, filters=filters)


def said(found: Result) -> list[str]:
    """All that a result says, in both languages; a text without its value is a KeyError."""
    statements: list[Statement] = [*found.findings, *found.caveats]
    if found.how:
        statements += [found.how.formula, *found.how.assumptions]
    return [tongue.say(statement) for tongue in TONGUES for statement in statements]


@pytest.mark.parametrize("metric", BOTH)
def test_overview_is_promoters_less_detractors(warehouse: Warehouse, answers: pd.DataFrame, metric: str) -> None:
    found = overview(warehouse, asked(metric), by=["channel"])
    now, before = valid(answers), valid(answers, SEPTEMBER)
    s, points = found.statistics, now["points"]
    assert found.unit is Unit.NPS
    assert s["score"] == pytest.approx(nps(points), abs=1e-9)
    assert s["promoters_rate"] == pytest.approx(100 * (points == 100).mean())
    assert s["detractors_rate"] == pytest.approx(100 * (points == -100).mean())
    assert s["score"] == pytest.approx(s["promoters_rate"] - s["detractors_rate"], abs=1e-9)
    assert s["lost_points"] == pytest.approx(100 - nps(points), abs=1e-9)
    assert s["change"] == pytest.approx(nps(points) - nps(before["points"]), abs=1e-9)
    n, p, d = len(points), (points == 100).mean(), (points == -100).mean()
    error = 100 * np.sqrt((p + d - (p - d) ** 2) / (n - 1))  # of two shares of one sample
    reach = stats.t.ppf(0.975, n - 1) * error
    assert (s["low"], s["high"]) == pytest.approx((s["score"] - reach, s["score"] + reach))
    assert s["p"] == pytest.approx(stats.ttest_ind(points, before["points"], equal_var=False).pvalue, rel=1e-6)
    by_hand = now.groupby("channel")["points"].apply(nps)
    for row in found.table.itertuples():
        assert row.score == pytest.approx(by_hand[row.segment[0]], abs=1e-9)
    assert said(found)[0].startswith(f"NPS\N{NO-BREAK SPACE}\N{MINUS SIGN}{-s['score']:.1f} from ")


@pytest.mark.parametrize("metric", BOTH)
def test_lost_points_sum_to_the_distance_from_a_hundred(
    warehouse: Warehouse, answers: pd.DataFrame, metric: str
) -> None:
    found = contribution(warehouse, asked(metric), by=["channel"], target=-20.0)
    now, table = valid(answers), found.table.set_index(found.table["segment"].str[0])
    score = nps(now["points"])
    lost = (100 - now["points"]).groupby(now["channel"]).sum() / len(now)
    assert table["lost_points"].to_dict() == pytest.approx(lost.to_dict())
    assert table["contribution"].sum() == pytest.approx(1) and table["lost_points"].sum() == pytest.approx(
        100 - score
    )
    assert (table["share"] * table["index"]).sum() == pytest.approx(1)
    assert table["target_gain"].sum() == pytest.approx(-20 - score)
    assert said(found)
    by_reason = contribution(warehouse, asked(metric), by=["reason"]).table
    assert by_reason["contribution"].sum() == pytest.approx(1)


@pytest.mark.parametrize("metric", BOTH)
def test_effects_sum_to_the_change(warehouse: Warehouse, answers: pd.DataFrame, metric: str) -> None:
    found = change(warehouse, asked(metric), by=["channel"])
    moved = nps(valid(answers)["points"]) - nps(valid(answers, SEPTEMBER)["points"])
    assert found.table["total_effect"].sum() == pytest.approx(moved, abs=1e-9)
    assert (found.table["rate_effect"] + found.table["mix_effect"]).to_list() == pytest.approx(
        found.table["total_effect"].to_list()
    )
    assert said(found)


@pytest.mark.parametrize("metric", BOTH)
@pytest.mark.parametrize("method", ["", "welch_t", "nps"])
def test_two_months_against_welch(warehouse: Warehouse, answers: pd.DataFrame, metric: str, method: str) -> None:
    found = contrast(warehouse, asked(metric), question="period", method=method)
    now, before = valid(answers)["points"], valid(answers, SEPTEMBER)["points"]
    by_scipy = stats.ttest_ind(now, before, equal_var=False)
    interval = by_scipy.confidence_interval(0.95)
    pair = found.parts["pairs"].iloc[0]
    assert pair["difference"] == pytest.approx(nps(now) - nps(before), abs=1e-9)
    assert (pair["low_raw"], pair["high_raw"]) == pytest.approx((interval.low, interval.high), rel=1e-6)
    assert pair["p"] == pytest.approx(by_scipy.pvalue, rel=1e-6)
    assert found.statistics["test"] == (method or "welch_t")
    assert found.statistics["threshold"] == 2.0  # one customer in a hundred from detractor to promoter
    assert said(found)


@pytest.mark.parametrize("metric", BOTH)
def test_channels_against_scipy(warehouse: Warehouse, answers: pd.DataFrame, metric: str) -> None:
    groups = [rows["points"] for _, rows in valid(answers).groupby("channel")]
    ranks = contrast(warehouse, asked(metric, baseline=False), by=["channel"], method="kruskal_wallis")
    assert ranks.statistics["overall_p"] == pytest.approx(stats.kruskal(*groups).pvalue, rel=1e-6)
    target = contrast(warehouse, asked(metric, baseline=False), against="-30")
    alone = stats.ttest_1samp(valid(answers)["points"], -30)
    assert target.statistics["p"] == pytest.approx(alone.pvalue, rel=1e-6, abs=1e-12)
    assert said(ranks) and said(target)


@pytest.mark.parametrize("metric", BOTH)
def test_a_path_keeps_what_its_answers_lost(warehouse: Warehouse, answers: pd.DataFrame, metric: str) -> None:
    path = (Filter("channel", ("phone",)), Filter("plan", ("a",)))
    now = valid(answers)
    lost = (100 - now["points"]) / 100  # a passive loses 1, a detractor 2
    phone, end = now["channel"] == "phone", (now["channel"] == "phone") & (now["plan"] == "a")
    by_hand = [lost.sum(), lost[phone].sum(), lost[end].sum()]
    for steps in (0, 1, 2):
        found = trace(warehouse, asked(metric), path=path[:steps])
        assert found.table["lost_raw"].to_list() == pytest.approx(by_hand[: steps + 1])
        assert found.statistics["lost_points"] == pytest.approx(100 - nps(now["points"]))
        assert said(found)
    assert found.statistics["kept"] == pytest.approx(lost[end].sum() / lost[phone].sum())


@pytest.mark.parametrize("metric", BOTH)
def test_the_search_finds_the_planted_fall(warehouse: Warehouse, metric: str) -> None:
    found = segments(warehouse, asked(metric), depth=1)
    assert dict(found.table[found.table["kind"] == "rate"]["segment"].iloc[0]) == {"channel": "phone"}
    assert said(found)


def test_both_columns_give_the_same_numbers(warehouse: Warehouse) -> None:
    frames = [contribution(warehouse, asked(metric), by=["channel"]).table for metric in BOTH]
    pd.testing.assert_frame_equal(*frames)


def test_answers_that_cannot_be_are_counted_not_summed(warehouse: Warehouse, answers: pd.DataFrame) -> None:
    whole = Selection(metric="added")
    assert overview(warehouse, whole).statistics["out_of_scale"] == (answers["points"] == 50).sum() == 40
    codes = (answers["likely"] == 99).sum()
    assert overview(warehouse, Selection(metric="score")).statistics["out_of_scale"] == 40 - codes > 0


def test_detractors_are_the_bad_ratings(warehouse: Warehouse, answers: pd.DataFrame) -> None:
    found = attainable(warehouse, asked("score"), target=5.0)
    assert found.statistics["rate"] == pytest.approx(100 * (valid(answers)["points"] == -100).mean())


@pytest.mark.parametrize("name", ["nps.csv", "nps_only.csv"])
def test_a_file_of_answers_and_one_of_points_say_the_same(shared: Path, tmp_path: Path, name: str) -> None:
    path = shared / "cases" / "15-nps" / name
    warehouse = open_source(str(path), cache=tmp_path)
    found = overview(warehouse, Selection(metric="score"), by=["channel"])
    warehouse.close()
    scores = {segment[0]: score for segment, score in zip(found.table["segment"], found.table["score"], strict=True)}
    assert (found.unit, found.statistics["responses"]) == (Unit.NPS, 300)
    assert found.statistics["score"] == pytest.approx(29.0)
    assert scores["Phone"] == pytest.approx(23.30, abs=0.005)

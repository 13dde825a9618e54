"""Every verb on every engine against a plain Python computation over the same rows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

import pandas as pd
import pytest
import sqlalchemy as sa

from data_access.selection import Filter, Period, Selection
from data_access.semantics import SemanticModel
from data_access.warehouse import Warehouse
from tests.data_access.warehouse.expected import (
    OCTOBER,
    SHANGHAI,
    as_dict,
    assert_same,
    segments,
    selected,
    sums,
    value,
)

Opened = Callable[..., Warehouse]


@pytest.mark.parametrize("metric", ["score", "satisfied", "dissatisfied", "resolved", "waited", "spoken"])
def test_sums_of_every_kind_of_metric(opened: Opened, truth: pd.DataFrame, metric: str) -> None:
    answer = opened().cells(metric, ["business"], OCTOBER, ())
    assert_same(as_dict(answer.rows, ["business"]), sums(truth, metric, ["business"], OCTOBER))


@pytest.mark.parametrize(
    "by",
    ["tier", "skill", "load", "vip", "opened", "scenes", "reason", "team", *SHANGHAI],
)
def test_sums_by_every_kind_of_dimension(opened: Opened, truth: pd.DataFrame, by: str) -> None:
    assert_same(as_dict(opened().cells("score", [by], None, ()).rows, [by]), sums(truth, "score", [by]))


@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("by", [(), ("business", "vip"), ("scenes", "reason"), ("team",)])
def test_sums_by_combinations_and_clusters(
    opened: Opened, truth: pd.DataFrame, by: tuple[str, ...], clustered: bool
) -> None:
    rows = opened().cells("score", by, OCTOBER, (), clustered=clustered).rows
    expected = sums(truth, "score", by, OCTOBER, clustered=clustered)
    assert_same(as_dict(rows, by, clustered=clustered), expected)


@pytest.mark.parametrize("clustered", [False, True])
def test_several_cuts_in_one_pass_equal_single_ones(opened: Opened, clustered: bool) -> None:
    warehouse = opened()
    cuts = [["business"], [], ["skill", "vip"], ["vip", "skill"], ["scenes"], ["business"], ["team"]]
    together = warehouse.cells_each("score", cuts, OCTOBER, (), clustered=clustered)
    for by, answer in zip(cuts, together, strict=True):
        alone = warehouse.cells("score", by, OCTOBER, (), clustered=clustered)
        assert_same(as_dict(answer.rows, by, clustered=clustered), as_dict(alone.rows, by, clustered=clustered))


@pytest.mark.parametrize(
    "weight",
    ["", *(f'weight = {{ column = "{c}", kind = "{k}" }}' for c, k in (("times", "frequency"), ("w", "survey")))],
)
def test_several_metrics_in_one_pass_equal_single_ones(opened: Opened, weight: str) -> None:
    warehouse = opened(f'cluster = "team"\n{weight}')
    names = ["score", "resolved", "waited", "spoken", "wait"]
    for name, answer in zip(names, warehouse.cells_beside(names, OCTOBER, ()), strict=True):
        alone = warehouse.cells(name, [], OCTOBER, (), clustered=True)
        assert_same(as_dict(answer.rows, [], clustered=True), as_dict(alone.rows, [], clustered=True))


@pytest.mark.parametrize(("kind", "column"), [("frequency", "times"), ("survey", "w")])
def test_weights(opened: Opened, truth: pd.DataFrame, kind: str, column: str) -> None:
    warehouse = opened(f'cluster = "team"\nweight = {{ column = "{column}", kind = "{kind}" }}')
    for clustered in (False, True):
        rows = warehouse.cells("score", ["business"], OCTOBER, (), clustered=clustered).rows
        expected = sums(truth, "score", ["business"], OCTOBER, kind=kind, clustered=clustered)
        assert_same(as_dict(rows, ["business"], clustered=clustered), expected)


def test_an_answer_with_several_reasons_is_split_among_them(opened: Opened, truth: pd.DataFrame) -> None:
    rows = opened().cells("score", ["reason"], None, ()).rows
    whole = sums(truth, "score", [])[()]
    assert (rows["part"] * rows["n"]).sum() == pytest.approx(whole[0], abs=1e-9)
    assert (rows["part"] * rows["wx"]).sum() == pytest.approx(whole[2], abs=1e-9)
    assert set(rows["part"]) == {1.0, 0.5}


def test_a_contact_of_several_segments_counts_whole_in_each(opened: Opened) -> None:
    assert set(opened().cells("score", ["scenes"], None, ()).rows["part"]) == {1.0}


FILTERS = [
    Filter("business", ("3G", "宽带")),
    Filter("business", ('O\'Brien "x"; --',)),
    Filter("business", (None,)),
    Filter("business", ("3G", None)),
    Filter("skill", ("30", None)),
    Filter("load", ("1", "12.25")),
    Filter("vip", ("true",)),
    Filter("vip", (None, "false")),
    Filter("opened", ("2026-10-01",)),
    Filter("scenes", ("home",)),
    Filter("scenes", (None,)),
    Filter("scenes", ("home", "office")),
    Filter("reason", ("wait",)),
    Filter("reason", ("态度",)),
    Filter("reason", ("未说明",)),
    Filter("weekday", ("1", "7")),
    Filter("hour", ("0", "23")),
    Filter("day_of_month", ("1", "31")),
    Filter("month", ("2026-10",)),
    Filter("day", ("2026-10-01", "2026-10-31")),
    Filter("week", ("2026-09-28",)),
]


@pytest.mark.parametrize("chosen", FILTERS, ids=lambda f: f"{f.dimension}={f.values}")
def test_filters(opened: Opened, truth: pd.DataFrame, chosen: Filter) -> None:
    expected = sums(truth, "score", [], None, [chosen])
    assert expected, "the filter must match something, or the test proves nothing"
    assert_same(as_dict(opened().cells("score", [], None, [chosen]).rows, []), expected)


def test_filters_of_two_dimensions_are_joined_by_and(opened: Opened, truth: pd.DataFrame) -> None:
    both = [Filter("business", ("3G", "宽带")), Filter("vip", ("true",))]
    assert_same(as_dict(opened().cells("score", [], OCTOBER, both).rows, []), sums(truth, "score", [], OCTOBER, both))


def test_every_segment_found_can_be_filtered_for(opened: Opened) -> None:
    """The value a table names is the value a link carries; of hours and days a few stand for all."""
    warehouse: Warehouse = opened()
    for name in warehouse.model.cuts:
        found = list(as_dict(warehouse.cells("score", [name], None, ()).rows, [name]).items())
        for (segment,), numbers in found[:: 1 + len(found) // 8]:
            again = warehouse.cells("score", [], None, [Filter(name, (segment,))]).rows
            assert again["n"].sum() == numbers[0], (name, segment)


@pytest.mark.parametrize("period", [None, OCTOBER, Period(date(2026, 10, 31), date(2026, 11, 1))])
def test_coverage(opened: Opened, truth: pd.DataFrame, period: Period | None) -> None:
    rows = selected(truth, period, ())
    counted = [r for r in rows if not r["exempted"]]
    got = opened().coverage("score", period, ())
    assert got.contacts == len(rows)
    assert got.excluded == len(rows) - len(counted)
    assert got.invited == sum(r["invited"] == 1 for r in counted)
    assert got.responses == sum(value(r, "score") is not None for r in counted)
    assert got.out_of_scale == sum(r["score"] in (-1, 11) for r in counted)


def test_cells_of_several_spans_are_those_of_each(opened: Opened) -> None:
    """Two cuts in one statement, the second span longer than a month and apart from the first."""
    spans = [Period(date(2026, 9, 3), date(2026, 9, 15)), Period(date(2026, 9, 20), date(2026, 10, 25))]
    cuts = (("business",), ("week", "skill"))
    for by, answer in zip(cuts, opened().cells_each("score", cuts, None, (), spans=spans), strict=True):
        for place, span in enumerate(spans):
            own = answer.rows[answer.rows["span"].astype(int) == place]
            alone = opened().cells("score", by, span, ()).rows
            for column in ("n", "wx", "vxx"):
                found, expected = (rows.groupby([*by], dropna=False)[column].sum() for rows in (own, alone))
                pd.testing.assert_series_equal(found, expected, check_names=False)


def test_coverage_of_a_score_kept_as_text(opened: Opened, truth: pd.DataFrame) -> None:
    counted = [r for r in truth.to_dict("records") if not r["exempted"]]
    got = opened().coverage("spoken", None, ())
    assert got.responses == sum(value(r, "spoken") is not None for r in counted)
    assert got.out_of_scale == sum(r["spoken"] in ("0", "6", "n/a") for r in counted)


def test_coverage_counts_what_a_frequency_stands_for(opened: Opened, truth: pd.DataFrame) -> None:
    got = opened('weight = { column = "times", kind = "frequency" }').coverage("score", OCTOBER, ())
    rows = [r for r in selected(truth, OCTOBER, ()) if r["times"]]
    assert got.contacts == sum(r["times"] for r in rows)
    scored = [r for r in rows if not r["exempted"] and value(r, "score") is not None]
    assert got.responses == sum(r["times"] for r in scored)


def test_coverage_of_nothing_is_zero(opened: Opened) -> None:
    got = opened().coverage("score", Period(date(2020, 1, 1), date(2020, 2, 1)), ())
    assert (got.contacts, got.invited, got.responses, got.excluded, got.out_of_scale) == (0, 0, 0, 0, 0)
    assert math.isnan(got.response_rate)


def test_extent_and_version(opened: Opened, truth: pd.DataFrame) -> None:
    warehouse = opened()
    extent = warehouse.extent()
    assert extent.contacts == len(truth)
    assert extent.first == datetime(2026, 9, 1)
    assert extent.last == truth["contacted_at"].max().to_pydatetime()
    assert extent.loaded == datetime(2026, 11, 2, 3)
    asked: list[object] = []
    listener = (sa.engine.Engine, "before_cursor_execute", lambda *given: asked.append(given))
    sa.event.listen(*listener)
    assert [warehouse.version() for _ in range(5)] == ["5000@2026-11-02T03:00:00"] * 5
    sa.event.remove(*listener)
    assert len(asked) <= 1, "each answer on a page carries the version, which is looked up once"


@pytest.mark.parametrize("name", ["business", "skill", "load", "vip", "reason", "weekday"])
def test_members_most_frequent_first(opened: Opened, truth: pd.DataFrame, name: str) -> None:
    times = Counter(s for r in truth.to_dict("records") for s in segments(r, name))
    got = opened().members(name)
    assert set(got) == set(times)
    assert [times[m] for m in got] == sorted(times.values(), reverse=True)


def test_members_in_their_own_order(opened: Opened) -> None:
    assert opened().members("tier") == ["basic", "silver", "gold"]
    assert opened().members("scenes") == ["home", "office"]


def test_rows_are_paged_newest_first_with_customers_masked(opened: Opened, truth: pd.DataFrame) -> None:
    warehouse, chosen = opened(), Selection(period=OCTOBER).where("business", "3G")
    rows = [
        r
        for r in selected(truth, OCTOBER, [Filter("business", ("3G",))])
        if value(r, "score") is not None and not r["exempted"]
    ]
    pages = [warehouse.rows(chosen, offset=at, limit=50).rows for at in range(0, len(rows) + 50, 50)]
    got = pd.concat(pages)
    expected = sorted(rows, key=lambda r: (-r["contacted_at"].timestamp(), r["contact_id"]))
    assert list(got["contact_id"]) == [r["contact_id"] for r in expected]
    known = got["customer_id"].dropna()
    assert len(known) and known.str.fullmatch("c-[0-9a-f]{10}").all()
    assert "w" not in got


def test_rows_without_a_score_are_listed_on_request(opened: Opened, truth: pd.DataFrame) -> None:
    chosen = Selection(period=Period(date(2026, 10, 1), date(2026, 10, 8)))
    rows = selected(truth, chosen.period, ())
    assert len(opened().rows(chosen, limit=1_000, scored=False).rows) == len(rows)


def test_only_roles_of_the_model_are_reachable(opened: Opened) -> None:
    model: SemanticModel = opened().model
    assert "w" not in {d.column for d in model.cuts.values()}

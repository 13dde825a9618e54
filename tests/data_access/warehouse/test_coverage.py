"""Who is behind a score, by any dimensions: against plain Python, and adding up to the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pandas as pd
import pytest

from data_access.selection import Filter
from data_access.warehouse import Warehouse
from data_access.warehouse.coverage import COUNTS
from tests.data_access.warehouse.expected import OCTOBER, segments, selected, value

Opened = Callable[..., Warehouse]
POPULATION = COUNTS.index("population")
FREQUENCY = 'weight = { column = "times", kind = "frequency" }'


def counts(
    truth: pd.DataFrame, metric: str, by: list[str], times: bool = False
) -> dict[tuple[object, ...], list[int]]:
    found: dict[str, Counter[tuple[object, ...]]] = {name: Counter() for name in COUNTS}
    for row in selected(truth, OCTOBER, ()):
        keys: list[tuple[object, ...]] = [()]
        for name in by:
            keys = [(*k, s) for k in keys for s in segments(row, name)]
        flags = {
            "contacts": True,
            "population": not row["exempted"] and (row["invited"] == 1 or metric != "score"),
            "invited": row["invited"] == 1 and not row["exempted"],
            "responses": value(row, metric) is not None and not row["exempted"],
            "excluded": bool(row["exempted"]),
            "out_of_scale": metric == "score" and row["score"] in (-1, 11) and not row["exempted"],
        }
        for name, holds in flags.items():
            for key in keys:
                found[name][key] += int(holds) * ((row["times"] or 0) if times else 1)
    return {key: [found[name][key] for name in COUNTS] for key in found["contacts"]}


@pytest.mark.parametrize("metric", ["score", "transfers"])
@pytest.mark.parametrize("by", [["business"], ["scenes"], ["vip", "reason"], ["week"], []])
def test_population_by_every_kind_of_dimension(
    opened: Opened, truth: pd.DataFrame, by: list[str], metric: str
) -> None:
    answer = opened().population_by(metric, by, OCTOBER, ())
    assert list(answer.rows) == [*by, "population"]
    got = {tuple(row[: len(by)]): row[-1] for row in answer.rows.itertuples(index=False, name=None)}
    assert len(got) == len(answer.rows)
    assert got == {key: found[POPULATION] for key, found in counts(truth, metric, by).items()}


@pytest.mark.parametrize("extra", ["", FREQUENCY])
@pytest.mark.parametrize("metric", ["score", "satisfied", "wait", "said"])
def test_the_parts_add_up_to_the_whole(opened: Opened, metric: str, extra: str) -> None:
    warehouse, filters = opened(extra), [Filter("vip", ("true", None))]
    whole = warehouse.coverage(metric, OCTOBER, filters)
    parts = warehouse.population_by(metric, ["business", "tier"], OCTOBER, filters).rows
    assert parts["population"].sum() == whole.population
    assert whole.responses > 0


def test_a_frequency_counts_as_often_as_it_says(opened: Opened, truth: pd.DataFrame) -> None:
    warehouse = opened(FREQUENCY)
    rows = warehouse.population_by("score", ["tier"], OCTOBER, ()).rows
    wanted = counts(truth, "score", ["tier"], times=True)
    assert {(r.tier,): r.population for r in rows.itertuples()} == {k: c[POPULATION] for k, c in wanted.items()}
    whole = warehouse.coverage("score", OCTOBER, ())
    assert [getattr(whole, name) for name in COUNTS] == counts(truth, "score", [], times=True)[()]


@pytest.mark.parametrize("metric", ["score", "transfers"])
def test_coverage_counts_each_kind(opened: Opened, truth: pd.DataFrame, metric: str) -> None:
    found = opened().coverage(metric, OCTOBER, ())
    assert [getattr(found, name) for name in COUNTS] == counts(truth, metric, [])[()]


def test_coverage_of_a_measure_counts_what_is_no_number(opened: Opened, truth: pd.DataFrame) -> None:
    counted = [r for r in selected(truth, None, ()) if not r["exempted"]]
    got = opened().coverage("said", None, ())
    assert got.responses == sum(value(r, "said") is not None for r in counted)
    assert got.out_of_scale == sum(r["spoken"] == "n/a" for r in counted)


def test_nothing_selected_gives_no_rows(opened: Opened) -> None:
    rows = opened().population_by("score", ["business"], None, [Filter("business", ("none",))]).rows
    assert rows.empty and list(rows) == ["business", "population"]

"""The time between two columns on every engine, with and without zones, against pandas."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from data_access.files.fit import check_fit
from data_access.model_file import parse_model
from data_access.statement import BadInput
from data_access.warehouse import Limits, Warehouse, open_warehouse
from data_access.warehouse.source import make_engine
from tests.data_access.warehouse.conftest import MODEL

SPANS = """[drivers]
lag = { from = "contacted_at", to = "loaded_at", unit = "h", least = 48 }
since_opened = { from = "opened", to = "contacted_at", unit = "d", least = 0 }
"""
TEXT = MODEL.format(extra='cluster = "team"').replace("[drivers]\n", SPANS)


@pytest.fixture
def warehouse(source: str) -> Iterator[Warehouse]:
    opened = open_warehouse(source, parse_model(TEXT))
    yield opened
    opened.close()


def hours(truth: pd.DataFrame, since: str, column: str) -> pd.Series:
    first, last = (pd.to_datetime(truth[name]) for name in (since, column))
    return (last - first).dt.total_seconds() / 3600


@pytest.mark.parametrize(
    ("driver", "columns", "least", "per"),
    [("lag", ("contacted_at", "loaded_at"), 48, 1), ("since_opened", ("opened", "contacted_at"), 0, 24)],
)
def test_a_time_between_two_columns(
    warehouse: Warehouse, truth: pd.DataFrame, driver: str, columns: tuple[str, str], least: float, per: float
) -> None:
    values = hours(truth, *columns)[truth["exempted"].ne(True)] / per
    possible = values[values >= least]
    sums = warehouse.cells(driver, (), None, ()).rows
    assert sums["n"].sum() == len(possible)
    assert sums["wx"].sum() == pytest.approx(possible.sum(), rel=1e-9)
    assert warehouse.coverage(driver, None, ()).out_of_scale == (values < least).sum() > 0


def test_rows_and_codes_know_the_time(warehouse: Warehouse, truth: pd.DataFrame) -> None:
    lag = warehouse.codes(["lag"], None, ()).columns["lag"]
    assert lag.missing == pytest.approx((hours(truth, "contacted_at", "loaded_at") < 48).mean())


def test_times_that_cannot_be_are_told_by_the_check(source: str, truth: pd.DataFrame) -> None:
    engine = make_engine(source, Limits())
    found = {f.statement.values["name"]: f.statement.values["n"] for f in check_fit(engine, parse_model(TEXT))
             if f.statement.key == "draft.impossible"}  # fmt: skip
    engine.dispose()
    assert found == {
        "lag": (hours(truth, "contacted_at", "loaded_at") < 48).sum(),
        "since_opened": (hours(truth, "opened", "contacted_at") < 0).sum(),
    }


def test_a_column_that_is_not_there_is_named(source: str) -> None:
    text = TEXT.replace('from = "opened"', 'from = "openend"')
    with pytest.raises(BadInput, match=r"model\.no_column.*drivers\.since_opened\.from.*opened"):
        open_warehouse(source, parse_model(text))

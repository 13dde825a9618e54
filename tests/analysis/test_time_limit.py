"""An analysis ends with one sentence when its own arithmetic takes longer than the limit, not only its queries."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from analysis.association import association
from analysis.drivers.importance import drivers
from analysis.pair import pair
from analysis.stats.patience import asking, go_on, step_by_step
from analysis.stats.studentized_range import range_quantile
from data_access.model_file import parse_model
from data_access.selection import Selection
from data_access.statement import Unreachable
from data_access.warehouse import Limits, Warehouse, open_warehouse
from pages.words.catalogue import Catalogue

COLUMNS = 15  # 2^15 sets of drivers for each of 400 draws: many seconds
SECONDS = 0.4


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small enough for any query to be quick."""
    rng, n = np.random.default_rng(4), 3_000
    frame = pd.DataFrame({f"x{i}": rng.integers(0, 9, n) for i in range(COLUMNS)})
    frame = frame.assign(score=rng.integers(1, 6, n), team=rng.integers(0, 60, n), group=rng.integers(0, 40, n))
    path: Path = tmp_path_factory.mktemp("limit") / "answers.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.register("frame", frame)
        connection.execute("CREATE TABLE answers AS SELECT * FROM frame")
    return path


@pytest.fixture
def warehouse(source: Path) -> Iterator[Warehouse]:
    drivers_ = "".join(f'x{i} = {{ column = "x{i}" }}\n' for i in range(COLUMNS))
    model = f"""table = "answers"
cluster = "team"
score = {{ column = "score", scale = [1, 5] }}
[dimensions]
team = {{ column = "team" }}
group = {{ column = "group" }}
[drivers]
{drivers_}"""
    opened = open_warehouse(source, parse_model(model), limits=Limits(seconds=SECONDS))
    yield opened
    opened.close()


def test_importance_of_many_drivers_ends_in_time(warehouse: Warehouse) -> None:
    started = time.monotonic()
    with pytest.raises(Unreachable) as problem:
        drivers(warehouse, Selection())
    assert time.monotonic() - started < 15  # without the limit: minutes
    assert problem.value.statement.key == "warehouse.too_long"
    for language in ("en", "zh-CN"):
        said = Catalogue.load(language).say(problem.value.statement)
        assert "SATRACE_TIMEOUT" in said and "{" not in said


def test_the_clock_is_one_analysis_own(warehouse: Warehouse) -> None:
    """What ran out of time leaves nothing behind, and queries do not count."""
    with pytest.raises(Unreachable):
        drivers(warehouse, Selection())
    found = drivers(warehouse, Selection(), columns=("x1", "x2"))
    assert len(found.table) == 2
    go_on()  # outside of an analysis nothing asks


@pytest.mark.parametrize("work", ["association", "pair"])
def test_pairs_ask_between_their_steps(warehouse: Warehouse, work: str) -> None:
    """With no time at all for arithmetic, the first step already ends."""
    warehouse.extent()
    asked = []

    def check() -> None:
        asked.append(True)
        raise Unreachable("warehouse.too_long", seconds=0)

    ask = {
        "association": lambda: association.__wrapped__(warehouse, Selection()),  # type: ignore[attr-defined]
        "pair": lambda: pair.__wrapped__(warehouse, Selection(), x="x1", y="score"),  # type: ignore[attr-defined]
    }[work]
    with asking(check), pytest.raises(Unreachable):
        ask()
    assert asked


def test_steps_ask_before_each() -> None:
    seen: list[int] = []

    def check() -> None:
        if len(seen) == 2:
            raise Unreachable("warehouse.too_long", seconds=1)

    with asking(check), pytest.raises(Unreachable):
        for item in step_by_step(range(5)):
            seen.append(item)
    assert seen == [0, 1]
    assert list(step_by_step(range(3))) == [0, 1, 2]


def test_ranges_ask_as_well() -> None:
    """The range of many means asks at each step towards its quantile."""
    asked = list[bool]()
    with asking(lambda: asked.append(True)):
        range_quantile(5, np.array([20.0]))
    assert len(asked) > 3

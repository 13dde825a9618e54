"""A warehouse that does not answer in time: people wait one time limit together, not one each after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from pages.words.catalogue import Catalogue

from .conftest import serving
from .visitor import visiting, words

LIMIT_S, PEOPLE = 3, 24
MODEL = """
table = "slow_answers"
score = { column = "score", scale = [1, 10] }
[dimensions]
team = { column = "team" }
"""
# the planner may not look into it: each row takes its time
SLOW = """
CREATE TABLE slow_rows AS SELECT i % 10 + 1 AS score, 'team ' || i % 3 AS team FROM generate_series(1, 600) AS i;
CREATE VIEW slow_answers AS SELECT score, team FROM slow_rows WHERE pg_sleep(0.1) IS NOT NULL
"""


@pytest.fixture
def slow_server(postgres_url: str, tmp_path: Path) -> Iterator[str]:
    engine = sa.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(sa.text(SLOW))
    engine.dispose()
    model = tmp_path / "model.toml"
    model.write_text(MODEL, encoding="utf-8")
    set_so = {"SATRACE_WAREHOUSE": postgres_url, "SATRACE_MODEL": str(model), "SATRACE_TIMEOUT": str(LIMIT_S)}
    with serving(tmp_path, environment=set_so) as address:
        yield address


@pytest.mark.postgres
def test_all_wait_for_one_time_limit_together(slow_server: str) -> None:
    too_slow = Catalogue.load("en").text("warehouse.too_slow", seconds=LIMIT_S)

    def look(_: int) -> str:
        with visiting(slow_server) as visitor:
            return words(visitor.open("overview", lang="en"))

    with visiting(slow_server) as visitor:
        for page in ("workshop", "trace"):  # lists that need no data wait for none
            seen_of_list = words(visitor.open(page, lang="en"))
            assert Catalogue.load("en").text(f"{page}.question") in seen_of_list
            assert too_slow not in seen_of_list
    started = time.monotonic()
    with ThreadPoolExecutor(PEOPLE) as pool:
        seen = list(pool.map(look, range(PEOPLE)))
    assert all(too_slow in page for page in seen), seen[0]
    assert time.monotonic() - started < PEOPLE * LIMIT_S / 3, "they waited for each other"

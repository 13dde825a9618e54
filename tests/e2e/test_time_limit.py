"""A limit of one second, end to end: pages and commands end in one sentence, and the warehouse is free again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest
import sqlalchemy as sa

from analysis.__main__ import main
from data_access.access import local_analyst
from data_access.selection import Filter, Period, Selection
from data_access.workshop.records import Pin
from data_access.workshop.store import open_store
from pages.words.catalogue import Catalogue
from tests.pages.explain.trace.conftest import begun

from .conftest import serving
from .visitor import visiting, words

LIMIT_S, SOON_S = 1, 30
UNREACHABLE = 3  # the exit code
# Only the metric `slow` asks the function, which claims to be a plain one so that others are not held up by it.
TABLES = """
CREATE TABLE kept AS SELECT i % 10 + 1 AS score, 'team ' || i % 3 AS team, 'line ' || i % 4 AS line, i % 60 AS wait,
    timestamp '2026-09-01' + i * interval '20 minutes' AS at FROM generate_series(1, 4000) AS i;
CREATE FUNCTION slowly(text) RETURNS double precision LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN PERFORM pg_sleep(0.01); RETURN length($1) % 2; END $$;
CREATE VIEW answers AS SELECT kept.*, slowly(team) AS slow FROM kept
"""
MODEL = """
table = "answers"
time = { column = "at", timezone = "UTC" }
score = { column = "score", scale = [1, 10] }
[metrics]
slow = { column = "slow", values = [0, 1] }
[dimensions]
team = { column = "team" }
line = { column = "line" }
[drivers]
wait = { column = "wait" }
"""
MONTHS = {"from": "2026-09-15", "to": "2026-10-15"}
PAGES = ("overview", "contribution", "change", "contrast", "correlation", "drivers", "trace", "data")


@dataclass(frozen=True)
class Slow:
    """A server over a warehouse that answers one metric slowly; an issue is about that metric."""

    address: str
    warehouse: str
    model: Path
    issue: str

    def busy(self) -> int:
        """Questions that the warehouse works on."""
        engine = sa.create_engine(self.warehouse)
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
        with engine.connect() as connection:
            found = connection.execute(sa.text(f"{asked} AND pid <> pg_backend_pid()")).scalar_one()
        engine.dispose()
        return int(found)

    def is_freed(self) -> bool:
        """Whether the warehouse soon works on nothing."""
        until = time.monotonic() + SOON_S
        while self.busy() and time.monotonic() < until:
            time.sleep(0.1)
        return not self.busy()


@pytest.fixture(scope="module")
def slow(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slow]:
    url = sa.make_url(postgres_server).set(drivername="postgresql+psycopg")
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE time_limit"))
    admin.dispose()
    warehouse = url.set(database="time_limit").render_as_string(hide_password=False)
    engine = sa.create_engine(warehouse)
    with engine.begin() as connection:
        connection.execute(sa.text(TABLES))
    engine.dispose()
    folder = tmp_path_factory.mktemp("limited")
    model = folder / "model.toml"
    model.write_text(MODEL, encoding="utf-8")
    set_so = {"SATRACE_WAREHOUSE": warehouse, "SATRACE_MODEL": str(model), "SATRACE_TIMEOUT": str(LIMIT_S)}
    with serving(folder, environment=set_so) as address:
        yield Slow(address, warehouse, model, _issue(folder))


def _issue(folder: Path) -> str:
    """An issue about the slow metric, on its way down a path."""
    months = [Period(date(2026, month, 1), date(2026, month + 1, 1)) for month in (9, 10)]
    seen = Pin(method="overview", selection=Selection("slow", months[1], months[0]), data_version="4000")
    store = open_store(f"sqlite:///{folder / 'workshop.sqlite'}")
    return begun(store, seen, (Filter("team", ("team 1",)),), user=local_analyst()).id


@pytest.mark.postgres
def test_each_page_ends_in_a_sentence_and_holds_nobody_up(slow: Slow) -> None:
    def look(page: str, language: str, metric: str) -> str:
        with visiting(slow.address) as visitor:
            return words(visitor.open(page, lang=language, metric=metric, issue=slow.issue, **MONTHS))

    languages = dict(zip(PAGES, cycle(("zh-CN", "en")), strict=False))
    with ThreadPoolExecutor(2 * len(PAGES)) as pool:
        asked = {page: pool.submit(look, page, language, "slow") for page, language in languages.items()}
        others = [pool.submit(look, page, "en", "score") for page in PAGES[:3]]
    for page, found in asked.items():
        catalogue = Catalogue.load(languages[page])
        assert catalogue.text("warehouse.too_slow", seconds=LIMIT_S) in found.result(), page
        assert catalogue.text("error.unexpected") not in found.result(), page
        if page != "trace":
            assert catalogue.text("sidebar.metric") in found.result(), "another question can be chosen"
    english = Catalogue.load("en")
    for other in others:
        assert "Rows" in other.result() and english.text("warehouse.too_slow", seconds=LIMIT_S) not in other.result()
    assert slow.is_freed()


@pytest.mark.postgres
def test_a_command_ends_in_a_line_and_an_exit_code(
    slow: Slow, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATRACE_TIMEOUT", str(LIMIT_S))
    source = ["--source", slow.warehouse, "--model", str(slow.model), "--lang", "zh-CN"]
    assert main(["overview", *source, "--metric", "slow"]) == UNREACHABLE
    said = Catalogue.load("zh-CN").text("warehouse.too_slow", seconds=LIMIT_S)
    assert capsys.readouterr().err.split() == said.split()
    assert main(["overview", *source, "--metric", "score"]) == 0
    assert slow.is_freed()

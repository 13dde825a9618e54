"""One table with everything awkward in it, the same on DuckDB, SQLite and PostgreSQL."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from data_access.model_file import parse_model
from data_access.warehouse import Limits, Warehouse, open_warehouse

ENGINES = ("duckdb", "sqlite", "postgresql")
ROWS = 5_000
BUSINESSES = ("3G", "宽带", 'O\'Brien "x"; --', "a%b_c", "", None)
MODEL = """
table = "contacts"
contact_id = "contact_id"
customer_id = "customer_id"
{extra}
excluded = {{ column = "exempted" }}
responded = {{ column = "invited" }}
time = {{ column = "contacted_at", timezone = "Asia/Shanghai", loaded = "loaded_at" }}
score = {{ column = "score", scale = [0, 10], satisfied_from = 9, dissatisfied_to = 6, missing = [99, 5, "n/a"] }}
[metrics]
resolved = {{ column = "resolved" }}
waited = {{ column = "waited", values = ["no", "是"], better = "low" }}
spoken = {{ column = "spoken", values = [1, 5] }}
[drivers]
wait = {{ column = "wait", unit = "s", better = "low" }}
transfers = {{ column = "transfers", missing = "zero", better = "low" }}
said = {{ column = "spoken", missing = "no" }}
[dimensions]
business = {{ column = "business" }}
tier = {{ column = "tier", level = "ordinal", order = ["basic", "silver", "gold"] }}
skill = {{ column = "skill" }}
load = {{ column = "load" }}
vip = {{ column = "vip" }}
opened = {{ column = "opened" }}
team = {{ column = "team" }}
scenes = {{ columns = {{ home = "at_home", office = "在办公室" }}, yes = [1], no = [-1] }}
[reasons]
reason = {{ column = "reason", split = "|", not_stated = "未说明" }}
"""
TYPES = {  # DuckDB, SQLite, PostgreSQL
    "contact_id": ("VARCHAR", "TEXT", "VARCHAR"),
    "customer_id": ("VARCHAR", "TEXT", "VARCHAR"),
    "contacted_at": ("TIMESTAMP", "TIMESTAMP", "TIMESTAMPTZ"),
    "loaded_at": ("TIMESTAMP", "TIMESTAMP", "TIMESTAMP"),
    "score": ("TINYINT", "INTEGER", "SMALLINT"),
    "spoken": ("VARCHAR", "TEXT", "VARCHAR"),
    "resolved": ("BOOLEAN", "BOOLEAN", "BOOLEAN"),
    "waited": ("VARCHAR", "TEXT", "VARCHAR"),
    "business": ("business_t", "TEXT", "VARCHAR"),
    "tier": ("tier_t", "TEXT", "VARCHAR"),
    "skill": ("INTEGER", "INTEGER", "INTEGER"),
    "load": ("DECIMAL(6, 2)", "REAL", "NUMERIC(6, 2)"),
    "vip": ("BOOLEAN", "BOOLEAN", "BOOLEAN"),
    "opened": ("DATE", "DATE", "DATE"),
    "team": ("VARCHAR", "TEXT", "VARCHAR"),
    "at_home": ("ticked_t", "INTEGER", "INTEGER"),
    "在办公室": ("INTEGER", "INTEGER", "INTEGER"),
    "reason": ("VARCHAR", "TEXT", "VARCHAR"),
    "exempted": ("BOOLEAN", "BOOLEAN", "BOOLEAN"),
    "invited": ("INTEGER", "INTEGER", "INTEGER"),
    "times": ("INTEGER", "INTEGER", "INTEGER"),
    "w": ("DOUBLE", "REAL", "DOUBLE PRECISION"),
    "wait": ("DOUBLE", "REAL", "DOUBLE PRECISION"),
    "transfers": ("INTEGER", "INTEGER", "INTEGER"),
}


@pytest.fixture(scope="session")
def truth() -> pd.DataFrame:
    """The table as plain Python values, None for NULL; times are wall-clock times in Shanghai."""
    rng = np.random.default_rng(7)

    def pick(values: tuple[object, ...], p: list[float] | None = None) -> list[object]:
        return [values[i] for i in rng.choice(len(values), ROWS, p=p)]

    minutes = rng.integers(0, 62 * 24 * 60, ROWS)
    times = pd.Timestamp("2026-09-01") + pd.to_timedelta(minutes, unit="min")
    edges = [f"2026-{day}" for day in ("09-01", "09-30 23:59:59", "10-01", "10-31 23:59:59", "11-01")]
    reasons = ("wait", "wait|fee", "Wait", "fee | 态度", "态度|态度", "未说明", "", None, "wai")
    return pd.DataFrame(
        {
            "contact_id": [f"c{i:05d}" for i in range(ROWS)],
            "customer_id": [f"138{i % 700:08d}" if i % 9 else ("" if i % 2 else None) for i in range(ROWS)],
            "contacted_at": [*(pd.Timestamp(e) for e in edges), *times[len(edges) :]],
            "loaded_at": [pd.Timestamp("2026-11-02 03:00:00")] * ROWS,
            "score": pick((10, 9, 8, 7, 6, 5, 1, 0, -1, 11, 99, None)),
            "spoken": pick(("5", " 4", "3.5", "1", "0", "6", "n/a", "", None)),
            "resolved": pick((True, False, None)),
            "waited": pick(("是", "no", "maybe", None)),
            "business": pick(BUSINESSES),
            "tier": pick(("gold", "basic", "silver"), [0.5, 0.3, 0.2]),
            "skill": pick((1, 2, 30, None)),
            "load": pick((0.5, 1.0, 12.25, None)),
            "vip": pick((True, False, None)),
            "opened": pick((pd.Timestamp("2026-08-31").date(), pd.Timestamp("2026-10-01").date(), None)),
            "team": pick((*(f"t{i}" for i in range(12)), None)),
            "at_home": pick((1, -1, None)),
            "在办公室": pick((1, -1, 0)),
            "reason": pick(reasons),
            "exempted": pick((False, True, None), [0.8, 0.1, 0.1]),
            "invited": pick((1, 0, None), [0.7, 0.2, 0.1]),
            "times": pick((1, 2, 3, 0, None)),
            "w": pick((0.5, 1.25, 2.0, None)),
            "wait": _waits(rng),
            "transfers": pick((0, 1, 2, 7, None)),
        },
        dtype=object,
    )


def _waits(rng: np.random.Generator) -> list[float | None]:
    """Nearly as many values as rows, some below 0, some far away, and what is no number."""
    waits: list[float | None] = [float(x) for x in (rng.gamma(1.5, 80, ROWS) - 20).round(3)]
    waits[::10] = [None] * len(waits[::10])
    waits[1:7] = [math.nan, math.inf, -math.inf, 86_400.0, -3_600.5, 250.5]
    return waits


@pytest.fixture(scope="session")
def sources(truth: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Where each engine keeps the table; made when first asked for."""
    folder: Path = tmp_path_factory.mktemp("warehouse")
    made: dict[str, str] = {}

    def source(engine: str, request: pytest.FixtureRequest) -> str:
        if engine not in made:
            made[engine] = _filled(engine, truth, folder, request)
        return made[engine]

    return source


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def source(engine: str, sources: Callable[..., str], request: pytest.FixtureRequest) -> str:
    return sources(engine, request)


@pytest.fixture(scope="module")
def warehouses() -> Iterator[Callable[..., Warehouse]]:
    """Warehouses that the tests of a file share: to open one takes longer than most questions."""
    made: dict[tuple[str, str, Limits | None], Warehouse] = {}

    def make(source: str, extra: str, limits: Limits | None) -> Warehouse:
        if (source, extra, limits) not in made:
            model = parse_model(MODEL.format(extra=extra))
            made[source, extra, limits] = open_warehouse(source, model, limits=limits)
        return made[source, extra, limits]

    yield make
    for warehouse in made.values():
        warehouse.close()


@pytest.fixture
def opened(source: str, warehouses: Callable[..., Warehouse]) -> Callable[..., Warehouse]:
    """Opens the table on the engine of this run; `extra` are further lines of the model."""

    def make(extra: str = 'cluster = "team"', limits: Limits | None = None) -> Warehouse:
        return warehouses(source, extra, limits)

    return make


def _filled(engine: str, truth: pd.DataFrame, folder: Path, request: pytest.FixtureRequest) -> str:
    columns = ", ".join(f'"{name}" {kinds[ENGINES.index(engine)]}' for name, kinds in TYPES.items())
    create = f"CREATE TABLE contacts ({columns})"
    if engine == "duckdb":
        return _duckdb(create, truth, folder / "w.duckdb")
    url = f"sqlite:///{folder / 'w.sqlite'}" if engine == "sqlite" else request.getfixturevalue("postgres_url")
    rows = truth.to_dict("records")
    if engine == "postgresql":
        rows = [{**r, "contacted_at": r["contacted_at"].tz_localize("Asia/Shanghai")} for r in rows]
    writer = sa.create_engine(url)
    with writer.begin() as connection:
        connection.execute(sa.text(create))
    table = sa.Table("contacts", sa.MetaData(), autoload_with=writer)
    with writer.begin() as connection:
        connection.execute(sa.insert(table), rows)
    writer.dispose()
    return str(url)


def _duckdb(create: str, truth: pd.DataFrame, path: Path) -> str:
    connection = duckdb.connect(str(path))
    quoted = ", ".join("'" + b.replace("'", "''") + "'" for b in BUSINESSES if b is not None)
    connection.execute(f"CREATE TYPE business_t AS ENUM ({quoted})")
    connection.execute("CREATE TYPE ticked_t AS ENUM ('1', '-1')")
    connection.execute("CREATE TYPE tier_t AS ENUM ('silver', 'gold', 'basic')")
    connection.execute(create)
    words = truth.map(lambda v: None if v is None else str(v)).astype(object)
    connection.register("words", words)
    casts = ", ".join(f'CAST("{name}" AS {kinds[0]})' for name, kinds in TYPES.items())
    connection.execute(f"INSERT INTO contacts SELECT {casts} FROM words")
    connection.close()
    return str(path)

"""One table with everything awkward in it, the same on every engine."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest

from data_access.model_file import parse_model
from data_access.warehouse import Limits, Warehouse, open_warehouse
from tests.engines import ENGINES, Filled

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
KINDS = {
    "contact_id": "text", "customer_id": "text", "contacted_at": "moment", "loaded_at": "time", "score": "small",
    "spoken": "text", "resolved": "boolean", "waited": "text", "business": "enum", "tier": "enum", "skill": "integer",
    "load": "decimal", "vip": "boolean", "opened": "date", "team": "text", "at_home": "ticks", "在办公室": "integer",
    "reason": "text", "exempted": "boolean", "invited": "integer", "times": "integer", "w": "double",
    "wait": "double", "transfers": "integer",
}  # fmt: skip


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
def sources(truth: pd.DataFrame, filled_on: Filled) -> Callable[[str], str]:
    """Where each engine keeps the table; made when first asked for."""
    rows = truth.to_dict("records")
    return functools.cache(lambda engine: filled_on(engine, {"contacts": (KINDS, rows)}))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def source(engine: str, sources: Callable[[str], str]) -> str:
    return sources(engine)


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

"""What every analysis answers can be pinned: written down, read back, and shown as the table it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.methods import METHODS, analysis_of
from analysis.result import Result
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import Warehouse
from data_access.workshop.codec import from_json, headline_rows, to_json
from pages.words import tables
from pages.words.catalogue import Catalogue
from pages.words.methods import presentation_of
from tests.analysis.conftest import MakeWarehouse

MODEL = """
time = { column = "at" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
channel = { column = "channel" }
[drivers]
wait = { column = "wait", unit = "s", better = "low" }
[tables]
events = "events"
"""
BOTH = Selection(
    period=Period(date(2026, 10, 1), date(2026, 11, 1)), baseline=Period(date(2026, 9, 1), date(2026, 10, 1))
)
ASKED: dict[str, dict[str, Any]] = {
    "contribution": {"by": ("channel",)}, "change": {"by": ("channel",)}, "contrast": {"by": ("channel",)},
    "association": {"columns": ("score", "wait", "channel")}, "pair": {"x": "wait", "y": "score"},
    "dose": {"driver": "wait"}, "before_after": {"on": date(2026, 10, 1)},
    "reachability": {"unit": "channel", "treated": ("chat",), "start": date(2026, 10, 25)},
    "recurrence": {"path": (Filter("channel", ("chat",)),), "before": Period(date(2026, 9, 1), date(2026, 9, 20)),
                   "closed": Period(date(2026, 9, 20), date(2026, 10, 1)),
                   "since": Period(date(2026, 10, 1), date(2026, 11, 1))},
    "effect": {"control": (Filter("channel", ("chat",)),), "start": date(2026, 10, 1)},
}  # fmt: skip
OF_TABLES = (
    "service",
    "service_measure",
    "definitions",
    "peers",
    "access",
    "complaints",
    "quality",
    "bot",
    "fcr",
    "people",
)  # asked of the sample, in `service`
NEVER = ("risk", "recovery")  # lists of persons to be contacted: no record that others read keeps them
WORDS = Catalogue.load("en")


@pytest.fixture(scope="module")
def warehouse(warehouse_of: MakeWarehouse) -> Warehouse:
    rng, n = np.random.default_rng(2), 600
    at = pd.Timestamp("2026-09-01") + pd.to_timedelta(rng.integers(0, 61 * 24, n), unit="h")
    wait, channel = rng.exponential(60, n), np.where(np.arange(n) < 5, "rare", rng.choice(["phone", "chat"], n))
    score = np.clip(np.round(9 - wait / 30 + rng.normal(0, 1, n)), 1, 10)
    return warehouse_of(
        pd.DataFrame({"at": at, "wait": wait, "channel": channel, "score": score}), MODEL.split("[tables]")[0]
    )


@pytest.mark.parametrize("method", [*(m for m in METHODS if m not in (*OF_TABLES, *NEVER)), "contrast of a measure"])
def test_an_answer_can_be_pinned_and_shown(warehouse: Warehouse, method: str) -> None:
    selection = replace(BOTH, metric="wait") if method.endswith("measure") else BOTH
    method = method.split(" ")[0]
    if method == "effect":
        selection = replace(selection, period=None, baseline=None, filters=(Filter("channel", ("phone",)),))
    is_kept_as_it_was(method, analysis_of(method)(warehouse, selection, **ASKED.get(method, {})))


def is_kept_as_it_was(method: str, found: Result) -> None:
    """Written down and read back, a result says and shows the same."""
    said = from_json(to_json([[s.key, s.values] for s in found.findings]))
    statistics, options = (from_json(to_json(dict(part))) for part in (found.statistics, found.options))
    rows = headline_rows(found.table)
    back = replace(found, table=pd.DataFrame([dict(row) for row in rows]), statistics=statistics, options=options,
                   parts={})  # fmt: skip
    assert [WORDS.text(key, **values) for key, values in said] == [WORDS.say(s) for s in found.findings]
    if not rows:  # a page shows no table then
        return
    shown = presentation_of(method)
    assert shown.rows.names(back, WORDS) == shown.rows.names(replace(found, parts={}), WORDS)[: len(rows)]
    for column in tables.within(shown.columns, back, back.table, "advanced"):
        if column.name in shown.headline:
            assert tables.header(column, back, WORDS)
            assert len(tables.written(back, column, WORDS)) == len(rows)

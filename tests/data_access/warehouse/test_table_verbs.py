"""Every verb about the tables beside the contacts answers alike on every engine: a few customers of the sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from data_access.model_file import read_model
from data_access.repeats import Repeats
from data_access.selection import Filter, Period
from data_access.warehouse import Warehouse, open_warehouse
from data_access.warehouse.calls import Promise, Promises
from data_access.warehouse.near import Near
from data_access.warehouse.table_verbs import TableVerbs
from tests.engines import OTHERS, Filled
from tests.engines.duckdb import tables_of

SAMPLE_MODEL = Path(__file__).parents[3] / "sample_data" / "semantic.toml"
FEW = """
    CREATE TABLE few AS
        (SELECT contact_id FROM whole.complaints ORDER BY hash(contact_id) LIMIT 30)
        UNION (SELECT contact_id FROM whole.qa_evaluations ORDER BY hash(contact_id) LIMIT 30)
        UNION (SELECT contact_id FROM whole.bot_sessions ORDER BY hash(contact_id) LIMIT 40);
    CREATE TABLE contacts AS SELECT * FROM whole.contacts WHERE customer_id IN
        (SELECT customer_id FROM whole.contacts WHERE contact_id IN (SELECT contact_id FROM few));
    CREATE TABLE calls AS SELECT * FROM whole.calls WHERE customer_id IN (SELECT customer_id FROM contacts);
    CREATE TABLE agent_months AS SELECT * FROM whole.agent_months WHERE agent IN (SELECT agent FROM contacts);
"""
OF_CONTACTS = ("complaints", "qa_evaluations", "calibration", "bot_sessions")
WHOLE = ("targets", "service_targets", "benchmarks", "events", "labels", "reason_power")
AUTUMN, UNTIL = Period(date(2026, 8, 1), date(2026, 11, 1)), datetime(2026, 10, 31)
WEEK = Period(date(2026, 10, 1), date(2026, 10, 8))
PROMISES = Promises(Promise(20.0, 0.8), ((Filter("tier", ("vip", None)), Promise(15.0, 0.85)),))
SOME = (Filter("business", ("broadband", "mobile_4g", None)),)
CHECKS = (Filter("tier", ("basic", "gold")),)


def copied(warehouse: Warehouse) -> pd.DataFrame:
    """How many cells of each column a copy would hold."""
    parts = [(table, batch.to_pandas()) for table, batch in warehouse.batches()]
    rows = [(table, column, int(part[column].notna().sum())) for table, part in parts for column in part]
    return pd.DataFrame(rows, columns=["table", "column", "known"]).groupby(["table", "column"], as_index=False).sum()


VERBS: Mapping[str, Callable[[Warehouse], Any]] = {
    "batches": copied,
    "calls": lambda w: w.calls(["touchpoint"], AUTUMN, CHECKS, PROMISES),
    "complaints": lambda w: w.complaints(["business", "tier"], None, CHECKS, UNTIL),
    "complaint_ages": lambda w: w.complaint_ages(AUTUMN, SOME, UNTIL),
    "complaint_outcomes": lambda w: w.complaint_outcomes("score", None, SOME),
    "evaluations": lambda w: w.evaluations(["team", "touchpoint"], None, CHECKS),
    "checked_and_rated": lambda w: w.checked_and_rated("score", ["tier"], None, ()),
    "errors_by_agent": lambda w: w.errors_by_agent(["team"], None, ()),
    "handled": lambda w: w.handled(["tier"], AUTUMN, ()),
    "judged_twice": lambda w: w.judged_twice(None, CHECKS),
    "bot_sessions": lambda w: w.bot_sessions(["touchpoint", "scenario"], AUTUMN, ()),
    "contacts_by_day": lambda w: w.contacts_by_day(["touchpoint"], AUTUMN, SOME),
    "bot_versions": lambda w: w.bot_versions(None, ()),
    "bot_paths": lambda w: w.bot_paths("score", None, AUTUMN, ()),
    "bot_handovers": lambda w: w.bot_handovers("score", None, ()),
    "agent_months": lambda w: w.agent_months(["team"], AUTUMN, ()),
    "newcomers": lambda w: w.newcomers("tenure", 60.0, ["team"], AUTUMN, ()),
    "scores_by_agent": lambda w: w.scores_by_agent("score", ["touchpoint"], None, ()),
    "loads": lambda w: w.loads("business", {"broadband": 2.0, None: 1.0}, ["team"], None, ()),
    "named_reasons": lambda w: w.named_reasons("score", "reason", ["tier"], None, (), agents=True),
    "beside": lambda w: w.beside("complaints", _with_complaint(w)),
    "powers": lambda w: w.powers("reason"),
    "companion": lambda w: w.companion("events", near=Near(AUTUMN, ("effective_at",), ("ended_at",))),
    "benchmarks": lambda w: w.benchmarks("score"),
    "targets": lambda w: w.targets("score"),
    "service_targets": lambda w: w.service_targets(),
    "first_contacts": lambda w: w.first_contacts(Repeats(), ["business"], None, SOME).rows,
    "first_contacts, same": lambda w: w.first_contacts(w.model.repeats, ["tier"], AUTUMN, (), same=True).rows,
    "health_days": lambda w: w.health_days("score", ["team", "scenario"], 12.0, AUTUMN, SOME),
    "broken_keys": lambda w: w.broken_keys(),
    "strays": lambda w: pd.DataFrame([w.strays()]),
    "unsound": lambda w: w.unsound("late", "score", "", 12.0, AUTUMN, ()).rows[["contact_id"]],  # moments as stored
    "unsound, missing": lambda w: w.unsound("missing", "score", "scenario", 12.0, WEEK, ()).rows[["contact_id"]],
    "cells_beside": lambda w: w.cells_beside(["fcr_2", "fcr_48_same", "score"], AUTUMN, ())[1],
}


def _with_complaint(warehouse: Warehouse) -> list[str]:
    complaints = warehouse.companion("complaints")
    assert complaints is not None
    return [str(contact) for contact in sorted(complaints["contact_id"])[:9]]


@pytest.fixture(scope="module")
def few(sample_of: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few customers of the sample, and all that is known of them."""
    path = tmp_path_factory.mktemp("few") / "few.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute(f"ATTACH '{sample_of(contacts=60_000)}' AS whole (READ_ONLY)")
        db.execute(FEW)
        for name in OF_CONTACTS:
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM whole.{name} SEMI JOIN contacts USING (contact_id)")
        for name in WHOLE:
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM whole.{name}")
        db.execute("DROP TABLE few")
    return path


@pytest.fixture(scope="module")
def known(few: Path) -> dict[str, list[str]]:
    """What each verb answers on DuckDB."""
    with closing(open_warehouse(few, read_model(SAMPLE_MODEL))) as warehouse:
        return {name: lines(verb(warehouse)) for name, verb in VERBS.items()}


@pytest.fixture(scope="module", params=OTHERS)
def other(request: pytest.FixtureRequest, few: Path, filled_on: Filled) -> Iterator[Warehouse]:
    """The same tables on another engine, which may keep moments with their zone."""
    warehouse = open_warehouse(filled_on(request.param, tables_of(few)), read_model(SAMPLE_MODEL))
    yield warehouse
    warehouse.close()


def lines(answer: Any) -> list[str]:
    """What an answer holds, in whatever order and type an engine gives it."""
    rows = answer if isinstance(answer, pd.DataFrame) else answer.rows
    return sorted(str([_plain(value) for value in row]) for row in rows[sorted(rows)].astype(object).to_numpy())


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or value != value:
        return None
    if isinstance(value, datetime):
        return str(value)[:25]
    if isinstance(value, bool | int | float | Decimal | np.number):
        return round(float(value), 6)
    return str(value)[:19] if str(value)[:2] == "20" else value


def test_every_verb_on_every_engine(known: dict[str, list[str]], other: Warehouse) -> None:
    for name, verb in VERBS.items():
        assert known[name] and lines(verb(other)) == known[name], name


def test_no_verb_is_left_out() -> None:
    verbs = {name for name, verb in vars(TableVerbs).items() if callable(verb) and not name.startswith("_")}
    assert verbs - {"members"} <= set(VERBS)

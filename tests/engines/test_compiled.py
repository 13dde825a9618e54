"""All that a warehouse is asked compiles for each engine and parses as its SQL, be there a server of it or not."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from data_access.model_file import read_model
from data_access.warehouse import Limits, Warehouse
from data_access.warehouse.coded import Coded, Floats, coded_values
from data_access.warehouse.connection import Answer, Connection
from data_access.warehouse.dialects import Dialect, dialect_of
from data_access.warehouse.source import make_engine
from tests.analysis.test_scope import ANALYSES, ASKED, MODEL
from tests.data_access.warehouse.test_table_verbs import VERBS
from tests.proof import Figure

sqlglot = pytest.importorskip("sqlglot", reason="needs sqlglot: make engines")
pytestmark = pytest.mark.engines
SPOKEN = {  # address -> what sqlglot calls its SQL
    "mssql://": "tsql",
    "oracle://": "oracle",
    "mysql+pymysql://": "mysql",
    "spark://127.0.0.1/x": "spark",
    "clickhouse://127.0.0.1/x": "clickhouse",
}
DUCKDB = ("epoch_us", "::", "strpos(", "isodow", "date_trunc", "GROUPS BETWEEN")
UNKNOWN = {  # words that parse, but that an engine does not know
    "tsql": (*DUCKDB, "GROUP BY 1", " LIMIT ", "RANGE BETWEEN UNBOUNDED PRECEDING AND 1", "GROUPING("),
    "oracle": (*DUCKDB, "GROUP BY 1", " LIMIT ", "GROUPING("),
    "mysql": (*DUCKDB, "GROUPING SETS", "EXTRACT(epoch"),
}
CANNED = {sa.DateTime: datetime(2026, 10, 5, 9), sa.Date: date(2026, 10, 5), sa.String: "x", sa.Boolean: True}


class Recording(Connection):
    """Keeps what is asked of the sample in the words of another engine, and answers each with a row of its kinds."""

    def __init__(self, sample: Path, spoken: Dialect, written: sa.Dialect) -> None:
        super().__init__(make_engine(sample, Limits()), Limits())
        self.spoken, self.written = spoken, written
        self.asked: dict[str, None] = {}
        self.refused: list[str] = []

    @property
    def dialect(self) -> Dialect:
        return self.spoken

    def _reflected(self, table: str) -> Any:
        found = sa.Table(table, sa.MetaData(), autoload_with=self._engine)
        columns = [sa.Column(c.name, _plain(c.type)) for c in found.c]
        return sa.Table(table, sa.MetaData(), *columns)

    def text(self, query: Any) -> str:
        try:
            asked = str(query.compile(dialect=self.written, compile_kwargs={"literal_binds": True}))
        except sa.exc.CompileError as error:
            self.refused.append(str(error))
            raise
        self.asked[asked] = None
        return asked

    def run(self, query: Any) -> Answer:
        row = [_canned(column) for column in query.selected_columns]
        return Answer(pd.DataFrame([row], columns=[c.name for c in query.selected_columns]), self.text(query))

    def coded(self, query: Any, numbers: Sequence[bool]) -> list[Coded]:
        self.text(query)
        return [coded_values([_canned(column)]) for column in query.selected_columns]

    def sums(self, query: Any, keys: int, *, every: bool = False) -> tuple[list[Coded], Floats]:
        self.text(query if every else query.limit(10))
        columns = list(query.selected_columns)
        return [coded_values([_canned(c)]) for c in columns[:keys]], np.ones((len(columns) - keys, 1))

    def batches(self, query: Any) -> Iterator[Any]:
        self.text(query)
        return iter(())


def _plain(kind: Any) -> Any:
    """A type as any engine has it; a time that knows no zone, and words for an ENUM."""
    if isinstance(kind, sa.DateTime):
        return sa.DateTime()
    kinds = (sa.Boolean, sa.Integer, sa.Float, sa.Date)
    return next((plain() for plain in kinds if isinstance(kind, plain)), sa.String(100))


def _canned(column: Any) -> Any:
    return next((value for kind, value in CANNED.items() if isinstance(column.type, kind)), 9)


@pytest.mark.parametrize("address", SPOKEN)
def test_what_is_asked_parses(address: str, sample_of: Callable[..., Path], figure: Figure) -> None:
    spoken = dialect_of(sa.make_url(address).get_backend_name())
    written = _written(spoken.url(sa.make_url(address)))
    with closing(Recording(sample_of(contacts=20_000), spoken, written)) as recording:
        warehouse = Warehouse(recording, read_model(MODEL))
        for ask in (*VERBS.values(), *(lambda w, each=each: each(w, ASKED) for each in ANALYSES.values())):
            with contextlib.suppress(Exception):  # what is made of these answers says nothing
                ask(warehouse)
    assert recording.refused == []
    wrong = [f"{error}\n{asked}" for asked in recording.asked if (error := _fault(asked, SPOKEN[address]))]
    figure(f"{address}: statements", len(recording.asked))
    assert len(recording.asked) > 100
    assert not wrong, f"{len(wrong)}: " + "\n".join(wrong[:3])


def _written(url: sa.URL) -> sa.Dialect:
    """The compiler of an engine, as it is for the server of today."""
    if url.get_backend_name() in ("mssql", "oracle"):
        return sa.dialects.registry.load(url.get_backend_name())()
    pytest.importorskip({"mysql": "pymysql", "spark": "pyhive"}.get(url.get_backend_name(), "clickhouse_connect"))
    written = sa.create_engine(url).dialect
    if url.get_backend_name() == "mysql":
        written.server_version_info = (8, 0, 30)
    return written


def _fault(asked: str, words: str) -> str:
    unknown = [word for word in UNKNOWN.get(words, ()) if word.lower() in asked.lower()]
    if unknown:
        return f"does not know {unknown}"
    try:
        sqlglot.parse_one(asked, read=words)
    except sqlglot.errors.SqlglotError as error:
        return str(error)[:300]
    return ""

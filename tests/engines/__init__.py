"""The engines that the tests of a warehouse run on: a module each, which starts one and fills it.

A module has
    START            the command that brings the engine here; its tests skip with it where the engine is missing
    database         (request, folder) -> address of a fresh, empty database that may be written; a server is started
                     once in a session, on loopback, and ends with it
    fill             (address, table, kinds, rows): makes a table of these rows, or makes it anew; `kinds` by column
    reader           (address) -> the address of the same database for who may only read
and imports a driver only where it is used: what `make engines` installs is not there for `make test`.

Kinds are text, enum (text, in an ENUM where an engine has them), small (-128 to 127), ticks (the same in an ENUM),
integer, double, decimal (6 digits, 2 of them after the point), boolean, date, time (wall-clock) and moment (with a
time zone where the engine keeps one). Values are plain Python: None, str, int, float, bool, date, and datetime
without a zone, which for a moment is the time in Shanghai.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd
import pytest

ZONE = "Asia/Shanghai"
Kinds = Mapping[str, str]
Rows = Sequence[Mapping[str, Any]]
Tables = Mapping[str, tuple[Kinds, Rows]]


class Filled(Protocol):
    """Fills a fresh database of an engine, or again the one at an address: the address, for who may only read."""

    def __call__(self, engine: str, tables: Tables, again: str = "") -> str: ...


FILES = ["duckdb", "sqlite"]
SERVERS = [pytest.param("postgresql", marks=pytest.mark.postgres)]
INSTALLED = [
    pytest.param("clickhouse", marks=pytest.mark.engines),
    pytest.param("mariadb", marks=pytest.mark.engines),
    pytest.param("spark", marks=pytest.mark.engines),
]
ENGINES = [*FILES, *SERVERS, *INSTALLED]
OTHERS = ENGINES[1:]  # than the one that all are compared with


def table_of(frame: pd.DataFrame) -> tuple[Kinds, Rows]:
    """A frame as a table; what is missing in it is NULL."""
    kinds = {"M": "time", "f": "double", "i": "integer", "b": "boolean"}
    found = {str(name): kinds.get(column.dtype.kind, "text") for name, column in frame.items()}
    plain = frame.astype(object).where(frame.notna(), None)
    return found, plain.to_dict("records")

"""A frame as a warehouse: every analysis is asked through the real path, file and query included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data_access.model_file import parse_model
from data_access.warehouse import Warehouse, open_warehouse

MakeWarehouse = Callable[..., Warehouse]


@pytest.fixture(scope="module")
def warehouse_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeWarehouse]:
    """Writes a frame as table `answers` of a DuckDB file and opens it behind a model (TOML without `table`)."""
    opened: list[Warehouse] = []

    def make(frame: pd.DataFrame, model: str) -> Warehouse:
        path: Path = tmp_path_factory.mktemp("analysis") / "answers.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.register("frame", frame)
            connection.execute("CREATE TABLE answers AS SELECT * FROM frame")
        opened.append(open_warehouse(path, parse_model('table = "answers"\n' + model)))
        return opened[-1]

    yield make
    for warehouse in opened:
        warehouse.close()

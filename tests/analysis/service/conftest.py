"""Contacts with tables beside them, as a DuckDB file that is read through the real path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data_access.model_file import parse_model, read_model
from data_access.warehouse import Warehouse, open_warehouse

SAMPLE_MODEL = Path(__file__).resolve().parents[3] / "sample_data" / "semantic.toml"
MODEL = """
table = "contacts"
contact_id = "contact_id"
customer_id = "customer_id"
time = { column = "contacted_at" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
touchpoint = { column = "touchpoint" }
tier = { column = "tier" }
team = { column = "team" }
[tables]
"""
CONTACTS = pd.DataFrame({"contact_id": ["c1", "c2", "c3"], "customer_id": ["a", "b", "c"], "score": [9, 5, 7],
                         "contacted_at": pd.Timestamp("2026-10-05 09:00"), "touchpoint": ["phone", "phone", "chat"],
                         "tier": ["vip", "basic", "basic"], "team": ["t1", "t2", "t1"]})  # fmt: skip
Beside = Callable[..., Warehouse]


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    """Opens contacts with the tables given by role, each stored under the name of its role.

    extra: lines before the model's own; drivers: sections before its tables; reasons: the user's own list of them, in
    a table `powers`.
    """
    opened: list[Warehouse] = []

    def make(
        contacts: pd.DataFrame = CONTACTS,
        question: str = "",
        agent: str = "",
        extra: str = "",
        drivers: str = "",
        reasons: pd.DataFrame | None = None,
        **tables: pd.DataFrame,
    ) -> Warehouse:
        path = tmp_path_factory.mktemp("service") / "service.duckdb"
        with duckdb.connect(str(path)) as db:
            listed = {} if reasons is None else {"powers": reasons}
            for name, frame in {"contacts": contacts, **listed, **tables}.items():
                db.register("frame", frame)
                db.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
        names = "".join(f'{role} = "{role}"\n' for role in tables)
        roles = {"question": question, "agent": agent}
        asked = "".join(f'{role} = "{column}"\n' for role, column in roles.items() if column)
        model = MODEL.replace("[tables]", drivers + "[tables]")
        opened.append(open_warehouse(path, parse_model(asked + extra + model + names)))
        return opened[-1]

    yield make
    for warehouse in opened:
        warehouse.close()


@pytest.fixture(scope="module")
def sample(sample_of: Callable[..., Path]) -> Iterator[Warehouse]:
    """The small sample with every planted cause."""
    warehouse = open_warehouse(sample_of(contacts=60_000), read_model(SAMPLE_MODEL))
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="module")
def whole_sample(sample_of: Callable[..., Path]) -> Iterator[Warehouse]:
    """The sample as people get it."""
    warehouse = open_warehouse(sample_of(), read_model(SAMPLE_MODEL))
    yield warehouse
    warehouse.close()

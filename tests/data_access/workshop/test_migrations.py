"""The migrations lead from nothing to the tables the program speaks of, once and from any number of starts."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from data_access.statement import BadInput
from data_access.workshop.engine import connect, migrate, transaction
from data_access.workshop.store import Store, open_store
from data_access.workshop.tables import VERSION_TABLE, metadata
from tests.data_access.workshop.conftest import ANALYST


def test_migrated_tables_are_those_of_the_program(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
        tables = set(inspect(connection).get_table_names())
    assert tables == {*metadata.tables, VERSION_TABLE}


def test_migrating_again_keeps_everything(store: Store, store_url: str) -> None:
    issue = store.create_issue(ANALYST, "3G")
    migrate(store.engine)
    again = open_store(store_url)
    assert again.issues(ANALYST) == (issue,)
    assert again.save_issue(ANALYST, replace(issue, why="x")).version == 2
    again.engine.dispose()


@pytest.mark.slow
def test_several_programs_start_at_once(store_url: str) -> None:
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(3, mp_context=spawned) as pool:
        assert list(pool.map(schema_after_start, [store_url] * 3)) == [["r002"]] * 3


def schema_after_start(url: str) -> list[str]:
    engine = connect(url)
    with engine.connect() as connection:
        return list(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars())


def test_a_store_of_a_newer_program_is_left_alone(store: Store, store_url: str) -> None:
    with transaction(store.engine) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = 'r999'"))
    with pytest.raises(BadInput) as error:
        open_store(store_url)
    assert error.value.statement.key == "store.newer"

"""The migrations lead from nothing to the tables the program speaks of, once and from any number of starts."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from data_access.statement import BadInput
from data_access.workshop.engine import MIGRATIONS, connect, migrate, transaction
from data_access.workshop.records import Basis, IssueState, Plan, PlanState
from data_access.workshop.store import Store, open_store
from data_access.workshop.tables import VERSION_TABLE, metadata
from tests.data_access.workshop.conftest import ANALYST, evidence

SIGNED = "'Li Na', 'u1', '2026-11-02 08:00:00'"
OLD_ROWS = (
    """INSERT INTO workshop_issue VALUES ('i', 3, 'Old', '', 'diagnosed', '', '', '', '', 'Flat roster', 'capacity',
        'design', '', '', '', '', 'a81f3c', 'u1', 'Li Na', '2026-11-01 08:00:00', 'Li Na', '2026-11-02 08:00:00')""",
    """INSERT INTO workshop_pin VALUES ('p', 'i', 'contribution',
        '{"baseline":null,"filters":[["business",["3G"]]],"metric":"score","period":null}', 'a81f3c', '{}', '[]',
        '{"score":84.7}', '[]', '', 'u1', 'Li Na', '2026-11-01 09:00:00')""",
)


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


def test_issues_and_pins_of_before_go_on(store_url: str) -> None:
    """An old diagnosis without whys is planned, changed and closed as it always was."""
    engine = create_engine(store_url)
    if engine.url.database and engine.dialect.name == "sqlite":
        Path(engine.url.database).parent.mkdir(parents=True)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "r001")
        for row in OLD_ROWS:
            connection.execute(text(row.replace(":", r"\:")))
    engine.dispose()
    store = open_store(store_url)
    (trace,) = store.traces(ANALYST)
    assert (trace.issue.basis, trace.issue.path, trace.issue.branches) == (Basis.DATA, (), ())
    assert (trace.issue.origin, trace.issue.exception, trace.pins[0].sql) == ("", "", ())
    assert trace.whys == trace.evidence == ()
    plan = Plan(issue_id="i", action="x", owner="o", due=date(2026, 12, 1), target_metric="score")
    plan = store.save_plan(ANALYST, plan)
    issue = store.save_issue(ANALYST, replace(trace.issue, state=IssueState.PLANNED, why="more"))
    store.pin(ANALYST, "i", evidence())
    store.unpin(ANALYST, "p")
    store.save_plan(ANALYST, replace(plan, state=PlanState.DROPPED))
    assert store.save_issue(ANALYST, replace(issue, state=IssueState.CLOSED)).version == 5
    store.engine.dispose()


def test_a_store_of_a_newer_program_is_left_alone(store: Store, store_url: str) -> None:
    with transaction(store.engine) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = 'r999'"))
    with pytest.raises(BadInput) as error:
        open_store(store_url)
    assert error.value.statement.key == "store.newer"

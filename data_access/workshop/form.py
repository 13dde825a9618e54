"""In which form is a store, and is it the one that this program knows?"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, MetaData, Table, Text
from sqlalchemy.exc import DBAPIError

from data_access.workshop.columns import VERSION_TABLE

MIGRATIONS = Path(__file__).with_name("migrations")
form = Table(VERSION_TABLE, MetaData(), Column("version_num", Text))


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


@cache
def newest() -> str | None:
    """The form that this program knows, by its name."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


@cache
def known() -> frozenset[str]:
    """All forms that this program can bring to the newest one."""
    return frozenset(one.revision for one in ScriptDirectory.from_config(configuration()).walk_revisions())


def revision(connection: Connection) -> str | None:
    """The form of a store; None where there is none."""
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def trouble(engine: Engine) -> str:
    """The key of what is wrong with the form of a store that was open: a newer program took it over, or it is gone.

    Blank where it is as it was, or cannot be told.
    """
    try:
        with engine.connect() as connection:
            return trouble_with(revision(connection))
    except DBAPIError:
        return ""


def trouble_with(found: str | None) -> str:
    if found is None:
        return "store.gone"
    if found == newest():
        return ""
    return "store.another" if found in known() else "store.newer"

"""Opens a source read-only: a database by its SQLAlchemy URL, or a file that is a database by its path."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from data_access.semantics import SemanticModel
from data_access.statement import BadInput, Problem, Unreachable
from data_access.warehouse.connection import Connection, Limits
from data_access.warehouse.dialects import dialect_of, dialect_of_file
from data_access.warehouse.rollups import Rollups
from data_access.warehouse.warehouse import Warehouse


def open_warehouse(
    source: str | Path, model: SemanticModel, *, limits: Limits | None = None, content_hash: str | None = None
) -> Warehouse:
    """A warehouse behind a model. Raises Unreachable when it does not answer, BadInput on a model that misfits."""
    limits = limits or Limits()
    connection = Connection(make_engine(source, limits), limits)
    try:
        beside = Rollups(connection, model, lambda url: make_engine(url, limits))
        return Warehouse(connection, model, content_hash=content_hash, rollups=beside)
    except Problem:
        connection.close()
        raise


def make_engine(source: str | Path | sa.URL, limits: Limits) -> sa.Engine:
    """An engine that can only read. Raises BadInput for an address without a driver."""
    url = url_of(source)
    try:
        dialect = dialect_of(url.get_backend_name())
        engine = sa.create_engine(url, **dialect.options(url, limits.seconds))
    except (sa.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise BadInput("warehouse.no_driver", source=url.render_as_string(hide_password=True)) from error
    dialect.prepare(engine)
    return engine


def url_of(source: str | Path | sa.URL) -> sa.URL:
    """The address of a source. Raises BadInput for one that is none, Unreachable for a file that is not there."""
    if isinstance(source, sa.URL):
        return _present(source)
    text = str(source)
    if "://" in text:
        try:
            url = sa.make_url(text)
            return _present(dialect_of(url.get_backend_name()).url(url))
        except (sa.exc.ArgumentError, ValueError) as error:  # a port that is no number is a ValueError
            raise BadInput("warehouse.bad_url", source=text.split("@")[-1]) from error
    path = Path(text)
    return _present(sa.URL.create(dialect_of_file(path).name, database=str(path.resolve())))


def _present(url: sa.URL) -> sa.URL:
    """A file must be there already: opening it would make an empty one."""
    if dialect_of(url.get_backend_name()).suffixes and not Path(url.database or "").is_file():
        raise Unreachable("warehouse.no_file", path=url.database or "")
    return url

"""Opens whatever a person points at: a database by URL, or a data file by path, with its model or a drafted one.

What drafts a model is slow to import, so only who has none waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from data_access.addresses import is_database
from data_access.files.given import check_given
from data_access.files.kept_hash import kept_hash
from data_access.files.options import LoadedFile, options_from
from data_access.files.sniff import Kind, kind_of
from data_access.model_file import parse_model, read_model
from data_access.semantics import SemanticModel
from data_access.statement import Unreachable
from data_access.warehouse import Limits, Warehouse, open_warehouse
from data_access.warehouse.source import make_engine

if TYPE_CHECKING:
    from data_access.files.profile import TableProfile


def open_source(
    source: str,
    *,
    cache: Path,
    model: Path | None = None,
    limits: Limits | None = None,
    meant: Callable[[SemanticModel], SemanticModel] | None = None,
) -> Warehouse:
    """A warehouse over a SQLAlchemy URL or a CSV, XLSX, Parquet, DuckDB or SQLite file.

    `cache` keeps what was read of files; `meant` makes of the model as it is written what is meant by it.
    Raises BadInput for a file or model that cannot be used, Unreachable for a source that does not answer.
    """
    limits = limits or Limits()
    given = read_model(model) if model else None
    given = meant(given) if given and meant else given
    if is_database(source):
        return open_warehouse(source, given or _drafted_by_url(source, limits), limits=limits)
    path = Path(source)
    if not path.exists():
        raise Unreachable("warehouse.no_file", path=source)
    if kind_of(path) is Kind.DUCKDB:
        return _opened_in_place(path, given, cache, limits)
    from data_access.files.load import load_file  # slow to import, and for databases not needed

    options = options_from(given.reading) if given else None
    loaded = load_file(path, cache=cache, table=given.table if given else None, options=options)
    return open_warehouse(loaded.database, given or _drafted(loaded), limits=limits, content_hash=loaded.content_hash)


def _opened_in_place(path: Path, given: SemanticModel | None, cache: Path, limits: Limits) -> Warehouse:
    """A DuckDB file as it lies; what was found of it is kept, so that each further command only asks its question."""
    if given:
        check_given(path, given.table)
    return open_warehouse(
        path, given or _drafted_in_place(path, cache), limits=limits, content_hash=kept_hash(path, cache)
    )


def _drafted_by_url(source: str, limits: Limits) -> SemanticModel:
    from data_access.files.profile import profile_table

    engine = make_engine(source, limits)
    try:
        return _drafted(profile_table(engine, None))
    finally:
        engine.dispose()


def _drafted_in_place(path: Path, cache: Path) -> SemanticModel:
    from data_access.files.kept_profile import profile_given

    return _drafted(profile_given(path, cache))


def _drafted(found: LoadedFile | TableProfile) -> SemanticModel:
    from data_access.files.draft import draft_model

    return parse_model(draft_model(found).text)

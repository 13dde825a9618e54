"""Where are the data that plans speak of? The configured warehouse or sample, or a file that somebody brought.

It belongs to the command line, as `analysis.command` does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from analysis.command import opened
from data_access.access import Role, User
from data_access.library import Library
from data_access.model_file import read_model
from data_access.settings import Settings
from data_access.warehouse import Limits, Warehouse, open_warehouse
from data_access.workshop.tracing import CONFIGURED

EVERYBODYS = User("", "", frozenset({Role.ADMIN}))


def opener(source: str | None, model: Path | None) -> Callable[[str], Warehouse]:
    """Opens a data set by its id, each once. A source that is given stands for the configured one."""

    @cache
    def warehouse_of(dataset: str) -> Warehouse:
        settings = Settings.from_environment()
        if dataset != CONFIGURED:
            return _brought(dataset, settings)
        return opened(source or settings.warehouse, model if source else model or settings.model)

    return warehouse_of


def _brought(dataset: str, settings: Settings) -> Warehouse:
    """Raises BadInput where it is not here any more."""
    kept = Library(settings.data_folder / "imports", EVERYBODYS).dataset(dataset)
    limits = Limits(settings.query_timeout_s, settings.row_cap)
    return open_warehouse(str(kept.database), read_model(kept.model), limits=limits, content_hash=kept.version)

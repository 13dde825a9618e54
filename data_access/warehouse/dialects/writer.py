"""Where rollups are read and written; an engine that says nothing of it keeps none but views of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import sqlalchemy as sa

from data_access.statement import BadInput

SCHEMA = "satrace_rollups"  # in which rollups stand, whatever the engine


@dataclass(frozen=True)
class Writer:
    """A connection that writes; tables of the source go by their names, those that are made stand in `schema`."""

    connection: sa.Connection
    schema: str


class RollupPlace:
    """Where an engine keeps rollups, and how they come there."""

    name: ClassVar[str] = ""

    def rollups_at(self, url: sa.URL) -> sa.URL | None:
        """Where the rollups of a source lie: itself, or a file beside it; None where there are none of any kind."""
        return None

    def writer(self, source: sa.URL, writer: sa.URL) -> contextlib.AbstractContextManager[Writer]:
        """A place to write rollups to: all of them appear at once when it is left, and none where that fails.

        Raises BadInput where the engine keeps views of its own, whose statements are printed.
        """
        raise BadInput("rollup.not_written", engine=self.name)

    def materialised(self, name: str, query: str, keys: Sequence[str]) -> str:
        """The statement of a view that the engine keeps by itself."""
        return f"CREATE MATERIALIZED VIEW {name} AS\n{query};"

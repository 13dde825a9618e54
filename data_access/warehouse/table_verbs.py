"""The verbs about the tables that stand beside the contacts: what they hold, and what the service measures count."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

import pandas as pd

from data_access.selection import Filter, Period
from data_access.semantics import SemanticModel
from data_access.warehouse import calls, companions, scoped, trail
from data_access.warehouse.calls import Promises
from data_access.warehouse.connection import Answer, Connection
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.near import Near


class TableVerbs(ABC):
    """What a warehouse can be asked of its companion tables."""

    model: SemanticModel
    scope: tuple[Filter, ...]
    _connection: Connection
    _contacts: Contacts

    @abstractmethod
    def members(self, dimension: str) -> list[str | None]:
        """Values of a dimension."""

    def calls(
        self, by: Sequence[str], period: Period | None, filters: Iterable[Filter], promises: Promises
    ) -> Answer:
        """Calls that asked for an agent, by the combinations of `by` and by day: counts as `calls` names them.

        Raises BadInput where the model names no table of calls, or one that lacks a column.
        """
        return calls.calls(self._contacts, self.scope, by, period, filters, promises)

    def beside(self, role: str, ids: Sequence[str]) -> pd.DataFrame | None:
        """Rows of a companion table about these contacts (column `contact`); None without a table that names them."""
        return trail.beside(self._contacts, role, ids)

    def powers(self, reason: str) -> pd.DataFrame | None:
        """The user's own list of reasons: columns reason, power, owner. None when the model names none."""
        return companions.powers(self._connection, self.model.reasons[reason].power)

    def companion(self, role: str, *, limit: int = 5_000, near: Near | None = None) -> pd.DataFrame | None:
        """Rows of a companion table (targets, events, benchmarks, labels ...); None when the model names none."""
        rows = companions.companion(self._contacts, role, limit, near)
        return rows if rows is None else self._seen(rows)

    def benchmarks(self, metric: str, *, source: str | None = None) -> pd.DataFrame:
        """Outside scores of a metric on its own scale, by source, segment and month; no rows without such a table.

        Columns `companions.BENCHMARKS`: source, metric, dimension, value (text; None: over all), month (first day),
        score, sd, n (NaN where unknown). Raises BadInput for a table that lacks source, metric, month or score.
        """
        return self._seen(companions.benchmarks(self._connection, self.model, metric, source))

    def targets(self, metric: str) -> pd.DataFrame:
        """The latest targets of a metric: dimension, value (None: over all), target. No rows without such a table."""
        return self._seen(companions.targets(self._connection, self.model, metric))

    def service_targets(self) -> pd.DataFrame:
        """Columns dimension, value (None: of all others), seconds, target and days (0..100; NaN: none).

        No rows without such a table.
        """
        return self._seen(companions.service_targets(self._connection, self.model))

    def _seen(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of a companion table without those about members that do not occur within the scope."""
        return scoped.occurring(rows, self.model, self.members) if self.scope else rows

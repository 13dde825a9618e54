"""The verbs about the tables that stand beside the contacts: what they hold, and what the service measures count."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import pandas as pd

from data_access.selection import Filter, Period
from data_access.semantics import SemanticModel
from data_access.warehouse import (
    agent_months,
    bots,
    calls,
    checked_contacts,
    companions,
    complaints,
    copying,
    evaluations,
    health,
    named_reasons,
    scoped,
    trail,
)
from data_access.warehouse.calls import Promises
from data_access.warehouse.connection import Answer, Connection
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.near import Near
from data_access.warehouse.repeat_verbs import with_repeats


class TableVerbs(ABC):
    """What a warehouse can be asked of its companion tables."""

    model: SemanticModel
    scope: tuple[Filter, ...]
    _connection: Connection
    _contacts: Contacts

    @property
    def is_outdated(self) -> bool:
        """Whether a table was altered since it was first asked for; it has to be opened anew."""
        return self._connection.is_outdated

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

    def complaints(
        self, by: Sequence[str], period: Period | None, filters: Iterable[Filter], until: datetime
    ) -> Answer:
        """Complaints opened in a period, by the combinations of `by` and by day: counts as `complaints` names them.

        until: the moment up to which the data go. Raises BadInput without such a table.
        """
        return complaints.complaints(self._contacts, self.scope, by, period, filters, until)

    def complaint_ages(self, period: Period | None, filters: Iterable[Filter], until: datetime) -> Answer:
        """How old complaints were when escalated, or are without it: minutes, escalated, open.

        Between two minutes the half stands for all, so that whether a limit of whole minutes was passed is exact.
        Those older than FOLLOWED_HOURS are open, half a minute after it.
        """
        return complaints.ages(self._contacts, self.scope, period, filters, until)

    def complaint_outcomes(self, metric: str, period: Period | None, filters: Iterable[Filter]) -> Answer:
        """Complaints by outcome, and the valid answers of a metric about their contacts: cases, n, wx, vxx."""
        return complaints.outcomes(self._with([metric], period), self.scope, metric, period, filters)

    def evaluations(self, by: Sequence[str], period: Period | None, filters: Iterable[Filter]) -> Answer:
        """Quality checks of a period, by the combinations of `by` and by day: counts as `evaluations` names them.

        Raises BadInput without such a table.
        """
        return evaluations.evaluations(self._contacts, self.scope, by, period, filters)

    def handled(self, by: Sequence[str], period: Period | None, filters: Iterable[Filter]) -> Answer:
        """Contacts that an agent handled, and of these the checked, by the combinations of `by` and by day."""
        return evaluations.handled(self._contacts, by, period, filters)

    def judged_twice(self, period: Period | None, filters: Iterable[Filter]) -> Answer:
        """How often two who judged one contact said what: kind, question, first, second (0 or 1), n.

        Raises BadInput without a table `calibration`.
        """
        return evaluations.judged_twice(self._contacts, self.scope, period, filters)

    def bot_sessions(self, by: Sequence[str], period: Period | None, filters: Iterable[Filter]) -> Answer:
        """Bot sessions of a period, by the combinations of `by` and by day: counts as `bots` names them.

        Raises BadInput without such a table.
        """
        return bots.sessions(self._contacts, self.scope, by, period, filters)

    def health_days(
        self, metric: str, columns: Sequence[str], hours: float, period: Period | None, filters: Iterable[Filter]
    ) -> Answer:
        """By day the counts of `Coverage` and `late`, rows loaded more than so many hours after the contact, and
        blank_0, blank_1 ..: blank cells of each of some columns.

        Raises BadInput without a time column.
        """
        return health.days(self._with([metric], period), metric, columns, hours, period, filters)

    def broken_keys(self) -> Answer:
        """One row: rows, blank_ids and repeated_ids of the contacts, blank_times; 0 for what the model lacks."""
        return health.broken_keys(self._contacts)

    def strays(self) -> Mapping[str, int]:
        """By role of a companion table that names contacts: how many of its rows name one that there is not.

        Nothing within a scope, where the contacts of others are none that one could know.
        """
        return {} if self.scope else health.strays(self._contacts)

    def unsound(
        self, check: str, metric: str, column: str, hours: float, period: Period | None, filters: Iterable[Filter]
    ) -> Answer:
        """The newest rows behind a check of `health.CHECKS`, at most `health.MOST_ROWS`: id, time, load, the cell.

        Raises BadInput where small groups are kept secret.
        """
        return health.unsound(self._with([metric], period), check, metric, column, hours, period, filters)

    def bot_versions(self, period: Period | None, filters: Iterable[Filter]) -> Answer:
        """Which version of a flow ran when: scenario, flow_version, bot_owner, first and last day, sessions."""
        return bots.versions(self._contacts, self.scope, period, filters)

    def bot_paths(
        self, metric: str, scenario: str | None, period: Period | None, filters: Iterable[Filter]
    ) -> Answer:
        """Ways through a flow: flow_version, path, last_node, outcome, day; sessions, and answers (n, wx, vxx)."""
        return bots.paths(self._with([metric], period), self.scope, metric, scenario, period, filters)

    def bot_handovers(self, metric: str, period: Period | None, filters: Iterable[Filter]) -> Answer:
        """Sessions handed over: understood, solved, briefed (0, 1 or NULL), band of wait; sums, and `waited`."""
        return bots.handovers(self._with([metric], period), self.scope, metric, period, filters)

    def checked_and_rated(
        self, metric: str, by: Sequence[str], period: Period | None, filters: Iterable[Filter]
    ) -> Answer:
        """Checks drawn by chance whose contact has a valid answer, by `by`, result and raw value x.

        n, weight, squares: as `evaluations` names them; result: critical, minor or clean. Raises BadInput without a
        table of checks, or without contacts in it.
        """
        return checked_contacts.checked_and_rated(
            self._with([metric], period), self.scope, metric, by, period, filters
        )

    def errors_by_agent(self, by: Sequence[str], period: Period | None, filters: Iterable[Filter]) -> Answer:
        """Checks drawn by chance by agent (who, a code), `by` and what they found (errors, a tuple): n.

        Raises BadInput without a table of checks, or where the model names no agents.
        """
        return checked_contacts.errors_by_agent(self._contacts, self.scope, by, period, filters)

    def agent_months(self, by: Sequence[str], period: Period | None, filters: Iterable[Filter]) -> Answer:
        """A row an agent and month: who (a code), start (first day of the month), the members of `by`, and numbers as
        `agent_months` names them, NaN where unknown.

        Raises BadInput without such a table, or where it has no column for a dimension.
        """
        return agent_months.agent_months(self._contacts, self.scope, by, period, filters)

    def newcomers(
        self, tenure: str, days: float, by: Sequence[str], period: Period | None, filters: Iterable[Filter]
    ) -> Answer:
        """Contacts by the combinations of `by` and by day: `tenured`, whose agent's days in the driver `tenure` are
        known, and `new_hires`, where these are at most `days`.
        """
        return agent_months.newcomers(self._contacts, tenure, days, by, period, filters)

    def scores_by_agent(
        self, metric: str, by: Sequence[str], period: Period | None, filters: Iterable[Filter]
    ) -> Answer:
        """Sums of a metric (`cells.SUMS`) by agent, month and `by`: who, start as in `agent_months`.

        Raises BadInput where the model names no agents or no time.
        """
        return agent_months.scores_by_agent(self._with([metric], period), metric, by, period, filters)

    def loads(
        self,
        kinds: str,
        weights: Mapping[str | None, float],
        by: Sequence[str],
        period: Period | None,
        filters: Iterable[Filter],
    ) -> Answer:
        """Contacts by agent, month and `by`: contacts, and weighted, each by the weight of its member of `kinds`.

        Contacts of other members are left out. Raises BadInput where the model names no agents or no time.
        """
        return agent_months.loads(self._contacts, kinds, weights, by, period, filters)

    def named_reasons(
        self,
        metric: str,
        reason: str,
        by: Sequence[str],
        period: Period | None,
        filters: Iterable[Filter],
        *,
        agents: bool = False,
    ) -> Answer:
        """Answers that lost points by all the reasons each names (`reasons`, a tuple) and `by`: sums as in `cells`.

        agents: by the agent too (`who`, a code).
        """
        return named_reasons.named_reasons(
            self._with([metric], period), metric, reason, by, period, filters, agents=agents
        )

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

    def batches(self) -> Iterator[copying.Batch]:
        """The columns that the model names, then the tables beside them, as named Arrow tables of some rows each."""
        return copying.batches(self._contacts, self.members if self.scope else None)

    def benchmarks(self, metric: str, *, source: str | None = None) -> pd.DataFrame:
        """Outside scores of a metric on its own scale, by source, segment and month; no rows without such a table.

        Columns `companions.BENCHMARKS`: source, metric, dimension, value (text; None: over all), month (first day),
        score, sd, n (NaN where unknown), peer (0 of what is no peer, such as an average of all).
        Raises BadInput for a table that lacks source, metric, month or score.
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

    def _with(self, metrics: Iterable[str], period: Period | None) -> Contacts:
        """The contacts with the columns of those metrics that the table does not hold."""
        return with_repeats(self._contacts, metrics, period)

    def _seen(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of a companion table without those about members that do not occur within the scope."""
        return scoped.occurring(rows, self.model, self.members) if self.scope else rows

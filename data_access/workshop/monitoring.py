"""What people say of signals and of how they are found: kept for everybody who has the same numbers before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection, Engine

from data_access.access import User, is_outside_class
from data_access.workshop import monitor_rows, monitor_rules, monitor_tables, sight
from data_access.workshop.audit import Subject
from data_access.workshop.engine import one_at_a_time, reading, transaction
from data_access.workshop.monitor_records import LevelCorrection, Rebase, SignalFeedback, WatchBaseline
from data_access.workshop.records import Made

Kept = TypeVar("Kept", bound=Made)
Said = TypeVar("Said", SignalFeedback, Rebase)
SIGNAL = ("dataset", "metric", "segment", "direction", "since", "scope")


class Monitoring:
    """The part of the store that keeps feedback on signals, baselines and levels of measurement."""

    engine: Engine

    def feedback(self, user: User, dataset: str) -> tuple[SignalFeedback, ...]:
        """What was said of the signals that the user sees too, oldest first; a reason is for those who may see all
        that its author saw."""
        with reading(self.engine) as connection:
            said = _of_dataset(connection, user, SignalFeedback, dataset)
        same = (one for one in said if monitor_rules.is_same_data(user, one.segment, one.scope))
        return tuple(_seen(user, one) for one in same)

    def judge(self, user: User, feedback: SignalFeedback) -> SignalFeedback:
        """Say what a signal is; to say the same again changes nothing."""
        monitor_rules.check_may_judge(user)
        monitor_rules.check_feedback(feedback)
        with transaction(self.engine) as connection:
            one_at_a_time(connection, f"judge {feedback.dataset}")
            mine = monitor_rows.signed(user, feedback)
            said = _of_dataset(connection, user, SignalFeedback, feedback.dataset)
            newest = next((one for one in reversed(said) if _is_same(one, mine, *SIGNAL)), None)
            if newest and _is_same(newest, mine, "judgement", "reason", "issue_id", "created_by_id"):
                return newest
            _keep(connection, user, mine, "feedback", "judged", judgement=mine.judgement, reason=mine.reason)
        return mine

    def watch_baseline(self, user: User, dataset: str) -> WatchBaseline | None:
        """The newest frozen by somebody who may see the same of the data; None where nobody did."""
        with reading(self.engine) as connection:
            frozen = _of_dataset(connection, user, WatchBaseline, dataset)
        return next((one for one in reversed(frozen) if monitor_rules.is_same_data(user, (), one.scope)), None)

    def freeze_baseline(self, user: User, baseline: WatchBaseline) -> WatchBaseline:
        monitor_rules.check_may_judge(user)
        monitor_rules.check_baseline(baseline)
        with transaction(self.engine) as connection:
            mine = monitor_rows.signed(user, baseline)
            _keep(connection, user, mine, "baseline", "frozen", period=mine.period)
        return mine

    def rebases(self, user: User, dataset: str) -> tuple[Rebase, ...]:
        """Where limits begin anew in what the user sees, oldest first; reasons as of `feedback`."""
        with reading(self.engine) as connection:
            made = _of_dataset(connection, user, Rebase, dataset)
        same = (one for one in made if monitor_rules.is_same_data(user, one.segment, one.scope))
        return tuple(_seen(user, one) for one in same)

    def rebase(self, user: User, rebase: Rebase) -> Rebase:
        monitor_rules.check_may_judge(user)
        monitor_rules.check_rebase(rebase)
        with transaction(self.engine) as connection:
            mine = monitor_rows.signed(user, rebase)
            _keep(connection, user, mine, "rebase", "added", at=mine.at, reason=mine.reason)
        return mine

    def levels(self, user: User, dataset: str) -> Mapping[str, str]:
        """The corrected level of each column that has one. Whoever reads a number needs it, so it is for all."""
        with reading(self.engine) as connection:
            asked = monitor_tables.level_corrections.c.dataset == dataset
            return {one.column: one.level for one in monitor_rows.found(connection, LevelCorrection, asked)}

    def correct_level(self, user: User, correction: LevelCorrection) -> LevelCorrection:
        """Say how a column is measured, from now on and for everybody."""
        monitor_rules.check_may_correct(user)
        monitor_rules.check_level(correction)
        with transaction(self.engine) as connection:
            mine = monitor_rows.signed(user, correction)
            _keep(connection, user, mine, "level", "corrected", level=mine.level, reason=mine.reason)
        return mine

    def level_corrections(self, user: User, dataset: str) -> tuple[LevelCorrection, ...]:
        """Who corrected which level and why, oldest first."""
        with reading(self.engine) as connection:
            return tuple(_of_dataset(connection, user, LevelCorrection, dataset))


def _of_dataset(connection: Connection, user: User, kind: type[Kept], dataset: str) -> list[Kept]:
    """All of it, oldest first; nothing for who takes part in a class."""
    if not is_outside_class(user):
        return []
    return monitor_rows.found(connection, kind, monitor_rows.TABLES[kind].c.dataset == dataset)


def _keep(connection: Connection, user: User, mine: Made, kind: str, action: str, **said: object) -> None:
    monitor_rows.put(connection, mine)
    about = Subject(kind, mine.id, monitor_rules.name_of(mine), mine.id)
    monitor_rows.tell(connection, user, about, action, after=said)


def _seen(user: User, said: Said) -> Said:
    return said if sight.sees(user, said.scope) else replace(said, reason="", scope=user.scope.filters)


def _is_same(one: SignalFeedback, other: SignalFeedback, *names: str) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)

"""Rounds of recovery in the store: who was chosen to be contacted or left alone, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine, select, update

from data_access.access import User, is_outside_class
from data_access.statement import BadInput
from data_access.workshop import audit, monitor_rows, monitor_rules, sight
from data_access.workshop.audit import Subject
from data_access.workshop.changes import AuditEntry
from data_access.workshop.engine import one_at_a_time, reading, transaction
from data_access.workshop.monitor_records import RecoveryCase, RecoveryRound
from data_access.workshop.monitor_tables import recovery_cases, recovery_rounds


class Recoveries:
    """The part of the store that keeps recovery rounds."""

    engine: Engine

    def recovery_rounds(self, user: User, dataset: str) -> tuple[RecoveryRound, ...]:
        """The rounds over data that the user may see whole, oldest first."""
        monitor_rules.check_may_recover(user)
        with reading(self.engine) as connection:
            found = monitor_rows.found(connection, RecoveryRound, recovery_rounds.c.dataset == dataset)
        return tuple(one for one in found if _is_for(user, one))

    def recovery_cases(self, user: User, round_id: str) -> tuple[RecoveryCase, ...]:
        """The contacts of a round, the most probable first."""
        monitor_rules.check_may_recover(user)
        with reading(self.engine) as connection:
            _round(connection, user, round_id)
            found = monitor_rows.found(connection, RecoveryCase, recovery_cases.c.round_id == round_id)
        return tuple(sorted(found, key=lambda case: (-case.probability, case.contact)))

    def begin_round(self, user: User, begun: RecoveryRound, cases: Sequence[RecoveryCase]) -> RecoveryRound:
        """A new round with all of its contacts, whose arms were drawn before; nobody is in two rounds of a data set.

        Raises: BadInput also for an id that is not masked.
        """
        monitor_rules.check_may_recover(user)
        monitor_rules.check_round(begun, cases)
        mine = monitor_rows.signed(user, begun)
        own = [replace(monitor_rows.signed(user, case), round_id=mine.id, outcome="") for case in cases]
        with transaction(self.engine) as connection:
            one_at_a_time(connection, f"begin round {mine.dataset}")
            _check_new(connection, mine, own)
            monitor_rows.put(connection, mine)
            monitor_rows.put(connection, *own)
            about = Subject("round", mine.id, mine.dataset, mine.id)
            monitor_rows.tell(connection, user, about, "begun", after={"cases": len(own), "seed": str(mine.seed)})
        return mine

    def settle_case(self, user: User, case_id: str, outcome: str) -> RecoveryCase:
        """Write down what became of a contact; blank takes it back."""
        monitor_rules.check_may_recover(user)
        with transaction(self.engine) as connection:
            case = monitor_rows.one(connection, RecoveryCase, recovery_cases.c.id == case_id, lock=True)
            if case is None:
                raise BadInput("recovery.missing.case")
            of = _round(connection, user, case.round_id)
            after = replace(case, outcome=outcome)
            monitor_rules.check_outcome(after)
            if after == case:
                return case
            row = recovery_cases.c
            connection.execute(update(recovery_cases).where(row.id == case_id).values(outcome=outcome))
            about = Subject("case", case.id, case.contact, of.id)
            told = {"before": {"outcome": case.outcome}, "after": {"outcome": outcome}}
            monitor_rows.tell(connection, user, about, "settled", **told)
        return after

    def recovery_history(self, user: User, round_id: str) -> tuple[AuditEntry, ...]:
        """Who began the round and wrote down what became of whom, newest first."""
        monitor_rules.check_may_recover(user)
        with reading(self.engine) as connection:
            found = _round(connection, user, round_id)
            entries = audit.entries(connection, found.id)
        return tuple(sight.seen_entry(user, entry, entry.subject) for entry in entries)


def _is_for(user: User, one: RecoveryRound) -> bool:
    return is_outside_class(user) and sight.sees(user, one.scope)


def _round(connection: Connection, user: User, round_id: str) -> RecoveryRound:
    """A round over data that the user may not see is answered like one that does not exist."""
    found = monitor_rows.one(connection, RecoveryRound, recovery_rounds.c.id == round_id)
    if found is None or not _is_for(user, found):
        raise BadInput("recovery.missing.round")
    return found


def _check_new(connection: Connection, mine: RecoveryRound, cases: Sequence[RecoveryCase]) -> None:
    query = select(recovery_cases.c.contact).join(recovery_rounds, recovery_rounds.c.id == recovery_cases.c.round_id)
    known = set(connection.execute(query.where(recovery_rounds.c.dataset == mine.dataset)).scalars())
    again = sum(case.contact in known for case in cases)
    if again:
        raise BadInput("recovery.gate.known", count=again)

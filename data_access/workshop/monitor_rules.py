"""What may be said of signals, baselines, recoveries and levels, and who reads of it? Pure.

As in `rules`, every check returns nothing when it holds and raises when it does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from data_access.access import (
    NotAllowed,
    User,
    may_correct_levels,
    may_judge_signals,
    may_recover,
)
from data_access.selection import Filter, Selection
from data_access.semantics import Level
from data_access.statement import BadInput, Statement
from data_access.workshop.codec import canonical
from data_access.workshop.field_rules import LONGEST_LINE, LONGEST_PATH, check_content, check_fields
from data_access.workshop.monitor_records import (
    LevelCorrection,
    Rebase,
    RecoveryCase,
    RecoveryRound,
    SignalFeedback,
    WatchBaseline,
)
from data_access.workshop.records import Made

DIRECTIONS = ("down", "up")
FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_CASES, LARGEST_CASE = 5_000, 10_000
MASKED = re.compile(r"[a-z]-[0-9a-f]{10}")  # as `warehouse.rows.masked` writes an id


def check_may_judge(user: User) -> None:
    if not may_judge_signals(user):
        raise NotAllowed("access.may_not.judge")


def check_may_recover(user: User) -> None:
    if not may_recover(user):
        raise NotAllowed("access.may_not.recover")


def check_may_correct(user: User) -> None:
    if not may_correct_levels(user):
        raise NotAllowed("access.may_not.correct_level")


def is_same_data(user: User, segment: tuple[Filter, ...], scope: tuple[Filter, ...]) -> bool:
    """Whether a segment is the same part of the data for the user as for somebody of this scope.

    What was said of numbers counts only for those who have these very numbers before them: a judgement over one team
    says nothing of all teams, and the other way round.
    """
    asked = Selection(filters=segment)
    return canonical(asked.within(scope)) == canonical(asked.within(user.scope.filters))


def check_feedback(given: SignalFeedback) -> None:
    check_fields(given, ("dataset", "metric"))
    if given.direction not in DIRECTIONS:
        raise BadInput("workshop.form.unknown_code", field="direction", value=given.direction)
    _check_day("since", given.since)
    _check_segment(given.segment)


def check_baseline(given: WatchBaseline) -> None:
    check_fields(given, ("dataset",))
    _check_day("period", given.period.start)
    _check_day("period", given.period.last_day)


def check_rebase(given: Rebase) -> None:
    """Limits begin anew for a reason that everybody can read."""
    check_fields(given, ("dataset", "metric", "reason"))
    _check_day("at", given.at)
    _check_segment(given.segment)


def check_round(given: RecoveryRound, cases: Sequence[RecoveryCase]) -> None:
    """A round that can be done: somebody in it, nobody twice, known by masked ids only, as many as were asked for."""
    check_fields(given, ("dataset", "data_version"))
    check_content("statistics", given.statistics, most=LONGEST_PATH, too_large="recovery.form.too_large")
    _check_share("threshold", given.threshold)
    _check_share("hold_out", given.hold_out)
    if not 1 <= given.capacity <= MOST_CASES or not 1 <= len(cases) <= MOST_CASES:
        raise BadInput("recovery.form.size", most=MOST_CASES)
    for case in cases:
        _check_case(case)
    if len({case.contact for case in cases}) < len(cases):
        raise BadInput("recovery.form.twice")


def check_outcome(case: RecoveryCase) -> None:
    check_fields(case)


def check_level(given: LevelCorrection) -> None:
    check_fields(given, ("dataset", "column"))
    if given.level not in [*Level]:
        raise BadInput("workshop.form.unknown_code", field="level", value=given.level[:LONGEST_LINE])


def _check_case(case: RecoveryCase) -> None:
    check_fields(case, ("contact",))
    check_content("reasons", case.reasons, most=LARGEST_CASE, too_large="recovery.form.too_large")
    _check_share("probability", case.probability)
    if not MASKED.fullmatch(case.contact):
        raise BadInput("recovery.form.not_masked")


def _check_share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise BadInput("recovery.form.share", field=Statement(f"workshop.field.{name}"))


def _check_day(name: str, day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput("workshop.form.far_day", field=name, first=FIRST_YEAR, last=LAST_YEAR)


def _check_segment(segment: tuple[Filter, ...]) -> None:
    check_content("segment", segment, most=LONGEST_PATH, too_large="workshop.form.path_too_long")


def name_of(record: Made) -> str:
    """What a record is called in the history."""
    return str(getattr(record, "metric", "") or getattr(record, "column", "") or getattr(record, "dataset", ""))

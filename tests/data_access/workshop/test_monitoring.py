"""What is said of signals, baselines, levels and recoveries counts for those who have the same numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from data_access.access import NotAllowed
from data_access.selection import Filter
from data_access.statement import BadInput
from data_access.workshop.monitor_records import Arm, Judgement
from data_access.workshop.store import Store
from tests.data_access.workshop.conftest import ANALYST, GROUP_A, INSTRUCTOR, TEAM_1, VIEWER, key_of
from tests.data_access.workshop.monitor_fixtures import (
    DATA,
    a_baseline,
    a_case,
    a_correction,
    a_feedback,
    a_rebase,
    a_round,
)

TEAM = (Filter("team", ("1",)),)


def test_what_was_said_of_a_signal_is_kept_in_its_order(store: Store) -> None:
    first = store.judge(ANALYST, a_feedback())
    again = store.judge(ANALYST, a_feedback())
    second = store.judge(INSTRUCTOR, a_feedback(judgement=Judgement.KNOWN, reason="新版问卷", issue_id="i"))
    third = store.judge(ANALYST, a_feedback())
    other = store.judge(ANALYST, a_feedback(dataset="other"))
    assert again == first and third.id != first.id
    assert store.feedback(VIEWER, DATA) == (first, second, third) and store.feedback(VIEWER, "other") == (other,)
    assert (second.created_by, second.reason, second.scope, second.segment) == (
        "Wang Wei", "新版问卷", (), (Filter("business", ("3G",)),)
    )  # fmt: skip


def test_nobody_mutes_signals_of_other_data(store: Store) -> None:
    """Who sees one team alone speaks of that team alone, and is told no reason that speaks of more."""
    of_team = store.judge(ANALYST, a_feedback(segment=TEAM, reason="Strike in all teams"))
    of_all = store.judge(ANALYST, a_feedback(segment=()))
    own = store.judge(TEAM_1, a_feedback(segment=(), reason="Our strike"))
    named = store.judge(TEAM_1, a_feedback(segment=TEAM, reason="Ours"))
    assert store.feedback(ANALYST, DATA) == (of_team, of_all, named)
    assert store.feedback(TEAM_1, DATA) == (replace(of_team, reason="", scope=TEAM), own, named)


def test_baselines_and_new_limits_are_of_the_same_data(store: Store) -> None:
    assert store.watch_baseline(VIEWER, DATA) is None
    store.freeze_baseline(ANALYST, a_baseline())
    newer = store.freeze_baseline(INSTRUCTOR, a_baseline(period=a_baseline().period.previous()))
    assert store.watch_baseline(VIEWER, DATA) == newer and store.watch_baseline(TEAM_1, DATA) is None
    own = store.freeze_baseline(TEAM_1, a_baseline())
    assert store.watch_baseline(TEAM_1, DATA) == own and store.watch_baseline(VIEWER, DATA) == newer
    wide, narrow = store.rebase(ANALYST, a_rebase()), store.rebase(ANALYST, a_rebase(segment=TEAM))
    assert store.rebases(VIEWER, DATA) == (wide, narrow)
    assert store.rebases(TEAM_1, DATA) == (replace(narrow, reason="", scope=TEAM),)


def test_the_newest_level_of_a_column_counts_for_everybody(store: Store) -> None:
    given = [
        a_correction(),
        a_correction(level="nominal", reason="没有顺序"),
        a_correction(column="score", level="interval"),
    ]
    for correction in given:
        store.correct_level(INSTRUCTOR, correction)
    assert (
        store.levels(GROUP_A, DATA) == {"grade": "nominal", "score": "interval"} and store.levels(VIEWER, "x") == {}
    )
    assert [one.level for one in store.level_corrections(VIEWER, DATA)] == ["ordinal", "nominal", "interval"]
    attends = replace(GROUP_A, attends="c")
    assert store.levels(attends, DATA) and store.level_corrections(attends, DATA) == ()


def test_a_round_is_whole_or_not_at_all_and_nobody_is_in_two(store: Store) -> None:
    cases = [a_case(1, probability=0.4), a_case(2, probability=0.9, arm=Arm.HOLD_OUT, outcome="x"), a_case(3)]
    begun = store.begin_round(ANALYST, a_round(seed=2**80), cases)
    kept = store.recovery_cases(INSTRUCTOR, begun.id)
    assert store.recovery_rounds(ANALYST, DATA) == (begun,) and begun.seed == 2**80
    assert [(case.contact[-1], case.arm, case.outcome) for case in kept] == [
        ("2", Arm.HOLD_OUT, ""), ("3", Arm.CONTACT, ""), ("1", Arm.CONTACT, "")
    ]  # fmt: skip
    with pytest.raises(BadInput) as error:
        store.begin_round(ANALYST, a_round(), [a_case(4), a_case(3)])
    assert (key_of(error), error.value.statement.values["count"]) == ("recovery.gate.known", 1)
    assert store.recovery_rounds(ANALYST, DATA) == (begun,)
    store.begin_round(ANALYST, a_round(dataset="other"), [a_case(3)])
    settled = store.settle_case(INSTRUCTOR, kept[0].id, "满意")
    assert store.settle_case(ANALYST, kept[0].id, "满意") == settled == store.recovery_cases(ANALYST, begun.id)[0]
    assert store.settle_case(ANALYST, kept[0].id, "").outcome == ""


def test_who_may_not_judge_recover_or_correct(store: Store) -> None:
    begun = store.begin_round(ANALYST, a_round(), [a_case(1)])
    (case,) = store.recovery_cases(ANALYST, begun.id)
    deeds = (
        lambda user: store.judge(user, a_feedback()),
        lambda user: store.freeze_baseline(user, a_baseline()),
        lambda user: store.rebase(user, a_rebase()),
        lambda user: store.correct_level(user, a_correction()),
        lambda user: store.begin_round(user, a_round(), [a_case(2)]),
        lambda user: store.settle_case(user, case.id, "x"),
        lambda user: store.recovery_rounds(user, DATA),
        lambda user: store.recovery_cases(user, begun.id),
    )
    for user in (VIEWER, GROUP_A):
        for deed in deeds:
            with pytest.raises(NotAllowed):
                deed(user)
    with pytest.raises(NotAllowed):
        store.correct_level(ANALYST, a_correction())
    for deed in (lambda: store.recovery_cases(TEAM_1, begun.id), lambda: store.settle_case(TEAM_1, case.id, "x")):
        with pytest.raises(BadInput) as error:
            deed()
        assert key_of(error) == "recovery.missing.round"
    assert store.recovery_rounds(TEAM_1, DATA) == () and store.recovery_cases(ANALYST, begun.id) == (case,)


@pytest.mark.parametrize(
    "given",
    [a_feedback(direction="sideways"), a_feedback(judgement="maybe"), a_feedback(metric=" "), a_feedback(since=None),
     a_feedback(dataset=""), a_feedback(since=date(9999, 1, 1)), a_feedback(reason="x" * 10_001),
     a_feedback(reason="\x00"), a_feedback(segment=("team",) * 100_000),
     a_feedback(segment=(Filter("t", ("\ud800",)),))],
)  # fmt: skip
def test_feedback_can_be_read_again(sqlite_store: Store, given: object) -> None:
    with pytest.raises(BadInput):
        sqlite_store.judge(ANALYST, given)  # type: ignore[arg-type]
    assert sqlite_store.feedback(ANALYST, DATA) == ()


@pytest.mark.parametrize(
    ("changes", "cases"),
    [({"threshold": 1.5}, [a_case(1)]), ({"hold_out": float("nan")}, [a_case(1)]), ({"capacity": 0}, [a_case(1)]),
     ({}, []), ({}, [a_case(1), a_case(1)]), ({}, [a_case(1, contact="13800138000")]),
     ({"period": None}, [a_case(1)]),
     ({}, [a_case(1, probability=-0.1)]), ({}, [a_case(1, arm="both")]), ({}, [a_case(1, reasons=("x" * 10_001,))]),
     ({"statistics": {"x": object()}}, [a_case(1)]), ({}, [a_case(n) for n in range(5001)])],
)  # fmt: skip
def test_a_round_can_be_done(sqlite_store: Store, changes: dict[str, object], cases: list[object]) -> None:
    with pytest.raises(BadInput):
        sqlite_store.begin_round(ANALYST, a_round(**changes), cases)  # type: ignore[arg-type]
    assert sqlite_store.recovery_rounds(ANALYST, DATA) == ()

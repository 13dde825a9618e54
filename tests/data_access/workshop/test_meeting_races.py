"""Many write into a meeting at the same moment: all of it stands there once, and nothing comes after the end."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from data_access.statement import Problem
from data_access.workshop import meetings
from data_access.workshop.meeting_records import MeetingAction, MeetingNote
from data_access.workshop.records import new_id
from data_access.workshop.store import Store
from tests.data_access.workshop.conftest import ANALYST, INSTRUCTOR, roster
from tests.data_access.workshop.monitor_fixtures import (
    DATA,
    a_case,
    a_correction,
    a_feedback,
    a_meeting,
    a_round,
    a_slide,
)

THREADS, EACH = 20, 10


def tried(deed: Callable[[], object]) -> object:
    """What came of it: an answer, or the key of the refusal. Anything else is a mistake of the program."""
    try:
        return deed()
    except Problem as problem:
        return problem.statement.key


def test_twenty_who_write_into_a_meeting(sqlite_store: Store) -> None:
    write_at_once(sqlite_store, each=2)


@pytest.mark.prove
def test_twenty_who_write_much_into_a_meeting(store: Store) -> None:
    write_at_once(store, each=EACH)


def write_at_once(store: Store, *, each: int) -> None:
    """Every note and every plan twice, as if somebody pressed twice; then the end comes among more of them."""
    meeting = store.open_meeting(ANALYST, a_meeting(), [a_slide(), a_slide()])
    issues = [store.create_issue(ANALYST, f"Issue {number}") for number in range(4)]
    notes = [MeetingNote(meeting_id=meeting.id, number=n % 3, text=str(n)) for n in range(THREADS * each)]
    plans = [roster(issues[n % 4], person=str(n)) for n in range(THREADS * each // 4)]
    action = MeetingAction(meeting_id=meeting.id, plan_id="", issue_id="")
    deeds: list[Callable[[], object]] = [*(partial(store.note, ANALYST, note) for note in notes * 2)]
    deeds += [partial(store.act, INSTRUCTOR, replace(action, id=new_id()), plan) for plan in plans * 2]
    with ThreadPoolExecutor(THREADS) as pool:
        refused = [key for key in pool.map(tried, random.sample(deeds, len(deeds))) if isinstance(key, str)]
        assert refused == []
        assert sorted(note.text for note in store.meeting_notes(ANALYST, meeting.id)) == sorted(n.text for n in notes)
        links = store.meeting_actions(ANALYST, meeting.id)
        assert sorted(link.plan_id for link in links) == sorted(plan.id for plan in plans)
        assert len(store.plans(ANALYST)) == len(plans)
        late: list[Callable[[], object]] = [partial(store.end_meeting, INSTRUCTOR, meeting.id)]
        late += [partial(store.note, ANALYST, replace(note, id=new_id())) for note in notes]
        list(pool.map(tried, random.sample(late, len(late))))
    ended, history = store.meeting(ANALYST, meeting.id), store.meeting_history(ANALYST, meeting.id)
    assert ended.ended_at and history[0].action == "ended"  # nothing was written after it
    assert [entry.action for entry in history].count("noted") == len(store.meeting_notes(ANALYST, meeting.id))


@pytest.mark.prove
def test_twenty_who_judge_recover_and_correct(store: Store) -> None:
    """The same press from many windows is one judgement; of rounds with the same contact one begins."""
    said = a_feedback(reason="x")
    rounds = [(a_round(), [a_case(0), a_case(number)]) for number in range(1, THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: store.judge(ANALYST, replace(said, id=new_id())), range(THREADS)))
        begun = list(pool.map(lambda one: tried(lambda: store.begin_round(ANALYST, *one)), rounds))
        list(pool.map(lambda n: store.correct_level(INSTRUCTOR, a_correction(column=str(n))), range(THREADS)))
        (kept,) = store.recovery_rounds(ANALYST, DATA)
        case = store.recovery_cases(ANALYST, kept.id)[0]
        list(pool.map(lambda n: store.settle_case(ANALYST, case.id, str(n)), range(THREADS)))
    assert len(store.feedback(ANALYST, DATA)) == 1 and len(store.levels(ANALYST, DATA)) == THREADS
    assert begun.count("recovery.gate.known") == len(rounds) - 1 and len(store.recovery_cases(ANALYST, kept.id)) == 2
    settled = store.recovery_history(ANALYST, kept.id)[0]
    assert settled.after == {"outcome": store.recovery_cases(ANALYST, kept.id)[0].outcome}


@pytest.mark.parametrize("few", [3, 20])
def test_no_two_meetings_have_the_same_code(store: Store, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where hardly any code is free and all are opened at the same moment."""
    codes = [f"CODE{sign}{other}" for sign in "AB" for other in "ABCDEFGHJK"[: few // 2 + 1]]
    monkeypatch.setattr(meetings, "new_code", lambda: random.choice(codes))
    fresh = [a_meeting(title=str(number)) for number in range(few)]
    with ThreadPoolExecutor(THREADS) as pool:
        opened = list(pool.map(lambda meeting: store.open_meeting(ANALYST, meeting, [a_slide()]), fresh * 2))
    assert len({meeting.code for meeting in opened}) == few == len(store.meetings(ANALYST))
    assert all(store.meeting(ANALYST, meeting.code.lower()).title == meeting.title for meeting in opened)

"""Signals, a round of recovery and a meeting of which something was said, and every call that is about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from data_access.access import User
from data_access.workshop.meeting_records import Meeting, MeetingAction, MeetingNote
from data_access.workshop.monitor_records import RecoveryCase
from data_access.workshop.records import Issue, Plan
from data_access.workshop.store import Store
from tests.data_access.workshop.conftest import INSTRUCTOR, roster
from tests.data_access.workshop.monitor_fixtures import (
    DATA,
    a_baseline,
    a_case,
    a_correction,
    a_feedback,
    a_meeting,
    a_rebase,
    a_round,
    a_slide,
)

SECRET = "only group A knows"
Deed = Callable[[User], Any]


@dataclass(frozen=True)
class Watched:
    """What was said: a meeting with a plan that it decided, and a contact of a round."""

    meeting: Meeting
    decided: Plan
    case: RecoveryCase


def calls_of_monitoring(s: Store, w: Watched, issue: Issue) -> Mapping[str, Deed]:
    """All calls about signals, recoveries and meetings, which are nothing to who takes part in a class."""
    meeting = w.meeting
    action = MeetingAction(meeting_id=meeting.id, plan_id="", issue_id="")
    return {
        "feedback": lambda u: s.feedback(u, DATA), "judge": lambda u: s.judge(u, a_feedback()),
        "watch_baseline": lambda u: [SECRET] * (s.watch_baseline(u, DATA) is not None),
        "freeze_baseline": lambda u: s.freeze_baseline(u, a_baseline()),
        "rebases": lambda u: s.rebases(u, DATA), "rebase": lambda u: s.rebase(u, a_rebase()),
        "levels": lambda u: s.levels(u, DATA), "correct_level": lambda u: s.correct_level(u, a_correction()),
        "level_corrections": lambda u: s.level_corrections(u, DATA),
        "recovery_rounds": lambda u: [SECRET] * len(s.recovery_rounds(u, DATA)),
        "recovery_cases": lambda u: s.recovery_cases(u, w.case.round_id),
        "begin_round": lambda u: s.begin_round(u, a_round(), [a_case(2)]),
        "settle_case": lambda u: s.settle_case(u, w.case.id, ""),
        "open_meeting": lambda u: s.open_meeting(u, a_meeting(), [a_slide()]),
        "open_meeting again": lambda u: s.open_meeting(u, meeting, [a_slide()]),
        "meetings": s.meetings, "meeting": lambda u: s.meeting(u, meeting.code),
        "slides": lambda u: s.slides(u, meeting.id), "meeting_notes": lambda u: s.meeting_notes(u, meeting.id),
        "note": lambda u: s.note(u, MeetingNote(meeting_id=meeting.id, text="x")),
        "meeting_actions": lambda u: [SECRET] * len(s.meeting_actions(u, meeting.id)),
        "act": lambda u: s.act(u, action, roster(issue)),
        "act again": lambda u: s.act(u, action, w.decided), "end_meeting": lambda u: s.end_meeting(u, meeting.id),
        "meeting_history": lambda u: s.meeting_history(u, meeting.id),
        "recovery_history": lambda u: s.recovery_history(u, w.case.round_id),
        "history of a meeting": lambda u: s.history(u, meeting.id),
    }  # fmt: skip


def monitored(store: Store, issue: Issue) -> Watched:
    """Everything that can be said of signals, customers and in meetings, with a secret wherever there is a text."""
    store.judge(INSTRUCTOR, a_feedback(reason=SECRET))
    store.freeze_baseline(INSTRUCTOR, a_baseline())
    store.rebase(INSTRUCTOR, a_rebase(reason=SECRET))
    store.correct_level(INSTRUCTOR, a_correction(reason=SECRET))
    begun = store.begin_round(INSTRUCTOR, a_round(), [a_case(1, reasons=(SECRET,))])
    (case,) = store.recovery_cases(INSTRUCTOR, begun.id)
    case = store.settle_case(INSTRUCTOR, case.id, SECRET)
    meeting = store.open_meeting(INSTRUCTOR, a_meeting(title=SECRET), [a_slide(rows=({"a": SECRET},))])
    store.note(INSTRUCTOR, MeetingNote(meeting_id=meeting.id, text=SECRET))
    action = MeetingAction(meeting_id=meeting.id, plan_id="", issue_id="")
    return Watched(meeting, store.act(INSTRUCTOR, action, roster(issue, person=SECRET)), case)

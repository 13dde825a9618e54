"""What a meeting does for the test of kills: five kinds of writing in turn, each of which leaves its number."""

from __future__ import annotations

from data_access.statement import BadInput
from data_access.workshop.meeting_records import MeetingAction, MeetingNote
from data_access.workshop.store import Store
from tests.data_access.workshop.conftest import ANALYST, roster
from tests.data_access.workshop.monitor_fixtures import a_case, a_feedback, a_meeting, a_round, a_slide

SLIDES = 3


def begun_meeting(store: Store, meeting_id: str) -> str:
    """A meeting that goes on, with an issue for its plans; opened where there is none yet."""
    try:
        store.meeting(ANALYST, meeting_id)
    except BadInput:
        store.create_issue(ANALYST, meeting_id)
        store.open_meeting(ANALYST, a_meeting(id=meeting_id, title="base"), [a_slide()])
    return meeting_id


def edit_meeting(store: Store, meeting_id: str, number: int) -> None:
    match number % 5:
        case 0:
            store.note(ANALYST, MeetingNote(meeting_id=meeting_id, text=str(number)))
        case 1:
            (issue,) = (issue for issue in store.issues(ANALYST) if issue.title == meeting_id)
            action = MeetingAction(meeting_id=meeting_id, plan_id="", issue_id="")
            store.act(ANALYST, action, roster(issue, person=str(number)))
        case 2:
            slides = [a_slide(rows=({"number": number},)) for _ in range(SLIDES)]
            store.open_meeting(ANALYST, a_meeting(title=f"{meeting_id} {number}"), slides)
        case 3:
            store.judge(ANALYST, a_feedback(dataset=meeting_id, reason=str(number)))
        case _:
            cases = [a_case(2 * number), a_case(2 * number + 1)]
            store.begin_round(ANALYST, a_round(dataset=meeting_id, seed=number), cases)


def written_meeting(store: Store, meeting_id: str) -> list[int]:
    """The numbers that stand in the store: no meeting without slides, no plan without its link, no half a round."""
    notes = [int(note.text) for note in store.meeting_notes(ANALYST, meeting_id)]
    (issue,) = (issue for issue in store.issues(ANALYST) if issue.title == meeting_id)
    plans = {plan.id: int(plan.person) for plan in store.plans(ANALYST, issue.id)}
    assert sorted(plans) == sorted(link.plan_id for link in store.meeting_actions(ANALYST, meeting_id))
    held = {one.id: one.title for one in store.meetings(ANALYST) if one.title.startswith(f"{meeting_id} ")}
    opened = [int(title.split()[1]) for title in held.values()]
    assert all([slide.rows[0]["number"] for slide in store.slides(ANALYST, id)] == [int(title.split()[1])] * SLIDES
               for id, title in held.items())  # fmt: skip
    judged = [int(said.reason) for said in store.feedback(ANALYST, meeting_id)]
    rounds = store.recovery_rounds(ANALYST, meeting_id)
    assert all(len(store.recovery_cases(ANALYST, one.id)) == 2 for one in rounds)
    return sorted([*notes, *plans.values(), *opened, *judged, *(one.seed for one in rounds)])

"""A meeting keeps the numbers it saw for good, is found by its code, and makes plans with their issues."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from data_access.access import NotAllowed
from data_access.statement import BadInput
from data_access.workshop.class_rules import SIGNS
from data_access.workshop.codec import canonical, plain
from data_access.workshop.meeting_records import AgendaStep, MeetingAction, MeetingNote
from data_access.workshop.records import Issue
from data_access.workshop.store import Store
from tests.data_access.workshop.conftest import ANALYST, GROUP_A, INSTRUCTOR, TEAM_1, VIEWER, key_of, roster
from tests.data_access.workshop.monitor_fixtures import a_meeting, a_slide

HARD = {
    "zone": "华南 “3G”", "a": -0.0, "n": 2**70, "withheld": math.nan, "far": math.inf, "day": date(2026, 11, 30),
    "moment": datetime(2026, 11, 30, 8, 0, 0, 123456), "stamp": pd.Timestamp("2026-11-30 08:00"),
    "days": np.datetime64("2026-11-30T08:00:00.000000000"), "few": np.int64(3), "third": np.float64(1 / 3),
    "is_known": np.bool_(True), "none": None, "signs": {"$sign": {"$date": "x"}},
    "list": (1.5, None, "é"), "quote": "\"\\\n\t",
}  # fmt: skip


def test_what_a_meeting_saw_is_read_again_to_the_last_bit(store: Store) -> None:
    """NaN and infinity are withheld; all else is as it was, the columns in their order."""
    shown = [a_slide(step, rows=(HARD, {"zone": "b"}), parts={"of": (HARD,)}, options={"by": ("business",)},
                     caveats=a_slide().statements, sql=("SELECT 1",), subject="p")
             for step in AgendaStep]  # fmt: skip
    meeting = store.open_meeting(ANALYST, a_meeting(), shown)
    kept = store.slides(VIEWER, meeting.id)
    assert [slide.number for slide in kept] == [1, 2, 3, 4, 5] and kept == store.slides(VIEWER, meeting.code)
    for given, read in zip(shown, kept, strict=True):
        signed = {name: getattr(read, name) for name in ("created_by", "created_by_id", "created_at")}
        told = {"selection": canonical(given.selection), "rows": plain(given.rows), "parts": plain(given.parts)}
        assert read == replace(given, meeting_id=meeting.id, number=read.number, **told, **signed)
        row = read.rows[0]
        assert list(row) == list(HARD) and math.copysign(1, row["a"]) == -1 and row["n"] == 2**70
        assert row["withheld"] is row["far"] is None and row["days"] == row["stamp"] == datetime(2026, 11, 30, 8)
        assert (row["third"], row["day"], row["moment"]) == (1 / 3, HARD["day"], HARD["moment"])
    assert not [name for name in dir(store) if "slide" in name and name != "slides"]  # no way to change one


def test_a_meeting_is_found_by_its_code_however_it_is_typed(store: Store) -> None:
    meeting = store.open_meeting(ANALYST, a_meeting(), [a_slide()])
    assert len(meeting.code) == 6 and set(meeting.code) <= set(SIGNS)
    half = len(meeting.code) // 2
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in meeting.code)
    as_typed = (meeting.id, meeting.code.lower(), f" {meeting.code[:half]}-{meeting.code[half:]} ",
                f"{meeting.code}-3", f"{wide}－12")  # fmt: skip
    assert {store.meeting(VIEWER, typed) for typed in as_typed} == {meeting}
    for wrong in ("", "ABC", "------", "\x00", "ÀÉÎÕÜß"):
        with pytest.raises(BadInput) as error:
            store.meeting(VIEWER, wrong)
        assert key_of(error) == "meeting.missing.meeting"


def test_meetings_come_newest_first_and_open_once(store: Store) -> None:
    first, second = (store.open_meeting(ANALYST, a_meeting(title=title), [a_slide()]) for title in "ab")
    assert store.open_meeting(ANALYST, first, [a_slide(), a_slide()]) == first
    assert store.meetings(VIEWER) == (second, first) and len(store.slides(VIEWER, first.id)) == 1


def test_notes_and_actions_until_the_end(store: Store) -> None:
    meeting = store.open_meeting(ANALYST, a_meeting(), [a_slide()])
    note = store.note(ANALYST, MeetingNote(meeting_id=meeting.code.lower(), number=1, text=" 下周再看 "))
    assert store.note(ANALYST, note) == note and store.meeting_notes(VIEWER, meeting.id) == (note,)
    assert (note.text, note.created_by, note.meeting_id) == ("下周再看", "Li Na", meeting.id)
    issue = store.create_issue(ANALYST, "3G")
    plan = roster(issue)
    action = MeetingAction(meeting_id=meeting.id, number=1, plan_id="elsewhere", issue_id="elsewhere")
    made = store.act(ANALYST, action, plan)
    assert store.act(ANALYST, action, plan) == made and store.plans(VIEWER) == (made,)
    (link,) = store.meeting_actions(VIEWER, meeting.id)
    assert (link.plan_id, link.issue_id, link.number) == (made.id, issue.id, 1)
    assert [entry.action for entry in store.history(VIEWER, made.id)] == ["decided", "created"]
    ended = store.end_meeting(INSTRUCTOR, meeting.id)
    assert ended.ended_at and store.end_meeting(ANALYST, meeting.id) == store.meeting(VIEWER, meeting.id) == ended
    late = (lambda: store.note(ANALYST, MeetingNote(meeting_id=meeting.id, text="x")),
            lambda: store.act(ANALYST, action, roster(issue)))  # fmt: skip
    for deed in late:
        with pytest.raises(BadInput) as error:
            deed()
        assert key_of(error) == "meeting.gate.ended"
    assert store.plans(VIEWER) == (made,) and store.meeting_notes(VIEWER, meeting.id) == (note,)


def test_an_issue_begins_with_its_plan_or_not_at_all(store: Store) -> None:
    meeting = store.open_meeting(ANALYST, a_meeting(), [a_slide()])
    action, fresh = MeetingAction(meeting_id=meeting.id, plan_id="", issue_id=""), Issue(title="账单看不懂")
    made = store.act(ANALYST, action, roster(fresh), begins=fresh)
    (issue,) = store.issues(ANALYST)
    assert (issue.title, issue.id) == (fresh.title, made.issue_id)
    assert store.history(ANALYST, issue.id)[-1].action == "created"
    assert store.act(ANALYST, action, made, begins=fresh) == made
    refused = (lambda: store.act(ANALYST, action, replace(roster(fresh), action=" "), begins=Issue(title="b")),
               lambda: store.act(ANALYST, action, roster(fresh), begins=Issue(title=" ")))  # fmt: skip
    for deed in refused:
        with pytest.raises(BadInput):
            deed()
    store.end_meeting(ANALYST, meeting.id)
    with pytest.raises(BadInput):
        store.act(ANALYST, action, roster(fresh), begins=Issue(title="c"))
    assert store.issues(ANALYST) == (issue,) and store.plans(ANALYST) == (made,)


def test_a_plan_that_cannot_be_made_leaves_no_link(store: Store) -> None:
    meeting = store.open_meeting(ANALYST, a_meeting(), [a_slide()])
    issue = store.create_issue(ANALYST, "3G")
    saved = store.save_plan(ANALYST, roster(issue))
    action = MeetingAction(meeting_id=meeting.id, plan_id="", issue_id="")
    for plan in (replace(roster(issue), action=" "), replace(roster(issue), issue_id="none"), saved):
        with pytest.raises(BadInput):
            store.act(ANALYST, action, plan)
    with pytest.raises(BadInput):
        store.act(ANALYST, replace(action, number=2), roster(issue))
    assert store.meeting_actions(ANALYST, meeting.id) == () and store.plans(ANALYST) == (saved,)


def test_who_may_not_hold_meetings_reads_them_only(store: Store) -> None:
    meeting = store.open_meeting(ANALYST, a_meeting(), [a_slide()])
    action = MeetingAction(meeting_id=meeting.id, plan_id="", issue_id="")
    deeds = (lambda: store.open_meeting(VIEWER, a_meeting(), [a_slide()]),
             lambda: store.end_meeting(VIEWER, meeting.id),
             lambda: store.note(VIEWER, MeetingNote(meeting_id=meeting.id, text="x")),
             lambda: store.act(VIEWER, action, roster(store.create_issue(ANALYST, "3G"))))  # fmt: skip
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()


@pytest.mark.parametrize("reader", [TEAM_1, GROUP_A])
def test_a_meeting_is_for_those_who_may_see_all_its_data(sqlite_store: Store, reader: object) -> None:
    store = sqlite_store
    meeting = store.open_meeting(ANALYST, a_meeting(), [a_slide()])
    assert store.meetings(reader) == ()  # type: ignore[arg-type]
    for ask in (store.meeting, store.slides, store.meeting_notes, store.meeting_actions):
        with pytest.raises(BadInput) as error:
            ask(reader, meeting.code)  # type: ignore[arg-type]
        assert key_of(error) == "meeting.missing.meeting"
    own = store.open_meeting(TEAM_1, a_meeting(), [a_slide()])
    assert own.scope == TEAM_1.scope.filters and store.meetings(TEAM_1) == (own,) and own in store.meetings(VIEWER)


@pytest.mark.prove
def test_a_meeting_holds_no_whole_data_set(sqlite_store: Store) -> None:
    """5,000 rows of some columns are a slide; forty of these are more than a meeting."""
    rows = tuple({"segment": f"华南-{number}", "n": 30, "score": 81.25, "p": 0.125} for number in range(5000))
    slide = a_slide(rows=rows)
    one = sqlite_store.open_meeting(ANALYST, a_meeting(), [slide])
    assert len(sqlite_store.slides(ANALYST, one.id)[0].rows) == 5000
    wrong = {"meeting.form.too_large": [a_slide(rows=rows) for _ in range(40)], "meeting.form.slides": [],
             "meeting.form.slide_too_large": [a_slide(rows=rows * 5)]}  # fmt: skip
    for key, slides in wrong.items():
        with pytest.raises(BadInput) as error:
            sqlite_store.open_meeting(ANALYST, a_meeting(), slides)
        assert key_of(error) == key
    with pytest.raises(BadInput, match="slides"):
        sqlite_store.open_meeting(ANALYST, a_meeting(), [a_slide() for _ in range(101)])
    assert sqlite_store.meetings(ANALYST) == (one,)


@pytest.mark.parametrize(
    "changes",
    [{"title": "\u200b "}, {"title": "x" * 201}, {"dataset": ""}, {"data_version": ""}, {"held_on": date(1789, 7, 4)},
     {"title": "\x00"}, {"held_on": None}, {"selection": None}],
)  # fmt: skip
def test_a_meeting_says_what_it_is(sqlite_store: Store, changes: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        sqlite_store.open_meeting(ANALYST, a_meeting(**changes), [a_slide()])


@pytest.mark.parametrize(
    "changes",
    [{"kind": ""}, {"step": "lunch"}, {"rows": ({1: "a"},)}, {"statistics": {"x": object()}}, {"method": "x" * 201},
     {"statistics": {"x": "\ud800"}}, {"options": {"x": 10**5000}}, {"subject": None}],
)  # fmt: skip
def test_a_slide_can_be_read_again(sqlite_store: Store, changes: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        sqlite_store.open_meeting(ANALYST, a_meeting(), [a_slide(**changes)])
    assert sqlite_store.meetings(ANALYST) == ()

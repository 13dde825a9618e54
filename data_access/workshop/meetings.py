"""Meetings in the store: opened over one version of the data, with slides that never change; notes and actions.

A code is one of 32^6, a billion, and opens nothing by itself: whoever types it is signed in and may see the data. It
tells one meeting from another, it is no secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, func, select, update

from data_access.access import User
from data_access.statement import BadInput
from data_access.taxonomy import Taxonomy
from data_access.workshop import audit, meeting_rules, monitor_rows, rows, rules, sight
from data_access.workshop import monitor_tables as tables
from data_access.workshop.beginning import add_issue
from data_access.workshop.changes import AuditEntry
from data_access.workshop.class_rules import new_code
from data_access.workshop.engine import one_at_a_time, reading, transaction
from data_access.workshop.field_rules import has_strange_signs
from data_access.workshop.meeting_records import Meeting, MeetingAction, MeetingNote, MeetingSlide
from data_access.workshop.planning import add_plan
from data_access.workshop.records import Issue, Plan
from data_access.workshop.writing import stamp


class Meetings:
    """The part of the store that keeps meetings. There is no way here to change a slide."""

    engine: Engine
    taxonomy: Taxonomy

    def open_meeting(self, user: User, meeting: Meeting, slides: Sequence[MeetingSlide]) -> Meeting:
        """A new meeting with all of its slides, numbered from 1 in their order, under a code of its own; asked twice
        with the same id it is opened once.

        Raises: BadInput for more than MOST_SLIDES slides, or more than LARGEST_SLIDE or LARGEST_MEETING characters.
        """
        meeting_rules.check_may_hold(user)
        meeting_rules.check_meeting(meeting, slides)
        with transaction(self.engine) as connection:
            one_at_a_time(connection, "open meeting")
            known = monitor_rows.one(connection, Meeting, tables.meetings.c.id == meeting.id)
            if known:
                return _seen(user, known)
            mine = replace(monitor_rows.signed(user, meeting), code=_free_code(connection), ended_at=None)
            numbered = [replace(monitor_rows.signed(user, slide), meeting_id=mine.id, number=number)
                        for number, slide in enumerate(slides, start=1)]  # fmt: skip
            monitor_rows.put(connection, mine)
            monitor_rows.put(connection, *numbered)
            _tell(connection, user, mine, "opened", after={"code": mine.code, "slides": len(numbered)})
        return mine

    def meetings(self, user: User) -> tuple[Meeting, ...]:
        """The meetings over data that the user may see whole, newest first."""
        with reading(self.engine) as connection:
            held = monitor_rows.found(connection, Meeting)
        return tuple(meeting for meeting in reversed(held) if meeting_rules.may_read(user, meeting))

    def meeting(self, user: User, id_or_code: str) -> Meeting:
        """A meeting by its id or by its code as somebody typed it, that of a slide too."""
        with reading(self.engine) as connection:
            return _meeting(connection, user, id_or_code)

    def slides(self, user: User, meeting_id: str) -> tuple[MeetingSlide, ...]:
        """What the meeting saw, as it was then, in its order."""
        with reading(self.engine) as connection:
            meeting = _meeting(connection, user, meeting_id)
            shown = monitor_rows.found(connection, MeetingSlide, tables.slides.c.meeting_id == meeting.id)
        return tuple(sorted(shown, key=lambda slide: slide.number))

    def meeting_notes(self, user: User, meeting_id: str) -> tuple[MeetingNote, ...]:
        """What was said, oldest first."""
        with reading(self.engine) as connection:
            meeting = _meeting(connection, user, meeting_id)
            return tuple(monitor_rows.found(connection, MeetingNote, tables.notes.c.meeting_id == meeting.id))

    def note(self, user: User, note: MeetingNote) -> MeetingNote:
        """Write down what was said, until the meeting ends; asked twice with the same id it stands there once."""
        meeting_rules.check_may_hold(user)
        with transaction(self.engine) as connection:
            meeting = _meeting(connection, user, note.meeting_id, lock=True)
            meeting_rules.check_goes_on(meeting)
            meeting_rules.check_note(note, _count(connection, meeting))
            known = monitor_rows.one(connection, MeetingNote, tables.notes.c.id == note.id)
            if known and known.meeting_id == meeting.id:
                return known
            mine = replace(monitor_rows.signed(user, note), meeting_id=meeting.id, text=note.text.strip())
            monitor_rows.put(connection, mine)
            _tell(connection, user, meeting, "noted", after={"number": mine.number, "text": mine.text})
        return mine

    def meeting_actions(self, user: User, meeting_id: str) -> tuple[MeetingAction, ...]:
        """The plans that the meeting made, oldest first; a plan may have been removed since."""
        with reading(self.engine) as connection:
            meeting = _meeting(connection, user, meeting_id)
            return tuple(monitor_rows.found(connection, MeetingAction, tables.actions.c.meeting_id == meeting.id))

    def act(self, user: User, action: MeetingAction, plan: Plan, *, begins: Issue | None = None) -> Plan:
        """Save a new plan of an issue that the meeting decides: plan and link, or neither. The link says which plan
        and which issue, whatever `action` says; asked twice for the same plan it is made once.

        begins: a new issue that the plan is one of, made with it or not at all."""
        meeting_rules.check_may_hold(user)
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            meeting = _meeting(connection, user, action.meeting_id, lock=True)
            meeting_rules.check_goes_on(meeting)
            meeting_rules.check_number(action.number, _count(connection, meeting))
            row = tables.actions.c
            if monitor_rows.one(connection, MeetingAction, row.meeting_id == meeting.id, row.plan_id == plan.id):
                return sight.seen(user, rows.plan(connection, plan.id))
            if plan.version:
                raise BadInput("meeting.form.known_plan", subject=plan.action)
            if begins:
                begun = add_issue(connection, user, begins, self.taxonomy)
                plan = replace(plan, issue_id=begun.id)
            made = add_plan(connection, user, plan, self.taxonomy)
            link = replace(action, meeting_id=meeting.id, plan_id=made.id, issue_id=made.issue_id)
            monitor_rows.put(connection, monitor_rows.signed(user, link))
            about = audit.Subject("plan", made.id, made.action, made.issue_id)
            monitor_rows.tell(connection, user, about, "decided", after={"meeting": meeting.code})
        return made

    def meeting_history(self, user: User, meeting_id: str) -> tuple[AuditEntry, ...]:
        """Who opened the meeting, wrote notes and ended it, newest first; its plans have histories of their own."""
        with reading(self.engine) as connection:
            meeting = _meeting(connection, user, meeting_id)
            entries = audit.entries(connection, meeting.id)
        return tuple(sight.seen_entry(user, entry, meeting.title) for entry in entries)

    def end_meeting(self, user: User, meeting_id: str) -> Meeting:
        """Nothing is added any more; what there is stays. Who is second is answered the same."""
        meeting_rules.check_may_hold(user)
        with transaction(self.engine) as connection:
            meeting = _meeting(connection, user, meeting_id, lock=True)
            if meeting.ended_at:
                return meeting
            ended = {"ended_at": datetime.now(UTC), "version": meeting.version + 1, **stamp("updated", user)}
            connection.execute(update(tables.meetings).where(tables.meetings.c.id == meeting.id).values(ended))
            _tell(connection, user, meeting, "ended")
        return replace(meeting, **ended)


def _meeting(connection: Connection, user: User, id_or_code: str, *, lock: bool = False) -> Meeting:
    """One whose data the user may not see is answered like one that does not exist."""
    row, (code, _) = tables.meetings.c, meeting_rules.typed_code(id_or_code)
    if has_strange_signs(id_or_code):  # whatever stands in an address: no database could be asked for it
        return _seen(user, None)
    found = monitor_rows.one(connection, Meeting, row.id == id_or_code, lock=lock)
    return _seen(user, found or monitor_rows.one(connection, Meeting, row.code == code, lock=lock))


def _seen(user: User, meeting: Meeting | None) -> Meeting:
    if meeting is None or not meeting_rules.may_read(user, meeting):
        raise BadInput("meeting.missing.meeting")
    return meeting


def _count(connection: Connection, meeting: Meeting) -> int:
    slides = select(func.count()).select_from(tables.slides).where(tables.slides.c.meeting_id == meeting.id)
    return connection.execute(slides).scalar_one()


def _free_code(connection: Connection) -> str:
    code = new_code()
    while monitor_rows.one(connection, Meeting, tables.meetings.c.code == code):
        code = new_code()
    return code


def _tell(connection: Connection, user: User, meeting: Meeting, action: str, **content: object) -> None:
    about = audit.Subject("meeting", meeting.id, meeting.title, meeting.id)
    monitor_rows.tell(connection, user, about, action, **content)

"""What may be kept of a meeting, who reads it, and by which code? Pure.

As in `rules`, every check returns nothing when it holds and raises when it does not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import fields

from data_access.access import NotAllowed, User, is_outside_class, may_hold_meetings, sees_every_group
from data_access.statement import BadInput
from data_access.workshop import sight
from data_access.workshop.class_rules import CODE_LENGTH
from data_access.workshop.effect_rules import FIRST_YEAR, LAST_YEAR
from data_access.workshop.field_rules import LONGEST_TEXT, check_content, check_fields
from data_access.workshop.meeting_records import Meeting, MeetingNote, MeetingSlide
from data_access.workshop.monitor_tables import KEPT_BIG
from data_access.workshop.signs import is_blank

MOST_SLIDES = 100
LARGEST_SLIDE, LARGEST_MEETING = 1_000_000, 10_000_000  # characters as written down: some 5,000 rows, some 50,000


def typed_code(code: str) -> tuple[str, int]:
    """A code as people type it, with the slide where it names one, else 0: in small or wide letters, with blanks.

    >>> typed_code(" abc-d23 "), typed_code("ABCD23-3"), typed_code("ａｂｃｄ２３－12")
    (('ABCD23', 0), ('ABCD23', 3), ('ABCD23', 12))
    """
    signs = unicodedata.normalize("NFKC", code).upper()
    signs = "".join(sign for sign in signs if sign.isascii() and sign.isalnum())
    slide = signs[CODE_LENGTH:]
    return signs[:CODE_LENGTH], int(slide) if slide.isdigit() and len(slide) <= len(str(MOST_SLIDES)) else 0


def check_may_hold(user: User) -> None:
    if not may_hold_meetings(user):
        raise NotAllowed("access.may_not.meet")


def may_read(user: User, meeting: Meeting) -> bool:
    """Its numbers are for those who may see all of its author's data; it speaks of the plans of every group."""
    return is_outside_class(user) and sees_every_group(user) and sight.sees(user, meeting.scope)


def check_goes_on(meeting: Meeting) -> None:
    if meeting.ended_at:
        raise BadInput("meeting.gate.ended", title=meeting.title)


def check_meeting(meeting: Meeting, slides: Sequence[MeetingSlide]) -> None:
    """A meeting over one version of the data, with slides that are not a whole data set."""
    check_fields(meeting, ("title", "dataset", "data_version"))
    if not FIRST_YEAR <= meeting.held_on.year <= LAST_YEAR:
        raise BadInput("workshop.form.far_day", field="held_on", first=FIRST_YEAR, last=LAST_YEAR)
    if not 1 <= len(slides) <= MOST_SLIDES:
        raise BadInput("meeting.form.slides", most=MOST_SLIDES)
    for slide in slides:
        check_fields(slide, ("kind",))
        check_content("statistics", _content(slide), most=LARGEST_SLIDE, too_large="meeting.form.slide_too_large")
    whole = [_content(slide) for slide in slides]
    check_content("statistics", whole, most=LARGEST_MEETING, too_large="meeting.form.too_large")


def check_note(note: MeetingNote, slides: int) -> None:
    if isinstance(note.text, str) and is_blank(note.text):
        raise BadInput("meeting.form.no_note")
    if isinstance(note.text, str) and len(note.text) > LONGEST_TEXT:
        raise BadInput("meeting.form.long_note", most=LONGEST_TEXT)
    check_fields(note)
    check_number(note.number, slides)


def check_number(number: int, slides: int) -> None:
    """Something is said at a slide that there is, or of the meeting as a whole."""
    if not 0 <= number <= slides:
        raise BadInput("meeting.missing.slide", number=number)


def _content(slide: MeetingSlide) -> list[object]:
    kept = [field.name for field in fields(slide) if field.name in KEPT_BIG]
    return [getattr(slide, name) for name in kept]

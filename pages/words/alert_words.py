"""How segments that moved are headed: a signal began on a day of its own, spans are compared as they are. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from analysis.review import Alert, are_signals, looked_at, moved_in
from data_access.selection import Period
from data_access.workshop.meeting_records import MeetingSlide
from pages.words.catalogue import Catalogue

Text = Callable[..., str]


def title(text: Text, slide: MeetingSlide) -> str:
    """How many segments moved; of a quiet week, among how many; of none that could be watched, that."""
    if not (count := moved_in(slide)):
        looked = looked_at(slide)
        return text("review.quiet", candidates=looked) if looked else text("review.unwatched")
    return text("review.signals" if are_signals(slide) else "review.alerts", count=count)


def value_head(text: Text, slide: MeetingSlide) -> str:
    """Over which days the values are."""
    return text("review.head.since" if are_signals(slide) else "review.head.value")


def began(text: Text, alert: Alert) -> str:
    """Since when a segment has moved; nothing where two spans were compared."""
    return text("review.since", day=alert.since) if alert.since else ""


def kinds(words: Catalogue, alert: Alert) -> list[str]:
    """What the segment is one of, where its name does not say so: a team, a grade of customers."""
    name = words.show(alert.segment, "name").casefold()
    named = [words.show({"dimension": part}, "name") for part in alert.segment]
    return [kind for kind in named if kind.casefold() not in name]


def days(text: Text, slide: MeetingSlide) -> str:
    """Which days signals are about; nothing where the two spans of the question were compared."""
    if not are_signals(slide):
        return ""
    first, end, last = (_day(slide.statistics[name]) for name in ("baseline_start", "baseline_end", "last"))
    return text("review.against_expected", last=last, baseline=Period(first, end))


def _day(kept: object) -> date:
    return date.fromisoformat(str(kept)[:10])

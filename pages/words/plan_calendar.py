"""The days of plans as a calendar file (RFC 5545) that any calendar takes. Pure.

The same plan gives the same UIDs, so that a file taken in again moves its days instead of doubling them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from data_access.taxonomy import Taxonomy
from data_access.workshop.records import Plan, PlanState
from data_access.workshop.signs import one_line
from pages.words.catalogue import Catalogue
from pages.words.format import spaced
from pages.words.plan_rows import owner_in_words

WIDEST = 75  # octets of a line, its end not counted
OVER = (PlanState.DONE, PlanState.CLOSED)


def calendar(
    plans: Iterable[Plan],
    words: Catalogue,
    taxonomy: Taxonomy,
    *,
    at: datetime,
    link: Callable[[Plan], str] | None = None,
) -> str:
    """A whole-day event for the due date, the day of the verdict and each milestone of the plans.

    at: when the file is made. link: where a plan is to be read.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Satrace//Plans//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{_escaped(words.text('workshop.calendar.name'))}"]  # fmt: skip
    for plan in plans:
        for uid, day, summary, is_over in _days(plan, words):
            lines += _event(plan, uid, day, summary, words, taxonomy, at=at, is_over=is_over)
            lines += [f"URL:{_one_line(link(plan))}"] if link else []
            lines += ["END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _days(plan: Plan, words: Catalogue) -> Iterator[tuple[str, date, str, bool]]:
    """Each day with a name that stays, what it is called, and whether it is behind us."""
    is_done = plan.state in OVER
    for name, day, is_over in (
        ("due", plan.due, is_done),
        ("check_on", plan.check_on, plan.state is PlanState.CLOSED),
    ):
        if day:
            yield name, day, words.text(f"workshop.calendar.{name}", action=one_line(plan.action)), is_over
    for step in plan.milestones:
        if step.due:
            mark = hashlib.sha256(step.name.encode()).hexdigest()[:16]
            summary = words.text(
                "workshop.calendar.milestone", action=one_line(plan.action), name=one_line(step.name)
            )
            yield f"step-{mark}", step.due, summary, step.done is not None or is_done


def _event(
    plan: Plan,
    uid: str,
    day: date,
    summary: str,
    words: Catalogue,
    taxonomy: Taxonomy,
    *,
    at: datetime,
    is_over: bool,
) -> list[str]:
    told = words.text("workshop.calendar.note", owner=one_line(owner_in_words(plan, words, taxonomy)),
                      state=words.text(f"workshop.state.plan.{plan.state}"))  # fmt: skip
    done = [words.text("workshop.calendar.over")] if is_over else []
    status = "CANCELLED" if plan.state is PlanState.DROPPED else "CONFIRMED"
    return [
        "BEGIN:VEVENT",
        f"UID:{plan.id}-{uid}@satrace",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SEQUENCE:{plan.version}",
        f"STATUS:{status}",
        "TRANSP:TRANSPARENT",
        f"SUMMARY:{_escaped(spaced(summary))}",
        f"DESCRIPTION:{_escaped(spaced(chr(10).join([told, *done])))}",
    ]


def _escaped(text: str) -> str:
    r"""Text of a property: its own signs with a backslash, a line break as \n.

    >>> _escaped("a;b, c\\d") == "a\\;b\\, c\\\\d"
    True
    """
    plain = "\n".join(map(one_line, text.split("\n")))
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def _one_line(address: str) -> str:
    return one_line(address).replace(" ", "")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, none of which parts a sign; each further one begins with a space."""
    pieces, size = [""], 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > WIDEST:
            pieces.append(" ")
            size = 1
        pieces[-1] += sign
        size += octets
    return "\r\n".join(pieces)

"""Days of plans in a calendar file and what is asked of an owner by e-mail: read back whole."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.selection import Selection
from data_access.taxonomy import load_taxonomy
from data_access.workshop.records import (
    Escalation,
    Issue,
    Look,
    Milestone,
    Plan,
    PlanState,
    Priority,
    Verdict,
)
from data_access.workshop.signs import one_line
from data_access.workshop.tracing import Trace
from pages.words.catalogue import LANGUAGES, Catalogue, texts
from pages.words.plan_brief import briefs
from pages.words.plan_calendar import calendar
from pages.words.plan_rows import rows_of, to_text

NIGHT = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
TODAY = date(2026, 12, 20)
TAXONOMY = load_taxonomy()
PLAN = Plan(
    id="p1", issue_id="i1", action="Roster; follows, the bill\\\nby 5 %", owner="workforce", person="李娜",
    due=date(2026, 12, 15), check_on=date(2027, 2, 28), state=PlanState.DOING, version=3,
    milestones=(Milestone("排班表发布", date(2026, 12, 1)), Milestone("Worked", date(2026, 12, 31), TODAY)),
    target_metric="score", target_value=84.0, blocker="No\nseats", priority=Priority.URGENT,
    escalation=Escalation.DIVISION,
)  # fmt: skip
LATER = Plan(id="p2", issue_id="i1", action="Text", owner="workforce", due=date(2027, 1, 9))
OTHERS = Plan(id="p3", issue_id="i2", action="Flow", owner="bot", state=PlanState.CLOSED)


def events(text: str) -> list[dict[str, str]]:
    """The events of a calendar file, read as RFC 5545 says: unfolded, texts without their backslashes."""
    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = re.sub("\r\n[ \t]", "", text).removesuffix("\r\n").split("\r\n")
    found: list[dict[str, str]] = []
    for name, value in (line.split(":", 1) for line in lines):
        if (name, value) == ("BEGIN", "VEVENT"):
            found.append({})
        elif found and name not in ("END",):
            found[-1][name] = re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], value)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_of_a_plan_is_an_event_of_its_own(language: str) -> None:
    words = Catalogue.load(language)
    text = calendar(
        [PLAN, OTHERS], words, TAXONOMY, at=NIGHT, link=lambda plan: f"https://satrace.example/?p={plan.id}"
    )
    found = events(text)
    days = [event["DTSTART;VALUE=DATE"] for event in found]
    assert days == ["20261215", "20270228", "20261201", "20261231"]
    assert found[0]["DTEND;VALUE=DATE"] == "20261216" and found[0]["DTSTAMP"] == "20261130T190000Z"
    assert one_line(PLAN.action) in found[0]["SUMMARY"] and "排班表发布" in found[2]["SUMMARY"]
    assert TAXONOMY.label("owner", "workforce", language) in found[0]["DESCRIPTION"]
    assert words.text("workshop.calendar.over") in found[3]["DESCRIPTION"]
    assert len({event["UID"] for event in found}) == 4 and {event["URL"] for event in found} == {
        "https://satrace.example/?p=p1"
    }
    moved = replace(PLAN, version=4, due=date(2026, 12, 22), milestones=PLAN.milestones[::-1])
    again = events(calendar([moved], words, TAXONOMY, at=NIGHT))
    assert {event["UID"] for event in again} == {event["UID"] for event in found}
    assert {event["SEQUENCE"] for event in again} == {"4"}
    assert events(calendar([], words, TAXONOMY, at=NIGHT)) == []
    dropped = events(calendar([replace(PLAN, state=PlanState.DROPPED)], words, TAXONOMY, at=NIGHT))
    assert {event["STATUS"] for event in dropped} == {"CANCELLED"}


@given(st.text(max_size=300))
def test_whatever_a_plan_is_called_comes_back(action: str) -> None:
    plan = Plan(id="p", issue_id="i", action=action, due=TODAY)
    (event,) = events(calendar([plan], Catalogue.load("en"), TAXONOMY, at=NIGHT))
    assert event["SUMMARY"].removeprefix("Due:").strip() == one_line(action)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_gives_orders_to_a_terminal_or_another_program(language: str) -> None:
    words, evil = Catalogue.load(language), "x\x1b[2J\r\nBEGIN:VEVENT\u2028\u202ey\x9b"
    plan = replace(PLAN, action=evil, person=evil, owner=evil, blocker=evil, milestones=(Milestone(evil, TODAY),))
    rows = rows_of([Trace(issue=Issue(id="i1", title=evil), plans=(plan,))], TODAY)
    made = [to_text(rows, TODAY, words, TAXONOMY), calendar([plan], words, TAXONOMY, at=NIGHT),
            *briefs(rows, words, TAXONOMY).values()]  # fmt: skip
    for text in made:
        assert not set(text) & set("\x1b\x9b\u2028\u202e") and "x [2J BEGIN:VEVENT y" in re.sub("\r\n ", "", text)
    assert made[0].count("\n") == 2 and len(events(made[1])) == 3


def test_an_owner_reads_what_is_late_first() -> None:
    look = Look(plan_id="p1", issue_id="i1", dataset="d", data_version="v", selection=Selection(),
                verdict=Verdict.NOT_ENOUGH_EVIDENCE)  # fmt: skip
    traces = [
        Trace(issue=Issue(id="i1", title="3G callers wait"), plans=(LATER, PLAN), looks=(look,)),
        Trace(issue=Issue(id="i2", title="Bot"), plans=(OTHERS,)),
    ]
    first, *rest = rows_of(traces, TODAY)
    rows = (replace(first, gained="verified +0.8 [−0.4, 2.0] points"), *rest)
    assert [(row.plan.id, row.late, row.step) for row in rows] == [
        ("p1", 19, "排班表发布"),
        ("p2", 0, ""),
        ("p3", 0, ""),
    ]
    made = briefs(rows, Catalogue.load("en"), TAXONOMY, link=lambda plan: f"http://x/{plan.id}", metric=str.upper)
    assert list(made) == ["workforce"]  # what is closed asks nothing of anybody
    assert made["workforce"] == (
        "Workforce management: 2 plans, 1 overdue\n"
        "\n"
        "1. Roster; follows, the bill\\ by 5 %\n"
        "   Against: 3G callers wait\n"
        "   In progress; due 2026-12-15; milestone “排班表发布” 19 days overdue; priority: Urgent; escalated to: "
        "Head of division\n"
        "   Target: SCORE 84.0\n"
        "   Next milestone: 排班表发布, 2026-12-01\n"
        "   Blocked: No seats\n"
        "   Verdict: Not enough evidence; verified +0.8 [−0.4, 2.0] points (due 2027-02-28)\n"
        "   http://x/p1\n"
        "\n"
        "2. Text\n"
        "   Against: 3G callers wait\n"
        "   Planned; due 2027-01-09\n"
        "   http://x/p2\n"
    )
    chinese = briefs(rows, Catalogue.load("zh-CN"), TAXONOMY)["workforce"]
    assert chinese.startswith("话务管理：2 项计划，其中 1 项逾期\n") and "证据不足" in chinese


def test_a_plan_has_one_name_in_chinese() -> None:
    other = re.compile("(?<!解决)(?<!参考)方案")  # but for the step of an issue and the answer of a case
    assert [key for key, text in texts("zh-CN").items() if other.search(text)] == []

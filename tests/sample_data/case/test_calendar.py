"""Reading the calendar of a case does not tell what kind of case it is."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from data_access.training import Kind
from sample_data.case import calendar, names
from sample_data.case.look_alikes import ABOUT, APART, SHARED, WITH_EVENT, look_alikes
from sample_data.case.planted import DECOYS, Planted, planted

SEEDS = range(24)
ALL = [(seed, difficulty, kind) for seed in SEEDS for difficulty in (1, 2, 3) for kind in Kind]


def plans() -> list[Planted]:
    return [planted(*one) for one in ALL]


def as_true(row: Any) -> Kind | None:
    """The kind whose case would begin with an event that reads like this one."""
    true = calendar.texts("events")["true"]
    sentences = {Kind.FLOW: [true["flow"]], Kind.TEAM: [true["team"]], Kind.RULE: list(true["rule"].values())}
    for kind, entries in sentences.items():
        for entry in entries:
            pattern = re.sub(r"\\\{\w+\\\}", ".+", re.escape(entry["en"]))
            if re.fullmatch(f"{pattern}({re.escape(true['limit']['en'])})?", row.title_en):
                return kind
    return None


def test_every_case_has_an_event_like_the_true_one_of_every_kind_at_the_turn_of_its_month() -> None:
    for plan in plans():
        rows = calendar.calendar(plan)
        assert len(rows) == 1 + DECOYS[plan.difficulty] and rows["event_id"].is_unique
        own = calendar.true_event(plan)
        alike = [row for row in rows.itertuples() if as_true(row)]
        assert Counter(map(as_true, alike)) == dict.fromkeys(WITH_EVENT, 1), plan
        assert {(row.effective_at.date() - plan.month).days for row in alike} <= set(ABOUT)
        others = [row for row in alike if own is None or row.event_id != own["event_id"]]
        assert len(others) == len(WITH_EVENT) - (own is not None)
        assert plan.since is None or all(abs((r.effective_at.date() - plan.since).days) >= APART for r in others)


@pytest.mark.parametrize("kind", list(Kind))
def test_whoever_guesses_the_kind_by_what_the_calendar_has_is_right_no_more_often_than_by_chance(kind: Kind) -> None:
    """What can be counted of a calendar without knowing places is the same for every kind of case."""
    for difficulty in (1, 2, 3):
        seen = [calendar.calendar(planted(seed, difficulty, kind)) for seed in SEEDS]
        told = {(len(rows), sum(as_true(row) is not None for row in rows.itertuples())) for rows in seen}
        assert told == {(1 + DECOYS[difficulty], len(WITH_EVENT))}
        assert all({"rule_change", "release", "staffing"} <= set(rows["kind"]) for rows in seen)


def test_what_reads_like_a_cause_lies_where_nothing_changed() -> None:
    for plan in plans():
        own = {*plan.place.values(), names.business_of(plan.place.get("sub_type", "")),
               SHARED.get(plan.place.get("sub_type", ""), "")} - {""}  # fmt: skip
        own |= {name for _, name, _ in plan.wobbles}
        own -= {"basic", "phone", "enquiry_call", "bot_text"}  # how narrow it is, not where
        for other in look_alikes(plan):
            sub_type = other.place.get("sub_type", "")
            reached = {other.place.get(name, "") for name in ("team", "scenario", "business")}
            reached |= {sub_type, names.business_of(sub_type), SHARED.get(sub_type, "")}
            assert not reached & own, (plan, other)


def test_a_look_alike_stands_before_the_true_event_as_well_as_after() -> None:
    """Else the first, or the last, of those that read alike would be the cause."""
    places = Counter()
    for seed in SEEDS:
        for kind in WITH_EVENT:
            plan = planted(seed, 2, kind)
            own = calendar.true_event(plan)
            alike = [row for row in calendar.calendar(plan).itertuples() if as_true(row)]
            places[[row.event_id for row in alike].index(own["event_id"] if own else "")] += 1
    assert min(places[number] for number in range(3)) > 5

"""What a plan may say of how its effect is shown, and what is overdue of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from data_access.selection import Period
from data_access.statement import BadInput
from data_access.workshop.records import Issue, Milestone, Plan, PlanState
from data_access.workshop.standing import is_judged, overdue
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.conftest import ANALYST, key_of, roster

START = date(2026, 11, 2)
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
WRONG: list[tuple[dict[str, object], str]] = [
    ({"cost": -1.0}, "negative"),
    ({"cost": float("nan")}, "not_a_number"),
    ({"smallest": 0.0}, "not_above_zero"),
    ({"smallest": float("inf")}, "not_a_number"),
    ({"due": date(1026, 12, 1)}, "far_day"),
    ({"milestones": (Milestone("x", date(9999, 1, 1)),)}, "far_day"),
    ({"baseline": OCTOBER, "start": date(2026, 10, 31)}, "start_in_baseline"),
    ({"start": START, "check_on": START}, "check_before_start"),
    ({"treated": ("1",)}, "members_without_unit"),
    ({"unit": "team", "treated": ("1", "2"), "control": ("2",)}, "treated_and_control"),
    ({"unit": "team", "treated": ("1", "1")}, "twice"),
    ({"unit": "team", "treated": ("1", " ")}, "blank"),
    ({"unit": "team", "treated": ("1",), "starts": (("2", START),)}, "start_of_untreated"),
    ({"unit": "team", "treated": ("1",), "start": START, "starts": (("1", OCTOBER.start),)}, "member_starts_early"),
    ({"milestones": (Milestone(" "),)}, "milestone_unnamed"),
    ({"milestones": (Milestone("x"), Milestone("x"))}, "twice"),
    ({"milestones": (Milestone("x" * 201),)}, "too_long"),
    ({"milestones": tuple(Milestone(str(n)) for n in range(51))}, "too_many"),
    ({"guardrails": ("score",)}, "guards_itself"),
    ({"block": "weather"}, "unknown_code"),
    ({"blocker": "\x00"}, "signs"),
    ({"unit": "team", "treated": ("\ud800",)}, "signs"),
    ({"priority": "zz"}, "unknown_code"),
    ({"state": ["planned"]}, "unknown_code"),
    ({"expected_lift": "much"}, "wrong_kind"),
    ({"due": "2026-12-01"}, "wrong_kind"),
    ({"milestones": (object(),)}, "wrong_kind"),
    ({"unit": "\u200b", "treated": ("1",)}, "members_without_unit"),
    ({"cycle_of": "nothing"}, "workshop.missing.plan"),
]


@pytest.fixture(scope="module")
def one_issue(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Issue]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('rules')}/workshop.sqlite")
    return store, store.create_issue(ANALYST, "3G")


@pytest.mark.parametrize(("changes", "key"), WRONG)
def test_what_a_plan_may_not_say(one_issue: tuple[Store, Issue], changes: dict[str, object], key: str) -> None:
    store, issue = one_issue
    with pytest.raises(BadInput) as error:
        store.save_plan(ANALYST, roster(issue, **changes))
    assert key_of(error) == (key if "." in key else f"workshop.form.{key}")


def test_overdue_counts_the_latest_of_plan_and_milestones() -> None:
    plan = Plan(issue_id="i", action="x", due=date(2026, 12, 1), milestones=(Milestone("a", date(2026, 11, 1)),))
    assert overdue(plan, date(2026, 11, 1)) == 0
    assert overdue(plan, date(2026, 12, 5)) == 34
    reached = replace(plan, milestones=(Milestone("a", date(2026, 11, 1), date(2026, 11, 30)),))
    assert overdue(reached, date(2026, 12, 5)) == 4
    assert overdue(replace(plan, state=PlanState.DONE), date(2026, 12, 5)) == 0
    assert not is_judged(plan, (), ())

"""The map of states, walked completely, and the checks that need no database."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from data_access.access import NotAllowed, User
from data_access.selection import Filter
from data_access.statement import BadInput
from data_access.taxonomy import load_taxonomy
from data_access.workshop import evidence_rules, rules
from data_access.workshop.records import Basis, Issue, IssueState, Plan, PlanState
from data_access.workshop.tracing import Trace
from tests.data_access.workshop.conftest import ANALYST, GROUP_A, INSTRUCTOR, TEAM_1, VIEWER, evidence

ISSUE = Issue(
    title="3G",
    location_reason="Alike everywhere",
    cause="Flat roster",
    cause_type="capacity",
    exception="Seen in the roster",
)
READY = Plan(issue_id="1", action="Roster", owner="workforce", due=date(2026, 12, 15), target_metric="score")
OVER = replace(READY, state=PlanState.DONE)
EVERYBODY = (VIEWER, GROUP_A, ANALYST, INSTRUCTOR)

OPEN, DIAGNOSED, PLANNED, CLOSED = IssueState


def may(user, before, after, pins=1, plans=(READY,), **changes) -> str:  # type: ignore[no-untyped-def]
    issue = replace(ISSUE, state=before, **changes)
    try:
        rules.check_issue_move(user, issue, replace(issue, state=after), pins=pins, plans=plans)
    except NotAllowed:
        return "not allowed"
    except BadInput as error:
        return error.statement.key.rsplit(".")[-1]
    return "yes"


def test_every_step_of_every_issue() -> None:
    steps = {(a, b): may(INSTRUCTOR, a, b, plans=(READY,)) for a, b in product(IssueState, IssueState)}
    assert steps == {
        (OPEN, OPEN): "yes",
        (OPEN, DIAGNOSED): "yes",
        (OPEN, PLANNED): "no_such_move",
        (OPEN, CLOSED): "no_such_move",
        (DIAGNOSED, OPEN): "yes",
        (DIAGNOSED, DIAGNOSED): "yes",
        (DIAGNOSED, PLANNED): "yes",
        (DIAGNOSED, CLOSED): "needs_plan",
        (PLANNED, OPEN): "no_such_move",
        (PLANNED, DIAGNOSED): "yes",
        (PLANNED, PLANNED): "yes",
        (PLANNED, CLOSED): "plans_running",
        (CLOSED, OPEN): "yes",
        (CLOSED, DIAGNOSED): "no_such_move",
        (CLOSED, PLANNED): "no_such_move",
        (CLOSED, CLOSED): "closed",
    }


@pytest.mark.parametrize(
    ("step", "answers"),
    [
        ((OPEN, DIAGNOSED), ["not allowed", "yes", "yes", "yes"]),
        ((DIAGNOSED, PLANNED), ["not allowed", "yes", "yes", "yes"]),
        ((CLOSED, OPEN), ["not allowed", "not allowed", "yes", "yes"]),
    ],
)
def test_who_may_take_a_step(step: tuple[IssueState, IssueState], answers: list[str]) -> None:
    assert [may(user, *step) for user in EVERYBODY] == answers


def test_what_a_step_needs() -> None:
    assert may(ANALYST, OPEN, DIAGNOSED, pins=0) == "needs_pin"
    assert may(ANALYST, DIAGNOSED, PLANNED, pins=0) == "needs_pin"
    assert may(ANALYST, DIAGNOSED, PLANNED, plans=()) == "needs_plan"
    assert may(ANALYST, DIAGNOSED, PLANNED, plans=(replace(READY, state=PlanState.DROPPED),)) == "needs_plan"
    assert may(ANALYST, PLANNED, CLOSED, plans=(OVER,)) == "yes"
    assert may(ANALYST, DIAGNOSED, CLOSED, cause_type="artefact", plans=()) == "yes"


@pytest.mark.parametrize("name", ["owner", "due", "target_metric"])
def test_a_plan_is_ready_with_owner_date_and_metric(name: str) -> None:
    assert rules.has_ready_plan([READY])
    assert not rules.has_ready_plan([replace(READY, **{name: None if name == "due" else ""})])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "pins", "answer"),
    [
        ({}, 1, "yes"),
        ({}, 0, "needs_pin"),
        ({"location_reason": " "}, 1, "needs_location"),
        ({"location_reason": "", "path": (Filter("business", ("3G",)),)}, 1, "yes"),
        ({"location_reason": "", "basis": Basis.COMPLAINT, "basis_reason": "grave"}, 0, "yes"),
        ({"cause": " "}, 1, "needs_cause"),
        ({"exception": " "}, 1, "needs_levels"),
        ({"exception": "", "basis": Basis.RECORDING, "basis_reason": "grave"}, 0, "needs_levels"),
    ],
)
def test_a_diagnosis_needs_a_trace(changes: dict[str, object], pins: int, answer: str) -> None:
    assert may(ANALYST, OPEN, DIAGNOSED, pins=pins, **changes) == answer


def test_what_was_diagnosed_before_is_planned_without_whys() -> None:
    assert may(ANALYST, DIAGNOSED, PLANNED, exception="", location_reason="") == "yes"
    assert may(ANALYST, DIAGNOSED, PLANNED, pins=0) == "needs_pin"


@pytest.mark.parametrize("basis", [basis for basis in Basis if basis is not Basis.DATA])
def test_what_data_do_not_show_needs_a_reason(basis: Basis) -> None:
    with pytest.raises(BadInput, match="blank") as error:
        rules.check_issue(ISSUE, replace(ISSUE, basis=basis, basis_reason=" "), load_taxonomy())
    assert error.value.statement.values["field"] == "basis_reason"
    rules.check_issue(ISSUE, replace(ISSUE, basis=basis, basis_reason="A threat"), load_taxonomy())


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ((Filter("team", ("\ud83d",)),), "signs"),
        (tuple(Filter("team", (f"{n}" * 20,)) for n in range(10_000)), "path_too_long"),
    ],
)
def test_a_path_that_cannot_be_kept(path: tuple[Filter, ...], answer: str) -> None:
    for changed in (replace(ISSUE, path=path), replace(ISSUE, branches=(path,))):
        with pytest.raises(BadInput, match=answer):
            rules.check_issue(ISSUE, changed, load_taxonomy())


def test_offered_steps_are_those_that_can_be_taken() -> None:
    offered = {state: rules.issue_moves(ANALYST, replace(ISSUE, state=state)) for state in IssueState}
    assert offered == {
        OPEN: (DIAGNOSED,),
        DIAGNOSED: (OPEN, PLANNED),
        PLANNED: (DIAGNOSED, CLOSED),
        CLOSED: (OPEN,),
    }
    assert rules.issue_moves(VIEWER, ISSUE) == ()
    nothing_changed = replace(ISSUE, state=DIAGNOSED, cause_type="artefact")
    assert rules.issue_moves(ANALYST, nothing_changed) == (OPEN, PLANNED, CLOSED)


@pytest.mark.parametrize("cause", [{"cause": " "}, {"cause_type": ""}])
def test_a_diagnosis_keeps_its_cause(cause: dict[str, str]) -> None:
    after = replace(ISSUE, state=DIAGNOSED, **cause)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="needs_cause"):
        rules.check_issue(ISSUE, after, load_taxonomy())
    rules.check_issue(ISSUE, replace(after, state=OPEN), load_taxonomy())


def test_an_old_code_stays_when_the_list_moves_on() -> None:
    old = replace(ISSUE, cause_type="word_of_last_year")
    rules.check_issue(old, replace(old, notes="more"), load_taxonomy())
    with pytest.raises(BadInput, match="unknown_code"):
        rules.check_issue(ISSUE, old, load_taxonomy())


PLAN_STEPS = {
    (PlanState.PLANNED, PlanState.DOING): "yes",
    (PlanState.PLANNED, PlanState.DROPPED): "yes",
    (PlanState.DOING, PlanState.PLANNED): "yes",
    (PlanState.DOING, PlanState.DONE): "yes",
    (PlanState.DOING, PlanState.DROPPED): "yes",
    (PlanState.DONE, PlanState.DOING): "yes",
    (PlanState.DONE, PlanState.CLOSED): "needs_verdict",
    (PlanState.CLOSED, PlanState.DONE): "yes",
    (PlanState.DROPPED, PlanState.PLANNED): "yes",
}


def may_plan(user: User, before: PlanState, after: PlanState, *, undone: bool = False, **changes: str) -> str:
    plan = replace(READY, state=after, **changes)  # type: ignore[arg-type]
    try:
        rules.check_plan_move(user, before, plan, Trace(issue=ISSUE, plans=(READY,)), undone=undone)
    except NotAllowed:
        return "not allowed"
    except BadInput as error:
        return error.statement.key.rsplit(".")[-1]
    return "yes"


def test_every_step_of_every_plan() -> None:
    steps = {(a, b): may_plan(INSTRUCTOR, a, b) for a, b in product(PlanState, PlanState) if a is not b}
    assert steps == {step: PLAN_STEPS.get(step, "no_such_move") for step in steps}
    for state in PlanState:
        offered = rules.plan_moves(INSTRUCTOR, replace(READY, state=state))
        assert set(offered) == {to for start, to in PLAN_STEPS if start is state}
    assert may_plan(INSTRUCTOR, PlanState.DROPPED, PlanState.DOING, undone=True) == "yes"
    assert may_plan(INSTRUCTOR, PlanState.PLANNED, PlanState.DONE, undone=True) == "no_such_move"


def test_who_moves_a_plan_and_what_it_needs() -> None:
    judge = [may_plan(user, PlanState.DONE, PlanState.CLOSED, closing="No data") for user in EVERYBODY]
    assert judge == ["not allowed", "not allowed", "yes", "yes"]
    begin = [may_plan(user, PlanState.PLANNED, PlanState.DOING) for user in EVERYBODY]
    assert begin == ["not allowed", "yes", "yes", "yes"]
    assert may_plan(ANALYST, PlanState.DOING, PlanState.DONE, owner="") == "plan_incomplete"
    assert rules.plan_moves(VIEWER, READY) == ()


def test_work_begins_with_an_owner() -> None:
    with pytest.raises(BadInput, match="plan_incomplete"):
        rules.check_plan(READY, replace(READY, state=PlanState.DOING, owner=""), load_taxonomy())


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_target_is_a_number(value: float) -> None:
    with pytest.raises(BadInput, match="not_a_number"):
        rules.check_plan(None, replace(READY, target_value=value), load_taxonomy())


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"link": "javascript:alert(1)"}, "bad_link"),
        ({"rows": tuple({"n": i, "name": "x" * 100} for i in range(20_000))}, "pin_too_large"),
        ({"method": ""}, "blank"),
    ],
)
def test_what_cannot_be_pinned(changes: dict[str, object], answer: str) -> None:
    with pytest.raises(BadInput, match=answer):
        evidence_rules.check_pin(ANALYST, evidence(**changes))


def test_nobody_pins_beyond_the_scope() -> None:
    evidence_rules.check_pin(TEAM_1, evidence(selection=evidence().selection.where("team", "1")))
    with pytest.raises(NotAllowed):
        evidence_rules.check_pin(TEAM_1, evidence(selection=evidence().selection.where("team", "2")))

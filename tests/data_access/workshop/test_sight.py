"""What was found carries the scope of its data: nobody learns in the workshop of what lies outside of theirs."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from data_access.access import NotAllowed, Role, Scope, User
from data_access.selection import Filter, Selection
from data_access.statement import BadInput, Problem, Statement
from data_access.workshop import tables
from data_access.workshop.changes import Conflict
from data_access.workshop.engine import transaction
from data_access.workshop.records import Comment, Issue, IssueState, Look, Pin, Plan, PlanState, Ruling, Verdict
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.conftest import ANALYST, TEAM_1, a_why, contacts, evidence, note, roster
from tests.data_access.workshop.test_migrations import ISSUE, PIN, WRITTEN, written_by

OF_1, OF_1_AND_2 = Filter("team", ("1",)), Filter("team", ("1", "2"))
TEAMS = User("u8", "He Xi", frozenset({Role.ANALYST}), Scope((OF_1_AND_2,)))
AUTHORS = (ANALYST, TEAMS, TEAM_1)
MARKS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|datetime\.datetime\([^)]*\)|tzinfo=[^)]*\)")


@dataclass(frozen=True)
class World:
    """What there is beyond team 1: who is found to be worst, by how much, and how many contacts there are."""

    worst: str
    number: float
    version: str


WORLDS = (World("central", 27.4, "60000@2026-10-31"), World("north", 3.125, "120@2026-10-30"))


def work(store: Store, world: World, draw: random.Random) -> None:
    """An issue from its data problem to its plan, as somebody works on it who sees this world, or only team 1."""
    author = draw.choice(AUTHORS)
    seen = world if author is not TEAM_1 else World("all", 1.0, "40@2026-10-29")
    issue = store.create_issue(author, "Typed by hand", data_version=seen.version)
    narrow = author is TEAM_1 or draw.random() < 0.5
    pin = store.pin(author, issue.id, pinned(seen, author, narrow=narrow))
    path = (OF_1,) if draw.random() < 0.5 else (Filter("region", (seen.worst,)),)
    begun = {"origin": pin.id, "path": path, "branches": ((Filter("region", (seen.worst,)),),)}
    issue = store.save_issue(author, replace(issue, **begun))
    clicked = (Filter("region", (seen.worst,)),)  # a segment gives its name to the issue that begins with it
    named = store.begin(author, f"{seen.worst}: why?", pinned(seen, author, narrow=narrow), clicked, asked="Why?")
    store.save_issue(author, replace(named, notes="Look again"))
    why = store.save_why(author, a_why(issue))
    ids = ("c1",) if OF_1 in path or author is TEAM_1 else (f"of {seen.worst}",)
    store.add_evidence(author, contacts(why, *ids, data_version=seen.version, statistics={}))
    store.add_evidence(author, note(why))
    units = {"unit": "region", "treated": (seen.worst,), "starts": ((seen.worst, date(2026, 11, 9)),)}
    plan = store.save_plan(author, roster(issue, expected_lift=seen.number, **units))
    plan = store.save_plan(author, replace(plan, expected_lift=seen.number + 1, control=(f"beside {seen.worst}",)))
    if draw.random() < 0.5:
        follow(store, author, plan, seen)
    if draw.random() < 0.5:
        _of_old(store, issue, seen)
    with pytest.raises(Conflict):
        store.save_issue(author, replace(issue, version=0, path=(Filter("region", (f"{seen.worst} too",)),)))


def follow(store: Store, author: User, plan: Plan, seen: World) -> None:
    """What becomes of the plan: a look at it, what people say, and the cycle that the program begins."""
    said = Statement("effect.not_effective", {"gain": seen.number, "place": seen.worst})
    treated = Selection(filters=(Filter("region", (seen.worst,)),)).within(author.scope.filters)
    look = Look(plan_id=plan.id, issue_id=plan.issue_id, dataset="d", data_version=seen.version, selection=treated,
                verdict=Verdict.NOT_EFFECTIVE, statistics={"gain": seen.number}, statements=(said,),
                options={"control": (Filter("region", ("east",)),)})  # fmt: skip
    store.add_look(author, look)
    store.comment(author, Comment(issue_id=plan.issue_id, plan_id=plan.id, text="Typed by hand"))
    store.overrule(author, Ruling(plan_id=plan.id, issue_id=plan.issue_id, verdict=Verdict.EFFECTIVE, reason="Typed"))
    for state in (PlanState.DOING, PlanState.DONE, PlanState.CLOSED):
        plan = store.save_plan(author, replace(plan, state=state, closing="Typed"))
    store.reopen(plan.id, Statement("recurrence.back_share", {"now": seen.number}), seen.version)


def pinned(world: World, author: User, *, narrow: bool) -> Pin:
    """What was found; of team 1 alone, all worlds say the same."""
    found = World("c1", 5.0, "") if narrow else world
    filters = (OF_1,) if narrow else author.scope.filters
    return evidence(
        selection=Selection(filters=filters), data_version=world.version, link=f"/overview?v={world.version}&lang=en",
        statements=(Statement("contribution.top", {"segment": found.worst, "contribution": found.number}),),
        statistics={"score": found.number}, rows=({"region": found.worst},), sql=(f"within {author.scope}",),
    )  # fmt: skip


def _of_old(store: Store, issue: Issue, world: World) -> None:
    """As a store before scopes were kept: the title is what was found, and the history does not say of what."""
    said = {"id": issue.id, "title": f"{world.worst} loses {world.number}", "asked": "contribution · score"}
    with transaction(store.engine) as connection:
        connection.execute(text("UPDATE workshop_issue SET title = :title, asked = :asked WHERE id = :id"), said)
        about = {"subject_id": issue.id, "issue_id": issue.id, "subject": said["title"], "kind": "issue"}
        done = {"at": issue.created_at, "who": "Li Na", "who_id": "u1", "action": "saved"}
        changed = {"before": {"title": "x", "path": ()}, "after": {"title": said["title"], "path": issue.path}}
        connection.execute(tables.audit.insert(), done | about | changed)


def read(store: Store, user: User) -> str:
    """All that a person can read in the store, errors too; ids and moments left out."""
    issues, traces = store.issues(user), store.traces(user)
    told: list[object] = [
        *issues,
        *traces,
        *store.plans(user),
        sorted(store.pin_counts(user, [i.id for i in issues])),
    ]
    for issue in issues:
        told += [store.issue(user, issue.id), store.pins(user, issue.id), store.evidence(user, issue.id)]
        told += [*store.history(user, issue.id), *_trouble(store, user, issue)]
        told += [store.looks(user, issue.id), store.rulings(user, issue.id), store.date_changes(user, issue.id)]
        for plan in store.plans(user, issue.id)[:1]:
            told += [store.cycles(user, plan.id), *_trouble_of_plan(store, user, plan)]
    return MARKS.sub("…", "\n".join(map(repr, told)))


def _trouble(store: Store, user: User, issue: Issue) -> Iterator[Statement]:
    for changes in ({"state": IssueState.PLANNED}, {"state": IssueState.DIAGNOSED, "cause": "x"}):
        try:
            store.save_issue(user, replace(issue, **changes))
        except Problem as problem:
            yield problem.statement
    try:
        store.save_issue(user, replace(issue, version=0, notes="Written in another window"))
    except Conflict as conflict:
        yield Statement("conflict", {"theirs": conflict.theirs, "mine": conflict.mine})


def _trouble_of_plan(store: Store, user: User, plan: Plan) -> Iterator[Statement]:
    """What is said to who does not know of the units and moves their days."""
    for changes in ({"start": date(2027, 1, 1)}, {"unit": "region", "treated": ("east",), "control": ("east",)}):
        try:
            store.save_plan(user, replace(plan, **changes))  # type: ignore[arg-type]
        except Problem as problem:
            yield problem.statement


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.prove) for seed in range(2, 21))])
def test_a_reader_learns_nothing_of_what_lies_outside_of_the_scope(tmp_path: Path, seed: int) -> None:
    mine, all_of_it = [], []
    for number, world in enumerate(WORLDS):
        store, draw = open_store(f"sqlite:///{tmp_path / str(number)}.sqlite"), random.Random(seed)
        for _ in range(8):
            work(store, world, draw)
        all_of_it.append(read(store, ANALYST))
        mine.append(read(store, TEAM_1))
        store.engine.dispose()
    assert mine[0] == mine[1] and "Typed by hand" in mine[0]
    assert all_of_it[0] != all_of_it[1] and "central" in all_of_it[0] and "27.4" in all_of_it[0]


def test_who_may_not_see_what_was_found_keeps_it_when_saving(sqlite_store: Store) -> None:
    store, found = sqlite_store, (Filter("region", ("central",)),)
    issue = store.create_issue(ANALYST, "Why?", data_version="60000@x")
    pin = store.pin(ANALYST, issue.id, evidence(selection=Selection(filters=(OF_1,))))
    issue = store.save_issue(ANALYST, replace(issue, origin=pin.id, path=found, branches=(found,)))
    plan = store.save_plan(ANALYST, roster(issue, expected_lift=2.5))
    shown = store.issue(TEAM_1, issue.id)
    assert (shown.path, shown.branches, shown.data_version) == ((), (), "")
    store.save_issue(TEAM_1, replace(shown, notes="Seen on site"))
    store.save_plan(TEAM_1, replace(store.plans(TEAM_1)[0], owner="li"))
    (whole,) = store.traces(ANALYST)
    assert (whole.issue.path, whole.issue.branches, whole.issue.notes) == (found, (found,), "Seen on site")
    assert (whole.issue.data_version, whole.plans[0].expected_lift, whole.plans[0].owner) == ("60000@x", 2.5, "li")
    with pytest.raises(NotAllowed):
        store.save_issue(TEAM_1, replace(store.issue(TEAM_1, issue.id), path=(OF_1,)))
    mine = store.save_plan(TEAM_1, replace(store.plans(TEAM_1)[0], expected_lift=1.0))
    assert mine.expected_lift == store.plans(ANALYST)[0].expected_lift == 1.0
    assert plan.id == mine.id


def test_a_title_of_before_says_to_others_only_what_was_asked(store_url: str) -> None:
    """Until somebody who sees all of it gives another one."""
    limits = PIN | {"id": "q", "issue_id": "k", "sql": "[]", "options": '{"limits":[["team",["1","2"]]]}'}
    rows = (("issue", WRITTEN | {"title": "Central loses 27.4 %"}), ("issue", ISSUE | {"id": "k", "origin": "q"}))
    written_by(store_url, "r002", *rows, ("pin", PIN | {"sql": "[]"}), ("pin", limits))
    store = open_store(store_url)
    titles = {user.id: {issue.id: issue.title for issue in store.issues(user)} for user in AUTHORS}
    assert titles[ANALYST.id] == {"i": "Central loses 27.4 %", "k": "3G"}
    assert titles[TEAMS.id] == {"i": "contribution · score", "k": "3G"}
    assert titles[TEAM_1.id] == dict.fromkeys("ik", "contribution · score")
    (pin,) = store.pins(ANALYST, "k")
    assert (pin.scope, dict(pin.options)) == ((OF_1_AND_2,), {})
    with pytest.raises(BadInput) as error:
        store.save_issue(TEAM_1, replace(store.issue(TEAM_1, "i"), state=IssueState.CLOSED, cause=""))
    assert "27.4" not in repr(error.value.statement)
    store.save_issue(ANALYST, replace(store.issue(ANALYST, "i"), title="3G in autumn"))
    assert store.issue(TEAM_1, "i").title == "3G in autumn"
    store.engine.dispose()

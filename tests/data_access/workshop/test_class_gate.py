"""What a group does is its own, is taken in its stage, and stays as it was handed in; whatever is called."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from data_access.selection import Filter
from data_access.statement import BadInput, Problem
from data_access.workshop import class_work
from data_access.workshop.class_records import Stage
from data_access.workshop.drafts import Drafts
from data_access.workshop.engine import transaction
from data_access.workshop.records import Comment
from data_access.workshop.store import Store
from tests.data_access.workshop.class_fixtures import CASE, begun, now, opened, seated
from tests.data_access.workshop.class_world import (
    SECRET,
    World,
    made_world,
    other_calls,
    work_of,
    work_on,
)
from tests.data_access.workshop.conftest import (
    INSTRUCTOR,
    TEAM_1,
    VIEWER,
    chain,
    evidence,
    key_of,
    roster,
)
from tests.data_access.workshop.monitor_world import Deed, calls_of_monitoring


@pytest.fixture
def world(store: Store) -> World:
    return made_world(store)


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


def test_a_participant_never_sees_or_changes_what_another_group_does(sqlite_store: Store) -> None:
    """Every call of the store is tried; one that is new must be added here."""
    try_all(made_world(sqlite_store))


@pytest.mark.prove
def test_nor_on_any_database_nor_in_between(world: World) -> None:
    try_all(world, after_each=True)


def all_calls(world: World) -> dict[str, Deed]:
    watching = calls_of_monitoring(world.store, world.watched, world.issue)
    return {**{name: deed for name, (_, deed) in work_on(world).items()}, **other_calls(world), **watching}


def try_all(world: World, *, after_each: bool = False) -> None:
    calls = all_calls(world)
    assert {name.split()[0] for name in calls} == public(Store) - {"engine", "taxonomy"}
    assert {name.split()[1] for name in calls if name.startswith("drafts ")} <= public(Drafts)
    before = work_of(world)
    told = {}
    for name, deed in calls.items():
        answer: Any = None
        with suppress(Problem):
            answer = deed(world.bob)
        told[name] = SECRET in repr(answer)
        assert not after_each or work_of(world) == before, name
    assert work_of(world) == before
    assert [name for name, is_told in told.items() if is_told] == []
    assert SECRET in repr([deed(world.ann) for name, deed in calls.items() if name in ("traces", "quiz_answers")])
    texts = ("feedback", "rebases", "level_corrections", "recovery_cases", "meetings", "slides", "meeting_notes")
    assert all(SECRET in repr(calls[name](INSTRUCTOR)) for name in (*texts, "recovery_rounds", "meeting_actions"))


def test_a_viewer_changes_nothing_and_one_of_a_part_reads_nothing_of_the_whole(sqlite_store: Store) -> None:
    """Every call again: a viewer speaks and causes looks, no more; of one team nobody learns what was said of all."""
    world = made_world(sqlite_store)
    calls, before = all_calls(world), work_of(world)
    watching = calls_of_monitoring(world.store, world.watched, world.issue)
    of_team = replace(VIEWER, scope=TEAM_1.scope)
    told = []
    for name, deed in calls.items():
        for user in (VIEWER, of_team):
            answer: Any = None
            with suppress(Problem):
                answer = deed(user) if name not in ("comment", "add_look") else None
            told += [name] * (name in watching and user is not VIEWER and SECRET in repr(answer))
    assert work_of(world) == before and set(told) == {"level_corrections"}  # how a column is measured is for all
    with pytest.raises(Problem):
        calls["drafts keep"](VIEWER)


@pytest.mark.prove
def test_who_was_moved_leaves_the_work_behind(world: World) -> None:
    """Also while a form is open: what was begun for the old group is neither seen nor changed any more."""
    world.store.place(INSTRUCTOR, world.member.id, world.groups[1].key)
    moved = now(world.store, world.ann)
    assert world.store.traces(moved) == () and world.store.history(moved, world.issue.id) == ()
    for name, (_, deed) in work_on(world).items():
        if name in ("begin", "take_hint", "bet"):  # these are for the group that the person is in now
            continue
        with pytest.raises(Problem) as error:
            deed(moved)
        assert key_of(error) in ("workshop.missing.issue", "workshop.missing.change", "workshop.missing.removed",
                                 "class.may_not.group"), name  # fmt: skip
    with pytest.raises(BadInput, match="no_group"):  # the page still shows the old group
        world.store.create_issue(world.ann, "x")
    assert world.store.drafts.of(moved, world.issue.id)[0].content == SECRET  # what was typed stays the person's own


def test_a_problem_in_a_part_of_the_data_is_pinned_in_the_first_stage(sqlite_store: Store) -> None:
    """The path begins with that part; how it goes on is for the next stage."""
    klass = opened(sqlite_store)
    sqlite_store.start_stage(INSTRUCTOR, klass.id, Stage.DATA_PROBLEM, minutes=20)
    ann, part = seated(sqlite_store, klass, 1), (Filter("business", ("3G",)),)
    issue = sqlite_store.begin(ann, "3G", evidence(), part, once=True)
    assert issue.path == part
    with pytest.raises(BadInput) as error:
        sqlite_store.save_issue(ann, replace(issue, path=(*part, Filter("team", ("A",)))))
    assert key_of(error) == "class.gate.stage_closed"


@pytest.mark.prove
def test_work_is_taken_in_its_stage_only(world: World) -> None:
    """With all stages open but its own, each call is refused and says which stage it waits for."""
    for stage in Stage:
        world.store.lock_stage(INSTRUCTOR, world.klass.id, stage)
        if stage is Stage.WHY:  # what is pinned there belongs to the first stage as well
            world.store.lock_stage(INSTRUCTOR, world.klass.id, Stage.DATA_PROBLEM)
        for name, (of, deed) in work_on(world).items():
            if of is stage:
                with pytest.raises(BadInput) as error:
                    deed(world.ann)
                assert key_of(error) == "class.gate.stage_closed", name
                assert error.value.statement.values["stage"].key.startswith("workshop.stage."), name
        for one in Stage:
            world.store.unlock_stage(INSTRUCTOR, world.klass.id, one)
    world.store.lock_stage(INSTRUCTOR, world.klass.id, Stage.WHY)
    assert world.store.save_why(INSTRUCTOR, replace(world.whys[0], statement="x")).statement == "x"  # who teaches may
    assert world.store.pin(world.ann, world.issue.id, evidence()).issue_id == world.issue.id
    world.store.unlock_stage(INSTRUCTOR, world.klass.id, Stage.WHY)
    taken = ("save_issue path", "save_why new", "add_evidence", "restore", "save_plan new", "comment", "take_hint")
    for name in taken:
        work_on(world)[name][1](world.ann)


@pytest.mark.prove
@pytest.mark.parametrize("end", ["submitted", "ended"])
def test_nothing_changes_what_was_handed_in(world: World, end: str) -> None:
    """Neither the group nor who teaches, by no call, and handing in twice changes nothing either."""
    store, klass = world.store, world.klass
    if end == "submitted":
        group = store.submit(world.ann, klass.id)
        assert group.answer == world.issue.id and store.submit(world.ann, klass.id) == group
    else:
        store.end_class(INSTRUCTOR, klass.id)
    before = work_of(world)
    for name, (_, deed) in work_on(world).items():
        for user in (world.ann, INSTRUCTOR):
            free = user is INSTRUCTOR and name in ("begin", "comment")  # of no group; words are no work
            refusal = Problem if user is INSTRUCTOR else BadInput
            if not free:
                with pytest.raises(refusal) as error:
                    deed(user)
                allowed = (f"class.gate.{end}", "access.may_not.remove_comment", "class.missing.class",
                           "workshop.missing.change")  # fmt: skip
                assert key_of(error) in allowed[: 1 if user is world.ann else 4], name
    assert work_of(world) == before


@pytest.mark.prove
def test_the_history_of_an_issue_tells_of_its_class(world: World) -> None:
    world.store.submit(world.ann, world.klass.id)
    entries = world.store.history(world.ann, world.issue.id)
    told = [(entry.action, entry.kind) for entry in entries]
    assert told[0] == ("submitted", "group") and [entry.number for entry in entries] == sorted(
        (entry.number for entry in entries), reverse=True
    )
    assert {("opened", "class"), ("started", "class"), ("hinted", "group"), ("bet", "group")} <= set(told)
    assert not {"mark", "remark", "member"} & {kind for _, kind in told}


@pytest.mark.prove
def test_a_class_does_not_read_what_others_wrote(sqlite_store: Store) -> None:
    """However much there is: a line of another group that cannot even be read does not matter to a participant."""
    klass = begun(sqlite_store, opened(sqlite_store))
    ann, bob = seated(sqlite_store, klass, 1), seated(sqlite_store, klass, 2, group=1)
    for user in (ann, bob):
        issue = sqlite_store.begin(user, "3G", evidence(), (), once=True)
        sqlite_store.remove_issue(user, sqlite_store.create_issue(user, "x").id)
        chain(sqlite_store, issue, user=user)
        sqlite_store.save_plan(user, roster(issue))
    with transaction(sqlite_store.engine) as connection:
        for table, name in (("issue", "path"), ("pin", "rows"), ("evidence", "answers"), ("plan", "treated")):
            connection.execute(text(f"UPDATE workshop_{table} SET {name} = '{{' WHERE created_by_id = '{ann.id}'"))
    reads = (sqlite_store.issues, sqlite_store.traces, sqlite_store.plans, sqlite_store.removed)
    assert [len(read(bob)) for read in reads] == [1, 1, 1, 1]
    for read in reads:
        with pytest.raises(ValueError):
            read(INSTRUCTOR)


def test_what_a_page_says_of_somebody_is_not_believed(sqlite_store: Store) -> None:
    """Who names another group, another class or none writes nothing there."""
    klass = begun(sqlite_store, opened(sqlite_store))
    ann, bob = seated(sqlite_store, klass, 1), seated(sqlite_store, klass, 2, group=1)
    issue = sqlite_store.begin(ann, "3G", evidence(), (), once=True)
    stranger = replace(bob, id="member-9")
    for forged in (bob, stranger):
        for attends in (klass.id, "", "elsewhere"):
            user = replace(forged, groups=ann.groups, attends=attends)
            for deed in (
                lambda u: sqlite_store.begin(u, "x", evidence(data_version="new"), (), once=True),
                lambda u: sqlite_store.pin(u, issue.id, evidence(data_version="new")),
                lambda u: sqlite_store.save_issue(u, replace(issue, notes="x")),
                lambda u: sqlite_store.comment(u, Comment(issue_id=issue.id, text="x")),
                lambda u: sqlite_store.save_plan(u, roster(issue)),
            ):
                with pytest.raises(Problem):
                    deed(user)
    (trace,) = sqlite_store.traces(ann)
    assert (trace.issue.version, len(trace.pins), trace.comments, trace.plans) == (issue.version, 1, (), ())


def test_until_the_reveal_nothing_of_a_class_says_what_is_to_be_found(sqlite_store: Store) -> None:
    """Neither what earns points nor the code, by which the case could be made again with its key."""
    klass = begun(sqlite_store, opened(sqlite_store))
    ann = seated(sqlite_store, klass, 1)
    issue = sqlite_store.begin(ann, "3G", evidence(), (), once=True)

    def told() -> str:
        return repr((sqlite_store.training_class(ann, klass.id).case, sqlite_store.classes(ann),
                     sqlite_store.class_of_code(klass.code), sqlite_store.history(ann, issue.id)))  # fmt: skip

    secrets = (CASE.hints[0].en, f"code={CASE.code!r}", f"'case': {CASE.code!r}", f"full={CASE.rubric[0].full!r}")
    assert [secret for secret in secrets if secret in told()] == []
    assert CASE.rubric[0].points == sqlite_store.training_class(ann, klass.id).case.rubric[0].points
    sqlite_store.collect(INSTRUCTOR, klass.id)
    sqlite_store.reveal(INSTRUCTOR, klass.id)
    assert f"full={CASE.rubric[0].full!r}" in told()


def test_the_work_of_some_groups_is_read_without_that_of_others(sqlite_store: Store) -> None:
    klass = begun(sqlite_store, opened(sqlite_store))
    ann, bob = seated(sqlite_store, klass, 1), seated(sqlite_store, klass, 2, group=1)
    own = [sqlite_store.begin(user, "3G", evidence(), (), once=True) for user in (ann, bob)]
    with transaction(sqlite_store.engine) as connection:  # what cannot be read shows that it was read
        connection.execute(text(f"UPDATE workshop_issue SET path = '{{' WHERE id = '{own[1].id}'"))
        connection.execute(text(f"UPDATE workshop_pin SET rows = '{{' WHERE issue_id = '{own[1].id}'"))
    asked = sqlite_store.traces(INSTRUCTOR, groups=ann.groups)
    assert [trace.issue.id for trace in asked] == [own[0].id]
    assert sqlite_store.traces(INSTRUCTOR, groups=[]) == () == sqlite_store.traces(ann, groups=bob.groups)


def test_tries_at_the_quiz_have_an_end(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_work, "MOST_TRIES", 2)
    klass = opened(sqlite_store)
    ann, bob = seated(sqlite_store, klass, 1), seated(sqlite_store, klass, 2)
    for _ in range(2):
        sqlite_store.answer_quiz(ann, klass.id, "q", "ordinal")
    with pytest.raises(BadInput, match="tries"):
        sqlite_store.answer_quiz(ann, klass.id, "other", "ordinal")
    assert sqlite_store.answer_quiz(bob, klass.id, "q", "ordinal") in sqlite_store.quiz_answers(INSTRUCTOR, klass.id)

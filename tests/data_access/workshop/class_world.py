"""A class in which one group has done all that a group can do, and every call of the store that might disturb it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from data_access.access import User
from data_access.selection import Filter, Selection
from data_access.statement import Statement
from data_access.workshop.class_records import Group, Mark, Member, Remark, Stage, TrainingClass
from data_access.workshop.columns import metadata
from data_access.workshop.drafts import Draft
from data_access.workshop.records import Basis, Comment, Issue, IssueState, Look, Pin, Plan, Ruling, Verdict, Why
from data_access.workshop.seen_records import Seen
from data_access.workshop.store import Store
from data_access.workshop.tracing import Evidence
from tests.data_access.workshop.class_fixtures import KEY, begun, opened, seated
from tests.data_access.workshop.conftest import (
    DIAGNOSIS,
    INSTRUCTOR,
    a_why,
    chain,
    contacts,
    evidence,
    note,
    roster,
)
from tests.data_access.workshop.monitor_world import SECRET, Deed, Watched, monitored


@dataclass(frozen=True)
class World:
    """A class in which group A has done all that a group can do, and B is about to begin."""

    store: Store
    klass: TrainingClass
    ann: User
    bob: User
    issue: Issue
    pin: Pin
    spare: Pin
    whys: tuple[Why, ...]
    piece: Evidence
    plan: Plan
    over: Plan
    look: Look
    ruling: Ruling
    comment: Comment
    gone: str
    member: Member
    groups: tuple[Group, Group]
    mark: Mark
    watched: Watched


def made_world(store: Store) -> World:
    klass = begun(store, opened(store))
    ann, bob = seated(store, klass, 1), seated(store, klass, 2, group=1)
    issue = store.begin(ann, f"3G: {SECRET}", evidence(link=f"/x?{SECRET}"), (), once=True)
    store.choose_answer(ann, klass.id, issue.id)
    spare = store.pin(ann, issue.id, evidence(data_version=SECRET))
    whys = chain(store, issue, user=ann)
    whys[0] = store.save_why(ann, replace(whys[0], statement=SECRET))
    piece = store.add_evidence(ann, note(whys[0], text=SECRET))
    gone = store.add_evidence(ann, note(whys[1], text=SECRET)).id
    store.remove_evidence(ann, gone)
    plan = store.save_plan(ann, roster(issue, person=SECRET))
    over = store.save_plan(ann, replace(roster(issue, person=SECRET), action="Told before"))
    over = store.save_plan(ann, replace(over, state="dropped"))  # type: ignore[arg-type]
    look = a_look(plan, dataset=SECRET)
    look = store.add_look(ann, look)
    ruling = store.overrule(ann, Ruling(plan_id=plan.id, issue_id=issue.id, verdict=Verdict.EFFECTIVE, reason=SECRET))
    comment = store.comment(ann, Comment(issue_id=issue.id, text=SECRET))
    store.take_hint(ann, klass.id)
    store.answer_quiz(ann, klass.id, SECRET, "ordinal")
    store.bet(ann, klass.id, 0.25)
    groups = store.groups(INSTRUCTOR, klass.id)
    mark = Mark(class_id=klass.id, group=groups[0].key, criterion="location", points=12.0, comment=SECRET)
    store.say(INSTRUCTOR, Remark(class_id=klass.id, group=groups[0].key, text=SECRET))
    store.drafts.keep(ann, Draft(kind="issue", subject_id=issue.id, field="cause", content=SECRET, issue_id=issue.id))
    member = next(one for one in store.members(INSTRUCTOR, klass.id) if one.user_id == ann.id)
    return World(store, klass, ann, bob, store.issue(ann, issue.id), store.pins(ann, issue.id)[0], spare, tuple(whys),
                 piece, plan, over, look, ruling, comment, gone, member, (groups[0], groups[1]),
                 store.mark(INSTRUCTOR, mark), monitored(store, issue))  # fmt: skip


def a_look(plan: Plan, **changes: object) -> Look:
    given = {"plan_id": plan.id, "issue_id": plan.issue_id, "dataset": "d", "data_version": "v",
             "selection": Selection(), "verdict": Verdict.NOT_EFFECTIVE,
             "statements": (Statement("effect.too_little"),)}  # fmt: skip
    return Look(**(given | changes))  # type: ignore[arg-type]


def work_on(w: World) -> Mapping[str, tuple[Stage | None, Deed]]:
    """Every call that changes the work of a group, with the stage it belongs to; None: any time until handing in."""
    s, issue = w.store, w.issue
    why = Stage.WHY
    about = {"plan_id": w.plan.id, "issue_id": issue.id}
    again = Ruling(**about, verdict=Verdict.EFFECTIVE, reason="x")
    return {
        "begin": (Stage.DATA_PROBLEM, lambda u: s.begin(u, "x", evidence(), ())),
        "create_issue": (Stage.DATA_PROBLEM, lambda u: s.create_issue(u, "x", group=issue.group)),
        "remove_issue": (Stage.DATA_PROBLEM, lambda u: s.remove_issue(u, issue.id)),
        "save_issue": (None, lambda u: s.save_issue(u, replace(issue, notes="x"))),
        "save_issue basis": (
            Stage.DATA_PROBLEM,
            lambda u: s.save_issue(u, replace(issue, basis=Basis.COMPLAINT, basis_reason="x")),
        ),
        "save_issue path": (Stage.WHERE, lambda u: s.save_issue(u, replace(issue, path=(Filter("team", ("1",)),)))),
        "save_issue cause": (why, lambda u: s.save_issue(u, replace(issue, cause="x"))),
        "save_issue state": (
            why, lambda u: s.save_issue(u, replace(issue, state=IssueState.DIAGNOSED, **DIAGNOSIS | {
                "location_reason": issue.location_reason, "path": issue.path}))),
        "undo": (why, lambda u: s.undo(u, w.whys[0])),
        "pin": (why, lambda u: s.pin(u, issue.id, evidence(data_version="new"))),
        "unpin": (why, lambda u: s.unpin(u, w.spare.id)),
        "save_why": (why, lambda u: s.save_why(u, replace(w.whys[0], statement="x"))),
        "save_why new": (why, lambda u: s.save_why(u, a_why(issue))),
        "remove_why": (why, lambda u: s.remove_why(u, w.whys[2].id)),
        "add_evidence": (why, lambda u: s.add_evidence(u, contacts(w.whys[0], "c9"))),
        "remove_evidence": (why, lambda u: s.remove_evidence(u, w.piece.id)),
        "restore": (why, lambda u: s.restore(u, w.gone)),
        "save_plan": (Stage.SOLUTION, lambda u: s.save_plan(u, replace(w.plan, action="x"))),
        "save_plan new": (Stage.SOLUTION, lambda u: s.save_plan(u, roster(issue))),
        "remove_plan": (Stage.SOLUTION, lambda u: s.remove_plan(u, w.plan.id)),
        "add_look": (Stage.SOLUTION, lambda u: s.add_look(u, a_look(w.plan, data_version="new"))),
        "overrule": (Stage.SOLUTION, lambda u: s.overrule(u, again)),
        "withdraw_ruling": (Stage.SOLUTION, lambda u: s.withdraw_ruling(u, w.ruling.id)),
        "next_cycle": (Stage.SOLUTION, lambda u: s.next_cycle(u, w.over.id)),
        "comment": (None, lambda u: s.comment(u, Comment(issue_id=issue.id, text="x"))),
        "remove_comment": (None, lambda u: s.remove_comment(u, w.comment.id)),
        "choose_answer": (None, lambda u: s.choose_answer(u, w.klass.id, issue.id)),
        "take_hint": (None, lambda u: s.take_hint(u, w.klass.id)),
        "bet": (None, lambda u: s.bet(u, w.klass.id, 0.5)),
    }  # fmt: skip


def other_calls(w: World) -> Mapping[str, Deed]:
    """All other calls of the store, asked for what is group A's."""
    s, id, issue = w.store, w.klass.id, w.issue
    a = w.groups[0]
    return {
        "issue": lambda u: s.issue(u, issue.id), "issues": s.issues, "traces": s.traces,
        "traces of one": lambda u: s.traces(u, issue.id), "pins": lambda u: s.pins(u, issue.id),
        "pin_counts": lambda u: [SECRET] * sum(s.pin_counts(u, [issue.id]).values()),
        "whys": lambda u: s.whys(u, issue.id), "evidence": lambda u: s.evidence(u, issue.id),
        "plans": s.plans, "plans of one": lambda u: s.plans(u, issue.id), "looks": s.looks, "rulings": s.rulings,
        "comments": s.comments, "date_changes": s.date_changes, "cycles": lambda u: s.cycles(u, w.plan.id),
        "last_change": lambda u: s.last_change(u, replace(issue, title="guessed")),
        "history": lambda u: s.history(u, issue.id), "history of a group": lambda u: s.history(u, a.id),
        "history of a class": lambda u: s.history(u, id), "removed": s.removed,
        "removed of one": lambda u: s.removed(u, issue.id),
        "confirm_ruling": lambda u: s.confirm_ruling(u, w.ruling.id),
        "reopen": lambda u: s.reopen(w.plan.id, Statement("x"), "v"),
        "seen": s.seen, "note_seen": lambda u: s.note_seen(u, Seen(what="contacts"), keep_days=365),
        "classes": s.classes, "training_class": lambda u: s.training_class(u, id),
        "class_of_code": lambda u: s.class_of_code(w.klass.code), "groups": lambda u: s.groups(u, id),
        "members": lambda u: s.members(u, id),
        "hints": lambda u: [SECRET] * sum(hint.group == a.key for hint in s.hints(u, id)),
        "quiz_answers": lambda u: s.quiz_answers(u, id), "marks": lambda u: s.marks(u, id),
        "remarks": lambda u: s.remarks(u, id), "key": lambda u: [SECRET, s.key(u, id)],
        "membership": lambda u: s.membership(u.id), "attend": s.attend,
        "join": lambda u: s.join(u, w.klass.code, w.member.name),
        "choose_group": lambda u: s.choose_group(u, id, a.key), "place": lambda u: s.place(u, w.member.id, ""),
        "remove_member": lambda u: s.remove_member(u, w.member.id), "add_group": lambda u: s.add_group(u, id, "C"),
        "rename_group": lambda u: s.rename_group(u, a.id, "x"), "remove_group": lambda u: s.remove_group(u, a.id),
        "mark": lambda u: s.mark(u, replace(w.mark, points=0)),
        "say": lambda u: s.say(u, Remark(class_id=id, group=a.key, text="x")),
        "open_class": lambda u: s.open_class(u, w.klass, KEY, ["A"]),
        "save_class": lambda u: s.save_class(u, replace(w.klass, title="x")),
        "start_stage": lambda u: s.start_stage(u, id, Stage.WHY, minutes=1), "extend": lambda u: s.extend(u, id, 1),
        "lock_stage": lambda u: s.lock_stage(u, id, Stage.WHY),
        "unlock_stage": lambda u: s.unlock_stage(u, id, Stage.WHY), "reveal": lambda u: s.reveal(u, id),
        "collect": lambda u: s.collect(u, id), "end_class": lambda u: s.end_class(u, id),
        "answer_quiz": lambda u: s.answer_quiz(u, id, "q", "nominal"), "submit": lambda u: s.submit(u, id),
        "drafts": lambda u: [s.drafts.of(u, issue.id), s.drafts.moments(u)],
        "drafts keep": lambda u: s.drafts.keep(u, Draft(kind="issue", subject_id=issue.id, field="cause",
                                                        content="mine", issue_id=issue.id)),
        "drafts drop": lambda u: s.drafts.drop(u, issue.id),
    }  # fmt: skip


def work_of(w: World) -> dict[str, Any]:
    """All lines of the store but those of B, of what people type and of what they saw."""
    mine = {w.bob.id, w.groups[1].id, w.groups[1].key}
    with w.store.engine.connect() as connection:
        lines = {table: connection.execute(select(table)).all() for table in metadata.sorted_tables}
    return {
        table.name: [line for line in found if not mine & {str(part) for part in line}]
        for table, found in lines.items()
        if not any(word in table.name for word in ("draft", "audit", "seen"))
    } | {"drafts": w.store.drafts.of(w.ann, w.issue.id)}

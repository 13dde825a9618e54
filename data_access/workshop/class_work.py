"""What groups do in a class beside their issue, and what who teaches says of it: hints, quiz, bet, answer, marks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from data_access.access import User, may_teach
from data_access.statement import BadInput
from data_access.workshop import class_rows, class_rules, rows, tables
from data_access.workshop.changes import Conflict
from data_access.workshop.class_records import Group, Hint, Mark, Member, QuizAnswer, Remark, TrainingClass
from data_access.workshop.class_rules import LONGEST_TITLE
from data_access.workshop.engine import reading, transaction
from data_access.workshop.field_rules import LONGEST_TEXT
from data_access.workshop.membership import seen_class

MOST_TRIES = 500  # at the quiz, by one person: each is kept, and read for the instructor every few seconds


class ClassWork:
    """The part of the store that keeps what was done in a class."""

    engine: Engine

    def choose_answer(self, user: User, class_id: str, issue_id: str) -> Group:
        """Name the issue that a group hands in: one of the own group, or for who teaches of the issue's group."""
        with transaction(self.engine) as connection:
            issue = rows.visible_issue(connection, user, issue_id)
            if may_teach(user):
                klass = class_rows.class_of(connection, class_id)
                group = class_rows.group(connection, class_id, issue.group, lock=True)
            else:
                klass, group = _own_group(connection, user, class_id)
            class_rules.check_work(user, klass, group, ())
            if issue.group != group.key:
                raise BadInput("workshop.missing.issue")
            if group.answer == issue_id:
                return group
            after = class_rows.change(connection, user, group, answer=issue_id)
            class_rows.tell_of_group(connection, user, after, "chosen")
        return after

    def take_hint(self, user: User, class_id: str) -> Hint:
        """The next hint of the case, for the whole group."""
        with transaction(self.engine) as connection:
            klass, group = _own_group(connection, user, class_id)
            class_rules.check_work(user, klass, group, ())
            class_rules.check_begun(klass)
            taken = class_rows.parts(connection, Hint, class_id, tables.hints.c.group == group.key)
            if len(taken) >= len(klass.case.hints):
                raise BadInput("class.gate.no_more_hints")
            fresh = Hint(class_id=class_id, group=group.key, number=len(taken) + 1)
            hint = class_rows.add(connection, user, fresh)
            class_rows.tell_of_group(connection, user, group, "hinted", after={"number": hint.number})
        return hint

    def hints(self, user: User, class_id: str) -> tuple[Hint, ...]:
        """The hints that were taken: by all groups for who teaches, by the own group for a member."""
        with reading(self.engine) as connection:
            _, member = seen_class(connection, user, class_id)
            taken = class_rows.parts(connection, Hint, class_id)
        return tuple(hint for hint in taken if _is_for(user, member, hint.group))

    def answer_quiz(self, user: User, class_id: str, question: str, level: str) -> QuizAnswer:
        """A member's try at a question of the quiz; each is kept."""
        code = class_rules.text_given(question, LONGEST_TITLE, field="question")
        if level not in class_rules.LEVELS:
            raise BadInput("class.form.level")
        with transaction(self.engine) as connection:
            klass, _ = seen_class(connection, user, class_id)
            class_rules.check_goes_on(klass)
            if class_rows.member(connection, class_id, user.id) is None:
                raise BadInput("class.gate.no_group")
            tries = class_rows.parts(connection, QuizAnswer, class_id, tables.quiz_answers.c.user_id == user.id)
            if len(tries) >= MOST_TRIES:
                raise BadInput("class.gate.tries", most=MOST_TRIES)
            answer = QuizAnswer(class_id=class_id, user_id=user.id, question=code, level=level)
            return class_rows.add(connection, user, answer)

    def quiz_answers(self, user: User, class_id: str) -> tuple[QuizAnswer, ...]:
        """Every try, oldest first: of all for who teaches, the own ones for a member."""
        with reading(self.engine) as connection:
            seen_class(connection, user, class_id)
            given = class_rows.parts(connection, QuizAnswer, class_id)
        return tuple(answer for answer in given if may_teach(user) or answer.user_id == user.id)

    def bet(self, user: User, class_id: str, confidence: float) -> Group:
        """How sure the group is of its location, from 0 to 1; the last one counts."""
        class_rules.check_confidence(confidence)
        with transaction(self.engine) as connection:
            klass, group = _own_group(connection, user, class_id)
            class_rules.check_work(user, klass, group, ())
            class_rules.check_begun(klass)
            after = class_rows.change(connection, user, group, bet=float(confidence), bet_at=datetime.now(UTC))
            class_rows.tell_of_group(connection, user, after, "bet", before={"bet": group.bet},
                                     after={"bet": after.bet})  # fmt: skip
        return after

    def submit(self, user: User, class_id: str) -> Group:
        """Hand in the work of the own group: from then on nobody changes it. Who is second is answered the same."""
        with transaction(self.engine) as connection:
            klass, group = _own_group(connection, user, class_id)
            if group.submitted_at:
                return group
            class_rules.check_not_revealed(klass)
            class_rules.check_begun(klass)
            return _handed_in(connection, user, group, "submitted")

    def collect(self, user: User, class_id: str) -> tuple[Group, ...]:
        """Hand in for all groups that have not; answers with these."""
        class_rules.check_may_teach(user)
        with transaction(self.engine) as connection:
            class_rules.check_not_revealed(class_rows.class_of(connection, class_id, lock=True))
            keys = [group.key for group in class_rows.parts(connection, Group, class_id)]
            found = [group for _, group in class_rows.groups_of_keys(connection, *keys, lock=True)]
            return tuple(_handed_in(connection, user, one, "collected") for one in found if not one.submitted_at)

    def mark(self, user: User, mark: Mark) -> Mark:
        """Save the points for a criterion, new ones (version 0) too; they may be changed after the reveal as well.

        Raises: Conflict when somebody saved in between.
        """
        class_rules.check_may_teach(user)
        criterion = class_rules.text_given(mark.criterion, LONGEST_TITLE, field="criterion")
        changes = {"points": float(mark.points), "comment": class_rules.comment_given(mark.comment)}
        with transaction(self.engine) as connection:
            klass = class_rows.class_of(connection, mark.class_id, lock=True)
            class_rules.check_points(klass.case, criterion, mark.points)
            class_rows.group(connection, mark.class_id, mark.group)
            stored = _stored_mark(connection, mark)
            if stored is None:
                fresh = Mark(class_id=mark.class_id, group=mark.group, criterion=criterion, **changes)  # type: ignore[arg-type]
                after = class_rows.add(connection, user, fresh)
                class_rows.tell_of_part(connection, user, after, "marked", after=changes)
                return after
            mine = replace(stored, version=mark.version, **changes)  # type: ignore[arg-type]
            before = {name: getattr(stored, name) for name in changes}
            if before == changes:
                return stored
            if not class_rows.save(connection, user, mine, **changes):
                raise Conflict(stored, mine)
            after = class_rows.part(connection, Mark, stored.id, "class.missing.group")
            class_rows.tell_of_part(connection, user, after, "marked", before=before, after=changes)
        return after

    def marks(self, user: User, class_id: str) -> tuple[Mark, ...]:
        """The marks of all groups for who teaches; a member reads those of the own group after the reveal."""
        with reading(self.engine) as connection:
            klass, member = seen_class(connection, user, class_id)
            given = class_rows.parts(connection, Mark, class_id)
        is_shown = may_teach(user) or klass.revealed_at is not None
        return tuple(mark for mark in given if is_shown and _is_for(user, member, mark.group))

    def say(self, user: User, remark: Remark) -> Remark:
        """Say something to a group, or to all."""
        class_rules.check_may_teach(user)
        text = class_rules.text_given(remark.text, LONGEST_TEXT, field="remark")
        with transaction(self.engine) as connection:
            class_rows.class_of(connection, remark.class_id)
            if remark.group:
                class_rows.group(connection, remark.class_id, remark.group)
            said = class_rows.add(connection, user, replace(remark, text=text))
            class_rows.tell_of_part(connection, user, said, "said", after={"text": text})
        return said

    def remarks(self, user: User, class_id: str) -> tuple[Remark, ...]:
        """What was said, oldest first: all of it for who teaches; to the own group and to all for a member."""
        with reading(self.engine) as connection:
            _, member = seen_class(connection, user, class_id)
            said = class_rows.parts(connection, Remark, class_id)
        return tuple(remark for remark in said if not remark.group or _is_for(user, member, remark.group))


def _own_group(connection: Connection, user: User, class_id: str) -> tuple[TrainingClass, Group]:
    """The class with the user's group in it, which nobody else changes meanwhile."""
    klass = class_rows.class_of(connection, class_id)
    member = class_rows.member(connection, class_id, user.id)
    if member is None:
        raise BadInput("class.missing.class")
    if not member.group:
        raise BadInput("class.gate.no_group")
    return klass, class_rows.group(connection, class_id, member.group, lock=True)


def _handed_in(connection: Connection, user: User, group: Group, action: str) -> Group:
    """The group with its moment; where it named no answer, what it changed last is the one."""
    own = rows.issues_of_group(connection, group.key)
    answer = group.answer if any(issue.id == group.answer for issue in own) else ""
    answer = answer or next((issue.id for issue in own), "")
    now = {"answer": answer, "submitted_at": datetime.now(UTC), "submitted_by": user.name}
    after = class_rows.change(connection, user, group, **now)
    class_rows.tell_of_group(connection, user, after, action, after={"answer": answer, "bet": after.bet})
    return after


def _stored_mark(connection: Connection, mark: Mark) -> Mark | None:
    row = tables.marks.c
    asked = (row.group == mark.group, row.criterion == mark.criterion)
    return next(iter(class_rows.parts(connection, Mark, mark.class_id, *asked)), None)


def _is_for(user: User, member: Member | None, group_key: str) -> bool:
    return may_teach(user) or (member is not None and bool(member.group) and member.group == group_key)

"""Classes in the store: opened, led through their stages, revealed and ended by who teaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from data_access.access import NotAllowed, User, may_teach
from data_access.statement import BadInput
from data_access.training import Key
from data_access.workshop import class_rows, class_rules
from data_access.workshop.changes import Conflict
from data_access.workshop.class_records import Group, Hint, Member, Stage, TrainingClass
from data_access.workshop.class_rules import LONGEST_TITLE, MOST_GROUPS
from data_access.workshop.class_work import ClassWork
from data_access.workshop.engine import one_at_a_time, reading, transaction
from data_access.workshop.membership import Membership, add_group, seen_class


class Classes(Membership, ClassWork):
    """The part of the store that knows of classes: who is in them and what they do stands in the other two."""

    engine: Engine

    def open_class(self, user: User, klass: TrainingClass, key: Key, groups: Sequence[str]) -> TrainingClass:
        """A new class with its groups; the store makes the code that people join by."""
        class_rules.check_may_teach(user)
        if not groups or len(groups) > MOST_GROUPS:
            raise BadInput("class.form.groups", most=MOST_GROUPS)
        title = class_rules.text_given(klass.title, LONGEST_TITLE, field="title")
        with transaction(self.engine) as connection:
            one_at_a_time(connection, "open class")
            fresh = TrainingClass(id=klass.id, title=title, code=_free_code(connection), case=klass.case,
                                  dataset=klass.dataset, data_version=klass.data_version)  # fmt: skip
            made = class_rows.add_class(connection, user, fresh, key)
            class_rows.tell(connection, user, made, "opened", after={"code": made.code, "case": made.case.code})
            for name in groups:
                add_group(connection, user, made, name)
        return made

    def classes(self, user: User) -> tuple[TrainingClass, ...]:
        """All classes for who teaches, their own for members; newest first."""
        with reading(self.engine) as connection:
            if may_teach(user):
                return tuple(class_rows.classes(connection))
            own = class_rows.classes(connection, user.id)
            return tuple(_seen(connection, klass, class_rows.member(connection, klass.id, user.id)) for klass in own)

    def training_class(self, user: User, class_id: str) -> TrainingClass:
        """A class as far as the user may see it: a member reads of its hints those that the own group took."""
        with reading(self.engine) as connection:
            klass, member = seen_class(connection, user, class_id)
            return klass if may_teach(user) else _seen(connection, klass, member)

    def class_of_code(self, code: str) -> TrainingClass | None:
        """The class that goes on and has this code, without its hints."""
        with reading(self.engine) as connection:
            klass = class_rows.class_of_code(connection, class_rules.typed_code(code))
        return klass and class_rules.seen_by_member(klass, 0)

    def save_class(self, user: User, klass: TrainingClass) -> TrainingClass:
        """Save the title of a class; what else there is of it has calls of its own.

        Raises: Conflict when somebody saved in between.
        """
        class_rules.check_may_teach(user)
        title = class_rules.text_given(klass.title, LONGEST_TITLE, field="title")
        with transaction(self.engine) as connection:
            stored = class_rows.class_of(connection, klass.id, lock=True)
            if stored.title == title:
                return stored
            mine = replace(stored, title=title, version=klass.version)
            if not class_rows.save(connection, user, mine, title=title):
                raise Conflict(stored, mine)
            after = class_rows.class_of(connection, klass.id)
            class_rows.tell(connection, user, after, "saved", before={"title": stored.title}, after={"title": title})
        return after

    def start_stage(
        self, user: User, class_id: str, stage: Stage, *, minutes: float | None, locks_at_end: bool = False
    ) -> TrainingClass:
        """The stage runs and is open from now; those before it stay as they are. minutes None: without an end."""
        stage = class_rules.known_stage(stage)

        def start(klass: TrainingClass) -> TrainingClass:
            return class_rules.started(klass, stage, minutes, locks_at_end=locks_at_end)

        return self._led(user, class_id, "started", start, stage=stage, minutes=minutes)

    def extend(self, user: User, class_id: str, minutes: float) -> TrainingClass:
        """The stage that runs ends later."""

        def extend(klass: TrainingClass) -> TrainingClass:
            return class_rules.extended(klass, minutes)

        return self._led(user, class_id, "extended", extend, minutes=minutes)

    def lock_stage(self, user: User, class_id: str, stage: Stage) -> TrainingClass:
        """Work of the stage is not taken from now on."""
        stage = class_rules.known_stage(stage)
        return self._led(user, class_id, "locked", lambda klass: class_rules.locked(klass, stage), stage=stage)

    def unlock_stage(self, user: User, class_id: str, stage: Stage) -> TrainingClass:
        stage = class_rules.known_stage(stage)
        return self._led(user, class_id, "unlocked", lambda klass: class_rules.unlocked(klass, stage), stage=stage)

    def key(self, user: User, class_id: str) -> Key:
        """The truth and the reference: who teaches sees them always, members once they are revealed."""
        with reading(self.engine) as connection:
            klass, member = seen_class(connection, user, class_id)
            if not class_rules.may_see_key(user, klass, is_member=member is not None):
                raise NotAllowed("class.may_not.key")
            return class_rows.key(connection, class_id)

    def reveal(self, user: User, class_id: str) -> TrainingClass:
        """Show the key to all members, once every group that has any has handed in.

        Raises: BadInput with the names of the groups that have not.
        """
        class_rules.check_may_teach(user)
        with transaction(self.engine) as connection:
            klass = class_rows.class_of(connection, class_id, lock=True)
            if klass.revealed_at:
                return klass
            class_rules.check_goes_on(klass)
            _check_all_in(connection, klass)
            after = class_rows.change(connection, user, klass, revealed_at=datetime.now(UTC))
            class_rows.tell(connection, user, after, "revealed")
        return after

    def end_class(self, user: User, class_id: str) -> TrainingClass:
        """Nobody joins or changes anything any more; what there is stays."""
        class_rules.check_may_teach(user)
        with transaction(self.engine) as connection:
            klass = class_rows.class_of(connection, class_id, lock=True)
            if klass.ended_at:
                return klass
            after = class_rows.change(connection, user, klass, ended_at=datetime.now(UTC))
            class_rows.tell(connection, user, after, "ended")
        return after

    def _led(self, user: User, class_id: str, action: str, step: Any, **content: Any) -> TrainingClass:
        """A step of the class through its stages; one that changes nothing leaves no trace."""
        class_rules.check_may_teach(user)
        with transaction(self.engine) as connection:
            klass = class_rows.class_of(connection, class_id, lock=True)
            class_rules.check_not_revealed(klass)
            after = step(klass)
            names = ("stage", "open", "ends_at", "locks_at_end")
            changes = {name: getattr(after, name) for name in names if getattr(after, name) != getattr(klass, name)}
            if not changes:
                return klass
            after = class_rows.change(connection, user, klass, **changes)
            class_rows.tell(connection, user, after, action, after={**content, "ends_at": after.ends_at})
        return after


def _free_code(connection: Connection) -> str:
    code = class_rules.new_code()
    while class_rows.is_code(connection, code):
        code = class_rules.new_code()
    return code


def _seen(connection: Connection, klass: TrainingClass, member: Member | None) -> TrainingClass:
    taken = class_rows.parts(connection, Hint, klass.id)
    return class_rules.seen_by_member(klass, sum(member is not None and hint.group == member.group for hint in taken))


def _check_all_in(connection: Connection, klass: TrainingClass) -> None:
    with_members = {member.group for member in class_rows.parts(connection, Member, klass.id)}
    groups = class_rows.parts(connection, Group, klass.id)
    waiting = [group.name for group in groups if group.key in with_members and not group.submitted_at]
    if waiting:
        raise BadInput("class.gate.not_all_in", groups=waiting)

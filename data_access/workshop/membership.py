"""Who is in a class, and in which of its groups? Members join by code; who teaches makes groups and places them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete

from data_access.access import User, may_teach
from data_access.statement import BadInput
from data_access.workshop import class_rows, class_rules, tables
from data_access.workshop.class_records import Group, Member, TrainingClass
from data_access.workshop.class_rules import MOST_GROUPS, MOST_MEMBERS
from data_access.workshop.engine import one_at_a_time, reading, transaction

SEEN_EVERY = timedelta(minutes=1)


class Membership:
    """The part of the store that knows groups and members of a class."""

    engine: Engine

    def groups(self, user: User, class_id: str) -> tuple[Group, ...]:
        """All groups for who teaches, the own one for a member; who may still choose reads the names of all."""
        with reading(self.engine) as connection:
            klass, member = seen_class(connection, user, class_id)
            groups = class_rows.parts(connection, Group, class_id)
        if may_teach(user):
            return tuple(groups)
        if member and not member.group and _may_choose(klass):
            return tuple(map(_name_only, groups))
        return tuple(group for group in groups if member and group.key == member.group)

    def add_group(self, user: User, class_id: str, name: str) -> Group:
        class_rules.check_may_teach(user)
        with transaction(self.engine) as connection:
            klass = class_rows.class_of(connection, class_id, lock=True)
            class_rules.check_not_revealed(klass)
            return add_group(connection, user, klass, name)

    def rename_group(self, user: User, group_id: str, name: str) -> Group:
        """Another name for a group; its key, which stands in its work, stays."""
        class_rules.check_may_teach(user)
        with transaction(self.engine) as connection:
            group = _locked_group(connection, group_id)
            others = class_rows.parts(connection, Group, group.class_id)
            line = class_rules.name_given(name, [o.name for o in others if o.id != group_id], field="group")
            if line == group.name:
                return group
            after = class_rows.change(connection, user, group, name=line)
            class_rows.tell_of_group(connection, user, after, "saved", before={"name": group.name},
                                     after={"name": line})  # fmt: skip
        return after

    def remove_group(self, user: User, group_id: str) -> None:
        """Take a group away that has no members and never did any work."""
        class_rules.check_may_teach(user)
        with transaction(self.engine) as connection:
            group = _locked_group(connection, group_id)
            in_it = class_rows.parts(connection, Member, group.class_id, tables.members.c.group == group.key)
            if in_it or class_rows.any_issue_of(connection, group.key):
                raise BadInput("class.gate.group_in_use", group=group.name)
            if len(class_rows.parts(connection, Group, group.class_id)) == 1:
                raise BadInput("class.gate.last_group", group=group.name)
            connection.execute(delete(tables.groups).where(tables.groups.c.id == group_id))
            class_rows.tell_of_group(connection, user, group, "removed", before={"name": group.name})

    def members(self, user: User, class_id: str) -> tuple[Member, ...]:
        """All members for who teaches, those of the own group for a member; who came first comes first."""
        with reading(self.engine) as connection:
            _, own = seen_class(connection, user, class_id)
            found = class_rows.parts(connection, Member, class_id)
        if may_teach(user):
            return tuple(found)
        return tuple(one for one in found if own and (one.id == own.id or (own.group and one.group == own.group)))

    def place(self, user: User, member_id: str, group_key: str) -> Member:
        """Put a member into a group, or with "" into none."""
        class_rules.check_may_teach(user)
        with transaction(self.engine) as connection:
            member = _locked_member(connection, member_id)
            return _placed(connection, user, member, group_key)

    def choose_group(self, user: User, class_id: str, group_key: str) -> Member:
        """A member without a group takes one, until the first stage runs."""
        with transaction(self.engine) as connection:
            klass = class_rows.class_of(connection, class_id, lock=True)
            member = class_rows.member(connection, class_id, user.id)
            if member is None:
                raise BadInput("class.missing.class")
            if member.group == group_key and group_key:
                return member
            if member.group:
                raise BadInput("class.gate.has_group")
            class_rules.check_goes_on(klass)
            class_rules.check_not_begun(klass)
            class_rows.group(connection, class_id, group_key)
            return _placed(connection, user, member, group_key)

    def remove_member(self, user: User, member_id: str) -> None:
        """Take somebody out of a class; what the person did for a group stays there."""
        class_rules.check_may_teach(user)
        with transaction(self.engine) as connection:
            member = _locked_member(connection, member_id)
            connection.execute(delete(tables.members).where(tables.members.c.id == member_id))
            class_rows.tell_of_part(connection, user, member, "removed", before={"group": member.group})

    def join(self, user: User, code: str, name: str) -> Member:
        """Become a member of the class with this code, under a name that nobody else there has; once for all calls.

        Raises: BadInput for a code of no class that goes on, and for a name that is taken or cannot be one.
        """
        class_rules.check_may_join(user)
        with transaction(self.engine) as connection:
            klass = class_rows.class_of_code(connection, class_rules.typed_code(code))
            if klass is None:
                raise BadInput("class.missing.code")
            one_at_a_time(connection, f"join {klass.id}")
            now = datetime.now(UTC)
            known = class_rows.member(connection, klass.id, user.id)
            if known:
                return class_rows.change(connection, user, known, last_seen=now)
            others = [member.name for member in class_rows.parts(connection, Member, klass.id)]
            if len(others) >= MOST_MEMBERS:
                raise BadInput("class.gate.full", most=MOST_MEMBERS)
            line = class_rules.name_given(name, others, field="name")
            fresh = Member(class_id=klass.id, user_id=user.id, name=line, last_seen=now)
            member = class_rows.add(connection, replace(user, name=line), fresh)
            class_rows.tell_of_part(connection, replace(user, name=line), member, "joined", after={"name": line})
        return member

    def membership(self, user_id: str, *, or_over: bool = False) -> Member | None:
        """Where a person takes part now; None once removed, or when the class is over.

        or_over: where no class goes on, the group of the last one that ended: its result can still be read.
        """
        with reading(self.engine) as connection:
            now = class_rows.membership(connection, user_id)
            return now or (class_rows.membership(connection, user_id, over=True) if or_over else None)

    def attend(self, user: User) -> None:
        """Note that somebody is there, at most once a minute."""
        member, now = self.membership(user.id), datetime.now(UTC)
        if member is None or (member.last_seen and now - member.last_seen < SEEN_EVERY):
            return
        with transaction(self.engine) as connection:
            class_rows.change(connection, user, member, last_seen=now)


def seen_class(connection: Connection, user: User, class_id: str) -> tuple[TrainingClass, Member | None]:
    """A class that the user leads or is a member of, as which; any other is answered like one that does not exist."""
    klass = class_rows.class_of(connection, class_id)
    member = class_rows.member(connection, class_id, user.id)
    if member is None and not may_teach(user):
        raise BadInput("class.missing.class")
    return klass, member


def add_group(connection: Connection, user: User, klass: TrainingClass, name: str) -> Group:
    groups = class_rows.parts(connection, Group, klass.id)
    if len(groups) >= MOST_GROUPS:
        raise BadInput("class.form.groups", most=MOST_GROUPS)
    line = class_rules.name_given(name, [group.name for group in groups], field="group")
    key = class_rules.group_key(klass.code, line, [group.key for group in groups])
    group = class_rows.add(connection, user, Group(class_id=klass.id, name=line, key=key))
    class_rows.tell_of_group(connection, user, group, "created", after={"name": line})
    return group


def _placed(connection: Connection, user: User, member: Member, group_key: str) -> Member:
    if group_key:
        class_rows.group(connection, member.class_id, group_key)
    if member.group == group_key:
        return member
    after = class_rows.change(connection, user, member, group=group_key)
    before = {"group": member.group}
    class_rows.tell_of_part(connection, user, after, "placed", before=before, after={"group": group_key})
    return after


def _locked_group(connection: Connection, group_id: str) -> Group:
    """The group as it is while its class is led by nobody else."""
    group = class_rows.part(connection, Group, group_id, "class.missing.group")
    class_rules.check_goes_on(class_rows.class_of(connection, group.class_id, lock=True))
    return class_rows.part(connection, Group, group_id, "class.missing.group")


def _locked_member(connection: Connection, member_id: str) -> Member:
    member = class_rows.part(connection, Member, member_id, "class.missing.member")
    class_rules.check_goes_on(class_rows.class_of(connection, member.class_id, lock=True))
    return class_rows.part(connection, Member, member_id, "class.missing.member")


def _may_choose(klass: TrainingClass) -> bool:
    return klass.stage is None and not klass.open and klass.ended_at is None


def _name_only(group: Group) -> Group:
    """A group as somebody sees it who is in none: its name, and nothing of what it did."""
    made = {field: getattr(group, field) for field in ("id", "class_id", "name", "key")}
    return Group(**made, version=group.version)

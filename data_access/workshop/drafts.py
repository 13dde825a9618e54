"""What people are typing and have not saved: kept for each of them alone, over pages, browsers and restarts.

A draft says what stood in the field when the typing began, so that a change by somebody else in between is noticed.
It ends when nothing was typed into its field for KEPT, or when its issue was deleted before OF_A_DELETED_ISSUE.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from data_access.access import User
from data_access.workshop import rules
from data_access.workshop.clock import at_least, moment
from data_access.workshop.engine import reading, transaction
from data_access.workshop.field_rules import check_content, longest
from data_access.workshop.tables import drafts, removed

NO_ISSUE = ""  # of what is typed before there is an issue
KEPT = timedelta(days=90)
OF_A_DELETED_ISSUE = timedelta(days=30)  # it may be restored, and what was typed with it
OF_A_FIELD = ("content", "before")  # each in a list of its own, as an empty date or number is null


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody typed into a field of a record. `kind` is the record's, which need not have been saved yet."""

    kind: str
    subject_id: str
    field: str
    content: Any
    before: Any = ""
    issue_id: str = NO_ISSUE
    at: datetime | None = None


@dataclass(frozen=True)
class Drafts:
    """Every call names its user and speaks of that user's drafts alone. May raise Unreachable."""

    engine: Engine

    def of(self, user: User, issue_id: str = NO_ISSUE) -> tuple[Draft, ...]:
        """What the user typed about an issue and everything that hangs on it, oldest first."""
        with reading(self.engine) as connection:
            lines = connection.execute(_mine(user).where(drafts.c.issue_id == issue_id).order_by(drafts.c.at))
            return tuple(_draft(line) for line in lines.mappings())

    def moments(self, user: User) -> Mapping[str, datetime]:
        """The issues with something unsaved of the user, and when that was typed last."""
        query = select(drafts.c.issue_id, func.max(drafts.c.at)).where(drafts.c.who_id == user.id)
        with reading(self.engine) as connection:
            return {id: at for id, at in connection.execute(query.group_by(drafts.c.issue_id)) if id != NO_ISSUE}

    def keep(self, user: User, draft: Draft) -> Draft:
        """Keep what is typed now in place of what was typed before. Raises NotAllowed, BadInput."""
        rules.check_may_edit(user)
        most = 2 * longest(draft.field)  # as JSON, where a line break takes two signs
        check_content(draft.field, draft.content, most=most, too_large="workshop.form.draft_too_long")
        signed = replace(draft, at=moment())
        with transaction(self.engine) as connection:
            connection.execute(self._put(user, signed))
            connection.execute(delete(drafts).where(_is_over(at_least())))
        return signed

    def _put(self, user: User, draft: Draft) -> Any:
        """Over what another window of the same person typed; what stood there before stays what it was."""
        dialect = postgresql if self.engine.dialect.name == "postgresql" else sqlite
        line = {f.name: getattr(draft, f.name) for f in fields(draft)} | {"who_id": user.id}
        put = dialect.insert(drafts).values(line | {name: (line[name],) for name in OF_A_FIELD})
        typed = {"content": put.excluded.content, "at": put.excluded.at}
        return put.on_conflict_do_update(index_elements=["who_id", "subject_id", "field"], set_=typed)

    def drop(self, user: User, subject_id: str, names: Collection[str] | None = None) -> None:
        """Forget what was typed into some fields of a record, or into all of them."""
        gone = delete(drafts).where(drafts.c.who_id == user.id, drafts.c.subject_id == subject_id)
        with transaction(self.engine) as connection:
            connection.execute(gone if names is None else gone.where(drafts.c.field.in_(names)))


def _is_over(now: datetime) -> ColumnElement[bool]:
    """Whether a draft is of no use any more, whoever it is of."""
    deleted = select(removed.c.issue_id).where(
        removed.c.kind == "issue", removed.c.removed_at < now - OF_A_DELETED_ISSUE
    )
    return or_(drafts.c.at < now - KEPT, drafts.c.issue_id.in_(deleted))


def _draft(line: Mapping[Any, Any]) -> Draft:
    return Draft(**{**line, **{name: line[name][0] for name in OF_A_FIELD}})


def _mine(user: User) -> Select[Any]:
    return select(*(drafts.c[f.name] for f in fields(Draft))).where(drafts.c.who_id == user.id)

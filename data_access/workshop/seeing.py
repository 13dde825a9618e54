"""Who was shown which rows, and who took along which files: kept by the store before anything of it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, delete, insert, or_, select

from data_access.access import NotAllowed, User, may_read_audit
from data_access.workshop.engine import reading, transaction
from data_access.workshop.seen_records import Seen
from data_access.workshop.seen_tables import seen

LEAST_DAYS = 30  # the database refuses to delete what is younger; a day more, as its clock may be another
MOST_SHOWN = 10_000


class Seeing:
    """The part of the store that keeps what was seen."""

    engine: Engine

    def note_seen(self, user: User, what: Seen, *, keep_days: int) -> None:
        """Keep that the user is about to see something, and forget what is older than `keep_days`."""
        now = datetime.now(UTC)
        with transaction(self.engine) as connection:
            connection.execute(insert(seen), _values(user, what, now))
            connection.execute(delete(seen).where(seen.c.at < now - timedelta(days=max(keep_days, LEAST_DAYS) + 1)))

    def seen(
        self, user: User, *, since: date | None = None, until: date | None = None, person: str = ""
    ) -> tuple[Seen, ...]:
        """What was seen from one day (UTC) until before another, newest first; of one person (id or name), or of all.

        At most `MOST_SHOWN`. Raises: NotAllowed for who is no admin.
        """
        if not may_read_audit(user):
            raise NotAllowed("access.may_not.audit")
        asked = [seen.c.at >= _midnight(since)] if since else []
        asked += [seen.c.at < _midnight(until)] if until else []
        asked += [or_(seen.c.who_id == person, seen.c.who == person)] if person else []
        with reading(self.engine) as connection:
            query = select(seen).where(*asked).order_by(seen.c.number.desc()).limit(MOST_SHOWN)
            return tuple(_read(row) for row in connection.execute(query).mappings())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _values(user: User, what: Seen, now: datetime) -> dict[str, Any]:
    about = {name: getattr(what, name) for name in ("what", "subject", "dataset", "data_version", "asked", "count")}
    return {**about, "at": now, "who": user.name, "who_id": user.id,
            "roles": sorted(user.roles), "scope": user.scope.filters}  # fmt: skip


def _read(row: Mapping[Any, Any]) -> Seen:
    return Seen(**{**row, "roles": tuple(row["roles"]), "scope": tuple(row["scope"])})

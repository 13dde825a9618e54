"""What lets persons be known is forgotten once it is old, and nothing else; first it is only said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access.__main__ import main
from data_access.workshop import tables
from data_access.workshop.purging import _rewritten, purged, to_forget
from data_access.workshop.seen_records import Seen
from data_access.workshop.store import Store

from .class_world import made_world
from .conftest import ANALYST, evidence

OLD, DAY = datetime(2025, 3, 1, tzinfo=UTC), date(2026, 1, 1)
AGED = ("pin", "evidence", "recovery_round")


def counts(store: Store) -> dict[str, int]:
    found = sa.inspect(store.engine)
    with store.engine.connect() as connection:
        return {name: int(connection.execute(sa.text(f'SELECT count(*) FROM "{name}"')).scalar_one())
                for name in found.get_table_names()}  # fmt: skip


def aged(store: Store) -> None:
    """All that stands there was written long ago."""
    with store.engine.begin() as connection, _rewritten(connection):
        connection.execute(sa.update(tables.audit).values(at=OLD))
        for name in AGED:
            made = sa.text(f"UPDATE workshop_{name} SET created_at = :old")
            connection.execute(made, {"old": OLD.replace(tzinfo=None)})


def test_what_is_old_is_forgotten_and_nothing_else(store: Store) -> None:
    world = made_world(store)
    aged(store)
    fresh = store.pin(ANALYST, store.create_issue(ANALYST, "new").id, evidence())
    store.note_seen(ANALYST, Seen(what="contacts", count=3), keep_days=365)
    before, said = counts(store), to_forget(store.engine, DAY)
    assert counts(store) == before and said["pins"] >= 2 and said["rounds"] >= 1 and said["history"] > 3
    assert purged(store.engine, DAY) == said
    after = counts(store)
    gone = {name: before[name] - after[name] for name in before if before[name] != after[name]}
    assert gone == {"workshop_pin": said["pins"], "workshop_recovery_round": said["rounds"],
                    "workshop_recovery_case": said["cases"], "workshop_audit": -1}  # fmt: skip
    assert [pin.id for pin in store.pins(ANALYST, fresh.issue_id)] == [fresh.id]
    (trace,) = store.traces(world.ann, world.issue.id)
    assert trace.plans and trace.whys and trace.issue.title == world.issue.title
    with store.engine.connect() as connection:
        kept = connection.execute(sa.select(tables.evidence.c.contacts)).scalars().all()
        told = sa.select(tables.audit).where(tables.audit.c.kind.in_(("pin", "evidence")))
        entries = connection.execute(told).mappings().all()
    assert all(contacts == () for contacts in kept)
    assert all(
        (e["before"], e["after"]) == (None, None) for e in entries if e["at"] < datetime.now(UTC) - timedelta(1)
    )
    assert set(to_forget(store.engine, DAY).values()) == {0}
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM workshop_audit"))


def test_by_command_first_without_doing_it(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made_world(sqlite_store)
    aged(sqlite_store)
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))
    before = counts(sqlite_store)
    assert main(["purge", "--before", "2026-01-01", "--lang", "zh-CN"]) == 0
    assert "尚未改动" in capsys.readouterr().out and counts(sqlite_store) == before
    assert main(["purge", "--before", "2026-01-01", "--yes"]) == 0
    assert "forgotten" in capsys.readouterr().out and counts(sqlite_store) != before
    with pytest.raises(SystemExit):
        main(["purge", "--before", "yesterday"])

"""Who was shown what is kept, told to admins alone, and cannot be changed; the same on both databases."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access.__main__ import main
from data_access.access import NotAllowed, Role, Scope, User
from data_access.model_file import parse_model
from data_access.selection import Filter, Period, Selection
from data_access.workshop.seen_records import Seen, asked_of
from data_access.workshop.seen_tables import seen
from data_access.workshop.store import Store

from .conftest import ANALYST, INSTRUCTOR, TEAM_1

ADMIN = User("a1", "Ma Li", frozenset({Role.ADMIN}))
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
MODEL = parse_model("""
table = "contacts"
contact_id = "id"
agent = "agent"
score = { column = "score", scale = [1, 10] }
[dimensions]
team = { column = "team" }
agent = { column = "agent" }
""")
ASKED = asked_of(
    MODEL, Selection("score", OCTOBER, filters=(Filter("agent", ("Zhang San",)), Filter("team", ("A",))))
)
ROWS = Seen(what="contacts", dataset="sample", data_version="v1", asked=ASKED, count=12)


def test_a_selection_is_kept_without_whom_it_names() -> None:
    assert ASKED["filters"] == [("agent", 1), ("team", ("A",))] and "Zhang" not in str(ASKED)


def test_an_admin_reads_who_saw_what_and_nobody_else_does(store: Store) -> None:
    store.note_seen(ANALYST, ROWS, keep_days=365)
    store.note_seen(TEAM_1, Seen(what="file", subject="xlsx plans"), keep_days=365)
    newest, first = store.seen(ADMIN)
    assert (newest.who, newest.scope, newest.subject) == ("Gao Yu", TEAM_1.scope.filters, "xlsx plans")
    assert (first.who_id, first.roles, first.scope, first.count) == ("u1", ("analyst",), (), 12)
    assert (first.asked["period"], first.asked["filters"]) == (OCTOBER, (("agent", 1), ("team", ("A",))))
    assert first.at is not None and abs(datetime.now(UTC) - first.at) < timedelta(minutes=5)
    assert [line.who for line in store.seen(ADMIN, person="u1")] == ["Li Na"]
    today = datetime.now(UTC).date()
    assert len(store.seen(ADMIN, since=today - timedelta(days=1), until=today + timedelta(days=1))) == 2
    assert store.seen(ADMIN, since=today + timedelta(days=2)) == ()
    for user in (ANALYST, INSTRUCTOR):
        with pytest.raises(NotAllowed):
            store.seen(user)


@pytest.mark.parametrize("change", ["UPDATE workshop_seen SET who = 'nobody'", "DELETE FROM workshop_seen"])
def test_the_database_refuses_to_change_it(store: Store, change: str) -> None:
    store.note_seen(ANALYST, ROWS, keep_days=365)
    with pytest.raises(sa.exc.DBAPIError, match="workshop_seen is"), store.engine.begin() as connection:
        connection.execute(sa.text(change))
    assert [line.who for line in store.seen(ADMIN)] == ["Li Na"]


def test_what_is_older_than_is_kept_is_forgotten(store: Store) -> None:
    ages = (400, 100, 20)
    with store.engine.begin() as connection:
        for age in ages:
            line = {"who": "x", "who_id": str(age), "what": "risk", "subject": "", "dataset": "", "data_version": "",
                    "roles": [], "scope": [], "asked": {}, "count": 1}  # fmt: skip
            connection.execute(sa.insert(seen), line | {"at": datetime.now(UTC) - timedelta(days=age)})
    store.note_seen(ANALYST, ROWS, keep_days=365)
    assert [line.who_id for line in store.seen(ADMIN)] == ["u1", "20", "100"]
    store.note_seen(ANALYST, ROWS, keep_days=1)  # thirty days at least
    assert [line.who_id for line in store.seen(ADMIN)] == ["u1", "u1", "20"]


def test_by_command_in_both_languages(sqlite_store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    sqlite_store.note_seen(User("z", "=cmd()", frozenset(), Scope((Filter("team", ("A",)),))), ROWS, keep_days=365)
    store = str(sqlite_store.engine.url.database)
    assert main(["audit", "--store", store, "--format", "csv", "--lang", "zh-CN"]) == 0
    csv = capsys.readouterr().out
    assert "数字背后的服务记录" in csv and "1 人" in csv and "'=cmd()" in csv
    assert main(["audit", "--store", store, "--format", "json", "--person", "z"]) == 0
    (line,) = json.loads(capsys.readouterr().out)
    assert (line["what"], line["count"], line["who_id"]) == ("contacts", 12, "z")
    assert main(["audit", "--store", str(Path(store).with_name("none.sqlite"))]) == 3

"""The migrations lead from nothing to the tables the program speaks of, once and from any number of starts."""

import multiprocessing
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, Table, Text, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from data_access.selection import Filter, Period
from data_access.statement import BadInput
from data_access.workshop.columns import VERSION_TABLE, metadata
from data_access.workshop.engine import connect, migrate, transaction
from data_access.workshop.form import MIGRATIONS
from data_access.workshop.records import Basis, Comment, IssueState, Milestone, Plan, PlanState
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.class_fixtures import begun, opened, seated
from tests.data_access.workshop.conftest import ANALYST, VIEWER, evidence

NIGHT = datetime(2026, 11, 2, 8)
SIGNED = {"created_by": "Li Na", "created_by_id": "u1", "created_at": NIGHT, "updated_by": "Wang Wei",
          "updated_at": NIGHT, "version": 3}  # fmt: skip
ASKED = '{"baseline":null,"filters":[["business",["3G"]]],"metric":"score","period":null}'
JSON = {"options": "{}", "statements": "[]", "statistics": '{"score":84.7}', "rows": "[]"}
PIN = {"id": "p", "issue_id": "i", "method": "contribution", "selection": ASKED, "data_version": "a81f3c", **JSON}
OLD_ROWS = (
    ("issue", {"id": "i", "title": "Old", "state": "diagnosed", "cause": "Flat roster", "cause_type": "capacity"}),
    ("pin", PIN),
)
ISSUE = {"id": "i", "title": "3G", "state": "open", "basis": "data", "path": "[]", "branches": "[]"}
MOVED = ("description", "data_problem", "where", "why", "solution")
WRITTEN = ISSUE | {
    "state": "diagnosed", "cause": "Flat roster", "cause_type": "capacity", "origin": "p",
    "path": '[{"$filter":["business",["3G"]]}]', "description": "For the review of week 45.",
    "data_problem": "84.7 instead of 86.3", "where": "3G 用户：“打不进来”",
    "why": "Bills go out at once\n- and texts too", "solution": "  ",
}  # fmt: skip
WHY = {"issue_id": "i", "level": "direct", "status": "hypothesised", "confidence": "low"}
HANGING = (
    ("pin", PIN | {"sql": "[]"}),
    ("why", WHY | {"id": "w1", "statement": "Callers wait"}),
    ("why", WHY | {"id": "w2", "statement": "Seats are missing", "parent_id": "w1"}),
    ("evidence", {"id": "e", "issue_id": "i", "why_id": "w2", "kind": "pin", "stance": "supports", "pin_id": "p",
                  "contacts": "[]", "statistics": "{}", "answers": "{}"}),
    ("plan", {"id": "l", "issue_id": "i", "action": "Roster", "due": date(2026, 12, 15), "expected_lift": 0.9,
              "state": "planned"}),
    ("audit", {"at": NIGHT, "who": "Li Na", "action": "saved", "kind": "issue", "subject_id": "i", "issue_id": "i",
               "before": '{"where":""}', "after": '{"where":"3G"}'}),
)  # fmt: skip


def test_migrated_tables_are_those_of_the_program(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
        tables = set(inspect(connection).get_table_names())
    assert tables == {*metadata.tables, VERSION_TABLE}


def test_migrating_again_keeps_everything(store: Store, store_url: str) -> None:
    issue = store.create_issue(ANALYST, "3G")
    migrate(store.engine)
    again = open_store(store_url)
    assert again.issues(ANALYST) == (issue,)
    assert again.save_issue(ANALYST, replace(issue, notes="x")).version == 2
    again.engine.dispose()


@pytest.mark.slow
def test_several_programs_start_at_once(store_url: str) -> None:
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(3, mp_context=spawned) as pool:
        assert list(pool.map(schema_after_start, [store_url] * 3)) == [["r012"]] * 3


def schema_after_start(url: str) -> list[str]:
    engine = connect(url)
    with engine.connect() as connection:
        return list(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars())


def written_by(url: str, revision: str, *rows: tuple[str, Mapping[str, object]]) -> None:
    """A store as the program of a revision left it: rows with their tables, texts blank where they say nothing."""
    engine = create_engine(url)
    if engine.url.database and engine.dialect.name == "sqlite":
        Path(engine.url.database).parent.mkdir(parents=True)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, revision)
        for name, row in rows:
            table = Table(f"workshop_{name}", MetaData(), autoload_with=connection)
            blank = {column.name: "" for column in table.columns if isinstance(column.type, Text)}
            signed = {column.name: SIGNED[column.name] for column in table.columns if column.name in SIGNED}
            connection.execute(table.insert(), blank | signed | dict(row))
    engine.dispose()


def test_issues_and_pins_of_before_go_on(store_url: str) -> None:
    """An old diagnosis without whys is planned, changed and closed as it always was."""
    written_by(store_url, "r001", *OLD_ROWS)
    store = open_store(store_url)
    (trace,) = store.traces(ANALYST)
    assert (trace.issue.basis, trace.issue.path, trace.issue.branches) == (Basis.DATA, (), ())
    assert (trace.issue.origin, trace.issue.exception, trace.pins[0].sql) == ("", "", ())
    assert trace.whys == trace.evidence == ()
    plan = Plan(issue_id="i", action="x", owner="o", due=date(2026, 12, 1), target_metric="score")
    plan = store.save_plan(ANALYST, plan)
    issue = store.save_issue(ANALYST, replace(trace.issue, state=IssueState.PLANNED, notes="more"))
    store.pin(ANALYST, "i", evidence())
    store.unpin(ANALYST, "p")
    store.save_plan(ANALYST, replace(plan, state=PlanState.DROPPED))
    assert store.save_issue(ANALYST, replace(issue, state=IssueState.CLOSED)).version == 5
    store.engine.dispose()


OLD_PLAN = {"id": "l", "issue_id": "i", "action": "Roster", "due": date(2026, 12, 15), "expected_lift": 0.9,
            "owner": "workforce", "target_metric": "score", "target_value": 84.0, "state": "doing"}  # fmt: skip
LATER = datetime(2026, 11, 9, 7)
OLD_STEPS = tuple(
    ("audit", {"at": at, "who": "Li Na", "action": action, "kind": "plan", "subject_id": "l", "issue_id": "i",
               "before": f'{{"{name}":"{before}"}}', "after": f'{{"{name}":"{after}"}}'})
    for at, action, name, before, after in (
        (NIGHT, "moved", "state", "planned", "doing"), (LATER, "saved", "owner", "floor", "workforce"))
)  # fmt: skip


@pytest.mark.parametrize("revision", ["r001", "r008"])
def test_plans_of_before_go_on_to_their_verdict(store_url: str, revision: str) -> None:
    """Nothing of an old plan is lost, and all that is new can be said of it."""
    parts = {} if revision == "r001" else {"segment": '[{"$filter":["business",["3G"]]}]', "scope": "[]"}
    issue, pin = (ISSUE, PIN | {"sql": "[]", "scope": "[]"}) if parts else (OLD_ROWS[0][1], PIN)
    issue = issue | {"scope": "[]"} if parts else issue
    steps = [(table, {**step, "reach": None} if parts else step) for table, step in OLD_STEPS]
    written_by(store_url, revision, ("issue", issue), ("pin", pin), ("plan", OLD_PLAN | parts), *steps)
    store = open_store(store_url)
    (plan,) = store.plans(ANALYST)
    told = {"action": "Roster", "due": date(2026, 12, 15), "expected_lift": 0.9, "owner": "workforce",
            "target_metric": "score", "target_value": 84.0, "state": PlanState.DOING, "version": 3,
            "created_by": "Li Na"}  # fmt: skip
    assert {name: getattr(plan, name) for name in told} == told
    assert plan.segment == ((Filter("business", ("3G",)),) if parts else ())
    assert plan.state_since == NIGHT.replace(tzinfo=UTC)  # its last step, not its last change
    fresh = Plan(issue_id="i", action="x")
    new = ("block", "priority", "milestones", "baseline", "start", "treated", "starts", "smallest", "cycle_of")
    assert all(getattr(plan, name) == getattr(fresh, name) for name in new)
    assert len(store.history(ANALYST, "i")) == 2
    week = Period(date(2026, 10, 1), date(2026, 11, 1))
    changes = {"milestones": (Milestone("Agreed", date(2026, 11, 20)),), "baseline": week, "unit": "team",
               "treated": ("1",), "control": ("2", "3"), "starts": (("1", date(2026, 11, 3)),)}  # fmt: skip
    saved = store.save_plan(ANALYST, replace(plan, start=date(2026, 11, 2), check_on=date(2027, 1, 4), **changes))
    assert store.plans(ANALYST) == (saved,) and saved.state_since == plan.state_since
    store.comment(VIEWER, Comment(issue_id="i", text="At last"))
    assert [trace.comments[0].text for trace in store.traces(ANALYST)] == ["At last"]
    store.engine.dispose()


NO_LISTS = dict.fromkeys(("segment", "scope", "milestones", "treated", "control", "starts", "guardrails"), "[]")
PLAN_OF_R009 = OLD_PLAN | NO_LISTS | {"priority": "normal", "escalation": "none", "baseline": None, "noticed": None}


@pytest.mark.parametrize("revision", ["r001", "r009"])
def test_a_class_is_opened_beside_what_there_was(store_url: str, revision: str) -> None:
    """Issues and plans of before stand as they did, and belong to no class even where their group is called alike."""
    old = OLD_ROWS if revision == "r001" else (
        ("issue", ISSUE | {"scope": "[]", "group": "A"}), ("pin", PIN | {"sql": "[]", "scope": "[]"}),
        ("plan", PLAN_OF_R009), ("comment", {"id": "c", "issue_id": "i", "kind": "comment", "text": "At last"}),
    )  # fmt: skip
    written_by(store_url, revision, *old)
    store = open_store(store_url)
    before = store.traces(ANALYST)
    assert len(before) == 1 and before[0].issue.version == 3 and len(before[0].plans) == (revision == "r009")
    klass = begun(store, opened(store))
    ann = seated(store, klass, 1)
    assert store.traces(ann) == () and store.begin(ann, "3G", evidence(), (), once=True).group == f"{klass.code}-A"
    assert [trace for trace in store.traces(ANALYST) if trace.issue.id == "i"] == list(before)
    assert store.save_issue(ANALYST, replace(before[0].issue, notes="more")).version == 4
    store.engine.dispose()


def test_texts_that_are_asked_no_more_stand_in_the_notes(store_url: str) -> None:
    written_by(store_url, "r002", ("issue", WRITTEN), ("issue", ISSUE | {"id": "j"}), *HANGING)
    store = open_store(store_url)
    traces = {trace.issue.id: trace for trace in store.traces(ANALYST)}
    full = traces["i"]
    assert full.issue.notes.split("\n\n") == [
        "For the review of week 45.",
        "Data problem: 84.7 instead of 86.3",
        "问题定位：3G 用户：“打不进来”",
        "Why: Bills go out at once\n- and texts too",
    ]
    assert traces["j"].issue.notes == ""
    assert (full.issue.version, full.issue.updated_by) == (3, "Wang Wei")  # nobody saved anything
    assert (full.issue.path, full.issue.location_reason) == ((Filter("business", ("3G",)),), "")
    assert full.origin is not None and (full.origin.id, full.origin.statistics) == ("p", {"score": 84.7})
    assert [(why.statement, why.parent_id) for why in full.whys] == [
        ("Callers wait", ""), ("Seats are missing", "w1")
    ]  # fmt: skip
    assert [(piece.why_id, piece.pin_id) for piece in full.evidence] == [("w2", "p")]
    assert [(plan.action, plan.expected_lift, plan.due) for plan in full.plans] == [
        ("Roster", 0.9, date(2026, 12, 15))
    ]
    assert [entry.after for entry in store.history(ANALYST, "i")] == [{"where": "3G"}]
    saved = store.save_issue(ANALYST, replace(full.issue, notes="All said in the tree"))
    assert (saved.version, store.history(ANALYST, "i")[0].before) == (4, {"notes": full.issue.notes})
    store.engine.dispose()


def test_an_issue_with_the_longest_texts_of_before_can_still_be_saved(store_url: str) -> None:
    written_by(store_url, "r002", ("issue", ISSUE | dict.fromkeys(MOVED, "字" * 10_000)))
    store = open_store(store_url)
    (issue,) = store.issues(ANALYST)
    assert issue.notes.count("字") == 50_000
    assert store.save_issue(ANALYST, replace(issue, title="3G at night")).version == 4
    store.engine.dispose()


def test_what_hangs_on_an_issue_cannot_lose_it_once_a_table_was_rebuilt(store_url: str) -> None:
    written_by(store_url, "r002", ("issue", WRITTEN), *HANGING)
    store = open_store(store_url)
    for change in ("DELETE FROM workshop_issue", "UPDATE workshop_why SET issue_id = 'nowhere'"):
        with pytest.raises(IntegrityError), transaction(store.engine) as connection:
            connection.execute(text(change))
    store.engine.dispose()


def test_a_store_of_a_newer_program_is_left_alone(store: Store, store_url: str) -> None:
    with transaction(store.engine) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = 'r999'"))
    with pytest.raises(BadInput) as error:
        open_store(store_url)
    assert error.value.statement.key == "store.newer"

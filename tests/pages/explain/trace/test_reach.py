"""Nobody reads more of a trace than they may: viewers, groups, scopes, links to other people's issues, raw ids."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from analysis.overview import overview
from data_access.access import Role, Scope, User
from data_access.selection import Filter
from data_access.warehouse import Warehouse
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from pages.words.catalogue import Catalogue
from tests.pages.conftest import EACH_CATALOGUE, OpenPage, seen
from tests.pages.explain.trace.conftest import ME, OCTOBER, PATH, WHYS, WRITTEN, at_step, begun, keys, marking, pin_of

EN, ZH = Catalogue.load("en"), Catalogue.load("zh-CN")
VIEWER = {"satrace_roles": ["viewer"]}
TEAM_01 = {"satrace_scope": {"team": ["team_01"]}}
BLUE = {"satrace_roles": ["participant"], "satrace_groups": ["blue"]}
CHANGING = ("pin.off", "evidence.", "why.add", "why.below", "why.remove", "problem.", "path.offer", "path.take",
            "path.back", "issue.move", "plan.")  # fmt: skip
FIGURES = re.compile(r"\d+\.\d")


@pytest.fixture(scope="module")
def rows(sample: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The contacts themselves, in a copy: the app holds the file itself open."""
    copy = shutil.copy(sample, sample.with_suffix(".reach"))
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield connection


def listed(app: AppTest) -> list[str]:
    """The contacts in the list beside the whys."""
    head = EN.text("trace_page.contact.contact_id")
    return [str(id) for f in app.dataframe if head in f.value for id in f.value[head]]


def everything(app: AppTest) -> str:
    """The texts of every step that opens."""
    said = []
    for step in ("data_problem", "where", "why"):
        said.append(seen(at_step(app, step)))
    return "\n".join(said)


def test_a_viewer_reads_a_trace_and_changes_nothing(
    open_page: OpenPage, traced: Trace, worst: tuple[str, ...]
) -> None:
    app = open_page("trace", claims=VIEWER, lang="en", issue=traced.issue.id)
    app.session_state[f"page.why.{traced.issue.id}"] = traced.whys[1].id
    for step in ("data_problem", "where", "why"):
        text = seen(at_step(app, step))
        assert not app.exception and not app.error
        assert (
            [t.key for t in app.text_area] == [f"comment.text.{traced.issue.id}"]
            and not app.text_input
            and not [b for b in app.button if str(b.key).startswith("save.")]
        )
        assert not [key for key in keys(app) if key.startswith(CHANGING)]
        assert not [key for key in keys(app) if key.startswith("path.") and not _disabled(app, key)]
        assert not [contact for contact in worst if contact in text]
    assert EN.text("trace_page.may_not_see") in text and listed(app) == []
    assert all(statement in text for statement in WHYS)
    table = open_page("trace", claims=VIEWER, lang="en")
    assert not [contact for contact in worst if contact in seen(table)]
    assert "issue.create.save" not in keys(table)


def _disabled(app: AppTest, key: str) -> bool:
    return next(bool(b.disabled) for b in app.button if b.key == key)


@pytest.mark.parametrize("words", EACH_CATALOGUE)
def test_a_participant_sees_the_own_group_only(
    words: Catalogue, open_page: OpenPage, store: Store, traced: Trace
) -> None:
    blue = User("wang", "Wang", frozenset({Role.PARTICIPANT}), groups=frozenset({"blue"}))
    own = store.create_issue(blue, "Blue work")
    table = open_page("trace", claims=BLUE, lang=words.language)
    assert words.text("trace_page.summary", count=1) in [c.value for c in table.caption]
    assert WRITTEN["title"] not in seen(table)
    other = open_page("trace", claims=BLUE, lang=words.language, issue=traced.issue.id)
    assert [t.value for t in other.title] == [words.text("trace.question")]
    assert "issue" not in other.query_params and any("issue" in toast.value for toast in other.toast)
    assert WRITTEN["title"] not in seen(other)
    opened = open_page("trace", claims=BLUE, lang=words.language, issue=own.id)
    assert [t.value for t in opened.title] == ["Blue work"]


def test_a_scope_hides_the_numbers_and_contacts_of_others(
    open_page: OpenPage, store: Store, traced: Trace, worst: tuple[str, ...]
) -> None:
    table = open_page("trace", claims=TEAM_01, lang="en")
    row = dict(zip(table.dataframe[0].value.columns, table.dataframe[0].value.iloc[0], strict=True))
    assert row[EN.text("form.column.data")] == ""
    assert not FIGURES.findall(
        " ".join(row[EN.text(f"form.column.{c}")] for c in ("problem", "location", "evidence"))
    )
    app = open_page("trace", claims=TEAM_01, lang="en", issue=traced.issue.id)
    app.session_state[f"page.why.{traced.issue.id}"] = traced.whys[1].id
    text = everything(app)
    assert not app.exception and not app.error
    score = traced.origin and EN.show(traced.origin.statistics["score"], "metric")
    assert score and score.replace("\u00a0", " ") not in text
    assert listed(app) == [] and not [contact for contact in worst if contact in text]
    assert traced.issue == store.issue(ME, traced.issue.id)


@pytest.mark.parametrize("words", EACH_CATALOGUE)
def test_a_data_problem_beyond_the_scope_is_neither_denied_nor_replaced(
    words: Catalogue, open_page: OpenPage, traced: Trace
) -> None:
    app = open_page("trace", claims=TEAM_01, lang=words.language, issue=traced.issue.id)
    text = everything(app)
    assert words.text("trace_page.no_problem") not in text and words.text("trace_page.no_origin") not in text
    assert words.text("trace_page.beyond_scope") in text
    assert not {"problem.from", "problem.set"} & keys(at_step(app, "data_problem"))


def test_within_a_scope_a_trace_is_whole_and_ends_there(
    open_page: OpenPage, store: Store, opened: Warehouse, rows: duckdb.DuckDBPyConnection
) -> None:
    team = Filter("team", ("team_01",))
    mine = User("li", "Li", frozenset({Role.ANALYST}), scope=Scope((team,)))
    pin = pin_of(overview(opened, replace(OCTOBER, filters=(team,))))
    issue = begun(store, pin, PATH[:1], title="Team 1 and its bills", user=mine)
    app = open_page("trace", claims=TEAM_01, lang="en", issue=issue.id)
    text = everything(app)
    assert not app.exception and not app.error and not app.warning
    assert "Team 17" not in text and EN.show(pin.statistics["score"], "metric").replace("\u00a0", " ") in text
    asked = "SELECT DISTINCT team::VARCHAR FROM contacts WHERE list_contains($1, contact_id::VARCHAR)"
    assert listed(app) and rows.execute(asked, [listed(app)]).fetchall() == [("team_01",)]


def test_no_raw_id_of_a_customer_or_an_agent_is_ever_shown(
    open_page: OpenPage, traced: Trace, rows: duckdb.DuckDBPyConnection
) -> None:
    app = open_page("trace", lang="en", issue=traced.issue.id)
    text = seen(marking(app, 0))
    assert EN.text("trace_page.journey", contact=listed(app)[0]) in text
    assert len(listed(app)) == 12
    asked = "SELECT customer_id, agent::VARCHAR FROM contacts WHERE list_contains($1, contact_id::VARCHAR)"
    raw = {id for pair in rows.execute(asked, [listed(app)]).fetchall() for id in pair if id}
    assert len(raw) > 12 and not [id for id in raw if id in text]
    assert not re.findall(r"\b[0-9a-f]{16}\b|\bA\d{4}\b|\b1\d{10}\b", text)


def test_who_saw_the_contacts_behind_a_step_is_kept(open_page: OpenPage, store: Store, traced: Trace) -> None:
    app = at_step(open_page("trace", claims={}, lang="en", issue=traced.issue.id), "why")
    assert not app.exception and listed(app)
    (line,) = store.seen(User("a", "a", frozenset({Role.ADMIN})))
    assert (line.what, line.who_id, line.asked["page"], line.count) == ("contacts", "li", 1, 12)
    assert [name for name, _ in line.asked["filters"]][-len(PATH) :] == [step.dimension for step in PATH]

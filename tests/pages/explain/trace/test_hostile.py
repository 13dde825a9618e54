"""Texts that want to be more than text, links that lead nowhere, data that went away: a clear sentence each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from data_access.selection import Filter
from data_access.workshop.records import Basis, CauseLevel, Pin, Plan, Why
from data_access.workshop.store import Store
from data_access.workshop.tracing import Evidence, EvidenceKind, Trace
from pages.explain.trace import issue_rows, printed_form
from pages.record import history
from pages.words.catalogue import Catalogue
from pages.words.markdown import escape_markdown
from tests.pages.conftest import EACH_CATALOGUE, OpenPage, seen
from tests.pages.explain.trace.conftest import ME, PATH, at_step, begun, button

EN, ZH = Catalogue.load("en"), Catalogue.load("zh-CN")
BAD = '=HYPERLINK("http://x") **b** [x](http://y) <b>i</b> $a$ `c` :red[r] \u202e反\u202c'
LONG = BAD + "长" * (10_000 - len(BAD))
STEPS = ("data_problem", "where", "why")
AWAY = "postgresql://li:secret@127.0.0.1:1/calls"


def sound(app: AppTest) -> str:
    text = seen(app)
    assert not app.exception and not app.error and "Traceback" not in text
    return text


def as_markdown(app: AppTest) -> Iterator[str]:
    """Everything that is read as Markdown."""
    for kind in ("markdown", "caption", "title", "header", "info", "warning", "success"):
        yield from (element.value for element in getattr(app, kind))
    for kind in ("button", "text_input", "text_area", "selectbox", "multiselect"):
        yield from (element.label for element in getattr(app, kind))


def active(app: AppTest) -> list[str]:
    """Signs of the hostile text that would still act."""
    acting = re.compile(r"(?<!\\)\*\*b(?<!\\)\*\*|(?<!\\)\[x\]|(?<!\\)<b>|(?<!\\)\$a|(?<!\\)`c|:red\[")
    return [text[:200] for text in as_markdown(app) if acting.search(text)]


@pytest.fixture
def hostile(store: Store, drop: Pin, traced: Trace) -> Trace:
    """A trace that says it in every field."""
    issue = begun(store, drop, PATH[:1], title=BAD, notes=LONG, location_reason=BAD,
                  cause=BAD, owner=BAD, basis=Basis.RECORDING, basis_reason=BAD)  # fmt: skip
    top = store.save_why(ME, Why(issue_id=issue.id, statement=BAD, level=CauseLevel.SYMPTOM))
    store.save_why(ME, Why(issue_id=issue.id, statement=LONG, level=CauseLevel.DIRECT, parent_id=top.id))
    for kind, more in ((EvidenceKind.NOTE, {}), (EvidenceKind.CONTACTS, {"contacts": (BAD,)})):
        store.add_evidence(ME, Evidence(issue_id=issue.id, why_id=top.id, kind=kind, text=BAD, **more))  # type: ignore[arg-type]
    store.save_plan(ME, Plan(issue_id=issue.id, action=BAD, owner=BAD[:200]))
    return store.traces(ME, issue.id)[0]


def test_what_people_type_stays_text(open_page: OpenPage, hostile: Trace) -> None:
    issue = hostile.issue
    app = open_page("trace", lang="zh-CN", issue=issue.id)
    assert [t.value for t in app.title] == [escape_markdown(BAD)]
    app.session_state[f"history.{issue.id}"] = True
    app.session_state[f"page.why.{issue.id}"] = hostile.whys[0].id
    for step in STEPS:
        sound(at_step(app, step))
        assert active(app) == [], step
    app.session_state[f"page.why.{issue.id}"] = hostile.whys[1].id
    sound(app.run())
    assert active(app) == []
    listed = open_page("workshop", lang="en")
    sound(listed)
    assert active(listed) == []


def test_no_formula_reaches_a_spreadsheet(
    open_page: OpenPage, hostile: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, asked = list[Any](), list[Any]()
    real = issue_rows.row_of
    monkeypatch.setattr(issue_rows, "row_of", lambda *given: made.append(real(*given)) or made[-1])
    monkeypatch.setattr(history, "excel", lambda *given: asked.append(given))
    table = open_page("trace", lang="en")
    sound(table)
    assert active(table) == [] and BAD in " ".join(table.dataframe[0].value.to_numpy().ravel())
    open_page("trace", lang="en", issue=hostile.issue.id)
    for content in (printed_form.workbook(made, words=EN, title="x"), history.workbook(*asked[0])):
        cells = [c for sheet in openpyxl.load_workbook(BytesIO(content)) for row in sheet.iter_rows() for c in row]
        assert not [c.coordinate for c in cells if c.data_type == "f"]
        assert any("HYPERLINK" in str(c.value) for c in cells)


@pytest.mark.parametrize("asked", ["../../etc/passwd", "1' OR '1'='1", "**b**"])
def test_a_link_to_no_trace_shows_the_table_and_says_so(asked: str, open_page: OpenPage, traced: Trace) -> None:
    app = open_page("trace", lang="zh-CN", issue=asked)
    sound(app)
    assert [t.value for t in app.title] == [ZH.text("trace.question")]
    assert "issue" not in app.query_params and len(app.toast) == 1 and len(app.dataframe) == 1


@pytest.mark.parametrize("words", EACH_CATALOGUE)
def test_the_source_goes_away_while_a_trace_is_open(
    words: Catalogue, open_page: OpenPage, store: Store, traced: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("trace", lang=words.language, issue=traced.issue.id)
    monkeypatch.setenv("SATRACE_WAREHOUSE", AWAY)
    away = words.text("workshop.not_open", reason=words.text("workshop.data_away"))
    for step in STEPS:
        text = sound(at_step(app, step))
        assert [t.value for t in app.title] == [traced.issue.title] and "secret" not in text
        assert away in [w.value for w in app.warning]
        assert words.text("trace_page.no_origin") not in text and words.text("trace_page.no_problem") not in text
    button(app, "why.add").click().run()
    statement = next(t for t in app.text_input if t.key and t.key.endswith(".statement"))
    statement.set_value("断网时想到的")
    button(app, "why.save").click().run()
    assert "断网时想到的" in [why.statement for why in store.whys(ME, traced.issue.id)]
    table = open_page("trace", lang=words.language)
    assert traced.issue.title in sound(table) and len(table.warning) == 1


@pytest.mark.parametrize(
    ("words", "gone"), [(EN, Filter("county", ("north",))), (ZH, Filter("sub_type", ("2g_bill",)))]
)
def test_a_path_into_what_is_gone_is_one_sentence(
    words: Catalogue, gone: Filter, open_page: OpenPage, store: Store, traced: Trace
) -> None:
    left = replace(traced.issue, path=(PATH[0], gone))
    store.save_issue(ME, left)
    app = open_page("trace", lang=words.language, issue=left.id)
    for step in STEPS[1:]:
        sound(at_step(app, step))
        (warning,) = {w.value for w in app.warning}
        assert "county" in warning if gone.dimension == "county" else warning == words.text("selection.empty")
    sound(at_step(app, "where"))
    button(app, "path.back").click().run()
    assert store.issue(ME, left.id).path == PATH[:1] and not app.warning and not app.error
    store.save_issue(ME, replace(store.issue(ME, left.id), path=left.path))
    table = open_page("trace", lang=words.language)
    assert left.title in sound(table)
    assert gone.values[0] in table.dataframe[0].value[words.text("form.column.location")].iloc[0].lower()


@pytest.mark.parametrize(("words", "named"), [(EN, "nowhere"), (ZH, "kindness")])
def test_a_trace_over_data_that_are_gone_still_speaks(
    words: Catalogue, named: str, open_page: OpenPage, store: Store, drop: Pin, traced: Trace
) -> None:
    selection = replace(drop.selection, metric="kindness")
    pin = replace(drop, options={"data": "nowhere"}) if named == "nowhere" else replace(drop, selection=selection)
    issue = begun(store, pin, PATH, title="一去不返")
    app = open_page("trace", lang=words.language, issue=issue.id)
    for step in STEPS:
        assert words.text("trace_page.no_origin") not in sound(at_step(app, step))
        (warning,) = {w.value for w in app.warning}
        assert named in warning
    table = open_page("trace", lang=words.language)
    assert "一去不返" in sound(table) and not table.warning

"""What a trace must stand on before it counts, and the mark it bears wherever no data show it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from data_access.workshop.records import Basis, CauseLevel, IssueState, Pin, Why, WhyStatus
from data_access.workshop.store import Store
from data_access.workshop.tracing import Evidence, EvidenceKind, Trace
from pages.explain.trace import issue_rows, printed_form
from pages.record import history
from pages.words.catalogue import Catalogue
from tests.pages.act.conftest import field, told
from tests.pages.conftest import EACH_CATALOGUE, OpenPage
from tests.pages.explain.trace.conftest import ME, PATH, WHYS, at_step, begun, button

EN, ZH = Catalogue.load("en"), Catalogue.load("zh-CN")
BOTH = pytest.mark.parametrize("words", EACH_CATALOGUE)


@BOTH
def test_a_note_alone_supports_no_why(words: Catalogue, open_page: OpenPage, store: Store, traced: Trace) -> None:
    issue, said = traced.issue.id, "只听班长说"
    why = store.save_why(ME, Why(issue_id=issue, statement=said, level=CauseLevel.SYMPTOM))
    store.add_evidence(ME, Evidence(issue_id=issue, why_id=why.id, kind=EvidenceKind.NOTE, text="班长说的"))
    app = open_page("trace", lang=words.language, issue=issue)
    button(app, f"why.open.{why.id}").click().run()
    app.button_group(key=f"evidence.kind.{why.id}").set_value("note").run()
    assert words.text("trace_page.note_alone") in told(app)
    field(app, "selectbox", "status").set_value("supported")
    button(app, "why.save").click().run()
    assert [e.value for e in app.error] == [words.text("workshop.gate.why_unsupported", subject=said)]
    assert field(app, "selectbox", "status").value == "supported"  # what was chosen stays
    assert {w.id: w.status for w in store.whys(ME, issue)}[why.id] is WhyStatus.HYPOTHESISED
    store.add_evidence(ME, Evidence(issue_id=issue, why_id=why.id, kind=EvidenceKind.PIN, pin_id=traced.issue.origin))
    button(app, "why.save").click().run()
    assert not app.error and {w.id: w.status for w in store.whys(ME, issue)}[why.id] is WhyStatus.SUPPORTED


@BOTH
def test_fewer_than_three_levels_need_a_reason(
    words: Catalogue, open_page: OpenPage, store: Store, drop: Pin, traced: Trace
) -> None:
    issue = begun(store, drop, PATH[:1], title="只问了一次")
    store.save_why(ME, Why(issue_id=issue.id, statement=WHYS[0], level=CauseLevel.SYMPTOM))
    app = open_page("trace", lang=words.language, issue=issue.id)
    field(app, "text_input", "cause").set_value("计费规则")
    field(app, "selectbox", "cause_type").set_value("business_rule")
    button(app, "save.diagnosed").click().run()
    assert [e.value for e in app.error] == [words.text("workshop.gate.needs_levels", subject=issue.title)]
    assert store.issue(ME, issue.id).state is IssueState.OPEN
    assert field(app, "text_input", "cause").value == "计费规则"
    field(app, "text_input", "exception").set_value("规则部门已承认")
    button(app, "save.diagnosed").click().run()
    saved = store.issue(ME, issue.id)
    assert not app.error and (saved.state, saved.exception) == (IssueState.DIAGNOSED, "规则部门已承认")
    assert words.text("workshop.field.exception") in [t.label for t in at_step(app, "why").text_input]


def test_three_levels_with_a_supported_root_need_none(open_page: OpenPage, store: Store, traced: Trace) -> None:
    app = open_page("trace", lang="en", issue=traced.issue.id)
    assert EN.text("workshop.field.exception") not in [t.label for t in app.text_input]
    field(app, "text_input", "cause").set_value("计费规则")
    field(app, "selectbox", "cause_type").set_value("business_rule")
    button(app, "save.diagnosed").click().run()
    assert not app.error and store.issue(ME, traced.issue.id).state is IssueState.DIAGNOSED


@BOTH
def test_what_no_data_show_is_marked_everywhere(
    words: Catalogue, open_page: OpenPage, store: Store, traced: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = "录音 *47* 里客户哭了"
    heard = store.create_issue(ME, "一通录音", basis=Basis.RECORDING, basis_reason=reason)
    mark = words.text("trace_page.not_shown")
    made: list[Any] = []
    real, asked = issue_rows.row_of, list[Any]()
    monkeypatch.setattr(issue_rows, "row_of", lambda *given: made.append(real(*given)) or made[-1])
    monkeypatch.setattr(history, "excel", lambda *given: asked.append(given))

    opened = open_page("trace", lang=words.language, issue=heard.id)
    assert mark in opened.markdown[0].value
    at_step(opened, "data_problem")
    (warning,) = opened.warning
    assert mark in warning.value and r"录音 \*47\* 里" in warning.value

    table = open_page("trace", lang=words.language).dataframe[0].value
    cells = table[words.text("form.column.problem")].tolist()
    assert [words.text("form.basis", reason="").strip() in cell and reason in cell for cell in cells] == [False, True]

    listed = open_page("workshop", lang=words.language)
    assert sum(mark in m.value for m in listed.markdown) == 1

    form = openpyxl.load_workbook(BytesIO(printed_form.workbook(made, words=words, title="x"))).worksheets[0]
    marked = [row[1].value for row in form.iter_rows(min_row=5, max_row=6)]
    assert [reason in cell for cell in marked] == [False, True]
    whole = openpyxl.load_workbook(BytesIO(history.workbook(*asked[0]))).worksheets[0]
    facts = {row[0].value: row[1].value for row in whole.iter_rows()}
    assert facts[words.text("workshop.field.basis")] == words.text("workshop.basis.recording")
    assert facts[words.text("workshop.field.basis_reason")] == reason


def test_a_row_that_data_do_not_show_needs_its_reason(open_page: OpenPage, store: Store, traced: Trace) -> None:
    before = store.issues(ME)
    app = open_page("trace", lang="zh-CN")
    app.text_input(key="issue.create.title").set_value("投诉 12 号")
    app.selectbox(key="issue.create.basis").set_value("complaint")
    button(app, "issue.create.save").click().run()
    blank = ZH.text("workshop.form.blank", field=ZH.text("workshop.field.basis_reason"))
    assert [e.value for e in app.error] == [blank] and store.issues(ME) == before
    app.text_area(key="issue.create.reason").set_value("同一客户投诉三次")
    button(app, "issue.create.save").click().run()
    made = [i for i in store.issues(ME) if i.title == "投诉 12 号"]
    assert [(i.basis, i.basis_reason) for i in made] == [(Basis.COMPLAINT, "同一客户投诉三次")]
    assert [t.value for t in app.title] == ["投诉 12 号"]


def test_where_the_selection_shows_nothing_only_a_reason_opens_a_row(open_page: OpenPage, store: Store) -> None:
    before = store.issues(ME)
    app = open_page("trace", lang="en", **{"from": "2027-03-01", "to": "2027-04-01"})
    app.text_input(key="issue.create.title").set_value("Too few to tell")
    button(app, "issue.create.save").click().run()
    assert [e.value for e in app.error] == [EN.text("selection.empty")] and store.issues(ME) == before
    app.selectbox(key="issue.create.basis").set_value("too_little")
    app.text_area(key="issue.create.reason").set_value("Two complaints a day")
    button(app, "issue.create.save").click().run()
    assert [t.value for t in app.title] == ["Too few to tell"] and not app.exception and not app.error
    (made,) = [i for i in store.issues(ME) if i.title == "Too few to tell"]
    assert (made.basis, made.origin) == (Basis.TOO_LITTLE, "")
